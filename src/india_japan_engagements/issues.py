"""The forms that GitHub shows in a browser, for those who write no YAML, and the text that GitHub makes of the answers.

They ask for the same columns as ``forms``, in the words of the same schemas; what was answered is read into the same
``Form`` and taken in by the same way. A question's id is its column, so that an address can fill it in beforehand
(``?template=correction.yml&table=…&row=…&column=…``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from .forms import CORRECTION, ITEM, SIZE, TEMPLATES, Cell, Entry, Form, Item
from .report import Problem
from .tableschema import Field, Schema

KINDS = ("correction", "engagement")
"""The forms there are; each lies in ``.github/ISSUE_TEMPLATE/``."""

SUFFIX = ".md"
"""How a file with the text of an issue ends."""

LISTS = {
    "participations": ("person_id", "office_id", "side", "capacity"),
    "agenda": ("topic_id", "treatment", "statement_en"),
    "agreements": ("title_en", "instrument", "signed_on"),
    "commitments": ("debtor", "action", "statement_en", "deadline"),
}
"""What hangs on an engagement is asked for a line a row, its parts in this order."""

_LEFT_OUT = ("engagement_id", "sequence", "review_status")
_NOTHING = ("", "_No response_", "None")
_SOURCE = "source_"

_ASKED = {
    "table": ("Table", "The table the wrong cell is in."),
    "row": ("Row", "The id of the row."),
    "column": ("Column", "The column of the cell."),
    "old": ("What it says", "The value as it is now; empty if the cell is empty."),
    "new": ("What it should say", "The value as it should be; empty if the cell should be empty."),
    "reason": ("Why", "Why the new value is right, in a sentence."),
    "version": ("Version", "The version of the record you saw it in."),
    "locator": ("Where on the page", "The paragraph or page that bears this out."),
    "states": ("What the page states", "The date, number or name as the page has it."),
}
"""The label and the meaning of what is no column of a table."""


@dataclass(frozen=True)
class Question:
    """One question of a form: a line, several lines or, where there are codes, a choice."""

    id: str
    label: str
    help: str
    required: bool = False
    codes: tuple[str, ...] = ()
    example: str = ""
    long: bool = False


def questions(kind: str, schemas: Mapping[str, Schema]) -> list[Question]:
    """Return what a form asks, in order."""
    source = [_question(field, _SOURCE, "Source: ") for field in schemas["sources"].fields[1:]]
    if kind == "correction":
        return [*_correction(schemas), *source, _of("locator"), _of("states")]
    return [*_engagement(schemas), *source, _of("locator")]


def _correction(schemas: Mapping[str, Schema]) -> Iterator[Question]:
    yield _of("table", required=True, codes=tuple(schemas))
    for name in ("row", "column", "old", "new"):
        yield _of(name, required=name in ("row", "column"))
    yield _of("reason", required=True, long=True)
    yield _of("version")


def _engagement(schemas: Mapping[str, Schema]) -> Iterator[Question]:
    fields = [field for field in schemas["engagements"].fields if field.name not in _LEFT_OUT]
    yield from (_question(field) for field in sorted(fields, key=lambda field: not field.required))
    for table, columns in LISTS.items():
        parts = [schemas[table][column] for column in columns]
        order = " | ".join(part.spec["title"] + ("" if part.required else " (if any)") for part in parts)
        codes = [
            f"- {part.spec['title']}: {', '.join(f'`{code}`' for code in part.enum)}" for part in parts if part.enum
        ]
        text = "\n".join([f"{schemas[table].description} A line each: {order}", *codes])
        example = " | ".join(str(part.spec.get("example", "")) for part in parts)
        yield Question(table, schemas[table].title, text, example=example, long=True)


def _of(name: str, required: bool = False, codes: tuple[str, ...] = (), long: bool = False) -> Question:
    return Question(name, *_ASKED[name], required=required, codes=codes, long=long)


def _question(field: Field, prefix: str = "", before: str = "") -> Question:
    categories = [f"- `{each['value']}`: {each['definition']}" for each in field.spec.get("categories", [])]
    return Question(
        prefix + field.name,
        before + field.spec["title"],
        "\n".join([field.spec["description"], *categories]),
        required=field.required,
        codes=tuple(field.enum or ()),
        example=str(field.spec.get("example", "")),
        long=field.name in ("summary_en", "note"),
    )


def template(kind: str, schemas: Mapping[str, Schema]) -> str:
    """Return the YAML that GitHub makes a form of."""
    intro = (
        f"{TEMPLATES[kind]} Only what a page says that you have read counts; leave empty what it does not say. "
        "Persons, offices, places, topics and mechanisms may be named by id or by any name they have."
    )
    body: list[dict[str, Any]] = [{"type": "markdown", "attributes": {"value": intro}}]
    for asked in questions(kind, schemas):
        attributes: dict[str, Any] = {"label": asked.label, "description": asked.help}
        if asked.codes:
            attributes["options"] = [*asked.codes]
        elif asked.example:
            attributes["placeholder"] = asked.example
        element = "dropdown" if asked.codes else "textarea" if asked.long else "input"
        body.append(
            {"type": element, "id": asked.id, "attributes": attributes, "validations": {"required": asked.required}}
        )
    form = {
        "name": kind.capitalize(),
        "description": TEMPLATES[kind],
        "title": f"{kind.capitalize()}: ",
        "labels": [kind],
        "body": body,
    }
    text: str = yaml.safe_dump(form, allow_unicode=True, sort_keys=False, width=110)
    return f"# Generated from schemas/ by scripts/build.py.\n{text}"


def read(path: str, schemas: Mapping[str, Schema]) -> Form:
    """Read the text of an issue; what is wrong with its shape is a problem with its line, never an exception."""
    form = Form(path)

    def wrong(line: int, message: str, fix: str, code: str = "E032") -> None:
        form.problems.append(Problem(path, line, "", code, "", "", message, fix))

    with open(path, "rb") as file:
        raw = file.read(SIZE + 1)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong(1, f"byte {error.start} is not UTF-8", "save the text as UTF-8", "E031")
        return form
    if len(raw) > SIZE:
        wrong(1, f"the form is larger than {SIZE >> 20} MB", "shorten it", "E031")
        return form
    labels = {kind: {asked.label: asked for asked in questions(kind, schemas)} for kind in KINDS}
    lines = text.replace("\r\n", "\n").split("\n")
    headings = {line.removeprefix("### ").strip() for line in lines if line.startswith("### ")}
    kind = max(KINDS, key=lambda kind: len(headings & {*labels[kind]}))
    if not headings & {*labels[kind]}:
        wrong(1, "this is not the text of an issue form", "copy all of the issue, with its headings")
        return form
    answers: dict[str, list[Cell]] = {}
    current: list[Cell] = []
    for number, line in enumerate(lines, 1):
        label = line.removeprefix("### ").strip()
        if line.startswith("### ") and label in labels[kind]:
            asked = labels[kind][label]
            if asked.id in answers:
                wrong(number, f"the heading {label!r} stands there twice", "keep one of the two")
            current = answers.setdefault(asked.id, [])
        elif line.strip() not in _NOTHING:
            current.append(Cell(line.strip(), number))
    _fill(form, kind, answers, schemas, wrong)
    return form


def _fill(form: Form, kind: str, answers: Mapping[str, list[Cell]], schemas: Mapping[str, Schema], wrong: Any) -> None:
    """Make of the answers what a form in YAML is read into."""

    def cells(ids: Mapping[str, str]) -> dict[str, Cell]:
        """Return the answers to some questions as cells of the columns they are for, each on one line."""
        found = {column: answers.get(asked, []) for asked, column in ids.items()}
        return {
            column: Cell(" ".join(line.text for line in lines), lines[0].line)
            for column, lines in found.items()
            if lines
        }

    def item() -> Item:
        """Return the item of evidence that the form is: its one source bears all of it out."""
        said = cells({"locator": ITEM["locator"], "states": ITEM["states"]})
        return Item("*", {ITEM["source"]: Cell("issue", first)} | said, first)

    columns = schemas["sources"].names[1:]
    source = cells({_SOURCE + column: column for column in columns})
    first = min((cell.line for cell in source.values()), default=1)
    form.sources["issue"] = Entry("sources", form.file, first, source)
    if kind == "correction":
        entry = Entry("corrections", form.file, 1, cells({name: name for name in CORRECTION}))
        entry.evidence.append(item())
        form.corrections.append(entry)
        return
    entry = Entry("engagements", form.file, 1, cells({name: name for name in schemas["engagements"].names}))
    entry.evidence.append(item())
    for table, order in LISTS.items():
        for line in answers.get(table, []):
            parts = [part.strip() for part in re.sub(r"^[-*] ", "", line.text).split("|")]
            if len(parts) > len(order):
                wrong(line.line, f"the line has {len(parts)} parts, {table} {len(order)}", f"write {' | '.join(order)}")
                continue
            row = {column: Cell(part, line.line) for column, part in zip(order, parts, strict=False) if part}
            entry.within.append(Entry(table, form.file, line.line, row, [item()]))
    form.entries.append(entry)


def is_issue(path: str) -> bool:
    """Whether the file holds the text of an issue, by its name."""
    return os.path.splitext(path)[1].lower() == SUFFIX

"""The form in which rows enter and leave: YAML in which everything stands where it belongs.

A form is a mapping. ``form`` is its version; ``sources`` gives each source a short key; every other key is a table
(``engagements``: a list of rows) or the singular of one (``engagement``: one row). A row is a mapping of columns to
values. Beside the columns it may hold

* ``evidence``: a list of items for the row as a whole, each with ``source``, ``locator``, ``stance``, ``states`` and
  ``note``;
* for a column, ``{value: …, evidence: […]}`` instead of the bare value: items for that cell;
* ``names``: a list of other names;
* rows of the tables that hang on it (``NESTED``), without the column that would name it.

``corrections`` change a cell: ``table``, ``row``, ``column``, ``old``, ``new``, ``reason`` and ``evidence``.

A number may be written as reports write it, with its currency (``sums``): ``amount: 3.5兆円`` is 3500000000000 in JPY.
"""

from __future__ import annotations

import csv
import os
import re
import textwrap
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from .report import Problem
from .sums import plain
from .tableschema import Schema

VERSION = "1"

NESTED = {
    "engagements": ("participations", "agenda", "agreements", "commitments"),
    "commitments": ("commitment_updates",),
    "people": ("tenures",),
}
"""The tables whose rows are written within a row of another."""

ITEM = {"source": "source_id", "locator": "locator", "stance": "stance", "states": "stated_value", "note": "note"}
"""The keys of an item of evidence, and the columns they fill."""

CURRENCY = {"amount": "currency", "converted_amount": "converted_currency"}
"""The columns of sums, and those of their currencies."""

CORRECTION = ("table", "row", "column", "old", "new", "reason", "evidence")

SIZE, DEPTH = 1 << 20, 50
"""How many bytes a form may have, and how deep it may nest: far more than any needs, and soon read."""

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes a value that stands in two places twice: a form has no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@dataclass
class Cell:
    """A value of a form and the line it stands on."""

    text: str
    line: int


@dataclass
class Item:
    """An item of evidence: its columns, the column of the row it bears on (``*``: the whole), and its line."""

    field: str
    cells: dict[str, Cell]
    line: int


@dataclass
class Entry:
    """One row of a form with all that is written within it."""

    table: str
    file: str
    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    evidence: list[Item] = field(default_factory=list)
    within: list[Entry] = field(default_factory=list)

    def text(self, column: str) -> str:
        """Return the value of a column, empty where the form gives none."""
        cell = self.cells.get(column)
        return cell.text if cell else ""

    def line_of(self, column: str) -> int:
        """Return the line of a column, or of the entry where the form does not give it."""
        cell = self.cells.get(column)
        return cell.line if cell else self.line

    def problem(self, code: str, column: str, message: str, fix: str, row_id: str = "") -> Problem:
        """Return a problem at the line of ``column``."""
        return Problem(self.file, self.line_of(column), column, code, row_id, self.text(column), message, fix)


@dataclass
class Form:
    """A form as read: its entries, its corrections, its sources by key, and what is wrong with its shape."""

    file: str
    entries: list[Entry] = field(default_factory=list)
    corrections: list[Entry] = field(default_factory=list)
    sources: dict[str, Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def singular(schema: Schema) -> str:
    """Return the name of one row of a table: its id column without ``_id``."""
    return schema.key.removesuffix("_id")


def read(path: str, schemas: Mapping[str, Schema]) -> Form:
    """Read a form; every fault of encoding, YAML and shape is a problem with its line, never an exception."""
    form = Form(path)
    try:
        with open(path, "rb") as file:
            raw = file.read(SIZE + 1)
        if len(raw) > SIZE:
            message, fix = f"the form is larger than {SIZE >> 20} MB", "split it; one batch takes many forms"
            form.problems.append(_problem(path, 1, "E031", message, fix))
            return form
        root = _root(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        form.problems.append(_problem(path, 1, "E031", f"byte {error.start} is not UTF-8", "save the form as UTF-8"))
        return form
    except (yaml.YAMLError, _Odd) as error:
        mark: Any = getattr(error, "problem_mark", None)
        message = f"the YAML is broken: {getattr(error, 'problem', None) or error}"
        fix = "mend the line; text with a colon and a space, or that begins with a sign, needs quotes"
        form.problems.append(_problem(path, mark.line + 1 if mark else 1, "E031", message, fix))
        return form
    if not isinstance(root, yaml.MappingNode):
        form.problems.append(_problem(path, 1, "E032", "the form is not a mapping", "begin with the line: form: 1"))
        return form
    _Reader(form, schemas).read(root)
    return form


class _Odd(Exception):
    """YAML that a form has no use for, and that costs more than it says."""


def _root(text: str) -> yaml.Node | None:
    """Compose the YAML, unless it holds what no form does.

    A few nested aliases can stand for gigabytes, deep nesting overflows the stack of the composer, which ends the
    process, and a key that is no word names nothing.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise _Odd(f"line {mark.line + 1} refers to an anchor; write the value out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH:
            raise _Odd(f"line {mark.line + 1} nests more than {DEPTH} deep")
    root = yaml.compose(text, Loader=_Loader)
    _refuse_odd_keys(root)
    return root


def _refuse_odd_keys(node: yaml.Node | None) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _Odd(f"line {key.start_mark.line + 1} has a list or mapping as a key")
            _refuse_odd_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_odd_keys(value)


def _problem(file: str, line: int, code: str, message: str, fix: str, value: str = "") -> Problem:
    return Problem(file, line, "", code, "", value, message, fix)


class _Reader:
    """Turns the YAML of one form into entries."""

    def __init__(self, form: Form, schemas: Mapping[str, Schema]) -> None:
        self.form, self.schemas = form, schemas
        self.blocks = {name: name for name in schemas} | {singular(schema): name for name, schema in schemas.items()}

    def wrong(self, node: yaml.Node, message: str, fix: str) -> None:
        self.form.problems.append(_problem(self.form.file, node.start_mark.line + 1, "E032", message, fix))

    def read(self, root: yaml.MappingNode) -> None:
        version = next((value for key, value in root.value if key.value == "form"), None)
        if getattr(version, "value", None) != VERSION:
            self.wrong(version or root, "this is not a form of version 1", "begin with: form: 1; see `ije new`")
        for key, node in root.value:
            name = key.value
            if name == "form":
                continue
            if name == "sources" and isinstance(node, yaml.MappingNode):
                for source, fields in node.value:
                    entry = self.source(fields)
                    if entry.cells:
                        self.form.sources[source.value] = entry
            elif name in ("correction", "corrections"):
                found = [self.correction(row) for row in self.rows(node)]
                self.form.corrections += [entry for entry in found if entry.cells]
            elif name in self.blocks:
                self.form.entries += self.filled(self.blocks[name], node)
            else:
                known = ", ".join(["sources", "corrections", *self.blocks])
                self.wrong(key, f"a form has no part {name!r}", f"use one of {known}")

    def rows(self, node: yaml.Node) -> Iterator[yaml.MappingNode]:
        if isinstance(node, yaml.ScalarNode) and not node.value:
            return
        for row in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if isinstance(row, yaml.MappingNode):
                yield row
            else:
                self.wrong(row, "a row is a mapping of columns to values", "write column: value lines below it")

    def filled(self, table: str, node: yaml.Node) -> list[Entry]:
        """Return the rows of a part that say anything: a blank of the template is not a row."""
        entries = [self.entry(table, row) for row in self.rows(node)]
        return [entry for entry in entries if entry.cells or entry.evidence or entry.within]

    def source(self, node: yaml.Node) -> Entry:
        if isinstance(node, yaml.ScalarNode):  # the id or address of a source that is there already
            column = "url" if node.value.startswith("http") else "source_id"
            cell = Cell(node.value, node.start_mark.line + 1)
            return Entry("sources", self.form.file, cell.line, {column: cell})
        return next((self.entry("sources", row) for row in self.rows(node)), Entry("sources", self.form.file, 1))

    def correction(self, node: yaml.MappingNode) -> Entry:
        entry = Entry("corrections", self.form.file, node.start_mark.line + 1)
        for key, value in node.value:
            if key.value == "evidence":
                entry.evidence += self.items(value, "*")
            elif key.value in CORRECTION:
                self.cell(entry, key.value, value)
            else:
                self.wrong(key, f"a correction has no {key.value!r}", f"it has {', '.join(CORRECTION)}")
        schema, column = self.schemas.get(entry.text("table")), entry.text("column")
        if schema and column in _numbers(schema):
            for cell in (entry.cells.get("old"), entry.cells.get("new")):
                self.number(column, cell)
            for item in entry.evidence:
                self.number(column, item.cells.get("stated_value"))
        return entry

    def entry(self, table: str, node: yaml.MappingNode) -> Entry:
        schema, entry = self.schemas[table], Entry(table, self.form.file, node.start_mark.line + 1)
        nested = NESTED.get(table, ())
        for key, value in node.value:
            name = key.value
            if name == "evidence":
                entry.evidence += self.items(value, "*")
            elif name == "names":
                entry.within += self.filled("names", value)
            elif name in nested:
                entry.within += self.filled(name, value)
            elif name in schema.names:
                self.cell(entry, name, value)
            else:
                known = ", ".join([*schema.names, "evidence", "names", *nested])
                self.wrong(key, f"a row of {table} has no {name!r}", f"it has {known}")
        for column in _numbers(schema):
            named = self.number(column, entry.cells.get(column))
            if named and column in CURRENCY:
                given = entry.cells.setdefault(CURRENCY[column], Cell(named, entry.line_of(column)))
                if given.text != named:
                    self.no_sum(given, CURRENCY[column], f"the {column} is in {named}, the {CURRENCY[column]} is not")
            for item in entry.evidence:
                if item.field == column:
                    self.number(column, item.cells.get("stated_value"))
        return entry

    def number(self, column: str, cell: Cell | None) -> str:
        """Put plain digits in the place of a number written in words; return the currency it names."""
        if cell is None:
            return ""
        try:
            cell.text, named = plain(cell.text)
        except ValueError as error:
            self.no_sum(cell, column, str(error))
            return ""
        return named

    def no_sum(self, cell: Cell, column: str, message: str) -> None:
        fix = (
            "write digits, or a number with thousand, million, billion, trillion, lakh, crore, 万, 億 or 兆, "
            "and one currency"
        )
        self.form.problems.append(Problem(self.form.file, cell.line, column, "E039", "", cell.text, message, fix))

    def cell(self, entry: Entry, column: str, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            parts = {key.value: value for key, value in node.value}
            if not {*parts} <= {"value", "evidence"}:
                self.wrong(
                    node, f"{column} is neither a value nor value and evidence", "write value: and evidence: below it"
                )
                return
            if "evidence" in parts:
                entry.evidence += self.items(parts["evidence"], column)
            if "value" not in parts:
                return
            node = parts["value"]
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, f"{column} holds a list", "one cell, one value: write a row for each")
        elif node.value:
            entry.cells[column] = Cell(node.value, node.start_mark.line + 1)

    def items(self, node: yaml.Node, column: str) -> Iterator[Item]:
        for row in self.rows(node):
            item = Item(column, {}, row.start_mark.line + 1)
            for key, value in row.value:
                if key.value == "evidence_id" or key.value in ITEM:
                    if isinstance(value, yaml.ScalarNode) and value.value:
                        item.cells[ITEM.get(key.value, key.value)] = Cell(value.value, value.start_mark.line + 1)
                else:
                    self.wrong(key, f"an item of evidence has no {key.value!r}", f"it has {', '.join(ITEM)}")
            if item.cells:
                yield item


def _numbers(schema: Schema) -> list[str]:
    """Return the columns whose number may be written in words: those of sums and quantities, not of coordinates."""
    return [field.name for field in schema.fields if field.name in (*CURRENCY, "quantity")]


def text_rows(folder: str, schema: Schema) -> dict[str, dict[str, str]]:
    """Return the rows of a table by id, every cell as the text it is in the file."""
    with open(os.path.join(folder, f"{schema.name}.csv"), encoding="utf-8", newline="") as file:
        return {row[schema.key]: row for row in csv.DictReader(file)}


def dump(form: Mapping[str, Any]) -> str:
    """Return a form as YAML: keys in the order given, short mappings on one line, any script as it is."""
    text: str = yaml.dump(
        {"form": 1, **form}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=110
    )
    return text


def slug(text: str, words: int = 8) -> str:
    """Return the first words of a text as an id: ASCII, lower case, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", ""))[:words])


def mint(table: str, row: Mapping[str, str], principals: Sequence[str] = ()) -> str:
    """Return the id a new row gets: a slug of its name, or its parts joined by full stops."""

    def get(*columns: str) -> Iterator[str]:
        return (row[column] for column in columns if row.get(column))

    def first(*columns: str) -> str:
        return next(get(*columns), "")

    if table == "engagements":
        who = [principal.split("-")[-1] for principal in principals[:2]]
        where = first("place_id") or {"telephone": "call", "video": "video-call"}.get(first("format"), first("kind"))
        return "-".join(filter(None, [*who, slug(where), first("start_date")[:4]]))
    if table == "participations":
        return f"{first('engagement_id')}.{first('person_id', 'office_id')}"
    if table == "agenda":
        about = [f"on-{part}" for part in get("mechanism_id", "agreement_id")]
        return ".".join([first("engagement_id"), *get("topic_id"), *about])
    if table == "tenures":
        return f"{first('person_id')}.{first('office_id')}.{first('start_date')[:4] or 'unknown'}"
    if table == "commitment_updates":
        return f"{first('commitment_id')}.{first('observed_on')}"
    if table == "names":
        return f"{first('row_id')}.{slug(first('name'), 12) or first('language')}"
    if table == "evidence":
        return ".".join(part for part in (first("row_id"), first("field"), first("source_id")) if part != "*")
    if table == "waivers":
        return f"{first('code').lower()}.{first('row_id')}"
    if table == "redirects":
        return f"{first('table_name')}.{first('old_id')}"
    if table == "sources":
        return "-".join(filter(None, (slug(first("publisher"), 3), slug(first("title"), 5), first("published_on")[:4])))
    return slug(first("title_en", "name_en", "label_en", "statement_en", "query"))


TEMPLATES = {
    "engagement": "An engagement with all that belongs to it.",
    "person": "A person, with the offices held.",
    "office": "A post or body.",
    "mechanism": "A series, framework, grouping, partnership, initiative or programme.",
    "place": "A country, region, city or site.",
    "host_event": "The outside event around which engagements were held.",
    "commitment_update": "What became of a commitment that is there already.",
    "evidence": "Further evidence for a row that is there already.",
    "correction": "The correction of one cell.",
}
"""What ``template`` can print, and what each is for."""


def template(kind: str, schemas: Mapping[str, Schema]) -> str:
    """Return an empty form with comments: what each column means, its codes, an example, and what is required.

    ``kind`` is one of ``TEMPLATES`` or a kind of engagement, which is then filled in.

    Raises:
        ValueError: there is no such form.
    """
    kinds = schemas["engagements"]["kind"].enum or []
    if kind in kinds:
        return template("engagement", schemas).replace("\n  kind:\n", f"\n  kind: {kind}\n", 1)
    if kind not in TEMPLATES:
        raise ValueError(f"there is no form for {kind!r}; there are {', '.join([*TEMPLATES, *kinds])}")
    lines = [
        f"# {TEMPLATES[kind]}",
        "# Fill in what a page you have read says; leave the rest empty or delete it. Persons, offices, places and the",
        "# like may be named by id or by any name they have. Text that holds a colon and a space needs quotes.",
        f"form: {VERSION}",
        "sources:",
        "  a:  # a key of your choice, to be named below; the id or address of a source that is there will do as well",
        *_blank(schemas["sources"], "    ", ("source_id",)),
    ]
    if kind == "correction":
        lines += ["correction:", *(f"  {key}:" for key in CORRECTION[:-1]), *_blank_evidence("  ")]
    else:
        table = next(name for name, schema in schemas.items() if singular(schema) == kind)
        lines += [f"{kind}:", *_blank_row(table, schemas, "  ", ())]
    return "\n".join(lines) + "\n"


def _blank_row(table: str, schemas: Mapping[str, Schema], indent: str, given: Sequence[str]) -> list[str]:
    lines = _blank(schemas[table], indent, given)
    if table not in ("evidence", "names"):
        lines += _blank_evidence(indent)
    for inner in NESTED.get(table, ()):
        column = next(column for column, target in schemas[inner].foreign_keys.items() if target == table)
        first, *rest = _blank_row(inner, schemas, indent + "    ", (column, schemas[inner].key))
        lines += [f"{indent}{inner}:  # a list; begin each with a hyphen", f"{indent}  -", first, *rest]
    return lines


def _blank(schema: Schema, indent: str, given: Sequence[str]) -> list[str]:
    lines = []
    for column in schema.fields:
        if column.name in given:
            continue
        required = "Required. " if column.required and column.name != schema.key else ""
        example = f" Example: {column.spec['example']}" if not column.enum else ""
        lines += _comment(f"{required}{column.spec['description']}{example}", indent)
        for code in column.spec.get("categories", []):
            lines += _comment(f"{code['value']}: {code['definition']}", f"{indent}  ")
        lines.append(f"{indent}{column.name}:")
    return lines


def _blank_evidence(indent: str) -> list[str]:
    return [
        *_comment("What bears the row out. For one cell write column: {value: …, evidence: [{source: a, …}]}.", indent),
        f"{indent}evidence:",
        f"{indent}  -",
        *(f"{indent}    {key}:" for key in ITEM),
    ]


def _comment(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, 110, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


class Writer:
    """Writes rows as forms: the inverse of reading and taking them in.

    ``tables`` maps each table to its rows as text, by id.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, Mapping[str, str]]], schemas: Mapping[str, Schema]) -> None:
        """Index what hangs on what."""
        self.tables, self.schemas = tables, schemas
        self.evidence: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
        for row in tables["evidence"].values():
            self.evidence[row["table_name"], row["row_id"]].append(row)
        self.within: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for outer, inners in NESTED.items():
            for inner in inners:
                column = self.parent(outer, inner)
                for key, row in tables[inner].items():
                    self.within[outer, row[column], inner].append(key)
        for key, row in tables["names"].items():
            self.within[row["table_name"], row["row_id"], "names"].append(key)

    def parent(self, table: str, inner: str) -> str:
        """Return the column by which a row of ``inner`` names the row of ``table`` it is written in."""
        return next(column for column, target in self.schemas[inner].foreign_keys.items() if target == table)

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield, for every row that is not written within another, its id and its form."""
        outer = {inner: table for table, inners in NESTED.items() for inner in inners}
        for table, rows in self.tables.items():
            # Sources and evidence stand within the rows they bear out.
            if table not in ("sources", "evidence", "names"):
                for key, row in rows.items():
                    if table not in outer or not row[self.parent(outer[table], table)]:
                        yield key, self.form(table, key)

    def form(self, table: str, key: str) -> str:
        """Return the form of one row with all that is within it."""
        used: dict[str, str] = {}
        row = self._row(table, key, (), used)
        sources = {short: self._source(source) for source, short in used.items()}
        return dump(({"sources": sources} if sources else {}) | {singular(self.schemas[table]): row})

    def _source(self, key: str) -> dict[str, str]:
        return {column: text for column, text in self.tables["sources"][key].items() if text}

    def _row(self, table: str, key: str, given: Sequence[str], used: dict[str, str]) -> dict[str, Any]:
        schema, row = self.schemas[table], self.tables[table][key]
        cells: dict[str, Any] = {column: row[column] for column in schema.names if row[column] and column not in given}
        if given and mint(table, row) == key:
            del cells[schema.key]
        minted: set[str] = set()
        for item in self.evidence[table, key]:
            written = self._item(item, used, minted)
            if item["field"] == "*":
                cells.setdefault("evidence", []).append(written)
                continue
            cell = cells.get(item["field"])
            if not isinstance(cell, dict):
                cell = cells[item["field"]] = ({"value": cell} if cell else {}) | {"evidence": []}
            cell["evidence"].append(written)
        if rows := self.within[table, key, "names"]:
            cells["names"] = [self._row("names", name, ("table_name", "row_id"), used) for name in rows]
        for inner in NESTED.get(table, ()):
            if rows := self.within[table, key, inner]:
                cells[inner] = [self._row(inner, part, (self.parent(table, inner),), used) for part in rows]
        return cells

    def _item(self, row: Mapping[str, str], used: dict[str, str], minted: set[str]) -> dict[str, str]:
        short = used.setdefault(row["source_id"], f"s{len(used) + 1}")
        written = {"source": short} | {
            key: row[column] for key, column in ITEM.items() if row[column] and key != "source"
        }
        if row["stance"] == "supports":
            del written["stance"]
        base = mint("evidence", row)
        likely = base if base not in minted else f"{base}.{row['stance']}"
        minted.add(likely)
        if likely != row["evidence_id"]:
            written["evidence_id"] = row["evidence_id"]
        return written

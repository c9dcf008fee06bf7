"""How a value is said on a page: names for codes and ids, dates as people write them, the language of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from india_japan_engagements._names import TableName, ViewName
from india_japan_engagements.lookup import LABELS, Row, Tables
from india_japan_engagements.package import metadata
from india_japan_engagements.records import Claim
from india_japan_engagements.tableschema import PARTIAL_DATE, Field

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Table = TableName | ViewName

LANGUAGES = ("ja", "hi")
"""The languages, beside English, in which the record has columns of names."""

RIGHT_TO_LEFT = ("ar", "ur", "fa")

_SCRIPTS = re.compile(
    r"(?P<ja>[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"(?:[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]*[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])?)"
    r"|(?P<hi>[\u0900-\u097f](?:[\u0900-\u097f\u200c\u200d ]*[\u0900-\u097f])?)"
)
_COUNTRY = "^[A-Z]{3}$"
_UNITS = {"amount": "currency", "quantity": "unit", "converted_amount": "converted_currency"}
"""A number and the column that says what it is a number of; the two are one fact."""


class Bearing(NamedTuple):
    """One source bearing on one claim, as it stands beside the claim."""

    source_id: str
    label: str
    field: str
    locator: str
    stance: str
    stated: str
    note: str


class Cell(NamedTuple):
    """One cell of a row as a page shows it: what it is called, what it says, and where it leads.

    ``defined`` is where the codebook says what the column means; ``native`` are the names in other languages of what
    it leads to.
    """

    name: str
    title: str
    text: str
    href: str = ""
    language: str = ""
    defined: str = ""
    bearings: tuple[Bearing, ...] = ()
    native: tuple[tuple[str, str], ...] = ()


class Wording:
    """Says the rows of ``tables`` in words."""

    def __init__(self, tables: Tables) -> None:
        """Learn the names of the countries and the version from the record itself."""
        self.tables = tables
        self.about = metadata()
        self.countries: dict[str, str] = {
            row["country"]: row["name_en"] for row in tables["places"] if row["type"] == "country"
        }
        self._bearings: dict[str, Bearing] = {}
        self._codes: dict[tuple[str, str], dict[str, Row]] = {}

    def code(self, table: Table, column: str, value: Any) -> str:
        """Return the label of a code."""
        label: str | None = self.codes(table, column).get(str(value), {}).get("label")
        return label or plain(value)

    def codes(self, table: Table, column: str) -> dict[str, Row]:
        """Return what the schema says of each code of a column; a column may borrow its codes from another."""
        if (table, column) not in self._codes:
            field = self.tables.schema(table)[column]
            borrowed: Any = field.spec.get("codes", "").split(".")
            self._codes[table, column] = (
                self.codes(*borrowed)
                if len(borrowed) == 2
                else {category["value"]: category for category in field.spec.get("categories", [])}
            )
        return self._codes[table, column]

    def country(self, code: str) -> str:
        """Return the name of a country, or its code where the record has no place of it."""
        return self.countries.get(code, code)

    def label(self, table: TableName, row_id: str) -> str:
        """Return the name of a row that has a page."""
        return self.tables.label(table, row_id)

    def text(self, table: Table, field: Field, value: Any) -> str:
        """Return a value of a column, or what a source states of it, in words."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        target: Any = self.tables.schema(table).foreign_keys.get(field.name)
        if target in LABELS and value in self.tables.by_id(target):
            return self.label(target, value)
        if field.spec.get("codes") or (field.enum and value in field.enum):
            return self.code(table, field.name, value)
        if field.pattern == _COUNTRY:
            return self.country(value)
        if (field.partial_date or field.type == "date") and re.fullmatch(PARTIAL_DATE, str(value)):
            return day(str(value))
        if field.type in ("integer", "number") and isinstance(value, (int, float)):
            return number(value) + (" minutes" if field.name.endswith("_minutes") else "")
        return str(value)

    def cells(
        self, table: Table, row: Row, omit: Iterable[str] = (), claims: Iterable[Claim] = (), only: Iterable[str] = ()
    ) -> list[Cell]:
        """Return the filled cells of a row in the order of its schema, each with the sources that bear on it alone.

        Args:
            table: whose row it is.
            row: the row.
            omit: columns that the page shows elsewhere.
            claims: the sources of the row.
            only: show no other columns than these.
        """
        schema = self.tables.schema(table)
        hidden = {*omit} | {unit for counted, unit in _UNITS.items() if counted in schema.names}
        found = []
        for field in schema.fields:
            if (only and field.name not in only) or (value := row[field.name]) is None or field.name in hidden:
                continue
            target: Any = schema.foreign_keys.get(field.name)
            text = self.text(table, field, value)
            if unit := row.get(_UNITS.get(field.name, "")):
                text = f"{text} {unit}{rounded(value)}"
            found.append(
                Cell(
                    field.name,
                    field.spec["title"],
                    text,
                    page(target, value) if target in LABELS else address(value),
                    _language(field.name, row),
                    f"codebook/{table}.html#{field.name}",
                    tuple(self.bearing(claim) for claim in claims if claim.evidence["field"] == field.name),
                )
            )
        return found

    def bearing(self, claim: Claim) -> Bearing:
        """Return how a source stands beside what it bears on."""
        evidence, source = claim
        if found := self._bearings.get(evidence["evidence_id"]):
            return found
        table, column = evidence["table_name"], evidence["field"]
        stated = evidence["stated_value"] or ""
        field = None if column == "*" else self.tables.schema(table)[column]
        dated = f", {day(source['published_on'])}" if source["published_on"] else ""
        found = self._bearings[evidence["evidence_id"]] = Bearing(
            source["source_id"],
            source["publisher"] + dated,
            field.spec["title"] if field else "",
            evidence["locator"] or "",
            evidence["stance"],
            self.text(table, field, _parsed(field, stated)) if field and stated else self._named(table, stated),
            evidence["note"] or "",
        )
        return found

    def _named(self, table: TableName, stated: str) -> str:
        """Return the name of what a source puts in place of something a row refers to, where it is given by its id."""
        targets: list[Any] = [target for target in self.tables.schema(table).foreign_keys.values() if target in LABELS]
        return next((self.label(target, stated) for target in targets if stated in self.tables.by_id(target)), stated)

    def native(self, table: TableName, row: Row) -> list[tuple[str, str]]:
        """Return the language and text of a row's names in other languages than English."""
        stem = LABELS[table].removesuffix("_en")
        return [(tongue, row[name]) for tongue in LANGUAGES if row.get(name := f"{stem}_{tongue}")]

    def report(self, table: str, row_id: str) -> str:
        """Return the address at which an error in a row is reported, with what is known already filled in.

        It is the form "Correction" of the repository that metadata.toml names, or else a letter without addressee.
        """
        version = self.about["version"]
        if repository := self.about["addresses"]["repository"]:
            known = {"template": "correction.yml", "title": f"Correction of {row_id}"}
            answers = {"table": table, "row": row_id, "version": version}
            return f"{repository}/issues/new?{urlencode(known | answers)}"
        body = (
            f"Version: {version}\nTable: {table}\nRow: {row_id}\n"
            "Column: \nIt says: \nIt should say: \nThe page that says so: \n"
        )
        return f"mailto:?subject={quote(f'Error in {row_id}')}&body={quote(body)}"


def page(table: str, row_id: str) -> str:
    """Return where the page of a row lies, seen from the root of the site."""
    return f"{table}/{row_id}.html"


def address(value: Any) -> str:
    """Return a value that is an address of the web; else nothing, so that no other scheme becomes a link."""
    return value if isinstance(value, str) and re.match(r"https?://[^\s]+$", value) else ""


def plain(code: Any) -> str:
    """Return a code without a label as words."""
    return str(code).replace("_", " ")


def number(value: float) -> str:
    """Return a number with its thousands parted and no zeros to spare."""
    return f"{value:,.15g}"


def rounded(value: float) -> str:
    """Return a large round number in words, in brackets: nobody counts zeros."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size and len(said := number(value / size)) < 7:
            return f" ({said} {name})"
    return ""


def day(text: str) -> str:
    """Return a date known to the day, month or year as people write it: ``29 Aug 2025``, ``Aug 2025``, ``2025``."""
    year, month, day = (*text.split("-"), "", "")[:3]
    return " ".join(filter(None, (day.lstrip("0"), MONTHS[int(month) - 1] if month else "", year)))


def span(start: str | None, end: str | None) -> str:
    """Return start and end as briefly as they can be said: ``29–30 Aug 2025``, ``30 Aug – 2 Sep 2025``."""
    if not start:
        return "no date"
    if not end or end == start:
        return day(start)
    if start[:7] == end[:7] and len(start) == len(end) == 10:
        return f"{int(start[8:])}–{day(end)}"
    if start[:4] == end[:4] and len(start) > 4 and len(end) > 4:
        return f"{day(start).removesuffix(start[:4]).strip()} – {day(end)}"
    return f"{day(start)} – {day(end)}"


def say(text: Any, language: str = "") -> Markup:
    """Return a text as HTML: ids between backticks as code, and its language marked.

    The language is the one given, else that of each run of another script. A title in square brackets was supplied, in
    English unless its letters show otherwise, whatever the language of its page.
    """
    supplied = isinstance(text, str) and text.startswith("[") and text.isascii()
    if language and language != "en" and not supplied:
        direction = Markup(' dir="rtl"') if language in RIGHT_TO_LEFT else ""
        return Markup('<span lang="{}"{}>{}</span>').format(language, direction, text)
    said = re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    if said.isascii():
        return Markup(said)
    return Markup(_SCRIPTS.sub(lambda run: f'<span lang="{run.lastgroup}">{run[0]}</span>', said))


def _parsed(field: Field, stated: str) -> Any:
    """Return what a source states as a value of its column, or as it is, where it is none."""
    try:
        return field.parse(stated)
    except ValueError:
        return stated


def _language(column: str, row: Row) -> str:
    """Return the language of a cell, where its column or row says it."""
    tongue = column.rpartition("_")[2]
    if tongue in LANGUAGES:
        return tongue
    return row.get("language") or "" if column in ("title", "name") else ""

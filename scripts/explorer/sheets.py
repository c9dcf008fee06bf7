"""What one page shows: a row, everything that hangs on it, and each claim with the sources that bear on it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from india_japan_engagements._names import TableName
from india_japan_engagements.lookup import LABELS, NOUNS, Row, Tables
from india_japan_engagements.pages import HEADINGS
from india_japan_engagements.queries import Series, commitments, series_of
from india_japan_engagements.records import Claim, Engagement, Record, engagement_of, record_of

from .wording import LANGUAGES, Bearing, Cell, Wording, page, span

BRIEF: dict[str, tuple[str, ...]] = {
    "engagements": ("kind", "format", "status", "place_id"),
    "people": ("country",),
    "offices": ("level",),
    "mechanisms": ("type", "status"),
    "host_events": ("place_id",),
    "places": ("type",),
    "agreements": ("instrument",),
    "commitments": ("debtor", "deadline"),
    "sources": ("publisher", "kind"),
}
"""What a list says of a row that has a page of its own, beside its name; the rest is on that page."""

UNREMARKABLE = {("format", "in_person"), ("status", "held"), ("setting", "bilateral"), ("capacity", "principal")}
"""Codes that a list leaves unsaid, being what one expects."""

SPEAKING = {
    "kind", "format", "status", "setting", "treatment", "capacity", "presence", "instrument", "action", "type", "level",
    "publisher", "place_id",
}  # fmt: skip
"""Columns whose values need no title beside them to be understood; any other column is named."""


class Entry(NamedTuple):
    """A row of another table as one item of a list: when, what it leads to, what it says, and who says so."""

    row_id: str
    anchor: bool
    when: str
    links: list[Cell]
    texts: list[Cell]
    facts: list[Cell]
    bearings: list[Bearing]


class Dispute(NamedTuple):
    """One cell of which sources say different things: what the record has and whence, and what is said against it."""

    row: str
    column: str
    ours: str
    supporting: list[Bearing]
    against: list[Bearing]


class Sheet(NamedTuple):
    """One page of one row: ``who`` took part, by side; ``sections`` are the other rows that hang on it."""

    table: str
    noun: str
    row: Row
    title: str
    native: list[tuple[str, str]]
    also: list[tuple[Row, list[Bearing]]]
    facts: list[Cell]
    bearings: list[Bearing]
    who: list[tuple[str, list[Entry]]]
    sections: list[tuple[str, list[Entry]]]
    disputes: list[Dispute]
    sources: list[tuple[Row, list[tuple[str, Bearing]]]]
    updates: dict[str, list[Entry]]
    neighbours: tuple[Row | None, Row | None]
    series: Series | None


class Sheets:
    """Makes the sheets of all rows, from tables read once."""

    def __init__(self, tables: Tables) -> None:
        """Gather what many sheets share."""
        self.tables = tables
        self.words = Wording(tables)
        self.series = {key: series_of(tables, row) for key, row in tables.by_id("mechanisms").items()}
        self.tracked = {row["commitment_id"]: row for row in commitments()}

    def state(self, commitment_id: str) -> str:
        """Return whether a commitment is open, overdue or closed."""
        row = self.tracked[commitment_id]
        return "overdue" if row["overdue"] else "open" if row["open"] else "closed"

    def sheet(self, table: TableName, row: Row) -> Sheet:
        """Return the sheet of a row of any table whose rows have pages."""
        if table == "engagements":
            return self._engagement(engagement_of(self.tables, row))
        return self._record(record_of(self.tables, table, row))

    def _engagement(self, found: Engagement) -> Sheet:
        row, key = found.row, found.row["engagement_id"]
        hanging: list[tuple[str, TableName, list[Row]]] = [
            ("Agenda", "agenda", found.agenda),
            ("Agreements signed or issued", "agreements", found.agreements),
            ("Commitments made here", "commitments", [commitment.row for commitment in found.commitments]),
            ("Parts of it", "engagements", found.parts),
        ]
        sections = [
            (title, [self.entry(table, each, found.claims, {"engagement_id"}, anchor=True) for each in rows])
            for title, table, rows in hanging
        ]
        sides: dict[str, list[Row]] = {}
        for part in found.participations:
            sides.setdefault(part["side"], []).append(part)
        order = sorted(sides, key=lambda side: (side not in ("IND", "JPN"), side))
        people = [
            (
                self.words.country(side),
                [
                    self.entry("participations", each, found.claims, {"engagement_id", "side"}, True)
                    for each in sides[side]
                ],
            )
            for side in order
        ]
        updates = {
            commitment.row["commitment_id"]: [
                self.entry("commitment_updates", update, found.claims, {"commitment_id"}, anchor=False)
                for update in commitment.updates
            ]
            for commitment in found.commitments
        }
        derived = self.words.cells("timeline", self.tables.by_id("timeline")[key], only=("level", "tier"))
        claims = found.claims.get(key, [])
        return Sheet(
            "engagements",
            "engagement",
            row,
            row["title_en"],
            self.words.native("engagements", row),
            [],
            self.words.cells("engagements", row, self._head("engagements") | {"summary_en"}, claims) + derived,
            self._bearings(claims),
            people,
            sections,
            self._disputes(found.claims),
            self._sources(found.sources, found.claims),
            updates,
            self._neighbours(row),
            None,
        )

    def _record(self, found: Record) -> Sheet:
        table, row = found.table, found.row
        key = row[next(iter(row))]
        claims = found.claims.get(key, [])
        sections: list[tuple[str, list[Entry]]] = []
        for (name, column), rows in found.related.items():
            if name == "evidence":
                continue
            title = HEADINGS.get((name, column), self.tables.schema(name).title)
            anchor = (name, column) in (("tenures", "person_id"), ("commitment_updates", "commitment_id"))
            if table == "topics":  # where a matter stands is asked more often than how it began
                rows = rows[::-1]
            sections.append(
                (
                    title,
                    [self.entry(name, each, found.claims, {column}, anchor, found.dates) for each in rows],
                )
            )
        # What was promised and signed on a topic is sought more often than each time it was spoken of, and is shorter.
        spoken = HEADINGS["agenda", "topic_id"]
        sections.sort(key=lambda section: table == "topics" and section[0] == spoken)
        borne = found.related.get(("evidence", "source_id"), [])
        if borne:
            sections = [("Bears on", self._borne(row, borne, found.dates)), *sections]
        return Sheet(
            table,
            NOUNS[table],
            row,
            row[LABELS[table]],
            self.words.native(table, row),
            [(name, self._bearings(found.claims.get(name["name_id"], []), all_fields=True)) for name in found.names],
            self.words.cells(table, row, self._head(table), claims),
            self._bearings(claims),
            [],
            sections,
            self._disputes(found.claims),
            self._sources(found.sources, found.claims),
            {},
            (None, None),
            self.series.get(key) if table == "mechanisms" else None,
        )

    def entry(
        self,
        table: TableName,
        row: Row,
        claims: dict[str, list[Claim]],
        origin: set[str],
        anchor: bool = False,
        dates: dict[str, str] | None = None,
    ) -> Entry:
        """Return a row as an item of a list on the page of what its ``origin`` columns refer to."""
        schema = self.tables.schema(table)
        key = row[schema.key]
        own = table in LABELS
        shown = self.words.cells(table, row, {schema.key, *origin}, only=BRIEF.get(table, ("",)) if own else ())
        shown = [cell for cell in shown if (cell.name, row[cell.name]) not in UNREMARKABLE]
        if own:
            native = tuple(self.words.native(table, row))
            name = row[LABELS[table]]
            links = [Cell(LABELS[table], "", name, page(table, key), row.get("language") or "", native=native)]
        else:
            links = [cell for cell in shown if cell.name in schema.foreign_keys and cell.href]
        rest = [cell for cell in shown if own or cell not in links]
        if table in ("participations", "tenures"):
            links = [self._named(cell, row) for cell in links]
        texts = [cell for cell in rest if cell.name.endswith("_en") or cell.name == "note"]
        if "start_date" in row:
            when = span(row["start_date"], row["end_date"])
            if table == "tenures":
                when = _spell(row)
            rest = [cell for cell in rest if cell.name not in ("start_date", "end_date", "ongoing")]
        else:
            when = span((dates or {}).get(key) or row.get("observed_on") or row.get("signed_on"), None)
            when = "" if when == "no date" else when
            rest = [cell for cell in rest if cell.name not in ("observed_on", "signed_on")]
        return Entry(
            key,
            anchor,
            when,
            links,
            texts,
            [cell for cell in rest if cell not in texts],
            self._bearings(claims.get(key, []), all_fields=True),
        )

    def _named(self, cell: Cell, row: Row) -> Cell:
        """Return the cell of a person or office with the names in other languages."""
        target: TableName = "people" if cell.name == "person_id" else "offices"
        if cell.name not in ("person_id", "office_id"):
            return cell
        return cell._replace(native=tuple(self.words.native(target, self.tables.by_id(target)[row[cell.name]])))

    def home(self, table: TableName, row_id: str) -> tuple[str, str]:
        """Return where a row is shown, and what it is called there."""
        row = self.tables.by_id(table)[row_id]
        if table in LABELS:
            return page(table, row_id), row[LABELS[table]]
        if table == "names":
            return self.home(row["table_name"], row["row_id"])
        shown_on: tuple[tuple[str, TableName], ...] = (
            ("engagement_id", "engagements"), ("commitment_id", "commitments"), ("person_id", "people"),
            ("mechanism_id", "mechanisms"),
        )  # fmt: skip
        for column, target in shown_on:
            if row.get(column) and not (table == "commitment_updates" and column == "engagement_id"):
                return f"{page(target, row[column])}#{row_id}", self.words.label(target, row[column])
        return "", row_id

    def about(self, table: TableName, row: Row) -> str:
        """Return in a few words which part of a page a row of a table without pages is."""
        links = [
            cell.text
            for cell in self.words.cells(table, row)
            if cell.href and cell.name not in ("engagement_id", "commitment_id", "place_id")
        ]
        return ", ".join(dict.fromkeys(links)) or self.tables.schema(table).title.lower()

    def _head(self, table: TableName) -> set[str]:
        """Return the columns that the head of a page shows: the id and the names in all languages."""
        stem = LABELS[table].removesuffix("_en")
        return {self.tables.schema(table).key, LABELS[table], *(f"{stem}_{language}" for language in LANGUAGES)}

    def _bearings(self, claims: Iterable[Claim], all_fields: bool = False) -> list[Bearing]:
        return [self.words.bearing(claim) for claim in claims if all_fields or claim.evidence["field"] == "*"]

    def _disputes(self, claims: dict[str, list[Claim]]) -> list[Dispute]:
        found = []
        for row_id, held in claims.items():
            by_field: dict[str, list[Claim]] = {}
            for claim in held:
                by_field.setdefault(claim.evidence["field"], []).append(claim)
            for column, some in by_field.items():
                against = [claim for claim in some if claim.evidence["stance"] == "contradicts"]
                if not against:
                    continue
                table = against[0].evidence["table_name"]
                row = self.tables.by_id(table)[row_id]
                schema = self.tables.schema(table)
                supporting = [claim for claim in some if claim not in against] or [
                    claim for claim in by_field.get("*", []) if claim.evidence["stance"] != "contradicts"
                ]
                if column == "*":
                    title, ours = "", self.about(table, row)
                else:
                    title = schema[column].spec["title"]
                    ours = "" if row[column] is None else self.words.text(table, schema[column], row[column])
                name = row[LABELS[table]] if table in LABELS else self.about(table, row)
                found.append(
                    Dispute(
                        name,
                        title,
                        ours,
                        [self.words.bearing(claim) for claim in supporting],
                        [self.words.bearing(claim) for claim in against],
                    )
                )
        return found

    def _sources(
        self, sources: list[Row], claims: dict[str, list[Claim]]
    ) -> list[tuple[Row, list[tuple[str, Bearing]]]]:
        """Return each source with the claims of this page that it bears on."""
        borne: dict[str, list[tuple[str, Bearing]]] = {source["source_id"]: [] for source in sources}
        for row_id, held in claims.items():
            for claim in held:
                table = claim.evidence["table_name"]
                row = self.tables.by_id(table)[row_id]
                name = row[LABELS[table]] if table in LABELS else self.about(table, row)
                borne[claim.source["source_id"]].append((name, self.words.bearing(claim)))
        return [(source, borne[source["source_id"]]) for source in sources]

    def _borne(self, source: Row, rows: list[Row], dates: dict[str, str]) -> list[Entry]:
        """Return what a source bears on: an entry a row of the record, with the cells it bears out."""

        def in_order(evidence: Row) -> tuple[str, Any, str]:
            return dates[evidence["evidence_id"]] or "9999", evidence["table_name"], evidence["row_id"]

        found = []
        for (when, table, row_id), some in groupby(sorted(rows, key=in_order), key=in_order):
            href, label = self.home(table, row_id)
            row = self.tables.by_id(table)[row_id]
            part = "" if table in LABELS else f"{self.tables.schema(table).title}: {self.about(table, row)}"
            found.append(
                Entry(
                    row_id,
                    False,
                    span(when if when != "9999" else None, None) if when != "9999" else "",
                    [Cell("", "", label, href)],
                    [Cell("", "", part)] if part else [],
                    [],
                    [self.words.bearing(Claim(each, source)) for each in some],
                )
            )
        return found

    def _neighbours(self, row: Row) -> tuple[Row | None, Row | None]:
        """Return the sessions held before and after this one in its series."""
        if not row["mechanism_id"]:
            return None, None
        held = [each for each in self.series[row["mechanism_id"]].sessions if each["status"] == "held"]
        keys = [each["engagement_id"] for each in held]
        if row["engagement_id"] in keys:
            at = keys.index(row["engagement_id"])
            return held[at - 1] if at else None, held[at + 1] if at + 1 < len(held) else None
        order = self.tables.order("timeline")
        earlier = [each for each in held if order[each["engagement_id"]] < order[row["engagement_id"]]]
        return (earlier[-1] if earlier else None), (held[len(earlier)] if len(earlier) < len(held) else None)


def _spell(tenure: Row) -> str:
    if tenure["ongoing"]:
        return f"since {span(tenure['start_date'], None) if tenure['start_date'] else '?'}"
    bounds = [span(tenure[key], None) if tenure[key] else "?" for key in ("start_date", "end_date")]
    return " – ".join(bounds)

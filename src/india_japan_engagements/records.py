"""One row with everything that hangs on it, gathered from the tables by the standard library alone."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from ._names import TABLES, TableName
from .lookup import LABELS, Row, Tables, resolve

_DATES: dict[TableName, str] = {
    "engagements": "start_date", "tenures": "start_date", "mechanisms": "established_on", "host_events": "start_date",
    "agreements": "signed_on", "commitment_updates": "observed_on", "sources": "published_on",
    "coverage": "period_start",
}  # fmt: skip
"""The column that says when a row happened; a row without one happened when its engagement did."""


class Claim(NamedTuple):
    """One source bearing on one claim: the evidence row and the source it names."""

    evidence: Row
    source: Row


class Commitment(NamedTuple):
    """A commitment and what became of it, oldest update first."""

    row: Row
    updates: list[Row]


class Engagement(NamedTuple):
    """An engagement, the rows that belong to it, and the labels of what they refer to.

    ``labels`` maps the id of every person, office, place, mechanism, host event, topic, agreement and engagement
    named in the rows to its name or title. ``claims`` maps the id of each row to the sources that bear on it.
    """

    row: Row
    participations: list[Row]
    agenda: list[Row]
    agreements: list[Row]
    commitments: list[Commitment]
    parts: list[Row]
    labels: dict[str, str]
    claims: dict[str, list[Claim]]

    @property
    def sources(self) -> list[Row]:
        """The sources of the engagement and of all its rows, each once, in order of id."""
        return _sources(self.claims)


class Record(NamedTuple):
    """A row of any table and what hangs on it.

    ``related`` maps a table and its column to the rows that refer to this one by it, in order of time; ``names`` are
    the rows of ``names``. ``dates`` maps the id of the row and of each related one to when it happened, ``labels``
    every id the rows refer to, to its name or title, and ``claims`` the id of each row to the sources that bear on it.
    Of a related row with a page of its own the claims are those of the row as a whole and of the column by which it
    refers here. ``chain`` has the records of the commitments that this one replaced or was replaced by, in order.
    """

    table: TableName
    row: Row
    names: list[Row]
    related: dict[tuple[TableName, str], list[Row]]
    dates: dict[str, str]
    labels: dict[str, str]
    claims: dict[str, list[Claim]]
    chain: tuple[Record, ...] = ()

    @property
    def sources(self) -> list[Row]:
        """The sources of the row, of all that hangs on it and of its chain, each once, in order of id."""
        found = {each["source_id"]: each for one in self.chain for each in one.sources}
        found |= {each["source_id"]: each for each in _sources(self.claims)}
        return [found[key] for key in sorted(found)]


def engagement(id: str) -> Engagement:
    """Return an engagement with its participants, agenda, agreements, commitments, parts and sources.

    ``id`` may also be its title, in any language.

    Raises:
        KeyError: there is no such engagement; the message names the nearest ids.
        ValueError: several engagements have this title; the message lists them.
    """
    tables = Tables()
    _, row = resolve(tables, id, "engagements")
    return engagement_of(tables, row)


def engagement_of(tables: Tables, row: Row) -> Engagement:
    """Return the engagement of ``row`` with everything that hangs on it; whoever asks for many shares ``tables``."""

    def of(table: TableName, column: str = "engagement_id", value: str = row["engagement_id"]) -> list[Row]:
        return [*tables.by(table, column).get(value, [])]

    commitments = [
        Commitment(
            found,
            sorted(
                of("commitment_updates", "commitment_id", found["commitment_id"]),
                key=lambda update: update["observed_on"],
            ),
        )
        for found in of("commitments")
    ]
    parts = of("engagements", "parent_id")
    parts.sort(key=lambda part: (part["start_date"] or "9999", part["sequence"] or 0, part["start_time"] or ""))
    hanging: dict[TableName, list[Row]] = {
        "engagements": [row],
        "participations": of("participations"),
        "agenda": of("agenda"),
        "agreements": of("agreements"),
        "commitments": [commitment.row for commitment in commitments],
        "commitment_updates": [update for commitment in commitments for update in commitment.updates],
    }
    return Engagement(
        row,
        hanging["participations"],
        hanging["agenda"],
        hanging["agreements"],
        commitments,
        parts,
        _labels(tables, hanging),
        _claims(tables, hanging),
    )


def person(id: str) -> Record:
    """Return a person with offices held and engagements taken part in; see ``record`` for ``id`` and errors."""
    return _record(id, "people")


def office(id: str) -> Record:
    """Return an office with its holders and what they took part in; see ``record`` for ``id`` and errors."""
    return _record(id, "offices")


def mechanism(id: str) -> Record:
    """Return a mechanism with its sessions, what it was invoked in and what lies below it; see ``record``."""
    return _record(id, "mechanisms")


def host_event(id: str) -> Record:
    """Return an outside event with the engagements around it; see ``record`` for ``id`` and errors."""
    return _record(id, "host_events")


def place(id: str) -> Record:
    """Return a place with what happened there and the places in it; see ``record`` for ``id`` and errors."""
    return _record(id, "places")


def topic(id: str) -> Record:
    """Return a topic with the agenda items, agreements and commitments on it; see ``record`` for ``id`` and errors."""
    return _record(id, "topics")


def agreement(id: str) -> Record:
    """Return an agreement with what refers to it; see ``record`` for ``id`` and errors."""
    return _record(id, "agreements")


def commitment(id: str) -> Record:
    """Return a commitment with its updates and its successor; see ``record`` for ``id`` and errors."""
    return _record(id, "commitments")


def source(id: str) -> Record:
    """Return a source with every claim it bears on; see ``record`` for ``id`` and errors."""
    return _record(id, "sources")


def record(id: str) -> Record | Engagement:
    """Return whatever row has this id, in any table, with what hangs on it.

    ``id`` may also be a retired id, or a name, title or alias in any language where it means one row.

    Raises:
        KeyError: there is no such row; the message names the nearest ids.
        ValueError: the name can mean several rows; the message lists them.
    """
    tables = Tables()
    table, row = resolve(tables, id)
    return engagement_of(tables, row) if table == "engagements" else _whole(tables, table, row)


def record_of(tables: Tables, table: TableName, row: Row) -> Record:
    """Return ``row`` of ``table`` with what hangs on it; whoever asks for many shares ``tables``."""
    row_id = row[next(iter(row))]
    related: dict[tuple[TableName, str], list[Row]] = {}
    dates = {row_id: _when(tables, table, row)}
    order = tables.order("timeline")

    def in_time(found: Row) -> tuple[str, int]:
        return dates[found[next(iter(found))]] or "9999", order.get(found.get("engagement_id") or "", len(order))

    for name in TABLES:
        if name == "codings":  # they tell how coders agree, nothing of the row
            continue
        for column, target in tables.schema(name).foreign_keys.items():
            rows = tables.by(name, column).get(row_id, []) if target == table else []
            if rows:
                dates |= {found[next(iter(found))]: _when(tables, name, found) for found in rows}
                related[name, column] = sorted(rows, key=in_time)
    names = tables.by("names", "table_name", "row_id").get((table, row_id), [])
    hanging: dict[TableName, list[Row]] = {table: [row]}
    for name, rows in (("names", names), *((name, rows) for (name, _), rows in related.items())):
        hanging[name] = hanging.get(name, []) + rows
    claims = _claims(tables, hanging)
    fields: dict[str, set[str]] = defaultdict(lambda: {"*"})
    for (name, column), rows in related.items():
        for found in rows if name in LABELS else ():
            fields[found[next(iter(found))]].add(column)
    for key, kept in fields.items():
        claims[key] = [claim for claim in claims.get(key, []) if claim.evidence["field"] in kept]
    # The page of a source lists its claims; that each of them rests on this source need not be said again.
    return Record(table, row, names, related, dates, _labels(tables, hanging), {} if table == "sources" else claims)


def _record(wanted: str, table: TableName) -> Record:
    tables = Tables()
    _, row = resolve(tables, wanted, table)
    return _whole(tables, table, row)


def _whole(tables: Tables, table: TableName, row: Row) -> Record:
    """Return the record of ``row``, a commitment's with its chain."""
    found = record_of(tables, table, row)
    if table == "commitments":
        rows = tables.by_id(table)
        others = [rows[each] for each in chain(tables, row["commitment_id"]) if each != row["commitment_id"]]
        found = found._replace(chain=tuple(record_of(tables, table, other) for other in others))
    return found


def chain(tables: Tables, commitment_id: str) -> list[str]:
    """Return the ids of the commitments that replace each other, this one among them, from the first to the last."""
    rows = tables.by_id("commitments")
    first, seen = commitment_id, {commitment_id}
    while (before := rows[first]["supersedes_id"]) and before not in seen:
        first = before
        seen.add(first)
    found, waiting = [], [first]
    while waiting:
        found.append(waiting.pop(0))
        after = tables.by("commitments", "supersedes_id").get(found[-1], [])
        waiting += [row["commitment_id"] for row in after if row["commitment_id"] not in found]
    return found


def _when(tables: Tables, table: TableName, row: Row) -> str:
    if table in _DATES:
        return row[_DATES[table]] or ""
    if row.get("engagement_id"):
        return tables.by_id("engagements")[row["engagement_id"]]["start_date"] or ""
    if table == "evidence" and row["table_name"] != "evidence":
        return _when(tables, row["table_name"], tables.by_id(row["table_name"])[row["row_id"]])
    return ""


def _labels(tables: Tables, hanging: dict[TableName, list[Row]]) -> dict[str, str]:
    """Return the label of every row that the rows refer to by any of their columns."""
    found = {}
    for table, rows in hanging.items():
        for column, target in tables.schema(table).foreign_keys.items():
            if target in LABELS:
                found.update({row[column]: tables.label(target, row[column]) for row in rows if row[column]})
    return found


def _claims(tables: Tables, hanging: dict[TableName, list[Row]]) -> dict[str, list[Claim]]:
    sources = tables.by_id("sources")
    borne_out = tables.bearing()
    claims: dict[str, list[Claim]] = {}
    for table, rows in hanging.items():
        for row_id in dict.fromkeys(row[next(iter(row))] for row in rows):
            if found := borne_out.get((table, row_id)):
                claims[row_id] = [Claim(evidence, sources[evidence["source_id"]]) for evidence in found]
    return claims


def _sources(claims: dict[str, list[Claim]]) -> list[Row]:
    found = {claim.source["source_id"]: claim.source for held in claims.values() for claim in held}
    return [found[key] for key in sorted(found)]

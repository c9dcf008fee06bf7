"""Questions to the whole record, answered by the standard library alone: find, between, series, commitments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from difflib import get_close_matches
from typing import NamedTuple

from ._names import TableName
from .lookup import Row, Tables, matching, resolve, searchable
from .package import metadata, schema
from .tableschema import PARTIAL_DATE

CLOSED = ("delivered", "abandoned", "superseded")
"""The latest statuses after which nothing is owed any more."""


class Answer(NamedTuple):
    """The engagements found, and for each word that was found nowhere the words it was taken for."""

    rows: list[Row]
    readings: dict[str, list[str]]


class Encounter(NamedTuple):
    """An engagement in which two persons took part: its row of ``timeline`` and each one's participation."""

    engagement: Row
    first: Row
    second: Row


class Gap(NamedTuple):
    """Ordinals of a series that no engagement of the record has, from ``first`` to ``last``."""

    first: int
    last: int


class Series(NamedTuple):
    """A mechanism's row, its sessions (rows of ``timeline``, in order of time) and the gaps in their numbers."""

    mechanism: Row
    sessions: list[Row]
    gaps: list[Gap]


def find(
    text: str | None = None,
    *,
    since: str | date | None = None,
    until: str | date | None = None,
    person: str | None = None,
    office: str | None = None,
    kind: str | Iterable[str] | None = None,
    format: str | Iterable[str] | None = None,
    level: str | Iterable[str] | None = None,
    mechanism: str | None = None,
    topic: str | None = None,
    place: str | None = None,
    status: str | Iterable[str] | None = None,
) -> list[Row]:
    """Return the rows of ``timeline`` that satisfy every condition, in order of time; the empty list if none does.

    Args:
        text: words that must all be found in the engagement, its agenda or the names of who and what belongs to it, in
            any script; a word that is found nowhere is taken for those it most resembles.
        since: first day, month or year (``2025-10-29``, ``2025-10``, ``2025``).
        until: last day, month or year. An engagement whose date is known only in part is found if it can fit.
        person: who took part, by id or name.
        office: in which office somebody took part, by id or name.
        kind: a code of ``engagements.kind``, or several.
        format: a code of ``engagements.format``, or several.
        level: a code of ``offices.level``, or several.
        mechanism: of which it was a session, or which it took up; by id or name.
        topic: what was taken up, by id or name; takes in the topics below it.
        place: where, by id or name; takes in the places within it.
        status: a code of ``engagements.status``, or several.

    Raises:
        KeyError: nobody and nothing has this name; the message names the nearest.
        ValueError: a name can mean several rows, a code or date is none.
    """
    return search(
        text, since=since, until=until, person=person, office=office, kind=kind, format=format, level=level,
        mechanism=mechanism, topic=topic, place=place, status=status,
    ).rows  # fmt: skip


def search(
    text: str | None = None,
    *,
    since: str | date | None = None,
    until: str | date | None = None,
    person: str | None = None,
    office: str | None = None,
    mechanism: str | None = None,
    topic: str | None = None,
    place: str | None = None,
    **codes: str | Iterable[str] | None,
) -> Answer:
    """Answer as ``find`` does, and say which words were taken for others."""
    tables = Tables()
    tests: list[Callable[[Row], bool]] = [_within_days(since, until)] if since or until else []
    for column, wanted in codes.items():
        if wanted:
            tests.append(_in(column, _codes("timeline", column, wanted)))
    for column, table, name in (("person_id", "people", person), ("office_id", "offices", office)):
        if name:
            row_id = _id(tables, name, table)  # type: ignore[arg-type]
            tests.append(_in("engagement_id", _engagements(tables, "participations", column, {row_id})))
    if mechanism:
        row_id = _id(tables, mechanism, "mechanisms")
        sessions = {row["engagement_id"] for row in tables["timeline"] if row["mechanism_id"] == row_id}
        tests.append(_in("engagement_id", sessions | _engagements(tables, "agenda", "mechanism_id", {row_id})))
    if topic:
        topics = tables.within("topics", _id(tables, topic, "topics"))
        tests.append(_in("engagement_id", _engagements(tables, "agenda", "topic_id", topics)))
    if place:
        tests.append(_in("place_id", tables.within("places", _id(tables, place, "places"))))
    readings: dict[str, list[str]] = {}
    if text:
        found = matching(text, searchable(tables))
        tests.append(_in("engagement_id", {*found.keys}))
        readings = found.readings
    return Answer([row for row in tables["timeline"] if all(test(row) for test in tests)], readings)


def between(first: str, second: str) -> list[Encounter]:
    """Return every engagement in which both persons took part, in order of time.

    Messages from one to the other count, as do engagements that were only planned; ``status`` says so.

    Raises:
        KeyError: there is no such person; the message names the nearest.
        ValueError: a name can mean several persons, or both mean one.
    """
    tables = Tables()
    one, other = (_id(tables, name, "people") for name in (first, second))
    if one == other:
        raise ValueError(f"{first!r} and {second!r} are one person, {one}; name two")
    parts: dict[str, dict[str, Row]] = {}
    for part in tables["participations"]:
        if part["person_id"] in (one, other):
            parts.setdefault(part["engagement_id"], {})[part["person_id"]] = part
    return [
        Encounter(row, parts[key][one], parts[key][other])
        for row in tables["timeline"]
        if len(parts.get(key := row["engagement_id"], ())) == 2
    ]


def series(mechanism: str) -> Series:
    """Return the sessions of a mechanism in order of time, and the gaps in their numbers.

    A gap is counted from the mechanism's first ordinal (from its first session in the record where that is unknown)
    to its last session in the record. Sessions that carry no number have their place by their date.

    Raises:
        KeyError: there is no such mechanism; the message names the nearest.
        ValueError: the name can mean several mechanisms.
    """
    tables = Tables()
    _, row = resolve(tables, mechanism, "mechanisms", loose=True)
    return series_of(tables, row)


def series_of(tables: Tables, row: Row) -> Series:
    """Return the series of the mechanism of ``row``; whoever asks for many shares ``tables``."""
    sessions = [*tables.by("timeline", "mechanism_id").get(row["mechanism_id"], [])]
    ordinals = sorted({found["ordinal"] for found in sessions if found["ordinal"] is not None})
    gaps = []
    if ordinals:
        expected = row["first_ordinal"] if row["first_ordinal"] is not None else ordinals[0]
        for ordinal in ordinals:
            if ordinal > expected:
                gaps.append(Gap(expected, ordinal - 1))
            expected = ordinal + 1
    return Series(row, sessions, gaps)


def commitments(
    *,
    open: bool = False,
    overdue: bool = False,
    debtor: str | Iterable[str] | None = None,
    topic: str | None = None,
) -> list[Row]:
    """Return the rows of ``commitment_tracker``, each with two more values, ``open`` and ``overdue``.

    A commitment is open unless its latest status is delivered, abandoned or superseded, and overdue if it is open and
    the whole of its deadline lies before the release date of this version.

    Args:
        open: those that are open.
        overdue: those that are overdue.
        debtor: a code of ``commitments.debtor``, or several; ``JPN`` does not take in ``both``.
        topic: by id or name; takes in the topics below it.

    Raises:
        KeyError: there is no such topic; the message names the nearest.
        ValueError: the name can mean several topics, or the code is none.
    """
    tables = Tables()
    released = metadata()["release_date"]
    debtors = _codes("commitment_tracker", "debtor", debtor) if debtor else None
    topics = tables.within("topics", _id(tables, topic, "topics")) if topic else None
    rows = []
    for row in tables["commitment_tracker"]:
        due = row["status"] not in CLOSED
        late = due and row["deadline"] is not None and days(row["deadline"])[1] < released
        if (
            (due or not open)
            and (late or not overdue)
            and (debtors is None or row["debtor"] in debtors)
            and (topics is None or row["topic_id"] in topics)
        ):
            rows.append({**row, "open": due, "overdue": late})
    return rows


def days(text: str) -> tuple[date, date]:
    """Return the first and the last day that a date known to the day, month or year can mean.

    Raises:
        ValueError: it is no such date.
    """
    try:
        if not re.fullmatch(PARTIAL_DATE, text):
            raise ValueError
        year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
        first = date(year, month or 1, day or 1)
        if day:
            return first, first
        following = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    except ValueError:
        raise ValueError(f"{text!r} is no date; write a day, month or year: 2025-10-29, 2025-10 or 2025") from None
    return first, following - timedelta(days=1)


def _within_days(since: str | date | None, until: str | date | None) -> Callable[[Row], bool]:
    first = days(str(since))[0] if since else date.min
    last = days(str(until))[1] if until else date.max
    if first > last:
        raise ValueError(f"{since} is after {until}; exchange the two dates")
    return lambda row: (
        row["start_date"] is not None and row["start_date_earliest"] <= last and row["end_date_latest"] >= first
    )


def _in(column: str, values: set[str]) -> Callable[[Row], bool]:
    return lambda row: row[column] in values


def _id(tables: Tables, wanted: str, table: TableName) -> str:
    _, row = resolve(tables, wanted, table, loose=True)
    row_id: str = row[next(iter(row))]
    return row_id


def _engagements(tables: Tables, table: TableName, column: str, values: set[str]) -> set[str]:
    return {row["engagement_id"] for row in tables[table] if row[column] in values}


def _codes(table: str, column: str, wanted: str | Iterable[str]) -> set[str]:
    known = schema(table)[column].enum or []  # type: ignore[arg-type]
    asked = [wanted] if isinstance(wanted, str) else list(wanted)
    for code in asked:
        if code not in known:
            near = get_close_matches(code, known, 3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"write one of {', '.join(known)}"
            raise ValueError(f"there is no {column} {code!r}; {hint}")
    return {*asked}

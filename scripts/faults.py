"""The kinds of fault that people and tools make in tables that are otherwise right.

Each yields every mutant the record allows; how many of them are judged is the business of ``mutate.py``. A fault counts
as contradicted only where something else in the package says otherwise, for which most kinds have to look.
"""

from __future__ import annotations

import csv
import io
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from india_japan_engagements import package
from mutants import Draft, Mutant, Record, Row, Rows, Spoil, fault, mistyped, parse, render

DATES = (
    "E101 E102 E103 E104 E107 E108 E201 E301 E303 E304 E402 E503 E706 E806 E1001 E1002 E1005 W1001 E1101 E1102 W101 W501 W701 W802"
    " W902 W1201"
)
"""Every rule that compares dates: which of them sees a wrong date depends on what else the record knows."""
SERIES = "E401 E402 E404 E806 W401 W402 W403"
FORM = "E009 E010 E011 E012 E013 E014 E015 E017 E018"
STATES = {"IND": "JPN", "JPN": "IND"}
EXCHANGES = ("talks", "dialogue", "call_on", "signing")
NEEDS_EVIDENCE = (
    "engagements", "participations", "tenures", "offices", "mechanisms", "agenda", "agreements", "commitments",
    "commitment_updates", "host_events",
)  # fmt: skip


def span(start: str, end: str = "") -> tuple[date, date]:
    """Return the first and the last day that dates can mean; without a start any day at all."""
    if not start and not end:
        return date.min, date.max
    first = date.fromisoformat((start + "-01-01"[len(start) - 4 :]) if start else "0001-01-01")
    until = end or start
    if len(until) == 10:
        return first, date.fromisoformat(until)
    year, month = int(until[:4]), int(until[5:7] or 12)
    return first, (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def lasted(row: Row) -> tuple[date, date]:
    """Return the first and the last day of an engagement or host event."""
    return span(row["start_date"], row["end_date"])


def apart(one: tuple[date, date], other: tuple[date, date], days: int = 0) -> bool:
    """Whether two spans lie more than some days from each other."""
    return one[0] - timedelta(days=0) > _later(other[1], days) or _later(one[1], days) < other[0]


def _later(day: date, days: int) -> date:
    return date.max if (date.max - day).days <= days else day + timedelta(days=days)


def astray(record: Record, key: str, row: Row) -> bool:
    """Whether an engagement of these dates leaves its parent, its children, its host event or somebody's term of office.

    That is what the record knows of the dates of an engagement beside what sources state of them.
    """
    there = lasted(row)
    engagements = record["engagements"]
    parent, host = engagements.get(row["parent_id"]), record["host_events"].get(row["host_event_id"])
    if parent and (apart(there, lasted(parent)) or span(row["end_date"])[0] > lasted(parent)[1]):
        return True
    if any(apart(lasted(engagements[child]), there) for child in record.children[key]):
        return True
    if host and apart(there, lasted(host), 2):
        return True
    return row["status"] != "planned" and any(
        not serves(record, who["person_id"], who["office_id"], there)
        for who in record.participants[key]
        if who["person_id"] and who["office_id"]
    )


def serves(record: Record, person: str, office: str, when: tuple[date, date]) -> bool:
    """Whether a spell of the person in the office covers some of the days."""
    spells = [row for row in record["tenures"].values() if (row["person_id"], row["office_id"]) == (person, office)]
    terms = ((row["start_date"], row["end_date"]) for row in spells)
    return any(not apart(when, (span(start)[0], span(end)[1])) for start, end in terms)


def misdated(draft: Draft, other: str, days: tuple[str, ...] = ("partial", "date")) -> Iterator[Mutant]:
    """Yield a mutant for every date that ``WRONG[other]`` can make another of."""
    wrong = WRONG[other]
    for table, key, column, value in draft.record.cells(*days):
        for instead in wrong(value):
            if instead != value:
                row = draft.record[table][key] | {column: instead}
                elsewhere = table == "engagements" and column == "start_date" and astray(draft.record, key, row)
                elsewhere = elsewhere or seen_too_late(table, row)
                yield draft.stated(table, key, column, instead, witness=elsewhere)


def seen_too_late(table: str, row: Row) -> bool:
    """Whether something was read, searched or checked after the release, or read before it was published."""
    column = {"sources": "accessed_on", "coverage": "checked_on", "commitment_updates": "observed_on"}.get(table)
    if not column:
        return False
    day = span(row[column])[0]
    published = row.get("published_on", "")
    return day > package.metadata()["release_date"] or (bool(published) and span(published)[0] > day)


def _off_by_one(value: str) -> list[str]:
    if len(value) < 10:
        return []
    return [str(date.fromisoformat(value) + timedelta(days=days)) for days in (-1, 1)]


def _swapped(value: str) -> list[str]:
    year, month, day = value[:4], value[5:7], value[8:]
    return [f"{year}-{day}-{month}"] if day and int(day) <= 12 else []


def _other_year(value: str) -> list[str]:
    return [f"{int(value[:4]) + years}{value[4:]}" for years in (-1, 1) if value[4:] != "-02-29"]


def _other_month(value: str) -> list[str]:
    month = int(value[5:7] or 0)
    return [f"{value[:4]}-{month + 1:02}{value[7:]}"] if 0 < month < 12 and int(value[8:] or 1) < 29 else []


def _turned_digits(value: str) -> list[str]:
    return [f"{value[:2]}{value[3]}{value[2]}{value[4:]}"] if value[4:] != "-02-29" else []


WRONG = {
    "day": _off_by_one,
    "swap": _swapped,
    "year": _other_year,
    "month": _other_month,
    "digits": _turned_digits,
}
SAID = "a source that states it, the parent, a part, the host event or a term of office"


@fault("date off by one", "a coder who counts a day too many, or the other time zone", SAID, DATES)
def off_by_one(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from misdated(draft, "day")


@fault("day and month swapped", "a coder or spreadsheet of another habit", SAID, DATES)
def day_for_month(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from misdated(draft, "swap")


@fault("wrong month", "a slip of the pen", SAID, DATES)
def wrong_month(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from misdated(draft, "month")


@fault("wrong year", "a slip of January, or the year of the report", SAID, DATES)
def wrong_year(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from misdated(draft, "year")


@fault("digits of the year turned", "a slip of the pen", SAID, DATES)
def turned_digits(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from misdated(draft, "digits")


@fault("no such day", "a slip of the pen", "the calendar", "E101")
def no_such_day(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("partial", "date"):
        for wrong in (f"{value[:4]}-02-30", f"{value[:4]}-13-01", f"{value[:4]}-04-31", f"{value[:4]}-00-10"):
            yield draft.cells(table, key, **{column: wrong})


@fault("date of another form", "a spreadsheet that knows dates better", "the form of the column", "E011 E014")
def reformatted_date(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("partial", "date"):
        if len(value) == 10:
            year, month, day = value.split("-")
            serial = (date.fromisoformat(value) - date(1899, 12, 30)).days
            for wrong in (
                f"{day}/{month}/{year}", f"{int(month)}/{int(day)}/{year}", f"{year}/{month}/{day}", f"{year}{month}{day}",
                f"{year[2:]}-{month}-{day}", f"{value}T00:00:00", f"{value} 00:00:00", f"{serial}", f"{day}.{month}.{year}",
            ):  # fmt: skip
                yield draft.cells(table, key, **{column: wrong})


@fault("lost leading zero", "a spreadsheet that takes text for numbers", "the form of the column", "E011 E014")
def lost_zero(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("partial", "date", "form"):
        shorter = re.sub(r"(^|-)0(?=[0-9])", r"\1", value, count=1)
        if shorter != value:
            yield draft.cells(table, key, **{column: shorter})


@fault(
    "padded date", "a tool that wants a day where only the month is known", "a source that gives no day", "E104 E806"
)
def padded_date(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("partial"):
        if len(value) < 10:
            stated = {
                row["stated_value"]
                for row in draft.record.evidence[table, key]
                if row["field"] == column and row["stance"] != "contradicts" and row["stated_value"]
            }
            known = bool(stated) and max(map(len, stated)) == len(value)
            yield draft.cells(table, key, known, **{column: value + "-01-01"[len(value) - 4 :]})


@fault("start and end exchanged", "a slip of the pen", "each other", "E102 E1101")
def exchanged_dates(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, schema in draft.record.schemas.items():
        for start, end in (("start_date", "end_date"), ("period_start", "period_end"), ("signed_on", "in_force_on")):
            if {start, end} <= {*schema.names}:
                for key, row in draft.record[table].items():
                    if row[start] and row[end] and span(row[end])[0] > span(row[start])[1]:
                        yield draft.cells(table, key, **{start: row[end], end: row[start]})


@fault("child outside its visit", "a coder who files a meeting under the wrong trip", "the dates of the visit", "E201")
def child_outside(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    engagements = draft.record["engagements"]
    for key, row in engagements.items():
        if row["parent_id"] and row["start_date"]:
            first, last = lasted(engagements[row["parent_id"]])
            for day in (first - timedelta(days=1), last + timedelta(days=1)):
                yield draft.cells("engagements", key, start_date=str(day), end_date="")


@fault(
    "another visit for a parent", "a coder who picks the neighbour in a list", "its dates or its visitors", "E201 E203"
)
def other_parent(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    engagements = draft.record["engagements"]
    visits = [key for key, row in engagements.items() if row["kind"] == "visit" and row["start_date"]]
    for key, row in engagements.items():
        if row["parent_id"] and row["start_date"]:
            for other in chance.sample(visits, min(3, len(visits))):
                if apart(lasted(row), lasted(engagements[other])):
                    yield draft.cells("engagements", key, parent_id=other)


@fault("circle", "a coder who turns a link round", "the chain itself", "E202 E1004 E1103 E1005 E702")
def circle(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, schema in draft.record.schemas.items():
        for column in {"parent_id", "supersedes_id", "replaces_id"} & {*schema.names}:
            for key, row in draft.record[table].items():
                yield draft.cells(table, key, **{column: key})
                if row[column]:
                    yield draft.cells(table, row[column], **{column: key})


@fault("part in another place than the whole", "a coder who takes the dateline for the place", "the place of the visit",
       "W702 W402 W701 E503 E706")  # fmt: skip
def place_of_a_part(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    engagements, places = draft.record["engagements"], draft.record["places"]
    cities = sorted(key for key, row in places.items() if row["type"] == "city")
    for key, row in engagements.items():
        whole = engagements.get(row["parent_id"], {}).get("place_id", "")
        if whole and row["place_id"]:
            for other in chance.sample(cities, min(4, len(cities))):
                if whole not in above(draft.record, other):
                    yield draft.cells("engagements", key, place_id=other)


def above(record: Record, place: str) -> list[str]:
    """Return a place and those it lies in."""
    found = []
    while place and place not in found:
        found.append(place)
        place = record["places"][place]["parent_id"]
    return found


@fault("another format than the meeting allows", "a coder who takes a call for a meeting", "place, presence or kind",
       "E204 E207 E208")  # fmt: skip
def other_format(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        presence = {who["presence"] for who in draft.record.participants[key]}
        for other in ("in_person", "telephone", "video", "written"):
            distant = other != "in_person" and (
                row["kind"] in ("visit", "exercise")
                or "in_person" in presence
                or (row["place_id"] and other != "written")
            )
            near = other == "in_person" and ("remote" in presence or row["kind"] == "message")
            if row["format"] != other and (distant or near or row["kind"] == "message"):
                yield draft.cells("engagements", key, format=other)


@fault("rank on a meeting", "a coder who gives the visit's rank to its parts", "the kind", "E206")
def rank_of_a_meeting(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        if row["kind"] != "visit":
            yield draft.cells("engagements", key, visit_rank=chance.choice(["official", "working", "state"]))


@fault("half of a pair", "a coder who fills one of two cells", "the other cell", "E205 E902 E903 E806")
def half_of_a_pair(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    pairs = {
        "engagements": ["duration_minutes", "duration_basis"],
        "commitments": [
            "amount", "currency", "amount_scope", "basis", "converted_amount", "converted_currency", "quantity", "unit",
        ],
        "agreements": ["amount", "currency"],
    }  # fmt: skip
    for table, columns in pairs.items():
        for key, row in draft.record[table].items():
            for column in columns:
                if row[column] and (column != "basis" or row["amount"]):
                    yield draft.cells(table, key, **{column: ""})


@fault("predecessor or successor in office", "a coder who writes who is better known", "the terms of office", "E301")
def other_holder(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    holders: dict[str, set[str]] = defaultdict(set)
    for row in record["tenures"].values():
        holders[row["office_id"]].add(row["person_id"])
    for key, row in record["participations"].items():
        engagement = record["engagements"][row["engagement_id"]]
        if row["person_id"] and engagement["start_date"] and engagement["status"] == "held":
            for other in sorted(holders[row["office_id"]] - {row["person_id"]}):
                if not serves(record, other, row["office_id"], lasted(engagement)):
                    yield draft.cells("participations", key, person_id=other)


@fault("somebody who never held the office", "a coder who confuses two people", "the terms of office", "E302")
def never_held(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    held = {(row["person_id"], row["office_id"]) for row in draft.record["tenures"].values()}
    people = sorted(draft.record["people"])
    for key, row in draft.record["participations"].items():
        if row["person_id"] and row["office_id"]:
            other = chance.choice(people)
            if (other, row["office_id"]) not in held:
                yield draft.cells("participations", key, person_id=other)


@fault("office of the other side", "a coder who mistakes the counterpart's title", "the country of the office",
       "E306")  # fmt: skip
def other_sides_office(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    offices = draft.record["offices"]
    for key, row in draft.record["participations"].items():
        if row["office_id"]:
            abroad = sorted(other for other, office in offices.items() if office["country"] != row["side"])
            yield draft.cells("participations", key, office_id=chance.choice(abroad))


@fault("sides swapped", "a slip of the pen", "the country of the office or the person", "E306 W603")
def other_side(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["participations"].items():
        if row["side"] in STATES:
            yield draft.cells("participations", key, side=STATES[row["side"]])


@fault("term of office cut short", "a table of ministers that is out of date", "who took part in that office", "E301")
def term_cut_short(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    acted = defaultdict(list)
    for who in record["participations"].values():
        engagement = record["engagements"][who["engagement_id"]]
        if who["person_id"] and who["office_id"] and engagement["start_date"] and engagement["status"] != "planned":
            acted[who["person_id"], who["office_id"]].append(lasted(engagement))
    for key, row in record["tenures"].items():
        others = [
            (span(spell["start_date"])[0], span(spell["end_date"])[1])
            for other, spell in record["tenures"].items()
            if other != key and (spell["person_id"], spell["office_id"]) == (row["person_id"], row["office_id"])
        ]
        only = [day for day in acted[row["person_id"], row["office_id"]] if all(apart(day, term) for term in others)]
        if only:
            yield draft.cells("tenures", key, start_date=str(max(only)[1] + timedelta(days=1)), end_date="")
            yield draft.cells("tenures", key, start_date="", end_date=str(min(only)[0] - timedelta(days=1)), ongoing="")


@fault("two holders of one post", "a coder who overlooks a spell", "the holder there is", "E303")
def two_holders(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    people = sorted(record["people"])
    for key, row in record["tenures"].items():
        if record["offices"][row["office_id"]]["singular"] == "true" and row["acting"] != "true" and row["start_date"]:
            other = chance.choice([person for person in people if person != row["person_id"]])
            if row["end_date"] or row["ongoing"] == "true":
                end = {"end_date": "", "ongoing": "true"} if not row["end_date"] else {}
                copy = row | {"tenure_id": f"{other}.{row['office_id']}.again", "person_id": other} | end
                first, last = span(row["start_date"])[1], span(row["end_date"])[0] if row["end_date"] else date.max
                if first < last:
                    yield draft.rows(f"tenures {key}: also held by {other}", {"tenures": {copy["tenure_id"]: copy}})


@fault("dead before the meeting", "two people of one name", "what they took part in", "E304")
def dead_before(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    met = defaultdict(list)
    for who in draft.record["participations"].values():
        engagement = draft.record["engagements"][who["engagement_id"]]
        if who["person_id"] and engagement["start_date"] and engagement["status"] == "held":
            met[who["person_id"]].append(lasted(engagement)[0])
    for key, days in met.items():
        yield draft.cells("people", key, died_on=str(max(days) - timedelta(days=1)))
        yield draft.cells("people", key, died_on=str(max(days).year - 1))


def sessions(record: Record) -> dict[str, list[tuple[int, str]]]:
    """Return the ordinals and ids of the held sessions of each series, in order."""
    found = defaultdict(list)
    for key, row in record["engagements"].items():
        if row["mechanism_id"] and row["ordinal"] and row["status"] == "held":
            found[row["mechanism_id"]].append((int(row["ordinal"]), key))
    return {series: sorted(numbered) for series, numbered in found.items()}


def misnumbered(draft: Draft, key: str, number: int) -> Mutant:
    """Return a mutant with another ordinal.

    It has a witness where the record holds another session of that number, counts the series and so misses the right
    one, or orders the sessions by date; or where a source states the number.
    """
    record = draft.record
    row = record["engagements"][key]
    others = [(n, other) for n, other in sessions(record)[row["mechanism_id"]] if other != key]
    when = lasted(row)
    ordered = any(
        (n < number and lasted(record["engagements"][other])[0] > when[1])
        or (n > number and lasted(record["engagements"][other])[1] < when[0])
        for n, other in others
    )
    counted = record["mechanisms"][row["mechanism_id"]]["first_ordinal"]
    gap = bool(counted) and number > max([int(counted) - 1, *[n for n, _ in others if n < number]]) + 1
    left = bool(counted) and any(n > int(row["ordinal"]) for n, _ in others)
    clash = number in [n for n, _ in others] or (bool(counted) and number < int(counted))
    return draft.stated("engagements", key, "ordinal", str(number), witness=ordered or gap or left or clash)


@fault("ordinal off by one", "a coder who counts himself", "the other sessions, or a source that states it", SERIES)
def ordinal_off_by_one(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for numbered in sessions(draft.record).values():
        for number, key in numbered:
            for other in {max(number - 1, 1), number + 1} - {number}:
                yield misnumbered(draft, key, other)


@fault("ordinal with turned or doubled digits", "a slip of the pen", "the other sessions, or a source that states it",
       SERIES)  # fmt: skip
def ordinal_mistyped(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for numbered in sessions(draft.record).values():
        for number, key in numbered:
            for other in {int(str(number)[::-1]), number * 10, int(f"{number}{number % 10}")} - {number, 0}:
                yield misnumbered(draft, key, other)


@fault("two sessions with each other's date", "a table of sessions that was sorted wrongly", "the order of the ordinals",
       "E402 E806")  # fmt: skip
def sessions_exchanged(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    rows = draft.record["engagements"]
    for numbered in sessions(draft.record).values():
        for (_, one), (_, other) in pairwise(numbered):
            dates = [{column: rows[key][column] for column in ("start_date", "end_date")} for key in (other, one)]
            if apart(lasted(rows[one]), lasted(rows[other])):
                both: dict[str, Row | None] = {one: rows[one] | dates[0], other: rows[other] | dates[1]}
                yield draft.rows(f"engagements {one} and {other}: dates exchanged", {"engagements": both})


@fault("session of another series", "a coder who takes one dialogue for another", "the level, or the numbers of both",
       SERIES)  # fmt: skip
def other_series(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    numbers = sessions(record)
    series = sorted(numbers)
    for key in (key for numbered in numbers.values() for _, key in numbered):
        row = record["engagements"][key]
        for other in chance.sample(series, min(2, len(series))):
            if other == row["mechanism_id"]:
                continue
            number, first = int(row["ordinal"]), record["mechanisms"][other]["first_ordinal"]
            here = [n for n, _ in numbers[row["mechanism_id"]]]
            there = [n for n, _ in numbers[other]]
            missed = bool(record["mechanisms"][row["mechanism_id"]]["first_ordinal"]) and number < max(here)
            gap = bool(first) and number > max([int(first) - 1, *[n for n in there if n < number]]) + 1
            witness = missed or number in there or gap or (bool(first) and number < int(first))
            yield draft.cells("engagements", key, witness, mechanism_id=other)


@fault("number kept by a cancelled session", "a coder who forgets that it was called off", "the status", "E403")
def cancelled_with_number(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for numbered in sessions(draft.record).values():
        for _, key in numbered:
            yield draft.cells("engagements", key, status="cancelled")


@fault("number on the visit", "a coder who numbers the trip", "the kind", "E404")
def number_on_a_visit(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        if row["kind"] == "visit":
            yield draft.cells("engagements", key, ordinal=str(chance.randint(1, 20)))


@fault("held taken for planned", "a row that nobody came back to", "the release date", "W101")
def still_planned(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        if row["status"] == "held":
            yield draft.cells("engagements", key, status="planned")


@fault("planned taken for held", "a coder who believes an announcement", "the release date, or when its sources appeared",
       "E020 E103 W802 E1003 E302 E301 E601 W401")  # fmt: skip
def already_held(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    for key, row in record["engagements"].items():
        if row["status"] == "planned":
            papers = [
                record["sources"][claim["source_id"]]["published_on"] for claim in record.evidence["engagements", key]
            ]
            waived = any((one["row_id"], one["code"]) == (key, "W101") for one in record["waivers"].values())
            last = max((span(paper)[1] for paper in papers), default=date.max)
            early = all(papers) and bool(row["start_date"]) and _later(last, 1) < lasted(row)[0]
            yield draft.cells("engagements", key, early or waived, status="held")


@fault("dialogue of no series", "a coder who leaves it out", "the kind", "E501")
def no_series(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        if row["kind"] == "dialogue":
            yield draft.cells("engagements", key, mechanism_id="", ordinal="")


@fault("sidelines of nothing", "a coder who leaves it out", "the setting", "E502")
def no_host_event(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        if row["setting"] == "sidelines":
            yield draft.cells("engagements", key, host_event_id="")


@fault("another host event", "a coder who picks last year's summit", "date and country of both", "E503 W501")
def other_host_event(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    events = draft.record["host_events"]
    for key, row in draft.record["engagements"].items():
        if row["host_event_id"] and row["start_date"]:
            for other in chance.sample(sorted(events), min(3, len(events))):
                if apart(lasted(row), lasted(events[other]), 2):
                    yield draft.cells("engagements", key, host_event_id=other)


@fault("a side left out", "a coder who lists only the visitors", "the kind and the setting", "E601 E602 E603")
def side_left_out(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        if row["kind"] in EXCHANGES and row["status"] == "held":
            for side in STATES:
                gone = [who["participation_id"] for who in draft.record.participants[key] if who["side"] == side]
                if gone:
                    yield draft.rows(f"engagements {key}: without {side}", {"participations": dict.fromkeys(gone)})


@fault(
    "a side without a principal", "a coder who makes everybody a delegate", "the other rows of that side", "W601 E603"
)
def no_principal(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        if row["kind"] in EXCHANGES and row["status"] == "held" and row["setting"] in ("bilateral", "sidelines"):
            for side in STATES:
                led = [
                    who
                    for who in draft.record.participants[key]
                    if (who["side"], who["capacity"]) == (side, "principal")
                ]
                if led:
                    demoted: dict[str, Row | None] = {
                        who["participation_id"]: who | {"capacity": "delegate"} for who in led
                    }
                    yield draft.rows(f"engagements {key}: {side} has delegates only", {"participations": demoted})


@fault("three taken for two", "a coder who writes bilateral throughout", "a principal of a third state", "W602")
def three_for_two(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["engagements"].items():
        sides = {who["side"] for who in draft.record.participants[key] if who["capacity"] == "principal"}
        if row["setting"] in ("plurilateral", "multilateral") and sides - {*STATES}:
            yield draft.cells("engagements", key, setting="bilateral")


@fault("coordinates swapped", "a tool that puts longitude first", "the time zone", "E015 E703 E806")
def swapped_coordinates(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in located(draft.record):
        yield draft.cells("places", key, latitude=row["longitude"], longitude=row["latitude"])


def located(record: Record) -> Iterator[tuple[str, Row]]:
    """Yield the places with coordinates and a time zone."""
    for key, row in record["places"].items():
        if row["latitude"] and row["longitude"] and row["timezone"]:
            yield key, row


@fault("sign of a coordinate", "a coder who forgets south and west", "the time zone", "E703 E806")
def sign_of_a_coordinate(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in located(draft.record):
        for column in ("latitude", "longitude"):
            turned = row[column][1:] if row[column].startswith("-") else f"-{row[column]}"
            yield draft.cells("places", key, **{column: turned})


@fault("decimal point moved", "a slip of the pen", "the time zone", "E015 E703 E806")
def moved_point(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in located(draft.record):
        for column in ("latitude", "longitude"):
            for factor in (0.1, 10):
                yield draft.cells("places", key, **{column: f"{float(row[column]) * factor:.6g}"})


@fault("another time zone", "a coder who copies the row above", "the coordinates, or a source that states it",
       "E703 E806")  # fmt: skip
def other_zone(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    zones = sorted({row["timezone"] for row in draft.record["places"].values()} - {""})
    for key, row in located(draft.record):
        yield draft.cells("places", key, timezone=chance.choice([zone for zone in zones if zone != row["timezone"]]))


@fault("no such time zone, country, currency, language or script", "a coder who guesses a code", "the register",
       "E704 E705 E807 E901 E014")  # fmt: skip
def no_such_code(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    wrong = {
        "timezone": ["Asia/Delhi", "IST", "Asia/Osaka"], "country": ["ENG", "IN", "JAP", "UK"], "side": ["JAP", "EUR", "JP"],
        "currency": ["YEN", "RS", "Yen", "USS"], "converted_currency": ["YEN", "DOL"], "language": ["jp", "jpn", "hn"],
        "script": ["Japn", "Latin", "Hind"],
    }  # fmt: skip
    for table, key, column, _ in draft.record.cells("form"):
        for other in wrong.get(column, []):
            yield draft.cells(table, key, **{column: other})


@fault("place in another country", "a coder who copies the row above", "the tree of places", "E701 E702")
def place_elsewhere(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    places = draft.record["places"]
    for key, row in places.items():
        inside = any(other["parent_id"] == key for other in places.values())
        other = chance.choice(sorted({place["country"] for place in places.values()} - {row["country"]}))
        if row["parent_id"] or inside:
            yield draft.cells("places", key, country=other)
        if row["parent_id"]:
            strangers = sorted(one for one, place in places.items() if place["country"] != row["country"])
            yield draft.cells("places", key, parent_id=chance.choice(strangers))
            yield draft.cells("places", key, parent_id="")


@fault("dropped evidence", "a row deleted with another", "the row that rests on it", "E801")
def dropped_evidence(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for (table, key), claims in draft.record.evidence.items():
        if table in NEEDS_EVIDENCE:
            gone: Rows = {"evidence": {row["evidence_id"]: None for row in claims}}
            yield draft.rows(f"{table} {key}: without evidence", gone)


@fault("orphan source", "a source whose rows went elsewhere", "the evidence, which names it nowhere", "E803")
def orphan_source(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    used = defaultdict(list)
    for key, row in draft.record["evidence"].items():
        used[row["source_id"]].append(key)
    for source, keys in used.items():
        if len(keys) <= 12:
            yield draft.rows(f"sources {source}: its evidence gone", {"evidence": dict.fromkeys(keys)})
    for source, row in draft.record["sources"].items():
        copy = row | {"source_id": f"{source}-b", "url": ""}
        yield draft.rows(f"sources {source}: once more, unused", {"sources": {copy["source_id"]: copy}})


@fault("evidence for a row that is not there", "an id typed from memory", "the table it names", "E018")
def evidence_for_nothing(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table in ("evidence", "codings", "names", "waivers"):
        for key, row in draft.record[table].items():
            yield draft.cells(table, key, row_id=mistyped(row["row_id"], chance))


@fault("evidence for a column that is not there", "a column typed from memory", "the schema", "E802")
def evidence_for_no_column(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["evidence"].items():
        if row["field"] != "*":
            yield draft.cells("evidence", key, field=mistyped(row["field"], chance))
        yield draft.cells("evidence", key, field=chance.choice(["date", "title", "name", "notes"]))


@fault("evidence for the neighbour", "a coder who is one row off", "the row that has none now, or what is stated",
       "E801 E805 E806 E104 E808")  # fmt: skip
def evidence_for_the_neighbour(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    ids = {table: sorted(record[table]) for table in record.schemas}
    place = {table: {key: at for at, key in enumerate(keys)} for table, keys in ids.items()}
    for key, row in record["evidence"].items():
        table = row["table_name"]
        at = place[table][row["row_id"]] + 1
        if at < len(ids[table]):
            other = ids[table][at]
            claims = record.evidence[table, row["row_id"]]
            sole = table in NEEDS_EVIDENCE and [claim for claim in claims if claim["stance"] != "contradicts"] == [row]
            cell = record[table][other][row["field"]] if row["field"] != "*" else ""
            exact = record.type(table, row["field"]) != "text" if row["field"] != "*" else False
            unlike = row["stance"] == "supports" and bool(row["stated_value"]) and exact and cell != row["stated_value"]
            unlike = unlike and not (cell and row["stated_value"].startswith(cell))
            empty = row["field"] != "*" and not cell and row["stance"] == "supports"
            yield draft.cells("evidence", key, sole or unlike or empty, row_id=other)


@fault(
    "evidence of another source", "a coder who is one page off", "the page that supports nothing now", "E803 E1003 E805"
)
def evidence_of_another(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    used = defaultdict(list)
    for key, row in draft.record["evidence"].items():
        used[row["source_id"]].append(key)
    sources = sorted(draft.record["sources"])
    for key, row in draft.record["evidence"].items():
        other = sources[(sources.index(row["source_id"]) + 1) % len(sources)]
        yield draft.cells("evidence", key, len(used[row["source_id"]]) == 1, source_id=other)


@fault(
    "evidence for an empty cell", "a cell emptied, its evidence forgotten", "the evidence", "E806 E808 E012 E501 E502"
)
def evidence_for_an_empty_cell(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for row in draft.record["evidence"].values():
        if row["field"] != "*" and row["stance"] != "contradicts":
            supported = row["stance"] == "supports"
            yield draft.cells(row["table_name"], row["row_id"], supported, **{row["field"]: ""})


@fault("second coding that nobody made", "a coder who marks a row as checked", "the codings", "E809")
def second_coding_claimed(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    coded = {row["row_id"] for row in draft.record["codings"].values()}
    for key in draft.record["engagements"]:
        if key not in coded:
            yield draft.cells("engagements", key, review_status=chance.choice(["double_coded", "adjudicated"]))


@fault("contradiction that says nothing", "a coder who leaves it out", "the stance", "E804")
def silent_contradiction(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["evidence"].items():
        if row["stance"] == "contradicts":
            yield draft.cells("evidence", key, stated_value="")


@fault("contradiction taken for support", "a coder who skims", "the cell", "E806")
def contradiction_as_support(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["evidence"].items():
        exact = row["field"] != "*" and draft.record.type(row["table_name"], row["field"]) not in ("text", "reference")
        if row["stance"] == "contradicts":
            yield draft.cells("evidence", key, exact, stance="supports")


@fault("stated value mistyped", "a slip of the pen", "the cell it supports", "E105 E806")
def stated_mistyped(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["evidence"].items():
        if row["stance"] == "supports" and row["stated_value"] and row["field"] != "*":
            kind = draft.record.type(row["table_name"], row["field"])
            value = row["stated_value"]
            wrong = value[:3] + str((int(value[3]) + 1) % 10) + value[4:] if kind == "partial" else value + value[-1]
            exact = kind in ("partial", "integer", "number", "code", "form", "boolean", "date")
            yield draft.cells("evidence", key, exact, stated_value=wrong)


@fault("identifier from memory", "a coder who knows the coordinates", "the gazetteer that is not cited", "E805")
def from_memory(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    for table, columns in (("places", ("latitude", "longitude", "timezone")), ("people", ("wikidata_id",))):
        for key, row in record[table].items():
            if any(row[column] for column in columns):
                gone: Rows = {"evidence": {claim["evidence_id"]: None for claim in record.evidence[table, key]}}
                if gone["evidence"]:
                    yield draft.rows(f"{table} {key}: without a register", gone)


MONEY = "E806 E904 W901 W902 W903"


def revalued(draft: Draft, *factors: float) -> Iterator[Mutant]:
    """Yield a mutant for every sum and factor; a conversion of it or its parts say otherwise, or a source does."""
    for table in ("commitments", "agreements"):
        for key, row in draft.record[table].items():
            for column in ("amount", "converted_amount"):
                if row.get(column) and float(row[column]):
                    converted = bool(row.get("amount") and row.get("converted_amount"))
                    for factor in factors:
                        value = float(row[column]) * factor
                        plain = format(value, ".15g") if abs(value) < 1e15 else format(value, ".0f")
                        yield draft.stated(table, key, column, plain, witness=converted)


SUMS = "a source that states it, or its conversion"


@fault("amount off by ten times", "a zero too many or too few", SUMS, MONEY)
def tenfold(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from revalued(draft, 10, 0.1)


@fault("億 taken for 兆", "a coder who confuses 10^8 and 10^12", SUMS, MONEY)
def oku_for_cho(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from revalued(draft, 1e4, 1e-4)


@fault("lakh taken for crore", "a coder who confuses 10^5 and 10^7", SUMS, MONEY)
def lakh_for_crore(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from revalued(draft, 100, 0.01)


@fault("another currency", "JPY for USD, INR for JPY", SUMS, MONEY + " E905")
def other_currency(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table in ("commitments", "agreements"):
        for key, row in draft.record[table].items():
            for column in ("currency", "converted_currency"):
                for other in ("JPY", "USD", "INR"):
                    if row.get(column) and row[column] != other:
                        converted = bool(row.get("amount") and row.get("converted_amount"))
                        yield draft.stated(table, key, column, other, witness=converted)


@fault("quantity off by ten times", "a zero too many or too few", "a source that states it", "E806")
def tenfold_quantity(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("integer", "number"):
        if column in ("quantity", "duration_minutes") and value:
            yield draft.stated(table, key, column, value + "0")


@fault("another code of the list", "a coder who slips in the list", "a source that states it", "E806")
def other_code(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("code"):
        codes = draft.record.schemas[table][column].enum or []
        if table not in ("evidence", "codings", "names", "waivers", "redirects"):
            yield draft.stated(table, key, column, chance.choice([code for code in codes if code != value]))


@fault("deadline before the promise", "the year of another promise", "the engagement", "E1001")
def early_deadline(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["commitments"].items():
        made = draft.record["engagements"][row["engagement_id"]]
        if made["start_date"]:
            yield draft.cells("commitments", key, deadline=str(lasted(made)[0].year - 1), period_start="")
            yield draft.cells("commitments", key, deadline=str(lasted(made)[0] - timedelta(days=1)), period_start="")


@fault("update before the promise", "a report of an earlier promise", "the engagement", "E1002")
def early_update(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    for key, row in record["commitment_updates"].items():
        made = record["engagements"][record["commitments"][row["commitment_id"]]["engagement_id"]]
        if made["start_date"]:
            yield draft.cells("commitment_updates", key, observed_on=str(lasted(made)[0] - timedelta(days=1)))
            yield draft.cells("commitment_updates", key, observed_on=str(lasted(made)[0].year - 1))


@fault("delivered by its own word", "a coder who takes a promise for a deed", "the sources of both", "E1003")
def delivered_by_its_word(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    for key, row in record["commitment_updates"].items():
        own = [claim for claim in record.evidence["commitment_updates", key] if claim["stance"] != "contradicts"]
        origin = record.evidence["commitments", row["commitment_id"]]
        if own and origin:
            again: dict[str, Row | None] = {
                claim["evidence_id"]: claim | {"source_id": origin[0]["source_id"]} for claim in own
            }
            changed: Rows = {"commitment_updates": {key: row | {"status": "delivered"}}, "evidence": again}
            yield draft.rows(f"commitment_updates {key}: delivered, by the source of the promise", changed)


@fault("newer superseded by older", "a coder who turns the link round", "the dates of both", "E1005 E1004")
def superseded_backwards(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    made = {key: lasted(record["engagements"][row["engagement_id"]]) for key, row in record["commitments"].items()}
    for key in made:
        later = sorted(other for other in made if made[other][0] > made[key][1])
        if later:
            yield draft.cells("commitments", key, supersedes_id=chance.choice(later))


@fault("promise lost from sight", "a ledger nobody keeps", "the release date", "W1001")
def lost_from_sight(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    followed = {row["commitment_id"] for row in record["commitment_updates"].values()}
    for key, row in record["commitments"].items():
        made = record["engagements"][row["engagement_id"]]
        if (
            key not in followed
            and made["start_date"]
            and lasted(made)[1].year < package.metadata()["release_date"].year - 1
        ):
            yield draft.cells("commitments", key, deadline=str(lasted(made)[1].year + 1))


@fault("in force before signature", "a slip of the pen", "the date of signature", "E1101")
def early_force(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["agreements"].items():
        if row["signed_on"]:
            day = span(row["signed_on"])[0] - timedelta(days=1)
            yield draft.cells("agreements", key, in_force_on=str(day))
            yield draft.cells("agreements", key, ended_on=str(day.year - 1))


@fault("signed outside its meeting", "a coder who takes the day of the report", "the engagement", "E1102")
def signed_outside(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["agreements"].items():
        held = draft.record["engagements"].get(row["engagement_id"])
        if held and held["start_date"]:
            first, last = lasted(held)
            yield draft.cells("agreements", key, signed_on=str(first - timedelta(days=1)))
            yield draft.cells("agreements", key, signed_on=str(last + timedelta(days=1)))


@fault("parties swapped", "a coder who turns them round", "the country of the office", "E1104")
def swapped_parties(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["agreements"].items():
        if row["party_ind"] or row["party_jpn"]:
            yield draft.cells("agreements", key, party_ind=row["party_jpn"], party_jpn=row["party_ind"])


@fault("engagement entered twice under another title", "two coders of one meeting", "the first row", "E401 W1201")
def entered_twice(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    for key, row in record["engagements"].items():
        principals = [who for who in record.participants[key] if who["capacity"] == "principal"]
        # Where no hour or day sets two meetings of the same people apart, the second row is the first again.
        if row["status"] in ("held", "planned") and len(row["start_date"]) > 4 and principals:
            copy = f"{key}-again"
            who: dict[str, Row | None] = {
                f"{copy}.{at}": one | {"engagement_id": copy, "participation_id": f"{copy}.{at}"}
                for at, one in enumerate(record.participants[key])
            }
            claims: dict[str, Row | None] = {
                f"{copy}.{at}": claim | {"row_id": copy, "evidence_id": f"{copy}.{at}"}
                for at, claim in enumerate(record.evidence["engagements", key])
            }
            twin = row | {
                "engagement_id": copy,
                "title_en": "Meeting between the two sides",
                "title_ja": "",
                "title_hi": "",
            }
            yield draft.rows(
                f"engagements {key}: once more",
                {"engagements": {copy: twin}, "participations": who, "evidence": claims},
            )


@fault("person entered twice", "a coder who spells the name otherwise", "the first row", "W1203")
def person_twice(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["people"].items():
        words = row["name_en"].split()
        for name in (" ".join(reversed(words)), respelled(row["name_en"])):
            if name != row["name_en"]:
                copy = {
                    "person_id": f"{key}-again",
                    "name_en": name,
                    "family_name": "",
                    "given_name": "",
                    "wikidata_id": "",
                }
                yield draft.rows(f"people {key}: also {name}", {"people": {f"{key}-again": row | copy}})


def respelled(name: str) -> str:
    """Return a name with a long vowel or an aspirate spelled otherwise, as transcriptions differ."""
    for one, other in (("ou", "o"), ("o", "ou"), ("sh", "s"), ("u", "uu"), ("a", "aa"), ("i", "ee")):
        if one in name:
            return name.replace(one, other, 1)
    return name


@fault("place or series entered twice", "a coder who spells the name otherwise", "the first row", "W1203 E016")
def named_twice(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, column in (
        ("places", "name_en"),
        ("mechanisms", "name_en"),
        ("host_events", "name_en"),
        ("topics", "label_en"),
    ):
        for key, row in draft.record[table].items():
            again = f"{key}-again"
            copy = row | {draft.record.schemas[table].key: again, column: respelled(row[column])}
            yield draft.rows(f"{table} {key}: also {copy[column]}", {table: {again: copy}})


@fault("page listed twice", "two coders of one page", "the first row", "W1204")
def page_twice(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["sources"].items():
        if row["url"]:
            copy = row | {"source_id": f"{key}-again"}
            yield draft.rows(f"sources {key}: once more", {"sources": {copy["source_id"]: copy}})


@fault("one id for two things", "a slug that was taken", "the other table", "E019")
def id_of_another(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    plain = ("engagements", "people", "offices", "mechanisms", "host_events", "places", "topics", "sources")
    for table in plain:
        for key, row in record[table].items():
            other = chance.choice([name for name in plain if name != table])
            taken = chance.choice(sorted(record[other]))
            changes: Rows = {table: {key: None, taken: row | {record.schemas[table].key: taken}}}
            yield draft.rows(f"{table} {key}: called {taken}, as a row of {other}", changes)


@fault("one Wikidata item for two", "a copied cell", "the first row", "W1202")
def item_twice(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    people = draft.record["people"]
    items = [row["wikidata_id"] for row in people.values() if row["wikidata_id"]]
    for key, row in people.items():
        others = [item for item in items if item != row["wikidata_id"]]
        if others:
            yield draft.cells("people", key, wikidata_id=chance.choice(others))


@fault("reference mistyped", "an id typed from memory", "the table it names", "E017")
def reference_mistyped(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, schema in draft.record.schemas.items():
        for key, row in draft.record[table].items():
            for column in schema.foreign_keys:
                if row[column]:
                    yield draft.cells(table, key, **{column: mistyped(row[column], chance)})


@fault("reference to a near neighbour", "a coder who is one row off in a list", "the parts of a place, a term, a date", (
    "E201 E203 E301 E302 E303 E306 E401 E402 E404 E501 E503 E601 E602 E603 E701 E702 E803 E1001 E1002 E1005 E1102 E1104"
    " W702 W401 W402 W403 W501 W601 W602 W603 W701 W1201 E806 E1003 E202 E304 E805"
))  # fmt: skip
def near_neighbour(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    """What would say otherwise differs from column to column, so only what is stated counts as a witness here; the kinds
    that ask for a parent, holder, host event, series or office of another date or side are further up.
    """
    record = draft.record
    for table, schema in record.schemas.items():
        for column, target in schema.foreign_keys.items():
            ids = sorted(record[target])
            for key, row in record[table].items():
                if row[column] and table != "evidence" and len(ids) > 1:
                    other = ids[(ids.index(row[column]) + 1) % len(ids)]
                    yield draft.stated(table, key, column, other)


@fault(
    "id changed, and what names it not", "a coder who mends a slug", "the rows that name it", "E017 E018 E801 E803 E020"
)
def id_changed(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    for table, schema in record.schemas.items():
        for key, row in record[table].items():
            other = f"{key}-x"
            changes: Rows = {table: {key: None, other: row | {schema.key: other}}}
            yield draft.rows(f"{table} {key}: called {other}", changes, witness=(table, key) in record.named)


@fault("row deleted that others name", "a row cut in a spreadsheet", "the rows that name it", "E017 E018 E020")
def row_deleted(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table in draft.record.schemas:
        for key in draft.record[table]:
            if (table, key) in draft.record.named:
                yield draft.rows(f"{table} {key}: deleted", {table: {key: None}})


@fault("released row deleted", "a clean-up", "the manifest of the last release", "E1401")
def released_row_deleted(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table in draft.record.schemas:
        for key in draft.record[table]:
            yield draft.rows(f"{table} {key}: deleted after release", {table: {key: None}}, released=True)


@fault("retired id that is there, or leads nowhere", "a redirect typed from memory", "the table it names",
       "E1402 E1403 E1404")  # fmt: skip
def wrong_redirect(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table in ("engagements", "people", "mechanisms", "sources"):
        for key in draft.record[table]:
            given = {"redirect_id": f"{table}.x", "table_name": table, "version": "0.1.0", "reason": "Entered twice."}
            for old, new in ((key, ""), (f"{key}-old", mistyped(key, chance)), (f"{key}-old", f"{key}-old")):
                row = given | {"old_id": old, "new_id": new}
                yield draft.rows(f"redirects: {old} → {new or 'nothing'}", {"redirects": {"x": row}})


@fault("waiver lost", "a row cut in a spreadsheet", "the row that needs it",
       "W101 W702 W401 W402 W403 W501 W601 W602 W603 W701 W801 W802 W901 W902 W903 W1001 W1201 W1202 W1203 W1204")  # fmt: skip
def waiver_lost(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key in draft.record["waivers"]:
        yield draft.rows(f"waivers {key}: deleted", {"waivers": {key: None}})


@fault("waiver for nothing", "a waiver that outlived its row, or of another code", "the row it names", "E020 E021 E014")
def waiver_for_nothing(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    engagements = sorted(draft.record["engagements"])
    for key, row in draft.record["waivers"].items():
        yield draft.cells("waivers", key, code="W999")
        yield draft.cells("waivers", key, code="E301")
        others = [other for other in engagements if other != row["row_id"]]
        yield draft.cells("waivers", key, table_name="engagements", row_id=chance.choice(others),
                          code="W903")  # fmt: skip


def respelt(draft: Draft, chance: random.Random, *types: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the cells of text; of a long table, some."""
    cells = [*draft.record.cells(*types)]
    yield from chance.sample(cells, min(len(cells), 3000))


@fault(
    "trailing or leading space",
    "a cell that was pasted",
    "how cells are written",
    "E1303 E011 E013 E014 E017 E018 E802",
)
def outer_space(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in respelt(draft, chance, "text", "code", "form", "reference", "partial", "integer"):
        space = chance.choice([" ", "\u00a0", "\u3000"])
        yield draft.cells(table, key, **{column: chance.choice([value + space, space + value])})


@fault("NFD", "a file name or text from a Mac", "Unicode normal form C", "E1304")
def decomposed(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("text"):
        if unicodedata.normalize("NFD", value) != value:
            yield draft.cells(table, key, **{column: unicodedata.normalize("NFD", value)})


HOMOGLYPHS = str.maketrans("aeopcyxAEOPCHKMT", "аеорсухАЕОРСНКМТ")


@fault("homoglyph", "a letter pasted from another script", "the word it stands in", "E1305 E013 E014 E017 E018 E802")
def homoglyph(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in respelt(draft, chance, "text", "code", "reference", "form", "id"):
        spots = [found.start() for found in re.finditer(r"(?<=[A-Za-z])[aeopcyx](?=[A-Za-z])", value)]
        if spots:
            at = chance.choice(spots)
            yield draft.cells(table, key, **{column: value[:at] + value[at].translate(HOMOGLYPHS) + value[at + 1 :]})


@fault("mojibake", "a file opened as Windows-1252", "letters that never stand side by side", "E1302 E1308")
def mojibake(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("text"):
        if not value.isascii():
            wrong = value.encode().decode("cp1252", "replace" if chance.random() < 0.3 else "ignore")
            yield draft.cells(table, key, **{column: chance.choice([wrong, value.encode().decode("latin-1")])})


@fault("question marks for letters", "a file saved as ASCII", "the script of the column", "E1301 E1307 E1312")
def question_marks(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("text"):
        if not value.isascii():
            yield draft.cells(table, key, **{column: value.encode("ascii", "replace").decode()})


@fault("character that cannot be seen", "a text copied from a web page", "how cells are written", "E1302")
def invisible(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in respelt(draft, chance, "text"):
        at = chance.randrange(len(value) + 1)
        sign = chance.choice(["\u200b", "\n", "\t", "\ufeff", "\u00ad", "\ufffd", "\u202e", "\u0007", "\u2028"])
        yield draft.cells(table, key, **{column: value[:at] + sign + value[at:]})


@fault("formula", "a cell that a spreadsheet runs", "how cells are written", "E1306")
def formula(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in respelt(draft, chance, "text"):
        if not value[0].isdigit():  # -68 is a number, and stays one
            yield draft.cells(table, key, **{column: chance.choice(["=", "+", "-", "@"]) + value})


@fault("markup left in", "a text cut from the source of a page", "how cells are written", "E1310")
def markup(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in respelt(draft, chance, "text"):
        wrong = chance.choice([value.replace(" ", "&nbsp;", 1), value.replace(" and ", " &amp; "), f"<b>{value}</b>",
                               value + "<br/>", value.replace("'", "&#39;")])  # fmt: skip
        if wrong != value:
            yield draft.cells(table, key, **{column: wrong})


@fault("missing value spelled out", "a tool that writes NA or nan into empty cells", "how cells are written",
       "E011 E013 E014 E017 E1301 E1311")  # fmt: skip
def spelled_out(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    cells = [
        *draft.record.cells(
            "text", "code", "form", "reference", "partial", "integer", "number", "boolean", filled=False
        )
    ]
    for table, key, column, _ in chance.sample(cells, min(len(cells), 3000)):
        wrong = chance.choice(["NA", "nan", "NaN", "None", "null", "NULL", "N/A", "#N/A", "<NA>", "NaT", "#REF!"])
        yield draft.cells(table, key, **{column: wrong})


@fault("languages swapped", "a paste into the next column", "the script of the column", "E1301")
def swapped_languages(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, schema in draft.record.schemas.items():
        for stem in {name[:-3] for name in schema.names if name.endswith("_ja")}:
            for key, row in draft.record[table].items():
                for one, other in (("_en", "_ja"), ("_ja", "_hi")):
                    # A name in Latin letters alone is at home in both columns, and nobody could tell.
                    if row.get(stem + one) and row.get(stem + other) and not row[stem + other].isascii():
                        yield draft.cells(table, key, **{stem + one: row[stem + other], stem + other: row[stem + one]})


@fault("names swapped", "family name first, as at home", "the family name", "E1309")
def swapped_names(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["people"].items():
        given, family = row["given_name"], row["family_name"]
        if family and row["name_en"] != family:
            rest = row["name_en"].removesuffix(family).strip()
            yield draft.cells("people", key, name_en=f"{family} {rest}")
            if given:
                yield draft.cells("people", key, family_name=given, given_name=family)


@fault("name in another script than it says", "a slip in the list", "the name", "E1307")
def other_script(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for key, row in draft.record["names"].items():
        for script in ("Latn", "Jpan", "Deva"):
            # Japanese is written in kana, kanji and, within a word, Latin letters.
            fits = {"Latn": "[A-Za-z]", "Jpan": "[\u3040-\u30ff\u4e00-\u9fff]", "Deva": "[\u0900-\u097f]"}[script]
            if row["script"] and row["script"] != script and not re.search(fits, row["name"]):
                yield draft.cells("names", key, script=script)


@fault(
    "number of another form", "a spreadsheet's separators, exponents and truth values", "the form of the type", "E011"
)
def reformatted_number(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in draft.record.cells("integer", "number", "boolean"):
        if draft.record.schemas[table][column].type == "boolean":
            wrong = [value.upper(), value.title(), str(int(value == "true")), "yes"]
        else:
            number = float(value)
            wrong = [
                f"{number:e}",
                f"+{value}",
                value.replace(".", ",") if "." in value else f"{value},0",
                f" {value}",
                f"0{value}",
            ]
            wrong += [f"{number:,.0f}"] if abs(number) >= 1000 else []
            wrong += [f"{value}0"] if "." in value else [f"{value}.0"]
        for other in wrong:
            yield draft.cells(table, key, **{column: other})


@fault("code of another form", "a coder who writes the code as a word", "the list", "E013 E014")
def reformatted_code(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, key, column, value in respelt(draft, chance, "code", "form"):
        wrong = chance.choice(
            [value.upper(), value.title(), value.replace("_", " "), value[:-1], value.replace("_", "-")]
        )
        if (
            column not in ("url", "timezone")
            and wrong != value
            and not re.fullmatch(draft.record.schemas[table][column].pattern or "$^", wrong)
        ):
            yield draft.cells(table, key, **{column: wrong})


@fault("row entered twice", "a row pasted twice", "its id", "E016")
def row_twice(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, rows in draft.record.tables.items():
        for at in chance.sample(range(len(rows)), min(len(rows), 3)):
            yield draft.bytes(table, partial(_repeat, at=at))


def _repeat(content: bytes, at: int) -> bytes:
    rows = parse(content)
    return render(rows[0], [*rows, rows[at]])


@fault("cells of a row shifted", "a comma too many or too few", "the header", FORM + " E801")
def shifted_cells(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, rows in draft.record.tables.items():
        for at in chance.sample(range(len(rows)), min(len(rows), 3)):
            for how in ("left", "right", "more", "less"):
                yield draft.bytes(table, partial(_shift, at=at, how=how))


def _shift(content: bytes, at: int, how: str) -> bytes:
    rows = parse(content)
    cells = [*rows[at].values()]
    shifted = {
        "left": [cells[0], *cells[2:], ""], "right": [cells[0], "", *cells[1:-1]], "more": [*cells, ""], "less": cells[:-1],
    }[how]  # fmt: skip
    return _raw([[*rows[0]], *[shifted if number == at else [*row.values()] for number, row in enumerate(rows)]])


def _raw(rows: list[list[str]], separator: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", delimiter=separator).writerows(rows)
    return out.getvalue().encode()


@fault("a column sorted without its rows", "a spreadsheet that sorts the selection alone", "the rows", (
    "E012 E013 E014 E016 E017 E018 E102 E104 E106 E107 E201 E203 E204 E205 E206 E207 E208 E301 E302 E303 E306 E401 E402 E404"
    " E501 E502 E503 E601 E603 E701 E702 E703 E801 E802 E803 E804 E805 E806 E807 E808 E902 E903 E905 E1001 E1002 E1003 E1102"
    " E1104 E1301 E1305 E1307 E1309 W101 W702 W401 W402 W403 W501 W601 W602 W603 W701 W802 W903 W1201 W1203 W1204 E105 E202"
    " E020 E021"
))  # fmt: skip
def sorted_column(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    record = draft.record
    for table, schema in record.schemas.items():
        rows = record[table]
        for column in schema.names:
            values = sorted(row[column] for row in rows.values())
            moved = [row[column] for row in rows.values()] != values
            if moved:
                denied = any(
                    record.denies(table, key, column, value)
                    for key, value in zip(rows, values, strict=True)
                    if rows[key][column] != value
                )
                linked = record.type(table, column) in ("id", "reference")
                yield draft.bytes(table, partial(_sort, column=column), witness=denied or linked, how=f": {column}")


def _sort(content: bytes, column: str) -> bytes:
    rows = parse(content)
    values = sorted(row[column] for row in rows)
    return render(rows[0], [row | {column: value} for row, value in zip(rows, values, strict=True)])


def spoilt(draft: Draft, *spoils: Spoil) -> Iterator[Mutant]:
    """Yield a mutant for every table whose bytes a tool would change."""
    for table, content in draft.record.content.items():
        for spoil in spoils:
            if spoil(content) != content:
                yield draft.bytes(table, spoil)


@fault("truncated file", "a disk that was full, a download cut short", "the last line, or the rows that name what is gone",
       FORM + " E002 E006 E020 E027 E801 E803 E1401 W401 E005")  # fmt: skip
def truncated(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, content in draft.record.content.items():
        rows = content.count(b"\n")
        if rows > 1:
            for _ in range(4):
                yield draft.bytes(table, partial(_cut, at=chance.randrange(len(content) // 3, len(content))))


def _cut(content: bytes, at: int) -> bytes:
    return content[:at]


@fault("file cut at the end of a line", "a tool that reads only so many rows", "the rows that name what is gone",
       "E017 E018 E020 E801 E803 W101 W401")  # fmt: skip
def cut_at_a_line(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, rows in draft.record.tables.items():
        for _ in range(3):
            kept = chance.randrange(len(rows)) if rows else 0
            named = any((table, key) in draft.record.named for key in [*rows][kept:])
            gone = [*rows][kept:]
            sole = table == "waivers" or (table == "evidence" and len(gone) > 1)
            if rows:
                yield draft.bytes(table, partial(_head, rows=kept), witness=named or sole)


def _head(content: bytes, rows: int) -> bytes:
    found = parse(content)
    return render(found[0], found[:rows])


@fault("CRLF, CR or byte order mark", "a spreadsheet on Windows", "how files are written", "E003 E004")
def line_ends(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from spoilt(draft, *[partial(_replace, old=b"\n", new=new) for new in (b"\r\n", b"\r")], partial(_mark))


def _replace(content: bytes, old: bytes, new: bytes) -> bytes:
    return content.replace(old, new)


def _mark(content: bytes) -> bytes:
    return b"\xef\xbb\xbf" + content


@fault(
    "another encoding",
    "a spreadsheet that saves as it likes",
    "UTF-8, and the letters it has no room for",
    "E002 E006 E007 E010 E1301 E1307 E1312",
)
def other_encoding(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from spoilt(draft, *[partial(_encode, encoding=name) for name in ("cp1252", "utf-16", "shift_jis", "cp932")])


def _encode(content: bytes, encoding: str) -> bytes:
    return content.decode().encode(encoding, "ignore" if encoding == "cp1252" and content.isascii() else "replace")


@fault(
    "columns reordered, lost, doubled or added", "a tool that writes its own columns", "the schema", "E006 E007 E008"
)
def other_columns(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from spoilt(
        draft,
        *[
            partial(_columns, how=how)
            for how in ("swap", "lose", "double", "add", "index", "unnamed", "rename", "case")
        ],
    )


def _columns(content: bytes, how: str) -> bytes:
    header = content.decode().partition("\n")[0].split(",")
    table = [header, *[[*row.values()] for row in parse(content)]]
    return _raw([_other_cells(row, how, number == 0) for number, row in enumerate(table)])


def _other_cells(row: list[str], how: str, first: bool) -> list[str]:
    """Return a row, or the header, of a table whose columns a tool has changed."""
    at = len(row) // 2
    if how == "swap":
        return [*row[: at - 1], row[at], row[at - 1], *row[at + 1 :]]
    if how == "lose":
        return [*row[:at], *row[at + 1 :]]
    if how == "double":
        return [*row, row[at]]
    if how == "index":
        return ["" if first else "0", *row]
    if how in ("add", "unnamed"):
        return [*row, {"add": "remarks", "unnamed": "Unnamed: 9"}[how] if first else ""]
    if how == "rename":
        return [*row[:at], row[at] + "s" if first else row[at], *row[at + 1 :]]
    return [cell.upper() if first else cell for cell in row]


@fault("another separator", "a spreadsheet of a country with decimal commas", "the header", "E006 E007")
def other_separator(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from spoilt(draft, partial(_separate, separator=";"), partial(_separate, separator="\t"))


def _separate(content: bytes, separator: str) -> bytes:
    header = content.decode().partition("\n")[0].split(",")
    return _raw([header, *[[*row.values()] for row in parse(content)]], separator)


@fault("blank line, header in the middle, or open quote", "two files put together by hand", "the header",
       FORM)  # fmt: skip
def stray_line(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, content in draft.record.content.items():
        header = content.partition(b"\n")[0] + b"\n"
        breaks = [at + 1 for at in range(min(len(content), 20_000)) if content[at] == 10 and _closed(content, at)]
        for line in (b"\n", header, b'"open,' + header):
            yield draft.bytes(table, partial(_insert, at=chance.choice(breaks), line=line))


def _closed(content: bytes, at: int) -> bool:
    """Whether no quote is open at a place of a file."""
    return content.count(b'"', 0, at) % 2 == 0


def _insert(content: bytes, at: int, line: bytes) -> bytes:
    return content[:at] + line + content[at:]


@fault("missing or empty file", "a file left out of an upload", "the schema", "E001 E005")
def no_file(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from spoilt(draft, partial(_gone), partial(_cut, at=0))


def _gone(content: bytes) -> None:
    return None


@fault("shuffled rows", "a tool that keeps no order", "nothing: the order of rows in a folder says nothing", "E1503")
def shuffled(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    for table, rows in draft.record.tables.items():
        if len(rows) > 1:
            yield draft.bytes(table, partial(_shuffle, seed=chance.randrange(1000)), witness=False)


def _shuffle(content: bytes, seed: int) -> bytes:
    rows = parse(content)
    random.Random(seed).shuffle(rows)
    return render(rows[0], rows)


def packaged(draft: Draft, chance: random.Random, spoil: Spoil, *rebuilt: str) -> Iterator[Mutant]:
    """Yield mutants of a package: a spoilt table, and of the generated files those in ``rebuilt`` brought up to date."""
    for table, rows in draft.record.tables.items():
        if len(rows) > 1:
            yield Mutant(draft.kind, f"{table} in a package", draft.codes, True, file=table, spoil=spoil,
                         rebuilt=frozenset(rebuilt))  # fmt: skip


@fault("stale Parquet file", "a build that was forgotten, in a package", "the CSV file", "E1501")
def stale_parquet(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from packaged(draft, chance, partial(_lose_last), "descriptor")


@fault("stale descriptor", "a build that was forgotten, in a package", "the files", "E1502")
def stale_descriptor(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from packaged(draft, chance, partial(_lose_last), "parquet")


def _lose_last(content: bytes) -> bytes:
    rows = parse(content)
    return render(rows[0], rows[:-1])


@fault("unsorted rows", "a row appended by hand, in a package", "the order of the ids", "E1503")
def unsorted_rows(draft: Draft, chance: random.Random) -> Iterator[Mutant]:
    yield from packaged(draft, chance, partial(_shuffle, seed=7), "parquet", "descriptor")

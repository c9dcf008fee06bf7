"""Where the marks of a picture lie: numbers only, in shares of the width or on a plain grid; templates draw them.

Horizontal places are percentages of the width, so that a picture fits any window without its text shrinking.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from india_japan_engagements.lookup import Row, Tables
from india_japan_engagements.queries import Series, days

from .wording import number

FIRST_YEAR = 1947
"""The year of India's independence, with which the record begins."""

SHOWN = 6
"""Of so many groups a reader can keep the colours apart; what is rarer is drawn as one."""


class Bar(NamedTuple):
    """A segment of a bar: which group (its place in the legend), where, and how high of the whole height."""

    group: int
    x: float
    y: float
    width: float
    height: float
    label: str


class Bars(NamedTuple):
    """A bar chart: its segments, its legend, its scales and the numbers it is drawn from."""

    bars: list[Bar]
    legend: list[str]
    years: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    header: list[str]
    rows: list[list[int]]


class Point(NamedTuple):
    """A place on a map: where, how large, and where its name goes, if there is room for it."""

    place: Row
    number: int
    x: float
    y: float
    radius: float
    anchor: str


class Map(NamedTuple):
    """Points on a plain grid of meridians and parallels; equirectangular about the middle latitude, no borders."""

    title: str
    width: float
    height: float
    points: list[Point]
    meridians: list[tuple[float, str]]
    parallels: list[tuple[float, str]]


class Life(NamedTuple):
    """A commitment on the common axis: made, due, and each update; percentages of the width."""

    commitment_id: str
    made: float
    due: float | None
    updates: list[tuple[float, str]]
    end: float


class Session(NamedTuple):
    """One field of a strip: a session, or the numbers of which there is none."""

    number: str
    row: Row | None


def years_of(rows: Iterable[Row]) -> Counter[int]:
    """Return how many rows of ``timeline`` began in each year; those without a date are in none."""
    return Counter(int(row["start_date"][:4]) for row in rows if row["start_date"])


def stacked(
    counts: Mapping[int, Mapping[str, int]], labels: Mapping[str, str], first: int, last: int, rest: str = "other"
) -> Bars:
    """Return bars of years stacked by group; the groups beyond the most frequent ones are drawn as one.

    Args:
        counts: for each year, how many of each group.
        labels: the name of each group, in the order in which they are stacked.
        first: the first year of the axis.
        last: its last year.
        rest: the name of the groups drawn as one.
    """
    totals = Counter({group: sum(of.get(group, 0) for of in counts.values()) for group in labels})
    common = {group for group, count in totals.most_common(SHOWN if len(+totals) > SHOWN + 1 else SHOWN + 1) if count}
    kept = [group for group in labels if group in common]
    legend = [labels[group] for group in kept]
    if others := [group for group in labels if totals[group] and group not in common]:
        legend.append(rest)
    table: list[list[int]] = []
    for year in range(first, last + 1):
        of = counts.get(year, {})
        row = [of.get(group, 0) for group in kept]
        if others:
            row.append(sum(of.get(group, 0) for group in others))
        table.append([year, *row])
    top = _round_up(max((sum(row[1:]) for row in table), default=0))
    step = 100 / len(table)
    bars = []
    for position, (year, *row) in enumerate(table):
        base = 0
        for group, count in enumerate(row):
            if count:
                y, height = 100 * (1 - (base + count) / top), 100 * count / top
                label = f"{year}, {legend[group]}: {number(count)}"
                bars.append(Bar(group, position * step + step * 0.1, y, step * 0.8, height, label))
                base += count
    spacing = 10 if len(table) > 40 else 2 if len(table) > 10 else 1
    years = [((year - first + 0.5) * step, str(year)) for year in range(first, last + 1) if year % spacing == 0]
    ticks = [(100 - 100 * value / top, number(value)) for value in (0, top // 2, top)]
    return Bars(bars, legend, years, ticks, ["Year", *legend], table)


def by_year(tables: Tables, column: str, labels: Mapping[str, str], unknown: str) -> dict[int, Counter[str]]:
    """Return how many engagements of each year have each code of a column of ``timeline``."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for row in tables["timeline"]:
        if row["start_date"]:
            value = row[column]
            counts[int(row["start_date"][:4])][value if value in labels else unknown] += 1
    return counts


def topics_by_year(tables: Tables) -> dict[str, Counter[int]]:
    """Return for each topic of the first level how many engagements of each year took up it or one below it."""
    parents = {key: row["parent_id"] for key, row in tables.by_id("topics").items()}
    began = {key: row["start_date"] for key, row in tables.by_id("timeline").items()}
    taken: dict[str, set[str]] = defaultdict(set)
    for item in tables["agenda"]:
        topic = item["topic_id"]
        while topic and parents[topic]:
            topic = parents[topic]
        if topic and began[item["engagement_id"]]:
            taken[topic].add(item["engagement_id"])
    return {topic: Counter(int(began[key][:4]) for key in keys) for topic, keys in taken.items()}


def maps(tables: Tables) -> list[Map]:
    """Return the places at which something happened: all of them, and those of either country by themselves."""
    counts = Counter(row["place_id"] for row in tables["timeline"] if row["place_id"])
    places = [
        row
        for row in tables["places"]
        if counts[row["place_id"]] and row["latitude"] is not None and row["type"] != "country"
    ]
    drawn = [("Everywhere", places, 960.0, 12)]
    for code, name in (("IND", "India"), ("JPN", "Japan")):
        drawn.append((name, [row for row in places if row["country"] == code], 460.0, 14))
    return [_map(title, some, counts, width, names) for title, some, width, names in drawn if some]


def lives(rows: Iterable[Row], updates: Mapping[str, list[Row]]) -> tuple[list[Life], list[tuple[float, str]]]:
    """Return each commitment of ``commitment_tracker`` as a line in time, and the years along the axis."""
    rows = [row for row in rows if row["made_on"]]
    dates = [row[key] for row in rows for key in ("made_on", "deadline", "status_on") if row[key]]
    if not dates:
        return [], []
    first, last = int(min(dates)[:4]), int(max(dates)[:4]) + 1
    found = []
    for row in rows:
        made = _at(row["made_on"], first, last)
        due = _at(row["deadline"], first, last, latest=True) if row["deadline"] else None
        marks = [
            (_at(update["observed_on"], first, last), update["status"])
            for update in updates.get(row["commitment_id"], [])
        ]
        end = max([made, *(at for at, _ in marks), *([due] if due is not None else [])])
        found.append(Life(row["commitment_id"], made, due, marks, end))
    spacing = 5 if last - first > 12 else 1
    ticks = [(_at(str(year), first, last), str(year)) for year in range(first, last) if year % spacing == 0]
    return found, ticks


def strip(series: Series) -> list[Session]:
    """Return the sessions of a series in order, with a field for each run of numbers that no session has."""
    gaps = list(series.gaps)
    fields = []
    for row in series.sessions:
        while gaps and row["ordinal"] is not None and gaps[0].first < row["ordinal"]:
            gap = gaps.pop(0)
            fields.append(Session(str(gap.first) if gap.first == gap.last else f"{gap.first}–{gap.last}", None))
        fields.append(Session("" if row["ordinal"] is None else str(row["ordinal"]), row))
    return fields


def _at(text: str, first: int, last: int, latest: bool = False) -> float:
    """Return where a date lies between the beginnings of two years, as a percentage."""
    day = days(text)[latest]
    start = date(first, 1, 1)
    return round(100 * (day - start).days / (date(last, 1, 1) - start).days, 2)


def _round_up(value: int) -> int:
    """Return the next number of one digit and zeros that can be halved."""
    if value <= 10:
        return max(2, value + value % 2)
    unit: int = 10 ** (len(str(value)) - 1) // 2
    unit *= 2 if unit % 2 else 1
    return -(-value // unit) * unit


def _map(title: str, places: list[Row], counts: Counter[str], width: float, names: int) -> Map:
    from math import cos, radians, sqrt

    longitudes = [row["longitude"] for row in places]
    latitudes = [row["latitude"] for row in places]
    margin = max(1.5, 0.06 * (max(longitudes) - min(longitudes)))
    west, east = max(-180, min(longitudes) - 1.5 * margin), min(180, max(longitudes) + 1.5 * margin)
    south, north = max(-90, min(latitudes) - margin), min(90, max(latitudes) + margin)
    squeeze = cos(radians((south + north) / 2))
    scale = width / ((east - west) * squeeze)
    height = (north - south) * scale
    largest = max(counts[row["place_id"]] for row in places)
    points: list[Point] = []
    boxes: list[tuple[float, float, float, float]] = []
    for row in sorted(places, key=lambda row: (-counts[row["place_id"]], row["place_id"])):
        count = counts[row["place_id"]]
        x, y = (row["longitude"] - west) * squeeze * scale, (north - row["latitude"]) * scale
        radius = 3 + 15 * sqrt(count / largest)
        anchor = ""
        long = 8.2 * len(row["name_en"]) + 4
        for side, left in (("start", x + radius + 3), ("end", x - radius - 3 - long)):
            box = (left, y - 8, left + long, y + 8)
            if names and box[0] > 0 and box[2] < width and not any(_overlap(box, other) for other in boxes):
                anchor = side
                names -= 1
                boxes.append(box)
                break
        boxes.append((x - radius, y - radius, x + radius, y + radius))
        points.append(Point(row, count, round(x, 1), round(y, 1), round(radius, 1), anchor))
    every = next(step for step in (1, 2, 5, 10, 15, 30, 60) if (east - west) / step <= 8)
    meridians = [
        (round((degree - west) * squeeze * scale, 1), _degrees(degree, "E", "W"))
        for degree in range(-180, 181, every)
        if west < degree < east
    ]
    parallels = [
        (round((north - degree) * scale, 1), _degrees(degree, "N", "S"))
        for degree in range(-90, 91, every)
        if south < degree < north
    ]
    return Map(title, width, round(height, 1), points, meridians, parallels)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _degrees(value: int, positive: str, negative: str) -> str:
    return f"{abs(value)}°{positive if value > 0 else negative if value < 0 else ''}"

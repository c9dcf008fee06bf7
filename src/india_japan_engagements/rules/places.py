"""Family 7: places that lie where they say, and people who are in one of them at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import narwhals as nw

from ..columns import whole
from ..views import Frame, spans
from . import Data, Finding, rule

SIZES = ("country", "region", "city", "site")
CLOCK = whole("[0-2][0-9]:[0-5][0-9]")
NESTS = ("region", "site")
"""Types that may lie in one of their own kind: a province in a region, a hall in a park."""


@rule(
    "E701",
    "it is in {value}, and its parent {parent_id} in {parent_country}",
    "correct the country or the parent",
    bad="a city of Japan lies in India",
    good="a city, its region and its country name the same country",
)
def places_lie_in_their_parents_country(data: Data) -> Iterator[Finding]:
    """A place belongs to the country of the place that holds it, so that it cannot be counted under two."""
    parents = data["places"].select(nw.col("place_id").alias("parent_id"), nw.col("country").alias("parent_country"))
    rows = data["places"].join(parents, on="parent_id").filter(nw.col("country") != nw.col("parent_country"))
    yield "places", "country", rows


@rule(
    "E702",
    "it is a {value} {lies}",
    "give as parent the next larger place; a country has none",
    bad="a city lies in a site; or a city has no parent",
    good="a site lies in a city, the city in a region or country",
)
def places_lie_in_larger_ones(data: Data) -> Iterator[Finding]:
    """The tree of places runs from sites up to countries; every place but a country hangs on it."""
    ranks = nw.col("type").replace_strict([*SIZES], list(range(len(SIZES))), default=None, return_dtype=nw.Int64)
    places = data["places"].filter(nw.col("type").is_in([*SIZES])).with_columns(ranks.alias("size"))
    parents = places.select(
        nw.col("place_id").alias("parent_id"), nw.col("type").alias("parent_type"), nw.col("size").alias("parent_size")
    )
    inside = places.join(parents, on="parent_id")
    nested = (nw.col("type") == nw.col("parent_type")) & nw.col("type").is_in([*NESTS])
    wrong = inside.filter(nw.col("parent_size") >= nw.col("size"), ~nested).with_columns(
        nw.concat_str(nw.lit("that lies in the "), nw.col("parent_type"), nw.lit(" "), nw.col("parent_id")).alias(
            "lies"
        )
    )
    yield "places", "type", wrong
    hanging = places.filter(nw.col("parent_id").is_null(), nw.col("type") != "country")
    yield "places", "type", hanging.with_columns(nw.lit("that lies in nothing").alias("lies"))


@rule(
    "E703",
    "{value} lies in {found}, not in {timezone}",
    "correct the coordinates or the time zone; latitude comes first, west and south are negative",
    bad="Tokyo at latitude 139.69, longitude 35.69; or Delhi in Asia/Tokyo",
    good="Tokyo at 35.6895, 139.69171 in Asia/Tokyo",
)
def coordinates_lie_in_their_time_zone(data: Data) -> Iterator[Finding]:
    """Swapped, mistyped or misplaced coordinates nearly always leave the time zone.

    The areas are those of timezone-boundary-builder, as tzfpy holds them; near a border any zone that meets there
    will do.
    """
    from tzfpy import get_tzs

    located = data["places"].filter(
        ~nw.col("latitude").is_null(), ~nw.col("longitude").is_null(), ~nw.col("timezone").is_null()
    )
    rows = located.select("place_id", "latitude", "longitude", "timezone").collect()
    wrong: dict[str, str] = {}
    for place, latitude, longitude, zone in zip(*(rows[name].to_list() for name in rows.columns), strict=True):
        if abs(latitude) <= 90 and abs(longitude) <= 180:  # else out of bounds, which E015 says
            found = get_tzs(longitude, latitude)
            if zone not in found:
                wrong[place] = " or ".join(found) or "no zone"
    if wrong:
        found_in = data.table({"place_id": [*wrong], "found": [*wrong.values()]})
        yield "places", "latitude", located.join(found_in, on="place_id")


@rule(
    "E704",
    "{value!r} is no time zone",
    "write an IANA name such as Asia/Kolkata or Asia/Tokyo",
    bad="Asia/Delhi",
    good="Asia/Kolkata",
)
def time_zones_exist(data: Data) -> Iterator[Finding]:
    """A time zone is one of the IANA database."""
    known = sorted(_zones())
    for table in data.with_fields("timezone"):
        yield (
            table,
            "timezone",
            data.unknown(table, "timezone", known),
        )


@rule(
    "E705",
    "{value!r} is no country of ISO 3166-1",
    "write the three letters, such as IND, JPN or USA",
    bad="UKR where GBR is meant is a country, ENG is not",
    good="GBR",
)
def countries_exist(data: Data) -> Iterator[Finding]:
    """States go by their ISO 3166-1 letters; of those that are no more, by the ones they had."""
    import pycountry

    known = [country.alpha_3 for country in (*pycountry.countries, *pycountry.historic_countries)]
    for column in ("country", "side"):
        for table in data.with_fields(column):
            yield table, column, data.unknown(table, column, known)


def _attended(data: Data) -> Frame:
    """Who was where: a row for each person at each held meeting in person whose days and place are known."""
    dated = spans(data["engagements"]).filter(
        nw.col("status") == "held",
        nw.col("start_date_earliest") == nw.col("start_date_latest"),
        nw.col("end_date_earliest") == nw.col("end_date_latest"),
    )
    there = data["participations"].filter(nw.col("presence") == "in_person", ~nw.col("person_id").is_null())
    places = data["places"].select("place_id", "country", nw.col("timezone").alias("place_timezone"))
    return (
        there.select("engagement_id", "person_id")
        .unique()
        .join(dated, on="engagement_id")
        .join(places, on="place_id")
        .select(
            "engagement_id",
            "person_id",
            "place_id",
            "country",
            "start_date",
            "start_time",
            "duration_minutes",
            "place_timezone",
            "timezone",
            nw.col("start_date_earliest").alias("from"),
            nw.col("end_date_latest").alias("to"),
        )
    )


@rule(
    "E706",
    "{person_id} would be in {city} and, at {other_id}, in {other_city} at the same time",
    "correct the place, the hour or the participant of one of the two",
    bad="a minister meets in Delhi from 10:00 for an hour, and in Tokyo at 10:30 that day by Delhi's clock",
    good="the second meeting begins after the first is over",
)
def nobody_is_in_two_cities_at_once(data: Data) -> Iterator[Finding]:
    """Meetings of one person in two cities do not overlap by the clock. A meeting of unknown length is an instant."""
    cities = _cities(data)
    timed = (
        _attended(data)
        .filter(nw.col("start_time").str.contains(CLOCK), nw.col("from") == nw.col("to"))
        .join(cities, on="place_id")
        .with_columns(nw.coalesce(nw.col("timezone"), nw.col("place_timezone")).alias("zone"))
        .filter(~nw.col("zone").is_null())
    )
    moments = timed.select("zone", "start_date").unique().collect()
    if moments.is_empty():
        return
    zones, days = moments["zone"].to_list(), moments["start_date"].to_list()
    offsets = data.table({"zone": zones, "start_date": days, "offset": [*map(_offset, zones, days)]})
    minute = nw.col("start_time").str.slice(0, 2).cast(nw.Int64) * 60 + nw.col("start_time").str.slice(3, 2).cast(
        nw.Int64
    )
    timed = timed.join(offsets, on=["zone", "start_date"]).with_columns(
        (minute - nw.col("offset")).alias("begins"),
        (minute - nw.col("offset") + nw.col("duration_minutes").fill_null(0)).alias("ends"),
    )
    others = timed.select(
        "person_id",
        "start_date",
        nw.col("engagement_id").alias("other_id"),
        nw.col("city").alias("other_city"),
        nw.col("begins").alias("other_begins"),
        nw.col("ends").alias("other_ends"),
    )
    yield (
        "engagements",
        "start_time",
        data.rows(
            "engagements",
            timed.join(others, on=["person_id", "start_date"])
            .filter(
                nw.col("engagement_id") > nw.col("other_id"),
                nw.col("city") != nw.col("other_city"),
                (nw.col("begins") == nw.col("other_begins"))
                | ((nw.col("begins") < nw.col("other_ends")) & (nw.col("other_begins") < nw.col("ends"))),
            )
            .select("engagement_id", "person_id", "city", "other_id", "other_city"),
        ),
    )


@rule(
    "W701",
    "{person_id} would be in {country} and, at {other_id}, in {other_country} on {on}",
    "correct a date, a place or a participant, or waive this with the source for both",
    bad="a minister meets in Tokyo on the second day of a visit of three days to Delhi",
    good="the last day of one stay is the first of the next",
)
def nobody_is_in_two_countries_on_a_day(data: Data) -> Iterator[Finding]:
    """Two countries on one day is possible and rare; most often a day is off by one, or somebody else was there.

    Compared are meetings of one day with each other and with the days between the first and the last of a longer stay.
    """
    stays = _attended(data).with_columns(nw.col("from").cast(nw.String).str.slice(0, 7).alias("month"))
    days = stays.filter(nw.col("from") == nw.col("to"))

    def other(frame: Frame, *keys: str) -> Frame:
        return frame.select(
            *keys,
            nw.col("engagement_id").alias("other_id"),
            nw.col("country").alias("other_country"),
            nw.col("from").alias("other_from"),
            nw.col("to").alias("other_to"),
        )

    same_day = days.join(other(days, "person_id", "start_date"), on=["person_id", "start_date"]).filter(
        nw.col("engagement_id") > nw.col("other_id")
    )
    spells = stays.filter(nw.col("from") < nw.col("to"))
    by_month = nw.concat(
        [
            spells.select(
                "engagement_id",
                "person_id",
                "country",
                "from",
                "to",
                nw.col(edge).cast(nw.String).str.slice(0, 7).alias("month"),
            )
            for edge in ("from", "to")
        ]
    ).unique()
    within = days.join(other(by_month, "person_id", "month"), on=["person_id", "month"]).filter(
        nw.col("other_from") < nw.col("from"), nw.col("from") < nw.col("other_to")
    )
    columns = ("engagement_id", "person_id", "country", "other_id", "other_country", "from")
    found = nw.concat([frame.select(*columns) for frame in (same_day, within)]).filter(
        nw.col("country") != nw.col("other_country")
    )
    yield "engagements", "start_date", data.rows("engagements", found.rename({"from": "on"}))


@rule(
    "W702",
    "it was at {value}, which is not in {whole}, where {parent_id} was",
    "correct one of the two places, or give the whole the smallest place that contains its parts; or waive this",
    bad="a meeting in Tokyo within a visit to Delhi; one in Agra within a visit to Delhi",
    good="one in Agra within a visit to India",
)
def parts_lie_in_the_place_of_the_whole(data: Data) -> Iterator[Finding]:
    """A visit has the smallest place that contains its stops. It stands here for the tree of places."""
    rows = data["places"].select("place_id", "parent_id").collect()
    above = dict(zip(rows["place_id"].to_list(), rows["parent_id"].to_list(), strict=True))
    pairs = [(place, whole) for place in above for whole in _chain(place, above)]
    inside = data.table({"place_id": [one for one, _ in pairs], "whole": [other for _, other in pairs]})
    wholes = data["engagements"].filter(~nw.col("place_id").is_null())
    wholes = wholes.select(nw.col("engagement_id").alias("parent_id"), nw.col("place_id").alias("whole"))
    parts = data["engagements"].filter(~nw.col("place_id").is_null()).join(wholes, on="parent_id")
    # What is known of the part only by region or country may hold the place of the whole, and is not outside it.
    for one, other in (("place_id", "whole"), ("whole", "place_id")):
        parts = parts.join(inside, left_on=["place_id", "whole"], right_on=[one, other], how="anti")
    yield "engagements", "place_id", parts


def _chain(place: str, above: dict[str, str | None]) -> list[str]:
    """Return a place and those it lies in, from the smallest."""
    found: list[str] = []
    here: str | None = place
    while here is not None and here not in found:
        found.append(here)
        here = above.get(here)
    return found


@cache
def _zones() -> set[str]:
    """Return the names of all time zones; asking for them reads a whole folder."""
    return available_timezones()


def _offset(zone: str, day: str) -> int:
    """Return how many minutes a zone is ahead of UTC at noon of a day; 0 for a zone that does not exist."""
    if zone not in _zones():
        return 0
    there = datetime.combine(date.fromisoformat(day), datetime.min.time().replace(hour=12), ZoneInfo(zone))
    return int((there.replace(tzinfo=UTC) - there).total_seconds() // 60)


def _cities(data: Data) -> Frame:
    """Return place_id and city: the city a place is or lies in; countries and regions have no row."""
    rows = data["places"].select("place_id", "parent_id", "type").collect()
    ids, parents, types = (rows[name].to_list() for name in rows.columns)
    kind, above = dict(zip(ids, types, strict=True)), dict(zip(ids, parents, strict=True))
    found: dict[str, str] = {}
    for place in ids:
        here, steps = place, 0
        while here in kind and kind[here] == "site" and steps < len(SIZES):
            here, steps = above[here], steps + 1
        if kind.get(here) == "city":
            found[place] = here
    return data.table({"place_id": [*found], "city": [*found.values()]})

"""Family 3: whoever takes part in an office held it that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import narwhals as nw

from ..views import bounds, spans
from . import Data, Finding, rule

EVER = date(9999, 12, 31)


@rule(
    "E301",
    "{person_id} was not {office_id} on {on}: no spell in tenures covers it",
    "correct the office or the date, or add the spell to tenures",
    bad="Takaichi as prime minister on 2025-10-20",
    good="on 2025-10-21, the day of handover, or later",
)
def office_held_that_day(data: Data) -> Iterator[Finding]:
    """A participant holds the office on the day; on a handover day both holders do.

    Only what was held is judged: who was to come, and fell from office before, is often why nobody came.
    """
    dated = spans(data["engagements"]).filter(nw.col("status") == "held", ~nw.col("start_date").is_null())
    acting = (
        data["participations"]
        .filter(~nw.col("person_id").is_null(), ~nw.col("office_id").is_null())
        .join(
            dated.select(
                "engagement_id",
                nw.col("start_date").alias("on"),
                nw.col("start_date_earliest").alias("first"),
                nw.col("end_date_latest").alias("last"),
            ),
            on="engagement_id",
        )
    )
    # An empty bound of a tenure is unknown, and excludes nothing.
    spells = bounds(data["tenures"], "start_date", "end_date").select(
        "person_id", "office_id", "start_date_earliest", "end_date_latest"
    )
    matched = acting.join(spells, on=["person_id", "office_id"])
    covered = (
        matched.filter(
            nw.col("start_date_earliest").is_null() | (nw.col("start_date_earliest") <= nw.col("last")),
            nw.col("end_date_latest").is_null() | (nw.col("end_date_latest") >= nw.col("first")),
        )
        .select("participation_id")
        .unique()
    )
    recorded = spells.select("person_id", "office_id").unique()
    missed = acting.join(covered, on="participation_id", how="anti")
    yield "participations", "office_id", missed.join(recorded, on=["person_id", "office_id"])


@rule(
    "E302",
    "no tenure of {person_id} as {office_id} is recorded",
    "add it to tenures, with its source, or correct the office",
    bad="somebody acts as an office of which tenures knows no spell of theirs",
    good="the spell is added; its bounds may be empty where no source gives them",
)
def offices_have_tenures(data: Data) -> Iterator[Finding]:
    """An office someone acts in is backed by a recorded spell, so that the day can be checked."""
    acting = data["participations"].filter(~nw.col("person_id").is_null(), ~nw.col("office_id").is_null())
    for column, table in (("person_id", "people"), ("office_id", "offices")):
        acting = acting.join(data[table].select(column), on=column)
    recorded = data["tenures"].select("person_id", "office_id")
    yield "participations", "office_id", acting.join(recorded, on=["person_id", "office_id"], how="anti")


@rule(
    "E303",
    "it overlaps {other_id}, and {office_id} has one holder at a time",
    "correct the bounds; mark who only acted with acting",
    bad="two prime ministers from January to December 2025",
    good="one until 2025-10-21, the other from that day; who only acted is marked acting",
)
def one_holder_a_day(data: Data) -> Iterator[Finding]:
    """A singular post has one holder a day; the handover day belongs to both, an acting holder is not counted."""
    singular = data["offices"].filter(nw.col("singular")).select("office_id")
    spells = (
        bounds(data["tenures"], "start_date", "end_date")
        .filter(~nw.col("acting").fill_null(False))
        .join(singular, on="office_id")
        .with_columns(
            # The narrowest reading of each spell: from the last day it can have begun to the first it can have ended.
            nw.coalesce(nw.col("start_date_latest"), nw.col("end_date_earliest")).alias("from"),
            nw.when(nw.col("ongoing"))
            .then(nw.lit(EVER))
            .otherwise(nw.coalesce(nw.col("end_date_earliest"), nw.col("start_date_latest")))
            .alias("to"),
        )
        .filter(~nw.col("from").is_null())
    )
    # In order of beginning, a spell overlaps an earlier one if it begins before the latest end so far: no pairing.
    order = ["from", "to", "tenure_id"]
    latest = spells.with_columns(nw.col("to").cum_max().over("office_id", order_by=order).alias("other_to"))
    late = latest.with_columns(nw.col("other_to").shift(1).over("office_id", order_by=order)).filter(
        nw.col("from") < nw.col("other_to")
    )
    others = spells.group_by("office_id", "to").agg(nw.col("tenure_id").min().alias("other_id"))
    yield "tenures", "start_date", late.join(others, left_on=["office_id", "other_to"], right_on=["office_id", "to"])


@rule(
    "E304",
    "{person_id} died on {died_on}, before {on}",
    "correct the person or the date",
    bad="a meeting in 2024-11 with somebody who died in 2024-10",
    good="a ceremony in memory of the dead, attended by others",
)
def nobody_takes_part_after_death(data: Data) -> Iterator[Finding]:
    """The dead are honoured, not met: name them in the title or note. What was called off, they did not attend."""
    dead = bounds(data["people"].filter(~nw.col("died_on").is_null()), "died_on").select(
        "person_id", "died_on", "died_on_latest"
    )
    held = spans(data["engagements"]).filter(nw.col("status") == "held")
    dated = held.select("engagement_id", nw.col("start_date").alias("on"), "start_date_earliest")
    yield (
        "participations",
        "person_id",
        data["participations"]
        .join(dead, on="person_id")
        .join(dated, on="engagement_id")
        .filter(nw.col("start_date_earliest") > nw.col("died_on_latest")),
    )


@rule(
    "E305",
    "the participant has neither person nor office",
    "give at least one of the two",
    bad="a participant with neither person nor office",
    good="a person, an office or both",
)
def participants_are_named(data: Data) -> Iterator[Finding]:
    """A participant is a person, an office or both."""
    yield (
        "participations",
        "person_id",
        data["participations"].filter(nw.col("person_id").is_null(), nw.col("office_id").is_null()),
    )


@rule(
    "E306",
    "{office_id} is an office of {office_country}, not of {value}",
    "correct the side or the office",
    bad="India's prime minister on the side of Japan",
    good="on the side of India",
)
def side_is_the_offices_country(data: Data) -> Iterator[Finding]:
    """Who acts in an office of a state acts for that state."""
    offices = data["offices"].select("office_id", nw.col("country").alias("office_country"))
    yield (
        "participations",
        "side",
        data["participations"].join(offices, on="office_id").filter(nw.col("side") != nw.col("office_country")),
    )

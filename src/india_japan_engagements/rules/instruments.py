"""Family 11: the life of an instrument."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..views import bounds, spans
from . import Data, Finding, rule
from .nesting import in_circle

STAGES = (("signed_on", "in_force_on"), ("in_force_on", "ended_on"), ("signed_on", "ended_on"))
PARTIES = (("party_ind", "IND"), ("party_jpn", "JPN"))


@rule(
    "E1101",
    "{later} is {value}, before {earlier} ({before})",
    "correct one of the two dates: an instrument is signed, enters into force, ends",
    bad="signed on 2011-02-16, in force on 2010-08-01",
    good="signed on 2011-02-16, in force on 2011-08-01",
)
def instruments_live_forwards(data: Data) -> Iterator[Finding]:
    """An instrument is signed before it is in force and in force before it ends."""
    for earlier, later in STAGES:
        rows = bounds(data["agreements"], earlier, later).filter(
            nw.col(f"{later}_latest") < nw.col(f"{earlier}_earliest")
        )
        words = nw.lit(earlier).alias("earlier"), nw.lit(later).alias("later"), nw.col(earlier).alias("before")
        yield "agreements", later, rows.with_columns(*words)


@rule(
    "E1102",
    "it was signed on {value}, and {engagement_id} lasted {first} to {last}",
    "correct the date, or name the engagement at which it was signed; without one leave engagement_id empty",
    bad="signed on 2025-08-28 at a summit of 2025-08-29",
    good="signed on 2025-08-29 at it",
)
def signatures_lie_within_their_engagement(data: Data) -> Iterator[Finding]:
    """What was signed at an engagement was signed while it lasted."""
    held = spans(data["engagements"]).select(
        "engagement_id",
        nw.col("start_date").alias("first"),
        nw.coalesce(nw.col("end_date"), nw.col("start_date")).alias("last"),
        "start_date_earliest",
        "end_date_latest",
    )
    rows = bounds(data["agreements"], "signed_on").join(held, on="engagement_id")
    yield (
        "agreements",
        "signed_on",
        rows.filter(
            (nw.col("signed_on_latest") < nw.col("start_date_earliest"))
            | (nw.col("signed_on_earliest") > nw.col("end_date_latest"))
        ),
    )


@rule(
    "E1103",
    "its chain of replaces_id leads back to itself",
    "correct replaces_id in one row of the circle",
    bad="two memoranda that replace each other",
    good="the newer replaces the older",
)
def replacement_forms_no_circle(data: Data) -> Iterator[Finding]:
    """An instrument takes the place of an older one. Umbrellas are judged with all parents, by E202."""
    yield "agreements", "replaces_id", in_circle(data, "agreements", "replaces_id")


@rule(
    "E1104",
    "{value} is an office of {country}, not of {side}",
    "correct the party, or exchange party_ind and party_jpn",
    bad="party_ind is Japan's Ministry of Foreign Affairs",
    good="party_ind is India's Ministry of External Affairs",
)
def parties_are_offices_of_their_side(data: Data) -> Iterator[Finding]:
    """Each side is bound by an office of its own."""
    for column, side in PARTIES:
        offices = data["offices"].select(nw.col("office_id").alias(column), "country")
        rows = data["agreements"].join(offices, on=column).filter(nw.col("country") != side)
        yield "agreements", column, rows.with_columns(nw.lit(side).alias("side"))

"""Family 2: what lies within what."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..views import spans
from . import Data, Finding, rule


@rule(
    "E201",
    "{dates} is outside {parent_id}, which lasted {parent_dates}",
    "correct the dates of one of the two, or the parent",
)
def children_lie_within_parents(data: Data) -> Iterator[Finding]:
    """A part of a visit or meeting takes place while the whole does."""
    columns = ("start_date_earliest", "start_date_latest", "end_date_earliest", "end_date_latest")
    engagements = spans(data["engagements"]).with_columns(
        nw.when(nw.col("end_date").is_null())
        .then(nw.col("start_date"))
        .otherwise(nw.concat_str(nw.col("start_date"), nw.lit(" to "), nw.col("end_date")))
        .alias("dates")
    )
    parents = engagements.select(
        nw.col("engagement_id").alias("parent_id"), *[nw.col(c).alias(f"parent_{c}") for c in (*columns, "dates")]
    )
    yield (
        "engagements",
        "start_date",
        engagements.join(parents, on="parent_id").filter(
            (nw.col("start_date_latest") < nw.col("parent_start_date_earliest"))
            | (nw.col("start_date_earliest") > nw.col("parent_end_date_latest"))
            | (nw.col("end_date_earliest") > nw.col("parent_end_date_latest"))
        ),
    )


@rule("E202", "its chain of {column} leads back to itself", "correct {column} in one row of the circle")
def chains_form_no_circle(data: Data) -> Iterator[Finding]:
    """Whoever climbs from part to whole must arrive: parents form no circle."""
    for table in data.with_fields("parent_id"):
        key = data.key(table)
        pairs = data[table].filter(~nw.col("parent_id").is_null()).select(key, "parent_id").collect()
        circle = _in_circle(dict(zip(pairs[key].to_list(), pairs["parent_id"].to_list(), strict=True)))
        yield (
            table,
            "parent_id",
            data[table].filter(nw.col(key).is_in(circle)).with_columns(nw.lit("parent_id").alias("column")),
        )


@rule(
    "E203",
    "none of the visitors of {parent_id} takes part",
    "add the visitor among the participants, or correct the parent",
)
def visitors_take_part(data: Data) -> Iterator[Finding]:
    """A meeting belongs to a visit because someone who visits takes part in it."""
    countries = data["places"].select("place_id", "country")
    visits = data["engagements"].filter(nw.col("kind") == "visit").select("engagement_id", "place_id")
    visitors = (
        visits.join(countries, on="place_id", how="left")
        .join(data["participations"].select("engagement_id", "side", "person_id", "office_id"), on="engagement_id")
        .filter(nw.col("country").is_null() | (nw.col("side") != nw.col("country")))
        .select(
            nw.col("engagement_id").alias("parent_id"),
            nw.coalesce(nw.col("person_id"), nw.col("office_id")).alias("who"),
        )
    )
    children = data["engagements"].join(visits.select(nw.col("engagement_id").alias("parent_id")), on="parent_id")
    present = nw.concat(
        [
            data["participations"].select("engagement_id", nw.col(column).alias("who"))
            for column in ("person_id", "office_id")
        ]
    )
    accompanied = (
        children.select("engagement_id", "parent_id")
        .join(present, on="engagement_id")
        .join(visitors, on=["parent_id", "who"])
        .select("engagement_id")
        .unique()
    )
    yield "engagements", "parent_id", children.join(accompanied, on="engagement_id", how="anti")


@rule(
    "E204",
    "an exchange by {format} has a place ({value})",
    "leave place_id empty; say in note where a side was, if it matters",
)
def calls_have_no_place(data: Data) -> Iterator[Finding]:
    """A telephone or video exchange happens in two capitals at once and is counted in neither."""
    yield (
        "engagements",
        "place_id",
        data["engagements"].filter(nw.col("format").is_in(["telephone", "video"]), ~nw.col("place_id").is_null()),
    )


def _in_circle(parents: dict[str, str]) -> list[str]:
    """Return the ids from which the walk along ``parents`` comes back to its start; every id is walked over once."""
    settled: set[str] = set()
    circle: list[str] = []
    for start in parents:
        walked: dict[str, int] = {}
        here: str | None = start
        while here is not None and here not in settled and here not in walked:
            walked[here] = len(walked)
            here = parents.get(here)
        if here in walked:
            circle += [*walked][walked[here] :]
        settled |= walked.keys()
    return circle

"""Family 2: what lies within what, and what kind of engagement can have which form."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

import narwhals as nw

from ..views import Frame, spans
from . import Data, Finding, rule

Node = TypeVar("Node", bound=Hashable)

WALKED, DOUBLINGS = 100_000, 4
"""How many steps of chains are walked over as they are, and how often the chains of more are shortened first."""


@rule(
    "E201",
    "{dates} is outside {parent_id}, which lasted {parent_dates}",
    "correct the dates of one of the two, or the parent",
    bad="a call of 2026-01-18 within a visit of 2026-01-15 to 2026-01-17",
    good="a call of 2026-01-16, or of 2026-01",
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


@rule(
    "E202",
    "its chain of {column} leads back to itself",
    "correct {column} in one row of the circle",
    bad="a visit is part of its own meeting",
    good="the meeting is part of the visit",
)
def chains_form_no_circle(data: Data) -> Iterator[Finding]:
    """Whoever climbs from part to whole must arrive: parents form no circle."""
    for table in data.with_fields("parent_id"):
        rows = in_circle(data, table, "parent_id")
        yield table, "parent_id", rows.with_columns(nw.lit("parent_id").alias("column"))


@rule(
    "E203",
    "none of the visitors of {parent_id} takes part",
    "add the visitor among the participants, or correct the parent",
    bad="a meeting within the foreign minister's visit that he does not attend",
    good="he is among the participants",
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
    bad="a telephone call placed in Delhi",
    good="a telephone call without a place",
)
def calls_have_no_place(data: Data) -> Iterator[Finding]:
    """A telephone or video exchange happens in two capitals at once and is counted in neither."""
    yield (
        "engagements",
        "place_id",
        data["engagements"].filter(nw.col("format").is_in(["telephone", "video"]), ~nw.col("place_id").is_null()),
    )


@rule(
    "E205",
    "it gives {given} and no {lacking}",
    "give both, or neither: minutes, and whether the source gives them as exact, about or at_least",
    bad="120 minutes, and not whether that is exact",
    good="120 minutes, at_least",
)
def lengths_say_how_they_are_known(data: Data) -> Iterator[Finding]:
    """More than two hours is not two hours."""
    for given, lacking in (("duration_minutes", "duration_basis"), ("duration_basis", "duration_minutes")):
        rows = data["engagements"].filter(~nw.col(given).is_null(), nw.col(lacking).is_null())
        yield "engagements", given, rows.with_columns(nw.lit(given).alias("given"), nw.lit(lacking).alias("lacking"))


@rule(
    "E206",
    "the rank of a visit stands on a row of kind {kind}",
    "empty visit_rank; the visit around the meeting has it",
    bad="talks of rank official",
    good="the visit is official, the talks within it have no rank",
)
def only_visits_have_a_rank(data: Data) -> Iterator[Finding]:
    """A host declares the rank of a visit, not of a meeting."""
    yield (
        "engagements",
        "visit_rank",
        data["engagements"].filter(~nw.col("visit_rank").is_null(), nw.col("kind") != "visit"),
    )


@rule(
    "E207",
    "what is of kind {kind} cannot have the format {value}",
    "correct the format or the kind: a visit, exercise or ceremony takes somebody somewhere, a message is written",
    bad="a visit by telephone; a message in person",
    good="a visit in person; a message that is written",
)
def kinds_have_their_format(data: Data) -> Iterator[Finding]:
    """The kind of an engagement says in part by what means it can have been held."""
    at_a_distance = (nw.col("kind").is_in(["visit", "exercise"])) & nw.col("format").is_in(
        ["telephone", "video", "written"]
    )
    unwritten = (nw.col("kind") == "message") & (nw.col("format") != "written")
    yield "engagements", "format", data["engagements"].filter(at_a_distance | unwritten)


@rule(
    "E208",
    "the participant is {value}, and the engagement is {format}",
    "correct presence or the format; where some met and others joined by video, write hybrid",
    bad="a telephone call with a participant in person; a meeting in person with one who was remote",
    good="all of a call are remote; a hybrid meeting has both",
)
def presence_fits_the_format(data: Data) -> Iterator[Finding]:
    """Nobody is present in person at a telephone call."""
    formats = data["engagements"].select("engagement_id", "format")
    attended = data["participations"].join(formats, on="engagement_id")
    impossible = ((nw.col("presence") == "in_person") & nw.col("format").is_in(["telephone", "video", "written"])) | (
        (nw.col("presence") == "remote") & (nw.col("format") == "in_person")
    )
    yield "participations", "presence", attended.filter(impossible)


def in_circle(data: Data, table: str, column: str) -> Frame:
    """Return the rows of a table from which the walk along ``column`` comes back to its start."""
    key = data.key(table)
    steps = data[table].filter(~nw.col(column).is_null()).select(key, column)
    left = steps
    # Whose chain ends within two, four, eight steps is in no circle; what is left is walked over.
    for _ in range(DOUBLINGS):
        if left.select(nw.len()).collect().item() <= WALKED:
            break
        left = left.join(left.select(nw.col(key).alias(column), nw.col(column).alias("next")), on=column)
        left = left.select(key, nw.col("next").alias(column)).unique()
    pairs = steps if left is steps else steps.join(left.select(key).unique(), on=key)
    chain: dict[str, str] = {}
    for batch in data.stream(pairs):
        chain |= dict(zip(batch[key], batch[column], strict=True))
    found = circles(chain)
    return data[table].filter(nw.col(key).is_in(found))


def circles(chain: Mapping[Node, Node]) -> list[Node]:
    """Return the nodes from which the walk along ``chain`` comes back to its start; each is walked over once."""
    settled: set[Node] = set()
    circle: list[Node] = []
    for start in chain:
        walked: dict[Node, int] = {}
        here: Node | None = start
        while here is not None and here not in settled and here not in walked:
            walked[here] = len(walked)
            here = chain.get(here)
        if here in walked:
            circle += [*walked][walked[here] :]
        settled.update(walked)
    return circle

"""Family 10: what became of a promise comes after it, and rests on something else than the promise."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..views import Frame, bounds, spans
from . import Data, Finding, rule
from .nesting import in_circle


def _made(data: Data) -> Frame:
    """Return commitments with the bounds of the engagement at which each was made."""
    origin = spans(data["engagements"]).select(
        "engagement_id", nw.col("start_date").alias("made_on"), nw.col("start_date_earliest").alias("made_earliest")
    )
    return data["commitments"].join(origin, on="engagement_id")


@rule(
    "E1001",
    "the deadline {value} is before the commitment was made ({made_on})",
    "correct the deadline or the engagement",
    bad="promised on 2025-08-29, due 2024",
    good="promised on 2025-08-29, due 2025 or later",
)
def deadlines_lie_ahead(data: Data) -> Iterator[Finding]:
    """One promises for the future."""
    rows = bounds(_made(data), "deadline").filter(nw.col("deadline_latest") < nw.col("made_earliest"))
    yield "commitments", "deadline", rows


@rule(
    "E1002",
    "it was observed on {value}, before {what} ({then})",
    "correct observed_on, the commitment or the engagement",
    bad="promised on 2025-08-29, reaffirmed on 2025-05-10",
    good="promised on 2025-08-29, reaffirmed on 2026-01-16",
)
def updates_follow_their_commitment(data: Data) -> Iterator[Finding]:
    """Nothing becomes of a promise before it is made, nor at a meeting before the meeting."""
    updates = bounds(data["commitment_updates"], "observed_on")
    made = _made(data).select("commitment_id", nw.col("made_on").alias("then"), "made_earliest")
    early = updates.join(made, on="commitment_id").filter(nw.col("observed_on_latest") < nw.col("made_earliest"))
    yield "commitment_updates", "observed_on", early.with_columns(nw.lit("the commitment was made").alias("what"))
    met = spans(data["engagements"]).select(
        "engagement_id", nw.col("start_date").alias("then"), nw.col("start_date_earliest").alias("met_earliest")
    )
    early = updates.join(met, on="engagement_id").filter(nw.col("observed_on_latest") < nw.col("met_earliest"))
    yield "commitment_updates", "observed_on", early.with_columns(nw.lit("its engagement").alias("what"))


@rule(
    "E1003",
    "it says delivered on no other source than the promise itself",
    "add a source that reports the delivery, or write another status",
    bad="the only source of the delivery is the joint statement that promised it",
    good="a later page reports the delivery",
)
def delivery_has_its_own_evidence(data: Data) -> Iterator[Finding]:
    """A promise is no proof that it was kept."""
    supported = data["evidence"].filter(nw.col("stance") != "contradicts").select("table_name", "row_id", "source_id")
    origin = supported.filter(nw.col("table_name") == "commitments").select(
        nw.col("row_id").alias("commitment_id"), "source_id"
    )
    delivered = data["commitment_updates"].filter(nw.col("status") == "delivered")
    resting = delivered.join(
        supported.filter(nw.col("table_name") == "commitment_updates").select(
            nw.col("row_id").alias("commitment_update_id"), "source_id"
        ),
        on="commitment_update_id",
    )
    other = resting.join(origin, on=["commitment_id", "source_id"], how="anti").select("commitment_update_id").unique()
    # Without any evidence at all E801 speaks.
    rows = delivered.join(resting.select("commitment_update_id").unique(), on="commitment_update_id")
    yield "commitment_updates", "status", rows.join(other, on="commitment_update_id", how="anti")


@rule(
    "E1004",
    "its chain of supersedes_id leads back to itself",
    "correct supersedes_id in one row of the circle",
    bad="the target of 2025 supersedes that of 2022, and that of 2022 that of 2025",
    good="the newer supersedes the older",
)
def supersession_forms_no_circle(data: Data) -> Iterator[Finding]:
    """A newer promise takes the place of an older one, never the reverse as well."""
    yield "commitments", "supersedes_id", in_circle(data, "commitments", "supersedes_id")


@rule(
    "E1005",
    "it supersedes {value}, which was made later ({later})",
    "turn the link round: the newer commitment names the older",
    bad="the target of 2022 supersedes that of 2025",
    good="the target of 2025 supersedes that of 2022",
)
def the_newer_supersedes_the_older(data: Data) -> Iterator[Finding]:
    """What takes the place of a promise is made after it."""
    origin = spans(data["engagements"]).select("engagement_id", nw.col("end_date_latest").alias("made_latest"))
    older = _made(data).select(
        nw.col("commitment_id").alias("supersedes_id"), nw.col("made_on").alias("later"),
        nw.col("made_earliest").alias("older_earliest"),
    )  # fmt: skip
    rows = data["commitments"].join(origin, on="engagement_id").join(older, on="supersedes_id")
    yield "commitments", "supersedes_id", rows.filter(nw.col("made_latest") < nw.col("older_earliest"))


@rule(
    "W1001",
    "its deadline {value} has passed, and no update says what became of it",
    "look for a report and add an update: delivered, partly_delivered, delayed, abandoned, or no_evidence with the day "
    "to which it was searched",
    bad="the railway was to open in 2023, and the release of 2026 says nothing of it",
    good="an update of 2022-03-19 says it is delayed, or one of 2026-11-22 that no report was found",
)
def past_deadlines_are_followed_up(data: Data) -> Iterator[Finding]:
    """A promise whose day has come is kept, broken or out of sight; which of these is what the ledger is for."""
    due = bounds(data["commitments"], "deadline").filter(nw.col("deadline_latest") < nw.lit(data.release_date))
    followed = data["commitment_updates"].select("commitment_id").unique()
    yield "commitments", "deadline", due.join(followed, on="commitment_id", how="anti")

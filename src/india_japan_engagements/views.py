"""Derived facts and the derived tables: nothing here is ever typed by hand.

The first half (date bounds, level, tier) is shared by the rules and by the views, so that there is one definition of
each. The second half lays the tables flat for people who want one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import narwhals as nw
import polars as pl

from .tableschema import Schema

Frame = nw.LazyFrame[Any]
Frames = Mapping[str, Frame]


def bounds(frame: Frame, *columns: str) -> Frame:
    """Add ``<column>_earliest`` and ``<column>_latest``: the first and last day a partial date can mean."""
    for column in columns:
        text, length = nw.col(column), nw.col(column).str.len_chars()
        first = (
            nw.when(length == 4)
            .then(nw.concat_str(text, nw.lit("-01-01")))
            .otherwise(nw.when(length == 7).then(nw.concat_str(text, nw.lit("-01"))).otherwise(text))
            .str.to_date(format="%Y-%m-%d")
        )
        frame = frame.with_columns(first.alias(f"{column}_earliest"))
        earliest = nw.col(f"{column}_earliest")
        following = (
            nw.when(length == 4)
            .then(earliest.dt.offset_by("1y"))
            .otherwise(nw.when(length == 7).then(earliest.dt.offset_by("1mo")).otherwise(earliest.dt.offset_by("1d")))
        )
        frame = frame.with_columns(following.dt.offset_by("-1d").alias(f"{column}_latest"))
    return frame


def spans(engagements: Frame) -> Frame:
    """Add to engagements or host events the bounds of start and end; without an end date they end as they start."""
    return bounds(engagements, "start_date", "end_date").with_columns(
        nw.coalesce(nw.col("end_date_earliest"), nw.col("start_date_earliest")).alias("end_date_earliest"),
        nw.coalesce(nw.col("end_date_latest"), nw.col("start_date_latest")).alias("end_date_latest"),
    )


def levels(frames: Frames, codes: list[str]) -> Frame:
    """Return engagement_id and level: the highest office of each side's principals, and of the two the junior.

    ``codes`` are the levels from senior to junior. Engagements whose principals hold no office have no row.
    """
    ranks = nw.col("level").replace_strict(codes, list(range(len(codes))), return_dtype=nw.Int64)
    per_side = (
        frames["participations"]
        .filter(nw.col("capacity") == "principal", nw.col("side").is_in(["IND", "JPN"]))
        .join(frames["offices"].select("office_id", "level").filter(nw.col("level").is_in(codes)), on="office_id")
        .with_columns(ranks.alias("rank"))
        .group_by("engagement_id", "side")
        .agg(nw.col("rank").min())
    )
    return (
        per_side.group_by("engagement_id")
        .agg(nw.col("rank").max())
        .with_columns(
            nw.col("rank").replace_strict(list(range(len(codes))), codes, return_dtype=nw.String).alias("level")
        )
        .select("engagement_id", "level", "rank")
    )


def tiers(frames: Frames) -> Frame:
    """Return engagement_id, tier and source count.

    Tier A: joint, or both sides' own; B: one side's own; C: wire or paper of record; D: other.
    """

    def any_of(*kinds: str) -> nw.Expr:
        return nw.col("kind").is_in([*kinds]).cast(nw.Int64).max()

    return (
        frames["evidence"]
        .filter(nw.col("table_name") == "engagements", nw.col("stance") != "contradicts")
        .select(nw.col("row_id").alias("engagement_id"), "source_id")
        .unique()
        .join(frames["sources"].select("source_id", "kind"), on="source_id")
        .group_by("engagement_id")
        .agg(
            any_of("official_joint").alias("joint"),
            any_of("official_ind").alias("ind"),
            any_of("official_jpn").alias("jpn"),
            any_of("wire", "newspaper").alias("press"),
            nw.len().cast(nw.Int64).alias("sources"),
        )
        .with_columns(
            nw.when((nw.col("joint") == 1) | (nw.col("ind") + nw.col("jpn") == 2))
            .then(nw.lit("A"))
            .otherwise(
                nw.when(nw.col("ind") + nw.col("jpn") == 1)
                .then(nw.lit("B"))
                .otherwise(nw.when(nw.col("press") == 1).then(nw.lit("C")).otherwise(nw.lit("D")))
            )
            .alias("tier")
        )
        .select("engagement_id", "tier", "sources")
    )


def timeline(frames: Frames, schemas: Mapping[str, Schema]) -> pl.LazyFrame:
    """Return one row an engagement, flat, in order of time."""
    codes = schemas["offices"]["level"].enum or []
    tables = _native(frames)

    def joined(table: pl.LazyFrame, label: str, name: str) -> pl.LazyFrame:
        """Labels of an engagement's rows in ``table``, in alphabetical order, joined by semicolons."""
        return (
            table.drop_nulls(label)
            .group_by("engagement_id")
            .agg(pl.col(label).unique().sort().str.join("; ").alias(name))
        )

    def counted(table: str, name: str) -> pl.LazyFrame:
        return (
            tables[table].drop_nulls("engagement_id").group_by("engagement_id").agg(pl.len().cast(pl.Int64).alias(name))
        )

    named = (
        tables["participations"]
        .filter(pl.col("capacity") == "principal")
        .join(tables["people"].select("person_id", "name_en"), on="person_id", how="left")
        .join(tables["offices"].select("office_id", "title_en"), on="office_id", how="left")
        .with_columns(pl.coalesce("name_en", "title_en").alias("principal"))
    )
    topics = tables["agenda"].join(tables["topics"].select("topic_id", "label_en"), on="topic_id")
    contradicted = (
        tables["evidence"]
        .filter((pl.col("table_name") == "engagements") & (pl.col("stance") == "contradicts"))
        .select(engagement_id="row_id", contradicted=pl.lit(True))
        .unique()
    )
    flat: pl.LazyFrame = spans(frames["engagements"]).to_native()
    length = pl.col("start_date").str.len_chars()
    for part in (
        levels(frames, codes).select("engagement_id", "level").to_native(),
        joined(named.filter(pl.col("side") == "IND"), "principal", "principals_ind"),
        joined(named.filter(pl.col("side") == "JPN"), "principal", "principals_jpn"),
        joined(named.filter(~pl.col("side").is_in(["IND", "JPN"])), "principal", "principals_other"),
        joined(topics, "label_en", "topics"),
        counted("agreements", "agreements"),
        counted("commitments", "commitments"),
        tiers(frames).to_native(),
        contradicted,
    ):
        flat = flat.join(part, on="engagement_id", how="left")
    places = tables["places"].select("place_id", "country", "latitude", "longitude", place="name_en")
    return (
        flat.join(tables["mechanisms"].select("mechanism_id", mechanism="name_en"), on="mechanism_id", how="left")
        .join(tables["host_events"].select("host_event_id", host_event="name_en"), on="host_event_id", how="left")
        .join(places, on="place_id", how="left")
        .with_columns(
            pl.when(length == 4)
            .then(pl.lit("year"))
            .when(length == 7)
            .then(pl.lit("month"))
            .when(length == 10)
            .then(pl.lit("day"))
            .alias("date_precision"),
            pl.col("agreements", "commitments", "sources").fill_null(0),
            pl.col("contradicted").fill_null(False),
        )
        .sort("start_date_earliest", "start_date", "start_time", "engagement_id", nulls_last=True)
    )


def commitment_tracker(frames: Frames, schemas: Mapping[str, Schema]) -> pl.LazyFrame:
    """Return one row a commitment with where it was made, its latest status and its place in a chain."""
    del schemas
    tables = _native(frames)
    updates = (
        tables["commitment_updates"]
        .sort("observed_on", "commitment_update_id")
        .group_by("commitment_id")
        .agg(
            pl.col("status").last(),
            pl.col("observed_on").last().alias("status_on"),
            pl.col("statement_en").last().alias("status_statement_en"),
            pl.len().cast(pl.Int64).alias("updates"),
        )
    )
    successors = (
        tables["commitments"]
        .drop_nulls("supersedes_id")
        .sort("commitment_id")
        .group_by("supersedes_id")
        .agg(pl.col("commitment_id").str.join("; ").alias("successor_id"))
    )
    sources = (
        tables["evidence"]
        .filter((pl.col("table_name") == "commitments") & (pl.col("stance") != "contradicts"))
        .group_by(commitment_id="row_id")
        .agg(pl.col("source_id").n_unique().cast(pl.Int64).alias("sources"))
    )
    made = tables["engagements"].select("engagement_id", made_on="start_date", made_at="title_en")
    return (
        tables["commitments"]
        .join(made, on="engagement_id", how="left")
        .join(tables["topics"].select("topic_id", topic="label_en"), on="topic_id", how="left")
        .join(updates, on="commitment_id", how="left")
        .join(successors, left_on="commitment_id", right_on="supersedes_id", how="left")
        .join(sources, on="commitment_id", how="left")
        .with_columns(
            pl.when(pl.col("successor_id").is_not_null())
            .then(pl.lit("superseded"))
            .otherwise(pl.col("status").fill_null("made"))
            .alias("status"),
            pl.col("supersedes_id").alias("predecessor_id"),
            pl.col("updates", "sources").fill_null(0),
        )
        .sort("made_on", "commitment_id", nulls_last=True)
    )


VIEWS: dict[str, Callable[[Frames, Mapping[str, Schema]], pl.LazyFrame]] = {
    "timeline": timeline,
    "commitment_tracker": commitment_tracker,
}
"""What computes the rows of each view; its columns are defined in schemas/views.toml."""


def _native(frames: Frames) -> dict[str, pl.LazyFrame]:
    return {name: frame.to_native() for name, frame in frames.items()}

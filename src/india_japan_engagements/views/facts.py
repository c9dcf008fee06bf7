"""Facts that rules and views derive alike: date bounds, level, tier. There is one definition of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl

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
    ranks = nw.col("level").replace_strict(codes, list(range(len(codes))), default=None, return_dtype=nw.Int64)
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
            nw.col("rank")
            .replace_strict(list(range(len(codes))), codes, default=None, return_dtype=nw.String)
            .alias("level")
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


def native(frames: Frames) -> dict[str, pl.LazyFrame]:
    """Return the tables as the engine of the views knows them."""
    return {name: frame.to_native() for name, frame in frames.items()}

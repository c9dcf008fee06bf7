"""The view of commitments: what was promised and what became of it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ..tableschema import Schema
from .facts import Frames, native


def commitment_tracker(frames: Frames, schemas: Mapping[str, Schema]) -> pl.LazyFrame:
    """Return one row a commitment with where it was made, its latest status and its place in a chain."""
    del schemas
    tables = native(frames)
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
            # What was kept or given up stays so, whatever was promised next.
            pl.when(
                pl.col("successor_id").is_not_null()
                & ~pl.col("status").fill_null("made").is_in(["delivered", "abandoned"])
            )
            .then(pl.lit("superseded"))
            .otherwise(pl.col("status").fill_null("made"))
            .alias("status"),
            pl.col("supersedes_id").alias("predecessor_id"),
            pl.col("updates", "sources").fill_null(0),
        )
        .sort("made_on", "commitment_id", nulls_last=True)
    )

"""The views of engagements: all of them, flat; who met whom; how many there are and how well they are borne out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ..tableschema import Schema
from .facts import Frames, levels, native, spans, tiers


def timeline(frames: Frames, schemas: Mapping[str, Schema]) -> pl.LazyFrame:
    """Return one row an engagement, flat, in order of time."""
    codes = schemas["offices"]["level"].enum or []
    tables = native(frames)

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

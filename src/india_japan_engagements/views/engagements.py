"""The views of engagements: all of them, flat; who met whom; how many there are and how well they are borne out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ..tableschema import Schema
from .facts import Frames, bounds, levels, native, spans, tiers

MEETINGS = ("dialogue", "talks", "call_on", "signing", "ceremony")
"""Kinds at which people meet; a visit is the journey around meetings, and a message meets nobody."""


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


def encounters(frames: Frames, schemas: Mapping[str, Schema]) -> pl.LazyFrame:
    """Return one row a pair of principals, one of each side, a held meeting, in order of time."""
    codes = schemas["offices"]["level"].enum or []
    tables = native(frames)
    met = timeline(frames, schemas).filter(
        pl.col("status") == "held", pl.col("kind").is_in(MEETINGS), pl.col("format") != "written"
    )
    there = (
        tables["participations"]
        .filter(pl.col("capacity") == "principal", (pl.col("presence") != "absent").fill_null(True))
        .join(tables["people"].select("person_id", person="name_en"), on="person_id", how="left")
        .join(tables["offices"].select("office_id", "level", office="title_en"), on="office_id", how="left")
        .with_columns(
            who=pl.coalesce("person_id", "office_id"),
            rank=pl.col("level").replace_strict(codes, range(len(codes)), return_dtype=pl.Int64),
        )
        .select("engagement_id", "side", "person_id", "person", "office_id", "office", "presence", "who", "rank")
    )

    def side(state: str, suffix: str) -> pl.LazyFrame:
        named = {"person_id": f"person_{suffix}_id", "office_id": f"office_{suffix}_id"}
        others = {name: f"{name}_{suffix}" for name in ("person", "office", "presence", "who", "rank")}
        return there.filter(pl.col("side") == state).drop("side").rename(named | others)

    presences = [
        pl.coalesce(
            f"presence_{suffix}",
            pl.col("format").replace_strict(
                {"in_person": "in_person", "telephone": "remote", "video": "remote"},
                default=None,
                return_dtype=pl.String,
            ),
        )
        for suffix in ("ind", "jpn")
    ]
    ranks = pl.max_horizontal("rank_ind", "rank_jpn")
    order = ["start_date_earliest", "start_date", "start_time", "engagement_id", "who_ind", "who_jpn"]
    pairs = (
        met.drop("level")
        .join(side("IND", "ind"), on="engagement_id")
        .join(side("JPN", "jpn"), on="engagement_id")
        .join(_occasions(tables["engagements"]), on="engagement_id")
        .with_columns(
            encounter_id=pl.concat_str("engagement_id", "who_ind", "who_jpn", separator="."),
            level=ranks.replace_strict(range(len(codes)), codes, return_dtype=pl.String),
            presence=pl.when(pl.any_horizontal(presence == "remote" for presence in presences))
            .then(pl.lit("remote"))
            .when(pl.all_horizontal(presence == "in_person" for presence in presences))
            .then(pl.lit("in_person")),
        )
        .sort(order, nulls_last=True)
    )
    pair = ["person_ind_id", "person_jpn_id"]
    counted = (
        pairs.filter(pl.col("presence") == "in_person")
        .drop_nulls(pair)
        .unique([*pair, "occasion_id"], keep="first", maintain_order=True)
        .select(*pair, "occasion_id", nth=pl.int_range(1, pl.len() + 1).over(pair))
    )
    return (
        pairs.join(counted, on=[*pair, "occasion_id"], how="left")
        .with_columns(nth=pl.when(pl.col("presence") == "in_person").then("nth"))
        .sort(order, nulls_last=True)
    )


def coverage_matrix(frames: Frames, schemas: Mapping[str, Schema]) -> pl.LazyFrame:
    """Return one row a year, level and kind of which there is an engagement, with how well they are borne out.

    Plans without a date belong to no year, and have none.
    """
    tables = native(frames)
    cell = ["year", "level", "kind"]
    voices = (
        tables["evidence"]
        .filter(pl.col("table_name") == "engagements", pl.col("stance") != "contradicts")
        .join(tables["sources"].select("source_id", voice=pl.coalesce("author", "publisher")), on="source_id")
        .group_by(engagement_id="row_id")
        .agg(pl.col("voice").n_unique().alias("voices"))
    )
    held = pl.col("status") == "held"
    counts = {status: pl.col("status") == status for status in schemas["engagements"]["status"].enum or []} | {
        "official": held & pl.col("tier").is_in(["A", "B"]),
        "independent": held & (pl.col("voices") >= 2),
        "contradicted": held & pl.col("contradicted"),
    }
    cells = (
        timeline(frames, schemas)
        .join(voices, on="engagement_id", how="left")
        .with_columns(year=pl.col("start_date").str.slice(0, 4).cast(pl.Int64))
        .drop_nulls("year")
        .group_by(cell)
        .agg(condition.sum().cast(pl.Int64).alias(name) for name, condition in counts.items())
    )
    first, last = pl.date(pl.col("year"), 1, 1), pl.date(pl.col("year"), 12, 31)
    searched: pl.LazyFrame = bounds(frames["coverage"], "period_start", "period_end").to_native()
    searches = (
        cells.select("year", "level")
        .unique()
        .join(searched.filter(pl.col("mechanism_id").is_null()).rename({"level": "sought"}), how="cross")
        .filter(
            pl.col("period_start_earliest") <= first,
            pl.col("period_end_latest") >= last,
            pl.col("sought").is_null() | (pl.col("sought") == pl.col("level")),
        )
        .group_by("year", "level")
        .agg(pl.len().cast(pl.Int64).alias("searches"))
    )
    ranks = {
        name: pl.Enum(schemas[table][name].enum or [])
        for table, name in (("offices", "level"), ("engagements", "kind"))
    }
    return (
        cells.join(searches, on=["year", "level"], how="left", nulls_equal=True)
        .with_columns(
            pl.col("searches").fill_null(0),
            cell_id=pl.concat_str(
                pl.col("year").cast(pl.String),
                pl.col("level").fill_null("none"),
                "kind",
                separator=".",
            ),
        )
        .sort("year", *[pl.col(name).cast(codes) for name, codes in ranks.items()], nulls_last=True)
    )


def _occasions(engagements: pl.LazyFrame) -> pl.LazyFrame:
    """Return engagement_id and occasion_id: the outermost engagement each is part of."""
    rows = engagements.select("engagement_id", "parent_id").collect()
    parents = dict(rows.iter_rows())
    outermost = []
    for engagement in rows["engagement_id"]:
        while parents[engagement]:  # E202 sees to it that the walk ends
            engagement = parents[engagement]
        outermost.append(engagement)
    return rows.lazy().select("engagement_id", occasion_id=pl.Series(outermost, dtype=pl.String))

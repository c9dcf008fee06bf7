"""The view of money signed for: sums that may be added, because no part of one is another."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ..tableschema import Schema
from .facts import Frames, native

SIGNED = ("exchange_of_notes", "loan_agreement")


def loans_and_grants(frames: Frames, schemas: Mapping[str, Schema]) -> pl.LazyFrame:
    """Return one row an exchange of notes or loan agreement with a sum of which no part stands in another row.

    A loan agreement is a part of its exchange of notes, and the notes on one project a part of those on several: the
    sum of the whole is left out where a part bears its own. Swap lines, which may never be drawn, are not among these.
    """
    del schemas
    tables = native(frames)
    signed = tables["agreements"].filter(pl.col("instrument").is_in(SIGNED) & pl.col("amount").is_not_null())
    # From each sum up to the umbrella: whatever lies above one holds it as a part.
    parents = dict(tables["agreements"].select("agreement_id", "parent_id").collect().iter_rows())
    umbrella: dict[str, str] = {}
    wholes: set[str] = set()
    for agreement in signed.select("agreement_id").collect()["agreement_id"]:
        chain = [agreement]
        while (parent := parents.get(chain[-1])) and parent not in chain:
            chain.append(parent)
        umbrella[agreement] = chain[-1]
        wholes.update(chain[1:])
    month = pl.col("signed_on").str.slice(5, 2).cast(pl.Int64, strict=False)
    sources = (
        tables["evidence"]
        .filter((pl.col("table_name") == "agreements") & (pl.col("stance") != "contradicts"))
        .group_by(agreement_id="row_id")
        .agg(pl.col("source_id").n_unique().cast(pl.Int64).alias("sources"))
    )
    return (
        signed.filter(~pl.col("agreement_id").is_in(sorted(wholes)))
        .join(tables["topics"].select("topic_id", topic="label_en"), on="topic_id", how="left")
        .join(sources, on="agreement_id", how="left")
        .with_columns(
            pl.col("agreement_id").replace_strict(umbrella, return_dtype=pl.String).alias("umbrella_id"),
            (pl.col("signed_on").str.slice(0, 4).cast(pl.Int64) - (month < 4).cast(pl.Int64)).alias("fiscal_year"),
            pl.col("sources").fill_null(0),
        )
        .sort("signed_on", "agreement_id", nulls_last=True)
    )

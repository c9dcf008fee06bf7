"""Family 8: every claim has a source that was read."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..views import levels, tiers
from . import Data, Finding, rule

NEEDS_EVIDENCE = (
    "engagements", "participations", "tenures", "offices", "mechanisms", "agenda", "agreements", "commitments",
    "commitment_updates", "host_events",
)  # fmt: skip
FROM_A_REGISTER = {"places": ("latitude", "longitude", "timezone"), "people": ("wikidata_id",)}
MINISTERIAL = "other_minister"


@rule("E801", "no source supports the row", "add a row to evidence, or remove this one")
def every_claim_has_evidence(data: Data) -> Iterator[Finding]:
    """A row without a source that was really read does not exist."""
    supported = data["evidence"].filter(nw.col("stance") != "contradicts")
    for table in NEEDS_EVIDENCE:
        if table not in data.incomplete:
            rows = supported.filter(nw.col("table_name") == table).select(nw.col("row_id").alias(data.key(table)))
            yield table, data.key(table), data[table].join(rows, on=data.key(table), how="anti")


@rule("E802", "{table_name} has no column {value!r}", "name a column of that table, or * for the row as a whole")
def evidence_names_a_column(data: Data) -> Iterator[Finding]:
    """Evidence bears on a cell that exists."""
    for table, schema in data.schemas.items():
        yield (
            "evidence",
            "field",
            data["evidence"].filter(nw.col("table_name") == table, ~nw.col("field").is_in([*schema.names, "*"])),
        )


@rule("E803", "nothing rests on the source", "add the evidence it gives, or remove the source")
def every_source_is_used(data: Data) -> Iterator[Finding]:
    """A source is listed because a claim rests on it."""
    yield "sources", "source_id", data["sources"].join(data["evidence"].select("source_id"), on="source_id", how="anti")


@rule(
    "E804",
    "the source contradicts {field}, and does not say what it gives instead",
    "write the other value in stated_value",
)
def contradictions_state_the_other_value(data: Data) -> Iterator[Finding]:
    """A contradiction is kept so that a reader can choose; that takes the other value."""
    yield (
        "evidence",
        "stated_value",
        data["evidence"].filter(nw.col("stance") == "contradicts", nw.col("stated_value").is_null()),
    )


@rule(
    "E805",
    "{column} rests on no gazetteer or register",
    "add evidence from a source of kind reference, or empty the cell",
)
def registers_bear_out_identifiers(data: Data) -> Iterator[Finding]:
    """Identifiers, coordinates and time zones are looked up in a named register, never remembered."""
    references = data["sources"].filter(nw.col("kind") == "reference").select("source_id")
    evidence = data["evidence"].join(references, on="source_id")
    for table, columns in FROM_A_REGISTER.items():
        for column in columns:
            named = evidence.filter(nw.col("table_name") == table, nw.col("field").is_in([column, "*"]))
            rows = data[table].filter(~nw.col(column).is_null())
            yield (
                table,
                column,
                rows.join(named, left_on=data.key(table), right_on="row_id", how="anti").with_columns(
                    nw.lit(column).alias("column")
                ),
            )


@rule(
    "W801",
    "it was held at level {level}, and no source is better than tier D",
    "add an official, wire or newspaper source, or waive this with what was searched",
)
def ministerial_rows_have_good_sources(data: Data) -> Iterator[Finding]:
    """At minister level and above something better than a rewritten or opinion page nearly always exists."""
    codes = data.schemas["offices"]["level"].enum or []
    high = levels({name: data[name] for name in ("participations", "offices")}, codes).filter(
        nw.col("rank") <= codes.index(MINISTERIAL)
    )
    poor = (
        tiers({name: data[name] for name in ("evidence", "sources")})
        .filter(nw.col("tier") == "D")
        .select("engagement_id")
    )
    yield (
        "engagements",
        "engagement_id",
        data["engagements"]
        .filter(nw.col("status") == "held")
        .join(high, on="engagement_id")
        .join(poor, on="engagement_id"),
    )

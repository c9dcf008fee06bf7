"""Make a simulated record of any size, for trying the rules and engines on more rows than the record has.

    python scripts/simulate.py ROWS OUT [--seed 1] [--dirty 0.001]

Writes OUT/<table>/part-*.parquet for every table, a part at a time, the same bytes for the same seed and libraries.
Places, topics and mechanisms are those of the record; people are invented. Each pair of officials, one of each side,
meets two hundred times: visits and the talks within them, talks and calls, with agenda, agreements, commitments and
what became of them, each with a source. All of it keeps every rule; of the engagements, the share ``--dirty`` then gets one
of ten faults, from a code that does not exist to a date before the day it should follow.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from india_japan_engagements import package
from india_japan_engagements._names import TableName

MEETINGS = 200
"""How often each pair meets."""
PAIRS = 250
"""How many pairs one part holds."""
ROWS_A_MEETING = 10.5
"""How many rows one meeting brings on average, in all tables together."""
KEPT: tuple[TableName, ...] = ("places", "topics", "mechanisms")
"""What is taken over from the record, with its evidence and sources."""
SYLLABLES = ([f"{c}{v}" for c in "bdgklmn" for v in "aiu"], [f"{c}{v}" for c in "prstvzj" for v in "aoe"])
"""Consonants never meet their like, so that no two names differ by spelling alone."""
FAULTS = 10


def drawn(number: str | pl.Expr, seed: int, salt: int, below: int) -> pl.Expr:
    """Return a number below ``below``, drawn by the number of the row: the same on every machine."""
    given = pl.col(number) if isinstance(number, str) else number
    mixed = given.cast(pl.UInt64)
    for factor in (6364136223846793005, 3935559000370003845):
        mixed = (mixed + pl.lit(seed * 1_000_003 + salt * 7_919 + 12_345, dtype=pl.UInt64)) * pl.lit(
            factor, dtype=pl.UInt64
        )
        mixed = mixed ^ (mixed // pl.lit(1 << 29, dtype=pl.UInt64))
    return (mixed // pl.lit(1 << 20, dtype=pl.UInt64) % below).cast(pl.Int64)


def one_of(number: str, seed: int, salt: int, *values: str) -> pl.Expr:
    """Return one of the values, drawn by the number of the row."""
    drawing = drawn(number, seed, salt, len(values))
    return drawing.replace_strict([*range(len(values))], [*values], return_dtype=pl.String)


def name(number: int, syllables: int = 5) -> str:
    """Return a word that stands for a number, of consonants no other number has."""
    word = ""
    for position in range(syllables):
        choice = SYLLABLES[position % 2]
        consonant = number % 7
        word += choice[consonant * 3 + position % 3]
        number //= 7
    return word.capitalize()


def officials(first: int, count: int) -> pl.DataFrame:
    """Return the pairs of a part: a row an official."""
    rows = []
    for pair in range(first, first + count):
        begun = date(1950 + pair * 37 % 60, 1 + pair % 12, 1)
        for side, family, ministry, level in (
            ("IND", "Sharma", "External Affairs", "senior_official"), ("JPN", "Sato", "Foreign Affairs", "envoy"),
        ):  # fmt: skip
            called = name(pair, 7)
            rows.append(
                (pair, side, f"{called} {family}", family, called, f"Director {called} of {ministry}", level, begun)
            )
    names = ["pair", "side", "name_en", "family_name", "given_name", "title_en", "level", "begun"]
    frame = pl.DataFrame(rows, names, orient="row")
    key = pl.format("{}-{}", pl.col("side").str.to_lowercase(), pl.col("pair"))
    return frame.with_columns(
        pl.format("official-{}", key).alias("person_id"), pl.format("post-{}", key).alias("office_id")
    )


def meetings(pairs: pl.DataFrame, seed: int, dirty: float) -> pl.DataFrame:
    """Return the meetings of the pairs: ``n`` numbers them, ``fault`` is 0 or says which they get."""
    begun = pairs.filter(pl.col("side") == "IND").select("pair", "begun")
    found = begun.join(pl.DataFrame({"turn": range(MEETINGS)}), how="cross", maintain_order="left_right")
    n = (pl.col("pair") * MEETINGS + pl.col("turn")).alias("n")
    step = pl.col("turn") % 5  # of five: a visit, the talks within it, talks at home, two calls
    found = found.with_columns(n, step.alias("step")).with_columns(
        day=pl.col("begun") + pl.duration(days=30 + 5 * pl.col("turn") - pl.when(step == 1).then(4).otherwise(0)),
        fault=pl.when(drawn("n", seed, 1, 1_000_000) < int(dirty * 1_000_000)).then(drawn("n", seed, 2, FAULTS) + 1)
        .otherwise(0),
    )  # fmt: skip
    return found.with_columns(engagement_id=pl.format("meeting-{}", "n"), source_id=pl.format("page-{}", "n"))


def broken(fault: int, cell: pl.Expr | str, otherwise: pl.Expr | str | None) -> pl.Expr:
    """Return the cell where a meeting has the fault, and else what it should be."""
    wrong = pl.lit(cell) if isinstance(cell, str) else cell
    right = pl.lit(otherwise) if isinstance(otherwise, str | None) else otherwise
    return pl.when(pl.col("fault") == fault).then(wrong).otherwise(right)


def part(first: int, count: int, seed: int, dirty: float) -> dict[str, pl.DataFrame]:
    """Return the rows of all tables for some pairs."""
    people = officials(first, count)
    met = meetings(people, seed, dirty)
    day, step = pl.col("day").dt.to_string("%Y-%m-%d"), pl.col("step")
    last = (pl.col("day") + pl.duration(days=2)).dt.to_string("%Y-%m-%d")
    before = (pl.col("day") - pl.duration(days=9)).dt.to_string("%Y-%m-%d")
    away = step >= 3
    engagements = met.select(
        "n", "day", "step", "source_id", "engagement_id", "fault", "pair",
        parent_id=pl.when(step == 1).then(pl.format("meeting-{}", pl.col("n") - 1)),
        kind=broken(1, "talk", pl.when(step == 0).then(pl.lit("visit")).otherwise(pl.lit("talks"))),
        format=pl.when(step == 3).then(pl.lit("telephone")).when(step == 4).then(pl.lit("video"))
        .otherwise(pl.lit("in_person")),
        setting=pl.lit("bilateral"),
        status=broken(2, "planned", "held"),
        visit_rank=pl.when(step == 0).then(pl.lit("working")),
        start_date=broken(3, pl.format("{}-02-30", pl.col("day").dt.year()), day),
        end_date=broken(4, before, pl.when(step == 0).then(last)),
        duration_minutes=pl.when(away).then(20 + drawn("n", seed, 3, 90)),
        duration_basis=broken(5, pl.lit(None, pl.String), pl.when(away).then(pl.lit("about"))),
        place_id=broken(6, "atlantis", pl.when(step <= 1).then(pl.lit("delhi")).when(step == 2).then(pl.lit("tokyo"))),
        title_en=broken(7, pl.format("Meeting {} ", "n"), pl.format("Meeting {}", "n")),
        title_ja=pl.when(drawn("n", seed, 4, 2) == 0).then(pl.format("第{}回会談", "n")),
        summary_en=broken(
            8, pl.lit(None, pl.String),
            pl.format("They met for time {} and spoke of {} and what is planned.", "n",
                      one_of("n", seed, 5, "trade", "rail", "energy", "exchange of students", "maritime security")),
        ),
        review_status=pl.lit("single_coded"),
    )  # fmt: skip
    took_part = (
        met.select("pair", "engagement_id", "source_id", "n", "fault")
        .join(people.select("pair", "side", "person_id", "office_id"), on="pair", maintain_order="left_right")
        .with_columns(
            participation_id=pl.format("{}.{}", "engagement_id", "person_id"),
            office_id=broken(9, "post-of-nobody", pl.col("office_id")),
            capacity=pl.lit("principal"),
        )
    )
    topics = [row["topic_id"] for row in package.load("topics", as_="rows")]
    agenda = met.select(
        "engagement_id", "source_id",
        agenda_id=pl.format("{}.item", "engagement_id"), topic_id=one_of("n", seed, 6, *topics[:40]),
        treatment=one_of("n", seed, 7, "discussed", "reviewed", "welcomed"),
    )  # fmt: skip
    some = met.filter(pl.col("step") >= 2)
    office = pl.format("post-ind-{}", "pair"), pl.format("post-jpn-{}", "pair")
    agreements = some.filter(drawn("n", seed, 8, 6) == 0).select(
        "engagement_id", "source_id", agreement_id=pl.format("instrument-{}", "n"), title_en=pl.format("Memorandum {}", "n"),
        instrument=pl.lit("memorandum"), signed_on=day, party_ind=office[0], party_jpn=office[1],
    )  # fmt: skip
    promised = some.filter(drawn("n", seed, 9, 4) == 0)
    commitments = promised.select(
        "engagement_id", "source_id", commitment_id=pl.format("promise-{}", "n"),
        debtor=one_of("n", seed, 10, "IND", "JPN", "both"), action=pl.lit("finance"),
        statement_en=pl.format("To finance project {}.", "n"), amount=(1 + drawn("n", seed, 11, 900)) * 1e8,
        currency=one_of("n", seed, 12, "JPY", "INR", "USD"), amount_scope=pl.lit("public"), basis=pl.lit("pledge"),
        deadline=(pl.col("day").dt.year() + 3).cast(pl.String),
    )  # fmt: skip
    updates = promised.select(
        "source_id", commitment_id=pl.format("promise-{}", "n"), commitment_update_id=pl.format("promise-{}.later", "n"),
        observed_on=(pl.col("day").dt.year() + 1).cast(pl.String), status=pl.lit("started"),
    )  # fmt: skip
    published = (pl.col("day") + pl.duration(days=1)).dt.to_string("%Y-%m-%d")
    sources = met.select(
        "source_id", title=pl.format("Readout of meeting {}", "n"), publisher=pl.lit("Simulated Times"),
        url=pl.format("https://example.org/{}", "n"), language=pl.lit("en"), published_on=published,
        accessed_on=pl.lit(date(2026, 11, 1)), kind=one_of("n", seed, 13, "official_ind", "official_jpn", "wire"),
        read_extent=pl.lit("full"),
    )  # fmt: skip
    begins = met.filter(pl.col("turn") == 0).select("pair", "source_id")
    served = people.join(begins, on="pair", maintain_order="left")
    tenures = served.select(
        "person_id", "office_id", "source_id", tenure_id=pl.format("{}.{}", "person_id", "office_id"),
        start_date=pl.col("begun").dt.to_string("%Y-%m-%d"),
        end_date=(pl.col("begun") + pl.duration(days=60 + 5 * MEETINGS)).dt.to_string("%Y-%m-%d"),
    )  # fmt: skip
    claims = {
        "engagements": engagements, "participations": took_part, "agenda": agenda, "agreements": agreements,
        "commitments": commitments, "commitment_updates": updates, "tenures": tenures, "offices": served,
    }  # fmt: skip
    evidence = [
        frame.select(
            "source_id", row_id=pl.col(package.schema(table).key), table_name=pl.lit(table),  # type: ignore[arg-type]
            field=broken(10, "colour", "*") if table == "engagements" else pl.lit("*"), stance=pl.lit("supports"),
            locator=pl.lit("paragraph 1"),
        )
        for table, frame in claims.items()
    ]  # fmt: skip
    dated = engagements.filter(pl.col("step") >= 1).select(
        "source_id", row_id="engagement_id", table_name=pl.lit("engagements"), field=pl.lit("start_date"),
        stance=pl.lit("supports"), locator=pl.lit("heading"), stated_value=day,
    )  # fmt: skip
    proof = pl.concat([*evidence, dated], how="diagonal").with_columns(
        evidence_id=pl.format(
            "{}.{}.{}", "row_id", "source_id", pl.col("field").replace("*", "all").str.replace("_", "-")
        )
    )
    return {
        **claims, "evidence": proof, "sources": sources,
        "people": people.with_columns(country="side"), "offices": people.with_columns(country="side", singular=pl.lit(False)),
    }  # fmt: skip


def kept() -> dict[str, pl.DataFrame]:
    """Return what is taken over from the record: some tables whole, with the evidence for them and its sources."""
    wanted: tuple[TableName, ...] = (*KEPT, "evidence", "sources")
    tables: dict[str, pl.DataFrame] = {table: package.load(table, as_="polars") for table in wanted}
    tables["evidence"] = tables["evidence"].filter(pl.col("table_name").is_in(KEPT))
    tables["sources"] = tables["sources"].join(tables["evidence"], on="source_id", how="semi", maintain_order="left")
    return tables


def write(out: Path, number: int, tables: dict[str, pl.DataFrame]) -> int:
    """Write a part of each table in the types of its schema, and return how many rows that were."""
    written = 0
    for table in package.tables():
        frame = tables.get(table)
        if frame is None and number:
            continue
        # A planted fault may empty a cell that is required.
        schema = pa.schema([one.with_nullable(True).remove_metadata() for one in package.schema(table).to_arrow()])
        found = pa.table({}) if frame is None else frame.to_arrow()
        columns = [
            found[one.name].cast(one.type) if one.name in found.column_names else pa.nulls(found.num_rows, one.type)
            for one in schema
        ]
        (out / table).mkdir(parents=True, exist_ok=True)
        made = pa.table(columns, schema=schema)
        pq.write_table(made, out / table / f"part-{number:05}.parquet", row_group_size=250_000)
        written += made.num_rows
    return written


def simulate(rows: int, out: Path, seed: int = 1, dirty: float = 0.0) -> int:
    """Write a record of about ``rows`` rows to ``out``, and return how many there are."""
    pairs = max(1, round(rows / ROWS_A_MEETING / MEETINGS))
    written = write(out, 0, kept())
    for number, first in enumerate(range(0, pairs, PAIRS), 1):
        written += write(out, number, part(first, min(PAIRS, pairs - first), seed, dirty))
    return written


def main() -> None:
    """Make the record that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dirty", type=float, default=0.0, metavar="SHARE")
    options = parser.parse_args()
    if options.out.exists():
        parser.error(f"{options.out} is there already")
    print(f"{simulate(options.rows, options.out, options.seed, options.dirty):,} rows")


if __name__ == "__main__":
    main()

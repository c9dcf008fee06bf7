"""Family 14: an id that was once released leads somewhere for good."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from . import Data, Finding, Whole, rule
from .nesting import circles


@rule(
    "E1401",
    "{id} was in release {version} and is gone",
    "put the row back, or say in redirects what became of it: new_id, or empty if it stood for nothing",
    bad="modi-abe-tokyo-2014 was released and has no row any more, and redirects does not name it",
    good="redirects sends it to modi-abe-tokyo-2014-09",
)
def released_ids_stay(data: Data) -> Iterator[Finding | Whole]:
    """Whoever cited an id finds it, or where it went. Ids of the last release stand in its manifest in releases/."""
    if data.manifest is None:
        return
    redirected = data["redirects"].filter(~nw.col("old_id").is_null()).select("table_name", "old_id").collect()
    gone = {*zip(redirected["table_name"].to_list(), redirected["old_id"].to_list(), strict=True)}
    for table in data.with_fields():
        there = {*data[table].select(data.key(table)).collect()[data.key(table)].to_list()}
        for row_id in sorted(data.manifest.ids.get(table, {*()}) - there):
            if (table, row_id) not in gone:
                yield Whole(f"{table}.csv", data.key(table), {"id": row_id, "version": data.manifest.version})


@rule(
    "E1402",
    "{value} is retired, and a row of {table_name} has it again",
    "give the row another id; a retired id is never reused",
    bad="redirects retires modi-abe-2014, and a new engagement is called modi-abe-2014",
    good="the new engagement has an id of its own",
)
def retired_ids_stay_retired(data: Data) -> Iterator[Finding]:
    """An id that meant one thing yesterday never means another tomorrow."""
    retired = data["redirects"].select("table_name").unique().collect()["table_name"].to_list()
    for table in data.with_fields():
        if table not in retired:
            continue
        rows = data["redirects"].filter(nw.col("table_name") == table)
        yield "redirects", "old_id", rows.join(data[table].select(nw.col(data.key(table)).alias("old_id")), on="old_id")


@rule(
    "E1403",
    "it sends to {value}, which is neither a row of {table_name} nor sent on",
    "name the row that took its place, or leave new_id empty",
    bad="new_id is misspelled, or names a row that was itself removed without a redirect",
    good="new_id is a row of the same table",
)
def redirects_arrive(data: Data) -> Iterator[Finding]:
    """Whoever follows a redirect arrives at a row."""
    sent = data["redirects"].filter(~nw.col("new_id").is_null())
    onward = data["redirects"].select("table_name", nw.col("old_id").alias("new_id"))
    leading = sent.select("table_name").unique().collect()["table_name"].to_list()
    for table in data.with_fields():
        if table not in leading:
            continue
        known = data[table].select(nw.lit(table).alias("table_name"), nw.col(data.key(table)).alias("new_id"))
        rows = sent.filter(nw.col("table_name") == table)
        for there in (known, onward):
            rows = rows.join(there, on=["table_name", "new_id"], how="anti")
        yield "redirects", "new_id", rows


@rule(
    "E1404",
    "its chain of redirects leads back to itself",
    "let the last of the chain name the row that is there",
    bad="a is sent to b and b to a",
    good="a and b are both sent to c",
)
def redirects_form_no_circle(data: Data) -> Iterator[Finding]:
    """A chain of redirects ends."""
    sent = data["redirects"].filter(~nw.col("new_id").is_null())
    pairs = sent.select("table_name", "old_id", "new_id").collect()
    tables, old, new = (pairs[name].to_list() for name in pairs.columns)
    chain = {(t, o): (t, n) for t, o, n in zip(tables, old, new, strict=True)}
    found = [old_id for _, old_id in circles(chain)]
    yield "redirects", "old_id", sent.filter(nw.col("old_id").is_in(found))

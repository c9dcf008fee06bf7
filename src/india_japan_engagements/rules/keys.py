"""Family 0, the part that needs more than one table: references that must lead somewhere, ids that must be unique."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..report import MANY
from ..views import Frame
from . import Data, Finding, Incomplete, rule


@rule(
    "E017",
    "{table} has no row {value!r}",
    "correct the id, or add the row to {table} first",
    bad="an engagement at place pretoria, which is no row of places",
    good="the place is added first",
)
def references_resolve(data: Data) -> Iterator[Finding]:
    """Every reference leads to a row; otherwise a join silently loses what hangs on it."""
    for name, schema in data.schemas.items():
        if name in data.incomplete:
            continue
        for column, table in schema.foreign_keys.items():
            if table in data.incomplete:
                continue
            known = data[table].select(nw.col(data.key(table)).alias(column))
            rows = data[name].filter(~nw.col(column).is_null())
            # The column alone is asked first: it is far less to read than the rows, and mostly nothing is lost.
            lost = rows.select(column).join(known, on=column, how="anti").unique().head(MANY)
            values = [value for batch in data.stream(lost) for value in batch[column]]
            if not values:
                continue
            few = len(values) < MANY
            missing = (
                rows.join(data.table({column: values}), on=column) if few else rows.join(known, on=column, how="anti")
            )
            yield name, column, missing.with_columns(nw.lit(table).alias("table"))


@rule(
    "E018",
    "{table_name} has no row {value!r}",
    "correct table_name or row_id, or delete the row",
    bad="evidence for row modi-takaichi-2025 of engagements, which is not there",
    good="it names modi-takaichi-johannesburg-2025",
)
def named_rows_exist(data: Data) -> Iterator[Finding]:
    """Evidence, names and waivers point at any table by its name; the row they name must exist."""
    for table in data.with_fields("table_name", "row_id"):
        named = data[table].select("table_name").unique().collect()["table_name"].to_list()
        lost = [
            data[table]
            .filter(nw.col("table_name") == other)
            .join(data[other].select(nw.col(data.key(other)).alias("row_id")), on="row_id", how="anti")
            for other in data.with_fields()
            if other in named
        ]
        if lost:
            yield table, "row_id", nw.concat(lost)


@rule(
    "E019",
    "{value} also names a row of {other}",
    "choose another id for the newer row",
    bad="a topic and a mechanism are both called quad",
    good="the topic is quad-cooperation",
)
def ids_are_unique_across_tables(data: Data) -> Iterator[Finding]:
    """One id names one thing in the whole package, so that it can be asked for without saying what it is."""
    ids = _ids(data)
    counted = ids.select(nw.len().alias("all"), nw.col("row_id").n_unique().alias("distinct")).collect()
    if counted["all"].item() == counted["distinct"].item():
        return
    known = ids.unique().rename({"table_name": "other", "row_id": "id"})
    twice = known.group_by("id").agg(nw.len().alias("tables")).filter(nw.col("tables") > 1).select("id")
    found = [row_id for batch in data.stream(twice) for row_id in batch["id"]]
    if not found:
        return
    shared = known.join(data.table({"id": found}), on="id")
    tables = [*data.with_fields()]
    for position, table in enumerate(tables[1:], 1):
        earlier = shared.filter(nw.col("other").is_in(tables[:position]))
        yield table, data.key(table), data[table].join(earlier, left_on=data.key(table), right_on="id")


def _ids(data: Data) -> Frame:
    """Every id of every table that could be read whole, with the table's name."""
    ids = [
        data[table].select(nw.lit(table).alias("table_name"), nw.col(data.key(table)).alias("row_id"))
        for table in data.with_fields()
    ]
    if not ids:
        raise Incomplete
    return nw.concat(ids)

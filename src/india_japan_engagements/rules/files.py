"""Family 15: the files of a package say the same. A bare folder of CSV files, without a descriptor, is not judged."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any

import narwhals as nw

from ..reading import open_plain
from . import Data, Finding, Whole, rule

REBUILD = "run `make build`, and commit what it writes"
DESCRIPTOR = "datapackage.json"
LARGEST = 1 << 22
"""How many bytes a descriptor may have."""
MAGNITUDE = 64
"""A Parquet file that unpacks to more than this many times its table's CSV cannot hold the same rows: it stays shut."""


@rule(
    "E1501",
    "it does not hold the rows of {csv}: {how}",
    REBUILD,
    bad="a row was corrected in the CSV file and not in the Parquet file",
    good="both were written by the same build",
)
def parquet_holds_the_same_rows(data: Data) -> Iterator[Finding | Whole]:
    """Whoever downloads the Parquet files gets the rows that were reviewed in the CSV files."""
    if data.published is None:
        return
    import polars as pl
    import pyarrow as pa
    import pyarrow.parquet as pq

    for table in data.with_fields():
        stem = os.path.join(data.published, "data", table)
        frame: pl.DataFrame = data[table].collect().to_native()
        names = data.schemas[table].names

        def whole(how: str, table: str = table) -> Whole:
            return Whole(f"{table}.parquet", "", {"csv": f"{table}.csv", "how": how})

        try:
            content = open_plain(f"{stem}.parquet")
            if content is None:
                yield whole("it is a link, a folder or a device")
                continue
            with content, pq.ParquetFile(content) as file:
                held = file.metadata
                size = sum(held.row_group(group).total_byte_size for group in range(held.num_row_groups))
                if file.schema_arrow.names != names:
                    yield whole("its columns are others")
                elif held.num_rows != frame.height:
                    yield whole(f"it has {held.num_rows:,} rows, the other {frame.height:,}")
                elif size > MAGNITUDE * (os.path.getsize(f"{stem}.csv") + 4096):
                    yield whole(f"it unpacks to {size:,} bytes")
                else:
                    other = pl.DataFrame(pl.from_arrow(file.read()))
                    other = other.with_columns(pl.col(name).cast(frame.schema[name]) for name in names)
                    if not other.equals(frame.select(names)):
                        unlike = [name for name in names if not other[name].equals(frame[name], null_equal=True)]
                        yield whole(f"{', '.join(unlike)} differ")
        except FileNotFoundError:
            yield whole("the file is missing")
        except (OSError, pa.ArrowException, pl.exceptions.PolarsError) as error:
            yield whole(f"it cannot be read ({str(error).splitlines()[0][:100]})")


@rule(
    "E1502",
    "it is not true of {path}: {how}",
    REBUILD,
    bad="datapackage.json counts 21 rows of data/engagements.csv, and the file has 22",
    good="hash, bytes and rows are those of the file",
)
def the_descriptor_is_true(data: Data) -> Iterator[Finding | Whole]:
    """Tools trust the descriptor without looking; so its hashes and counts are looked at here.

    Only files of the tables are opened, by their own names: a path in a descriptor is compared, never followed.
    """
    if data.published is None:
        return
    resources = _resources(data.published)
    if resources is None:
        return  # what is wrong with it, E026 says
    for table in data.with_fields():
        for suffix in ("csv", "parquet"):
            name = f"data/{table}.{suffix}"
            path = os.path.join(data.published, "data", f"{table}.{suffix}")
            said: dict[str, Any] | None = resources.get(name)
            if said is None:
                yield Whole(DESCRIPTOR, "", {"path": name, "how": "it does not name it"})
                continue
            try:
                content = open_plain(path)
            except OSError:
                content = None
            if content is None:
                continue  # E001, E023 and E1501 speak of it
            with content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            has: dict[str, Any] = {"hash": f"sha256:{digest}"}
            if suffix == "csv":
                rows = data[table].select(nw.len()).collect().item()
                has |= {"bytes": os.path.getsize(path), "rows": rows}
            for fact, value in has.items():
                if said.get(fact) != value:
                    how = (
                        "the hash is another"
                        if fact == "hash"
                        else f"{fact} {said.get(fact)}, where there are {value:,}"
                    )
                    yield Whole(DESCRIPTOR, "", {"path": name, "how": how})
                    break


def _resources(folder: str) -> dict[str, dict[str, Any]] | None:
    """Return the resources of a descriptor by their paths, None where it cannot be read."""
    try:
        file = open_plain(os.path.join(folder, DESCRIPTOR))
        if file is None:
            return None
        with file:
            return {resource["path"]: resource for resource in json.loads(file.read(LARGEST))["resources"]}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


@rule(
    "E1503",
    "it stands after {before}",
    "sort the rows by id: `make build` does",
    bad="a row was appended at the end of the file",
    good="rows stand in the order of their ids, so that a change shows as the lines it changed",
)
def rows_are_sorted(data: Data) -> Iterator[Finding]:
    """One order of rows makes one file of the same facts."""
    if data.published is None:
        return
    for table in data.with_fields():
        key = data.key(table)
        ids = data[table].select(key).collect()[key].to_list()
        after = [(one, other) for one, other in zip(ids[1:], ids, strict=False) if one and other and one < other]
        if after:
            late, before = zip(*after, strict=True)
            yield table, key, data.rows(table, data.table({key: [*late], "before": [*before]}))

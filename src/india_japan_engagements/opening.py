"""How an engine opens tables that are larger than the record: Parquet and CSV files, or frames somebody has at hand.

Parquet is read by the engine. CSV is read once by pyarrow, for all engines alike, into memory or, where it is large,
into Parquet.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import narwhals as nw
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from . import columns, package
from .reading import header_positions
from .report import MANY, Problem
from .tableschema import Schema
from .views import Frame

EngineName = Literal["polars", "duckdb", "pyspark"]
ENGINES: tuple[EngineName, ...] = ("polars", "duckdb", "pyspark")

MEMORY = "1500MB"
"""How much DuckDB may hold before it goes to disk; Python and the libraries come on top."""
PART = 50_000
"""How many rows come out of an engine at a time."""
HELD = 1 << 28
"""How many bytes a CSV file may have to be held in memory; a larger one is written as Parquet first."""

_TEXT = ("string", "large_string", "string_view")
KINDS: dict[str, str] = {
    **{f"{name}{by}": "string" for name in _TEXT for by in ("", " by dictionary")},
    **{f"{sign}int{size}": "integer" for sign in ("", "u") for size in (8, 16, 32, 64)},
    **dict.fromkeys(("categorical", "enum"), "string"),
    **dict.fromkeys(("halffloat", "float", "double", "float32", "float64"), "number"),
    **dict.fromkeys(("bool", "boolean"), "boolean"),
    **dict.fromkeys(("date32[day]", "date"), "date"),
    "null": "null",
}
"""Which type of a Table Schema the types of Arrow and of Narwhals can hold, ``null`` where there are no values."""

Batches = Iterator[dict[str, list[Any]]]
Whole = Callable[..., None]
"""What takes in a problem of a table as a whole."""


@dataclass(frozen=True)
class Engine:
    """How an engine opens Parquet files and, if it can, tables in memory, hands out rows a part at a time, and tells
    that no value stands twice.

    ``distinct`` compares hashes: where they differ the values do. Where two are the same it says no, and the values
    have yet to be compared.
    """

    scan: Callable[[list[str]], Frame]
    hold: Callable[[pa.Table], Frame] | None
    stream: Callable[[Frame], Batches]
    distinct: Callable[[Frame, str], bool]


@contextmanager
def engine(name: EngineName) -> Iterator[Engine]:
    """Start an engine.

    Raises:
        ImportError: the engine is not installed; the message says how to get it.
    """
    module = package.require(name if name != "pyspark" else "pyspark.sql")
    if name == "polars":

        def parts(frame: Frame) -> Batches:
            for batch in frame.to_native().collect_batches(chunk_size=PART, maintain_order=True):
                yield batch.to_dict(as_series=False)

        def differ(frame: Frame, column: str) -> bool:
            values = module.col(column).drop_nulls()
            hashed = frame.to_native().select(values.hash().n_unique() == values.len())
            return bool(hashed.collect().item())

        with module.Config():
            module.Config.set_engine_affinity("streaming")
            yield Engine(
                lambda files: nw.from_native(module.scan_parquet(files, glob=False)),
                lambda table: nw.from_native(module.from_arrow(table).lazy()),
                parts,
                differ,
            )
    elif name == "duckdb":
        # Frames made on the way belong to the connection that duckdb keeps for everybody, and relations of two
        # connections cannot be joined.
        # Nor does it move what it put on disk, so the folder is one for all of a process; duckdb empties it at the end.
        spill = os.path.join(tempfile.gettempdir(), f"ije-duckdb-{os.getpid()}")
        if module.execute("SELECT current_setting('temp_directory')").fetchone() != (spill,):
            module.execute(f"SET temp_directory = '{spill}'")
        module.execute(f"SET memory_limit = '{MEMORY}'")
        module.execute("SET parquet_metadata_cache = true")

        def rows(frame: Frame) -> Batches:
            for batch in frame.to_native().to_arrow_reader(PART):
                yield batch.to_pydict()

        def unlike(frame: Frame, column: str) -> bool:
            values = frame.to_native().filter(f'"{column}" IS NOT NULL')
            (hashed,) = values.aggregate(f'count(DISTINCT hash("{column}")) = count(*)').fetchall()[0]
            return bool(hashed)

        try:
            yield Engine(
                lambda files: nw.from_native(module.read_parquet(files)),
                lambda table: nw.from_native(module.from_arrow(table)),
                rows,
                unlike,
            )
        finally:
            module.execute("RESET memory_limit")
    else:
        session = module.SparkSession.builder.appName("ije validate").getOrCreate()

        def local(frame: Frame) -> Batches:
            names = frame.collect_schema().names()
            part: list[Any] = []
            for row in frame.to_native().toLocalIterator():
                part.append(row)
                if len(part) == PART:
                    yield dict(zip(names, map(list, zip(*part, strict=True)), strict=True))
                    part = []
            found = zip(*part, strict=True) if part else ([] for _ in names)
            yield dict(zip(names, map(list, found), strict=True))

        def apart(frame: Frame, column: str) -> bool:
            functions = package.require("pyspark.sql.functions")
            values = frame.to_native().select(column).dropna()
            hashed = values.select(functions.xxhash64(column).alias("hash"))
            return bool(hashed.distinct().count() == values.count())

        yield Engine(lambda files: nw.from_native(session.read.parquet(*files)), None, local, apart)


@dataclass
class Opened:
    """A table as an engine sees it: its rows as text or in types, and what is wrong with its columns as a whole.

    ``textual`` are the columns that are text and are to have another type or form, ``lacking`` those that are not
    there, and ``filled`` those of which it is known that no cell is empty. A table that is ``missing`` has no rows, and
    one that is not ``complete`` lacks columns or rows.
    """

    schema: Schema
    file: str
    frame: Frame
    rows: int
    textual: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    missing: bool = False
    complete: bool = False


@dataclass
class _Content:
    """What is in a table before it is known to fit: its columns with their types, how many rows, and in which columns
    text may be empty (``blank``) or cells null (``gaps``); ``cut`` says that rows were lost.
    """

    frame: Frame | None = None
    types: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    blank: set[str] = field(default_factory=set)
    gaps: set[str] = field(default_factory=set)
    cut: bool = False


def open_files(folder: str, schema: Schema, running: Engine, scratch: str) -> Opened:
    """Open ``<table>.parquet``, the Parquet files of ``<table>/`` or ``<table>.csv`` of a folder."""
    stem = os.path.join(folder, schema.name)
    problems: list[Problem] = []

    def whole(code: str, message: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None:
        problems.append(Problem(shown, line, column, code, "", value, message, fix))

    within = "data/" if os.path.basename(os.path.normpath(folder)) == "data" else ""
    if os.path.isfile(f"{stem}.parquet"):
        shown = f"{within}{schema.name}.parquet"
        content = _parquet([f"{stem}.parquet"], running, whole)
    elif os.path.isdir(stem):
        shown = f"{within}{schema.name}/"
        names = sorted(name for name in os.listdir(stem) if name.endswith(".parquet"))
        content = _parquet([os.path.join(stem, name) for name in names], running, whole)
    elif os.path.isfile(f"{stem}.csv"):
        shown = f"{within}{schema.name}.csv"
        content = _csv(f"{stem}.csv", os.path.join(scratch, f"{schema.name}.parquet"), running, whole)
    else:
        shown = f"{within}{schema.name}"
        content = _Content()
        message = f"add {schema.name}.parquet, {schema.name}.csv or a folder {schema.name}/ of Parquet files"
        whole("E001", "the file is missing", message)
    return _opened(schema, shown, content, running, scratch, whole, problems)


def open_frame(native: Any, schema: Schema, running: Engine, scratch: str) -> Opened:
    """Open a frame of polars, DuckDB, Spark, pandas or pyarrow; ``None`` is a table that nobody gave."""
    problems: list[Problem] = []

    def whole(code: str, message: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None:
        problems.append(Problem(schema.name, line, column, code, "", value, message, fix))

    content = _Content() if native is None else _frame(native)
    return _opened(schema, schema.name, content, running, scratch, whole, problems)


def _opened(
    schema: Schema, shown: str, content: _Content, running: Engine, scratch: str, whole: Whole, problems: list[Problem]
) -> Opened:
    """Return a table with the columns of its schema, in their types or as text."""
    if content.frame is None:
        return Opened(schema, shown, _empty(schema, running, scratch), 0, problems=problems, missing=True)
    positions = header_positions([*content.types], schema, whole)
    selected, textual = [], set()
    for found in schema.fields:
        column = nw.col(found.name)
        stored = content.types[found.name] if found.name in positions else ""
        kind = KINDS.get(stored)
        if kind == "string" or (kind == "integer" and found.type == "number") or kind in ("null", found.type):
            if kind == "string":
                text = column if stored == "string" else column.cast(nw.String)
                # What is empty is null, as it is in CSV.
                blank = found.name in content.blank
                selected.append(nw.when(text != "").then(text).alias(found.name) if blank else text)
                if found.type != "string" or found.partial_date:
                    textual.add(found.name)
            else:
                selected.append(column.cast(columns.TYPES[found.type]))
            continue
        if found.name in positions:
            about = f"the column is of type {stored}, not {found.type}"
            whole("E011", about, "write the column in its type, or as text", 0, found.name)
            del positions[found.name]
        selected.append(nw.lit(None, columns.TYPES[found.type]).alias(found.name))
    lacking = {*schema.names} - {*positions}
    filled = {*content.types} - content.blank - content.gaps
    return Opened(
        schema, shown, content.frame.select(*selected), content.rows, textual, lacking, filled, problems, False,
        not lacking and not content.cut,
    )  # fmt: skip


def _frame(native: Any) -> _Content:
    frame: Any = nw.from_native(native)
    if isinstance(frame, nw.DataFrame):
        frame = frame.lazy(None if frame.implementation.is_polars() else "polars")
    types = {name: str(kind).partition("(")[0].lower() for name, kind in frame.collect_schema().items()}
    texts = [name for name, kind in types.items() if KINDS.get(kind) == "string"]
    asked = [nw.len().alias("rows"), *(nw.col(name).null_count().alias(f"{name}?") for name in types)]
    asked += [(nw.col(name).cast(nw.String) == "").any().alias(name) for name in texts]
    found = frame.select(*asked).collect()
    rows = found["rows"].item()
    types |= {name: "null" for name in types if found[f"{name}?"].item() == rows}
    blank = {name for name in texts if found[name].item()}
    gaps = {name for name in types if found[f"{name}?"].item()}
    return _Content(frame, types, rows, blank, gaps)


def _parquet(files: list[str], running: Engine, whole: Whole) -> _Content:
    """Open Parquet files of the same columns, with what they say of themselves."""
    content = _Content()
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                found, held = _types(file.schema_arrow), file.metadata
        except (OSError, pa.ArrowException) as error:
            whole("E010", f"the file cannot be read ({str(error).splitlines()[0][:100]})", "write it anew")
            return _Content()
        content.types = content.types or found
        if [*content.types.items()] != [*found.items()]:
            name = os.path.basename(path)
            whole("E008", f"the columns of {name} are not those of the first file", "write all files by one schema")
            return _Content()
        content.rows += held.num_rows
        for group in range(held.num_row_groups):
            for position, name in enumerate(found):
                about = held.row_group(group).column(position).statistics
                if about is None or not about.has_null_count or about.null_count:
                    content.gaps.add(name)
                if about is None or (about.min == "" if about.has_min_max else about.num_values):
                    content.blank.add(name)
    content.frame = running.scan(files) if files else None
    return content


def _types(found: pa.Schema) -> dict[str, str]:
    """Return the types of columns, of those with a dictionary that of its values."""
    return {
        column.name: f"{column.type.value_type} by dictionary"
        if pa.types.is_dictionary(column.type)
        else str(column.type)
        for column in found
    }


def _empty(schema: Schema, running: Engine, scratch: str) -> Frame:
    table = pa.table({name: pa.array([], pa.string()) for name in schema.names})
    if running.hold:
        return running.hold(table)
    path = os.path.join(scratch, f"{schema.name}.empty.parquet")
    pq.write_table(table, path)
    return running.scan([path])


def _csv(path: str, target: str, running: Engine, whole: Whole) -> _Content:
    """Open a CSV file, every cell as text: in memory, or as Parquet at ``target``."""
    if not running.hold or os.path.getsize(path) > HELD:
        with _reading(path, whole) as (how, lost):
            if how:
                with pa.csv.open_csv(path, **how) as reader, pq.ParquetWriter(target, reader.schema) as writer:
                    for batch in reader:
                        writer.write_batch(batch)
        content = _parquet([target], running, whole) if os.path.exists(target) else _Content()
        content.cut = bool(lost)
        return content
    held = None
    with _reading(path, whole) as (how, lost):
        if how:
            held = pa.csv.read_csv(path, **how)
    if held is None:
        return _Content()
    gaps = {name for name in held.column_names if held[name].null_count}
    return _Content(running.hold(held), _types(held.schema), held.num_rows, set(), gaps, bool(lost))


@contextmanager
def _reading(path: str, whole: Whole) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Yield how pyarrow is to read a CSV file, nothing if its header cannot be used, and where lost rows are put.

    What is wrong with the file, and in the end with its rows, is reported.
    """
    lost: list[Any] = []

    def skip(row: Any) -> str:
        if len(lost) < MANY:
            lost.append(row)
        return "skip"

    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file), [])
        if len({*names}) < max(len(names), 1):
            whole("E008" if names else "E005", "the header is empty or has a name twice", "write each column once", 1)
            lost.append(names)
            yield {}, lost
            return
        text = dict.fromkeys(names, pa.string())
        how = {
            "read_options": pa.csv.ReadOptions(block_size=1 << 23),
            "parse_options": pa.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
            "convert_options": pa.csv.ConvertOptions(column_types=text, null_values=[""], strings_can_be_null=True),
        }
        yield how, lost
    except (pa.ArrowException, UnicodeDecodeError) as error:
        whole("E010", f"the file cannot be read ({str(error).splitlines()[0][:100]})", "see where its quotes break")
        lost.append(None)
        return
    for row in lost:
        message = f"the row has {row.actual_columns} cells, the header {row.expected_columns}"
        fix = "give it one cell a column; a comma inside a cell needs double quotes around the cell"
        whole("E009", message, fix, 0, "", row.text[:100])

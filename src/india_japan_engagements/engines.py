"""The same checks over tables of any size, on an engine people already run: polars, DuckDB or Spark.

The rules and the conditions of the columns are the ones of ``validation``, so codes, messages and findings are the same
on every engine. What differs is the reading: Parquet is read by the engine, CSV once by pyarrow for all of them; the
line of a row is not known. Rows stay in the engine; what is wrong comes out of it in parts.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Literal

import narwhals as nw
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from . import columns, package
from .reading import header_positions, malformed, well_formed
from .report import MANY, Problem, Report, text_of, too_many
from .rules import Data, Incomplete, Rule, Whole, all_rules
from .tableschema import Field, Schema
from .validation import SUGGESTIONS, WAIVER_RULES
from .views import Frame

EngineName = Literal["polars", "duckdb", "pyspark"]
ENGINES: tuple[EngineName, ...] = ("polars", "duckdb", "pyspark")

MEMORY = "1500MB"
"""How much DuckDB may hold before it goes to disk; Python and the libraries come on top."""
PART = 50_000
"""How many rows come out of an engine at a time."""
NEAREST = 100_000
"""How many ids a table may have for a broken reference to be told the nearest one."""

Batches = Iterator[dict[str, list[Any]]]


@dataclass(frozen=True)
class Engine:
    """How an engine opens Parquet files and hands out rows, a part at a time."""

    scan: Callable[[list[str]], Frame]
    stream: Callable[[Frame], Batches]


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

        with module.Config():
            module.Config.set_engine_affinity("streaming")
            yield Engine(lambda files: nw.from_native(module.scan_parquet(files, glob=False)), parts)
    elif name == "duckdb":
        # Frames made on the way belong to the connection that duckdb keeps for everybody, and relations of two
        # connections cannot be joined.
        # Nor does it move what it put on disk, so the folder is one for all of a process; duckdb empties it at the end.
        spill = os.path.join(tempfile.gettempdir(), f"ije-duckdb-{os.getpid()}")
        if module.execute("SELECT current_setting('temp_directory')").fetchone() != (spill,):
            module.execute(f"SET temp_directory = '{spill}'")
        module.execute(f"SET memory_limit = '{MEMORY}'")

        def rows(frame: Frame) -> Batches:
            for batch in frame.to_native().to_arrow_reader(PART):
                yield batch.to_pydict()

        try:
            yield Engine(lambda files: nw.from_native(module.read_parquet(files)), rows)
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

        yield Engine(lambda files: nw.from_native(session.read.parquet(*files)), local)


@dataclass
class Opened:
    """A table as an engine sees it: its rows as text or in types, and what is wrong with the file."""

    schema: Schema
    file: str
    frame: Frame
    rows: int
    textual: set[str]
    lacking: set[str]
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True


@dataclass
class Findings:
    """What is wrong: how often by code, table and column, and the problems unless they were only counted."""

    rows: dict[str, int]
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.counts

    def report(self) -> Report:
        """Return the problems as those of any validation."""
        report = Report(rows=self.rows)
        report.add(self.problems)
        return report

    def text(self) -> str:
        """Return the counts, a line each, and a closing line."""
        lines = [f"{n:>12,} {code:<6} {file} {column}" for (code, file, column), n in sorted(self.counts.items())]
        found = f"{sum(self.counts.values()):,} findings" if self.counts else "no problems"
        return "\n".join([*lines, f"{sum(self.rows.values()):,} rows in {len(self.rows)} tables: {found}"])


def check(
    directory: str | os.PathLike[str],
    name: EngineName,
    *,
    count: bool = False,
    keep: Callable[[list[Problem]], None] | None = None,
    rules: Iterable[Rule] | None = None,
) -> Findings:
    """Check the tables in a folder on an engine.

    A table is ``<table>.parquet``, a folder ``<table>/`` of Parquet files of one schema, or ``<table>.csv``.

    Args:
        directory: the folder.
        name: the engine.
        count: only count what is wrong, and list nothing.
        keep: takes every problem, in parts; the result then has none. Without it at most 10,000 of one code and column
            are listed.
        rules: the rules to ask beside the columns; all by default. What depends on the files of a release is not asked.

    Raises:
        NotADirectoryError: there is no such folder.
        FileNotFoundError: it holds none of the tables.
        ImportError: the engine is not installed.
    """
    folder = os.fspath(directory)
    if not os.path.isdir(folder):
        raise NotADirectoryError(f"there is no folder {folder!r}; name one that holds the tables")
    inner = os.path.join(folder, "data")
    folder = inner if os.path.isdir(inner) else folder
    schemas: dict[str, Schema] = {table: package.schema(table) for table in package.tables()}
    with tempfile.TemporaryDirectory(prefix="ije-") as scratch, engine(name) as running:
        tables = {table: _open(folder, schema, running, scratch) for table, schema in schemas.items()}
        if all(_missing(table) for table in tables.values()):
            raise FileNotFoundError(f"{folder!r} holds none of the tables; name a folder with engagements.parquet")
        checking = _Checking(running, tables, count, keep)
        checking.cells()
        checking.rules(all_rules().values() if rules is None else rules)
        return checking.found


def _missing(table: Opened) -> bool:
    return any(problem.code == "E001" for problem in table.problems)


def _open(folder: str, schema: Schema, running: Engine, scratch: str) -> Opened:
    """Open a table, with the faults of its columns as a whole."""
    stem = os.path.join(folder, schema.name)
    problems: list[Problem] = []
    shown = schema.name

    def whole(code: str, message: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None:
        problems.append(Problem(shown, line, column, code, "", value, message, fix))

    cut = False
    if os.path.isfile(f"{stem}.parquet"):
        shown, files = f"{schema.name}.parquet", [f"{stem}.parquet"]
    elif os.path.isdir(stem):
        shown = f"{schema.name}/"
        files = [os.path.join(stem, name) for name in sorted(os.listdir(stem)) if name.endswith(".parquet")]
    elif os.path.isfile(f"{stem}.csv"):
        shown, files = f"{schema.name}.csv", [os.path.join(scratch, f"{schema.name}.parquet")]
        cut = _convert(f"{stem}.csv", files[0], whole)
    else:
        files = []
    if os.path.basename(os.path.normpath(folder)) == "data":
        shown = f"data/{shown}"
    if not files:
        message = f"add {schema.name}.parquet, {schema.name}.csv or a folder {schema.name}/ of Parquet files"
        whole("E001", "the file is missing", message)
    kinds, rows, blank = _kinds(files, whole)
    positions = header_positions([*kinds], schema, whole) if kinds else {}
    frame = running.scan(files) if kinds else _empty(schema, running, scratch)
    selected, textual = [], set()
    for found in schema.fields:
        column = nw.col(found.name)
        kind = _kind(kinds[found.name].type) if found.name in positions else None
        if kind == "string" or (kind == "integer" and found.type == "number") or kind in ("null", found.type):
            if kind == "string":
                text = column if kinds[found.name].type == pa.string() else column.cast(nw.String)
                # What is empty is null, as it is in CSV.
                selected.append(nw.when(text != "").then(text).alias(found.name) if found.name in blank else text)
                if found.type != "string" or found.partial_date:
                    textual.add(found.name)
            else:
                selected.append(column.cast(columns.TYPES[found.type]))
            continue
        if found.name in positions:
            about = f"the column is of type {kinds[found.name].type}, not {found.type}"
            whole("E011", about, "write the column in its type, or as text", 0, found.name)
            del positions[found.name]
        selected.append(nw.lit(None, columns.TYPES[found.type]).alias(found.name))
    lacking = {*schema.names} - {*positions}
    return Opened(
        schema, shown, frame.select(*selected), rows, textual, lacking,
        [Problem(shown, *_rest(problem)) for problem in problems], not lacking and not cut and bool(files),
    )  # fmt: skip


def _rest(problem: Problem) -> tuple[int, str, str, str, str, str, str]:
    return (problem.line, problem.column, problem.code, problem.row_id, problem.value, problem.message, problem.fix)


def _kinds(files: list[str], whole: Callable[..., None]) -> tuple[dict[str, pa.Field], int, set[str]]:
    """Return the columns of Parquet files, the same in all, the number of rows, and where text may be empty."""
    kinds: dict[str, pa.Field] = {}
    rows, blank = 0, set()
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                found, held = {column.name: column for column in file.schema_arrow}, file.metadata
        except (OSError, pa.ArrowException) as error:
            whole("E010", f"the file cannot be read ({str(error).splitlines()[0][:100]})", "write it anew")
            return {}, 0, set()
        kinds = kinds or found
        if [*map(str, kinds.values())] != [*map(str, found.values())]:
            name = os.path.basename(path)
            whole("E008", f"the columns of {name} are not those of the first file", "write all files by one schema")
            return {}, 0, set()
        rows += held.num_rows
        for group in range(held.num_row_groups):
            for position, name in enumerate(found):
                about = held.row_group(group).column(position).statistics
                if about is None or not about.has_min_max or about.min == "":
                    blank.add(name)
    return kinds, rows, blank


def _kind(found: pa.DataType) -> str | None:
    """Return which type of a Table Schema a type of Arrow can hold, ``null`` where there are no values."""
    kind = found.value_type if pa.types.is_dictionary(found) else found
    tests = {
        "string": (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view),
        "integer": (pa.types.is_integer,),
        "number": (pa.types.is_floating,),
        "boolean": (pa.types.is_boolean,),
        "date": (pa.types.is_date32,),
        "null": (pa.types.is_null,),
    }
    return next((name for name, any_of in tests.items() if any(test(kind) for test in any_of)), None)


def _empty(schema: Schema, running: Engine, scratch: str) -> Frame:
    path = os.path.join(scratch, f"{schema.name}.empty.parquet")
    pq.write_table(pa.table({name: pa.array([], pa.string()) for name in schema.names}), path)
    return running.scan([path])


def _convert(path: str, target: str, whole: Callable[..., None]) -> bool:
    """Write a CSV file as Parquet, every cell as text; return whether rows were lost on the way."""
    ragged: list[Any] = []

    def lost(row: Any) -> str:
        if len(ragged) < MANY:
            ragged.append(row)
        return "skip"

    options = (
        pa.csv.ReadOptions(block_size=1 << 23),
        pa.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lost),
    )
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file), [])
        if len({*names}) < max(len(names), 1):
            whole("E008" if names else "E005", "the header is empty or has a name twice", "write each column once", 1)
            return True
        text = dict.fromkeys(names, pa.string())
        cells = pa.csv.ConvertOptions(column_types=text, null_values=[""], strings_can_be_null=True)
        with pa.csv.open_csv(path, *options, cells) as reader, pq.ParquetWriter(target, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        whole("E010", f"the file cannot be read ({str(error).splitlines()[0][:100]})", "see where its quotes break")
        return True
    for row in ragged:
        message = f"the row has {row.actual_columns} cells, the header {row.expected_columns}"
        fix = "give it one cell a column; a comma inside a cell needs double quotes around the cell"
        whole("E009", message, fix, 0, "", row.text[:100])
    return bool(ragged)


class _Checking:
    """One run: what is found is counted, listed or handed on."""

    def __init__(
        self, running: Engine, tables: dict[str, Opened], count: bool, keep: Callable[[list[Problem]], None] | None
    ) -> None:
        self.engine, self.tables, self.count, self.keep = running, tables, count, keep
        self.found = Findings({name: table.rows for name, table in tables.items()})
        self.malformed: set[str] = set()
        self.listed: Counter[tuple[str, str]] = Counter()
        for table in tables.values():
            self.add(table.problems)
        self.data = Data(
            {name: table.frame for name, table in tables.items()},
            {name: table.schema for name, table in tables.items()},
            package.metadata()["release_date"],
            {name for name, table in tables.items() if not table.complete},
            stream=running.stream,
            keep=lambda frame: frame,
        )

    def add(self, problems: Iterable[Problem]) -> None:
        """Take problems in."""
        problems = [*problems]
        self.found.counts.update((problem.code, problem.file, problem.column) for problem in problems)
        if self.count:
            return
        if self.keep:
            self.keep(problems)
            return
        for problem in problems:
            place = (problem.file + problem.code, problem.column)
            self.listed[place] += 1
            if self.listed[place] <= MANY:
                self.found.problems.append(problem)
            elif self.listed[place] == MANY + 1:
                self.found.problems.append(too_many(problem.file, problem.column))

    def cells(self) -> None:
        """Check the cells of every table, and give the columns their types."""
        for name, table in self.tables.items():
            self._text(table)
            self._typed(table)
            self.data.frames[name] = table.frame

    def _text(self, table: Opened) -> None:
        """Check cells that are text and are to have a type, and give them that."""
        fields = [found for found in table.schema.fields if found.name in table.textual]
        faults = [fault for found in fields for fault in columns.ill_formed(found)]
        lost = {found.name: self._lost(table, found) for found in fields}
        faults += [
            columns.Fault(found, "E011", nw.col(found.name).is_in(lost[found.name]))
            for found in fields
            if lost[found.name]
        ]
        empty = [columns.Fault(found, "E012", nw.col(found.name).is_null()) for found in fields if found.required]

        def words(fault: columns.Fault, value: Any) -> tuple[str, str]:
            if fault.code == "E012":
                return columns.words(fault.field, fault.code, value)
            return malformed(value, fault.field)[2:]

        wrong = self._faulty(table, faults + empty, words)
        for fault in wrong:
            if fault.code != "E012":
                cell = nw.when(~fault.where).then(nw.col(fault.field.name))
                table.frame = table.frame.with_columns(cell.alias(fault.field.name))
        for found in fields:
            if found.type != "string":
                table.frame = table.frame.with_columns(columns.typed(found).alias(found.name))

    def _lost(self, table: Opened, found: Field) -> list[str]:
        """Return the numbers of a column of which a float would lose digits: Python is asked, for the few long ones."""
        doubt = columns.doubtful(found)
        if doubt is None:
            return []
        formed = table.frame.filter(doubt, *[~fault.where for fault in columns.ill_formed(found)])
        values = (
            value for batch in self.engine.stream(formed.select(found.name).unique()) for value in batch[found.name]
        )
        return [value for value in values if not well_formed(value, found)]

    def _typed(self, table: Opened) -> None:
        """Check cells that have their type."""
        hinted: Counter[str] = Counter()

        def words(fault: columns.Fault, value: Any) -> tuple[str, str]:
            hinted[fault.code] += 1
            return columns.words(fault.field, fault.code, value, hinted[fault.code] <= SUGGESTIONS)

        asked = [
            fault
            for fault in columns.unfit(table.schema)
            if fault.field.name not in table.lacking
            and not (fault.code == "E012" and fault.field.name in table.textual)
        ]
        self._faulty(table, asked, words)
        for found in table.schema.fields:
            if found.unique and found.name not in table.lacking:
                self._repeated(table, found)

    def _faulty(
        self, table: Opened, faults: list[columns.Fault], words: Callable[[columns.Fault, Any], tuple[str, str]]
    ) -> list[columns.Fault]:
        """Take in what is wrong with cells, and return the faults there are."""
        if not faults:
            return []
        sums = [fault.where.fill_null(False).cast(nw.Int64).sum().alias(str(n)) for n, fault in enumerate(faults)]
        met = table.frame.select(*sums).collect()
        found = [fault for number, fault in enumerate(faults) if met[str(number)].item()]
        key = table.schema.key
        for fault in sorted(found, key=lambda fault: fault.field.name):
            column = fault.field.name
            rows = table.frame.filter(fault.where).select(nw.col(key).alias("id"), nw.col(column).alias("value"))
            for batch in self.engine.stream(rows.sort("id", "value")):
                self.malformed.update(filter(None, batch["id"]))
                self.add(
                    Problem(table.file, 0, column, fault.code, row_id or "", text_of(value), *words(fault, value))
                    for row_id, value in zip(batch["id"], batch["value"], strict=True)
                )
        return found

    def _repeated(self, table: Opened, found: Field) -> None:
        """Take in every row but the first, in the order of ids, that has a value of another."""
        values = table.frame.filter(~nw.col(found.name).is_null()).select(
            nw.col(table.schema.key).alias("id"), nw.col(found.name).alias("value")
        )
        twice = values.group_by("value").agg(nw.len().alias("rows")).filter(nw.col("rows") > 1).select("value")
        if not twice.select(nw.len()).collect().item():
            return
        last: Any = None
        for batch in self.engine.stream(values.join(twice, on="value").sort("value", "id")):
            problems = []
            for row_id, value in zip(batch["id"], batch["value"], strict=True):
                if value == last:
                    said = columns.repeated(value, "another row")
                    self.malformed.update({row_id} - {None})
                    problems.append(Problem(table.file, 0, found.name, "E016", row_id or "", text_of(value), *said))
                last = value
            self.add(problems)

    def rules(self, rules: Iterable[Rule]) -> None:
        """Run rules over the tables, drop waived warnings, and report waivers that nothing needs."""
        waivers = self._waivers()
        needed: set[tuple[str, str, str]] = set()
        asked = {rule.code: rule for rule in rules}
        for rule in asked.values():
            waived = {(table, row_id) for code, table, row_id in waivers if code == rule.code}
            for table, problems in self._broken(rule):
                kept = [problem for problem in problems if (table, problem.row_id) not in waived]
                if len(kept) < len(problems):
                    needed |= {(rule.code, table, problem.row_id) for problem in problems} & waivers.keys()
                self.add(kept)
        known = all_rules()
        for waiver, row_id in waivers.items():
            code = "E020" if waiver[0] in known else "E021"
            if waiver not in needed and (waiver[0] in asked or code == "E021"):
                message, fix = WAIVER_RULES[code]
                said = message.format(value=waiver[0]), fix
                self.add([Problem(self.tables["waivers"].file, 0, "code", code, row_id or "", waiver[0], *said)])

    def _waivers(self) -> dict[tuple[str, str, str], str]:
        """Return the id of each waiver by code, table and row; there are few, since people write them."""
        if not self.tables["waivers"].complete:
            return {}
        names = ("code", "table_name", "row_id", self.tables["waivers"].schema.key)
        return {
            waiver[:3]: waiver[3]
            for batch in self.engine.stream(self.data["waivers"].select(*names))
            for waiver in zip(*(batch[name] for name in names), strict=True)
            if waiver[0]
        }

    def _broken(self, rule: Rule) -> Iterator[tuple[str, list[Problem]]]:
        """Yield what breaks a rule, in parts, each with its table. As in any validation, rows are judged once they are
        well formed, and so are rows that speak of them.
        """
        found = rule.find(self.data)
        while True:
            try:
                finding = next(found)
            except (StopIteration, Incomplete):
                return
            if isinstance(finding, Whole):  # of the files of a release, which these are not
                continue
            name, column, rows = finding
            table, key = self.tables[name], self.data.key(name)
            there = rows.collect_schema().names()
            ids = [one for one in {key: 0, "row_id": 0, **table.schema.foreign_keys} if one in there]
            names = [] if self.count else rule.names(there)
            wanted = rows.select(*dict.fromkeys([key, column, *ids, *names]))
            if not wanted.select(nw.len()).collect().item():
                continue
            known = self._nearest(rule, table, column)
            last: Any = self  # no row has it
            hints = SUGGESTIONS
            for batch in self.engine.stream(wanted.sort(key, *names)):
                problems = []
                for values in zip(*batch.values(), strict=True):
                    row = dict(zip(batch, values, strict=True))
                    if row[key] == last or not self.malformed.isdisjoint(filter(None, map(row.get, ids))):
                        continue
                    last, value = row[key], row[column]
                    said = ("", "") if self.count else _said(rule, row | {"value": value})
                    if known and hints and (near := get_close_matches(str(value), known, 1)):
                        said = said[0], f"did you mean {near[0]}? otherwise {said[1]}"
                    hints = max(hints - 1, 0)
                    problems.append(Problem(table.file, 0, column, rule.code, last or "", text_of(value), *said))
                yield name, problems

    def _nearest(self, rule: Rule, table: Opened, column: str) -> list[str]:
        """Return the ids among which a broken reference may have been meant."""
        target = table.schema.foreign_keys.get(column) if rule.code == "E017" and not self.count else None
        if target is None or self.tables[target].rows > NEAREST:
            return []
        key = self.data.key(target)
        return [
            row_id for batch in self.engine.stream(self.data[target].select(key)) for row_id in batch[key] if row_id
        ]


def _said(rule: Rule, row: dict[str, Any]) -> tuple[str, str]:
    return rule.message.format_map(row), rule.fix.format_map(row)


@contextmanager
def kept(path: str) -> Iterator[Callable[[list[Problem]], None]]:
    """Yield what writes problems to a file, ``.parquet`` or else CSV, a part at a time."""
    names = [*(one.name for one in fields(Problem)), "severity"]
    schema = pa.schema([(name, pa.int64() if name == "line" else pa.string()) for name in names])
    writing = pq.ParquetWriter if path.endswith(".parquet") else pa.csv.CSVWriter
    with writing(path, schema) as writer:

        def write(problems: list[Problem]) -> None:
            if problems:
                rows = {name: [getattr(problem, name) for problem in problems] for name in names}
                writer.write_table(pa.table(rows, schema))

        yield write

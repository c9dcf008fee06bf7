"""The same checks over tables of any size, on an engine people already run: polars, DuckDB or Spark.

The rules and the conditions of the columns are the ones of ``validation``, so codes, messages and findings are the same
on every engine; the line of a row is not known. Rows stay in the engine; what is wrong comes out of it in parts.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from . import columns, package
from .opening import Engine, EngineName, Opened, engine, open_files, open_frame
from .reading import malformed, well_formed
from .report import MANY, Problem, Report, text_of, too_many
from .rules import Data, Incomplete, Rule, Whole, all_rules
from .tableschema import Field, Schema
from .validation import SUGGESTIONS, WAIVER_RULES
from .views import Frame

NEAREST = 5_000
"""How many ids a table may have for a broken reference to be told the nearest one."""
FORM = {"E011", "E014", "E101"}
"""What is wrong with text that is to have a type."""


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
    tables: str | os.PathLike[str] | Mapping[str, Any],
    name: EngineName | None = None,
    *,
    count: bool = False,
    keep: Callable[[list[Problem]], None] | None = None,
    rules: Iterable[Rule] | None = None,
) -> Findings:
    """Check the tables in a folder, or frames by the names of tables, on an engine.

    In a folder a table is ``<table>.parquet``, a folder ``<table>/`` of Parquet files of one schema, or
    ``<table>.csv``, and each that is not there is a finding. Of frames those that are given are checked, with the
    rules and references that need no other table.

    Args:
        tables: the folder, or frames of polars, DuckDB, Spark, pandas or pyarrow by the name of the table; relations
            of DuckDB are of its default connection.
        name: the engine; by default that of the frames, and polars for all else.
        count: only count what is wrong, and list nothing.
        keep: takes every problem, in parts; the result then has none. Without it at most 10,000 of one code and column
            are listed.
        rules: the rules to ask beside the columns; all by default. What depends on the files of a release is not asked.

    Raises:
        NotADirectoryError: there is no such folder.
        FileNotFoundError: it holds none of the tables.
        ValueError: the frames are of two engines, or one has the name of no table.
        ImportError: the engine is not installed.
    """
    schemas: dict[str, Schema] = {table: package.schema(table) for table in package.tables()}
    frames = tables if isinstance(tables, Mapping) else None
    folder = "" if frames is not None else _folder(os.fspath(tables))  # type: ignore[arg-type]
    name = name or (_engine_of(frames) if frames is not None else "polars")
    with tempfile.TemporaryDirectory(prefix="ije-") as scratch, engine(name) as running:
        if frames is not None:
            opened = {one: open_frame(frames.get(one), schema, running, scratch) for one, schema in schemas.items()}
        else:
            opened = {one: open_files(folder, schema, running, scratch) for one, schema in schemas.items()}
            if all(_absent(table) for table in opened.values()):
                raise FileNotFoundError(f"{folder!r} holds none of the tables; name a folder with engagements.parquet")
        checking = _Checking(running, opened, count, keep)
        checking.cells()
        checking.rules(all_rules().values() if rules is None else rules)
        return checking.found


def _folder(start: str) -> str:
    if not os.path.isdir(start):
        raise NotADirectoryError(f"there is no folder {start!r}; name one that holds the tables")
    inner = os.path.join(start, "data")
    return inner if os.path.isdir(inner) else start


def _engine_of(frames: Mapping[str, Any]) -> EngineName:
    """Return the engine that has the frames; what has none of its own goes to polars."""
    for table in frames:
        if table not in package.tables():
            near = get_close_matches(table, package.tables(), 1)
            hint = f"did you mean {near[0]}?" if near else f"the tables are {', '.join(package.tables())}"
            raise ValueError(f"there is no table {table!r}; {hint}")
    found = {nw.from_native(frame).implementation for frame in frames.values()}
    names: set[EngineName] = {
        "duckdb" if one.is_duckdb() else "pyspark" if one.is_pyspark() else "polars" for one in found
    }
    if len(names) > 1:
        raise ValueError(f"the frames are of {' and '.join(sorted(names))}; give all of one engine")
    return names.pop() if names else "polars"


def _absent(table: Opened) -> bool:
    return any(problem.code == "E001" for problem in table.problems)


def _with(frame: Frame, made: list[nw.Expr]) -> Frame:
    return frame.with_columns(*made) if made else frame


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
            if table.missing:
                continue
            self._cells(table)
            for found in table.schema.fields:
                if found.unique and found.name not in table.lacking:
                    self._repeated(table, found)
            self.data.frames[name] = table.frame

    def _cells(self, table: Opened) -> None:
        """Check the cells of a table, all in one reading of it, and give the columns their types.

        Text is judged first, as text; where it is well formed, so is what it means.
        """
        fields = [found for found in table.schema.fields if found.name in table.textual]
        formed = [fault for found in fields for fault in columns.ill_formed(found)]
        for found in fields:
            if lost := self._lost(table, found):
                formed.append(columns.Fault(found, "E011", nw.col(found.name).is_in(lost)))
        asked = [fault for fault in columns.unfit(table.schema) if fault.field.name not in table.lacking]
        # Asked of text: once it has its type, what is empty is no longer told from what was not well formed.
        empty = [fault for fault in asked if fault.code == "E012" and fault.field.name not in table.filled]
        unfit = [fault for fault in asked if fault.code != "E012"]
        flags = {f"_{number}": fault for number, fault in enumerate([*formed, *empty, *unfit])}
        if not flags:
            return
        marks = [fault.where.fill_null(False).alias(flag) for flag, fault in flags.items()]
        first = len(formed) + len(empty)

        def well(found: Field) -> nw.Expr:
            bad = [nw.col(flag) for flag, fault in [*flags.items()][: len(formed)] if fault.field is found]
            cell = nw.when(~nw.any_horizontal(*bad, ignore_nulls=False)).then(nw.col(found.name)).alias(found.name)
            return cell if found.type == "string" else columns.typed(found, cell).alias(found.name)

        # A cell is told as it stands in the file.
        text = {found.name: f"{found.name}_" for found in fields}
        as_text = [nw.col(name).alias(other) for name, other in text.items()]
        rows = _with(table.frame, [*as_text, *marks[:first]])
        rows = _with(_with(rows, [well(found) for found in fields]), marks[first:])
        told = {fault.field.name: text.get(fault.field.name, fault.field.name) for fault in flags.values()}
        wrong = rows.filter(nw.any_horizontal(*map(nw.col, flags), ignore_nulls=False))
        wrong = wrong.select(nw.col(table.schema.key).alias("id"), *told.values(), *flags)
        met = self._faulty(table, wrong.sort("id", *told.values()), flags, told)
        for flag, fault in [*flags.items()][: len(formed)]:
            if flag in met:
                cell = nw.when(~fault.where).then(nw.col(fault.field.name)).alias(fault.field.name)
                table.frame = table.frame.with_columns(cell)
        for found in fields:
            if found.type != "string":
                table.frame = table.frame.with_columns(columns.typed(found).alias(found.name))

    def _faulty(self, table: Opened, wrong: Frame, flags: dict[str, columns.Fault], told: dict[str, str]) -> set[str]:
        """Take in what is wrong with the cells of rows, and return the flags of the faults there are."""
        hinted: Counter[str] = Counter()

        def words(fault: columns.Fault, value: Any) -> tuple[str, str]:
            hinted[fault.code] += 1
            if fault.field.name in table.textual and fault.code in FORM:
                return malformed(value, fault.field)[2:]
            return columns.words(fault.field, fault.code, value, hinted[fault.code] <= SUGGESTIONS)

        met = set()
        for batch in self.engine.stream(wrong):
            self.malformed.update(filter(None, batch["id"]))
            for flag, fault in sorted(flags.items(), key=lambda one: one[1].field.name):
                column = fault.field.name
                cells = [
                    (row_id or "", value)
                    for here, row_id, value in zip(batch[flag], batch["id"], batch[told[column]], strict=True)
                    if here
                ]
                if cells:
                    met.add(flag)
                    self.add(
                        Problem(table.file, 0, column, fault.code, row_id, text_of(value), *words(fault, value))
                        for row_id, value in cells
                    )
        return met

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

    def _repeated(self, table: Opened, found: Field) -> None:
        """Take in every row but the first, in the order of ids, that has a value of another."""
        if self.engine.distinct(table.frame, found.name):
            return
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
            # Asked beforehand: an engine may not take a question while it hands out rows.
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

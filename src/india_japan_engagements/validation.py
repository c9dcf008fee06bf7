"""Validation in layers, one report: strict reading, types and columns, references, domain rules, outside referee."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

import narwhals as nw
import polars as pl

from . import columns, package, releases, store
from .reading import Table, open_plain, read
from .report import MANY, Problem, Report, too_many
from .rules import Data, Incomplete, Manifest, Rule, Whole, all_rules
from .rules.files import DESCRIPTOR, LARGEST
from .tableschema import Schema

SUGGESTIONS = 50
"""How many wrong codes and references of one column get the nearest allowed one; finding it is slow."""

Find = Callable[[Rule, Data, dict[str, Table], set[str]], Iterable[tuple[str, Problem]]]
"""What finds the breaches of a rule, each with its table: the rule, all tables, and the ids of malformed rows."""

WAIVER_RULES = {
    "E020": ("no row breaks {value} any more", "delete the waiver"),
    "E021": ("{value} is not the code of a warning", "write a W code of docs/rules.md; errors cannot be waived"),
}


def validate(
    directory: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    *,
    referee: bool = False,
    published: bool = True,
) -> Report:
    """Check the tables in a folder against the schemas and rules of this version of the package.

    A folder with a descriptor is a package: there the Parquet files and the descriptor must agree with the tables too.

    Args:
        directory: a checkout, a folder with ``data/``, or a folder of the CSV files themselves; by default the data
            this package came with. Or frames of polars, pandas, pyarrow, DuckDB or Spark by the names of tables:
            ``{"engagements": frame}``; then those tables alone are checked, by the rules that need no other.
        referee: also ask pandera and frictionless, by the same schemas, and report what they alone object to as
            E098 and E099.
        published: judge what is generated too, which a build that is about to write it anew need not.

    Returns:
        A report with every problem found; ``report.clean`` says whether there are none.

    Raises:
        NotADirectoryError: there is no such folder, or its ``data/`` is a link.
        FileNotFoundError: the folder holds none of the tables.
        ValueError: the manifest of the last release cannot be read, or a frame has the name of no table.
    """
    if isinstance(directory, Mapping):
        from .engines import check

        return check(directory).report()
    folder = _folder(directory)
    schemas: dict[str, Schema] = {name: package.schema(name) for name in package.tables()}
    tables = {name: read_table(folder, schema) for name, schema in schemas.items()}
    report = judge(tables, _package(folder) if published else None, _manifest(folder))
    if store.unfinished(folder):
        message = "an intake was cut short, and some of the tables beside this may be old, some new"
        report.add(
            [Problem(store.STAGE, 0, "", "E022", "", "", message, "run any intake again: it finishes this one first")]
        )
    report.add(_descriptor_problems(package.root() if directory is None else os.fspath(directory)))
    # What our own reading did not read on, the referee is not to open either: it has no limits.
    if referee and all(table.complete and not table.ragged for table in tables.values()):
        report.add([*_pandera_problems(tables, report), *_referee_problems(folder, schemas, report)])
    return report


def read_table(folder: str, schema: Schema) -> Table:
    """Read a table and judge it by itself: ``problems`` are those of its bytes, shape, cells and columns."""
    table = read(folder, schema)
    table.problems += [*_column_problems(table)]
    return table


def judge(
    tables: dict[str, Table], published: str | None = None, manifest: Manifest | None = None, find: Find | None = None
) -> Report:
    """Run the rules over tables that were read, and report what is wrong with both.

    ``find`` finds the breaches of one rule: whoever judges nearly the same tables many times need not find them anew.
    """
    report = Report(rows={name: len(table.lines) for name, table in tables.items()})
    report.add(problem for table in tables.values() for problem in table.problems)
    data = Data(
        {name: nw.from_native(table.frame.lazy()) for name, table in tables.items()},
        {name: table.schema for name, table in tables.items()},
        package.metadata()["release_date"],
        {name for name, table in tables.items() if not table.complete},
        published,
        manifest,
    )
    malformed = {problem.row_id for problem in report.problems if problem.row_id}
    report.add(_rule_problems(data, tables, malformed, find or findings))
    return report


def _folder(directory: str | os.PathLike[str] | None) -> str:
    start = os.fspath(directory) if directory is not None else package.root()
    if not os.path.isdir(start):
        raise NotADirectoryError(f"there is no folder {start!r}; name one that holds the CSV files, or data/ with them")
    inner = os.path.join(start, "data")
    if os.path.islink(inner):
        raise NotADirectoryError(f"{inner!r} is a link, which may lead anywhere; name the folder it stands for")
    folder = inner if os.path.isdir(inner) else start
    if not any(os.path.isfile(os.path.join(folder, f"{table}.csv")) for table in package.tables()):
        raise FileNotFoundError(
            f"{folder!r} holds none of the tables; name a folder with engagements.csv and the others"
        )
    return folder


def _package(folder: str) -> str | None:
    """Return the folder of the package whose tables are in ``folder``, if there is one."""
    around = os.path.dirname(os.path.abspath(folder))
    inside = os.path.basename(os.path.abspath(folder)) == "data"
    return around if inside and os.path.isfile(os.path.join(around, DESCRIPTOR)) else None


def _manifest(folder: str) -> Manifest | None:
    """Return the manifest of the last release, ``releases/<version>.json`` beside the folder of the tables."""
    found = releases.last(os.path.dirname(os.path.abspath(folder)))
    return (
        Manifest(found["version"], {table: {*about["ids"]} for table, about in found["tables"].items()})
        if found
        else None
    )


def _descriptor_problems(start: str) -> Iterator[Problem]:
    """Say what a descriptor names outside the folder: whoever opens the package by it would read or fetch that."""

    def wrong(message: str, fix: str, value: str = "") -> Problem:
        return Problem(DESCRIPTOR, 0, "", "E026", "", value, message, fix)

    try:
        file = open_plain(os.path.join(start, DESCRIPTOR))
    except FileNotFoundError:
        return
    if file is None:
        yield wrong("this is a link, a folder or a device", "put the file itself in its place")
        return
    with file:
        raw = file.read(LARGEST + 1)
    try:
        if len(raw) > LARGEST:
            raise ValueError(f"it is larger than {LARGEST >> 20} MB")
        package = json.loads(raw)
        named = [
            path
            for resource in package["resources"]
            for key in ("path", "extrapaths", "schema", "dialect")
            for path in (resource[key] if isinstance(resource.get(key), list) else [resource.get(key, {})])
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        yield wrong(f"this is not a descriptor of a data package ({error})", "run: python scripts/build.py")
        return
    for path in named:
        # What is no text is written out in the descriptor itself and leads nowhere.
        if isinstance(path, str) and not _within(start, path):
            yield wrong(f"it names {path!r}, which is not in this folder", "name files of the folder alone", path)


def _within(start: str, path: str) -> bool:
    try:
        root, target = os.path.realpath(start), os.path.realpath(os.path.join(start, path))
        return not urlsplit(path).scheme and os.path.commonpath([root, target]) == root
    except ValueError:  # a NUL, half a character, another drive
        return False


def _column_problems(table: Table) -> Iterator[Problem]:
    """Say what is wrong with cells that are well formed."""
    if not table.lines:
        return
    rows = nw.from_native(table.frame)
    faults = [*columns.unfit(table.schema)]
    met = rows.select(*[fault.where.fill_null(False).any().alias(str(n)) for n, fault in enumerate(faults)])
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, fault in enumerate(faults):
        if met[str(number)].item():
            where = rows.select(fault.where.fill_null(False).alias("where"))["where"].arg_true()
            found[fault.field.name] += [(index, fault.code) for index in where.to_list()]
    for field in table.schema.fields:
        if field.unique and rows[field.name].n_unique() < len(rows):
            twice = rows.select(nw.col(field.name).is_duplicated().alias("where"))["where"].arg_true()
            found[field.name] += [(index, "E016") for index in twice.to_list()]
    reported = {(problem.line, problem.column) for problem in table.problems}
    unread = {problem.column for problem in table.problems if problem.code in ("E006", "E025")}
    suggested = 0
    for column in sorted(found):
        faulty = [(index, code) for index, code in sorted(found[column]) if table.lines[index] not in table.ragged]
        if len(faulty) > MANY:
            yield too_many(table.file, column)
        first: dict[Any, int] = {}
        for index, code in faulty[:MANY]:
            line = table.lines[index]
            if (line, column) in reported or column in unread:
                continue
            value = table.frame[column][index]
            if code == "E016":
                if (before := first.setdefault(value, line)) == line:
                    continue
                said = columns.repeated(value, f"line {before}")
            else:
                suggested += code == "E013"
                said = columns.words(table.schema[column], code, value, suggested <= SUGGESTIONS)
            yield table.problem(index, column, code, "" if value is None else value, *said)


def _rule_problems(data: Data, tables: dict[str, Table], malformed: set[str], find: Find) -> Iterator[Problem]:
    """Run every rule, drop waived warnings, and report waivers that nothing needs."""
    waivers = _waivers(tables["waivers"])
    needed: set[tuple[str, str, str]] = set()
    rules = all_rules()
    for rule in rules.values():
        for table, problem in find(rule, data, tables, malformed):
            waiver = (rule.code, table, problem.row_id)
            if waiver in waivers:
                needed.add(waiver)
            else:
                yield problem
    for waiver, index in waivers.items():
        code = "E020" if waiver[0] in rules else "E021"
        if waiver not in needed:
            message, fix = WAIVER_RULES[code]
            yield tables["waivers"].problem(index, "code", code, waiver[0], message.format(value=waiver[0]), fix)


def findings(rule: Rule, data: Data, tables: dict[str, Table], malformed: set[str]) -> Iterator[tuple[str, Problem]]:
    """Yield what breaks a rule. Rows are judged once they are well formed, and so are rows that speak of them: what
    stands in a cell that could not be read may well keep the rule.
    """
    found = rule.find(data)
    prefix = os.path.dirname(tables["engagements"].file)
    prefix = f"{prefix}/" if prefix else ""
    while True:
        try:
            finding = next(found)
        except (StopIteration, Incomplete):
            return
        if isinstance(finding, Whole):
            value = finding.words.get("value", "")
            said = rule.message.format_map(finding.words), rule.fix.format_map(finding.words)
            file = finding.file if finding.file == DESCRIPTOR else f"{prefix}{finding.file}"
            yield "", Problem(file, 0, finding.column, rule.code, "", value, *said)
            continue
        name, column, rows = finding
        table, key = tables[name], data.key(name)
        broken = rows.collect().to_native()
        if broken.is_empty():
            continue
        if len(broken) > MANY:
            yield name, too_many(table.file, column)
            # A waiver is needed as long as its row is found, whether that is listed or not.
            waived = [row for code, _, row in _waivers(tables["waivers"]) if code == rule.code]
            broken = broken.sort(key)
            broken = pl.concat([broken.head(MANY), broken.filter(pl.col(key).is_in(waived))])
        at = {value: index for index, value in reversed([*enumerate(table.frame[key])])}
        ids = {key, "row_id", *table.schema.foreign_keys}
        known = _nearest_source(rule, data, tables, table, column)
        told: set[Any] = set()
        for row in broken.sort(key, *rule.names(broken.columns)).iter_rows(named=True):
            if row[key] in told or (row[key] is not None and row[key] not in at):
                continue
            if not malformed.isdisjoint(filter(None, map(row.get, ids & row.keys()))):
                continue
            told.add(row[key])
            value = row[column]
            fix = rule.fix.format_map(row | {"value": value})
            if known and len(told) <= SUGGESTIONS and (near := get_close_matches(str(value), known, 1)):
                fix = f"did you mean {near[0]}? otherwise {fix}"
            index = at.get(row[key])
            if index is None or table.lines[index] in table.ragged:
                continue
            yield (
                name,
                table.problem(index, column, rule.code, value, rule.message.format_map(row | {"value": value}), fix),
            )


def _nearest_source(rule: Rule, data: Data, tables: dict[str, Table], table: Table, column: str) -> list[str]:
    """Return the ids among which a broken reference may have been meant."""
    target = table.schema.foreign_keys.get(column) if rule.code == "E017" else None
    return tables[target].frame[data.key(target)].drop_nulls().to_list() if target else []


def _waivers(table: Table) -> dict[tuple[str, str, str], int]:
    if not table.complete:
        return {}
    columns = [table.frame[name].to_list() for name in ("code", "table_name", "row_id")]
    return {(code, name, row): index for index, (code, name, row) in enumerate(zip(*columns, strict=True)) if code}


def _pandera_problems(tables: dict[str, Table], report: Report) -> Iterator[Problem]:
    """Let the pandera schemas judge the same frames, and pass on what only they object to."""
    import pandera.polars as pandera

    ours = {(problem.file, problem.line) for problem in report.problems}
    for table in tables.values():
        if not table.lines:
            continue
        try:
            table.schema.to_pandera("polars").validate(table.frame, lazy=True)
        except pandera.errors.SchemaErrors as error:
            for failure in error.failure_cases.drop_nulls("index").head(MANY).iter_rows(named=True):
                index, column = failure["index"], failure["column"]
                if (table.file, table.lines[index]) not in ours:
                    value = table.frame[column][index]
                    message = f"pandera: {failure['check']} does not hold"
                    fix = "mend the cell; if it is right, report that our own check missed this"
                    yield table.problem(index, column, "E098", value, message, fix)


def _referee_problems(folder: str, schemas: dict[str, Schema], report: Report) -> Iterator[Problem]:
    """Let frictionless judge the same files, and pass on what only it objects to."""
    from frictionless import Package

    resources = [
        {
            "name": name,
            "type": "table",
            "path": f"{name}.csv",
            "format": "csv",
            "encoding": "utf-8",
            "schema": schema.spec,
        }
        for name, schema in schemas.items()
    ]
    prefix = os.path.join("data", "") if os.path.basename(os.path.normpath(folder)) == "data" else ""
    # Relative, the name of a folder can look like an address, which frictionless would fetch.
    basepath = os.path.abspath(folder)
    checked = Package.from_descriptor({"name": "referee", "resources": resources}, basepath=basepath).validate()
    ours = {(problem.file, problem.line) for problem in report.problems}
    broken_files = {problem.file for problem in report.problems if problem.line <= 1}
    for task in checked.tasks:
        file = f"{prefix}{task.place}"
        for error in task.errors:
            line = getattr(error, "row_number", 0) or 0
            if (file, line) not in ours and file not in broken_files:
                column = getattr(error, "field_name", "") or ""
                yield Problem(
                    file,
                    line,
                    column,
                    "E099",
                    "",
                    str(getattr(error, "cell", "") or ""),
                    f"frictionless: {error.message}",
                    "mend the cell; if it is right, report that our own check missed this",
                )


def frames(directory: str | os.PathLike[str] | None = None) -> tuple[dict[str, pl.DataFrame], dict[str, Schema]]:
    """Return the typed columns of every table in a folder, and the schemas; for builds from a clean folder."""
    folder = _folder(directory)
    schemas: dict[str, Schema] = {name: package.schema(name) for name in package.tables()}
    return {name: read(folder, schema).frame for name, schema in schemas.items()}, schemas

"""The strict reader: from the bytes of a CSV file to typed columns, with every fault of form on the way."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Protocol

import polars as pl

from .report import Problem
from .tableschema import LEXICAL, PARTIAL_DATE, Field, Schema

# A cell of the record is a few hundred characters; csv's own limit would call a longer one a broken file.
csv.field_size_limit(1 << 24)

_TYPES = {"integer": pl.Int64, "number": pl.Float64}


class _Whole(Protocol):
    """The function that reports a problem of the file as a whole."""

    def __call__(self, code: str, message: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None: ...


_ADVICE = {
    "integer": "write a whole number in plain digits, such as 15",
    "number": "write plain digits without separators or exponent, such as 10000000000000 or -26.2",
    "boolean": "write true or false",
    "date": "write YYYY-MM-DD",
}


@dataclass
class Table:
    """One table as read: typed columns, the line each row starts on, and whether it can be relied on.

    ``complete`` is false where the file, a column or, behind an open quote, rows are missing; ``ragged`` holds the
    lines whose cells were lost.
    """

    schema: Schema
    file: str
    frame: pl.DataFrame
    lines: list[int]
    complete: bool
    problems: list[Problem] = field(default_factory=list)
    ragged: set[int] = field(default_factory=set)

    def problem(self, index: int, column: str, code: str, value: object, message: str, fix: str) -> Problem:
        """Return a problem of the row at ``index``."""
        key = self.frame[self.schema.key][index]
        return Problem(self.file, self.lines[index], column, code, key or "", text_of(value), message, fix)


def text_of(value: object) -> str:
    """Return a value as CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(value, ".15g") if abs(value) < 1e15 else format(value, ".0f")
    return str(value)


def read(folder: str, schema: Schema) -> Table:
    """Read ``<folder>/<table>.csv`` and report every fault of bytes, header, shape and lexical form."""
    name = schema.name + ".csv"
    shown = f"data/{name}" if os.path.basename(os.path.normpath(folder)) == "data" else name
    table = Table(schema, shown, _frame(schema, {}), [], False)

    def whole(code: str, message: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None:
        table.problems.append(Problem(shown, line, column, code, "", value, message, fix))

    try:
        with open(os.path.join(folder, name), "rb") as file:
            raw = file.read()
    except FileNotFoundError:
        near = get_close_matches(
            name, [entry for entry in sorted(os.listdir(folder)) if entry.endswith(".csv")], 1, 0.8
        )
        hint = (
            f"rename {near[0]} to {name}"
            if near and near[0] != name
            else f"add {name}, with its header if it has no rows"
        )
        whole("E001", "the file is missing", hint)
        return table
    text = _text(raw, whole)
    if not text.strip():
        whole("E005", "the file is empty", f"write the header: {','.join(schema.names)}")
        return table
    rows = _rows(text, whole)
    header = next(rows, (1, []))[1]
    positions = _header(header, schema, whole)
    cells: dict[str, list[str | None]] = {name: [] for name in schema.names}
    for line, row in rows:
        if len(row) != len(header):
            table.ragged.add(line)
            shape = "the line is blank" if not row else f"the row has {len(row)} cells, the header {len(header)}"
            fix = (
                "delete the line"
                if not row
                else "give it one cell a column; a comma inside a cell needs double quotes around the cell"
            )
            table.problems.append(Problem(shown, line, "", "E009", row[0] if row else "", "", shape, fix))
            row = [*row[:1], *[""] * (len(header) - 1)] if row else [""] * len(header)
        table.lines.append(line)
        for name, column in cells.items():
            column.append(row[positions[name]] or None if name in positions else None)
    table.complete = {*positions} == {*schema.names} and not any(found.code == "E010" for found in table.problems)
    table.frame = _frame(schema, cells)
    typed = []
    for found in schema.fields:
        values, problems = _typed(table, found)
        typed.append(values)
        table.problems += problems
    table.frame = pl.DataFrame(typed)
    return table


def _text(raw: bytes, whole: _Whole) -> str:
    if raw.startswith(b"\xef\xbb\xbf"):
        whole("E003", "the file begins with a byte order mark", "save it as UTF-8 without BOM", 1)
        raw = raw[3:]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = " ".join(f"{byte:02x}" for byte in raw[error.start : error.end])
        whole(
            "E002",
            f"byte {found} is not UTF-8",
            "save the file as UTF-8; this line shows where it goes wrong first",
            line,
            value=found,
        )
        text = raw.decode("utf-8", "replace")
    if "\r" in text:
        line = (
            text.replace("\r\n", "\n").count("\n", 0, text.replace("\r\n", "\n").find("\r")) + 1
            if "\r" in text.replace("\r\n", "")
            else 1
        )
        whole("E004", "lines end in CR LF or CR", "save the file with LF line ends (Unix)", line)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.strip() and not text.endswith("\n"):
        fix = "take the file again from where it is whole; if nothing is missing, end the last line with LF"
        whole("E023", "the last line does not end, so the file may be cut short", fix, text.count("\n") + 1)
    return text


def _rows(text: str, whole: _Whole) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            whole(
                "E010",
                f"the quotes of this row are broken ({error})",
                'close every cell that begins with a double quote, and write "" for a quote inside it',
                line,
            )
            return


def _header(header: list[str], schema: Schema, whole: _Whole) -> dict[str, int]:
    """Report what is wrong with the header; return the position of each column that is there."""
    positions: dict[str, int] = {}
    missing = [name for name in schema.names if name not in header]
    misspelled = []
    for position, name in enumerate(header):
        if name in positions:
            whole("E008", f"the column {name} stands twice in the header", "keep one of the two", 1, name, name)
        elif name in schema.names:
            positions[name] = position
        else:
            near = get_close_matches(name, missing, 1)
            misspelled += near
            fix = f"rename it to {near[0]}" if near else "remove it, or add it to the schema first"
            whole("E007", f"the table has no column {name!r}", fix, 1, name, name)
    for name in [name for name in missing if name not in misspelled]:
        whole("E006", f"the column {name} is missing", f"add it after {_before(schema, name)}", 1, name)
    known = [name for name in header if name in positions]
    if len(known) == len(positions) and known != [name for name in schema.names if name in positions]:
        whole("E008", "the columns are not in the order of the schema", f"order them {','.join(schema.names)}", 1)
    return positions


def _before(schema: Schema, name: str) -> str:
    index = schema.names.index(name)
    return schema.names[index - 1] if index else "nothing: it comes first"


def _frame(schema: Schema, cells: dict[str, list[str | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: cells.get(name, []) for name in schema.names}, schema=dict.fromkeys(schema.names, pl.String)
    )


def _typed(table: Table, found: Field) -> tuple[pl.Series, list[Problem]]:
    """Return the column in its type; cells of the wrong form become null and a problem each."""
    values = table.frame[found.name]
    if found.type == "string" and not found.partial_date:
        return values, []
    # Distinct values only: a column has few, and a wrong form is rare.
    wrong = [value for value in values.unique().drop_nulls() if not _well_formed(value, found)]
    problems = [
        table.problem(index, found.name, *_malformed(values[index], found))
        for index in (values.is_in(wrong).arg_true() if wrong else [])
    ]
    good = values.set(values.is_in(wrong), None) if wrong else values
    if found.type == "boolean":
        return (good == "true").alias(found.name), problems
    if found.type == "date":
        return good.str.to_date("%Y-%m-%d"), problems
    return (good if found.type == "string" else good.cast(_TYPES[found.type])), problems


def _well_formed(value: str, found: Field) -> bool:
    if found.partial_date:
        return bool(re.fullmatch(PARTIAL_DATE, value)) and _exists(value)
    if not re.fullmatch(LEXICAL[found.type], value):
        return False
    return _exists(value) if found.type == "date" else found.type != "integer" or abs(int(value)) < 1 << 63


def _exists(value: str) -> bool:
    try:
        date.fromisoformat(value + "-01-01"[(len(value) - 4) :] if len(value) < 10 else value)
    except ValueError:
        return False
    return True


def _malformed(value: str, found: Field) -> tuple[str, str, str, str]:
    if re.fullmatch(PARTIAL_DATE if found.partial_date else LEXICAL[found.type], value) and found.type != "integer":
        known = next((value[:length] for length in (7, 4) if length < len(value) and _exists(value[:length])), None)
        fix = (
            f"write {known} if the rest is unknown"
            if known and found.partial_date
            else "write the date as the source gives it"
        )
        return "E101", value, f"{value} is not a calendar date", fix
    if found.partial_date:
        return "E014", value, f"{value!r} is not a date", "write YYYY-MM-DD, or YYYY-MM or YYYY where no more is known"
    article = "an" if found.type == "integer" else "a"
    return "E011", value, f"{value!r} is not {article} {found.type}", _ADVICE[found.type]

"""The strict reader: from the bytes of a CSV file to typed columns, with every fault of form on the way."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from io import BufferedReader
from typing import Protocol

import polars as pl

from .package import FILE
from .report import MANY, Problem, text_of, too_many
from .tableschema import LEXICAL, PARTIAL_DATE, Field, Schema

# No table of this record comes near these, nor near FILE. What does is an accident or an attack; it is not read on, so
# that time and memory stay bounded whatever a file holds.
LINE, CELL = 1 << 22, 32_767
"""How many bytes a line may have, and how many characters a cell: as many as one of Excel."""

COLUMNS, ROWS = 1_000, 500_000
"""How many columns a header and how many rows a table may have."""

AT_ONCE = 1 << 26
"""How many bytes a file may have to be read at once, which takes several times as many of memory."""

_TYPES = {"integer": pl.Int64, "number": pl.Float64}


class _Whole(Protocol):
    """The function that reports a problem of the file as a whole."""

    def __call__(self, code: str, message: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None: ...


LARGE = "see what fills it; no table of the record comes near that"

_ADVICE = {
    "integer": "write a whole number in plain digits, such as 15",
    "number": "write plain digits without separators or exponent, at most 15, such as 10000000000000 or -26.2",
    "boolean": "write true or false",
    "date": "write YYYY-MM-DD",
}


@dataclass
class Table:
    """One table as read: typed columns, the line each row starts on, and whether it can be relied on.

    ``complete`` is false where the file, a column or, behind an open quote or a limit, rows are missing; ``ragged``
    holds the lines whose cells were lost.
    """

    schema: Schema
    file: str
    frame: pl.DataFrame
    lines: Sequence[int]
    complete: bool
    problems: list[Problem] = field(default_factory=list)
    ragged: set[int] = field(default_factory=set)

    @property
    def cut(self) -> bool:
        """Whether the reading stopped before the end."""
        return any(found.code in ("E010", "E024", "E025") for found in self.problems)

    def problem(self, index: int, column: str, code: str, value: object, message: str, fix: str) -> Problem:
        """Return a problem of the row at ``index``."""
        key = self.frame[self.schema.key][index]
        return Problem(self.file, self.lines[index], column, code, key or "", text_of(value), message, fix)


def read(folder: str, schema: Schema) -> Table:
    """Read ``<folder>/<table>.csv`` and report every fault of bytes, header, shape and lexical form."""
    name = schema.name + ".csv"
    shown = f"data/{name}" if os.path.basename(os.path.normpath(folder)) == "data" else name
    table = Table(schema, shown, _frame(schema, {}), [], False)

    def whole(code: str, message: str, fix: str, line: int = 0, column: str = "", value: str = "") -> None:
        table.problems.append(Problem(shown, line, column, code, "", value, message, fix))

    try:
        file = open_plain(os.path.join(folder, name))
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
    if file is None:
        whole("E023", "this is a link, a folder or a device", "put the file itself in its place")
        return table
    with file:
        if os.fstat(file.fileno()).st_size > FILE:
            whole("E024", f"the file is larger than {FILE >> 20} MB", LARGE)
        elif (cells := _faultless(file, schema)) is not None:
            table.lines = range(2, len(cells) + 2)
            _take(table, cells)
            table.complete = not table.cut
        else:
            file.seek(0)
            _fill(table, file, whole)
    return table


def _faultless(file: BufferedReader, schema: Schema) -> pl.DataFrame | None:
    """Return the cells as text if nothing is wrong with bytes, header and shape, and every row is one line; else None.

    Reading line by line can say what is wrong, and takes many times as long. Here that nothing is wrong is proved: the
    file is, byte by byte, what its cells are written as.
    """
    if os.fstat(file.fileno()).st_size > AT_ONCE:
        return None
    content = file.read(AT_ONCE)
    header = f"{','.join(schema.names)}\n".encode()
    if not content.startswith(header) or b"\r" in content:
        return None
    try:
        cells = pl.read_csv(io.BytesIO(content), schema=dict.fromkeys(schema.names, pl.String))
    except pl.exceptions.PolarsError:  # not UTF-8, quotes left open, more cells than columns
        return None
    written = io.BytesIO()
    cells.write_csv(written)
    if written.getbuffer() != content or content.count(b"\n") != len(cells) + 1 or len(cells) > ROWS:
        return None
    # Where no cell is too long, no line is.
    longest = cells.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item()
    return None if longest is not None and longest > CELL else _nulled(cells)


def open_plain(path: str) -> BufferedReader | None:
    """Open a file of bytes; None where its name is a link, which may lead out of the folder, or nothing that ends.

    Raises:
        OSError: there is no such file, or it cannot be read.
    """
    if not stat.S_ISREG(os.lstat(path).st_mode):
        return None
    return open(path, "rb")


def _fill(table: Table, file: BufferedReader, whole: _Whole) -> None:
    """Read the rows of a file into the table."""
    schema = table.schema
    rows = _rows(file, whole)
    lines: list[int] = []
    first = next(rows, None)
    if first is None or not first[1]:
        if not table.cut:
            message = "the first line is blank" if first else "the file is empty"
            whole("E005", message, f"write the header: {','.join(schema.names)}")
        return
    header = first[1]
    if len(header) > COLUMNS:
        message = f"the header has {len(header):,} columns, the table {len(schema.names)}"
        whole("E007", message, f"write the header: {','.join(schema.names)}", 1)
        return
    positions = header_positions(header, schema, whole)
    kept: list[list[str]] = []
    for line, row in rows:
        if len(lines) == ROWS:
            whole("E024", f"the file has more than {ROWS:,} rows", LARGE, line)
            break
        if len(row) != len(header):
            if len(table.ragged) == MANY:
                table.problems.append(too_many(table.file))
                break
            table.ragged.add(line)
            shape = "the line is blank" if not row else f"the row has {len(row)} cells, the header {len(header)}"
            fix = (
                "delete the line"
                if not row
                else "give it one cell a column; a comma inside a cell needs double quotes around the cell"
            )
            table.problems.append(Problem(table.file, line, "", "E009", row[0] if row else "", "", shape, fix))
            row = [*row[:1], *[""] * (len(header) - 1)] if row else [""] * len(header)
        lines.append(line)
        kept.append(row)
    cells = [*zip(*kept, strict=True)] or [()] * len(header)
    table.lines = lines
    _take(table, _frame(schema, {name: cells[position] for name, position in positions.items()}, len(kept)))
    table.complete = {*positions} == {*schema.names} and not table.cut


def _take(table: Table, cells: pl.DataFrame) -> None:
    """Give the table its cells, each column in its type, and report those of the wrong form."""
    table.frame = cells
    typed = []
    for found in table.schema.fields:
        values, problems = _typed(table, found)
        typed.append(values)
        table.problems += problems
    table.frame = pl.DataFrame(typed)


def _lines(file: BufferedReader, whole: _Whole) -> Iterator[str]:
    """Yield the lines one by one, whatever ends them: a whole file of text can take four times its bytes."""
    told: set[str] = set()

    def once(code: str, message: str, fix: str, value: str = "") -> None:
        if code not in told:
            told.add(code)
            whole(code, message, fix, number, value=value)

    number = 0
    while raw := file.readline(LINE + 1):
        number += 1
        if len(raw) > LINE:
            raise _TooLarge(f"the line is longer than {LINE >> 20} MB")
        if number == 1 and raw.startswith(b"\xef\xbb\xbf"):
            once("E003", "the file begins with a byte order mark", "save it as UTF-8 without BOM")
            raw = raw[3:]
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            found = " ".join(f"{byte:02x}" for byte in raw[error.start : error.end])
            fix = "save the file as UTF-8; this line shows where it goes wrong first"
            once("E002", f"byte {found} is not UTF-8", fix, found)
            text = raw.decode("utf-8", "replace")
        if "\r" in text:
            once("E004", "lines end in CR LF or CR", "save the file with LF line ends (Unix)")
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            yield from io.StringIO(text)
        else:
            yield text
    if number and text.strip() and not text.endswith("\n"):
        fix = "take the file again from where it is whole; if nothing is missing, end the last line with LF"
        once("E027", "the last line does not end, so the file may be cut short", fix)


class _TooLarge(Exception):
    """A line that no row of the record could fill."""


def _rows(file: BufferedReader, whole: _Whole) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(file, whole), strict=True)
    before = csv.field_size_limit(CELL)
    try:
        while True:
            line = reader.line_num + 1
            try:
                yield line, next(reader)
            except StopIteration:
                return
            except _TooLarge as error:
                whole("E024", str(error), LARGE, line)
                return
            except csv.Error as error:
                if "field limit" in str(error):
                    fix = "shorten it; if it is not that long, close the double quote it begins with"
                    whole("E024", f"a cell of this row has more than {CELL:,} characters", fix, line)
                    return
                whole(
                    "E010",
                    f"the quotes of this row are broken ({error})",
                    'close every cell that begins with a double quote, and write "" for a quote inside it',
                    line,
                )
                return
    finally:
        csv.field_size_limit(before)  # it is everybody's


def header_positions(header: list[str], schema: Schema, whole: _Whole) -> dict[str, int]:
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


def _frame(schema: Schema, cells: Mapping[str, Sequence[str]], rows: int = 0) -> pl.DataFrame:
    """Return columns of text, null where a cell is empty or its column is missing."""
    nothing = pl.repeat(None, rows, dtype=pl.String, eager=True)
    columns = {name: pl.Series(cells[name], dtype=pl.String) if name in cells else nothing for name in schema.names}
    return _nulled(pl.DataFrame(columns))


def _nulled(cells: pl.DataFrame) -> pl.DataFrame:
    """Return columns of text with null in place of nothing."""
    return cells.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _typed(table: Table, found: Field) -> tuple[pl.Series, list[Problem]]:
    """Return the column in its type; cells of the wrong form become null and a problem each."""
    values = table.frame[found.name]
    if found.type == "string" and not found.partial_date:
        return values, []
    # Distinct values only: a column has few, and a wrong form is rare.
    wrong = [value for value in values.unique().drop_nulls() if not well_formed(value, found)]
    where: Sequence[int] | pl.Series = values.is_in(wrong).arg_true() if wrong else []
    problems = [table.problem(index, found.name, *malformed(values[index], found)) for index in where[:MANY]]
    if len(where) > MANY:
        problems.append(too_many(table.file, found.name))
    good = values.set(values.is_in(wrong), None) if wrong else values
    if found.type == "boolean":
        return (good == "true").alias(found.name), problems
    if found.type == "date":
        return good.str.to_date("%Y-%m-%d"), problems
    return (good if found.type == "string" else good.cast(_TYPES[found.type])), problems


def well_formed(value: str, found: Field) -> bool:
    """Whether the text of a cell has the one form of its type, and means what it says."""
    if found.partial_date:
        return bool(re.fullmatch(PARTIAL_DATE, value)) and _exists(value)
    if not re.fullmatch(LEXICAL[found.type], value):
        return False
    if found.type == "integer":
        return len(value) < 20 and abs(int(value)) < 1 << 63
    if found.type == "number":
        # Digits that a float cannot hold would be lost when the table is next written.
        return len(value) < 400 and Decimal(value) == Decimal(text_of(float(value)))
    return found.type == "boolean" or _exists(value)


def _exists(value: str) -> bool:
    try:
        date.fromisoformat(value + "-01-01"[(len(value) - 4) :] if len(value) < 10 else value)
    except ValueError:
        return False
    return True


def malformed(value: str, found: Field) -> tuple[str, str, str, str]:
    """Return code, value, message and fix for a cell that is not well formed."""
    a_date = found.partial_date or found.type == "date"
    if a_date and re.fullmatch(PARTIAL_DATE if found.partial_date else LEXICAL["date"], value):
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

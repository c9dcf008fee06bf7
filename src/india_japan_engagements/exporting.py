"""A table or view in a file of another kind, for programs that read none of the package's own."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, datetime
from typing import Any

from ._names import TableName, ViewName
from .citation import cite
from .package import load, metadata, path, require, schema

ENDINGS = ("csv", "parquet", "json", "jsonl", "xlsx")
"""The endings of a file name that say what to write."""

_EXCEL_CELL = 32_767
_EXCEL_ROWS = 1_048_576


def export(table: TableName | ViewName, file: str | os.PathLike[str], bom: bool = False) -> int:
    """Write a table or view to ``file``, as its ending says, and return the number of rows.

    ``.csv`` and ``.parquet`` are the package's own files; ``.json`` is an array of objects, ``.jsonl`` one object a
    line, ``.xlsx`` a workbook with the rows and, on a second sheet, what the columns mean. In JSON and in the workbook
    an empty cell is null or blank, and partial dates are text.

    Args:
        table: a name from ``tables(views=True)``.
        file: where to write; a file that is there is replaced.
        bom: begin a CSV file with a byte order mark, by which spreadsheets know UTF-8.

    Raises:
        ValueError: there is no such table or ending, ``bom`` is asked of another kind than CSV, or the rows do not fit
            into a workbook.
        OSError: the file cannot be written.
        ImportError: XlsxWriter, which writes ``.xlsx``, is not installed.
    """
    file = os.fspath(file)
    ending = os.path.splitext(file)[1].lower().removeprefix(".")
    if ending not in ENDINGS:
        raise ValueError(f"{file!r} does not say what to write; let it end in .{', .'.join(ENDINGS)}")
    if bom and ending != "csv":
        raise ValueError(f"a byte order mark is for CSV; leave it out for .{ending}")
    rows = load(table, as_="rows")
    if ending == "csv":
        with open(path(table, "csv"), "rb") as source, open(file, "wb") as target:
            target.write(b"\xef\xbb\xbf" if bom else b"")
            shutil.copyfileobj(source, target)
    elif ending == "parquet":
        shutil.copyfile(path(table), file)
    elif ending == "xlsx":
        _workbook(table, rows, file)
    else:
        with open(file, "w", encoding="utf-8", newline="\n") as target_text:
            if ending == "json":
                json.dump(rows, target_text, ensure_ascii=False, indent=1, default=str)
                target_text.write("\n")
            else:
                target_text.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    return len(rows)


def _workbook(table: TableName | ViewName, rows: list[dict[str, Any]], file: str) -> None:
    xlsxwriter = require("xlsxwriter")
    about = metadata()
    if len(rows) >= _EXCEL_ROWS:
        raise ValueError(f"{table} has {len(rows):,} rows, more than a worksheet holds; write .csv or .parquet")
    for row in rows:
        for column, value in row.items():
            if isinstance(value, str) and len(value) > _EXCEL_CELL:
                key = next(iter(row.values()))
                raise ValueError(f"{column} of {key} is longer than a cell may be; write .csv or .parquet")
    book = xlsxwriter.Workbook(file)
    book.set_properties(
        {"title": f"{about['title']}: {table}", "comments": cite(), "created": _midnight(about["release_date"])}
    )
    bold = book.add_format({"bold": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    _sheet(book.add_worksheet(table), schema(table).names, rows, bold, day)
    meanings = [
        {
            "column": field.name,
            "meaning": field.spec["description"],
            "type": field.kind,
            "codes": ", ".join(field.enum or []) or None,
        }
        for field in schema(table).fields
    ]
    _sheet(book.add_worksheet("columns"), [*meanings[0]], meanings, bold, day)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(f"{file!r} cannot be written: {error}") from None


def _sheet(sheet: Any, columns: list[str], rows: list[dict[str, Any]], bold: Any, day: Any) -> None:
    """Write rows under a header that stays in sight; text always as text, whatever it begins with."""
    for position, column in enumerate(columns):
        longest = max((len(str(row[column])) for row in rows if row[column] is not None), default=0)
        sheet.set_column(position, position, min(max(len(column) + 3, longest), 60))
        sheet.write_string(0, position, column, bold)
        for line, row in enumerate(rows, 1):
            value = row[column]
            if isinstance(value, bool):
                sheet.write_boolean(line, position, value)
            elif isinstance(value, str):
                sheet.write_string(line, position, value)
            elif isinstance(value, int | float):
                sheet.write_number(line, position, value)
            elif value is not None:
                sheet.write_datetime(line, position, _midnight(value), day)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)

"""A table, a view or the whole in a file of another kind, for programs that read none of the package's own."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, datetime
from typing import Any, Literal

from ._names import TableName, ViewName
from .citation import cite
from .package import load, metadata, path, require, schema, tables

ENDINGS = ("csv", "parquet", "json", "jsonl", "xlsx")
"""The endings of a file name that say what to write of a table."""

WHOLE = ("sqlite", "xlsx")
"""The endings of a file that holds all tables."""

NESTED = ("json", "jsonl")
"""The endings of a file of nested engagements."""

_SQL = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER", "date": "TEXT", "string": "TEXT"}
_EXCEL_CELL = 32_767
_EXCEL_ROWS = 1_048_576

Rows = list[dict[str, Any]]


def export(
    table: TableName | ViewName | Literal["all"],
    file: str | os.PathLike[str],
    bom: bool = False,
    nested: bool = False,
) -> int:
    """Write a table or view, or all of them, to ``file``, as its ending says, and return the number of rows.

    ``.csv`` and ``.parquet`` are the package's own files; ``.json`` is an array of objects, ``.jsonl`` one object a
    line, ``.xlsx`` a workbook with the rows and, on a last sheet, what the columns mean. In JSON and in the workbook
    an empty cell is null or blank, and partial dates are text.

    ``"all"`` is written as ``.xlsx``, a sheet a table, or as ``.sqlite``: a database with primary and foreign keys, in
    which the views are tables too, dates are text and booleans are 0 and 1.

    Args:
        table: a name from ``tables(views=True)``, or ``"all"``.
        file: where to write; a file that is there is replaced.
        bom: begin a CSV file with a byte order mark, by which spreadsheets know UTF-8.
        nested: write to ``.json`` or ``.jsonl`` each of the ``engagements`` with everything that hangs on it:
            participations, agenda, agreements, commitments with their updates, and sources with their evidence.

    Raises:
        ValueError: there is no such table or ending, ``bom`` is asked of another kind than CSV, ``nested`` of another
            table than engagements, or the rows do not fit into a workbook.
        OSError: the file cannot be written.
        ImportError: XlsxWriter, which writes ``.xlsx``, is not installed.
    """
    file = os.fspath(file)
    ending = os.path.splitext(file)[1].lower().removeprefix(".")
    if nested and table != "engagements":
        raise ValueError(f"{table} cannot be nested; engagements can")
    possible = WHOLE if table == "all" else NESTED if nested else ENDINGS
    if ending not in possible:
        known = ending in ENDINGS + WHOLE
        wrong = f".{ending} does not serve here" if known else f"{file!r} does not say what to write"
        raise ValueError(f"{wrong}; let it end in .{', .'.join(possible)}")
    if bom and ending != "csv":
        raise ValueError(f"a byte order mark is for CSV; leave it out for .{ending}")
    if table == "all":
        found: dict[TableName | ViewName, Rows] = {name: load(name, as_="rows") for name in tables(views=True)}
        _database(found, file) if ending == "sqlite" else _workbook(found, file)
        return sum(len(rows) for rows in found.values())
    if nested:
        from .nesting import documents

        rows = documents()
    else:
        rows = load(table, as_="rows")
    if ending == "csv":
        with open(path(table, "csv"), "rb") as source, open(file, "wb") as target:
            target.write(b"\xef\xbb\xbf" if bom else b"")
            shutil.copyfileobj(source, target)
    elif ending == "parquet":
        shutil.copyfile(path(table), file)
    elif ending == "xlsx":
        _workbook({table: rows}, file)
    else:
        with open(file, "w", encoding="utf-8", newline="\n") as target_text:
            if ending == "json":
                json.dump(rows, target_text, ensure_ascii=False, indent=1, default=str)
                target_text.write("\n")
            else:
                target_text.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    return len(rows)


def _database(found: dict[TableName | ViewName, Rows], file: str) -> None:
    """Write an SQLite database, the rows of each table in its order."""
    import sqlite3
    from contextlib import closing

    # Made in memory, so that a database that is there is replaced and not added to.
    with closing(sqlite3.connect(":memory:")) as database:
        for name, rows in found.items():
            described = schema(name)
            columns = []
            for field in described.fields:
                words = [f'"{field.name}"', _SQL[field.type]]
                words += ["PRIMARY KEY"] if field.name == described.key else ["UNIQUE"] if field.unique else []
                words += ["NOT NULL"] if field.required else []
                if target := described.foreign_keys.get(field.name):
                    words.append(f'REFERENCES "{target}" ("{schema(target).key}")')  # type: ignore[arg-type]
                columns.append(" ".join(words))
            database.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
            marks = ", ".join("?" * len(columns))
            database.executemany(
                f'INSERT INTO "{name}" VALUES ({marks})',
                ([str(value) if isinstance(value, date) else value for value in row.values()] for row in rows),
            )
            for column in described.foreign_keys:
                if column != described.key:
                    database.execute(f'CREATE INDEX "{name}.{column}" ON "{name}" ("{column}")')
            if {"table_name", "row_id"} <= {*described.names}:  # names a row of any table, which no key can
                database.execute(f'CREATE INDEX "{name}.row" ON "{name}" ("table_name", "row_id")')
        database.commit()
        content = database.serialize()
    with open(file, "wb") as target_file:
        target_file.write(content)


def _workbook(found: dict[TableName | ViewName, Rows], file: str) -> None:
    """Write a workbook with a sheet for each of the tables, and one on what their columns mean."""
    xlsxwriter = require("xlsxwriter")
    about = metadata()
    for table, rows in found.items():
        if len(rows) >= _EXCEL_ROWS:
            raise ValueError(f"{table} has {len(rows):,} rows, more than a worksheet holds; write .csv or .parquet")
        for row in rows:
            for column, value in row.items():
                if isinstance(value, str) and len(value) > _EXCEL_CELL:
                    key = next(iter(row.values()))
                    raise ValueError(f"{column} of {key} is longer than a cell may be; write .csv or .parquet")
    book = xlsxwriter.Workbook(file)
    title = about["title"] + (f": {table}" if len(found) == 1 else "")
    book.set_properties({"title": title, "comments": cite(), "created": _midnight(about["release_date"])})
    bold = book.add_format({"bold": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    meanings = []
    for table, rows in found.items():
        described = schema(table)
        _sheet(book.add_worksheet(table), described.names, rows, bold, day)
        meanings += [
            {
                "table": table,
                "column": field.name,
                "meaning": field.spec["description"],
                "type": field.kind,
                "codes": ", ".join(field.enum or []) or None,
            }
            for field in described.fields
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

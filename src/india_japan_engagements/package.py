"""Where the files lie, in the wheel or in a checkout, and how they are read."""

from __future__ import annotations

import os

from ._names import TABLES, TYPED, VIEWS, TableName, ViewName

# What csv is made of: csv itself imports re for its guesses, which takes as long as reading a table of a thousand rows.
try:
    from _csv import reader
except ImportError:  # not CPython
    from csv import reader

TYPE_CHECKING = False  # typing is not imported for those who only read rows
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Literal, TextIO, overload

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from .tableschema import Schema
else:

    def overload(signature):
        """Stand for the decorator that speaks to type checkers alone."""
        return signature


# The extras that are not called like the library they bring.
_EXTRAS = {"xlsxwriter": "excel", "pyspark": "spark"}

FILE = 1 << 28
"""How many bytes the file of a table may have: no table of this record comes near."""

_HERE = os.path.dirname(os.path.abspath(__file__))


def root() -> str:
    """Return the folder that holds ``data/``, ``schemas/`` and ``datapackage.json``.

    Inside the wheel it lies beside the code; an editable install finds it at the root of the checkout.
    """
    inside = os.path.join(_HERE, "_data")
    return inside if os.path.isdir(inside) else os.path.dirname(os.path.dirname(_HERE))


def metadata() -> dict[str, Any]:
    """Return ``metadata.toml``: name, version, release date, title, description, licences, contributors."""
    import tomllib

    with open(os.path.join(root(), "metadata.toml"), "rb") as file:
        return tomllib.load(file)


def tables(views: bool = False) -> tuple[TableName | ViewName, ...]:
    """Return the names of the tables, in reading order, and after them those of the derived ones if ``views``."""
    return (*TABLES, *VIEWS) if views else TABLES


def path(table: TableName | ViewName, format: Literal["parquet", "csv"] = "parquet") -> str:
    """Return the path of a table's or view's file.

    Raises:
        ValueError: there is no such table, or no such format.
    """
    if format not in ("parquet", "csv"):
        raise ValueError(f"no files in format {format!r}; there are 'parquet' and 'csv'")
    return os.path.join(root(), "data", *_place(table)) + "." + format


def schema(table: TableName | ViewName) -> Schema:
    """Return the Table Schema of a table or view; ``schema(table).spec`` is the plain JSON object.

    Raises:
        ValueError: there is no such table.
    """
    from .tableschema import Schema

    return Schema.read(os.path.join(root(), "schemas", *_place(table)) + ".json")


@overload
def load(table: TableName | ViewName, as_: Literal["arrow"] = "arrow") -> pa.Table: ...  # noqa: D103
@overload
def load(table: TableName | ViewName, as_: Literal["pandas"]) -> pd.DataFrame: ...  # noqa: D103, F811
@overload
def load(table: TableName | ViewName, as_: Literal["polars"]) -> pl.DataFrame: ...  # noqa: D103, F811
@overload
def load(table: TableName | ViewName, as_: Literal["rows"]) -> list[dict[str, Any]]: ...  # noqa: D103, F811
def load(  # noqa: F811
    table: TableName | ViewName, as_: Literal["arrow", "pandas", "polars", "rows"] = "arrow"
) -> pa.Table | pd.DataFrame | pl.DataFrame | list[dict[str, Any]]:
    """Return a table or view.

    Args:
        table: a name from ``tables(views=True)``.
        as_: ``"arrow"`` (needs nothing further), ``"pandas"`` (Arrow-backed columns, so that whole numbers stay whole
            where cells are empty), ``"polars"``, or ``"rows"``: a list of dicts with typed values, read by the
            standard library alone. Partial dates are text in all four.

    Raises:
        ValueError: there is no such table or form.
        ImportError: the library the form needs is not installed; the message says how to get it.
    """
    if as_ == "rows":
        with _csv_of(table) as lines:
            read = reader(lines)
            return typed_rows(table, next(read), read)
    file = path(table)
    if as_ == "polars":
        return require("polars").read_parquet(file)
    if as_ not in ("arrow", "pandas"):
        raise ValueError(f"as_={as_!r} is not a form tables come in; use 'arrow', 'pandas', 'polars' or 'rows'")
    # ParquetFile, not read_table: that one imports pandas wherever pandas is installed, which takes longer than
    # all the rest.
    found = require("pyarrow.parquet").ParquetFile(file).read()
    if as_ == "arrow":
        return found
    return found.to_pandas(types_mapper=require("pandas").ArrowDtype)


def describe(
    table: TableName | ViewName, as_: Literal["arrow", "pandas", "polars", "rows"] = "arrow"
) -> pa.Table | pd.DataFrame | pl.DataFrame | list[dict[str, Any]]:
    """Return the codebook of a table as a table: one row a column, with its type, constraints, codes and definition.

    Raises:
        ValueError: there is no such table or form.
        ImportError: the library the form needs is not installed.
    """
    found = schema(table)
    rows = [
        {
            "field": field.name,
            "type": field.kind,
            "required": field.required,
            "refers_to": found.foreign_keys.get(field.name),
            "codes": ", ".join(field.enum) if field.enum else None,
            "title": field.spec["title"],
            "description": field.spec["description"],
            "example": None if field.spec.get("example") is None else str(field.spec["example"]),
        }
        for field in found.fields
    ]
    if as_ == "rows":
        return rows
    if as_ == "polars":
        return require("polars").DataFrame(rows)
    if as_ == "pandas":
        return require("pandas").DataFrame(rows)
    if as_ != "arrow":
        raise ValueError(f"as_={as_!r} is not a form tables come in; use 'arrow', 'pandas', 'polars' or 'rows'")
    return require("pyarrow").Table.from_pylist(rows)


def cells(table: TableName | ViewName) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the columns of a table or view, and its rows as they stand in its CSV file: a tuple of text each."""
    with _csv_of(table) as file:
        found = reader(file)
        return next(found), [*map(tuple, found)]  # the garbage collector passes tuples of text over


def _csv_of(table: TableName | ViewName) -> TextIO:
    return open(path(table, "csv"), encoding="utf-8", newline="")


def typed_rows(
    table: TableName | ViewName, columns: Sequence[str], found: Iterable[Sequence[str]]
) -> list[dict[str, Any]]:
    """Return rows of text, as ``cells`` gives them, as dicts with typed values."""
    rows: list[dict[str, Any]] = [dict(zip(columns, [cell or None for cell in row], strict=True)) for row in found]
    # Nearly all cells are text and are done; the few columns that are not take a second look.
    for name, kind in TYPED.get(table, {}).items():
        parse = parser(kind)
        for row in rows:
            if row[name] is not None:
                row[name] = parse(row[name])
    return rows


def parser(kind: str) -> Callable[[str], Any]:
    """Return what makes a value of the text of a cell, which is not empty, by the type of its column."""
    if kind == "date":
        from datetime import date

        return date.fromisoformat
    parsers: dict[str, Callable[[str], Any]] = {
        "string": str, "integer": int, "number": float, "boolean": "true".__eq__,
    }  # fmt: skip
    return parsers[kind]


def _place(table: str) -> tuple[str, ...]:
    if table in TABLES:
        return (table,)
    if table in VIEWS:
        return ("views", table)
    import difflib

    near = difflib.get_close_matches(str(table), TABLES + VIEWS, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"the tables are {', '.join(TABLES)}; the views {', '.join(VIEWS)}"
    raise ValueError(f"there is no table {table!r}; {hint}")


def require(module: str) -> Any:
    """Return a module of an optional library.

    Raises:
        ImportError: the library is not installed; the message says how to get it.
    """
    import importlib

    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        library = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != library:
            raise
        extra = "pyarrow" if library == "pyarrow" else f"'india-japan-engagements[{_EXTRAS.get(library, library)}]'"
        raise ImportError(f"this needs {library}, which is not installed; run: pip install {extra}") from None

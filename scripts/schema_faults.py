"""Mutants that follow from the schemas alone: every type, constraint and key broken, several ways each.

The right reason is one code, in the file and column that were broken. Beside them stand variants that keep the schema,
at its very bounds; a check of form that refuses one of those gives a false alarm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from faults import _columns, _cut, _encode, _gone, _insert, _mark, _replace, _shift
from india_japan_engagements.report import text_of
from india_japan_engagements.tableschema import Field
from mutants import Mutant, Record, Row, Spoil

TYPES = {
    "integer": ["1.5", "x", "1,000", "+7", " 7", "１５", "1e2", "007", "1_0", "1.0"],
    "number": ["1,5", "1e3", "INF", "NaN", "+1", "1_0", "0x1F", "1.", "1.50", "1 000", ".5", "-0"],
    "boolean": ["TRUE", "True", "yes", "1", "t", " true"],
    "date": ["2025-2-3", "20250203", "2025-02-03T00:00:00", "03/02/2025", "2025-02", "45959"],
    "partial date": ["2025-2-3", "20250203", "29/10/2025", "25-10-29", "2025-1", "2025-10-29T00:00:00", "Oct 2025"],
}
NO_DAYS = ["2025-02-30", "2025-13-01", "2025-00-10", "2023-02-29"]
FILES: list[tuple[str, str, Spoil]] = [
    ("file: missing", "E001", partial(_gone)),
    ("file: not UTF-8", "E002", partial(_encode, encoding="utf-16")),
    ("file: byte order mark", "E003", partial(_mark)),
    ("file: CRLF", "E004", partial(_replace, old=b"\n", new=b"\r\n")),
    ("file: CR", "E004", partial(_replace, old=b"\n", new=b"\r")),
    ("file: empty", "E005", partial(_cut, at=0)),
    ("header: column lost", "E006", partial(_columns, how="lose")),
    ("header: column added", "E007", partial(_columns, how="add")),
    ("header: column renamed", "E007", partial(_columns, how="rename")),
    ("header: upper case", "E007", partial(_columns, how="case")),
    ("header: column doubled", "E008", partial(_columns, how="double")),
    ("header: another order", "E008", partial(_columns, how="swap")),
    ("row: cell too many", "E009", partial(_shift, at=0, how="more")),
    ("row: cell too few", "E009", partial(_shift, at=0, how="less")),
]


def derived(record: Record) -> Iterator[Mutant]:
    """Yield the mutants of every table: of each column, of the header and of the file."""
    for table, schema in record.schemas.items():
        rows = [*record[table].values()] or [{field.name: _example(field) for field in schema.fields}]
        for at, field in enumerate(schema.fields):
            row, other = rows[at % len(rows)], rows[(at + 1) % len(rows)]
            for constraint, code, value in _wrong(record, table, field, row):
                yield _mutant(record, table, row, field.name, value, constraint, code)
            if field.unique and row is not other:
                yield _mutant(record, table, row, field.name, other[field.name], "unique", "E016")
        for constraint, code, spoil in FILES:
            if record[table] or not constraint.startswith("row"):
                yield Mutant(
                    constraint,
                    f"{table}.csv",
                    frozenset({code}),
                    file=table,
                    spoil=spoil,
                    place=(table, ""),
                )
        content = record.content[table]
        for constraint, code, line in (("row: blank line", "E009", b"\n"), ("row: open quote", "E010", b'"open,\n')):
            spoil = partial(_insert, at=len(content), line=line)
            yield Mutant(constraint, f"{table}.csv", frozenset({code}), file=table, spoil=spoil, place=(table, ""))


def _wrong(record: Record, table: str, field: Field, row: Row) -> Iterator[tuple[str, str, str]]:
    """Yield constraint, code and value for every way to break a column."""
    kind = "partial date" if field.partial_date else field.type
    for value in TYPES.get(kind, []):
        yield f"type: {kind}", "E014" if field.partial_date else "E011", value
    if kind in ("date", "partial date"):
        for value in [*NO_DAYS, "2025-13"] if field.partial_date else NO_DAYS:
            yield "type: calendar", "E101", value
    if field.required:
        yield "required", "E012", ""
    for code in (field.enum or [])[:3]:
        for value in (code[:-1], code.upper(), f"{code} ", f"{code}s", "другое"):
            if value not in (field.enum or []):
                yield "enum", "E013", value
    if field.pattern and not field.partial_date:
        good = row[field.name] or _example(field)
        for value in (
            f" {good}",
            f"{good} ",
            good.swapcase(),
            f"{good}!",
            good[1:],
            f"{good}\n",
            "é" + good,
            good.replace("-", "--"),
        ):
            if value and not re.fullmatch(field.pattern.removeprefix("^").removesuffix("$"), value):
                yield "pattern", "E014", value
    if field.minimum is not None:
        for low in (field.minimum - 1, field.minimum - 1000):
            yield "minimum", "E015", text_of(float(low) if field.type == "number" else int(low))
    if field.maximum is not None:
        for high in (field.maximum + 1, field.maximum + 1000):
            yield "maximum", "E015", text_of(float(high) if field.type == "number" else int(high))
    target = record.schemas[table].foreign_keys.get(field.name)
    if target:
        good = row[field.name] or next(iter(record[target]), "x")
        stranger = next(key for other in ("topics", "people") if other != target for key in record[other])
        for value in (f"{good}x", good[:-1], good.upper(), stranger, good.replace("-", "_") + "_"):
            if value and value not in record[target]:
                yield "foreign key", "E017", value


def _example(field: Field) -> str:
    return text_of(field.spec["example"])


def _mutant(record: Record, table: str, row: Row, column: str, value: str, constraint: str, code: str) -> Mutant:
    key = record.schemas[table].key
    rows: dict[str, Row | None] = {row[key]: row | {column: value}}
    codes = frozenset({code} if code else ())
    about = f"{table}.{column}: {value!r}"
    return Mutant(constraint, about, codes, rows={table: rows}, place=(table, column))


def valid(record: Record) -> Iterator[Mutant]:
    """Yield variants that keep the schema: every code of every list, bounds, precisions and forms that are allowed."""
    for table, schema in record.schemas.items():
        rows = [*record[table].values()] or [{field.name: _example(field) for field in schema.fields}]
        for at, field in enumerate(schema.fields):
            row = rows[at % len(rows)]
            allowed = [*(field.enum or []), *(["2025", "2025-10", "2024-02-29"] if field.partial_date else [])]
            if field.type == "boolean":
                allowed += ["true", "false"]
            allowed += [text_of(bound) for bound in (field.minimum, field.maximum) if bound is not None]
            if field.type == "number":
                allowed += ["0", "0.5", "26.20227"] + (
                    ["-26.2", "-0.1"] if field.minimum is None or field.minimum < 0 else []
                )
            if not field.required:
                allowed.append("")
            if (
                field.type == "string"
                and not field.enum
                and not field.pattern
                and record.type(table, field.name) != "reference"
            ):
                allowed += ["G20とASEAN", "दक्षिण अफ़्रीका", 'a "quoted", word', "Null and NA", "O'Neill–Sōma"]
            for value in allowed:
                yield _mutant(record, table, row, field.name, value, "valid", "")

"""The domain's rules: what makes a row wrong although every cell is well formed.

A rule is a small function with a permanent code. It reads the tables it needs from ``Data`` and yields the rows that
break it; message and fix are templates over the columns of those rows, ``value`` being the cell in question. A family
of rules is a module; the number before the last two digits of a code is the family (E203 is the third error of
family 2).

Rules are written in Narwhals over lazy frames and keep to joins, filters and grouped aggregates, so the same lines
run on every engine Narwhals speaks to and cost grows with the rows. Walks along a chain (a parent's parent) are the
exception: they are a few lines over two columns, which is easier to read than a join repeated until nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from string import Formatter
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ..views import Frame

if TYPE_CHECKING:
    from ..tableschema import Schema

FAMILIES = {
    "keys": "References and ids",
    "dates": "Dates",
    "nesting": "Nesting and form",
    "tenure": "Office",
    "series": "Series",
    "setting": "Setting",
    "sides": "Sides",
    "places": "Places",
    "evidence": "Evidence",
    "money": "Money",
    "follow_through": "Follow-through",
    "instruments": "Instruments",
    "duplicates": "Duplicates",
    "text": "Text",
    "ids": "Ids for good",
    "files": "Files",
}
"""The modules of this package in the order of the families, and what each is called."""

Finding = tuple[str, str, Frame]
"""Table, column and the offending rows: a frame with the table's id and every column the message names."""


@dataclass(frozen=True)
class Whole:
    """A finding that no row of a table can bear: the file, a column or nothing, and the words the message needs."""

    file: str
    column: str
    words: dict[str, Any]


@dataclass(frozen=True)
class Manifest:
    """What the last release held: its version and, for each table, the ids."""

    version: str
    ids: dict[str, set[str]]


class Incomplete(Exception):
    """A table that a rule needs could not be read whole, which is already reported."""


def at_once(frame: Frame) -> Iterator[dict[str, list[Any]]]:
    """Yield all rows of a frame by columns."""
    yield frame.collect().to_dict(as_series=False)


def at_hand(frame: Frame) -> Frame:
    """Return a frame worked out and kept in memory, for whoever asks many things of it."""
    return frame.collect().lazy()


@dataclass
class Data:
    """The tables of one package, typed, as the rules see them.

    ``published`` is the folder of a package that has a descriptor, None for a bare folder of tables; ``manifest`` is
    that of the last release, None where there was none; ``stream`` yields the rows of a frame by columns, in parts;
    ``keep`` returns a frame of which much will be asked, worked out where memory allows; ``odd`` is what the rules of
    texts keep of each table while they look through it.
    """

    frames: dict[str, Frame]
    schemas: dict[str, Schema]
    release_date: date
    incomplete: set[str] = field(default_factory=set)
    published: str | None = None
    manifest: Manifest | None = None
    stream: Callable[[Frame], Iterator[dict[str, list[Any]]]] = at_once
    keep: Callable[[Frame], Frame] = at_hand
    odd: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def __getitem__(self, table: str) -> Frame:
        """Return a table; raises Incomplete where it could not be read whole."""
        if table in self.incomplete:
            raise Incomplete(table)
        return self.frames[table]

    def with_fields(self, *names: str) -> Iterator[str]:
        """Yield the tables that have all the named columns and could be read whole."""
        for table, schema in self.schemas.items():
            if table not in self.incomplete and {*names} <= {*schema.names}:
                yield table

    def key(self, table: str) -> str:
        """Return the name of a table's id column."""
        return self.schemas[table].key

    def table(self, columns: dict[str, list[Any]]) -> Frame:
        """Return a small frame of the same engine, to join with."""
        like = next(iter(self.frames.values()))
        # A column without values has no type, and could not be joined with one that has: here that is text.
        types = {name: nw.String for name, values in columns.items() if all(value is None for value in values)}
        frame = nw.from_dict(columns, backend="polars").with_columns(
            nw.col(name).cast(kind) for name, kind in types.items()
        )
        engine = like.implementation
        session = like.to_native().sparkSession if engine.is_pyspark() else None
        return frame.lazy() if engine.is_polars() else frame.lazy(backend=engine, session=session)

    def unknown(self, table: str, column: str, known: Iterable[str]) -> Frame:
        """Return the rows of a table whose cell is none of ``known``; a long list of codes is slower than a join."""
        rows = self[table].filter(~nw.col(column).is_null())
        return rows.join(self.table({column: [*known]}), on=column, how="anti")

    def rows(self, table: str, found: Frame) -> Frame:
        """Return the rows of a table that ``found`` names by id, with the columns ``found`` adds."""
        key = self.key(table)
        added = [key, *(name for name in found.collect_schema().names() if name not in self.schemas[table].names)]
        return self[table].join(found.select(*added), on=key)


@dataclass(frozen=True)
class Rule:
    """One rule: its code, the templates of its message and fix, an example of each kind, and what finds breaches."""

    code: str
    message: str
    fix: str
    bad: str
    good: str
    find: Callable[[Data], Iterator[Finding | Whole]]

    @property
    def doc(self) -> str:
        """What the rule checks, and why."""
        return (self.find.__doc__ or "").strip()

    def names(self, columns: Iterable[str]) -> list[str]:
        """Return those of ``columns`` that message and fix name: in their order the first of several rows is told."""
        named = {name for text in (self.message, self.fix) for _, name, _, _ in Formatter().parse(text) if name}
        return sorted(named.intersection(columns))


RULES: dict[str, Rule] = {}


def rule(
    code: str, message: str, fix: str, *, bad: str, good: str
) -> Callable[[Callable[[Data], Iterator[Finding | Whole]]], Rule]:
    """Register a function as the rule ``code``; ``bad`` and ``good`` are examples in words."""

    def register(find: Callable[[Data], Iterator[Finding | Whole]]) -> Rule:
        if code in RULES:
            raise ValueError(f"two rules are called {code}")
        RULES[code] = Rule(code, message, fix, bad, good, find)
        return RULES[code]

    return register


def all_rules() -> dict[str, Rule]:
    """Return every rule by its code."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
    return RULES

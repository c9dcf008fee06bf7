"""The domain's rules: what makes a row wrong although every cell is well formed.

A rule is a small function with a permanent code. It reads the tables it needs from ``Data`` and yields the rows that
break it; message and fix are templates over the columns of those rows. A family of rules is a module; the number
before the last two digits of a code is the family of ``model.md`` (E203 is the third error of family 2).

Rules are written in Narwhals over lazy frames and keep to joins, filters and grouped aggregates, so the same lines
run on every engine Narwhals speaks to and cost grows with the rows. Walks along a chain (a parent's parent) are the
exception: they are a few lines over two columns, which is easier to read than a join repeated until nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING

from ..views import Frame

if TYPE_CHECKING:
    from ..tableschema import Schema

FAMILIES = ("keys", "dates", "nesting", "tenure", "setting", "evidence", "text")

Finding = tuple[str, str, Frame]
"""Table, column and the offending rows: a frame with the table's id and every column the message names."""


class Incomplete(Exception):
    """A table that a rule needs could not be read whole, which is already reported."""


@dataclass
class Data:
    """The tables of one package, typed, as the rules see them."""

    frames: dict[str, Frame]
    schemas: dict[str, Schema]
    release_date: date
    incomplete: set[str] = field(default_factory=set)

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


@dataclass(frozen=True)
class Rule:
    """One rule: its code, the templates of its message and fix, and the function that finds what breaks it."""

    code: str
    message: str
    fix: str
    find: Callable[[Data], Iterator[Finding]]

    @property
    def doc(self) -> str:
        """What the rule checks, and why."""
        return (self.find.__doc__ or "").strip()


RULES: dict[str, Rule] = {}


def rule(code: str, message: str, fix: str) -> Callable[[Callable[[Data], Iterator[Finding]]], Rule]:
    """Register a function as the rule ``code``."""

    def register(find: Callable[[Data], Iterator[Finding]]) -> Rule:
        if code in RULES:
            raise ValueError(f"two rules are called {code}")
        RULES[code] = Rule(code, message, fix, find)
        return RULES[code]

    return register


def all_rules() -> dict[str, Rule]:
    """Return every rule by its code."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
    return RULES

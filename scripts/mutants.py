"""What a mutant is, the record it is made from, and the register of the kinds of fault.

A mutant is the record with one fault. It is plain data, so that it can be told to another process: either the rows that
it changes, or what it does to the bytes of one file.
"""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from india_japan_engagements import package
from india_japan_engagements.tableschema import Schema

Row = dict[str, str]
Rows = dict[str, dict[str, Row | None]]
"""By table and id the rows that change: None is a row that goes, an id that was not there a row that is added."""

Spoil = Callable[[bytes], bytes | None]
"""What a tool does to the bytes of a file; None where the file goes."""


@dataclass(frozen=True)
class Mutant:
    """One fault: its kind, what it does in words, and the codes that are the right reason to refuse it.

    ``witness`` is whether something else in the package says otherwise, so that a rule can see the fault at all.
    ``place`` is the file and column a problem must name to be the right one; empty where any will do. ``released`` asks
    for a manifest of a last release that held every row; ``rebuilt`` for a package, with the generated files that were
    brought up to date after the fault.
    """

    kind: str
    about: str
    codes: frozenset[str]
    witness: bool = True
    rows: Rows = field(default_factory=dict)
    file: str = ""
    spoil: Spoil | None = None
    place: tuple[str, str] | None = None
    released: bool = False
    rebuilt: frozenset[str] | None = None

    @property
    def tables(self) -> set[str]:
        """The tables whose CSV file changes."""
        return {*self.rows} | ({self.file} if self.file else set())


class Record:
    """The tables as text, and what the kinds of fault need to know about them."""

    def __init__(self, folder: Path) -> None:
        """Read the CSV files in ``folder``; they are clean."""
        self.schemas: dict[str, Schema] = {name: package.schema(name) for name in package.tables()}
        self.content = {name: (folder / f"{name}.csv").read_bytes() for name in self.schemas}
        self.tables: dict[str, dict[str, Row]] = {
            name: {row[schema.key]: row for row in parse(self.content[name])} for name, schema in self.schemas.items()
        }

    def __getitem__(self, table: str) -> dict[str, Row]:
        """Return the rows of a table by id."""
        return self.tables[table]

    def cells(self, *types: str, filled: bool = True) -> Iterator[tuple[str, str, str, str]]:
        """Yield table, id, column and text of every filled cell whose column is of one of the types.

        Beside the types of the schema there are ``partial`` dates, ``code`` (a closed list), ``form`` (a pattern),
        ``id`` (the key), ``reference`` and ``text`` (none of these).
        """
        for table, schema in self.schemas.items():
            columns = [name for name in schema.names if self.type(table, name) in types]
            for key, row in self.tables[table].items():
                for column in columns:
                    if bool(row[column]) == filled:
                        yield table, key, column, row[column]

    def type(self, table: str, column: str) -> str:
        """Return the type of a column as ``cells`` names it."""
        schema = self.schemas[table]
        spec = schema[column]
        if column == schema.key:
            return "id"
        if column in schema.foreign_keys or column in ("row_id", "table_name", "field", "old_id", "new_id"):
            return "reference"
        if spec.type != "string":
            return spec.type
        return "partial" if spec.partial_date else "code" if spec.enum else "form" if spec.pattern else "text"

    @cached_property
    def evidence(self) -> dict[tuple[str, str], list[Row]]:
        """The evidence of each row."""
        found = defaultdict(list)
        for row in self["evidence"].values():
            found[row["table_name"], row["row_id"]].append(row)
        return found

    @cached_property
    def named(self) -> set[tuple[str, str]]:
        """The rows that another row speaks of: by a reference, as evidence, name or waiver."""
        found = {
            (target, row[column])
            for table, schema in self.schemas.items()
            for column, target in schema.foreign_keys.items()
            for row in self[table].values()
        }
        for table in ("evidence", "names", "waivers"):
            found |= {(row["table_name"], row["row_id"]) for row in self[table].values()}
        return found

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """The engagements within each engagement."""
        found = defaultdict(list)
        for key, row in self["engagements"].items():
            found[row["parent_id"]].append(key)
        return found

    @cached_property
    def participants(self) -> dict[str, list[Row]]:
        """The participations of each engagement."""
        found = defaultdict(list)
        for row in self["participations"].values():
            found[row["engagement_id"]].append(row)
        return found

    def denies(self, table: str, key: str, column: str, value: str) -> bool:
        """Whether a source that supports the cell states something else than ``value``.

        What is implied is no such word: it is what a reader made of the source, and need not be what the cell says.
        """
        dated, plain = (
            self.type(table, column) == "partial",
            self.schemas[table][column].type in ("integer", "number"),
        )
        for row in self.evidence[table, key]:
            stated = row["stated_value"]
            if row["field"] != column or row["stance"] != "supports" or not stated:
                continue
            if dated and not (value and (stated.startswith(value) or value.startswith(stated))):
                return True
            if plain and (not value or float(stated) != float(value)):
                return True
            if not dated and not plain and self.type(table, column) != "text" and stated != value:
                return True
        return False


def mistyped(text: str, chance: random.Random) -> str:
    """Return a text with one letter doubled, or two of them turned round."""
    at = chance.randrange(len(text) - 1)
    if text[at].isalnum() and text[at + 1].isalnum() and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text + text[-1]


def parse(content: bytes) -> list[Row]:
    """Return the rows of a CSV file as text."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def render(names: Iterable[str], rows: Iterable[Row]) -> bytes:
    """Return rows as the CSV file that a build would write."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*names], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def changed(record: Record, mutant: Mutant, table: str) -> bytes | None:
    """Return the bytes of a table's file in the mutant; None where it has none."""
    if mutant.spoil and table == mutant.file:
        return mutant.spoil(record.content[table])
    rows = record[table] | mutant.rows[table]
    return render(record.schemas[table].names, [row for row in rows.values() if row is not None])


Fault = Callable[[Record, random.Random], Iterator[Mutant]]


@dataclass(frozen=True)
class Kind:
    """A kind of fault: what it is called, whom it imitates, whether what it makes can be refused, and what makes it."""

    name: str
    imitates: str
    contradicts: str
    make: Fault


KINDS: dict[str, Kind] = {}
"""Every kind of fault, in the order of the report."""


class Draft:
    """What a kind of fault makes its mutants with: it fills in the name and the right codes of the kind."""

    def __init__(self, kind: str, codes: str, record: Record) -> None:
        """Draft mutants of ``kind``, to be refused for one of ``codes``."""
        self.kind, self.codes, self.record = kind, frozenset(codes.split()), record

    def cells(self, table: str, key: str, witness: bool = True, /, **cells: str) -> Mutant:
        """Return a mutant whose row has other cells."""
        row = self.record[table][key]
        about = "; ".join(f"{column} {row[column] or 'empty'} → {value or 'empty'}" for column, value in cells.items())
        return Mutant(self.kind, f"{table} {key}: {about}", self.codes, witness, {table: {key: row | cells}})

    def stated(self, table: str, key: str, column: str, value: str, *, witness: bool = False) -> Mutant:
        """Return a mutant with another cell; a witness is also a source that states something else."""
        denied = self.record.denies(table, key, column, value)
        return self.cells(table, key, witness or denied, **{column: value})

    def rows(self, about: str, rows: Rows, *, witness: bool = True, released: bool = False) -> Mutant:
        """Return a mutant of several rows."""
        return Mutant(self.kind, about, self.codes, witness, rows, released=released)

    def bytes(self, table: str, spoil: Spoil, *, witness: bool = True, how: str = "") -> Mutant:
        """Return a mutant whose file has other bytes."""
        return Mutant(self.kind, f"{table}.csv{how}", self.codes, witness, file=table, spoil=spoil)


def fault(
    name: str, imitates: str, contradicts: str, codes: str
) -> Callable[[Callable[[Draft, random.Random], Iterator[Mutant]]], Fault]:
    """Register what makes the mutants of a kind.

    ``contradicts`` says what else in the package gives such a fault away; ``codes`` are the right reasons.
    """

    def register(make: Callable[[Draft, random.Random], Iterator[Mutant]]) -> Fault:
        def made(record: Record, chance: random.Random) -> Iterator[Mutant]:
            return make(Draft(name, codes, record), chance)

        if name in KINDS:
            raise ValueError(f"two kinds of fault are called {name}")
        KINDS[name] = Kind(name, imitates, contradicts, made)
        return made

    return register


def sample(record: Record, kind: Kind, seed: int, size: int) -> list[Mutant]:
    """Return at most ``size`` mutants of a kind, those with a witness first; the same for the same record and seed.

    A kind that makes both sorts gives room to each, since a fault that nothing contradicts is worth counting too.
    """
    chance = random.Random(f"{seed} {kind.name}")
    made = list(kind.make(record, chance))
    chance.shuffle(made)
    with_one, without = ([mutant for mutant in made if mutant.witness is witness] for witness in (True, False))
    return with_one[:size] + without[: size // 2]

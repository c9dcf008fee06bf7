"""Names: how text is made comparable, which row a name means, and which rows some words are found in.

Text is compared after Unicode NFKC and case folding; marks are dropped from Latin letters alone (Ōno is Ono), since in
other scripts a mark makes another letter. A word is found where it stands whole, where it begins a word (from three
letters on), inside a run of Japanese, or, only where it is found nowhere, in the words it most resembles.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

from ._names import TABLES, TableName, ViewName
from .package import cells, path, schema, typed_rows
from .tableschema import Schema

Row = dict[str, Any]
Key = TypeVar("Key")
Place = TypeVar("Place")
Value = TypeVar("Value")

LABELS: dict[TableName, str] = {
    "engagements": "title_en", "people": "name_en", "offices": "title_en", "mechanisms": "name_en",
    "host_events": "name_en", "places": "name_en", "topics": "label_en", "agreements": "title_en",
    "commitments": "statement_en", "sources": "title",
}  # fmt: skip
"""The tables whose rows have a page and a name of their own, and the column the name is in."""

NOUNS: dict[TableName, str] = {table: table.removesuffix("s").replace("_", " ") for table in LABELS} | {
    "people": "person"
}
"""What a single row of each of these tables is called in a message."""

# \w would part Devanagari words at their vowel signs, so what separates is listed instead: spaces, controls and the
# punctuation of Latin, Devanagari (danda) and Japanese (the middle dot stands between given name and family name). A
# plus sign does not: 2+2 is the name of a dialogue.
SEPARATORS = re.compile(
    r"[\s\x00-*,-/:-@\[-`{-\xbf\u0964\u0965\u2000-\u206f\u2190-\u2bff\u3000-\u3004\u3008-\u303f\u30fb]+"
)
_LATIN_MARKS = re.compile(r"([a-z])[\u0300-\u036f]+")
JAPANESE = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
UNSAID = frozenset(("a", "an", "and", "at", "between", "by", "for", "in", "of", "on", "the", "to", "with"))


class OnDemand(Mapping[Key, Value]):
    """Values by their keys, made when they are asked for: of most rows nothing is asked but whether they are there."""

    def __init__(self, places: Mapping[Key, Place], make: Callable[[Place], Value]) -> None:
        """Give the place of each key, of which its value is made."""
        self._places, self._make = places, make

    def __getitem__(self, key: Key) -> Value:
        """Make the value of a key."""
        return self._make(self._places[key])

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key."""
        return key in self._places

    def __iter__(self) -> Iterator[Key]:
        """Go through the keys in the order of the rows."""
        return iter(self._places)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._places)


class Tables:
    """The tables as rows, each read when it is first asked for; a row is made of its cells when that is asked for."""

    def __init__(self) -> None:
        """Begin with none of them read."""
        self._cells: dict[str, tuple[list[str], list[tuple[str, ...]]]] = {}
        self._rows: dict[str, list[Row]] = {}
        self._made: dict[tuple[str, int], Row] = {}
        self._by: dict[tuple[str, ...], Mapping[Any, list[Row]]] = {}
        self._bearing: Mapping[tuple[str, str], list[Row]] | None = None
        self._order: dict[str, dict[str, int]] = {}
        self._schemas: dict[str, Schema] = {}

    def __getitem__(self, name: TableName | ViewName) -> list[Row]:
        """Return the rows of a table or view."""
        if name not in self._rows:
            self._rows[name] = typed_rows(name, *self._text(name))
        return self._rows[name]

    def by_id(self, name: TableName | ViewName) -> Mapping[str, Row]:
        """Return the rows of a table or view by their ids, which are in its first column."""
        return OnDemand(self.order(name), lambda position: self._row(name, position))

    def by(self, name: TableName | ViewName, *columns: str) -> Mapping[Any, list[Row]]:
        """Return the rows of a table or view, in their order, by the text in a column or in several."""
        if (name, *columns) not in self._by:
            names, rows = self._text(name)
            keys = [[row[at] or None for row in rows] for at in map(names.index, columns)]
            found = defaultdict(list)
            for position, key in enumerate(zip(*keys, strict=True) if len(keys) > 1 else keys[0]):
                found[key].append(position)
            self._by[name, *columns] = OnDemand(
                dict(found), lambda positions: [self._row(name, position) for position in positions]
            )
        return self._by[name, *columns]

    def bearing(self) -> Mapping[tuple[str, str], list[Row]]:
        """Return the evidence by the table and the id of the row on which it bears.

        It is more than all other tables, so its lines are taken apart only as far as the three ids they begin with
        (the evidence's own, table, row: never in quotes), and the rest of those that are asked for.
        """
        if self._bearing is None:
            found = defaultdict(list)
            with open(path("evidence", "csv"), encoding="utf-8", newline="") as file:
                columns = next(csv.reader(file))
                for line in file:
                    _, table, row_id, _ = line.split(",", 3)
                    found[table, row_id].append(line)
            self._bearing = OnDemand(dict(found), lambda lines: typed_rows("evidence", columns, csv.reader(lines)))
        return self._bearing

    def order(self, name: TableName | ViewName) -> dict[str, int]:
        """Return the position of each id of a table or view."""
        if name not in self._order:
            self._order[name] = {row[0]: position for position, row in enumerate(self._text(name)[1])}
        return self._order[name]

    def _text(self, name: TableName | ViewName) -> tuple[list[str], list[tuple[str, ...]]]:
        if name not in self._cells:
            self._cells[name] = cells(name)
        return self._cells[name]

    def _row(self, name: TableName | ViewName, position: int) -> Row:
        if name in self._rows:
            return self._rows[name][position]
        if (name, position) not in self._made:
            columns, rows = self._text(name)
            self._made[name, position] = typed_rows(name, columns, [rows[position]])[0]
        return self._made[name, position]

    def schema(self, name: TableName | ViewName) -> Schema:
        """Return the Table Schema of a table or view."""
        if name not in self._schemas:
            self._schemas[name] = schema(name)
        return self._schemas[name]

    def label(self, table: TableName, row_id: str | None) -> str:
        """Return the name of the row ``row_id``; empty for None."""
        return self.by_id(table)[row_id][LABELS[table]] if row_id else ""

    def within(self, table: TableName, row_id: str) -> set[str]:
        """Return the ids of a row of a tree (places, topics, mechanisms) and of all rows below it."""
        below = self.by(table, "parent_id")
        found = {row_id}
        waiting = [row_id]
        while waiting:
            ids = [next(iter(row.values())) for row in below.get(waiting.pop(), [])]
            new = [each for each in ids if each not in found]
            found.update(new)
            waiting += new
        return found


class Matches(NamedTuple):
    """The keys all words were found under, and for each word that was found nowhere the words it was taken for."""

    keys: list[Any]
    readings: dict[str, list[str]]


def normal(text: str) -> str:
    """Return the text in the form in which it is compared."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFC", _LATIN_MARKS.sub(r"\1", unicodedata.normalize("NFD", folded)))


def words(text: str) -> list[str]:
    """Return the comparable words of a text; a run of Japanese is one word."""
    return [word for word in SEPARATORS.split(normal(text)) if word]


def matching(text: str, index: Mapping[Key, set[str]]) -> Matches:
    """Return the keys of ``index`` under which every word of ``text`` is found, in the order of the index."""
    wanted = words(text)
    wanted = [word for word in wanted if word not in UNSAID] or wanted
    vocabulary = set().union(*index.values())
    hits, readings = [], {}
    for word in dict.fromkeys(wanted):
        found = _direct(word, vocabulary)
        # Ratios against every name of every row would make the cost grow with the record squared; the distinct words
        # are few, and are asked only about a word that none of them holds.
        if not found and len(word) > 3:
            near = get_close_matches(word, vocabulary, 3, 0.8)
            readings[word] = near
            found = {*near}
        hits.append(found)
    keys = [key for key, held in index.items() if all(not held.isdisjoint(found) for found in hits)]
    return Matches(keys if hits else [], readings)


def named(tables: Tables, table: TableName) -> dict[str, list[str]]:
    """Return for each row of ``table`` all its names: in every language, the parts of a person's, and ``names``."""
    label = LABELS[table]
    stem = label.removesuffix("_en")
    columns = (label, f"{stem}_ja", f"{stem}_hi", "family_name", "given_name")
    found = {next(iter(row.values())): [row[column] for column in columns if row.get(column)] for row in tables[table]}
    for name in tables["names"]:
        if name["table_name"] == table:
            found[name["row_id"]].append(name["name"])
    return found


def resolve(tables: Tables, wanted: str, table: TableName | None = None, loose: bool = False) -> tuple[TableName, Row]:
    """Return the one row, and its table, that an id, a retired id, a name or an alias means.

    Args:
        tables: the tables to look in.
        wanted: what is asked for.
        table: look in this table alone.
        loose: within ``table``, also take a part of a name and a small misspelling.

    Raises:
        KeyError: there is none; the message names the nearest.
        ValueError: it can mean several; the message lists them.
    """
    as_id = wanted.strip().lower()
    for name in (table,) if table else TABLES:
        if as_id in tables.by_id(name):
            return name, tables.by_id(name)[as_id]
    for retired in tables["redirects"]:
        if retired["old_id"] == as_id and table in (None, retired["table_name"]):
            if retired["new_id"]:
                return resolve(tables, retired["new_id"], retired["table_name"])
            raise KeyError(f"{wanted!r} was retired in version {retired['version']}: {retired['reason']}")
    among: tuple[TableName, ...] = (table,) if table else tuple(LABELS)
    asked = words(wanted)
    meant = [
        (name, row_id)
        for name in among
        for row_id, names in named(tables, name).items()
        if any(words(each) == asked for each in names)
    ]
    if table and loose and not meant:
        index = {row_id: _vocabulary(names) for row_id, names in named(tables, table).items()}
        meant = [(table, row_id) for row_id in matching(wanted, index).keys]
    if len(meant) == 1:
        name, row_id = meant[0]
        return name, tables.by_id(name)[row_id]
    if not meant:
        missing = f"there is no {NOUNS[table]} {wanted!r}" if table else f"nothing has the id or name {wanted!r}"
        raise KeyError(f"{missing}; {_nearest(tables, wanted, among)}")
    listed = [f"{row_id} ({tables.label(name, row_id)})" for name, row_id in meant]
    raise ValueError(f"{wanted!r} can mean {_several(listed)}; write the id of the one you mean")


def searchable(tables: Tables) -> dict[str, set[str]]:
    """Return for each engagement the words it can be found by.

    They are those of its id, titles, summary and venue; of all names of its participants, offices, place and what that
    lies in, mechanism and host event; of its agenda and the commitments made there.
    """
    held: dict[TableName, dict[str, set[str]]] = {}

    def words_of(table: TableName, row_id: str | None) -> set[str]:
        if not row_id:
            return set()
        if table not in held:
            held[table] = {key: _vocabulary(names) for key, names in named(tables, table).items()}
        return held[table][row_id]

    found: dict[str, set[str]] = {}
    titles = named(tables, "engagements")
    for row in tables["engagements"]:
        key = row["engagement_id"]
        found[key] = _vocabulary([key, *titles[key], row["summary_en"], row["venue"] or ""])
        found[key] |= words_of("mechanisms", row["mechanism_id"]) | words_of("host_events", row["host_event_id"])
        place = row["place_id"]
        while place:
            found[key] |= words_of("places", place)
            place = tables.by_id("places")[place]["parent_id"]
    for part in tables["participations"]:
        found[part["engagement_id"]] |= words_of("people", part["person_id"]) | words_of("offices", part["office_id"])
    for item in tables["agenda"]:
        found[item["engagement_id"]] |= (
            words_of("topics", item["topic_id"])
            | words_of("mechanisms", item["mechanism_id"])
            | words_of("agreements", item["agreement_id"])
            | {*words(item["statement_en"] or "")}
        )
    for commitment in tables["commitments"]:
        found[commitment["engagement_id"]].update(words(commitment["statement_en"]))
    return found


def _vocabulary(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words(text)}


def _direct(word: str, vocabulary: set[str]) -> set[str]:
    if JAPANESE.search(word):
        return {held for held in vocabulary if word in held}
    if len(word) < 3 or word.isdigit():
        return {word} & vocabulary
    return {held for held in vocabulary if held.startswith(word)}


def _nearest(tables: Tables, wanted: str, among: Iterable[TableName]) -> str:
    ids = {row_id: row_id for table in among for row_id in tables.by_id(table)}
    near = get_close_matches(wanted, ids, 3)
    if not near:
        spoken = {normal(name): row_id for row_id, name in _all_names(tables, among)}
        near = list(dict.fromkeys(spoken[name] for name in get_close_matches(normal(wanted), spoken, 3)))
    return f"did you mean {_several(near)}?" if near else "`ije find` and `ije tables` show what there is"


def _all_names(tables: Tables, among: Iterable[TableName]) -> Iterator[tuple[str, str]]:
    for table in among:
        for row_id, names in named(tables, table).items():
            for name in names:
                yield row_id, name


def _several(found: list[str], most: int = 6) -> str:
    more = [f"{len(found) - most} more"] if len(found) > most else []
    return " or ".join([*found[:most], *more])

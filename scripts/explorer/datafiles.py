"""What the scripts in the browser search and filter, as script files: from a disk no page may fetch anything else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from math import log2
from typing import Any

import pycountry

from india_japan_engagements._names import TableName, ViewName
from india_japan_engagements.lookup import (
    JAPANESE,
    LABELS,
    NOUNS,
    SEPARATORS,
    UNSAID,
    Row,
    Tables,
    named,
    searchable,
    words,
)  # fmt: skip

from .wording import Wording, day, span

_WEIGHTS: dict[TableName, float] = {
    "people": 6, "mechanisms": 6, "topics": 5, "places": 5, "commitments": 4.5, "agreements": 4, "engagements": 3.5,
    "offices": 3, "host_events": 3, "sources": 0,
}  # fmt: skip
"""Which of the rows that match equally well a reader more likely means; what more refers to counts for more."""

_ALL = ("person", "topic")
"""Facets of which a row may have several values, and must have all that are chosen."""


def script(name: str, value: Any) -> str:
    """Return a script file that puts a value where the other scripts find it."""
    return f"(self.IJE = self.IJE || {{}}).{name} = {json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"


def search_index(wording: Wording) -> dict[str, Any]:
    """Return every row that has a page by the words in which it can be found.

    ``rows`` are [table, id, English name, other names, what else is said], the likeliest first, so that a row's
    position breaks ties. ``words`` is the sorted vocabulary; ``named`` and ``told`` give for each word the rows whose
    names, and whose contents, hold it: the differences of their positions in base 36.
    """
    tables = wording.tables
    referred: dict[str, int] = defaultdict(int)
    referring: tuple[TableName, ...] = ("participations", "agenda", "engagements")
    for table in referring:
        for column, target in tables.schema(table).foreign_keys.items():
            if target in LABELS:
                for row in tables[table]:
                    referred[row[column]] += 1
    contents = _contents(tables)
    rows: list[tuple[float, TableName, str, list[str]]] = []
    for table in LABELS:
        for row_id, names in named(tables, table).items():
            rows.append((-(_WEIGHTS[table] + log2(1 + referred[row_id]) / 2), table, row_id, names))
    order = tables.order("timeline")
    # Of what is equally likely the latest comes first; a commitment is as old as the engagement at which it was made.
    made = {row["commitment_id"]: row["engagement_id"] for row in tables["commitments"]}
    rows.sort(key=lambda row: (row[0], -order.get(made.get(row[2], row[2]), 0), row[2]))
    in_names: dict[str, list[int]] = defaultdict(list)
    in_contents: dict[str, list[int]] = defaultdict(list)
    listed = []
    codes = {table: position for position, table in enumerate(LABELS)}
    for position, (_, table, row_id, names) in enumerate(rows):
        row = tables.by_id(table)[row_id]
        spoken = {word for name in names for word in words(name)}
        for word in spoken:
            in_names[word].append(position)
        for word in (contents.get(row_id, set()) | {*words(row_id)}) - spoken:
            in_contents[word].append(position)
        label = row[LABELS[table]]
        others = [name for name in dict.fromkeys(names) if name != label]
        listed.append([codes[table], row_id, label, others, _said(wording, table, row)])
    vocabulary = sorted({*in_names, *in_contents})
    return {
        "tables": [[table, NOUNS[table].capitalize(), tables.schema(table).title] for table in LABELS],
        "rows": listed,
        "separators": SEPARATORS.pattern,
        "japanese": JAPANESE.pattern,
        "unsaid": sorted(UNSAID),
        "words": "\n".join(vocabulary),
        "named": "\n".join(_packed(in_names.get(word, ())) for word in vocabulary),
        "told": "\n".join(_packed(in_contents.get(word, ())) for word in vocabulary),
    }


def table_data(words: Wording, view: ViewName, facets: list[dict[str, Any]], period: tuple[str, str]) -> dict[str, Any]:
    """Return a view with all its columns, the facets by which it is filtered, and the columns between which a row lies.

    A column of few values is a list of them and the position of each row's; another is the values themselves.
    """
    tables = words.tables
    rows = tables[view]
    schema = tables.schema(view)
    columns = {}
    for field in schema.fields:
        values = [_plain(row[field.name]) for row in rows]
        distinct = list(dict.fromkeys(values))
        if 2 * len(distinct) < len(values):
            at = {value: position for position, value in enumerate(distinct)}
            columns[field.name] = {"values": distinct, "at": [at[value] for value in values]}
        else:
            columns[field.name] = {"values": values}
    return {"name": view, "key": schema.key, "rows": len(rows), "period": period, "columns": columns, "facets": facets}


def code_facets(words: Wording, view: ViewName, omit: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return a facet for each column of a view that holds codes, truth values or letters."""
    tables = words.tables
    found = []
    for field in tables.schema(view).fields:
        held = {row[field.name] for row in tables[view]} - {None}
        coded = field.enum or field.spec.get("codes") or field.type == "boolean" or field.name == "tier"
        if not coded or field.name in omit or not held:
            continue
        known = [value for value in (field.enum or sorted(held)) if value in held]
        options = [[_plain(value), words.text(view, field, value)] for value in known]
        at = {value: position for position, value in enumerate(known)}
        rows = [at.get(row[field.name], -1) for row in tables[view]]
        found.append({"name": field.name, "title": field.spec["title"], "options": options, "of": rows})
    return found


def timeline_facets(words: Wording) -> list[dict[str, Any]]:
    """Return the facets of engagements: persons, mechanisms, topics and places, and every column of codes."""
    tables = words.tables
    people, mechanisms, topics, places = (defaultdict[str, set[str]](set) for _ in range(4))
    for part in tables["participations"]:
        if part["person_id"]:
            people[part["engagement_id"]].add(part["person_id"])
    for item in tables["agenda"]:
        topics[item["engagement_id"]] |= _upward(tables, "topics", item["topic_id"])
        if item["mechanism_id"]:
            mechanisms[item["engagement_id"]].add(item["mechanism_id"])
    for row in tables["timeline"]:
        if row["mechanism_id"]:
            mechanisms[row["engagement_id"]].add(row["mechanism_id"])
        places[row["engagement_id"]] |= _upward(tables, "places", row["place_id"])
    keys = [row["engagement_id"] for row in tables["timeline"]]
    return [
        _facet(tables, "person", "Person", "people", people, keys),
        _facet(tables, "mechanism", "Mechanism", "mechanisms", mechanisms, keys),
        _facet(tables, "topic", "Topic", "topics", topics, keys),
        _facet(tables, "place", "Place", "places", places, keys),
        *code_facets(words, "timeline", omit=("duration_basis",)),
    ]


def tracker_facets(words: Wording, states: dict[str, str]) -> list[dict[str, Any]]:
    """Return the facets of commitments: whether open, the topic, and every column of codes."""
    tables = words.tables
    keys = [row["commitment_id"] for row in tables["commitment_tracker"]]
    topics = {row["commitment_id"]: _upward(tables, "topics", row["topic_id"]) for row in tables["commitment_tracker"]}
    options = [["overdue", "Overdue"], ["open", "Open, not yet due"], ["closed", "Closed"]]
    at = {value: position for position, (value, _) in enumerate(options)}
    state = {"name": "state", "title": "State", "options": options, "of": [at[states[key]] for key in keys]}
    held = {row["status"] for row in tables["commitment_tracker"]}
    known = sorted(held)
    latest = {
        "name": "latest",
        "title": "Latest status",
        "options": [[code, status_label(words, code)] for code in known],
        "of": [known.index(row["status"]) for row in tables["commitment_tracker"]],
    }
    return [
        state,
        latest,
        _facet(tables, "topic", "Topic", "topics", topics, keys),
        *code_facets(words, "commitment_tracker", omit=("amount_scope", "basis")),
    ]


def status_label(words: Wording, status: str) -> str:
    """Return the name of a latest status; ``made`` and ``superseded`` are derived, and no codes of a column."""
    return words.code("commitment_updates", "status", status).capitalize()


def _facet(
    tables: Tables, name: str, title: str, table: TableName, held: dict[str, set[str]], keys: list[str]
) -> dict[str, Any]:
    used = {value for values in held.values() for value in values}
    options = sorted(used, key=lambda value: (tables.label(table, value).casefold(), value))
    at = {value: position for position, value in enumerate(options)}
    return {
        "name": name,
        "title": title,
        "options": [[value, tables.label(table, value)] for value in options],
        "of": [sorted(at[value] for value in held.get(key, ())) for key in keys],
        "all": name in _ALL,
    }


def _upward(tables: Tables, table: TableName, row_id: str | None) -> set[str]:
    """Return a row of a tree and all that it lies in."""
    found: set[str] = set()
    while row_id and row_id not in found:
        found.add(row_id)
        row_id = tables.by_id(table)[row_id]["parent_id"]
    return found


def _said(wording: Wording, table: TableName, row: Row) -> str:
    """Return what a result says beside a name: when it was, and of a commitment what became of it."""
    if table == "commitments":
        tracked = wording.tables.by_id("commitment_tracker")[row["commitment_id"]]
        made = f"made {day(tracked['made_on'])}" if tracked["made_on"] else ""
        due = f"due {day(row['deadline'])}" if row["deadline"] else ""
        latest = (
            f"{status_label(wording, tracked['status']).lower()} {day(tracked['status_on'])}"
            if tracked["status_on"]
            else ""
        )
        return ", ".join(filter(None, (made, due, latest)))
    if "start_date" in row:
        return span(row["start_date"], row["end_date"])
    when = row.get("signed_on") or row.get("published_on")
    return day(when) if when else ""


def _contents(tables: Tables) -> dict[str, set[str]]:
    """Return for each row the words it is found by beside those of its names."""
    found = dict(searchable(tables))
    topics = named(tables, "topics")
    for commitment in tables["commitments"]:
        said = [*topics.get(commitment["topic_id"], []), tables.label("engagements", commitment["engagement_id"])]
        found[commitment["commitment_id"]] = {word for text in said for word in words(text)}
    # Rows write JPY, readers yen.
    priced: tuple[TableName, ...] = ("agreements", "commitments")
    for table in priced:
        for row_id, row in tables.by_id(table).items():
            if row["currency"]:
                name: str = pycountry.currencies.lookup(row["currency"]).name
                found.setdefault(row_id, set()).update(word for text in (name, f"{name}s") for word in words(text))
    described: tuple[tuple[TableName, str], ...] = (
        ("sources", "publisher"), ("topics", "definition_en"), ("mechanisms", "description_en"),
    )  # fmt: skip
    for table, column in described:
        for row_id, row in tables.by_id(table).items():
            found[row_id] = {*words(row[column] or "")}
    return found


def _packed(positions: Iterable[int]) -> str:
    """Return ascending positions as differences in base 36."""
    before, parts = 0, []
    for position in positions:
        parts.append(_base36(position - before))
        before = position
    return " ".join(parts)


def _base36(value: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    said = digits[value % 36]
    while value := value // 36:
        said = digits[value % 36] + said
    return said


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, float, str, bool)) else str(value)


def recent(rows: list[Row], count: int) -> list[Row]:
    """Return the latest engagements held, newest first."""
    return [row for row in reversed(rows) if row["status"] == "held"][:count]

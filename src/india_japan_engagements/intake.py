"""Takes forms into the tables: all of them or none, with every problem of every form said at once.

What a form names is looked up before it is made: by id, by name in any script or alias, by Wikidata item, by address.
The cost is one pass over the tables, one over the forms and one validation of the result; it does not grow with the
record for each form.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from . import package, store
from .forms import CORRECTION, Entry, Form, Item, mint, read, text_rows
from .lookup import words
from .reading import read as strictly
from .report import Problem
from .tableschema import Schema

Row = dict[str, str]

NAMED = {
    "people": ("name_en", "name_ja", "name_hi", "wikidata_id"),
    "offices": ("title_en", "title_ja", "title_hi"),
    "places": ("name_en", "name_ja", "name_hi"),
    "mechanisms": ("name_en", "name_ja", "name_hi"),
    "host_events": ("name_en", "name_ja", "name_hi"),
    "topics": ("label_en", "label_ja", "label_hi"),
    "agreements": ("title_en", "title_ja"),
    "engagements": (),
    "sources": ("url",),
}
"""By which columns, beside the id and the rows of ``names``, a row may be called in a form."""

UNIQUE = ("people", "places", "mechanisms", "topics", "sources")
"""Tables in which a new row with the name of an old one is a twin."""

WORDS = ("title_en", "title_ja", "title_hi", "summary_en", "note", "review_status")
"""Columns of an engagement that a merge leaves as they are."""

DEFAULTS = {"engagements": {"review_status": "single_coded"}, "evidence": {"stance": "supports"}}


@dataclass
class Result:
    """What an intake did or would do: problems, or how many rows it added and cells it changed in each table."""

    problems: list[Problem] = field(default_factory=list)
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)


def take_in(
    folder: str,
    paths: Sequence[str],
    *,
    merge: str | None = None,
    apart: Collection[str] = (),
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Result:
    """Take the forms at ``paths`` into the tables in ``folder``; write all that changes, or nothing.

    Args:
        folder: the folder of the CSV files.
        paths: the forms, taken as one batch: each may refer to rows another brings.
        merge: the id of the engagement with which the one of the form is the same.
        apart: ids of engagements that look like one of the forms' and are another.
        progress: wraps the paths, to show how far the reading is.

    Raises:
        store.Locked: another intake is at work.
        ValueError: ``merge`` is given and the forms hold more or less than one engagement.
    """
    with store.locked(folder):
        store.recover(folder)
        schemas: dict[str, Schema] = {table: package.schema(table) for table in package.tables()}
        # A table that cannot be read whole would lose what was not read when it is written.
        if broken := [problem for schema in schemas.values() for problem in strictly(folder, schema).problems]:
            return Result(broken)
        batch = _Batch(schemas, {table: text_rows(folder, schema) for table, schema in schemas.items()}, merge, apart)
        forms = [read(path, schemas) for path in progress(paths)]
        engagements = sum(entry.table == "engagements" for form in forms for entry in form.entries)
        if merge and engagements != 1:
            raise ValueError(
                f"--merge goes with a form of one engagement, and there are {engagements}; nothing was written"
            )
        batch.take(forms)
        said = [problem for form in forms for problem in form.problems] + batch.problems
        contents = {f"{table}.csv": batch.csv(table) for table in schemas if table in batch.touched}
        problems = said + _checked(folder, contents, batch, said)
        if problems or not contents:
            return Result(problems)
        store.replace_all(folder, contents)
        return Result([], batch.added, batch.changed)


def normal(name: str) -> str:
    """Return a name as names are compared: case, width, Latin marks, punctuation and order do not count."""
    return " ".join(sorted(words(name))) or name


def _checked(folder: str, contents: Mapping[str, bytes], batch: _Batch, said: Sequence[Problem]) -> list[Problem]:
    """Validate the tables as they would be; say each problem at the line of the form that caused it.

    Where something of a form could not be taken in, rows lack what it would have brought: then only what is wrong with
    a value that stands in a form is said.
    """
    from .validation import validate

    with tempfile.TemporaryDirectory() as trial:
        for table in batch.schemas:
            shutil.copy(os.path.join(folder, f"{table}.csv"), trial)
        for name, content in contents.items():
            store.replace(os.path.join(trial, name), content)
        problems = [batch.at_form(problem) for problem in validate(trial).problems]
    known = {(problem.file, problem.line) for problem in said}
    return [problem for problem, given in problems if not said or (given and (problem.file, problem.line) not in known)]


class _Batch:
    """The tables, and what a batch of forms makes of them."""

    def __init__(
        self,
        schemas: dict[str, Schema],
        tables: dict[str, dict[str, Row]],
        merge: str | None,
        apart: Collection[str],
    ) -> None:
        self.schemas, self.tables, self.merge, self.apart = schemas, tables, merge, apart
        self.problems: list[Problem] = []
        self.touched: set[str] = set()
        self.added: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.origin: dict[tuple[str, str], Entry] = {}
        self.promised: dict[str, set[str]] = defaultdict(set)
        self.called: dict[str, dict[str, set[str]]] = {table: defaultdict(set) for table in NAMED}
        for table, rows in tables.items():
            for key, row in rows.items():
                self._call(table, key, row)
        self.choices: dict[str, list[str]] = {}
        self.held = _by_month(tables)

    def csv(self, table: str) -> bytes:
        """Return a table as it will be, sorted by id, minimally quoted."""
        names = self.schemas[table].names
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        rows = self.tables[table]
        writer.writerows([rows[key].get(name, "") for name in names] for key in sorted(rows))
        return out.getvalue().encode()

    def at_form(self, problem: Problem) -> tuple[Problem, bool]:
        """Return a problem of a table's row as one of the form it comes from, and whether the form gives the value."""
        table = os.path.basename(problem.file).removesuffix(".csv")
        entry = self.origin.get((table, problem.row_id))
        if entry is None:
            return problem, False
        line = entry.line_of(problem.column)
        return dataclasses.replace(problem, file=entry.file, line=line), problem.column in entry.cells

    def take(self, forms: list[Form]) -> None:
        """Take all forms: first the ids and names they bring, then the rows, so that order does not matter."""
        for form in forms:
            for entry in form.entries:
                self._promise(entry)
        # A form may name a source that another writes out, so these come first.
        for entry in (entry for form in forms for entry in form.sources.values()):
            if not _only_names(entry):
                self._row(entry, {}, {})
        for form in forms:
            sources = {key: self._source(entry) for key, entry in form.sources.items()}
            for entry in form.entries:
                self._row(entry, {}, sources)
            for entry in form.corrections:
                self._correct(entry, sources)

    def _refuse(self, entry: Entry, code: str, column: str, message: str, fix: str, row_id: str = "") -> None:
        self.problems.append(entry.problem(code, column, message, fix, row_id))

    # What things are called.

    def _call(self, table: str, key: str, row: Row) -> None:
        if table == "names" and row.get("table_name") in self.called:
            self.called[row["table_name"]][normal(row["name"])].add(row["row_id"])
        for column in NAMED.get(table, ()):
            if row.get(column):
                self.called[table][normal(row[column]) if column != "url" else row[column]].add(key)

    def _promise(self, entry: Entry) -> None:
        """Note the id an entry will have, and its names, so that others of the batch can refer to it."""
        key = entry.text(self.schemas[entry.table].key)
        if not key and entry.table in NAMED and entry.table != "engagements":
            same = self._same(entry) if entry.table in UNIQUE else ()
            key = next(iter(same), "") or mint(entry.table, {c: v.text for c, v in entry.cells.items()})
        if key:
            self.promised[entry.table].add(key)
            self._call(entry.table, key, {column: cell.text for column, cell in entry.cells.items()})
        for inner in entry.within:
            self._promise(inner)
            if inner.table == "names" and key and entry.table in self.called:
                self.called[entry.table][normal(inner.text("name"))].add(key)

    def _same(self, entry: Entry) -> set[str]:
        """Ids of existing rows that go by one of the entry's names."""
        found: set[str] = set()
        for column in NAMED.get(entry.table, ()):
            if text := entry.text(column):
                found |= self.called[entry.table].get(text if column == "url" else normal(text), set())
        return found & {*self.tables[entry.table]}

    def _refer(self, entry: Entry, column: str, table: str) -> str:
        """Return the id that a reference means, by id or by name."""
        text = entry.text(column)
        if not text or text in self.tables[table] or text in self.promised[table]:
            return text
        called = self.called.get(table, {})
        found = sorted(called.get(normal(text), set()))
        if len(found) == 1:
            return found[0]
        if found:
            problem = (
                "E034",
                column,
                f"{text!r} names {len(found)} rows of {table}",
                f"write one of the ids {', '.join(found)}",
            )
        else:
            names = get_close_matches(normal(text), [*called], 3, 0.7)
            near = sorted(
                {key for name in names for key in called[name]}
                | {*get_close_matches(text, [*self.tables[table]], 2, 0.7)}
            )
            hint = f"did you mean {' or '.join(near)}? otherwise " if near else ""
            problem = (
                "E033",
                column,
                f"no row of {table} is called {text!r}",
                f"{hint}add it to the form under {table}",
            )
        self._refuse(entry, *problem)
        return text

    # Rows.

    def _row(self, entry: Entry, given: Row, sources: Mapping[str, str]) -> str:
        """Take one entry with all that is within it; return its id."""
        schema = self.schemas[entry.table]
        row = dict(DEFAULTS.get(entry.table, {})) | {column: cell.text for column, cell in entry.cells.items()} | given
        for column, table in schema.foreign_keys.items():
            if column in entry.cells:
                short = sources.get(entry.text(column)) if table == "sources" else None
                row[column] = short or self._refer(entry, column, table)
        key = self._key(entry, row)
        existing = self.tables[entry.table].get(key)
        if existing is None:
            self._add(entry, key, {name: row.get(name, "") for name in schema.names})
            if entry.table == "engagements":
                # The next form of the batch may tell of the same meeting.
                _hold(self.held, self.tables["engagements"][key], frozenset(self._principals(entry)))
        else:
            self._agree(entry, existing, row)
        for inner in entry.within:
            self._row(inner, self._given(entry.table, inner.table, key), sources)
        for item in entry.evidence:
            self._evidence(entry, item, entry.table, key, sources)
        return key

    def _given(self, table: str, inner: str, key: str) -> Row:
        if inner == "names":
            return {"table_name": table, "row_id": key}
        column = next(column for column, target in self.schemas[inner].foreign_keys.items() if target == table)
        return {column: key}

    def _add(self, entry: Entry, key: str, row: Row) -> None:
        row[self.schemas[entry.table].key] = key
        self.tables[entry.table][key] = row
        self.origin[entry.table, key] = entry
        self.touched.add(entry.table)
        self.added[entry.table] += 1

    def _agree(self, entry: Entry, existing: Row, row: Row) -> None:
        """An entry for a row that is there already may repeat it, not change it."""
        ignored = WORDS if self.merge and entry.table == "engagements" else ()
        key = self.schemas[entry.table].key
        for column, text in row.items():
            if column != key and column not in ignored and text != existing.get(column, ""):
                self._refuse(
                    entry,
                    "E036",
                    column,
                    f"{existing[key]} is there already and says {existing.get(column, '') or 'nothing'!r}",
                    "leave the column out; to change it write a correction, to keep both give contradicting evidence",
                    existing[key],
                )

    def _key(self, entry: Entry, row: Row) -> str:
        """Return the id of an entry: the one given, the one of the row it means, or a new one."""
        table = entry.table
        schema = self.schemas[table]
        if given := entry.text(schema.key):
            if table == "engagements" and given not in self.tables[table]:
                self._refuse_duplicate(entry, row)
            return given
        if table == "engagements":
            if self.merge:
                if self.merge not in self.tables[table]:
                    self._refuse(
                        entry,
                        "E033",
                        "",
                        f"there is no engagement {self.merge!r} to merge with",
                        "correct the id after --merge",
                    )
                return self.merge
            self._refuse_duplicate(entry, row)
        if table in UNIQUE:
            same = sorted(self._same(entry))
            if len(same) == 1:
                return same[0]
            if same:
                fix = f"give {schema.key}: one of {', '.join(same)}, or a new one"
                self._refuse(entry, "E034", "", f"{len(same)} rows of {table} go by this name", fix)
            if not same:
                self._refuse_twin(entry)
        minted = mint(table, row, self._principals(entry))
        if not minted:
            self._refuse(entry, "E032", "", f"no id can be made for this row of {table}", f"give {schema.key}")
        key, number = minted, 1
        while key in self.tables[table] and not self._repeats(table, self.tables[table][key], row):
            number += 1
            key = f"{minted}{'.' if '.' in minted else '-'}{number}"
        return key

    def _refuse_twin(self, entry: Entry) -> None:
        """A new name that is nearly an old one is most often the same thing misspelled."""
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        if entry.table == "sources":
            return
        if entry.table not in self.choices:
            old = {*self.tables[entry.table]}
            self.choices[entry.table] = [name for name, keys in self.called[entry.table].items() if keys & old]
        for column in NAMED[entry.table][:3]:
            name = normal(entry.text(column))
            found = name and process.extractOne(
                name, self.choices[entry.table], scorer=JaroWinkler.normalized_similarity, score_cutoff=0.93
            )
            if found and len(name) > 4:
                (key, *_) = sorted(self.called[entry.table][found[0]])
                self._refuse(
                    entry,
                    "E038",
                    column,
                    f"{entry.text(column)!r} is much like {key}",
                    f"if it is the same, name it by {key}; if not, give {self.schemas[entry.table].key}",
                )
                return

    def _repeats(self, table: str, existing: Row, row: Row) -> bool:
        return all(
            existing.get(column, "") == text for column, text in row.items() if column != self.schemas[table].key
        )

    # Engagements that are there already.

    def _principals(self, entry: Entry) -> list[str]:
        """Ids of the principals of an engagement's entry, Indian first."""
        parts = [
            part for part in entry.within if part.table == "participations" and part.text("capacity") == "principal"
        ]
        parts.sort(key=lambda part: (part.text("side") != "IND", part.text("side") != "JPN"))
        found = []
        for part in parts:
            for column, table in (("person_id", "people"), ("office_id", "offices")):
                if text := part.text(column):
                    called = self.called[table].get(normal(text), set())
                    found.append(text if text in self.tables[table] else next(iter(sorted(called)), text))
                    break
        return found

    def _refuse_duplicate(self, entry: Entry, row: Row) -> None:
        if self.merge:
            return
        who = frozenset(self._principals(entry))
        session = (row.get("mechanism_id"), row.get("ordinal"))
        for other, their in self.held.get(row.get("start_date", "")[:7], ()):
            if other["engagement_id"] in self.apart:
                continue
            related = (
                other.get("parent_id") == row.get("engagement_id") or row.get("parent_id") == other["engagement_id"]
            )
            same_day = _may_be(other["start_date"], row["start_date"])
            alike = (other["kind"], other["format"]) == (row.get("kind"), row.get("format")) and who and who == their
            # Two series may be held on one day by the same two; one of a series and one of none may be the same.
            series = {other["mechanism_id"], row.get("mechanism_id") or ""} - {""}
            numbered = all(session) and session == (other["mechanism_id"], other["ordinal"])
            if numbered or (same_day and alike and len(series) < 2 and not related and not _apart(other, row)):
                first = ("engagements", other["engagement_id"]) in self.origin
                self._refuse(
                    entry,
                    "E035",
                    "start_date",
                    f"this looks like {other['engagement_id']} ({other['start_date']}, {other['title_en']})",
                    f"if it is the same, {'take that form in first and ' if first else ''}run this one again with "
                    f"--merge {other['engagement_id']}; if not, give the hour or what else sets them apart, or run it "
                    f"with --apart {other['engagement_id']}",
                )
                return

    # Sources and evidence.

    def _source(self, entry: Entry) -> str:
        if not _only_names(entry):
            return self._row(entry, {}, {})
        key, same = entry.text("source_id"), self._same(entry)
        if key in self.tables["sources"] or same:
            return key or next(iter(same))
        fix = "write it out: title, publisher, url, language, accessed_on, kind, read_extent"
        self._refuse(entry, "E033", "source_id" if key else "url", "there is no such source yet", fix)
        return ""

    def _evidence(self, entry: Entry, item: Item, table: str, row_id: str, sources: Mapping[str, str]) -> None:
        cells = dict(item.cells)
        named = cells.get("source_id")
        source = sources.get(named.text, named.text) if named else ""
        if named and named.text in sources and not source:
            return  # that the source itself is wanting is said where it stands
        if source not in self.tables["sources"]:
            line = named.line if named else item.line
            known = ", ".join(sources) or "none"
            message = f"no source goes by {source!r}"
            fix = f"use a key of sources ({known}) or the id of one that is there"
            self.problems.append(Problem(entry.file, line, "source", "E033", row_id, source, message, fix))
            return
        row = {
            "stance": "supports",
            **{column: cell.text for column, cell in cells.items()},
            "table_name": table,
            "row_id": row_id,
            "field": item.field,
            "source_id": source,
        }
        bare = Entry("evidence", entry.file, item.line, cells)
        base = row.get("evidence_id") or mint("evidence", row)
        for key in (base, f"{base}.{row['stance']}", *(f"{base}.{number}" for number in range(2, 100))):
            existing = self.tables["evidence"].get(key)
            if existing is None:
                self._add(bare, key, {name: row.get(name, "") for name in self.schemas["evidence"].names})
                return
            if self._repeats("evidence", existing, row):
                return

    # Corrections.

    def _correct(self, entry: Entry, sources: Mapping[str, str]) -> None:
        table, key, column, old, new = (entry.text(name) for name in CORRECTION[:5])
        row = self.tables.get(table, {}).get(key)
        if row is None or column not in row:
            where = "table" if table not in self.tables else "row" if row is None else "column"
            self._refuse(
                entry, "E033", where, f"there is no {where} {entry.text(where)!r} to correct", f"correct the {where}"
            )
            return
        if column == self.schemas[table].key:
            self._refuse(
                entry, "E032", "column", f"{column} is an id", "ids are kept for good; retire a row by redirects"
            )
            return
        if row[column] != old:
            self._refuse(
                entry,
                "E037",
                "old",
                f"{key} says {row[column]!r}, not {old!r}",
                "look at the row again; it may have been corrected already",
                key,
            )
            return
        row[column] = new
        self.origin[table, key] = entry
        self.touched.add(table)
        self.changed[table] += 1
        for evidence in self.tables["evidence"].values():
            claim = (evidence["table_name"], evidence["row_id"], evidence["field"])
            # What supported the old value now contradicts the new one; the claim is kept, not lost.
            if (
                claim == (table, key, column)
                and evidence["stated_value"] == old
                and evidence["stance"] != "contradicts"
            ):
                evidence["stance"] = "contradicts"
                self.touched.add("evidence")
                self.changed["evidence"] += 1
        for item in entry.evidence:
            item.field = column
            if "reason" in entry.cells:
                item.cells.setdefault("note", entry.cells["reason"])
            self._evidence(entry, item, table, key, sources)


def _only_names(source: Entry) -> bool:
    """Whether an entry names a source that is there, by id or address, and says nothing of it."""
    return {*source.cells} <= {"source_id", "url"}


def _by_month(tables: Mapping[str, Mapping[str, Row]]) -> dict[str, list[tuple[Row, frozenset[str]]]]:
    """Existing engagements with their principals, by the year and by the month they may have been in."""
    principals = defaultdict(set)
    for part in tables["participations"].values():
        if part["capacity"] == "principal":
            principals[part["engagement_id"]].add(part["person_id"] or part["office_id"])
    held: dict[str, list[tuple[Row, frozenset[str]]]] = defaultdict(list)
    for key, row in tables["engagements"].items():
        _hold(held, row, frozenset(principals[key]))
    return held


def _hold(held: dict[str, list[tuple[Row, frozenset[str]]]], row: Row, principals: frozenset[str]) -> None:
    if row["start_date"] and row["status"] != "cancelled":
        for start in {row["start_date"][:7], row["start_date"][:4]}:
            held[start].append((row, principals))


def _apart(one: Row, other: Row) -> bool:
    """Whether the hour or, within one journey, place or order set two engagements of a day apart, as in rule W1201."""
    columns = ["start_time"]
    if one["parent_id"] and one["parent_id"] == other.get("parent_id"):
        columns += ["place_id", "sequence"]
    return any(one[column] and other.get(column) and one[column] != other[column] for column in columns)


def _may_be(one: str, other: str) -> bool:
    """Whether two partial dates can be the same day."""
    return one.startswith(other) or other.startswith(one)


def listed(result: Result) -> str:
    """Return what an intake did, as a person reads it."""
    if result.problems:
        lines = [str(problem) for problem in sorted({*result.problems})]
        return "\n".join([*lines, f"nothing was written: {len(lines)} problem{'s' * (len(lines) != 1)} to mend"])
    parts = [f"{table} {number}" for table, number in result.added.items()]
    parts += [f"{number} cells changed in {table}" for table, number in result.changed.items()]
    return (
        f"took in: {', '.join(parts)}; now run: make build" if parts else "all of it is there already; nothing to write"
    )

"""What changed between two states of the tables: which rows are new, corrected, recoded or retired, cell by cell."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import lzma
import os
import posixpath
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from functools import partial
from typing import IO, Any, Literal

from .lookup import LABELS
from .package import FILE, root, schema, tables

Kind = Literal["added", "corrected", "recoded", "retired"]

KINDS: dict[Kind, str] = {
    "added": "a new row",
    "corrected": "another value of a fact, be it a date, a name or a note",
    "recoded": "another code of a closed list, the review status among them: a fact is judged otherwise",
    "retired": "the id is gone; what took its place is said, or that nothing did",
}
"""The kinds of change, and what each is."""

_SHOWN = 160
"""How many characters of a value Markdown shows; CSV and JSON hold the whole."""

Rows = dict[str, dict[str, str]]
Files = dict[str, Callable[[], IO[bytes] | None]]


@dataclass(frozen=True)
class Change:
    """One cell that changed, or one row that came or went: then ``column`` is empty.

    Of a retired row ``new`` is the id that took its place and ``reason`` why, both as ``redirects`` has them.
    """

    change: Kind
    table: str
    id: str
    column: str
    old: str
    new: str
    reason: str = ""


@dataclass
class State:
    """Every table as text, row by id, the hash of its file, and the version all are of (empty: unknown)."""

    version: str
    tables: dict[str, Rows]
    columns: dict[str, list[str]]
    hashes: dict[str, str]


@dataclass
class Diff:
    """All changes from one state to another, in the order of the tables and ids.

    ``columns`` names the columns that only one of the two has, as ``table.column`` with ``added`` or ``removed``; their
    cells are not listed.
    """

    old: str
    new: str
    changes: list[Change]
    columns: dict[str, Literal["added", "removed"]]
    names: dict[tuple[str, str], str]

    def counts(self) -> dict[str, Counter[str]]:
        """Return how many rows of each table changed in each way, of the tables that did."""
        rows = {(change.table, change.change, change.id) for change in self.changes}
        found = {change.table: Counter[str]() for change in self.changes}
        for table, kind, _ in rows:
            found[table][kind] += 1
        return found

    def summary(self) -> str:
        """Return the number of rows that changed in each way, in one sentence."""
        total: Counter[str] = sum(self.counts().values(), Counter())
        return ", ".join(f"{total[kind]:,} {kind}" for kind in KINDS)

    def csv(self) -> str:
        """Return one line a change."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(field.name for field in fields(Change))
        writer.writerows(map(astuple, self.changes))
        return out.getvalue()

    def json(self) -> str:
        """Return the versions, the columns and, by table and kind, the changes."""
        found: dict[str, dict[str, list[dict[str, str]]]] = {}
        for change in self.changes:
            said = {"id": change.id}
            if change.change == "retired":
                said |= {"new_id": change.new, "reason": change.reason}
            elif change.column:
                said |= {"column": change.column, "old": change.old, "new": change.new}
            found.setdefault(change.table, {}).setdefault(change.change, []).append(said)
        whole = {"old": self.old, "new": self.new, "columns": self.columns, "tables": found}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"

    def markdown(self) -> str:
        """Return the changes for readers: counts, then each row that has a name, and each cell that changed."""
        lines = [f"# What changed from {self.old or 'the old'} to {self.new or 'the new'}", ""]
        lines += [f"- {kind}: {meaning}" for kind, meaning in KINDS.items()]
        lines += ["", f"| table | {' | '.join(KINDS)} |", f"| --- |{' ---: |' * len(KINDS)}"]
        for table, counts in self.counts().items():
            lines.append(f"| {table} | {' | '.join(f'{counts[kind]:,}' for kind in KINDS)} |")
        if self.columns:
            lines += ["", "## Columns", "", *(f"- `{name}`: {how}" for name, how in self.columns.items())]
        for kind in KINDS:
            for table in dict.fromkeys(change.table for change in self.changes if change.change == kind):
                changes = [change for change in self.changes if (change.change, change.table) == (kind, table)]
                if kind != "added":
                    lines += ["", f"## {table}: {kind}", "", *self._cells(kind, changes)]
                elif table in LABELS:
                    lines += ["", f"## {table}: {kind}", ""]
                    lines += [f"- `{change.id}`: {_shown(self.names[table, change.id])}" for change in changes]
        return "\n".join(lines) + "\n"

    def _cells(self, kind: Kind, changes: list[Change]) -> Iterator[str]:
        if kind == "retired":
            yield "| id | leads to | reason |"
            yield "| --- | --- | --- |"
            for change in changes:
                to = f"`{change.new}`" if change.new else "nothing"
                yield f"| `{change.id}` | {to} | {_shown(change.reason)} |"
        else:
            yield "| id | column | was | is |"
            yield "| --- | --- | --- | --- |"
            for change in changes:
                old, new = (_shown(value) or "*(empty)*" for value in (change.old, change.new))
                yield f"| `{change.id}` | {change.column} | {old} | {new} |"


def diff(old: str | os.PathLike[str], new: str | os.PathLike[str] | None = None) -> Diff:
    """Return what changed from ``old`` to ``new``.

    Each is a folder of the CSV files, one with ``data/``, or an archive of either: ``.zip``, ``.whl``, ``.tar.gz``.

    Args:
        old: the earlier state.
        new: the later one; by default the data this package came with.

    Raises:
        FileNotFoundError: there is no such folder or archive, or it holds none of the tables.
        ValueError: a table cannot be read, or an id stands in it twice.
    """
    return compare(state(old), state(root() if new is None else new))


def compare(before: State, after: State) -> Diff:
    """Return what changed between two states that were read."""
    gone = {(row["table_name"], row["old_id"]): row for row in after.tables.get("redirects", {}).values()}
    changes: list[Change] = []
    columns: dict[str, Literal["added", "removed"]] = {}
    for table in tables():
        was, now = before.tables.get(table, {}), after.tables.get(table, {})
        had, has = before.columns.get(table, []), after.columns.get(table, [])
        columns |= {f"{table}.{name}": "removed" for name in had if name not in has}
        columns |= {f"{table}.{name}": "added" for name in has if name not in had}
        coded = {field.name for field in schema(table).fields if field.enum}
        for key in sorted({*was, *now}):
            if key not in was:
                changes.append(Change("added", table, key, "", "", ""))
            elif key not in now:
                to = gone.get((table, key), {"new_id": "", "reason": "no redirect says why"})
                changes.append(Change("retired", table, key, "", "", to["new_id"], to["reason"]))
            else:
                for name in has:
                    if name in had and was[key][name] != now[key][name]:
                        kind: Kind = "recoded" if name in coded else "corrected"
                        changes.append(Change(kind, table, key, name, was[key][name], now[key][name]))
    names: dict[tuple[str, str], str] = {
        (change.table, change.id): after.tables[change.table][change.id].get(LABELS[change.table], "")
        for change in changes
        if change.change == "added" and change.table in LABELS
    }
    return Diff(before.version, after.version, changes, columns, names)


def state(path: str | os.PathLike[str]) -> State:
    """Read the tables in a folder or archive as text, whatever their schemas were.

    Raises:
        FileNotFoundError: there is nothing at ``path``, or none of the tables.
        ValueError: a file cannot be read as a table, or the archive is damaged or locked.
    """
    try:
        with _files(os.fspath(path)) as files:
            return _state(os.fspath(path), files)
    except (RuntimeError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise ValueError(f"{os.fspath(path)!r} cannot be unpacked ({error}); take the archive anew") from None


def _state(path: str, files: Files) -> State:
    at = [posixpath.split(name) for name in files]
    homes = [folder for folder, name in at if name in {f"{table}.csv" for table in tables()}]
    if not homes:
        raise FileNotFoundError(f"{path!r} holds none of the tables; name a folder or archive of them")
    home = min(homes, key=lambda folder: (folder.count("/"), folder))
    found: dict[str, Rows] = {}
    columns: dict[str, list[str]] = {}
    hashes: dict[str, str] = {}
    for table in tables():
        if (name := posixpath.join(home, f"{table}.csv")) in files:
            content = _read(name, files[name])
            columns[table], found[table] = _table(name, content)
            hashes[table] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    # It lies beside the tables in an archive of one format, above them in a checkout and in the wheel.
    described = (posixpath.join(folder, "datapackage.json") for folder in (home, posixpath.dirname(home)))
    version = next((_version(_read(name, files[name])) for name in described if name in files), "")
    return State(version, found, columns, hashes)


@contextmanager
def _files(path: str) -> Iterator[Files]:
    """Give the files of a folder, down to its ``data/``, or of an archive: by name, what opens each."""
    if os.path.isdir(path):
        folders = [folder for folder in ("", "data") if os.path.isdir(os.path.join(path, folder))]
        inside = [posixpath.join(folder, name) for folder in folders for name in os.listdir(os.path.join(path, folder))]
        yield {name: partial(_open, os.path.join(path, name)) for name in inside}
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield {name: partial(archive.open, name) for name in archive.namelist()}
    elif os.path.isfile(path) and tarfile.is_tarfile(path):
        with tarfile.open(path) as tar:
            yield {entry.name: partial(tar.extractfile, entry) for entry in tar if entry.isfile()}
    else:
        raise FileNotFoundError(f"{path!r} is neither a folder nor an archive (.zip, .whl, .tar.gz)")


def _open(path: str) -> IO[bytes]:
    return open(path, "rb")


def _read(name: str, opened: Callable[[], IO[bytes] | None]) -> bytes:
    file = opened()
    assert file is not None  # only of an entry that is no file
    with file:
        content = file.read(FILE + 1)
    if len(content) > FILE:
        raise ValueError(f"{name} is larger than {FILE >> 20} MB, which no table is")
    return content


def _table(name: str, content: bytes) -> tuple[list[str], Rows]:
    """Return the columns and the rows by the first of them, which holds the id."""
    found: Rows = {}
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header = next(reader)
        for row in reader:
            if len(row) != len(header):
                raise ValueError(f"line {reader.line_num} has another number of cells than the header")
            if row[0] in found:
                raise ValueError(f"{row[0]!r} stands there twice")
            found[row[0]] = dict(zip(header, row, strict=True))
    except (ValueError, StopIteration, csv.Error) as error:
        raise ValueError(f"{name} is not a table ({str(error) or 'it is empty'}); ije validate says more") from None
    return header, found


def _version(descriptor: bytes) -> str:
    try:
        found: Any = json.loads(descriptor)["version"]
    except (ValueError, LookupError, TypeError):
        return ""
    return str(found)


def _shown(value: str) -> str:
    """Return a value as a cell of a Markdown table, shortened where it is long."""
    short = value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    return " ".join(short.split()).replace("\\", "\\\\").replace("|", "\\|")

"""What a release held and promised, as its manifest says, and which version a change of that asks for.

``releases/<version>.json`` names every id, so that none is lost (rule E1401); the hash of every file, so that what is
compared with a release is known to be it; and every column with its type, constraints and codes, so that a version can
be told from what changed.
"""

from __future__ import annotations

import csv
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from .codebook import codebook
from .package import tables
from .reading import open_plain
from .tableschema import Schema

Manifest = dict[str, Any]

LARGEST = 1 << 26
"""How many bytes a manifest may have: it names the id of every row."""

LEVELS = ("major", "minor", "patch")

_KEPT = ("type", "required", "unique", "pattern", "minimum", "maximum", "refers_to", "definition")


_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_NAME = re.compile(rf"{_VERSION.pattern}\.json")


def parse(version: str) -> tuple[int, int, int]:
    """Return the three numbers of a version.

    Raises:
        ValueError: it is not of the form 1.2.3.
    """
    found = _VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"{version!r} is not a version; write three numbers, such as 1.2.0")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def last(root: str) -> Manifest | None:
    """Return the manifest of the latest release in ``<root>/releases``, None where there was none.

    Raises:
        ValueError: it cannot be read.
    """
    folder = os.path.join(root, "releases")
    names = os.listdir(folder) if os.path.isdir(folder) else []
    versions = [name.removesuffix(".json") for name in names if _NAME.fullmatch(name)]
    if not versions:
        return None
    version = max(versions, key=parse)
    path = os.path.join(folder, f"{version}.json")
    try:
        file = open_plain(path)
        if file is None:
            raise ValueError("it is a link, a folder or a device")
        with file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise ValueError(f"it is larger than {LARGEST >> 20} MB")
        found: Manifest = json.loads(raw)
        for about in found["tables"].values():
            about["ids"] = [*map(str, about["ids"])]
        return found | {"version": version}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path!r} is not the manifest of a release ({error}); restore it") from None


def manifest(root: str) -> Manifest:
    """Return the manifest of what a freshly built checkout holds."""
    with open(os.path.join(root, "datapackage.json"), encoding="utf-8") as file:
        descriptor = json.load(file)
    files = {resource["path"]: resource for resource in descriptor["resources"]}
    schemas = {
        resource["name"]: Schema.read(os.path.join(root, resource["schema"]))
        for resource in files.values()
        if "schema" in resource
    }
    with open(os.path.join(root, "metadata.toml"), "rb") as toml:
        day = tomllib.load(toml)["release_date"]
    found: Manifest = {"version": descriptor["version"], "release_date": str(day), "tables": {}, "views": {}}
    for path, resource in files.items():
        if "schema" not in resource:
            continue
        about: dict[str, Any] = {
            "rows": resource["rows"],
            "csv": resource["hash"],
            "parquet": files[f"{path.removesuffix('csv')}parquet"]["hash"],
            "columns": _columns(resource["name"], schemas),
        }
        if resource["name"] in tables():
            with open(os.path.join(root, path), encoding="utf-8", newline="") as text:
                about["ids"] = [row[0] for row in csv.reader(text)][1:]
            found["tables"][resource["name"]] = about
        else:
            found["views"][resource["name"]] = about
    return found


def _columns(table: str, schemas: dict[str, Schema]) -> dict[str, dict[str, Any]]:
    """Return what the schema promises of each column, in their order."""
    return {
        column["column"]: {key: column[key] for key in _KEPT if column[key] is not None and column[key] is not False}
        | ({"codes": {code["code"]: code["definition"] or "" for code in column["codes"]}} if column["codes"] else {})
        for column in codebook(table, schemas, lambda _: [])["columns"]
    }


def asked(old: Manifest, new: Manifest) -> list[tuple[str, str]]:
    """Return each difference between two manifests with the level of version it asks for, gravest first.

    Major: something that was there is gone, renamed, retyped, in another order or more narrowly constrained. Minor:
    something is there that was not, or is constrained less. Patch: another value, a retired row, other words. What a
    definition means no program can tell: whoever re-means a column or code has to say it is major.
    """
    found = [*_asked(old, new)]
    return sorted(found, key=lambda difference: LEVELS.index(difference[0]))


def _asked(old: Manifest, new: Manifest) -> Iterator[tuple[str, str]]:
    for part in ("tables", "views"):
        for name, was in old[part].items():
            now = new[part].get(name)
            if now is None:
                yield "major", f"{name} is gone"
                continue
            yield from _columns_asked(name, was["columns"], now["columns"])
            had, has = {*was.get("ids", ())}, {*now.get("ids", ())}
            if more := len(has - had):
                yield "minor", f"{name} has new rows: {more:,}"
            if less := len(had - has):
                yield "patch", f"{name} has lost rows: {less:,}"
            if not more and not less and was["csv"] != now["csv"]:
                yield "patch", f"{name} has other values"
        for name in new[part]:
            if name not in old[part]:
                yield "minor", f"{name} is new"


def _columns_asked(table: str, was: dict[str, Any], now: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in now:
        if name not in was:
            yield "minor", f"{table}.{name} is new"
    for name, before in was.items():
        column, after = f"{table}.{name}", now.get(name)
        if after is None:
            yield "major", f"{column} is gone"
            continue
        if before["type"] != after["type"]:
            yield "major", f"{column} was of type {before['type']} and is of type {after['type']}"
        for key in _KEPT[1:-1]:
            one, other = before.get(key), after.get(key)
            if one == other:
                continue
            wider = other is None or (key == "minimum" and one is not None and other < one)
            wider = wider or (key == "maximum" and one is not None and other > one)
            said = "nothing" if one is None else one, "nothing" if other is None else other
            yield "minor" if wider else "major", f"{column}: {key} was {said[0]} and is {said[1]}"
        yield from _codes_asked(column, before.get("codes"), after.get("codes"))
        if before["definition"] != after["definition"]:
            yield "patch", f"{column} is defined in other words"
    order = [name for name in now if name in was]
    if order != [name for name in was if name in now]:
        yield "major", f"the columns of {table} stand in another order"


def _codes_asked(column: str, was: dict[str, str] | None, now: dict[str, str] | None) -> Iterator[tuple[str, str]]:
    if was is None or now is None:
        if was != now:
            yield (
                ("major", f"{column} has a closed list") if was is None else ("minor", f"{column} has no list any more")
            )
        return
    for code, meaning in was.items():
        if code not in now:
            yield "major", f"{column}: the code {code} is gone"
        elif now[code] != meaning:
            yield "patch", f"{column}: the code {code} is defined in other words"
    for code in now:
        if code not in was:
            yield "minor", f"{column}: the code {code} is new"


def successors(version: str) -> dict[str, str]:
    """Return the versions that may follow, by level."""
    major, minor, patch = parse(version)
    return {"major": f"{major + 1}.0.0", "minor": f"{major}.{minor + 1}.0", "patch": f"{major}.{minor}.{patch + 1}"}


def too_low(old: Manifest, new: Manifest, further: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Return each difference that asks for a higher version than the new manifest's, and for which.

    ``further`` are differences that no manifest shows, as ``asked`` gives them.

    What 0.2.0 breaks of 0.1.0, nobody was promised: before 1.0.0 a minor version will do.
    """
    was, now = parse(old["version"]), parse(new["version"])
    given = 0 if now[0] > was[0] else 1 if now[1] > was[1] else 2
    gravest = 0 if was[0] else 1
    following = successors(old["version"])
    found = []
    for level, said in [*further, *asked(old, new)]:
        if (needed := max(LEVELS.index(level), gravest)) < given:
            version = following[LEVELS[needed]]
            found.append(f"{said}, for which {new['version']} is too low; release {version}, or undo it")
    return found


def text(manifest: Manifest) -> str:
    """Return a manifest as its file has it: a line an id, so that what a release changed can be seen."""
    return json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"

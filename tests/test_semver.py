"""Which version a change of the tables asks for, and what a manifest keeps of a release."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import india_japan_engagements as ije
from india_japan_engagements import releases

Manifest = dict[str, Any]

CODES = {"a": "The first.", "b": "The second."}
OLD: Manifest = {
    "version": "1.2.3",
    "tables": {
        "people": {
            "csv": "sha256:1",
            "ids": ["ada", "bob"],
            "columns": {
                "person_id": {"type": "string", "required": True, "unique": True, "definition": "An id."},
                "kind": {"type": "string", "definition": "A kind.", "codes": CODES},
                "age": {"type": "integer", "minimum": 0, "maximum": 100, "definition": "An age."},
                "office_id": {"type": "string", "refers_to": "offices.office_id", "definition": "An office."},
            },
        }
    },
    "views": {"flat": {"csv": "sha256:2", "columns": {"person_id": {"type": "string", "definition": "An id."}}}},
}


def people(change: Callable[[dict[str, Any]], object]) -> Callable[[Manifest], object]:
    return lambda manifest: change(manifest["tables"]["people"]["columns"])


def retype(manifest: Manifest) -> None:
    manifest["views"]["flat"]["columns"]["person_id"]["type"] = "integer"


def reorder(columns: dict[str, Any]) -> None:
    columns["kind"] = columns.pop("kind")


CASES: list[tuple[Callable[[Manifest], object], list[tuple[str, str]]]] = [
    (lambda m: m["tables"].pop("people"), [("major", "people is gone")]),
    (lambda m: m["views"].pop("flat"), [("major", "flat is gone")]),
    (retype, [("major", "flat.person_id was of type string and is of type integer")]),
    (people(lambda c: c.pop("age")), [("major", "people.age is gone")]),
    (
        people(lambda c: c.update(years=c.pop("age"))),
        [("major", "people.age is gone"), ("minor", "people.years is new")],
    ),
    (people(reorder), [("major", "the columns of people stand in another order")]),
    (people(lambda c: c["age"].update(required=True)), [("major", "people.age: required was nothing and is True")]),
    (people(lambda c: c["person_id"].pop("unique")), [("minor", "people.person_id: unique was True and is nothing")]),
    (people(lambda c: c["age"].update(pattern="x")), [("major", "people.age: pattern was nothing and is x")]),
    (people(lambda c: c["age"].update(minimum=1)), [("major", "people.age: minimum was 0 and is 1")]),
    (people(lambda c: c["age"].update(minimum=-1)), [("minor", "people.age: minimum was 0 and is -1")]),
    (people(lambda c: c["age"].update(maximum=99)), [("major", "people.age: maximum was 100 and is 99")]),
    (people(lambda c: c["age"].update(maximum=120)), [("minor", "people.age: maximum was 100 and is 120")]),
    (people(lambda c: c["age"].pop("maximum")), [("minor", "people.age: maximum was 100 and is nothing")]),
    (
        people(lambda c: c["office_id"].update(refers_to="posts.post_id")),
        [("major", "people.office_id: refers_to was offices.office_id and is posts.post_id")],
    ),
    (people(lambda c: c["kind"]["codes"].pop("b")), [("major", "people.kind: the code b is gone")]),
    (people(lambda c: c["kind"]["codes"].update(c="New.")), [("minor", "people.kind: the code c is new")]),
    (people(lambda c: c["kind"].pop("codes")), [("minor", "people.kind has no list any more")]),
    (people(lambda c: c["office_id"].update(codes=CODES)), [("major", "people.office_id has a closed list")]),
    (people(lambda c: c.update(new={"type": "date", "definition": ""})), [("minor", "people.new is new")]),
    (lambda m: m["tables"].update(more={"columns": {}, "ids": [], "csv": ""}), [("minor", "more is new")]),
    (lambda m: m["tables"]["people"]["ids"].append("cid"), [("minor", "people has new rows: 1")]),
    (lambda m: m["tables"]["people"]["ids"].remove("ada"), [("patch", "people has lost rows: 1")]),
    (lambda m: m["tables"]["people"].update(csv="sha256:3"), [("patch", "people has other values")]),
    (
        people(lambda c: c["kind"].update(definition="Otherwise.")),
        [("patch", "people.kind is defined in other words")],
    ),
    (
        people(lambda c: c["kind"]["codes"].update(a="Otherwise.")),
        [("patch", "people.kind: the code a is defined in other words")],
    ),
    (lambda m: None, []),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_what_a_change_asks_for(change: Callable[[Manifest], object], expected: list[tuple[str, str]]) -> None:
    new = copy.deepcopy(OLD)
    change(new)
    assert releases.asked(OLD, new) == expected


@pytest.mark.parametrize(
    ("version", "change", "refused"),
    [
        ("1.2.4", "a column gone", ["people.age is gone, for which 1.2.4 is too low; release 2.0.0, or undo it"]),
        ("1.3.0", "a column gone", ["people.age is gone, for which 1.3.0 is too low; release 2.0.0, or undo it"]),
        ("2.0.0", "a column gone", []),
        ("1.2.4", "a row new", ["people has new rows: 1, for which 1.2.4 is too low; release 1.3.0, or undo it"]),
        ("1.3.0", "a row new", []),
        ("1.2.4", "a cell corrected", []),
    ],
)
def test_a_version_too_low_is_told_from_what_changed(version: str, change: str, refused: list[str]) -> None:
    new = copy.deepcopy(OLD) | {"version": version}
    table = new["tables"]["people"]
    if change == "a column gone":
        del table["columns"]["age"]
    elif change == "a row new":
        table["ids"].append("cid")
    else:
        table["csv"] = "sha256:3"
    assert releases.too_low(OLD, new) == refused


def test_before_the_first_major_version_a_minor_one_may_break() -> None:
    old, new = copy.deepcopy(OLD) | {"version": "0.1.0"}, copy.deepcopy(OLD)
    del new["tables"]["people"]["columns"]["age"]
    assert releases.too_low(old, new | {"version": "0.2.0"}) == []
    (refused,) = releases.too_low(old, new | {"version": "0.1.1"})
    assert refused == "people.age is gone, for which 0.1.1 is too low; release 0.2.0, or undo it"


def test_a_version_has_three_successors_and_one_form() -> None:
    assert [*releases.successors("1.9.10").values()] == ["2.0.0", "1.10.0", "1.9.11"]
    for wrong in ("1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "1.0.0\n", ""):
        with pytest.raises(ValueError, match=r"is not a version; write three numbers, such as 1\.2\.0"):
            releases.parse(wrong)


def test_a_manifest_names_every_row_file_column_and_code() -> None:
    found = releases.manifest(str(ROOT))
    assert [*found["tables"], *found["views"]] == [*ije.tables(views=True)]
    descriptor = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    hashes = {resource["path"]: resource["hash"] for resource in descriptor["resources"]}
    for table in ije.tables():
        about, schema = found["tables"][table], ije.schema(table)
        assert about["ids"] == [row[schema.key] for row in ije.load(table, as_="rows")]
        assert about["csv"] == hashes[f"data/{table}.csv"]
        assert about["parquet"] == hashes[f"data/{table}.parquet"]
        assert [*about["columns"]] == schema.names
    columns = found["tables"]["engagements"]["columns"]
    assert [*columns["kind"]["codes"]] == ije.schema("engagements")["kind"].enum
    assert columns["parent_id"]["refers_to"] == "engagements.engagement_id"
    assert found["tables"]["places"]["columns"]["latitude"]["minimum"] == -90


def test_the_latest_release_is_the_highest_version(tmp_path: Path) -> None:
    assert releases.last(str(tmp_path)) is None
    shutil.copytree(ROOT / "tests" / "small", tmp_path / "releases" / "1.0.0")  # a folder beside the manifests
    for version in ("1.9.0", "1.10.0"):
        (tmp_path / "releases" / f"{version}.json").write_text(json.dumps(OLD))
    found = releases.last(str(tmp_path))
    assert found is not None
    assert found["version"] == "1.10.0"
    (tmp_path / "releases" / "2.0.0.json").write_text('{"tables": []}')
    with pytest.raises(ValueError, match=r"2\.0\.0\.json' is not the manifest of a release"):
        releases.last(str(tmp_path))

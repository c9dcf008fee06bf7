"""The record itself: it is clean, whole, the same in every shape, and says a few things that are known to be true."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import ROOT

import india_japan_engagements as ije
from india_japan_engagements.tableschema import LEXICAL, Schema

ALL = ije.tables(views=True)
DESCRIPTOR = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))


def test_the_record_is_clean_by_our_rules_and_the_referees() -> None:
    assert ije.validate(ROOT, referee=True).text().endswith("no problems")


def test_frictionless_accepts_the_descriptor_by_itself() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(run.stdout)
    assert report["valid"], [task["errors"] for task in report["tasks"] if not task["valid"]]
    assert {task["name"] for task in report["tasks"]} == {*ALL} | {f"{name}-parquet" for name in ALL}


@pytest.mark.parametrize("table", ALL)
def test_parquet_holds_the_rows_of_the_csv(table: Any) -> None:
    parquet = pq.ParquetFile(ije.path(table)).read()
    facts = {"name": "india-japan-engagements", "version": ije.__version__, "license": "CC-BY-4.0"}
    assert parquet.schema.equals(ije.schema(table).to_arrow(facts), check_metadata=True)
    assert parquet.to_pylist() == ije.load(table, as_="rows")


@pytest.mark.parametrize("table", ALL)
def test_parquet_can_be_read_by_small_readers(table: Any) -> None:
    file = pq.ParquetFile(ije.path(table)).metadata
    columns = [file.row_group(g).column(c) for g in range(file.num_row_groups) for c in range(file.num_columns)]
    assert {column.compression for column in columns} <= {"SNAPPY"}
    assert not any(pa.types.is_nested(field.type) for field in pq.ParquetFile(ije.path(table)).schema_arrow)


def test_the_descriptor_tells_the_truth() -> None:
    assert DESCRIPTOR["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert DESCRIPTOR["version"] == ije.__version__
    for resource in DESCRIPTOR["resources"]:
        content = (ROOT / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest(), resource["name"]
        if resource["format"] == "csv":
            assert resource["bytes"] == len(content)
            assert resource["rows"] == len(ije.load(resource["name"], as_="rows"))
            assert (ROOT / resource["schema"]).is_file()


def test_the_citation_file_is_valid() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format", "CITATION.cff"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["version"] == ije.__version__


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").glob("*.json")), ids=lambda path: path.stem)
def test_every_column_and_code_is_explained(path: Path) -> None:
    schema = Schema.read(str(path))
    assert schema.name == path.stem
    for field in schema.fields:
        assert {"title", "description", "example"} <= {*field.spec}, field.name
        text = str(field.spec["example"]).lower() if field.type == "boolean" else str(field.spec["example"])
        if field.enum:
            assert text in field.enum, field.name
            categories = field.spec.get("categories", [])
            # A list that stands elsewhere is named, not repeated.
            assert [code["value"] for code in categories] == field.enum or "codes" in field.spec or _names_tables(field)
            for code in categories:
                assert all(code.get(part) for part in ("label", "definition", "example", "not")), code
        elif field.pattern:
            import re

            assert re.fullmatch(field.pattern, text), field.name
        elif field.type in LEXICAL:
            import re

            assert re.fullmatch(LEXICAL[field.type], text.replace(".0", "")), field.name
    assert path.read_text(encoding="utf-8") == json.dumps(schema.spec, ensure_ascii=False, indent=2) + "\n"


def _names_tables(field: Any) -> bool:
    return field.name == "table_name" and field.enum == sorted(ije.tables())


def test_shared_code_lists_are_the_same_everywhere() -> None:
    levels = ije.schema("offices")["level"].enum
    assert ije.schema("mechanisms")["level"].enum == levels
    assert ije.schema("coverage")["level"].enum == levels


def test_rows_are_sorted_by_id() -> None:
    for table in ije.tables():
        with open(ije.path(table, "csv"), encoding="utf-8", newline="") as file:
            ids = [row[0] for row in csv.reader(file)][1:]
        assert ids == sorted(ids), table


def one(table: Any, key: str) -> dict[str, Any]:
    (row,) = [row for row in ije.load(table, as_="rows") if row[ije.schema(table).key] == key]
    return row


@pytest.mark.parametrize(
    ("table", "key", "facts"),
    [
        (
            "timeline",
            "annual-summit-15-tokyo-2025",
            {"start_date": "2025-08-29", "place": "Tokyo", "ordinal": 15, "level": "head_of_government",
             "principals_ind": "Narendra Modi", "principals_jpn": "Shigeru Ishiba", "tier": "A"},
        ),
        (
            "timeline",
            "jaishankar-motegi-kuala-lumpur-2025",
            {"start_date": "2025-10-27", "setting": "sidelines", "place": "Kuala Lumpur", "ordinal": None,
             "level": "foreign_minister"},
        ),
        (
            "timeline",
            "modi-takaichi-call-2025",
            {"start_date": "2025-10-29", "format": "telephone", "duration_minutes": 25, "duration_basis": "about",
             "place": None},
        ),
        (
            "timeline",
            "modi-takaichi-johannesburg-2025",
            {"start_date": "2025-11-23", "host_event": "G20 Johannesburg Summit", "contradicted": True},
        ),
        ("timeline", "motegi-india-2026", {"start_date": "2026-01-15", "end_date": "2026-01-17", "kind": "visit"}),
        (
            "timeline",
            "motegi-calls-on-modi-2026",
            {"start_date": "2026-01-16", "kind": "call_on", "level": "foreign_minister",
             "parent_id": "motegi-india-2026"},
        ),
        (
            "timeline",
            "strategic-dialogue-18-delhi-2026",
            {"start_date": "2026-01-16", "ordinal": 18, "commitments": 8, "principals_ind": "S. Jaishankar",
             "principals_jpn": "Toshimitsu Motegi"},
        ),
        ("timeline", "jaishankar-motegi-one-on-one-2026", {"duration_minutes": 120, "duration_basis": "at_least"}),
        ("timeline", "motegi-delhi-metro-2026", {"start_date": "2026-01-17", "kind": "ceremony"}),
        (
            "encounters",
            "jaishankar-motegi-one-on-one-2026.s-jaishankar.toshimitsu-motegi",
            {"occasion_id": "motegi-india-2026", "level": "foreign_minister", "presence": "in_person"},
        ),
        (
            "encounters",
            "modi-takaichi-johannesburg-2025.narendra-modi.sanae-takaichi",
            {"nth": 1, "person_ind": "Narendra Modi", "office_jpn": "Prime Minister of Japan", "country": "ZAF"},
        ),
        (
            "commitment_tracker",
            "investment-jpy-10-trillion-2025",
            {"amount": 10_000_000_000_000.0, "currency": "JPY", "amount_scope": "private", "basis": "target",
             "converted_amount": 68_000_000_000.0, "converted_currency": "USD", "status": "reaffirmed"},
        ),
        (
            "commitment_tracker",
            "invite-500-ai-professionals-2030",
            {"debtor": "JPN", "quantity": 500.0, "unit": "people", "deadline": "2030", "status": "reaffirmed"},
        ),
        ("commitment_tracker", "establish-ai-strategic-dialogue", {"status": "delivered", "status_on": "2026-04"}),
        (
            "commitment_tracker",
            "convene-economic-security-dialogue-2",
            {"status": "no_evidence", "deadline": "2026-06"},
        ),
        ("mechanisms", "special-strategic-and-global-partnership", {"established_on": "2014", "status": "active"}),
        ("mechanisms", "strategic-and-global-partnership", {"established_on": "2006", "status": "renamed"}),
        ("mechanisms", "global-partnership", {"established_on": "2000", "status": "renamed"}),
        (
            "tenures",
            "toshimitsu-motegi.foreign-minister-japan.2019",
            {"start_date": "2019-09-11", "end_date": "2021-11-04"},
        ),
    ],
)  # fmt: skip
def test_what_is_known_stands(table: Any, key: str, facts: dict[str, Any]) -> None:
    row = one(table, key)
    assert {column: row[column] for column in facts} == facts


def test_the_record_does_not_shrink() -> None:
    floors = {"engagements": 21, "participations": 40, "agenda": 130, "commitments": 9, "evidence": 750, "topics": 165}
    counts = {table: len(ije.load(table, as_="rows")) for table in floors}
    assert {table: counts[table] for table in floors if counts[table] < floors[table]} == {}


def test_topics_are_a_tree_of_three_levels() -> None:
    parents = {row["topic_id"]: row["parent_id"] for row in ije.load("topics", as_="rows")}
    for topic in parents:
        depth, here = 1, parents[topic]
        while here:
            depth, here = depth + 1, parents[here]
        assert depth <= 3, topic


def test_both_sides_of_a_contradiction_are_kept() -> None:
    scope = {
        (row["source_id"], row["stance"], row["stated_value"])
        for row in ije.load("evidence", as_="rows")
        if row["row_id"] == "investment-jpy-10-trillion-2025" and row["field"] == "amount_scope"
    }
    assert scope == {
        ("ani-joint-vision-2025", "supports", "private"),
        ("jetro-annual-summit-2025", "supports", "private"),
        ("mgmm-modi-takaichi-2025", "contradicts", "both"),
    }

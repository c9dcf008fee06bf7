"""The page that says what the record holds and what was searched."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import build
import standing

SUMMIT: dict[str, Any] = {"engagement_id": "s", "mechanism_id": "summit", "status": "held", "start_date": "2019-01-07"}
ROWS: standing.Rows = {
    "engagements": [
        SUMMIT | {"engagement_id": "summit-2", "ordinal": 2, "start_date": "2014-09"},
        SUMMIT | {"engagement_id": "summit-6", "ordinal": 6},
        SUMMIT | {"engagement_id": "summit-7", "ordinal": 7},
        SUMMIT | {"engagement_id": "summit-9", "ordinal": 9, "status": "planned", "start_date": "2027"},
        SUMMIT | {"engagement_id": "talks", "mechanism_id": "network", "ordinal": 4},
    ],
    "mechanisms": [
        {"mechanism_id": "summit", "name_en": "Annual Summit", "first_ordinal": 1},
        {"mechanism_id": "network", "name_en": "City Network", "first_ordinal": None},
        {"mechanism_id": "quad", "name_en": "Quad", "first_ordinal": 1},
    ],
    "waivers": [{"code": "W401", "row_id": "summit-6", "reason": "Nobody reported them."}],
    "coverage": [
        {"coverage_id": "a", "period_start": "2014", "period_end": "2019", "mechanism_id": "quad", "level": None,
         "query": "Quad | 2015", "result": "none_found", "note": None},
    ],
    "agenda": [{}], "commitments": [{}, {}], "sources": [{}] * 1200,
    "agreements": [
        {"instrument": "joint_statement", "signed_on": "2014-09"}, {"instrument": "treaty", "signed_on": None},
        {"instrument": "joint_statement", "signed_on": "2025-08-29"},
    ],
    "commitment_tracker": [
        {"commitment_id": "build", "made_on": "2015-12-12", "deadline": "2023", "status": "delayed", "debtor": "JPN",
         "action": "finance", "topic_id": "hsr", "updates": 2},
        {"commitment_id": "meet", "made_on": "2026-01", "deadline": "2026-11", "status": "made", "debtor": "both",
         "action": "convene", "topic_id": "quad", "updates": 0},
    ],
    "commitment_updates": [
        {"commitment_update_id": f"build.{year}", "commitment_id": "build"} for year in (2022, 2024)
    ],
    "topics": [
        {"topic_id": "hsr", "parent_id": "rail", "label_en": "High-speed rail"},
        {"topic_id": "rail", "parent_id": None, "label_en": "Railways"},
        {"topic_id": "quad", "parent_id": None, "label_en": "Quad"},
    ],
    "evidence": [
        {"table_name": "commitments", "row_id": "build", "source_id": "mofa", "stance": "supports"},
        {"table_name": "commitment_updates", "row_id": "build.2022", "source_id": "mofa", "stance": "supports"},
        {"table_name": "commitment_updates", "row_id": "build.2022", "source_id": "blog", "stance": "contradicts"},
        {"table_name": "commitment_updates", "row_id": "build.2024", "source_id": "pib", "stance": "implies"},
    ],
    "coverage_matrix": [
        {"year": 2014, "level": "head_of_government", "kind": "dialogue", "held": 1, "official": 1, "independent": 0,
         "contradicted": 0},
        {"year": 2019, "level": "head_of_government", "kind": "dialogue", "held": 2, "official": 1, "independent": 1,
         "contradicted": 1},
        {"year": 2019, "level": None, "kind": "talks", "held": 1, "official": 0, "independent": 0, "contradicted": 0},
    ],
}  # fmt: skip


def test_figures() -> None:
    assert standing.figures(ROWS) == (
        "5 engagements from 2014 to 2019, 1 agenda items, 3 agreements and 2 commitments, from 1,200 pages"
    )


def test_coverage() -> None:
    page = standing.coverage(
        ROWS, ["head_of_state", "head_of_government"], ["visit", "dialogue", "talks"], date(2026, 11, 23)
    ).decode()
    tables = [line for line in page.splitlines() if line.startswith("|") and not line.startswith("| ---")]
    assert tables == [
        "| decade | held | official | independent | contradicted | official, % | independent, % |",
        "| 2010s | 4 | 2 | 1 | 1 | 50 | 25 |",
        "| all | 4 | 2 | 1 | 1 | 50 | 25 |",
        "| level | held | official | independent | contradicted | official, % | independent, % |",
        "| head of government | 3 | 2 | 1 | 1 | 67 | 33 |",
        "| none | 1 | · | · | · | 0 | 0 |",
        "| all | 4 | 2 | 1 | 1 | 50 | 25 |",
        "| year | dialogue | talks | all |",
        "| 2014 | 1 | · | 1 |",
        "| 2019 | 2 | 1 | 3 |",
        "| year | head of government | none | all |",
        "| 2014 | 1 | · | 1 |",
        "| 2019 | 2 | 1 | 3 |",
        "| instrument | 2010s | 2020s | undated | all |",
        "| joint statement | 1 | 1 | · | 2 |",
        "| treaty | · | · | 1 | 1 |",
        "| all | 1 | 1 | 1 | 3 |",
        "| status | 2010s | 2020s | all |",
        "| delayed | 1 | · | 1 |",
        "| made | · | 1 | 1 |",
        "| all | 1 | 1 | 2 |",
        "| debtor | 2010s | 2020s | all |",
        "| JPN | 1 | · | 1 |",
        "| both | · | 1 | 1 |",
        "| all | 1 | 1 | 2 |",
        "| action | 2010s | 2020s | all |",
        "| convene | · | 1 | 1 |",
        "| finance | 1 | · | 1 |",
        "| all | 1 | 1 | 2 |",
        "| topic | 2010s | 2020s | all |",
        "| Quad | · | 1 | 1 |",
        "| Railways | 1 | · | 1 |",
        "| all | 1 | 1 | 2 |",
        "| series | in the record | missing | why |",
        "| Annual Summit | 2, 6–7 | 1, 3–5 | Nobody reported them. |",
        "| City Network | 4 | · | · |",
        "| period | of | query | result | note |",
        "| 2014 to 2019 | Quad | Quad / 2015 | none found | · |",
    ]


def test_how_far_promises_are_followed() -> None:
    page = standing.coverage(ROWS, [], [], date(2026, 11, 23)).decode()
    assert "1 of 2 are past their deadline, and 1 of these\nhave an update that says what was found." in page
    assert "1 of 2 updates rest on another source\nthan the promise." in page


def test_a_readme_without_its_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("no marks", encoding="utf-8")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    with pytest.raises(ValueError, match=r"README.md: the marks <!-- figures --> and .* are not both there"):
        build.marked("README.md", "0 engagements")

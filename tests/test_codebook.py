"""The codebook: counted rightly, the same wherever it is shown, and every link in it leads somewhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import ROOT

import india_japan_engagements as ije
from india_japan_engagements.cli import ije as command
from india_japan_engagements.codebook import limits, share


def codebook(table: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CliRunner().invoke(command, ["codebook", table, "--json"]).output)
    return found


def columns(table: str) -> dict[str, dict[str, Any]]:
    return {column["column"]: column for column in codebook(table)["columns"]}


@pytest.mark.usefixtures("record")
def test_rows_and_empty_cells_are_counted_by_the_decade_of_the_engagement() -> None:
    assert codebook("participations")["rows"] == {"all": 40, "2010s": 4, "2020s": 36}
    assert columns("participations")["person_id"]["empty"] == {"all": 7, "2010s": 0, "2020s": 7}
    assert columns("engagements")["venue"]["empty"] == {"all": 19, "2010s": 2, "2020s": 17}
    assert codebook("timeline")["rows"] == codebook("engagements")["rows"] == {"all": 21, "2010s": 2, "2020s": 19}


@pytest.mark.usefixtures("record")
def test_a_row_without_an_engagement_is_of_no_decade_and_a_table_without_engagements_has_none() -> None:
    assert codebook("commitment_updates")["rows"] == {"all": 9, "2020s": 2, "undated": 7}
    assert columns("commitment_updates")["engagement_id"]["empty"] == {"all": 7, "2020s": 0, "undated": 7}
    assert codebook("tenures")["rows"] == {"all": 9}
    assert columns("tenures")["end_date"]["empty"] == {"all": 6}
    assert codebook("redirects")["rows"] == {"all": 0}


@pytest.mark.usefixtures("record")
def test_each_code_is_defined_and_counted() -> None:
    presence = columns("participations")["presence"]
    assert presence["codes"][0] == {
        "code": "in_person",
        "rows": 28,
        "label": "In person",
        "definition": "Was there.",
        "example": "A minister in the room",
        "not": "A minister shown on a screen.",
    }
    assert {code["code"]: code["rows"] for code in presence["codes"]} == {"in_person": 28, "remote": 2, "absent": 0}
    # The codes of a level are defined with offices; those that name tables, by the tables.
    level = {code["code"]: code for code in columns("coverage")["level"]["codes"]}
    assert level["head_of_state"]["definition"] == "President, Emperor."
    assert level["foreign_minister"]["rows"] == 1
    named = {code["code"]: (code["rows"], code["definition"]) for code in columns("evidence")["table_name"]["codes"]}
    assert named["names"] == (0, "One row is another name of a row.")
    assert named["agenda"][0] == 263
    assert [(code["code"], code["rows"]) for code in columns("timeline")["contradicted"]["codes"]] == [
        ("true", 3),
        ("false", 18),
    ]


@pytest.mark.usefixtures("record")
def test_a_column_says_what_it_may_hold_and_where_it_leads() -> None:
    found = columns("participations")
    assert found["person_id"] == {
        "column": "person_id",
        "title": "Person",
        "definition": "Who took part; empty where only the office or body is known.",
        "type": "string",
        "required": False,
        "unique": False,
        "pattern": None,
        "minimum": None,
        "maximum": None,
        "refers_to": "people.person_id",
        "referred_to_by": [],
        "example": "narendra-modi",
        "empty": {"all": 7, "2010s": 0, "2020s": 7},
        "codes": [],
    }
    assert found["side"]["pattern"] == "^[A-Z]{3}$"
    assert columns("places")["parent_id"]["refers_to"] == "places.place_id"
    assert columns("host_events")["host_event_id"]["referred_to_by"] == [
        "engagements.host_event_id",
        "timeline.host_event_id",
    ]
    assert limits(columns("engagements")["engagement_id"]) == "string, required, unique"
    assert limits(columns("engagements")["start_date"]) == "partial date"
    assert limits(columns("timeline")["latitude"]) == "number, at least -90, at most 90"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "0%"),
        (0, 9, "0%"),
        (1, 1000, "<1%"),
        (1, 100, "1%"),
        (1, 3, "33%"),
        (999, 1000, ">99%"),
        (7, 7, "100%"),
    ],
)
def test_a_share_is_none_or_all_only_where_it_is(part: int, whole: int, said: str) -> None:
    assert share(part, whole) == said


@pytest.mark.usefixtures("record")
def test_the_terminal_shows_the_same_numbers() -> None:
    shown = CliRunner().invoke(command, ["codebook", "participations"], env={"COLUMNS": "80"}).output
    assert shown.startswith(
        "participations\n"
        "One row is one participant in an engagement, once: a person, an office or body,\n"
        "or a person in an office.\n"
        "rows: 40 (2010s 4, 2020s 36)\n"
    )
    assert (
        "\nperson_id\n"
        "means      Who took part; empty where only the office or body is known.\n"
        "type       string\n"
        "refers to  people.person_id\n"
        "example    narendra-modi\n"
        "empty      18% (2010s 0%, 2020s 19%)\n\n"
    ) in shown
    assert "in_person  28× Was there.\n" in shown
    every = CliRunner().invoke(command, ["codebook"]).output
    assert shown.splitlines()[0] in every.splitlines()
    assert [book["table"] for book in json.loads(CliRunner().invoke(command, ["codebook", "--json"]).output)] == [
        *ije.tables(views=True)
    ]


def test_the_page_has_every_column_and_code_and_no_link_leads_nowhere() -> None:
    page = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    headings = re.findall("^#+ (.*)$", page, re.MULTILINE)
    expected = ["Codebook"]
    for table in ije.tables(views=True):
        expected += [table, *(f"{table}.{column}" for column in ije.schema(table).names)]
    assert headings == expected
    # As GitHub makes them: lower case, punctuation dropped.
    anchors = [re.sub(r"[^\w-]", "", heading.lower()) for heading in headings]
    assert len({*anchors}) == len(anchors)
    assert {*re.findall(r"\]\(#([^)]+)\)", page)} == {*anchors} - {"codebook"}
    assert not re.findall(r"\]\([^#]", page)


def test_the_page_shows_the_numbers_of_the_data() -> None:
    page = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    visits = sum(row["kind"] == "visit" for row in ije.load("engagements", as_="rows"))
    section = page.partition("\n### engagements.kind\n")[2].partition("\n### ")[0]
    assert f"\n| `visit` | {visits} | A journey by an office holder" in section
    assert "\n| [offices](#offices) | " in page

"""The derived tables, computed from a small package whose every row is known."""

from __future__ import annotations

import json
from typing import Any

import narwhals as nw
import pytest
from conftest import ROOT, Folder

from india_japan_engagements.validation import frames
from india_japan_engagements.views import VIEWS

JNB = "modi-takaichi-johannesburg-2025"
DIALOGUE = "strategic-dialogue-18-delhi-2026"


def view(folder: Folder, name: str) -> list[dict[str, Any]]:
    tables, schemas = frames(folder.path)
    lazy = {table: nw.from_native(frame.lazy()) for table, frame in tables.items()}
    return VIEWS[name](lazy, schemas).collect().to_dicts()


def met(folder: Folder, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in view(folder, "encounters")]


def again(folder: Folder, engagement: str, key: str, **cells: str) -> Folder:
    """Hold an engagement once more, with the same participants."""
    folder.copy("engagements", engagement, engagement_id=key, **cells)
    for row in folder.rows("participations"):
        if row["engagement_id"] == engagement:
            folder.copy(
                "participations", row["participation_id"],
                participation_id=row["participation_id"].replace(engagement, key), engagement_id=key,
            )  # fmt: skip
    return folder


def test_encounters_are_held_meetings_not_visits_or_plans(small: Folder) -> None:
    assert met(small, "encounter_id", "occasion_id", "level", "presence", "nth") == [
        (
            "economic-security-dialogue-1-tokyo-2024.vikram-misri.masataka-okano",
            "economic-security-dialogue-1-tokyo-2024", "vice_minister_secretary", "in_person", 1,
        ),
        (
            "modi-takaichi-call-2025.narendra-modi.sanae-takaichi",
            "modi-takaichi-call-2025", "head_of_government", "remote", None,
        ),
        (f"{JNB}.narendra-modi.sanae-takaichi", JNB, "head_of_government", "in_person", 1),
        (
            "motegi-calls-on-modi-2026.narendra-modi.toshimitsu-motegi",
            "motegi-india-2026", "foreign_minister", "in_person", 1,
        ),
        (f"{DIALOGUE}.s-jaishankar.toshimitsu-motegi", "motegi-india-2026", "foreign_minister", "in_person", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cells",
    [
        {"status": "cancelled", "ordinal": ""},
        {"status": "postponed"},
        {"kind": "message"},
        {"kind": "exercise"},
        {"kind": "announcement"},
        {"format": "written"},
    ],
    ids=lambda cells: next(iter(cells.values())),
)
def test_what_is_no_meeting_is_no_encounter(small: Folder, cells: dict[str, str]) -> None:
    small.set("engagements", JNB, **cells)
    assert [row for row in met(small, "engagement_id") if row == (JNB,)] == []


def test_only_principals_who_were_there_met(small: Folder) -> None:
    small.set("participations", f"{JNB}.narendra-modi", capacity="delegate")
    small.set("participations", f"{DIALOGUE}.s-jaishankar", presence="absent")
    assert met(small, "engagement_id") == [
        ("economic-security-dialogue-1-tokyo-2024",),
        ("modi-takaichi-call-2025",),
        ("motegi-calls-on-modi-2026",),
    ]


def test_two_and_two_principals_are_four_pairs_each_at_the_level_of_its_junior(small: Folder) -> None:
    for person, office, side in (
        ("narendra-modi", "prime-minister-india", "IND"),
        ("masataka-okano", "vice-minister-foreign-affairs-japan", "JPN"),
    ):
        small.add(
            "participations", participation_id=f"{DIALOGUE}.{person}", engagement_id=DIALOGUE, person_id=person,
            office_id=office, side=side, capacity="principal", presence="in_person",
        )  # fmt: skip
    pairs = [row for row in met(small, "engagement_id", "person_ind_id", "person_jpn", "level") if row[0] == DIALOGUE]
    assert pairs == [
        (DIALOGUE, "narendra-modi", "Masataka Okano", "vice_minister_secretary"),
        (DIALOGUE, "narendra-modi", "Toshimitsu Motegi", "foreign_minister"),
        (DIALOGUE, "s-jaishankar", "Masataka Okano", "vice_minister_secretary"),
        (DIALOGUE, "s-jaishankar", "Toshimitsu Motegi", "foreign_minister"),
    ]


def test_meetings_are_counted_by_occasion_and_in_person_only(small: Folder) -> None:
    again(small, DIALOGUE, "one-on-one", parent_id=DIALOGUE, kind="talks", start_time="13:30")
    again(small, DIALOGUE, "dinner", parent_id="", kind="talks", start_time="20:00")
    again(small, DIALOGUE, "call", parent_id="", kind="talks", format="telephone", place_id="", start_date="2026-02-01")
    for row in small.rows("participations"):
        if row["engagement_id"] == "call":
            small.set("participations", row["participation_id"], presence="")
    again(small, DIALOGUE, "before", parent_id="", kind="talks", start_date="2025-12", start_time="")
    pair = [row for row in met(small, "engagement_id", "presence", "nth", "person_ind_id") if row[3] == "s-jaishankar"]
    assert [row[:3] for row in pair] == [
        ("before", "in_person", 1),
        (DIALOGUE, "in_person", 2),
        ("one-on-one", "in_person", 2),
        ("dinner", "in_person", 3),
        ("call", "remote", None),
    ]


def test_an_office_without_a_person_meets_but_is_not_counted(small: Folder) -> None:
    small.set("participations", f"{JNB}.sanae-takaichi", person_id="")
    small.set("participations", f"{JNB}.narendra-modi", office_id="", presence="")
    row = next(row for row in view(small, "encounters") if row["engagement_id"] == JNB)
    assert row["encounter_id"] == f"{JNB}.narendra-modi.prime-minister-japan"
    shown = ("person_jpn_id", "office_jpn", "office_ind", "level", "presence", "nth", "country")
    assert [row[column] for column in shown] == [
        None, "Prime Minister of Japan", None, "head_of_government", "in_person", None, "ZAF",
    ]  # fmt: skip


def test_hybrid_says_nothing_of_who_was_there(small: Folder) -> None:
    small.set("engagements", JNB, format="hybrid")
    small.set("participations", f"{JNB}.sanae-takaichi", presence="")
    assert [row[1:] for row in met(small, "engagement_id", "presence", "nth") if row[0] == JNB] == [(None, None)]
    small.set("participations", f"{JNB}.sanae-takaichi", presence="remote")
    assert [row[1:] for row in met(small, "engagement_id", "presence", "nth") if row[0] == JNB] == [("remote", None)]


COUNTS = ("held", "planned", "postponed", "cancelled", "official", "independent", "contradicted", "searches")


def cells(folder: Folder) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in ("cell_id", *COUNTS)) for row in view(folder, "coverage_matrix")]


def test_the_matrix_counts_by_status_and_by_sources(small: Folder) -> None:
    assert cells(small) == [
        ("2024.vice_minister_secretary.dialogue", 1, 0, 0, 0, 0, 1, 0, 0),
        ("2025.head_of_government.talks", 2, 0, 0, 0, 1, 2, 0, 0),
        ("2026.foreign_minister.visit", 1, 0, 0, 0, 0, 1, 0, 0),
        ("2026.foreign_minister.dialogue", 1, 0, 0, 0, 0, 1, 0, 0),
        ("2026.foreign_minister.call_on", 1, 0, 0, 0, 1, 1, 0, 0),
        ("2026.vice_minister_secretary.dialogue", 0, 1, 0, 0, 0, 0, 0, 0),
    ]


def test_a_contradiction_counts_its_engagement_once_and_lends_no_voice(small: Folder) -> None:
    one = "motegi-india-2026.ani-motegi-new-delhi-2026"
    for key in ("one", "two"):
        small.copy("evidence", one, evidence_id=key, field="visit_rank", stance="contradicts", stated_value="official")
    small.set("evidence", "motegi-india-2026.japan-calling-motegi-new-delhi-2026", stance="contradicts")
    assert ("2026.foreign_minister.visit", 1, 0, 0, 0, 0, 0, 1, 0) in cells(small)


def test_what_was_not_held_counts_as_what_it_is_and_no_source_counts_for_it(small: Folder) -> None:
    small.set("engagements", JNB, status="cancelled").set("engagements", "modi-takaichi-call-2025", status="postponed")
    assert ("2025.head_of_government.talks", 0, 0, 1, 1, 0, 0, 0, 0) in cells(small)


def test_a_plan_without_a_date_belongs_to_no_year(small: Folder) -> None:
    small.set("engagements", "economic-security-dialogue-2", start_date="", end_date="")
    assert [row[0] for row in cells(small) if row[2]] == []


def test_copies_of_one_wire_are_one_voice(small: Folder) -> None:
    bearing = {
        row["source_id"] for row in small.rows("evidence")
        if row["table_name"] == "engagements" and row["row_id"] == JNB
    }  # fmt: skip
    assert len(bearing) > 2
    for source in bearing:
        small.set("sources", source, author="ANI")
    assert ("2025.head_of_government.talks", 2, 0, 0, 0, 1, 1, 0, 0) in cells(small)


def test_only_searches_of_the_whole_year_and_level_count(small: Folder) -> None:
    asked = {"repository": "An archive", "query": "India", "result": "none_found", "checked_on": "2026-11-22"}
    for key, cut in {
        "all": {"period_start": "2024", "period_end": "2026"},
        "level": {"period_start": "2025-01", "period_end": "2025-12-31", "level": "head_of_government"},
        "late": {"period_start": "2025-01-02", "period_end": "2025-12-31"},
        "series": {"period_start": "2025", "period_end": "2025", "mechanism_id": "quad"},
    }.items():
        small.add("coverage", coverage_id=key, **asked, **cut)
    small.set("engagements", "motegi-calls-on-modi-2026", start_date="2023")
    assert {row[0]: row[-1] for row in cells(small)} == {
        "2023.foreign_minister.call_on": 0,
        "2024.vice_minister_secretary.dialogue": 1,
        "2025.head_of_government.talks": 2,
        "2026.foreign_minister.visit": 1,
        "2026.foreign_minister.dialogue": 1,
        "2026.vice_minister_secretary.dialogue": 1,
    }


def test_a_search_of_every_level_counts_where_no_principal_has_one(small: Folder) -> None:
    asked = {"repository": "An archive", "query": "India", "result": "none_found", "checked_on": "2026-11-22"}
    small.add("coverage", coverage_id="all", period_start="2025", period_end="2025", **asked)
    for name in ("narendra-modi", "sanae-takaichi"):
        small.set("participations", f"{JNB}.{name}", office_id="")
    assert ("2025.none.talks", 1, 0, 0, 0, 1, 1, 0, 1) in cells(small)


def test_a_column_carried_over_in_other_words_keeps_codes_and_reference() -> None:
    schema = json.loads((ROOT / "schemas" / "views" / "encounters.json").read_text(encoding="utf-8"))
    fields = {field["name"]: field for field in schema["fields"]}
    assert fields["person_jpn_id"]["title"] == "Japanese person"
    assert "unique" not in fields["person_jpn_id"]["constraints"]
    assert {"fields": ["person_jpn_id"], "reference": {"resource": "people", "fields": ["person_id"]}} in schema[
        "foreignKeys"
    ]
    assert fields["level"]["constraints"]["enum"][0] == "head_of_state"
    assert fields["level"]["description"].startswith("Of the offices of these two")


def signed(small: Folder, key: str, parent: str = "", **cells: str) -> None:
    small.add(
        "agreements", agreement_id=key, title_en=key, parent_id=parent,
        **{"instrument": "loan_agreement", "binding": "yes", "currency": "JPY", "signed_on": "2025-03-27"} | cells,
    )  # fmt: skip


def sums(folder: Folder) -> list[tuple[Any, ...]]:
    columns = ("agreement_id", "umbrella_id", "amount", "fiscal_year")
    return [tuple(row[column] for column in columns) for row in view(folder, "loans_and_grants")]


def test_a_sum_and_its_parts_are_not_added(small: Folder) -> None:
    signed(small, "notes", amount="300", instrument="exchange_of_notes")
    signed(small, "notes-metro", "notes", amount="200", instrument="exchange_of_notes")
    signed(small, "loan-metro", "notes-metro", amount="200", signed_on="2025-04-01")
    signed(small, "loan-water", "notes", amount="100", signed_on="2025")
    signed(small, "notes-grant", amount="7", instrument="exchange_of_notes", currency="USD")
    assert sums(small) == [
        ("loan-water", "notes", 100, None),
        ("notes-grant", "notes-grant", 7, 2024),
        ("loan-metro", "notes", 200, 2025),
    ]


def test_a_part_without_a_sum_leaves_the_whole_its_own(small: Folder) -> None:
    signed(small, "notes", amount="300", instrument="exchange_of_notes")
    signed(small, "loan", "notes", currency="")
    assert sums(small) == [("notes", "notes", 300, 2024)]


def test_what_is_not_paid_out_is_not_added(small: Folder) -> None:
    signed(small, "swap", amount="75", instrument="agreement")
    assert sums(small) == []


def test_instruments_that_are_parts_of_each_other_end_the_chain(small: Folder) -> None:
    signed(small, "one", "two", amount="1")
    signed(small, "two", "one", amount="1")
    assert sums(small) == []

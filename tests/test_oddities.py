"""Rows that look wrong and are right: no rule speaks of them, and the rules still speak of what is wrong beside them.

The folder ``oddities`` holds ``small`` and made-up rows on it. Every oddity is named here with the cells that make it
one, so that none can be lost unnoticed.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Folder

import india_japan_engagements as ije

HERE = Path(__file__).parent / "oddities"


@pytest.fixture
def odd(tmp_path: Path) -> Folder:
    shutil.copytree(HERE, tmp_path / "data")
    return Folder(tmp_path)


def test_no_rule_speaks_of_them_nor_does_the_referee() -> None:
    assert ije.validate(HERE, referee=True).text().endswith("no problems")


Cells = dict[str, str]

THERE: dict[str, dict[tuple[str, str], Cells]] = {
    "two spells of one person in one office, with a meeting in each": {
        ("tenures", "toshimitsu-motegi.foreign-minister-japan.2019"): {
            "start_date": "2019-09-11", "end_date": "2021-11-04",
        },
        ("tenures", "toshimitsu-motegi.foreign-minister-japan.2025"): {"start_date": "2025-10-21", "ongoing": "true"},
        ("engagements", "strategic-dialogue-12-delhi-2019"): {"start_date": "2019-11-30", "status": "held"},
        ("participations", "strategic-dialogue-12-delhi-2019.toshimitsu-motegi"): {
            "office_id": "foreign-minister-japan",
        },
        ("engagements", "strategic-dialogue-18-delhi-2026"): {"start_date": "2026-01-16", "status": "held"},
    },
    "a call before midnight in one capital and after it in the other": {
        ("engagements", "modi-takaichi-call-2026-03"): {
            "format": "telephone", "start_date": "2026-03-06", "start_time": "03:00", "timezone": "Asia/Tokyo",
        },
        ("evidence", "modi-takaichi-call-2026-03.start_date.fixture-times"): {
            "stance": "contradicts", "stated_value": "2026-03-05",
        },
    },
    "two calls of the same two on one day": {
        ("engagements", "modi-takaichi-call-2026-03"): {"start_date": "2026-03-06", "start_time": "03:00"},
        ("engagements", "modi-takaichi-second-call-2026-03"): {"start_date": "2026-03-06", "start_time": "18:00"},
    },
    "a trip to two countries on one day, waived": {
        ("engagements", "jaishankar-motegi-singapore-2026"): {"start_date": "2026-05-29", "place_id": "singapore"},
        ("engagements", "jaishankar-motegi-kuala-lumpur-2026"): {
            "start_date": "2026-05-29", "place_id": "kuala-lumpur",
        },
        ("waivers", "w701.jaishankar-motegi-singapore-2026"): {"code": "W701"},
    },
    "ministers and officials with a first 2+2 each, a series of one name": {
        ("names", "two-plus-two-ministers.2-plus-2"): {"name": "2+2", "row_id": "two-plus-two-ministers", "script": ""},
        ("names", "two-plus-two-officials.2-plus-2"): {"name": "2+2", "row_id": "two-plus-two-officials"},
        ("engagements", "two-plus-two-ministers-1"): {"mechanism_id": "two-plus-two-ministers", "ordinal": "1"},
        ("engagements", "two-plus-two-officials-1"): {"mechanism_id": "two-plus-two-officials", "ordinal": "1"},
    },
    "two ministers of each side who call together": {
        ("engagements", "two-plus-two-call-2026"): {"format": "telephone", "setting": "bilateral"},
        ("participations", "two-plus-two-call-2026.s-jaishankar"): {"capacity": "principal", "side": "IND"},
        ("participations", "two-plus-two-call-2026.rajnath-singh"): {"capacity": "principal", "side": "IND"},
        ("participations", "two-plus-two-call-2026.toshimitsu-motegi"): {"capacity": "principal", "side": "JPN"},
        ("participations", "two-plus-two-call-2026.shinjiro-koizumi"): {"capacity": "principal", "side": "JPN"},
    },
    "a session without a number in a series that has numbers": {
        ("engagements", "strategic-dialogue-video-2021"): {
            "mechanism_id": "foreign-ministers-strategic-dialogue", "ordinal": "", "start_date": "2021-05",
        },
    },
    "a cancelled visit with the summit it was for, and its calling-off": {
        ("engagements", "takaichi-india-2026"): {"status": "cancelled", "start_date": "2026-08-20"},
        ("engagements", "annual-summit-called-off-2026"): {
            "status": "cancelled", "parent_id": "takaichi-india-2026", "ordinal": "",
        },
        ("engagements", "takaichi-india-2026-called-off"): {"kind": "announcement", "status": "held"},
    },
    "a visit called off because who was to come fell from office": {
        ("engagements", "ishiba-india-2025"): {"status": "cancelled", "start_date": "2025-12-01"},
        ("participations", "ishiba-india-2025.shigeru-ishiba"): {"office_id": "prime-minister-japan"},
        ("tenures", "shigeru-ishiba.prime-minister-japan.2024"): {"end_date": "2025-10-21"},
    },
    "a meeting put off because who was to come died": {
        ("engagements", "hiroko-abe-delhi-2026"): {"status": "postponed", "start_date": "2026-05-10"},
        ("people", "hiroko-abe"): {"died_on": "2026-04-30"},
        ("participations", "hiroko-abe-delhi-2026.hiroko-abe"): {"person_id": "hiroko-abe"},
    },
    "a postponed summit whose number goes to the one that was held": {
        ("engagements", "annual-summit-16-put-off"): {"status": "postponed", "ordinal": "16"},
        ("engagements", "annual-summit-16-2026"): {"status": "held", "ordinal": "16", "start_date": "2026-10-05"},
    },
    "a planned session without a date": {
        ("engagements", "annual-summit-17"): {"status": "planned", "start_date": "", "ordinal": "17"},
    },
    "a participant known only by office": {
        ("participations", "ambassador-calls-on-motegi-2026.ambassador-india-japan"): {
            "person_id": "", "office_id": "ambassador-india-japan", "capacity": "principal",
        },
    },
    "at home on the last day of a visit abroad": {
        ("engagements", "motegi-india-2026"): {"end_date": "2026-01-17", "place_id": "delhi"},
        ("engagements", "ambassador-calls-on-motegi-2026"): {"start_date": "2026-01-17", "place_id": "tokyo"},
        ("participations", "ambassador-calls-on-motegi-2026.toshimitsu-motegi"): {"presence": "in_person"},
    },
    "a bilateral meeting in a third country, around no event": {
        ("engagements", "jaishankar-motegi-singapore-2026"): {"setting": "bilateral", "host_event_id": ""},
        ("places", "singapore"): {"country": "SGP", "parent_id": "singapore-state"},
    },
    "both holders of an office on the day of handover": {
        ("tenures", "vinay-kwatra.foreign-secretary-india.2022"): {"end_date": "2024-07-15"},
        ("tenures", "vikram-misri.foreign-secretary-india.2024"): {"start_date": "2024-07-15"},
        ("offices", "foreign-secretary-india"): {"singular": "true"},
        ("engagements", "foreign-secretaries-handover-2024"): {"start_date": "2024-07-15"},
        ("participations", "foreign-secretaries-handover-2024.vinay-kwatra"): {"office_id": "foreign-secretary-india"},
        ("participations", "foreign-secretaries-handover-2024.vikram-misri"): {"office_id": "foreign-secretary-india"},
    },
    "who is elected and not yet in office": {
        ("engagements", "modi-takaichi-elect-call-2025"): {"start_date": "2025-10-05"},
        ("tenures", "sanae-takaichi.prime-minister-japan.2025"): {"start_date": "2025-10-21"},
        ("participations", "modi-takaichi-elect-call-2025.sanae-takaichi"): {"office_id": "", "capacity": "principal"},
    },
    "two prime ministers in the month of the handover": {
        ("engagements", "modi-ishiba-call-2025-10"): {"start_date": "2025-10"},
        ("engagements", "modi-takaichi-video-2025-10"): {"start_date": "2025-10"},
        ("participations", "modi-ishiba-call-2025-10.shigeru-ishiba"): {"office_id": "prime-minister-japan"},
        ("participations", "modi-takaichi-video-2025-10.sanae-takaichi"): {"office_id": "prime-minister-japan"},
    },
    "an acting minister while the minister is in office": {
        ("tenures", "minoru-kihara.foreign-minister-japan.2026"): {"start_date": "2026-03-10", "acting": "true"},
        ("tenures", "toshimitsu-motegi.foreign-minister-japan.2025"): {"ongoing": "true"},
        ("engagements", "jaishankar-kihara-call-2026"): {"start_date": "2026-03-12"},
    },
    "the same two on one day in two cities of one visit, at no known hour": {
        ("engagements", "jaishankar-motegi-kyoto-2026"): {
            "start_date": "2026-09-02", "start_time": "", "parent_id": "jaishankar-japan-2026", "place_id": "kyoto",
        },
        ("engagements", "jaishankar-motegi-tokyo-2026"): {
            "start_date": "2026-09-02", "start_time": "", "parent_id": "jaishankar-japan-2026", "place_id": "tokyo",
        },
    },
    "two ceremonies of one visit, day and place, of which a source gives the order": {
        ("engagements", "jaishankar-japan-2026-welcome"): {
            "start_date": "2026-09-01", "start_time": "", "place_id": "tokyo", "sequence": "1",
        },
        ("engagements", "jaishankar-japan-2026-tree"): {
            "start_date": "2026-09-01", "start_time": "", "place_id": "tokyo", "sequence": "2",
        },
    },
    "a message to an office": {
        ("engagements", "modi-condoles-2026"): {"kind": "message", "format": "written"},
        ("participations", "modi-condoles-2026.prime-minister-japan"): {"person_id": "", "capacity": "addressee"},
    },
    "a hybrid meeting at a place, with some who were not there": {
        ("engagements", "officials-hybrid-2026"): {"format": "hybrid", "place_id": "delhi"},
        ("participations", "officials-hybrid-2026.vikram-misri"): {"presence": "in_person"},
        ("participations", "officials-hybrid-2026.vice-minister-foreign-affairs-japan"): {"presence": "remote"},
    },
    "one name of two cities in two countries, waived": {
        ("places", "hyderabad"): {"name_en": "Hyderabad", "country": "IND"},
        ("places", "hyderabad-pakistan"): {"name_en": "Hyderabad", "country": "PAK"},
        ("waivers", "w1203.hyderabad-pakistan"): {"code": "W1203"},
    },
    "one name of two people, waived, one of whom died in the month they met": {
        ("people", "maya-sen"): {"name_en": "Maya Sen", "country": "IND"},
        ("people", "maya-sen-japan"): {"name_en": "Maya Sen", "country": "JPN", "died_on": "2026-03"},
        ("waivers", "w1203.maya-sen-japan"): {"code": "W1203"},
        ("engagements", "maya-sen-maya-sen-2026"): {"start_date": "2026-03-02"},
    },
    "a third state at a meeting of more than two": {
        ("engagements", "quad-ministers-2026"): {"setting": "plurilateral", "start_date": "2026-10"},
        ("participations", "quad-ministers-2026.marco-rubio"): {"side": "USA", "capacity": "principal"},
    },
    "Latin letters within Japanese": {
        ("engagements", "quad-ministers-2026"): {"title_ja": "QUAD外相会合はASEANとG20の前"},
    },
    "parts that add up to a rounded whole": {
        ("agreements", "notes-lines-2026"): {"amount": "300000000000"},
        ("agreements", "loan-line-1-2026"): {"amount": "199600000000", "parent_id": "notes-lines-2026"},
        ("agreements", "loan-line-2-2026"): {"amount": "100000000000", "parent_id": "notes-lines-2026"},
    },
    "two loans of one sum in one half-year, each under notes of its own": {
        ("agreements", "loan-metro-2026"): {"amount": "89000000000", "parent_id": "notes-metro-2026"},
        ("agreements", "loan-port-2026"): {"amount": "89000000000", "parent_id": "notes-port-2026"},
        ("agreements", "notes-metro-2026"): {"amount": "89000000000", "signed_on": "2026-03-30"},
        ("agreements", "notes-port-2026"): {"amount": "89000000000", "signed_on": "2026-04-10"},
    },
    "in force on a day of the year of which nothing else is known": {
        ("agreements", "trial-agreement-2011"): {
            "signed_on": "2011", "in_force_on": "2011-08-01", "ended_on": "2011",
        },
    },
    "half a unit, due in the year of the promise": {
        ("commitments", "support-satellites-2026"): {"quantity": "2.5", "unit": "hours a day", "deadline": "2026"},
        ("engagements", "annual-summit-16-2026"): {"start_date": "2026-10-05"},
    },
}  # fmt: skip


@pytest.mark.parametrize("oddity", THERE.values(), ids=THERE)
def test_the_oddity_is_there(oddity: dict[tuple[str, str], Cells]) -> None:
    for (table, row_id), cells in oddity.items():
        with open(HERE / f"{table}.csv", encoding="utf-8", newline="") as file:
            (row,) = [row for row in csv.DictReader(file) if row[ije.schema(table).key] == row_id]
        assert {column: row[column] for column in cells} == cells, row_id


WRONG: list[tuple[str, Callable[[Folder], object], list[str]]] = [
    (
        "a meeting between two spells",
        lambda f: f.set("engagements", "strategic-dialogue-12-delhi-2019", start_date="2022-11-30"),
        ["strategic-dialogue-12-delhi-2019.toshimitsu-motegi E301"],
    ),
    (
        "a source that supports the other day of the call",
        lambda f: f.set("evidence", "modi-takaichi-call-2026-03.start_date.fixture-times", stance="supports"),
        ["modi-takaichi-call-2026-03.start_date.fixture-times E806"],
    ),
    (
        "two calls at one hour",
        lambda f: f.set("engagements", "modi-takaichi-second-call-2026-03", start_time="03:00"),
        ["modi-takaichi-second-call-2026-03 W1201"],
    ),
    (
        "two countries on one day without a waiver",
        lambda f: f.drop("waivers", "w701.jaishankar-motegi-singapore-2026"),
        ["jaishankar-motegi-singapore-2026 W701"],
    ),
    (
        "two countries at one hour",
        lambda f: f.set("engagements", "jaishankar-motegi-kuala-lumpur-2026", start_time="09:00"),
        ["jaishankar-motegi-singapore-2026 E706", "jaishankar-motegi-singapore-2026 W1201"],
    ),
    (
        "two first sessions of one series",
        lambda f: f.set("engagements", "two-plus-two-officials-1", mechanism_id="two-plus-two-ministers"),
        ["two-plus-two-officials-1 E401", "two-plus-two-officials-1 E402", "two-plus-two-officials-1 W403"],
    ),
    (
        "a name that is only digits, said to be Latin",
        lambda f: f.set("names", "two-plus-two-officials.2-plus-2", script="Latn"),
        ["two-plus-two-officials.2-plus-2 E1307"],
    ),
    (
        "a number out of order",
        lambda f: f.set("engagements", "strategic-dialogue-video-2021", ordinal="11"),
        ["strategic-dialogue-12-delhi-2019 E402"],
    ),
    (
        "a number for what was cancelled",
        lambda f: f.set("engagements", "annual-summit-called-off-2026", ordinal="16"),
        ["annual-summit-called-off-2026 E403"],
    ),
    (
        "a visit by who had fallen from office",
        lambda f: f.set("engagements", "ishiba-india-2025", status="held"),
        ["ishiba-india-2025.shigeru-ishiba E301"],
    ),
    (
        "a meeting with who had died",
        lambda f: f.set("engagements", "hiroko-abe-delhi-2026", status="held"),
        ["hiroko-abe-delhi-2026.hiroko-abe E304"],
    ),
    (
        "one number for two summits that were held",
        lambda f: f.set("engagements", "annual-summit-16-put-off", status="held"),
        ["annual-summit-16-put-off E401", "annual-summit-16-put-off E402"],
    ),
    (
        "held on no day",
        lambda f: f.set("engagements", "annual-summit-17", status="held"),
        ["annual-summit-17 E106"],
    ),
    (
        "a participant of neither name nor office",
        lambda f: f.set("participations", "ambassador-calls-on-motegi-2026.ambassador-india-japan", office_id=""),
        ["ambassador-calls-on-motegi-2026.ambassador-india-japan E305"],
    ),
    (
        "at home in the midst of a visit abroad",
        lambda f: f.set("engagements", "ambassador-calls-on-motegi-2026", start_date="2026-01-16"),
        [
            "ambassador-calls-on-motegi-2026 W701", "motegi-calls-on-modi-2026 W701",
            "strategic-dialogue-18-delhi-2026 W701",
        ],
    ),
    (
        "the old holder a day after the handover",
        lambda f: f.set("engagements", "foreign-secretaries-handover-2024", start_date="2024-07-16"),
        ["foreign-secretaries-handover-2024.vinay-kwatra E301"],
    ),
    (
        "two holders for a day more than the handover",
        lambda f: f.set("tenures", "vinay-kwatra.foreign-secretary-india.2022", end_date="2024-07-16"),
        ["vikram-misri.foreign-secretary-india.2024 E303"],
    ),
    (
        "in office when only elected",
        lambda f: f.set(
            "participations", "modi-takaichi-elect-call-2025.sanae-takaichi", office_id="prime-minister-japan"
        ),
        ["modi-takaichi-elect-call-2025.sanae-takaichi E301"],
    ),
    (
        "the old prime minister in the month after the handover",
        lambda f: f.set("engagements", "modi-ishiba-call-2025-10", start_date="2025-11"),
        ["modi-ishiba-call-2025-10.shigeru-ishiba E301"],
    ),
    (
        "a second minister who does not act",
        lambda f: f.set("tenures", "minoru-kihara.foreign-minister-japan.2026", acting=""),
        ["minoru-kihara.foreign-minister-japan.2026 E303"],
    ),
    (
        "the same two twice in one city",
        lambda f: f.set("engagements", "jaishankar-motegi-tokyo-2026", place_id="kyoto"),
        ["jaishankar-motegi-tokyo-2026 W1201"],
    ),
    (
        "two ceremonies in no order",
        lambda f: f.set("engagements", "jaishankar-japan-2026-tree", sequence=""),
        ["jaishankar-japan-2026-welcome W1201"],
    ),
    (
        "a message to nobody",
        lambda f: f.set("participations", "modi-condoles-2026.prime-minister-japan", capacity="witness"),
        ["modi-condoles-2026 E603"],
    ),
    (
        "remote at a meeting that was not hybrid",
        lambda f: f.set("engagements", "officials-hybrid-2026", format="in_person"),
        [
            "officials-hybrid-2026.defence-secretary-india E208",
            "officials-hybrid-2026.vice-minister-foreign-affairs-japan E208",
        ],
    ),
    (
        "one name of two cities without a waiver",
        lambda f: f.drop("waivers", "w1203.hyderabad-pakistan"),
        ["hyderabad-pakistan W1203"],
    ),
    (
        "one name of two people without a waiver",
        lambda f: f.drop("waivers", "w1203.maya-sen-japan"),
        ["maya-sen-japan W1203"],
    ),
    (
        "died the month before",
        lambda f: f.set("people", "maya-sen-japan", died_on="2026-02"),
        ["maya-sen-maya-sen-2026.maya-sen-japan E304"],
    ),
    (
        "a third state at a bilateral meeting",
        lambda f: f.set("engagements", "quad-ministers-2026", setting="bilateral"),
        ["quad-ministers-2026 W602"],
    ),
    (
        "only Latin letters for Japanese",
        lambda f: f.set("engagements", "quad-ministers-2026", title_ja="QUAD"),
        ["quad-ministers-2026 E1301"],
    ),
    (
        "parts that no rounding makes the whole",
        lambda f: f.set("agreements", "loan-line-1-2026", amount="190000000000"),
        ["notes-lines-2026 W901"],
    ),
    (
        "a loan beside notes over its sum",
        lambda f: f.set("agreements", "loan-port-2026", parent_id=""),
        ["loan-port-2026 W902"],
    ),
    (
        "in force after the year it ended",
        lambda f: f.set("agreements", "trial-agreement-2011", in_force_on="2012-01-01"),
        ["trial-agreement-2011 E1101"],
    ),
    (
        "due in the year before the promise",
        lambda f: f.set("commitments", "support-satellites-2026", deadline="2025"),
        ["support-satellites-2026 E1001", "support-satellites-2026 W1001"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "expected"), [wrong[1:] for wrong in WRONG], ids=[wrong[0] for wrong in WRONG])
def test_what_is_wrong_beside_it_is_reported(
    odd: Folder, fault: Callable[[Folder], object], expected: list[str]
) -> None:
    fault(odd)
    assert sorted(f"{problem.row_id} {problem.code}" for problem in ije.validate(odd.path).problems) == expected

"""The questions the library answers: names in any script, dates known in part, and what it says when it cannot."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest

import india_japan_engagements as ije
from india_japan_engagements import lookup, queries

pytestmark = pytest.mark.usefixtures("record")


def ids(rows: list[dict[str, object]]) -> list[object]:
    return [row["engagement_id"] for row in rows]


CALL = "modi-takaichi-call-2025"
CONGRATULATION = "modi-congratulates-takaichi-2025"
JOHANNESBURG = "modi-takaichi-johannesburg-2025"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ōno Keiichi", ["ono", "keiichi"]),
        ("ＱＵＡＤ", ["quad"]),
        ("Straße, São Paulo", ["strasse", "sao", "paulo"]),
        ("ナレンドラ・モディ", ["ナレンドラ", "モディ"]),
        ("デリー", ["デリー"]),
        ("नरेन्द्र मोदी।", ["नरेन्द्र", "मोदी"]),
        ("भारत के विदेश मंत्री", ["भारत", "के", "विदेश", "मंत्री"]),
        ("India–Japan 2+2 (G2G)", ["india", "japan", "2+2", "g2g"]),
    ],
)
def test_text_is_made_comparable_without_harm_to_any_script(text: str, words: list[str]) -> None:
    assert lookup.words(text) == words


@pytest.mark.parametrize(
    "text", ["Takaichi", "takaichi sanae", "高市", "高市早苗", "ताकाइची", "Takaichii", "between Modi and Takaichi"]
)
def test_a_person_is_found_in_any_script_by_alias_and_misspelt(text: str) -> None:
    assert ids(ije.find(text)) == [CONGRATULATION, CALL, JOHANNESBURG]


def test_a_word_is_taken_for_another_only_where_it_is_found_nowhere() -> None:
    answer = queries.search("Jaishanker Kuala")
    assert answer.readings == {"jaishanker": ["jaishankar"]}
    assert ids(answer.rows) == ["jaishankar-motegi-kuala-lumpur-2025"]
    assert queries.search("Jaishankar").readings == {}
    assert queries.search("xylophone") == ([], {"xylophone": []})
    assert ije.find("G7") == []


def test_all_words_must_be_found() -> None:
    assert ids(ije.find("Gandhi flowers")) == ["motegi-raj-ghat-2026"]
    assert ije.find("Gandhi Takaichi") == []
    assert ije.find() == ije.load("timeline", as_="rows")


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2025-10-29", "2025-10-29", [CALL]),
        (datetime.date(2025, 10, 29), datetime.date(2025, 10, 29), [CALL]),
        ("2019", "2019", ["motegi-india-2019", "strategic-dialogue-12-delhi-2019"]),
        # 2019-11 may mean the 15th; a visit of two days is found on its second.
        ("2019-11-15", "2019-11-15", ["motegi-india-2019"]),
        ("2025-08-30", "2025-08-30", ["modi-japan-2025"]),
        (
            None,
            "2024",
            ["motegi-india-2019", "strategic-dialogue-12-delhi-2019", "economic-security-dialogue-1-tokyo-2024"],
        ),
        ("2027", None, []),
    ],
)
def test_partial_dates_are_found_where_they_can_fit(since: str, until: str, found: list[str]) -> None:
    assert ids(ije.find(since=since, until=until)) == found


def test_every_condition_narrows() -> None:
    assert ids(ije.find(person="Modi", kind="call_on")) == ["motegi-calls-on-modi-2026"]
    assert ids(ije.find(office="EAM", format="written")) == ["jaishankar-congratulates-motegi-2025"]
    assert ids(ije.find(level="head_of_government", format=["telephone", "video"])) == [CALL]
    assert ids(ije.find(mechanism="Annual Summit", kind="dialogue")) == [
        "annual-summit-15-tokyo-2025",
        "strategic-dialogue-18-delhi-2026",
    ]
    assert ids(ije.find(status="planned", level="business")) == ["private-sector-economic-security-dialogue-1"]


def test_a_place_takes_in_the_places_within_it_and_a_topic_those_below_it() -> None:
    assert "motegi-raj-ghat-2026" in ids(ije.find(place="भारत"))
    assert ids(ije.find(place="東京")) == ["economic-security-dialogue-1-tokyo-2024", "annual-summit-15-tokyo-2025"]
    above, below = ids(ije.find(topic="economic-security")), ids(ije.find(topic="semiconductors"))
    assert {*below} < {*above}
    assert below == [JOHANNESBURG, "strategic-dialogue-18-delhi-2026"]


@pytest.mark.parametrize(
    ("conditions", "error", "message"),
    [
        ({"person": "xx"}, KeyError, "there is no person 'xx'; `ije find` and `ije tables` show what there is"),
        ({"person": "sanae-takaichy"}, None, ""),
        ({"person": "narendra-mody-x"}, KeyError, "there is no person 'narendra-mody-x'; did you mean narendra-modi?"),
        (
            {"office": "prime minister"},
            ValueError,
            "'prime minister' can mean prime-minister-india (Prime Minister of India) or prime-minister-japan "
            "(Prime Minister of Japan); write the id of the one you mean",
        ),
        ({"kind": "visits"}, ValueError, "there is no kind 'visits'; did you mean visit?"),
        (
            {"status": ["held", "x"]},
            ValueError,
            "there is no status 'x'; write one of planned, held, postponed, cancelled",
        ),
        (
            {"since": "2025-13"},
            ValueError,
            "'2025-13' is no date; write a day, month or year: 2025-10-29, 2025-10 or 2025",
        ),
        (
            {"since": "29/10/2025"},
            ValueError,
            "'29/10/2025' is no date; write a day, month or year: 2025-10-29, 2025-10 or 2025",
        ),
        ({"since": "2026", "until": "2025"}, ValueError, "2026 is after 2025; exchange the two dates"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(conditions: dict[str, str], error: type[Exception] | None, message: str) -> None:
    if error is None:
        assert ids(ije.find(**conditions)) == [CONGRATULATION, CALL, JOHANNESBURG]
        return
    with pytest.raises(error) as caught:
        ije.find(**conditions)
    assert caught.value.args == (message,)


def test_between_gives_every_engagement_of_two_persons_with_the_office_of_each() -> None:
    found = ije.between("Modi", "高市早苗")
    assert ids([encounter.engagement for encounter in found]) == [CONGRATULATION, CALL, JOHANNESBURG]
    assert [(encounter.first["office_id"], encounter.second["capacity"]) for encounter in found] == [
        ("prime-minister-india", "addressee"),
        ("prime-minister-india", "principal"),
        ("prime-minister-india", "principal"),
    ]
    assert ije.between("Misri", "Motegi") == []
    with pytest.raises(ValueError, match="'Modi' and 'narendra-modi' are one person, narendra-modi; name two"):
        ije.between("Modi", "narendra-modi")


def test_a_series_shows_its_gaps() -> None:
    found = ije.series("日印外相間戦略対話")
    assert found.mechanism["mechanism_id"] == "foreign-ministers-strategic-dialogue"
    assert [(session["ordinal"], session["start_date"], session["country"]) for session in found.sessions] == [
        (12, "2019-11-30", "IND"),
        (18, "2026-01-16", "IND"),
    ]
    assert found.gaps == [(1, 11), (13, 17)]
    assert ije.series("economic-security-dialogue").gaps == []
    assert ije.series("quad")[1:] == ([], [])


def test_commitments_are_open_until_kept_or_given_up_and_overdue_once_the_whole_deadline_is_past() -> None:
    every = {row["commitment_id"]: row for row in ije.commitments()}
    assert [row["commitment_id"] for row in every.values() if not row["open"]] == ["establish-ai-strategic-dialogue"]
    overdue = {row["commitment_id"]: row["deadline"] for row in ije.commitments(overdue=True)}
    assert overdue == {
        "convene-economic-security-dialogue-2": "2026-06",
        "launch-private-sector-dialogue-2026": "2026-03",
        "support-ai-impact-summit-2026": "2026-02",
    }
    # The year of the version's release is not past.
    assert every["convene-mineral-resources-working-group"]["deadline"] == "2026"
    assert [row["commitment_id"] for row in ije.commitments(open=True, debtor="JPN", topic="people-society")] == [
        "invite-500-ai-professionals-2030"
    ]
    assert len(ije.commitments(open=True)) == len(every) - 1


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02", datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)),
        ("2025-12", datetime.date(2025, 12, 1), datetime.date(2025, 12, 31)),
        ("2025", datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)),
        ("2025-10-29", datetime.date(2025, 10, 29), datetime.date(2025, 10, 29)),
    ],
)
def test_days_of_a_partial_date(text: str, first: datetime.date, last: datetime.date) -> None:
    assert queries.days(text) == (first, last)


def test_a_record_holds_what_hangs_on_it_in_time_order_with_its_sources() -> None:
    person = ije.person("茂木敏充")
    assert person.row["person_id"] == "toshimitsu-motegi"
    assert [tenure["start_date"] for tenure in person.related["tenures", "person_id"]] == ["2019-09-11", "2025-10-21"]
    took_part = [part["participation_id"] for part in person.related["participations", "person_id"]]
    assert [person.dates[part] for part in took_part] == sorted(person.dates[part] for part in took_part)
    assert len(took_part) == 11
    assert person.labels["foreign-minister-japan"] == "Minister for Foreign Affairs of Japan"
    assert {claim.evidence["field"] for claim in person.claims["toshimitsu-motegi"]} == {"name_ja", "name_hi"}
    cited = {claim.source["source_id"] for claims in person.claims.values() for claim in claims}
    assert {source["source_id"] for source in person.sources} == cited


def test_every_kind_of_row_has_its_record() -> None:
    assert [*ije.commitment("establish-ai-strategic-dialogue").related] == [("commitment_updates", "commitment_id")]
    assert ("agenda", "agreement_id") in ije.agreement("10-year Joint Vision").related
    assert ("engagements", "mechanism_id") in ije.mechanism("Strategic Dialogue").related
    assert ("places", "parent_id") in ije.place("New Delhi").related
    assert ("agenda", "topic_id") in ije.topic("Investment").related
    assert ("tenures", "office_id") in ije.office("EAM").related
    assert ("engagements", "host_event_id") in ije.host_event("G20 Summit").related
    assert ("evidence", "source_id") in ije.source("mofa-jpn-summit-johannesburg-2025").related
    assert ije.engagement("第18回日印外相間戦略対話").row["engagement_id"] == "strategic-dialogue-18-delhi-2026"
    assert ije.record("Quad").table == "mechanisms"  # an id before a name: a topic is called Quad too
    for table in ije.tables():
        for row in ije.load(table, as_="rows")[:1]:
            row_id = row[next(iter(row))]
            found = ije.record(row_id)
            assert found.row == row


def test_names_in_records_must_be_whole() -> None:
    with pytest.raises(KeyError, match="there is no person 'Motegy'; did you mean toshimitsu-motegi"):
        ije.person("Motegy")
    with pytest.raises(
        ValueError, match=r"'日印首脳会談' can mean annual-summit-15-tokyo-2025 .* or modi-takaichi-johannesburg"
    ):
        ije.record("日印首脳会談")


def test_a_retired_id_leads_to_its_successor(monkeypatch: pytest.MonkeyPatch) -> None:
    redirect = {
        "redirect_id": "people.modi", "table_name": "people", "old_id": "modi-n", "new_id": "narendra-modi",
        "version": "0.2.0", "reason": "spelt out",
    }  # fmt: skip
    tables = lookup.Tables()
    monkeypatch.setitem(tables._rows, "redirects", [redirect])
    assert lookup.resolve(tables, "modi-n")[1]["person_id"] == "narendra-modi"
    monkeypatch.setitem(tables._rows, "redirects", [redirect | {"new_id": None, "reason": "never met anyone"}])
    with pytest.raises(KeyError, match=r"'modi-n' was retired in version 0.2.0: never met anyone"):
        lookup.resolve(tables, "modi-n")


def test_questions_need_the_standard_library_alone() -> None:
    code = """
import sys, india_japan_engagements as ije
before = {*sys.modules}
ije.find("Jaishanker", place="India"); ije.between("Narendra Modi", "Sanae Takaichi"); ije.series("quad")
ije.commitments(open=True)
ije.engagement("modi-japan-2025"); ije.person("Narendra Modi"); ije.record("delhi")
ours = sys.stdlib_module_names | {"india_japan_engagements"}
print(sorted({name.partition(".")[0] for name in {*sys.modules} - before} - ours))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_export_in_five_kinds(tmp_path: Path) -> None:
    rows = ije.load("timeline", as_="rows")
    for ending in ("csv", "parquet", "json", "jsonl", "xlsx"):
        assert ije.export("timeline", tmp_path / f"t.{ending}") == len(rows)
    assert (tmp_path / "t.csv").read_bytes() == Path(ije.path("timeline", "csv")).read_bytes()
    assert pl.read_parquet(tmp_path / "t.parquet").to_dicts() == rows
    plain = json.loads(json.dumps(rows, default=str))
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8")) == plain
    lines = (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == plain
    assert [line for line in lines if "第18回日印外相間戦略対話" in line]


def test_export_for_spreadsheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ije.export("people", tmp_path / "people.csv", bom=True)
    assert (tmp_path / "people.csv").read_bytes()[:12] == b"\xef\xbb\xbfperson_id"
    from india_japan_engagements import exporting

    row = {"topic_id": "=1+1", "parent_id": "+2", "label_en": "@x", "label_ja": "経済", "label_hi": "मोदी"}
    row |= {"definition_en": "https://example.org", "example_en": None}
    monkeypatch.setattr(exporting, "load", lambda table, as_: [row])
    ije.export("topics", tmp_path / "topics.xlsx")
    with zipfile.ZipFile(tmp_path / "topics.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        assert not [name for name in book.namelist() if "rels" in name and "sheet" in name]  # no link was made
    assert "<f>" not in sheet
    texts = ["".join(item.itertext()) for item in strings]
    assert {"=1+1", "+2", "@x", "経済", "मोदी", "https://example.org"} < {*texts}
    row["label_en"] = "x" * 32_768
    with pytest.raises(ValueError, match=r"label_en of =1\+1 is longer than a cell may be; write .csv or .parquet"):
        ije.export("topics", tmp_path / "topics.xlsx")


def test_export_says_what_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"does not say what to write; let it end in .csv, .parquet, .json, .jsonl, .xlsx"
    ):
        ije.export("people", tmp_path / "people.ods")
    with pytest.raises(ValueError, match=r"a byte order mark is for CSV; leave it out for .json"):
        ije.export("people", tmp_path / "people.json", bom=True)
    with pytest.raises(ValueError, match="there is no table 'peeple'; did you mean 'people'"):
        ije.export("peeple", tmp_path / "people.json")  # type: ignore[arg-type]
    for ending in ("csv", "parquet", "json", "jsonl", "xlsx"):
        with pytest.raises(OSError, match="people"):
            ije.export("people", tmp_path / "nowhere" / f"people.{ending}")

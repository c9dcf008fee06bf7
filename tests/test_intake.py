"""Forms in, rows out, and back: by one way, all or nothing, with every mistake said where it was made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Folder

import india_japan_engagements as ije
from india_japan_engagements import forms, store
from india_japan_engagements.intake import listed, normal, take_in
from india_japan_engagements.report import FORMS

SCHEMAS = {table: ije.schema(table) for table in ije.tables()}

SOURCE = """\
form: 1
sources:
  a:
    title: Talks in Osaka
    publisher: Example Times
    url: https://example.org/osaka
    language: en
    accessed_on: 2026-11-22
    kind: newspaper
    read_extent: full
"""
MEETING = (
    SOURCE
    + """\
engagement:
  kind: talks
  format: in_person
  setting: bilateral
  status: held
  start_date: {value: 2026-03-05, evidence: [{source: a, locator: paragraph 1, states: 2026-03-05}]}
  place_id: デリー
  title_en: Jaishankar and Motegi meet
  summary_en: The ministers spoke about trade.
  evidence: [{source: a, locator: paragraph 1}]
  participations:
    - person_id: S Jaishankar
      office_id: External Affairs Minister of India
      side: IND
      capacity: principal
      evidence: [{source: a}]
    - {person_id: Motegi Toshimitsu, office_id: 外務大臣, side: JPN, capacity: principal, evidence: [{source: a}]}
  agenda:
    - {topic_id: Bilateral trade, treatment: discussed, evidence: [{source: a, locator: paragraph 2}]}
"""
)

PROMISE = (
    MEETING
    + """\
  commitments:
    - commitment_id: invest-in-osaka
      debtor: JPN
      action: invest
      statement_en: Japan is to invest.
      amount: {value: 3.5兆円, evidence: [{source: a, states: 3兆5000億円}]}
      amount_scope: both
      basis: target
      converted_amount: Rs 2.1 lakh crore
      deadline: 2030
      evidence: [{source: a, locator: paragraph 3}]
"""
)


def rows(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def write(small: Folder, text: str | bytes, name: str = "form.yaml") -> str:
    path = small.path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def take(small: Folder, text: str | bytes, merge: str | None = None) -> list[str]:
    """Take one form in; return what is said, with the folder left out of it."""
    result = take_in(str(small.path / "data"), [write(small, text)], merge=merge)
    return [line.replace(f"{small.path}{os.sep}", "") for line in listed(result).splitlines()]


def as_text(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    return {table: forms.text_rows(str(folder), schema) for table, schema in SCHEMAS.items()}


def test_the_whole_record_survives_the_way_out_and_in(tmp_path: Path) -> None:
    """Every row of the real data, taken out as forms and put into empty tables, gives identical files."""
    data = tmp_path / "data"
    data.mkdir()
    for table, schema in SCHEMAS.items():
        (data / f"{table}.csv").write_text(",".join(schema.names) + "\n")
    paths = []
    for number, (_, text) in enumerate(forms.Writer(as_text(ROOT / "data"), SCHEMAS).all()):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    known = as_text(ROOT / "data")["engagements"]  # some are alike, and waived
    assert take_in(str(data), paths, apart=known).problems == []
    assert rows(data) == rows(ROOT / "data")


def test_a_meeting_is_entered_by_names(small: Folder) -> None:
    assert take(small, MEETING) == [
        "took in: sources 1, engagements 1, participations 2, evidence 5, agenda 1; now run: make build"
    ]
    assert small.problems() == []
    by_id = {row["participation_id"]: row for row in small.rows("participations")}
    part = by_id["jaishankar-motegi-delhi-2026.toshimitsu-motegi"]
    assert (part["engagement_id"], part["person_id"], part["office_id"]) == (
        "jaishankar-motegi-delhi-2026",
        "toshimitsu-motegi",
        "foreign-minister-japan",
    )
    (claim,) = [
        row for row in small.rows("evidence") if row["field"] == "start_date" and "motegi-delhi" in row["row_id"]
    ]
    assert claim == {
        "evidence_id": "jaishankar-motegi-delhi-2026.start_date.example-times-talks-in-osaka",
        "table_name": "engagements",
        "row_id": "jaishankar-motegi-delhi-2026",
        "field": "start_date",
        "source_id": "example-times-talks-in-osaka",
        "locator": "paragraph 1",
        "stance": "supports",
        "stated_value": "2026-03-05",
        "note": "",
    }


def test_what_is_there_already_is_not_written_twice(small: Folder) -> None:
    take(small, MEETING)
    before = rows(small.path / "data")
    named = MEETING.replace("  kind: talks\n", "  engagement_id: jaishankar-motegi-delhi-2026\n  kind: talks\n", 1)
    assert take(small, named) == ["all of it is there already; nothing to write"]
    assert rows(small.path / "data") == before


def test_a_duplicate_is_shown_and_merged_on_demand(small: Folder) -> None:
    take(small, MEETING)
    before = rows(small.path / "data")
    second = MEETING.replace("osaka", "kyoto").replace("Osaka", "Kyoto").replace("Example", "Other")
    second = second.replace("Jaishankar and Motegi meet", "Foreign ministers meet")
    assert take(small, second) == [
        "form.yaml:16 start_date [E035] this looks like jaishankar-motegi-delhi-2026 (2026-03-05, Jaishankar and Motegi "
        "meet); if it is the same, run this one again with --merge jaishankar-motegi-delhi-2026; if not, give the hour or what "
        "else sets them apart, or run it with --apart jaishankar-motegi-delhi-2026",
        "nothing was written: 1 problem to mend",
    ]
    assert rows(small.path / "data") == before
    said = take(small, second, merge="jaishankar-motegi-delhi-2026")
    assert said == ["took in: sources 1, evidence 5; now run: make build"]
    assert small.problems() == []


def test_two_series_may_meet_on_one_day(small: Folder) -> None:
    second = MEETING.replace("  kind: talks\n", "  mechanism_id: south-asia-dialogue\n  kind: dialogue\n")
    first = second.replace("south-asia-dialogue", "foreign-ministers-strategic-dialogue")
    series = (
        "mechanisms:\n- {mechanism_id: south-asia-dialogue, name_en: Dialogue on South Asia, type: dialogue_series, "
    )
    series += "members: bilateral, status: active, evidence: [{source: a}]}\n"
    paths = [write(small, first, "1.yaml"), write(small, second + series, "2.yaml")]
    problems = take_in(str(small.path / "data"), paths).problems
    assert [problem.code for problem in problems if problem.code == "E035"] == []


def test_two_forms_of_one_batch_do_not_enter_one_meeting_twice(small: Folder) -> None:
    before = rows(small.path / "data")
    second = MEETING.replace("title_en: Jaishankar and Motegi meet", "title_en: Foreign ministers meet")
    paths = [write(small, MEETING, "1.yaml"), write(small, second, "2.yaml")]
    (problem,) = take_in(str(small.path / "data"), paths).problems
    assert (os.path.basename(problem.file), problem.code) == ("2.yaml", "E035")
    assert problem.fix.startswith("if it is the same, take that form in first and run this one again with --merge ")
    assert rows(small.path / "data") == before


def test_a_merge_is_of_one_engagement(small: Folder) -> None:
    before = rows(small.path / "data")
    with pytest.raises(
        ValueError, match="--merge goes with a form of one engagement, and there are 0; nothing was written"
    ):
        take(small, SOURCE, merge="modi-takaichi-call-2025")
    assert rows(small.path / "data") == before


def test_rows_of_one_batch_may_name_each_other_in_any_order(small: Folder) -> None:
    person = (
        SOURCE
        + """\
person:
  name_en: Hanako Yamada
  name_ja: 山田花子
  country: JPN
  tenures:
    - {office_id: 外務審議官, start_date: "2026", evidence: [{source: a}]}
office:
  title_en: Senior Deputy Minister for Foreign Affairs of Japan
  title_ja: 外務審議官
  country: JPN
  level: vice_minister_secretary
  evidence: [{source: a}]
"""
    )
    meeting = MEETING.replace("Motegi Toshimitsu", "山田花子").replace("外務大臣", "外務審議官")
    paths = [write(small, meeting, "1.yaml"), write(small, person, "2.yaml")]
    assert take_in(str(small.path / "data"), paths).problems == []
    assert "hanako-yamada.senior-deputy-minister-for-foreign-affairs-of-japan.2026" in {
        row["tenure_id"] for row in small.rows("tenures")
    }
    assert small.problems() == []


def test_sources_are_reused_by_address_and_id_and_people_by_wikidata(small: Folder) -> None:
    register = """\
form: 1
sources:
  w: {title: Wikidata, publisher: Wikidata, language: en, accessed_on: 2026-11-22, kind: reference, read_extent: opening}
correction:
  table: people
  row: toshimitsu-motegi
  column: wikidata_id
  old:
  new: Q1058
  evidence: [{source: w}]
"""
    assert take(small, register)[-1].startswith("took in: sources 1, evidence 1, 1 cells changed in people")
    known = MEETING[MEETING.index("engagement:") :].replace("Motegi Toshimitsu", "Q1058")
    by_address = "form: 1\nsources:\n  a: https://www.mofa.go.jp/mofaj/s_sa/sw/in/pageit_000001_00009.html\n" + known
    by_id = "form: 1\nsources:\n  a: mofa-jpn-summit-johannesburg-2025\n" + known.replace("2026-03-05", "2026-03-06")
    small.set("sources", "mofa-jpn-summit-johannesburg-2025", published_on="")  # else it would tell of the future
    sources = small.file("sources").read_bytes()
    assert take(small, by_address)[-1].startswith("took in: engagements 1")
    assert take(small, by_id)[-1].startswith("took in: engagements 1")
    assert small.file("sources").read_bytes() == sources
    assert small.problems() == []
    met = {row["engagement_id"] for row in small.rows("participations") if row["person_id"] == "toshimitsu-motegi"}
    assert {"jaishankar-motegi-delhi-2026", "jaishankar-motegi-delhi-2026-2"} <= met


def test_a_correction_keeps_the_old_claim(small: Folder) -> None:
    text = (
        SOURCE
        + """\
correction:
  table: engagements
  row: modi-takaichi-johannesburg-2025
  column: start_date
  old: 2025-11-23
  new: 2025-11-22
  reason: The later page says so.
  evidence: [{source: a, locator: paragraph 3, states: 2025-11-22}]
"""
    )
    assert take(small, text) == [
        "took in: sources 1, evidence 1, 1 cells changed in engagements, 1 cells changed in evidence; now run: make build"
    ]
    claims = {
        (row["source_id"], row["stance"], row["stated_value"], row["note"])
        for row in small.rows("evidence")
        if (row["row_id"], row["field"]) == ("modi-takaichi-johannesburg-2025", "start_date")
    }
    assert claims == {
        ("bharat-express-modi-takaichi-2025", "contradicts", "2025-11-23", ""),
        ("example-times-talks-in-osaka", "supports", "2025-11-22", "The later page says so."),
    }


MISTAKES: list[tuple[str, str | bytes, list[str]]] = [
    (
        "a wrong code",
        MEETING.replace("kind: talks", "kind: talk"),
        ["form.yaml:12 kind [E013] 'talk' is not one of its codes; did you mean talks? the codes are visit, exercise, "
         "dialogue, talks, call_on, signing, ceremony, message, announcement"],
    ),
    (
        "an unknown person with a near name",
        MEETING.replace("Motegi Toshimitsu", "Motegi Tosimitsu"),
        ["form.yaml:27 person_id [E033] no row of people is called 'Motegi Tosimitsu'; did you mean toshimitsu-motegi? "
         "otherwise add it to the form under people"],
    ),
    (
        "a name of two rows",
        MEETING.replace("person_id: S Jaishankar", "person_id: Motegi").replace(
            "engagement:\n", "people:\n"
            "  - {person_id: jiro-motegi, name_en: Jiro Motegi, country: JPN, names: [{name: Motegi, kind: alias}]}\n"
            "  - {person_id: saburo-motegi, name_en: Saburo Motegi, country: JPN, names: [{name: Motegi, kind: alias}]}\n"
            "engagement:\n", 1,
        ),
        ["form.yaml:25 person_id [E034] 'Motegi' names 2 rows of people; write one of the ids jiro-motegi, saburo-motegi"],
    ),
    (
        "a person out of office",
        MEETING.replace("2026-03-05", "2021-12-01"),
        ["form.yaml:27 office_id [E301] toshimitsu-motegi was not foreign-minister-japan on 2021-12-01: no spell in tenures "
         "covers it; correct the office or the date, or add the spell to tenures"],
    ),
    (
        "missing evidence",
        MEETING.replace(", evidence: [{source: a, locator: paragraph 2}]", ""),
        ["form.yaml:29 agenda_id [E801] no source supports the row; add a row to evidence, or remove this one"],
    ),
    (
        "a source under another key",
        MEETING.replace("{source: a, locator: paragraph 2}", "{source: b, locator: paragraph 2}"),
        ["form.yaml:29 source [E033] no source goes by 'b'; use a key of sources (a) or the id of one that is there"],
    ),
    (
        "a source known to nobody",
        "form: 1\nsources:\n  a: https://example.org/nowhere\n" + MEETING[MEETING.index("engagement:") :],
        ["form.yaml:3 url [E033] there is no such source yet; write it out: title, publisher, url, language, accessed_on, "
         "kind, read_extent"],
    ),
    (
        "a column that is none",
        MEETING.replace("side: IND", "party: IND"),
        ["form.yaml:24 [E032] a row of participations has no 'party'; it has participation_id, engagement_id, person_id, "
         "office_id, side, capacity, presence, note, evidence, names",
         ],
    ),
    (
        "a list in a cell",
        MEETING.replace("place_id: デリー", "place_id: [delhi, tokyo]"),
        ["form.yaml:17 [E032] place_id holds a list; one cell, one value: write a row for each"],
    ),
    (
        "a form of another version",
        MEETING.replace("form: 1", "form: 2"),
        ["form.yaml:1 [E032] this is not a form of version 1; begin with: form: 1; see `ije new`"],
    ),
    (
        "no form at all",
        "- a\n- b\n",
        ["form.yaml:1 [E032] the form is not a mapping; begin with the line: form: 1"],
    ),
    (
        "an empty file",
        "",
        ["form.yaml:1 [E032] the form is not a mapping; begin with the line: form: 1"],
    ),
    (
        "broken YAML",
        MEETING.replace("title_en: Jaishankar", "title_en: Talks: Jaishankar"),
        ["form.yaml:18 [E031] the YAML is broken: mapping values are not allowed in this context; mend the line; text with a "
         "colon and a space, or that begins with a sign, needs quotes"],
    ),
    (
        "an anchor",
        "form: 1\nengagement: &a {kind: talks}\nperson: *a\n",
        ["form.yaml:1 [E031] the YAML is broken: line 3 refers to an anchor; write the value out; mend the line; text with a "
         "colon and a space, or that begins with a sign, needs quotes"],
    ),
    (
        "another encoding",
        MEETING.encode("utf-16"),
        ["form.yaml:1 [E031] byte 0 is not UTF-8; save the form as UTF-8"],
    ),
    (
        "a twin under an old name",
        SOURCE + "person: {name_en: Motegi Toshimitsu, country: JPN}\n",
        ["form.yaml:11 name_en [E036] toshimitsu-motegi is there already and says 'Toshimitsu Motegi'; leave the column out; "
         "to change it write a correction, to keep both give contradicting evidence"],
    ),
    (
        "a twin under a misspelled name",
        SOURCE + "person: {name_en: Toshimitu Motegi, country: JPN}\n",
        ["form.yaml:11 name_en [E038] 'Toshimitu Motegi' is much like toshimitsu-motegi; if it is the same, name it by "
         "toshimitsu-motegi; if not, give person_id"],
    ),
    (
        "a correction of what is not so",
        "form: 1\ncorrection: {table: people, row: s-jaishankar, column: given_name, old: S., new: Subrahmanyam}\n",
        ["form.yaml:2 old [E037] s-jaishankar says 'Subrahmanyam', not 'S.'; look at the row again; it may have been "
         "corrected already"],
    ),
    (
        "a correction of an id",
        "form: 1\ncorrection: {table: people, row: s-jaishankar, column: person_id, old: s-jaishankar, new: jaishankar}\n",
        ["form.yaml:2 column [E032] person_id is an id; ids are kept for good; retire a row by redirects"],
    ),
    (
        "a correction of nothing",
        "form: 1\ncorrection: {table: people, row: nobody, column: given_name, old: S., new: T.}\n",
        ["form.yaml:2 row [E033] there is no row 'nobody' to correct; correct the row"],
    ),
    (
        "a sum in two currencies",
        PROMISE.replace("converted_amount: Rs 2.1 lakh crore", "currency: USD"),
        ["form.yaml:38 currency [E039] the amount is in JPY, the currency is not; write digits, or a number with thousand, "
         "million, billion, trillion, lakh, crore, 万, 億 or 兆, and one currency"],
    ),
    (
        "a sum that could be anything",
        PROMISE.replace("3.5兆円", "'about 3,5 trillion'"),
        ["form.yaml:35 amount [E039] 'about 3,5 trillion' is not a number or sum; write digits, or a number with thousand, "
         "million, billion, trillion, lakh, crore, 万, 億 or 兆, and one currency"],
    ),
    (
        "a reference to a row that was never added",
        MEETING.replace("place_id: デリー", "place_id: Osaka"),
        ["form.yaml:17 place_id [E033] no row of places is called 'Osaka'; add it to the form under places"],
    ),
]  # fmt: skip


def test_meetings_of_the_same_two_on_one_day_are_set_apart_by_the_hour(small: Folder) -> None:
    first = MEETING.replace("  place_id", "  start_time: '10:00'\n  place_id")
    again = first.replace("Talks in Osaka", "Talks again").replace("/osaka", "/again")
    assert take(small, first)[-1].startswith("took in: ")
    assert "E035" in take(small, again)[0]
    assert take(small, again.replace("'10:00'", "'18:00'"))[-1].startswith("took in: ")
    assert [row["start_time"] for row in small.rows("engagements") if "motegi-delhi" in row["engagement_id"]] == [
        "10:00", "18:00",
    ]  # fmt: skip


def test_two_that_only_look_alike_are_taken_apart(small: Folder) -> None:
    assert take(small, MEETING)[-1].startswith("took in: ")
    again = MEETING.replace("Talks in Osaka", "Talks again").replace("/osaka", "/again")
    again = again.replace("engagement:\n", "engagement:\n  engagement_id: ministers-again\n")
    form = write(small, again)
    result = take_in(str(small.path / "data"), [form], apart=["jaishankar-motegi-delhi-2026"])
    # The record still asks for the reason: rule W1201 wants an hour, a place or a waiver.
    assert [problem.code for problem in result.problems] == ["W1201"]
    waiver = "waiver: {code: W1201, table_name: engagements, row_id: ministers-again, reason: Two talks.}\n"
    form = write(small, again + waiver)
    assert take_in(str(small.path / "data"), [form], apart=["jaishankar-motegi-delhi-2026"]).problems == []
    assert small.problems() == []


def test_a_sum_is_entered_as_the_page_writes_it(small: Folder) -> None:
    assert take(small, PROMISE)[-1].startswith("took in: ")
    assert small.problems() == []
    (row,) = [row for row in small.rows("commitments") if row["commitment_id"] == "invest-in-osaka"]
    assert [row[name] for name in ("amount", "currency", "converted_amount", "converted_currency")] == [
        "3500000000000", "JPY", "2100000000000", "INR",
    ]  # fmt: skip
    claims = [row for row in small.rows("evidence") if row["row_id"] == "invest-in-osaka" and row["field"] == "amount"]
    assert [claim["stated_value"] for claim in claims] == ["3500000000000"]
    correction = "correction: {table: commitments, row: invest-in-osaka, column: amount, old: 3.5兆円, new: 5 trillion,"
    assert take(
        small, f"{SOURCE}{correction} reason: The page says so., evidence: [{{source: a, states: 5兆円}}]}}"
    ) == ["took in: evidence 1, 1 cells changed in commitments, 1 cells changed in evidence; now run: make build"]
    (row,) = [row for row in small.rows("commitments") if row["commitment_id"] == "invest-in-osaka"]
    assert row["amount"] == "5000000000000"


@pytest.mark.parametrize(("form", "expected"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_a_mistake_is_said_where_it_was_made_and_changes_nothing(
    small: Folder, form: str | bytes, expected: list[str]
) -> None:
    before = rows(small.path / "data")
    said = take(small, form)
    assert said[:-1] == expected
    assert said[-1].startswith("nothing was written: ")
    assert rows(small.path / "data") == before


def test_tables_that_cannot_be_read_whole_are_left_alone(small: Folder) -> None:
    small.replace("names", b",en,Latn,alias", b",en,Latn,alias,")
    before = rows(small.path / "data")
    assert take(small, MEETING) == [
        "data/names.csv:2 [E009] the row has 8 cells, the header 7; give it one cell a column; a comma inside a cell needs "
        "double quotes around the cell",
        "nothing was written: 1 problem to mend",
    ]
    assert rows(small.path / "data") == before


def test_every_code_of_forms_has_a_mistake() -> None:
    shown = {code for code in FORMS for _, _, lines in MISTAKES for line in lines if f"[{code}]" in line}
    assert shown == {*FORMS} - {"E035"}  # shown above, with the merge


def test_all_problems_of_all_forms_are_said_at_once(small: Folder) -> None:
    wrong = MEETING.replace("kind: talks", "kind: talk").replace("side: IND", "party: IND")
    paths = [write(small, wrong, "1.yaml"), write(small, SOURCE + "person: {name: x}\n", "2.yaml")]
    problems = take_in(str(small.path / "data"), paths).problems
    assert [(os.path.basename(problem.file), problem.line) for problem in problems] == [
        ("1.yaml", 24),
        ("2.yaml", 11),
        ("1.yaml", 12),
    ]


@pytest.mark.parametrize("kind", forms.TEMPLATES)
def test_an_empty_form_is_a_form_that_says_nothing(small: Folder, kind: str) -> None:
    text = forms.template(kind, SCHEMAS)
    assert take(small, text) == ["all of it is there already; nothing to write"]
    assert max(map(len, text.splitlines())) <= 120


def test_names_are_compared_without_order_width_or_case() -> None:
    assert normal("MOTEGI Toshimitsu") == normal("Toshimitsu  Motegi") == normal("Ｔｏｓｈｉｍｉｔｓｕ, Motegi")
    assert normal("茂木敏充") != normal("茂木")
    assert normal("नरेन्द्र मोदी") != normal("मोदी")


def test_two_intakes_do_not_write_at_once(small: Folder) -> None:
    folder = str(small.path / "data")
    form = write(small, MEETING)
    with (
        store.locked(folder),
        pytest.raises(store.Locked, match=r"another intake or build is writing to .*: nothing was written"),
    ):
        take_in(folder, [form])
    assert take_in(folder, [form]).problems == []
    assert sorted(os.listdir(folder)) == sorted(f"{table}.csv" for table in SCHEMAS)


@pytest.mark.parametrize("after", range(7))
def test_an_intake_that_dies_leaves_the_old_or_the_new_rows(small: Folder, after: int) -> None:
    """Killed before its n-th move, an intake is undone or finished by the next one; no row is half there."""
    data = small.path / "data"
    old = rows(data)
    form = write(small, MEETING)
    code = f"""
import os
from india_japan_engagements.intake import take_in
moved, real = [], os.replace
def dying(source, target):
    if {str(data)!r} in source:
        if len(moved) == {after}:
            os._exit(9)
        moved.append(target)
    return real(source, target)
os.replace = dying
write = os.fsync
def failing(number):
    if {after} == 6:
        os._exit(9)
    return write(number)
import india_japan_engagements.store as store
first = store.replace_all
def staged(folder, contents):
    os.fsync = failing
    return first(folder, contents)
store.replace_all = staged
take_in({str(data)!r}, [{form!r}])
"""
    run = subprocess.run([sys.executable, "-c", code], check=False)
    assert run.returncode == (9 if after in (*range(5), 6) else 0)
    if after < 5:
        assert store.unfinished(str(data))
        assert "E022" in {problem.code for problem in ije.validate(small.path).problems}
    store.recover(str(data))
    healed = rows(data)
    assert small.problems() == []
    if after == 6:
        assert healed == old
    else:
        assert {name for name in old if healed[name] != old[name]} == {
            "agenda.csv", "engagements.csv", "evidence.csv", "participations.csv", "sources.csv",
        }  # fmt: skip


def test_the_script_says_what_it_did(small: Folder) -> None:
    def intake(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "scripts" / "intake.py"), "--data", str(small.path / "data"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    wrong = intake(write(small, MEETING.replace("kind: talks", "kind: talk")))
    assert (wrong.returncode, wrong.stdout.splitlines()[-1]) == (1, "nothing was written: 1 problem to mend")
    right = intake(write(small, MEETING))
    assert (right.returncode, right.stdout.startswith("took in: ")) == (0, True)
    absent = intake(str(small.path / "nowhere.yaml"))
    assert (absent.returncode, absent.stderr.startswith("intake: ")) == (2, True)

"""The forms of GitHub: they ask for what the YAML forms ask for, and what was answered is taken in the same way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Folder

import india_japan_engagements as ije
from india_japan_engagements import forms, issues
from india_japan_engagements.intake import listed, take_in

SCHEMAS = {table: ije.schema(table) for table in ije.tables()}
JNB = "modi-takaichi-johannesburg-2025"

SOURCE = {
    "source_title": "Talks in Osaka",
    "source_publisher": "Example Times",
    "source_url": "https://example.org/osaka",
    "source_language": "en",
    "source_accessed_on": "2026-11-22",
    "source_kind": "newspaper",
    "source_read_extent": "full",
    "locator": "paragraph 1",
}
MEETING = {
    "kind": "talks",
    "format": "in_person",
    "setting": "bilateral",
    "status": "held",
    "start_date": "2026-03-05",
    "place_id": "デリー",
    "title_en": "Jaishankar and Motegi meet",
    "summary_en": "The ministers spoke\nabout trade.",
    "participations": "S Jaishankar | External Affairs Minister of India | IND | principal\n"
    "- Motegi Toshimitsu | 外務大臣 | JPN | principal",
    "agenda": "Bilateral trade | discussed",
} | SOURCE
CORRECTION = {
    "table": "engagements",
    "row": JNB,
    "column": "venue",
    "old": "",
    "new": "Nasrec Expo Centre",
    "reason": "The page names the hall.",
    "version": "1.0.0",
    "states": "Nasrec Expo Centre",
} | SOURCE


def rendered(kind: str, answers: dict[str, str], end: str = "\r\n") -> str:
    """Return what GitHub makes of the answers: a heading a question, and words of its own where there is none."""
    body = yaml.safe_load(issues.template(kind, SCHEMAS))["body"]
    asked = [element for element in body if element["type"] != "markdown"]
    assert {*answers} <= {element["id"] for element in asked}
    parts = [f"### {each['attributes']['label']}\n\n{answers.get(each['id']) or '_No response_'}" for each in asked]
    return "\n\n".join(parts).replace("\n", end)


def take(small: Folder, text: str | bytes) -> list[str]:
    path = small.path / "issue.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [
        line.replace(f"{small.path}/", "")
        for line in listed(take_in(str(small.path / "data"), [str(path)])).splitlines()
    ]


@pytest.mark.parametrize("kind", issues.KINDS)
def test_the_committed_form_is_the_schemas_and_github_takes_it(kind: str) -> None:
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / f"{kind}.yml"
    assert path.read_text(encoding="utf-8") == issues.template(kind, SCHEMAS)
    command = ["check_jsonschema", "--builtin-schema", "vendor.github-issue-forms", str(path)]
    run = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_an_engagement_is_asked_what_its_form_asks() -> None:
    asked = {question.id: question for question in issues.questions("engagement", SCHEMAS)}
    columns = [name for name in SCHEMAS["engagements"].names if name in asked]
    assert {*SCHEMAS["engagements"].names} - {*columns} == {"engagement_id", "sequence", "review_status"}
    assert {name.removeprefix("source_") for name in asked if name.startswith("source_")} == {
        *SCHEMAS["sources"].names[1:]
    }
    assert {name for name in asked if name in forms.NESTED["engagements"]} == {*forms.NESTED["engagements"]}
    for name in columns:
        field = SCHEMAS["engagements"][name]
        assert (asked[name].required, asked[name].codes) == (field.required, tuple(field.enum or ()))
        assert asked[name].help.startswith(field.spec["description"])
    for table, order in issues.LISTS.items():
        needed = {field.name for field in SCHEMAS[table].fields[1:] if field.required} - {"engagement_id"}
        assert needed <= {*order}


def test_a_correction_is_asked_what_its_form_asks() -> None:
    asked = [question.id for question in issues.questions("correction", SCHEMAS)]
    assert [name for name in asked if name in forms.CORRECTION] == [*forms.CORRECTION[:-1]]


@pytest.mark.parametrize("kind", issues.KINDS)
def test_no_two_questions_of_a_form_look_alike(kind: str) -> None:
    asked = issues.questions(kind, SCHEMAS)
    assert len({question.label for question in asked}) == len({question.id for question in asked}) == len(asked)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_meeting_is_entered_from_an_issue(small: Folder, end: str) -> None:
    assert take(small, rendered("engagement", MEETING, end)) == [
        "took in: sources 1, engagements 1, participations 2, evidence 4, agenda 1; now run: make build"
    ]
    assert small.problems() == []
    (row,) = [row for row in small.rows("engagements") if row["engagement_id"] == "jaishankar-motegi-delhi-2026"]
    assert row["summary_en"] == "The ministers spoke about trade."
    assert (row["place_id"], row["review_status"]) == ("delhi", "single_coded")
    parts = [row for row in small.rows("participations") if row["engagement_id"] == "jaishankar-motegi-delhi-2026"]
    assert [(part["person_id"], part["office_id"], part["side"], part["capacity"]) for part in parts] == [
        ("s-jaishankar", "external-affairs-minister-india", "IND", "principal"),
        ("toshimitsu-motegi", "foreign-minister-japan", "JPN", "principal"),
    ]


def test_the_issue_and_the_yaml_make_the_same_rows(small: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    from test_intake import MEETING as IN_YAML

    other = Folder(tmp_path_factory.mktemp("other"))
    for file in (small.path / "data").iterdir():
        (other.path / "data").mkdir(exist_ok=True)
        (other.path / "data" / file.name).write_bytes(file.read_bytes())
    (other.path / "form.yaml").write_text(IN_YAML, encoding="utf-8")
    assert take_in(str(other.path / "data"), [str(other.path / "form.yaml")]).problems == []
    take(small, rendered("engagement", MEETING))
    for table in ("engagements", "participations", "agenda", "sources"):
        assert small.rows(table) == other.rows(table)


def test_a_correction_is_taken_in_from_an_issue(small: Folder) -> None:
    took = take(small, rendered("correction", CORRECTION))
    assert took == ["took in: sources 1, evidence 1, 1 cells changed in engagements; now run: make build"]
    (row,) = [row for row in small.rows("engagements") if row["engagement_id"] == JNB]
    assert row["venue"] == "Nasrec Expo Centre"
    (claim,) = [row for row in small.rows("evidence") if row["field"] == "venue"]
    assert (claim["stated_value"], claim["locator"]) == ("Nasrec Expo Centre", "paragraph 1")


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_what_is_wrong_is_said_with_the_line_of_the_issue(small: Folder) -> None:
    before = {file.name: file.read_bytes() for file in (small.path / "data").iterdir()}
    wrong = MEETING | {
        "place_id": "Dehli",
        "start_date": "5 March 2026",
        "participations": MEETING["participations"] + "\nA | B | C | D | E",
    }
    text = rendered("engagement", wrong)
    said = take(small, text)
    starts = [line.split(";")[0] for line in said]
    assert f"issue.md:{line_of(text, '5 March 2026')} start_date [E014] '5 March 2026' is not a date" in starts
    assert f"issue.md:{line_of(text, 'Dehli')} place_id [E033] no row of places is called 'Dehli'" in starts
    assert f"issue.md:{line_of(text, 'A | B | C')} [E032] the line has 5 parts, participations 4" in starts
    assert {file.name: file.read_bytes() for file in (small.path / "data").iterdir()} == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"Hello, this is wrong: x", "issue.md:1 [E032] this is not the text of an issue form; "),
        (b"### Table\n\n\xff", "issue.md:1 [E031] byte 11 is not UTF-8; save the text as UTF-8"),
        (b"### Table\n\na\n\n### Table\n\nb", "issue.md:5 [E032] the heading 'Table' stands there twice; "),
        (b"#" * (forms.SIZE + 1), "issue.md:1 [E031] the form is larger than 1 MB; shorten it"),
    ],
)
def test_what_is_no_answered_form_is_refused(small: Folder, text: bytes, message: str) -> None:
    assert any(line.startswith(message) for line in take(small, text))


def test_a_heading_of_no_question_is_part_of_the_answer(small: Folder) -> None:
    take(small, rendered("engagement", MEETING | {"summary_en": "### Mine\nThey met."}))
    (row,) = [row for row in small.rows("engagements") if row["engagement_id"] == "jaishankar-motegi-delhi-2026"]
    assert row["summary_en"] == "### Mine They met."


def test_the_script_takes_an_issue(small: Folder, tmp_path: Path) -> None:
    file = tmp_path / "issue.md"
    file.write_text(rendered("engagement", MEETING), encoding="utf-8")
    command = [sys.executable, "scripts/intake.py", "--data", str(small.path / "data"), str(file)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("took in: ")

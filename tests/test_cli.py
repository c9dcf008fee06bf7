"""The ``ije`` command: answers, exit codes, and no traceback whatever it is asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT, Folder

import india_japan_engagements as ije
from india_japan_engagements.cli import ije as command


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, prog_name="ije")


def test_tables_lists_all_with_their_rows() -> None:
    found = json.loads(run("tables", "--json").output)
    assert [row["name"] for row in found] == [*ije.tables(views=True)]
    assert {row["name"]: row["rows"] for row in found}["topics"] == len(ije.load("topics", as_="rows"))
    assert "one row is" in run("tables").output


def test_validate_of_clean_data_exits_0() -> None:
    result = run("validate")
    assert (result.exit_code, result.output.endswith("no problems\n")) == (0, True)
    assert run("validate", str(ROOT), "--format", "github").output == ""


def test_validate_of_broken_data_exits_1_and_says_all(small: Folder) -> None:
    small.set("engagements", "modi-takaichi-call-2025", start_date="2025-02-30")
    small.set("people", "vikram-misri", name_en="Vikram Misri ")
    result = run("validate", str(small.path))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "data/engagements.csv:4 start_date [E101] 2025-02-30 is not a calendar date; "
        "write 2025-02 if the rest is unknown",
        "data/people.csv:7 name_en [E1303] 'Vikram Misri ' begins or ends with a space; remove it",
        "194 rows in 19 tables: 2 errors, 0 warnings",
    ]


def test_validate_as_json_gives_each_part_of_a_problem(small: Folder) -> None:
    small.drop("waivers", "w101.economic-security-dialogue-2")
    assert json.loads(run("validate", str(small.path), "--format", "json").output) == {
        "problems": [
            {
                "code": "W101",
                "severity": "warning",
                "file": "data/engagements.csv",
                "line": 3,
                "column": "start_date",
                "row_id": "economic-security-dialogue-2",
                "value": "2026-01",
                "message": "it is planned for 2026-01, which is past",
                "fix": "look for a report of it: write held, postponed or cancelled, "
                "or waive this with what was searched",
            }
        ]
    }


def test_validate_annotates_lines_for_github(small: Folder) -> None:
    small.set("people", "vikram-misri", name_en="Vikram, 100%\n")
    assert run("validate", str(small.path), "--format", "github").output == (
        "::error file=data/people.csv,line=7,title=E1302 name_en::'Vikram, 100%25\\n' contains an invisible or control "
        "character; type the text anew, on one line\n"
    )


def test_validate_takes_a_folder_of_csv_files(small: Folder) -> None:
    assert run("validate", str(small.path / "data")).exit_code == 0
    small.file("names").unlink()
    bare = small.path / "elsewhere"
    (small.path / "data").rename(bare)
    assert run("validate", str(bare)).output.startswith("names.csv [E001] the file is missing")


def test_validate_of_nothing_exits_2(tmp_path: Path) -> None:
    result = run("validate", str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "ije: there is no folder" in result.stderr
    result = run("validate", str(tmp_path))
    assert result.exit_code == 2
    assert "holds none of the tables" in result.stderr


def test_show_tells_the_whole_of_an_engagement() -> None:
    text = run("show", "strategic-dialogue-18-delhi-2026").output
    for part in (
        "18th Foreign Ministers' Strategic Dialogue",
        "第18回日印外相間戦略対話",
        "2026-01-16, 12:50 local time",
        "about 135 minutes",
        "S. Jaishankar, External Affairs Minister of India",
        "Commitment invite-500-ai-professionals-2030",
        "One-on-one of Jaishankar and Motegi",
        "<https://www.mofa.go.jp/mofaj/pageit_000001_02709.html>",
    ):
        assert part in text
    assert "(contradicts)" in run("show", "jaishankar-motegi-kuala-lumpur-2025").output or "contradicts" in text


def test_show_as_json_holds_rows_evidence_and_sources() -> None:
    found = json.loads(run("show", "modi-takaichi-call-2025", "--json").output)
    assert found["engagement"]["duration_minutes"] == 25
    assert {part["person_id"] for part in found["participations"]} == {"narendra-modi", "sanae-takaichi"}
    assert {row["source_id"] for row in found["evidence"]} == {row["source_id"] for row in found["sources"]}


def test_show_of_an_unknown_id_names_the_nearest_and_exits_2() -> None:
    result = run("show", "modi-takaichi-call")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "ije: there is no engagement 'modi-takaichi-call'; did you mean modi-takaichi-call-2025"
    )


def test_cite_in_two_formats() -> None:
    assert run("cite").output == ije.cite() + "\n"
    assert run("cite", "--bibtex").output == ije.cite("bibtex") + "\n"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["validate", "--help"]])
def test_help_and_version(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 0


def test_the_command_says_what_it_lacks() -> None:
    code = (
        "import sys; sys.modules['click'] = None; from india_japan_engagements.__main__ import main; sys.exit(main())"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (
        2,
        "ije: click is not installed; run: pip install 'india-japan-engagements[cli]'\n",
    )

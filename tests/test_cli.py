"""The ``ije`` command: answers, exit codes, and no traceback whatever it is asked."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT, Folder
from rich.cells import cell_len

import india_japan_engagements as ije
from india_japan_engagements import lookup
from india_japan_engagements.cli import ije as command
from india_japan_engagements.package import cells

DEVANAGARI = re.compile("[\u0900-\u097f]")

pytestmark = pytest.mark.usefixtures("record")


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(command, arguments, prog_name="ije", env=env)


def test_tables_lists_all_with_their_rows() -> None:
    found = json.loads(run("tables", "--json").output)
    assert [row["name"] for row in found] == [*ije.tables(views=True)]
    assert {row["name"]: row["rows"] for row in found}["topics"] == len(ije.load("topics", as_="rows"))
    assert "one row is" in run("tables").output


def test_validate_of_clean_data_exits_0() -> None:
    result = run("validate", str(ROOT))
    assert (result.exit_code, result.output.endswith("no problems\n")) == (0, True)
    assert run("validate", str(ROOT), "--format", "github").output == ""


def test_validate_of_broken_data_exits_1_and_says_all(small: Folder) -> None:
    small.set("engagements", "modi-takaichi-call-2025", start_date="2025-02-30")
    small.set("people", "vikram-misri", family_name="", name_en="Vikram Misri ")
    result = run("validate", str(small.path))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "data/engagements.csv:4 start_date [E101] 2025-02-30 is not a calendar date; "
        "write 2025-02 if the rest is unknown",
        "data/people.csv:7 name_en [E1303] 'Vikram Misri ' begins or ends with a space; remove it",
        "194 rows in 20 tables: 2 errors, 0 warnings",
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
    small.set("people", "vikram-misri", family_name="", name_en="Vikram, 100%\n")
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
    assert "(contradicts: 2020)" in run("show", "motegi-india-2019").output


def test_show_tells_the_life_of_a_commitment_with_what_took_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    column = ije.schema("commitments").names.index("supersedes_id")

    def linked(table: Any) -> tuple[list[str], list[tuple[str, ...]]]:
        newer = "invite-500-ai-professionals-2030"
        columns, rows = cells(table)
        return columns, [
            (*row[:column], "support-ai-impact-summit-2026", *row[column + 1 :]) if row[0] == newer else row
            for row in rows
        ]

    monkeypatch.setattr(lookup, "cells", linked)
    for either in ("invite-500-ai-professionals-2030", "support-ai-impact-summit-2026"):
        life = run("show", either, env={"COLUMNS": "200"}).output.partition("Its life\n")[2].partition("\n\n")[0]
        steps = [line.split(" [")[0] for line in life.splitlines()]
        assert [step[:30] for step in steps if step[0] == "2"] == [
            "2026-01-16  promised: Japan is",
            "2026-01-16  promised anew: Jap",
            "2026-02     partly delivered: ",
            "2026-07-02  reaffirmed: The pr",
        ]


def test_show_as_json_holds_rows_evidence_and_sources() -> None:
    found = json.loads(run("show", "modi-takaichi-call-2025", "--json").output)
    assert found["engagement"]["duration_minutes"] == 25
    assert {part["person_id"] for part in found["participations"]} == {"narendra-modi", "sanae-takaichi"}
    assert {row["source_id"] for row in found["evidence"]} == {row["source_id"] for row in found["sources"]}


def test_show_of_an_unknown_id_names_the_nearest_and_exits_2() -> None:
    result = run("show", "modi-takaichi-call")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "ije: nothing has the id or name 'modi-takaichi-call'; did you mean modi-takaichi-call-2025 or "
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


def test_find_shows_what_is_where_at_80_and_at_200_characters() -> None:
    narrow = run("find", "क्वाड", "--from", "2025-11", env={"COLUMNS": "80"}).output
    assert narrow == (
        "when        what      title and id\n"
        "2026-01-16  dialogue  18th Foreign Ministers' Strategic Dialogue\n"
        "                      strategic-dialogue-18-delhi-2026\n"
    )
    wide = run("find", "--kind", "visit", "--from", "2025", "--to", "2025", env={"COLUMNS": "200"}).output
    assert wide == (
        "when           what   title and id                      level          place  India          Japan\n"
        "2025-08-29–30  visit  Prime Minister Modi visits Japan  head of        Japan  Narendra Modi  Shigeru Ishiba\n"
        "                      modi-japan-2025                   government\n"
    )


@pytest.mark.parametrize("width", [80, 160, 200])
@pytest.mark.parametrize(
    "arguments",
    [
        ["find"], ["tables"], ["series", "annual-summit"], ["commitments"], ["between", "Motegi", "Jaishankar"],
        ["codebook"], ["show", "Motegi"], ["show", "delhi"], ["show", "strategic-dialogue-18-delhi-2026"],
    ],
)  # fmt: skip
def test_no_line_is_wider_than_the_terminal_or_ends_in_spaces(arguments: list[str], width: int) -> None:
    output = run(*arguments, env={"COLUMNS": str(width)}).output
    lines = output.splitlines()
    assert [line for line in lines if cell_len(line) > width and not DEVANAGARI.search(line)] == []
    assert [line for line in lines if line != line.rstrip()] == []
    assert "…" not in output and "\x1b" not in output
    if arguments == ["find"]:
        every = {row["engagement_id"] for row in ije.load("timeline", as_="rows")}
        assert every - {*output.split()} == set()  # no id is broken


def test_find_says_what_it_took_a_word_for() -> None:
    result = run("find", "Takaichii", "--json")
    assert result.stderr == "ije: 'takaichii' is found nowhere; taken for takaichi\n"
    assert [row["engagement_id"] for row in json.loads(result.stdout)] == [
        "modi-congratulates-takaichi-2025",
        "modi-takaichi-call-2025",
        "modi-takaichi-johannesburg-2025",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["find", "Quad"], 0, ""),
        (["find", "Quad", "--to", "2000"], 1, "ije: no engagement satisfies all conditions\n"),
        (["find", "--person", "Nehruu"], 2, "ije: there is no person 'Nehruu'; `ije find` and `ije tables` show"),
        (["find", "--kind", "visits"], 2, "Usage: ije find"),
        (["find", "--from", "soon"], 2, "ije: 'soon' is no date; write a day, month or year"),
        (["between", "Misri", "Motegi"], 1, "ije: the record holds no engagement of these two\n"),
        (["series", "Quad"], 1, "ije: Quad has no sessions in this record\n"),
        (["commitments", "--topic", "whaling"], 2, "ije: there is no topic 'whaling'; "),
        (["commitments", "--topic", "yen-loans"], 1, "ije: no commitment satisfies all conditions\n"),
        (["show", "日印首脳会談"], 2, "ije: '日印首脳会談' can mean annual-summit-15-tokyo-2025 (15th"),
        (["export", "people", "-o", "people.ods"], 2, "ije: 'people.ods' does not say what to write; "),
        (["export", "people", "-o", "/nowhere/people.csv"], 2, "ije: [Errno 2] No such file or directory: '/nowhere"),
    ],
)
def test_exit_codes(arguments: list[str], code: int, message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert result.stderr.startswith(message)
    assert bool(result.stdout) == (code == 0)


def test_an_empty_answer_is_still_json() -> None:
    result = run("find", "--to", "1946", "--json")
    assert (result.exit_code, result.stdout) == (1, "[]\n")


def test_series_has_a_line_for_every_gap() -> None:
    output = run("series", "Strategic Dialogue", env={"COLUMNS": "80"}).output
    assert output.splitlines()[4:] == [
        "dialogue series, active, counted from 1; in this record 2 held, 16 missing",
        "",
        "  no.  when        title and id                                where",
        " 1–11              not in this record",
        "   12  2019-11-30  12th Foreign Ministers' Strategic Dialogue  Delhi, IND",
        "                   strategic-dialogue-12-delhi-2019",
        "13–17              not in this record",
        "   18  2026-01-16  18th Foreign Ministers' Strategic Dialogue  Delhi, IND",
        "                   strategic-dialogue-18-delhi-2026",
    ]
    found = json.loads(run("series", "Strategic Dialogue", "--json").output)
    assert found["gaps"] == [{"first": 1, "last": 11}, {"first": 13, "last": 17}]


def test_commitments_say_which_are_overdue() -> None:
    output = run("commitments", "--overdue", "--debtor", "JPN", env={"COLUMNS": "80"}).output
    assert output == (
        "due      who    latest status     commitment and id\n"
        "2026-02  Japan  partly delivered  Japan is to help to make India's AI Impact\n"
        "overdue         2026-02           Summit a success.\n"
        "                                  support-ai-impact-summit-2026\n"
    )


def test_between_shows_the_office_each_acted_in() -> None:
    output = run("between", "Ishiba", "Modi", env={"COLUMNS": "200"}).output
    assert output.startswith("Shigeru Ishiba and Narendra Modi\n\n")
    assert "Prime Minister of Japan" in output
    found = json.loads(run("between", "Ishiba", "Modi", "--json").output)
    assert {encounter["first"]["person_id"] for encounter in found} == {"shigeru-ishiba"}


def test_show_of_a_person_numbers_the_sources_of_each_claim() -> None:
    text = run("show", "Motegi", env={"COLUMNS": "80"}).output
    assert text.splitlines()[0] == "Toshimitsu Motegi"
    assert text.index("Motegi visits India (motegi-india-2019)") < text.index("(motegi-raj-ghat-2026)")
    body, sources = text.split("\nSources\n")
    numbers = {int(number) for number in re.findall(r"^\[(\d+)\]", sources, re.MULTILINE)}
    flat = re.sub(r" \((implied|contradicts)[^)]*\)", "", " ".join(body.split()))
    cited = {int(number) for marks in re.findall(r"\[(\d[^\]]*)\]", flat) for number in re.findall(r"\d+", marks)}
    assert cited == numbers == {*range(1, max(numbers) + 1)}


def test_show_says_what_a_contradicting_source_says_instead() -> None:
    text = " ".join(run("show", "investment-jpy-10-trillion-2025").output.split())
    assert "scope of the amount private [1, 4, 6 (contradicts: both)]" in text
    assert "amount 10,000,000,000,000 [1, 4, 6]" in text


def test_show_as_json_of_any_row() -> None:
    found = json.loads(run("show", "delhi", "--json").output)
    assert (found["table"], found["row"]["name_ja"]) == ("places", "デリー")
    assert [(group["table"], group["column"]) for group in found["related"]] == [
        ("engagements", "place_id"), ("host_events", "place_id"), ("places", "parent_id"),
    ]  # fmt: skip
    for table in ije.tables():
        for row in ije.load(table, as_="rows")[:2]:
            row_id = row[ije.schema(table).key]
            assert run("show", row_id).exit_code == run("show", row_id, "--json").exit_code == 0


def test_export_writes_what_the_ending_says(tmp_path: Path) -> None:
    result = run("export", "topics", "-o", str(tmp_path / "topics.csv"), "--bom")
    assert (result.exit_code, result.stderr) == (0, f"wrote 165 rows to {tmp_path / 'topics.csv'}\n")
    assert (tmp_path / "topics.csv").read_bytes().startswith(b"\xef\xbb\xbftopic_id,")


def test_questions_bring_no_dataframe_engine() -> None:
    code = """
import sys
from india_japan_engagements.cli import ije
for words in ("find Quad", "series annual-summit", "commitments", "show Modi", "codebook agenda"):
    ije(words.split(), standalone_mode=False)
print(sorted({'pyarrow', 'pandas', 'polars', 'numpy', 'xlsxwriter', 'narwhals'} & {*sys.modules}))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.endswith("\n[]\n")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ije show toshimit", "plain,toshimitsu-motegi\n"),
        ("ije series annual", "plain,annual-summit\n"),
        ("ije find --kind vi", "plain,visit\n"),
        ("ije betw", "plain,between\n"),
    ],
)
def test_the_shell_completes_ids_codes_and_commands(words: str, found: str) -> None:
    env = {**os.environ, "_IJE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    command = [sys.executable, "-m", "india_japan_engagements"]
    assert subprocess.run(command, capture_output=True, text=True, env=env, check=False).stdout == found


def terminal(arguments: list[str], lines: int, **env: str) -> str:
    """Return what the command writes to a terminal of 80 characters and so many lines."""
    script = "import pty, sys; sys.exit(pty.spawn([sys.executable, '-m', 'india_japan_engagements', *sys.argv[1:]]))"
    known = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    known |= {"COLUMNS": "80", "LINES": str(lines), "TERM": "xterm-256color", "PAGER": "sed s/^/paged:/", **env}
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=known, stdin=subprocess.DEVNULL, check=False
    ).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_gets_colour_and_a_pager_for_what_does_not_fit() -> None:
    short = terminal(["commitments", "--overdue"], 5000)
    assert "\x1b[1;31moverdue" in short and "paged:" not in short
    assert "paged:" in terminal(["commitments", "--overdue"], 5)
    assert "\x1b[1;31m" not in terminal(["commitments", "--overdue"], 5000, NO_COLOR="1")


def test_show_as_a_form_is_what_intake_takes() -> None:
    text = run("show", "modi-takaichi-call-2025", "--form").output
    assert text.startswith("form: 1\nsources:\n")
    assert "engagement:\n  engagement_id: modi-takaichi-call-2025\n" in text
    assert run("show", "茂木敏充", "--form").output.count("\n  tenures:\n") == 1


def test_new_prints_an_empty_form() -> None:
    assert run("new").output.startswith("# An engagement with all that belongs to it.\n")
    assert run("new", "visit").output == run("new").output.replace("\n  kind:\n", "\n  kind: visit\n", 1)
    assert "\ncorrection:\n  table:\n" in run("new", "correction").output
    wrong = run("new", "meeting")
    assert wrong.exit_code == 2
    assert wrong.stderr == (
        "ije: there is no form for 'meeting'; there are engagement, person, office, mechanism, place, host_event, "
        "commitment_update, evidence, correction, visit, exercise, dialogue, talks, call_on, signing, ceremony, "
        "message, announcement\n"
    )

"""Hostile input: whatever a file holds, a clear word and exit code 1 or 2, in little time and memory.

Nothing outside the given folder is read, nothing is fetched, nothing is executed: every command of the corpus runs
under an audit hook that tells of it.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import ROOT, SMALL, Folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_build import PARTS
from test_intake import MEETING

import india_japan_engagements as ije
from india_japan_engagements import forms, reading
from india_japan_engagements.intake import take_in
from india_japan_engagements.report import Problem
from india_japan_engagements.tableschema import Schema
from india_japan_engagements.validation import _descriptor_problems

pytestmark = pytest.mark.hostile

SECONDS, MEMORY = 90, 1_500
"""What a command may take of a processor's time, and of memory in MB."""

SCHEMAS = {table: ije.schema(table) for table in ije.tables()}

WATCH = """
import os, runpy, sys
log, outside, *sys.argv = sys.argv[1:]
told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def watch(event, arguments):
    reached = event in ("socket.connect", "socket.getaddrinfo", "os.system", "os.exec", "os.posix_spawn",
                        "subprocess.Popen")
    if event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], str):
        reached = os.path.realpath(arguments[0]).startswith(outside)
    if reached:
        os.write(told, f"{event} {arguments}\\n".encode("utf-8", "replace"))
import multiprocessing, polars, pandera.polars, frictionless
sys.addaudithook(watch)
if sys.argv[0].endswith(".py"):
    sys.path.insert(0, os.path.dirname(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""

Spoil = Callable[[Folder], object]


def run(folder: Folder, *command: str, source: Path = ROOT) -> tuple[int, list[str], str]:
    """Run a command in the folder, watched and limited; return its exit code, its lines and what it said of errors."""
    outside, log = folder.path.parent / "outside", folder.path.parent / "log"
    out, err = folder.path.parent / "out", folder.path.parent / "err"
    environment = os.environ | {"PYTHONPATH": str(source / "src"), "POLARS_MAX_THREADS": "2"}

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", WATCH, str(log), str(outside), *command],
            cwd=folder.path, env=environment, stdout=stdout, stderr=stderr, preexec_fn=limits,
        )  # fmt: skip
        timer = threading.Timer(SECONDS, process.kill)  # what waits takes no time of the processor
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    said = err.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert log.read_text(encoding="utf-8") == ""
    assert usage.ru_maxrss >> 10 < MEMORY
    return process.returncode, out.read_text(encoding="utf-8").splitlines(), said


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A small package to spoil, with something outside it that nobody is to read."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "names.csv").write_bytes((SMALL / "names.csv").read_bytes())
    shutil.copytree(SMALL, tmp_path / "given" / "data")
    return Folder(tmp_path / "given")


def outside(f: Folder, name: str = "names.csv") -> Path:
    return f.path.parent / "outside" / name


def names(head: bytes, part: bytes = b"", times: int = 0) -> Spoil:
    """Append to the names: the head, and a part again and again."""

    def spoil(f: Folder) -> None:
        with f.file("names").open("ab") as file:
            file.write(head)
            for _ in range(times):
                file.write(part)

    return spoil


def instead(f: Folder, put: Callable[[Path], object]) -> None:
    f.file("names").unlink()
    put(f.file("names"))


def header(text: bytes) -> Spoil:
    return lambda f: f.file("redirects").write_bytes(text)


def descriptor(content: object) -> Spoil:
    text = content if isinstance(content, bytes) else json.dumps({"resources": [content]}).encode()
    return lambda f: (f.path / "datapackage.json").write_bytes(text)


MEGA = b"M" * (1 << 20)
ROW = b"x.x,people,s-jaishankar,"
LINK = "data/names.csv [E023] this is a link, a folder or a device; put the file itself in its place"
LARGE = "see what fills it; no table of the record comes near that"
CELL = (
    "data/names.csv:3 [E024] a cell of this row has more than 32,767 characters; shorten it; if it is not that long, "
    "close the double quote it begins with"
)
ALONE = "name files of the folder alone"
JNB = "modi-takaichi-johannesburg-2025"

TABLES: list[tuple[str, Spoil, str]] = [
    (
        "a cell of 200 MB",
        names(ROW, MEGA, 200),
        f"data/names.csv:3 [E024] the line is longer than 4 MB; {LARGE}",
    ),
    ("a cell of 200 MB in short lines", names(ROW + b'"', b"M" * 99 + b"\n", 2_000_000), CELL),
    ("a quote that is never closed", names(ROW + b'"', b"x.x,people,s-jaishankar,M,en,Latn,alias\n", 50_000), CELL),
    (
        "a file of 100 GB with nothing in it",
        lambda f: os.truncate(f.file("names"), 100 << 30),
        f"data/names.csv [E024] the file is larger than 256 MB; {LARGE}",
    ),
    (
        "200 MB of NULs",
        lambda f: os.truncate(f.file("names"), 200 << 20),
        f"data/names.csv:3 [E024] the line is longer than 4 MB; {LARGE}",
    ),
    (
        "200 MB of blank lines",
        names(b"", b"\n" * (1 << 20), 200),
        "data/names.csv [E025] more than 10,000 problems stand here, and the rest are not listed; mend what they have in "
        "common, then look again",
    ),
    (
        "more rows than there are days",
        lambda f: f.file("engagements").write_bytes(
            f.file("engagements").read_bytes()
            + b"".join(b"e%d" % number + b"," * 24 + b"\n" for number in range(500_001))
        ),
        f"data/engagements.csv:500002 [E024] the file has more than 500,000 rows; {LARGE}",
    ),
    (
        "10,000 columns",
        header(b",".join(b"c%d" % number for number in range(10_000)) + b"\n"),
        "data/redirects.csv:1 [E007] the header has 10,000 columns, the table 6; write the header: "
        "redirect_id,table_name,old_id,new_id,version,reason",
    ),
    (
        "10,000 cells in a row",
        names(b"," * 9_999 + b"\n"),
        "data/names.csv:3 [E009] the row has 10000 cells, the header 7; give it one cell a column; a comma inside a cell "
        "needs double quotes around the cell",
    ),
    ("a link out of the folder", lambda f: instead(f, lambda path: path.symlink_to(outside(f))), LINK),
    ("a link to a device without end", lambda f: instead(f, lambda path: path.symlink_to("/dev/zero")), LINK),
    ("a link to itself", lambda f: instead(f, lambda path: path.symlink_to(path)), LINK),
    ("a pipe nobody writes to", lambda f: instead(f, os.mkfifo), LINK),
    ("a folder called like a table", lambda f: instead(f, os.mkdir), LINK),
    (
        "a NUL in a cell",
        lambda f: f.set("names", "toshimitsu-motegi.motegi-toshimitsu", name="Motegi\0"),
        "data/names.csv:2 name [E1302] 'Motegi\\x00' contains an invisible or control character; type the text anew, on "
        "one line",
    ),
    (
        "half a character",
        names(ROW + b"\xed\xa0\x80,en,Latn,alias\n"),
        "data/names.csv:3 [E002] byte ed is not UTF-8; save the file as UTF-8; this line shows where it goes wrong first",
    ),
    (
        "commands to the terminal",
        header(b'redirect_id,table_name,old_id,new_id,version,"\x1b]0;owned\x07\nreason"\n'),
        "data/redirects.csv:1 \\x1b]0;owned\\x07\\nreason [E007] the table has no column '\\x1b]0;owned\\x07\\nreason'; "
        "remove it, or add it to the schema first",
    ),
    (
        "a whole number of 5,000 digits",
        lambda f: f.set("engagements", JNB, duration_minutes="9" * 5_000),
        f"data/engagements.csv:5 duration_minutes [E011] '{'9' * 5_000}' is not an integer; write a whole number in plain "
        "digits, such as 15",
    ),
    (
        "a number that is infinite",
        lambda f: f.set("commitments", "invite-500-ai-professionals-2030", quantity="9" * 399),
        f"data/commitments.csv:3 quantity [E011] '{'9' * 399}' is not a number; write plain digits without separators or "
        "exponent, at most 15, such as 10000000000000 or -26.2",
    ),
    (
        "a template in a reference",
        lambda f: f.set("engagements", JNB, place_id="{0.__class__.__mro__}"),
        "data/engagements.csv:5 place_id [E017] places has no row '{0.__class__.__mro__}'; correct the id, or add the row "
        "to places first",
    ),
    (
        "a descriptor that leads out",
        descriptor({"path": "../outside/names.csv"}),
        f"datapackage.json [E026] it names '../outside/names.csv', which is not in this folder; {ALONE}",
    ),
    (
        "a descriptor that leads to the root",
        descriptor({"path": ["/etc/passwd"]}),
        f"datapackage.json [E026] it names '/etc/passwd', which is not in this folder; {ALONE}",
    ),
    (
        "a descriptor that leads out by a link",
        lambda f: (
            (f.path / "more").symlink_to(outside(f).parent),
            descriptor({"path": "more/names.csv"})(f),
        ),
        f"datapackage.json [E026] it names 'more/names.csv', which is not in this folder; {ALONE}",
    ),
    (
        "a descriptor with a schema elsewhere",
        descriptor({"path": "data/names.csv", "schema": "http://127.0.0.1:9/schema.json"}),
        f"datapackage.json [E026] it names 'http://127.0.0.1:9/schema.json', which is not in this folder; {ALONE}",
    ),
    (
        "a descriptor with a NUL and half a character",
        descriptor({"path": "\0\ud800"}),
        f"datapackage.json [E026] it names '\\x00\\ud800', which is not in this folder; {ALONE}",
    ),
    (
        "a descriptor of brackets",
        descriptor(b"[" * 1_000_000),
        "datapackage.json [E026] this is not a descriptor of a data package (maximum recursion depth exceeded while "
        "decoding a JSON array from a unicode string); run: python scripts/build.py",
    ),
    (
        "a descriptor of 200 MB",
        lambda f: (descriptor(b"{}")(f), os.truncate(f.path / "datapackage.json", 200 << 20)),
        "datapackage.json [E026] this is not a descriptor of a data package (it is larger than 4 MB); run: python "
        "scripts/build.py",
    ),
    (
        "a descriptor that is a pipe",
        lambda f: os.mkfifo(f.path / "datapackage.json"),
        "datapackage.json [E026] this is a link, a folder or a device; put the file itself in its place",
    ),
]


@pytest.mark.parametrize(("spoil", "expected"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_hostile_tables_are_refused(folder: Folder, spoil: Spoil, expected: str) -> None:
    spoil(folder)
    code, lines, _ = run(folder, "india_japan_engagements", "validate", str(folder.path), "--referee")
    assert code == 1
    assert expected in lines


def test_a_linked_data_folder_is_not_followed(folder: Folder) -> None:
    shutil.move(folder.path / "data", outside(folder, "data"))
    (folder.path / "data").symlink_to(outside(folder, "data"))
    code, lines, said = run(folder, "india_japan_engagements", "validate", str(folder.path))
    assert (code, lines) == (2, [])
    where = str(folder.path / "data")
    assert said == f"ije: {where!r} is a link, which may lead anywhere; name the folder it stands for\n"


def test_an_address_is_no_folder(folder: Folder) -> None:
    code, lines, said = run(folder, "india_japan_engagements", "validate", "http://127.0.0.1:9/data", "--referee")
    assert (code, lines) == (2, [])
    assert said == (
        "ije: there is no folder 'http://127.0.0.1:9/data'; name one that holds the CSV files, or data/ with them\n"
    )


def test_a_folder_called_like_an_address_is_a_folder(folder: Folder) -> None:
    shutil.copytree(SMALL, folder.path / "http:" / "127.0.0.1:9")
    code, lines, _ = run(folder, "india_japan_engagements", "validate", "http://127.0.0.1:9", "--referee")
    assert (code, lines) == (0, ["194 rows in 20 tables: no problems"])


FORMS: list[tuple[str, bytes, str]] = [
    (
        "a billion laughs",
        b"a0: &a0 lol\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 10)),
        "E031] the YAML is broken: line 2 refers to an anchor; write the value out; ",
    ),
    (
        "100,000 brackets",
        b"form: 1\nengagement: " + b"[" * 100_000,
        "E031] the YAML is broken: line 2 nests more than 50 deep; ",
    ),
    (
        "100,000 indents",
        b"form: 1\nengagement:\n" + b"- " * 100_000,
        "E031] the YAML is broken: line 3 nests more than 50 deep; ",
    ),
    ("a form of 200 MB", MEGA * 200, "E031] the form is larger than 1 MB; split it; one batch takes many forms"),
    (
        "500,000 rows that are none",
        b"form: 1\nengagements: [" + b"a," * 500_000 + b"]",
        "E032] a row is a mapping of columns to values; write column: value lines below it",
    ),
    (
        "a list for a key",
        b"form: 1\n? [a, b]\n: c\n",
        "E031] the YAML is broken: line 2 has a list or mapping as a key; ",
    ),
    (
        "a command in a tag",
        b"form: 1\nengagement: !!python/object/apply:os.system ['exit 1']\n",
        "E032] a row is a mapping of columns to values; write column: value lines below it",
    ),
    (
        "a NUL",
        b"form: 1\n\0",
        "E031] the YAML is broken: unacceptable character #x0000: control characters are not allowed",
    ),
    (
        "half a character",
        MEETING.replace("The ministers spoke about trade.", '"\\ud800"').encode(),
        "E031] the YAML is broken: found invalid Unicode character escape code; ",
    ),
    ("half a character in bytes", b"form: 1\n# \xed\xa0\x80\n", "E031] byte 10 is not UTF-8; save the form as UTF-8"),
    (
        "a whole number of 5,000 digits",
        MEETING.replace("  kind: talks", f"  kind: talks\n  duration_minutes: {'9' * 5_000}").encode(),
        f"E011] '{'9' * 5_000}' is not an integer; write a whole number in plain digits, such as 15",
    ),
    (
        "a cell nobody could read",
        MEETING.replace("The ministers spoke about trade.", "M" * 40_000).encode(),
        "E024] a cell of this row has more than 32,767 characters; ",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("form", "expected"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_hostile_forms_are_refused(folder: Folder, form: bytes, expected: str) -> None:
    path = folder.path / "form.yaml"
    path.write_bytes(form)
    before = files(folder.path / "data")
    code, lines, _ = run(folder, str(ROOT / "scripts" / "intake.py"), "--data", str(folder.path / "data"), str(path))
    assert code == 1
    assert lines[0].partition("[")[2].startswith(expected)
    assert lines[-1].startswith("nothing was written: ")
    assert files(folder.path / "data") == before


def files(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data.glob("*.csv")}


def test_a_form_without_end_is_not_read_to_it(folder: Folder) -> None:
    code, lines, _ = run(folder, str(ROOT / "scripts/intake.py"), "--data", str(folder.path / "data"), "/dev/zero")
    assert (code, lines[0]) == (
        1, "/dev/zero:1 [E031] the form is larger than 1 MB; split it; one batch takes many forms",
    )  # fmt: skip


def test_a_form_whose_name_is_no_text_is_named(folder: Folder) -> None:
    name = os.fsdecode(b"\xff\x1b.yaml")
    (folder.path / name).write_text("form: 2\n")
    code, lines, _ = run(folder, str(ROOT / "scripts/intake.py"), "--data", str(folder.path / "data"), name)
    assert (code, lines[0]) == (
        1, "\\udcff\\x1b.yaml:1 [E032] this is not a form of version 1; begin with: form: 1; see `ije new`",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        pytest.param(
            lambda f: (f.path / "data" / ".staged").symlink_to(outside(f).parent),
            "data/.staged is not the folder an intake leaves behind; delete it",
            id="a link",
        ),
        pytest.param(
            lambda f: (f.path / "data" / ".staged").touch(),
            "data/.staged is not the folder an intake leaves behind; delete it",
            id="a file",
        ),
    ],
)
def test_a_stage_that_no_intake_left_is_not_taken_in(folder: Folder, spoil: Spoil, expected: str) -> None:
    outside(folder, "complete").touch()
    spoil(folder)
    before = files(folder.path / "data")
    (folder.path / "form.yaml").write_text(MEETING, encoding="utf-8")
    code, lines, said = run(folder, str(ROOT / "scripts" / "intake.py"), "--data", "data", "form.yaml")
    assert (code, lines, said) == (2, [], f"intake: {expected}\n")
    assert files(folder.path / "data") == before
    assert outside(folder).exists()


@pytest.fixture
def checkout(folder: Folder) -> Folder:
    """A copy of everything the build reads and writes."""
    shutil.rmtree(folder.path / "data")
    for part in PARTS:
        copy: Callable[[Path, Path], object] = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder.path / part)
    return folder


def bomb(path: Path) -> None:
    """Write a Parquet file of some kilobytes that stands for gigabytes."""
    # Written by references to one value: making the values here would show in the memory of what is started next.
    names = pa.DictionaryArray.from_arrays(pa.array([0] * 500_000, pa.int32()), ["M" * 10_000])
    pq.write_table(pa.table({"name": names}), path, store_schema=False)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        pytest.param(lambda f: bomb(f.path / "data/names.parquet"), "data/names.parquet", id="a bomb"),
        pytest.param(
            lambda f: os.truncate(f.path / "data/names.parquet", 100 << 30), "data/names.parquet", id="100 GB of nothing"
        ),
        pytest.param(
            lambda f: (
                (f.path / "data/names.parquet").rename(outside(f, "names.parquet")),
                (f.path / "data/names.parquet").symlink_to(outside(f, "names.parquet")),
            ),
            "data/names.parquet",
            id="a link",
        ),
        pytest.param(
            descriptor({"path": "http://127.0.0.1:9/names.csv"}), "datapackage.json", id="a descriptor of a remote path"
        ),
    ],
)  # fmt: skip
def test_what_is_generated_is_compared_and_never_opened(checkout: Folder, spoil: Spoil, expected: str) -> None:
    spoil(checkout)
    code, lines, said = run(checkout, str(checkout.path / "scripts/build.py"), "--check", source=checkout.path)
    assert (code, lines, said) == (1, [f"{expected} is stale; run: python scripts/build.py"], "")


def test_a_schema_that_is_none_is_named(checkout: Folder) -> None:
    path = checkout.path / "schemas" / "names.json"
    path.write_text("[" * 100_000)
    code, lines, said = run(checkout, str(checkout.path / "scripts/build.py"), "--check", source=checkout.path)
    assert (code, lines) == (2, [])
    assert said.startswith(f"build: {path} is not a Table Schema (RecursionError: ")


# Properties: whatever is drawn, always the same draws.

DRAWN = settings(
    derandomize=True, deadline=None, database=None, print_blob=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
MANY, FEW = settings(DRAWN, max_examples=400), settings(DRAWN, max_examples=20)

ODD = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"=1+1", b"9" * 5_000]
)


def spliced(original: bytes) -> st.SearchStrategy[bytes]:
    """Draw the original with pieces cut out, put in and doubled."""
    place = st.integers(0, len(original))
    cut = st.tuples(place, st.integers(0, 40), st.one_of(ODD, st.binary(max_size=20), st.text(max_size=9).map(_bytes)))

    def apply(cuts: list[tuple[int, int, bytes]]) -> bytes:
        content = original
        for start, length, put in cuts:
            content = content[:start] + put + content[start + length :]
        return content

    return st.lists(cut, min_size=1, max_size=6).map(apply)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def showable(problems: list[Problem]) -> bool:
    """Whether each problem is one line that any terminal shows and any pipe takes."""
    return all(len(str(problem).encode().decode().splitlines()) == 1 for problem in problems)


@MANY
@given(table=st.sampled_from(sorted(SCHEMAS)), drawn=st.data())
def test_any_bytes_make_a_table_or_problems(tmp_path: Path, table: str, drawn: st.DataObject) -> None:
    original = (SMALL / f"{table}.csv").read_bytes()
    content = drawn.draw(st.one_of(st.binary(max_size=300), spliced(original)))
    (tmp_path / f"{table}.csv").write_bytes(content)
    found = reading.read(str(tmp_path), SCHEMAS[table])
    assert showable(found.problems)
    assert found.frame.columns == SCHEMAS[table].names
    assert len(found.frame) == len(found.lines)
    assert found.complete or found.problems
    with patch.object(reading, "_faultless", return_value=None):
        by_line = reading.read(str(tmp_path), SCHEMAS[table])
    assert (found.problems, [*found.lines]) == (by_line.problems, [*by_line.lines])
    assert found.frame.equals(by_line.frame)


def test_files_without_fault_are_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(reading, "_fill")
    for table, schema in SCHEMAS.items():
        found = reading.read(str(SMALL), schema)
        assert found.complete
        assert [*found.lines] == [*range(2, (SMALL / f"{table}.csv").read_text().count("\n") + 1)]


@FEW
@given(table=st.sampled_from(sorted(SCHEMAS)), drawn=st.data())
def test_any_tables_make_a_report(small: Folder, table: str, drawn: st.DataObject) -> None:
    original = (SMALL / f"{table}.csv").read_bytes()
    small.file(table).write_bytes(drawn.draw(spliced(original)))
    report = ije.validate(small.path)
    small.file(table).write_bytes(original)
    assert showable(report.problems)
    assert len(report.github().splitlines()) == len(report.problems)
    assert len(json.loads(report.json())["problems"]) == len(report.problems)


NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda number: format(number, "f")),
    st.from_regex(r"-?(0|[1-9][0-9]{0,25})(\.[0-9]{0,25}[0-9])?", fullmatch=True),
)


@MANY
@given(text=NUMBERS)
def test_a_number_is_kept_to_the_last_digit_or_refused(text: str) -> None:
    """What is read and written again is the same number: a build may not round what a source states."""
    quantity = SCHEMAS["commitments"]["quantity"]
    with tempfile.TemporaryDirectory() as folder:
        row = dict.fromkeys(SCHEMAS["commitments"].names, "x") | {"quantity": text}
        Path(folder, "commitments.csv").write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")
        found = reading.read(folder, SCHEMAS["commitments"])
    written = reading.text_of(found.frame["quantity"][0])
    refused = ("quantity", "E011") in {(problem.column, problem.code) for problem in found.problems}
    assert refused == (written == "")
    assert refused or (Decimal(written) == Decimal(text) and reading.well_formed(written, quantity))


WORDS = st.sampled_from(
    [*SCHEMAS, *map(forms.singular, SCHEMAS.values()), "form", "sources", "corrections", "evidence", "names", "value",
     "source", "participations", "start_date", "kind", "table", "row", "column", "old", "new", "1", "a", "*"]
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(), st.text(max_size=9)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=15,
)


@MANY
@given(
    content=st.one_of(
        st.binary(max_size=200),
        spliced(MEETING.encode()),
        VALUES.map(lambda value: yaml.safe_dump({"form": 1, "engagement": value}, allow_unicode=True).encode()),
        st.dictionaries(WORDS, VALUES, max_size=5).map(lambda value: yaml.safe_dump(value | {"form": 1}).encode()),
    )
)
def test_any_bytes_make_a_form_or_problems(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "form.yaml"
    path.write_bytes(content)
    form = forms.read(str(path), SCHEMAS)
    assert showable(form.problems)
    assert all(1 <= problem.line <= content.count(b"\n") + content.count(b"\r") + 2 for problem in form.problems)
    entries = [*form.entries, *form.corrections, *form.sources.values()]
    assert all(isinstance(cell.text, str) and cell.text for entry in entries for cell in entry.cells.values())


@FEW
@given(
    content=st.one_of(
        spliced(MEETING.encode()), st.dictionaries(WORDS, VALUES, max_size=5).map(lambda value: yaml.safe_dump(value | {"form": 1}).encode())
    )
)  # fmt: skip
def test_any_form_is_taken_in_whole_or_not_at_all(small: Folder, content: bytes) -> None:
    data = small.path / "data"
    shutil.copytree(SMALL, data, dirs_exist_ok=True)
    (small.path / "form.yaml").write_bytes(content)
    result = take_in(str(data), [str(small.path / "form.yaml")])
    assert showable(result.problems)
    changed = {path.stem for path in SMALL.glob("*.csv") if path.read_bytes() != (data / path.name).read_bytes()}
    assert changed <= {*result.added, *result.changed}
    assert not (result.problems and changed)
    assert ije.validate(small.path).clean


JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=9), inner, max_size=4)),
    max_leaves=9,
)


@MANY
@given(drawn=st.data())
def test_any_json_makes_a_schema_or_one_error(tmp_path: Path, drawn: st.DataObject) -> None:
    """Every part of a real schema is replaced, one at a time, by anything JSON can say."""
    path, spec = tmp_path / "names.json", json.loads((ROOT / "schemas" / "names.json").read_bytes())
    at, depth = spec, drawn.draw(st.integers(0, 4))
    while depth and (inner := [key for key in _keys(at) if isinstance(at[key], dict | list) and at[key]]):
        at, depth = at[drawn.draw(st.sampled_from(inner))], depth - 1
    key = drawn.draw(st.sampled_from(_keys(at)))
    if drawn.draw(st.booleans()):
        at[key] = drawn.draw(JSON)
    else:
        del at[key]
    path.write_text(json.dumps(spec))
    try:
        schema = Schema.read(str(path))
    except ValueError as error:
        assert str(error).startswith(f"{path} is not a Table Schema (")
    else:
        assert len(schema.to_arrow()) == len(schema.names)


def _keys(part: Any) -> list[Any]:
    return list(part) if isinstance(part, dict) else list(range(len(part)))


PATHS = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from(["..", ".", "data", "names.csv", "", "~", "http:", "file:", "\0"]), max_size=6).map(
        "/".join
    ),
)


@MANY
@given(
    content=st.one_of(
        st.binary(max_size=200).map(lambda raw: (raw, None)),
        JSON.map(lambda value: (json.dumps(value).encode(), None)),
        st.tuples(st.sampled_from(["path", "schema", "dialect", "extrapaths"]), PATHS).map(
            lambda pair: (json.dumps({"resources": [{"name": "x", pair[0]: pair[1]}]}).encode(), pair[1])
        ),
    )
)
def test_any_descriptor_is_within_or_refused(tmp_path: Path, content: tuple[bytes, str | None]) -> None:
    raw, named = content
    start = tmp_path / "given" / "package"
    start.mkdir(parents=True, exist_ok=True)
    (start / "datapackage.json").write_bytes(raw)
    problems = [*_descriptor_problems(str(start))]
    assert showable(problems)
    assert {problem.code for problem in problems} <= {"E026"}
    if named is None:
        assert problems
    elif not problems:
        assert os.path.normpath(start / named).startswith(str(start))
        # The scheme of an address as RFC 3986 has it; a colon after anything else is part of a name.
        assert not re.match("[A-Za-z][A-Za-z0-9+.-]*:", named)

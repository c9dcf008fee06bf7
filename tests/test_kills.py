"""Kills: whatever moment an intake or a build dies at, the tables are the old or the new ones, whole.

Each kill is a child, forked from a warm parent so that it costs milliseconds, that dies by SIGKILL: before its n-th
operation on a file, in the middle of a write, or after a random time.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, SMALL, Folder
from test_build import PARTS, snapshot
from test_intake import MEETING

import india_japan_engagements as ije
from india_japan_engagements import store
from india_japan_engagements.intake import take_in

pytestmark = pytest.mark.hostile

# What every child does: die at a point, which is ["operation", n], ["bytes", n] or ["share", of the time it takes].
DYING = """
import json, os, random, resource, shutil, signal, sys, time
took = 0
OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.listdir", "os.scandir", "shutil.rmtree"}

def arm(point, folder):
    kind, n = point
    if kind == "operation":
        left = [n]
        def before(event, arguments):
            if event in OPERATIONS and folder in str(arguments[0]):
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
        sys.addaudithook(before)
    elif kind == "bytes":
        # The system itself kills whoever writes a file beyond n bytes: the first n are on disk.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))
    else:
        # SIGALRM ends a process that has no handler for it at once, as SIGKILL does.
        signal.setitimer(signal.ITIMER_REAL, n * took)

def dies(point, folder, work):
    pid = os.fork()
    if not pid:
        sys.stdout = sys.stderr = open(os.devnull, "w")
        arm(point, folder)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
"""


def parent(code: str, *arguments: object, source: Path = ROOT) -> list[list[object]]:
    """Run the code of a warm parent; return what it tells of each child."""
    environment = os.environ | {"PYTHONPATH": str(source / "src"), "POLARS_MAX_THREADS": "1"}
    command = [sys.executable, "-c", DYING + code, *map(str, arguments)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=400)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


@pytest.fixture
def taken(tmp_path: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """A folder to spoil, its tables, and the tables as they are when a form is taken in."""
    data, form = tmp_path / "data", tmp_path / "form.yaml"
    form.write_text(MEETING, encoding="utf-8")
    shutil.copytree(SMALL, data)
    assert take_in(str(data), [str(form)]).problems == []
    new = tables(data)
    shutil.rmtree(data)
    shutil.copytree(SMALL, data)
    return data, tables(data), new


# For each point: kill, look what a reader would find, let the next writer recover, look again.
KILLED = """
from india_japan_engagements import store
import india_japan_engagements as ije
from india_japan_engagements import store
from india_japan_engagements.intake import take_in
import polars, pandera.polars, filelock, rapidfuzz.process, india_japan_engagements.validation
data, form, points, small = sys.argv[1:]
points = json.loads(points)
def work():
    take_in(data, [form])
def tables():
    names = (name for name in os.listdir(data) if name.endswith(".csv"))
    return {name: open(os.path.join(data, name), "rb").read() for name in names}
def which(found):
    return "old" if found == old else "new" if found == new else "mixed"
old = tables()
start = time.monotonic()
if not dies(("operation", 10**9), data, work) == 0:
    sys.exit("it cannot be taken in at all")
took = time.monotonic() - start
new = tables()
shutil.rmtree(data)
shutil.copytree(small, data)
for point in points:
    code = dies(point, data, work)
    parts = {"old" if old[name] == content else "new" if new[name] == content else "torn"
             for name, content in tables().items() if old[name] != new[name]}
    told = store.unfinished(data)
    before = which(tables())
    with store.locked(data):
        store.recover(data)
    print(json.dumps([code, sorted(parts), before, told, which(tables()), sorted(os.listdir(data)) == sorted(old)]))
    if which(tables()) != "old":
        shutil.rmtree(data)
        shutil.copytree(small, data)
"""


def judged(children: list[list[object]]) -> list[int]:
    """Assert of every child that no table is torn and no mixture unannounced; return the exit codes."""
    for code, parts, before, told, after, tidy in children:
        assert "torn" not in parts
        assert before != "mixed" or told  # E022
        assert after in ("old", "new")
        assert tidy
        assert (code == 0) <= (after == "new")
    return [child[0] for child in children]


def test_an_intake_killed_before_any_operation_on_its_files(
    taken: tuple[Path, dict[str, bytes], dict[str, bytes]],
) -> None:
    """Every operation from the first to the last, so that no window is missed by chance."""
    data, old, new = taken
    assert {name for name in old if old[name] != new[name]} == {
        "agenda.csv", "engagements.csv", "evidence.csv", "participations.csv", "sources.csv",
    }  # fmt: skip
    children = parent(KILLED, data, data.parent / "form.yaml", json.dumps([["operation", n] for n in range(90)]), SMALL)
    codes = judged(children)
    assert codes.count(-9) >= 60
    assert codes[-1] == 0  # beyond the last
    assert {after for code, *_, after, _ in children if code == -9} == {"old", "new"}
    assert "mixed" in {before for _, _, before, *_ in children}


def test_an_intake_killed_in_the_middle_of_a_write(taken: tuple[Path, dict[str, bytes], dict[str, bytes]]) -> None:
    """Before all is staged, what is staged whole counts for nothing."""
    data, _, new = taken
    largest = max(len(new[name]) for name in ("agenda.csv", "engagements.csv", "evidence.csv", "sources.csv"))
    draw = random.Random("bytes")
    points = [["bytes", draw.randrange(7, largest)] for _ in range(40)]
    children = parent(KILLED, data, data.parent / "form.yaml", json.dumps(points), SMALL)
    assert {*judged(children)} == {-signal.SIGXFSZ}
    assert {after for *_, after, _ in children} == {"old"}


def test_an_intake_killed_at_random_moments(taken: tuple[Path, dict[str, bytes], dict[str, bytes]]) -> None:
    data, *_ = taken
    draw = random.Random("moments")
    points = [["share", draw.uniform(0.1, 1.1)] for _ in range(60)]
    codes = judged(parent(KILLED, data, data.parent / "form.yaml", json.dumps(points), SMALL))
    assert codes.count(-signal.SIGALRM) >= 20


# The moves alone, of which a whole intake makes but a few: every n, over and over, each time recovered from.
MOVED = """
from india_japan_engagements import store
data, points = sys.argv[1], json.loads(sys.argv[2])
def contents(generation):
    return {f"{number}.csv": b"%d\\n" % generation * 1000 for number in range(5)}
def found():
    return {int(open(os.path.join(data, name), "rb").readline()) for name in os.listdir(data) if name.endswith(".csv")}
store.replace_all(data, contents(0))
held = 0
for generation, point in enumerate(points, 1):
    code = dies(point, data, lambda: store.replace_all(data, contents(generation)))
    sizes = {os.path.getsize(os.path.join(data, name)) for name in os.listdir(data) if name.endswith(".csv")}
    whole = sizes <= {len(contents(held)["0.csv"]), len(contents(generation)["0.csv"])}
    mixed, told = len(found()) > 1, store.unfinished(data)
    # A recovery may be killed as well, and is recovered from in its turn.
    dies(["operation", generation % 13], data, lambda: store.recover(data))
    store.recover(data)
    print(json.dumps([code, whole, not mixed or told, found() in ({held}, {generation})]))
    (held,) = found()
"""


def test_moves_killed_over_and_over_with_their_recovery(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    points = [["operation", n % 18] for n in range(240)]
    children = parent(MOVED, tmp_path / "data", json.dumps(points))
    assert len(children) == 240
    assert all(child[1:] == [True, True, True] for child in children)
    assert sum(child[0] == -9 for child in children) >= 200


# A build replaces one file after the other. "written": what it writes is made once, and the writing is killed; "whole":
# all of it runs, in a child that is the first to use its libraries.
BUILT = """
from pathlib import Path
root, kind, points = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
sys.path.insert(0, str(root / "scripts"))
import build, filelock, pandera.polars
if kind == "written":
    contents = dict(build.generated())
    report = build.validate(root / "data")
    build.generated, build.validate = contents.items, lambda folder, published: report
else:
    files = [*root.glob("data/**/*.parquet"), *root.glob("data/views/*.csv"), root / "datapackage.json"]
    contents = {path: path.read_bytes() for path in files}
for point in [["operation", 10**9], *points]:
    for path in contents:
        path.write_bytes(b"old")
    start = time.monotonic()
    code = dies(point, str(root), lambda: os._exit(build.main([])))
    # The first is often the slowest, and a share of its time then comes after the end of the others.
    spent = time.monotonic() - start
    took = min(took or spent, spent) if code == 0 else took
    kinds = ["old" if path.read_bytes() == b"old" else "new" if path.read_bytes() == content else "torn"
             for path, content in contents.items()]
    print(json.dumps([code, *(kinds.count(kind) for kind in ("old", "new", "torn"))]))
"""  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for part in PARTS:
        copy: Callable[[Path, Path], object] = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    return tmp_path


def killed_builds(checkout: Path, kind: str, points: list[list[object]]) -> list[list[int]]:
    """Kill a build at each point; assert that no file is torn and that a last build, left alone, mends all."""
    before = snapshot(checkout)
    children = parent(BUILT, checkout, kind, json.dumps([*points, ["operation", 10**9]]), source=checkout)
    _, *killed, last = children
    assert len(killed) == len(points)
    assert {torn for *_, torn in children} == {0}
    assert last[:2] == [0, 0]
    left = snapshot(checkout)
    assert {name: left[name] for name in before} == before
    return killed


def test_a_build_killed_while_it_writes(checkout: Path) -> None:
    """Every third operation of several hundred; and in the middle of files of any size."""
    draw = random.Random("build")
    points: list[list[object]] = [["operation", 3 * n] for n in range(80)]
    points += [["bytes", draw.randrange(7, 150_000)] for _ in range(40)]
    killed = killed_builds(checkout, "written", points)
    codes = [code for code, *_ in killed]
    assert codes.count(-9) >= 60
    assert codes.count(-signal.SIGXFSZ) >= 20
    assert len({new for _, _, new, _ in killed}) >= 20


def test_a_build_killed_at_random_moments(checkout: Path) -> None:
    draw = random.Random("moments")
    killed = killed_builds(checkout, "whole", [["share", draw.uniform(0.4, 1.1)] for _ in range(40)])
    assert sum(code == -signal.SIGALRM for code, *_ in killed) >= 10


def test_a_build_does_not_undo_an_intake(checkout: Path) -> None:
    """A build reads the tables and writes them sorted: an intake in between would be lost, so one of them waits."""
    with store.locked(str(checkout / "data")):
        command = [sys.executable, str(checkout / "scripts" / "build.py")]
        environment = os.environ | {"PYTHONPATH": str(checkout / "src")}
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        f"build: another intake or build is writing to {checkout / 'data'}; wait for it to end, then run yours again: "
        "nothing was written\n"
    )


def test_intakes_at_once_lose_no_row(tmp_path: Path) -> None:
    """Six intakes start together; each takes its form in or says that it did not, and is run again until it has."""
    shutil.copytree(SMALL, tmp_path / "data")
    waiting = []
    for number in range(6):
        form = tmp_path / f"{number}.yaml"
        form.write_text(MEETING.replace("2026-03-05", f"2026-03-1{number}"), encoding="utf-8")
        waiting.append(form)
    script = str(ROOT / "scripts" / "intake.py")
    locked = 0
    while waiting:
        running = {
            form: subprocess.Popen(
                [sys.executable, script, "--data", str(tmp_path / "data"), str(form)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for form in waiting
        }  # fmt: skip
        for form, process in running.items():
            out, err = process.communicate(timeout=120)
            if process.returncode == 0:
                assert out.startswith("took in: ")
                waiting.remove(form)
            else:
                assert process.returncode == 2
                assert err.startswith("intake: another intake or build is writing to ")
                assert err.endswith(": nothing was written\n")
                locked += 1
    assert locked >= 1
    days = [
        row["start_date"]
        for row in Folder(tmp_path).rows("engagements")
        if row["title_en"] == "Jaishankar and Motegi meet"
    ]
    assert sorted(days) == [f"2026-03-1{number}" for number in range(6)]
    assert ije.validate(tmp_path).clean

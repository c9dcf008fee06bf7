"""The build: deterministic, loud about drift, and never the end of a file it could not replace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

PARTS = ("CITATION.cff", "README.md", "data", "datapackage.json", "docs", "metadata.toml", "schemas", "scripts", "src")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of everything the build reads and writes."""
    for part in PARTS:
        source = ROOT / part
        copy: Callable[[Path, Path], object] = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / part)
    return tmp_path


def build(checkout: Path, *arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """Run the copy's own build, with the copy's own package."""
    script = checkout / "scripts" / "build.py"
    command = [sys.executable, *(["-c", code] if code else [str(script), *arguments])]
    environment = os.environ | {"PYTHONPATH": str(checkout / "src"), "PYTHONHASHSEED": "random"}
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def snapshot(checkout: Path) -> dict[str, bytes]:
    kept = [path for part in ("data", "schemas", "docs") for path in (checkout / part).rglob("*")]
    return {str(path.relative_to(checkout)): path.read_bytes() for path in kept if path.is_file()} | {
        name: (checkout / name).read_bytes() for name in ("datapackage.json", "CITATION.cff", "README.md")
    }


def test_what_is_committed_is_what_the_build_writes(checkout: Path) -> None:
    run = build(checkout, "--check")
    assert (run.returncode, run.stdout) == (0, "")


def test_the_build_restores_every_generated_file_to_the_byte(checkout: Path) -> None:
    before = snapshot(checkout)
    generated = [name for name in before if name.endswith(".parquet") or "views/" in name]
    for name in [
        *generated,
        "datapackage.json",
        "CITATION.cff",
        "docs/rules.md",
        "docs/codebook.md",
        "docs/coverage.md",
    ]:
        (checkout / name).unlink()
    assert build(checkout).returncode == 0
    assert snapshot(checkout) == before


def test_check_names_each_stale_file_and_writes_none(checkout: Path) -> None:
    csv = checkout / "data" / "names.csv"
    csv.write_bytes(csv.read_bytes().replace(b",Modiji,", b",Modi-ji,"))
    before = snapshot(checkout)
    run = build(checkout, "--check")
    assert run.returncode == 1
    assert run.stdout.splitlines() == [
        "data/names.parquet is stale; run: python scripts/build.py",
        "datapackage.json is stale; run: python scripts/build.py",
    ]
    assert snapshot(checkout) == before


def test_rows_in_any_order_are_written_sorted(checkout: Path) -> None:
    csv = checkout / "data" / "names.csv"
    before = csv.read_bytes()
    header, *rows = before.splitlines(keepends=True)
    csv.write_bytes(b"".join([header, *reversed(rows)]))
    assert "data/names.csv is stale" in build(checkout, "--check").stdout
    assert build(checkout).returncode == 0
    assert csv.read_bytes() == before


def test_a_broken_table_is_never_written_over(checkout: Path) -> None:
    csv = checkout / "data" / "names.csv"
    csv.write_bytes(csv.read_bytes().replace(b",alias\n", b",alias,\n", 1))
    before = snapshot(checkout)
    run = build(checkout)
    assert run.returncode == 1
    assert "[E009]" in run.stdout
    assert "nothing was written" in run.stderr
    assert snapshot(checkout) == before


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_build_that_dies_leaves_whole_files(checkout: Path, after: int) -> None:
    """Killed before its n-th replacement, a build leaves each file as it was or as it should be, and a rerun heals."""
    complete = snapshot(checkout)
    stale = dict(complete)
    for name in ("data/people.parquet", "data/views/timeline.csv", "docs/rules.md", "datapackage.json"):
        (checkout / name).write_bytes(b"old")
        stale[name] = b"old"
    code = f"""
import os, sys
sys.path.insert(0, "scripts")
import build
seen = []
real = os.replace
def dying(source, target):
    if len(seen) == {after}:
        os._exit(9)
    seen.append(target)
    return real(source, target)
os.replace = dying
build.main([])
"""
    assert build(checkout, code=code).returncode == 9
    left = {name: content for name, content in snapshot(checkout).items() if not Path(name).name.startswith(".")}
    assert all(left[name] in (stale[name], complete[name]) for name in complete)
    assert sum(left[name] != stale[name] for name in complete) == after
    assert build(checkout).returncode == 0
    assert {name: snapshot(checkout)[name] for name in complete} == complete

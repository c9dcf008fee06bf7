"""How building, intake and the site grow: the cost of a row at ten times the record over that of a row today.

    python benchmarks/growing.py [--rounds 3]

A cost that grows with the rows alone keeps its ratio at one. Each is a process of its own: `scripts/build.py` on a
checkout, a thousand forms taken into a record, and the explorer written anew. The rows that make the record ten times
as large are simulated for the build and the intake, and copies with ids of their own for the explorer.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checking import package
from harness import Claim, claim, command, save

import india_japan_engagements as ije

ROOT = Path(__file__).resolve().parent.parent
TIMES = (1, 10)
FLAT = 1.1
"""How much more a row may cost at ten times as many."""
FORMS = 1000


def checkout(folder: Path, times: int) -> int:
    """Write a checkout whose record is ``times`` as large, with nothing generated; return its rows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if not name.startswith(("data/", "tests/", "releases/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    rows = package(folder, times)
    (folder / "data" / "views").mkdir()
    return rows


def building(rounds: int) -> Claim:
    """Return the claim on ``scripts/build.py``."""
    taken: dict[str, list[float]] = {f"{times}×": [] for times in TIMES}
    with tempfile.TemporaryDirectory() as scratch:
        rows = {times: checkout(Path(scratch) / str(times), times) for times in TIMES}
        for _ in range(rounds):
            for times, count in rows.items():
                folder = Path(scratch) / str(times)
                for made in folder.glob("data/**/*.parquet"):
                    made.unlink()
                start = time.perf_counter()
                command([sys.executable, "scripts/build.py"], cwd=str(folder), PYTHONPATH=str(folder / "src"))()
                taken[f"{times}×"].append((time.perf_counter() - start) / count)
    return claim("build, a row", taken, "10×", "1×", FLAT)


def intake(rounds: int) -> Claim:
    """Return the claim on a thousand forms: seconds for a row of the record they come into."""
    base = sum(len(ije.load(table, as_="rows")) for table in ije.tables())
    taken: dict[str, list[float]] = {f"{times}×": [] for times in TIMES}
    for _ in range(rounds):
        for times in TIMES:
            # What is simulated comes on top of the record, each engagement with five rows that hang on it.
            size = max(1, (times - 1) * base // 6)
            run = [sys.executable, str(ROOT / "benchmarks" / "intake.py"), "--size", str(size), "--forms", str(FORMS)]
            found = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
            taken[f"{times}×"].append(float(found[1]) / float(found[3]))
    return claim(f"intake of {FORMS:,} forms, a row of the record", taken, "10×", "1×", FLAT)


def explorer(rounds: int) -> Claim:
    """Return the claim on the site, in seconds of the processor."""
    # By its path: the standard library has a module of that name.
    spec = importlib.util.spec_from_file_location("benchmark_site", ROOT / "benchmarks" / "site.py")
    assert spec and spec.loader
    site = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(site)
    taken: dict[str, list[float]] = {f"{times}×": [] for times in TIMES}
    for _ in range(rounds):
        for times in TIMES:
            with tempfile.TemporaryDirectory() as scratch:
                count = site.copied(Path(scratch) / "package", times)
                _, busy, _, _ = site.built(Path(scratch) / "package", Path(scratch) / "site")
                taken[f"{times}×"].append(busy / count)
    return claim("explorer, an engagement", taken, "10×", "1×", FLAT)


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    save("growing", [building(rounds), intake(rounds), explorer(1)])


if __name__ == "__main__":
    main()

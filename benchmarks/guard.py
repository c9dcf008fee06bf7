"""Watch the hot paths by counted instructions, which neither load nor machine speed moves.

    python benchmarks/guard.py            compare with benchmarks/baseline.json; exit 1 where one has grown
    python benchmarks/guard.py --write    write the baseline anew, with the reason in the commit

Each path is run by valgrind in a process of its own, less an empty start, and counted in units of a plain task on the
same files (reading them with ``csv`` or pyarrow), so that it does not move as the record grows. On another
minor version of Python or of a library than the baseline's, which is said, more growth is let pass.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = Path(__file__).resolve().parent / "baseline.json"
TOLERANCE = 1.15
"""How much a path may grow; repeated counts differ by less than a hundredth."""
ELSEWHERE = 1.5
"""How much it may grow where versions are others than the baseline's: enough to see a library imported needlessly."""
SLACK = 0.02
"""How much it may grow besides: importing the package is so little that the length of a path shows in it."""
FILES = "import csv, glob; [[*csv.reader(open(f, newline=''))] for f in sorted(glob.glob('data/*.csv'))]"
PATHS = {
    # What is run, and the plain task it is counted in.
    "import": ("import india_japan_engagements", "import csv"),
    "load": (
        "import india_japan_engagements as ije; ije.load('evidence')",
        "import pyarrow.parquet as pq; pq.ParquetFile('data/evidence.parquet').read()",
    ),
    "rows": ("import india_japan_engagements as ije; [ije.load(t, as_='rows') for t in ije.tables()]", FILES),
    "find": ("import india_japan_engagements as ije; ije.find(person='narendra-modi')", FILES),
    "validate": (
        "import india_japan_engagements as ije; ije.validate('tests/small')",
        "import polars, narwhals, pycountry, ftfy",
    ),
}


def versions() -> dict[str, str]:
    """Return the versions on which counts depend."""
    python = ".".join(map(str, sys.version_info[:2]))
    return {"python": python} | {name: version(name) for name in ("pyarrow", "polars", "narwhals", "pycountry", "ftfy")}


def counted(code: str) -> int:
    """Return how many instructions a fresh interpreter takes for ``code``."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    given |= {"PYTHONPATH": str(ROOT / "src"), "PYTHONHASHSEED": "0", "POLARS_MAX_THREADS": "1"}
    command = [sys.executable, "-c", code]
    subprocess.run(command, cwd=ROOT, env=given, check=True)  # so that no module is compiled while it is counted
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        cwd=ROOT, env=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"refs:\s+([0-9,]+)", done.stderr)
    if done.returncode or not found:
        raise RuntimeError(f"valgrind could not run it: {done.stderr[-500:]}")
    return int(found[1].replace(",", ""))


def measure() -> dict[str, float]:
    """Return each path in units of its plain task."""
    start = counted("pass")
    units = {unit: counted(unit) - start for unit in {unit for _, unit in PATHS.values()}}
    return {name: float(f"{(counted(code) - start) / units[unit]:.3g}") for name, (code, unit) in PATHS.items()}


def main() -> None:
    """Compare or write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        BASELINE.write_text(json.dumps({"versions": versions(), "paths": measure()}, indent=2) + "\n")
        return
    baseline = json.loads(BASELINE.read_text())
    tolerance = TOLERANCE
    if baseline["versions"] != versions():
        tolerance = ELSEWHERE
        print(f"the baseline is of {baseline['versions']}, here is {versions()}: {tolerance} times as much may pass")
    before: dict[str, float] = baseline["paths"]
    now = measure()
    grown = [name for name in PATHS if now[name] > before[name] * tolerance + SLACK]
    for name, value in now.items():
        print(f"{name:<10} {before[name]:>8.3g} → {value:<8.3g} {'grown' if name in grown else ''}".rstrip())
    if grown:
        print("find what made it slower, or say in the commit why it must be, with benchmarks/guard.py --write")
    sys.exit(bool(grown))


if __name__ == "__main__":
    main()

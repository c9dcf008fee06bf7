"""How the site grows: its size and time at several times today's record, and how quickly it answers in a browser.

    python benchmarks/site.py [--copies 1 3 10]

Each copy of the record has ids of its own, so that all that grows with it grows alike. Prints for each size the
seconds and megabytes, and those of the processor and the disk over the first: the cost is linear where these ratios
are those of the copies. Then in Chromium, as a reader has it open from the disk, the median and the slowest of many
searches and of many filters of the table, at the largest size.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import india_japan_engagements as ije

ROOT = Path(__file__).resolve().parent.parent
SEARCHES = [
    "Modi", "takaichi", "高市早苗", "茂木 2026", "मोदी", "jaishanker", "high speed rail", "critical minerals",
    "Takaichii tokyo", "foreign ministers strategic dialogue", "malabar", "deli", "semiconducter", "quad summit",
    "xylophone",
]  # fmt: skip
FILTERS = [
    "kind=dialogue", "kind=talks,call_on&level=head_of_government", "person=narendra-modi", "from=2024&to=2024",
    "q=rail", "topic=critical-minerals", "tier=A&from=2020", "place=delhi&kind=visit", "",
    "q=semiconductor&format=in_person",
]  # fmt: skip
# Filtering and drawing as they happen after a choice, until the browser has laid the table out.
FILTER = """hash => { const began = performance.now(); history.replaceState(null, '', '#' + hash);
dispatchEvent(new Event('hashchange')); document.body.getBoundingClientRect(); return performance.now() - began; }"""
SEARCH = "async text => { const began = performance.now(); await IJE.find(text); return performance.now() - began; }"


def copied(folder: Path, copies: int) -> int:
    """Write a package of so many copies of the record; return how many engagements it has."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copy(ROOT / "metadata.toml", folder)
    (folder / "data/views").mkdir(parents=True)
    for name in ije.tables(views=True):
        schema = ije.schema(name)
        ids = {schema.key, *schema.foreign_keys, "row_id", "successor_id", "old_id", "new_id"}
        with open(ije.path(name, "csv"), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        target = folder / "data" / ("" if name in ije.tables() else "views") / f"{name}.csv"
        with open(target, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, schema.names, lineterminator="\n")
            writer.writeheader()
            for copy in range(copies):
                mark = f"-copy-{copy}" if copy else ""
                for row in rows:
                    writer.writerow(
                        {key: f"{value}{mark}" if key in ids and value else value for key, value in row.items()}
                    )
        target.with_suffix(".parquet").touch()
    return copies * len(ije.load("engagements", as_="rows"))


def built(package: Path, out: Path) -> tuple[float, float, float, int]:
    """Build in a process of its own; return seconds, those of the processor, megabytes and files."""
    code = (
        "import sys; from pathlib import Path; from india_japan_engagements import package\n"
        "package.root = lambda: sys.argv[1]\n"
        "from explorer.pages import write; print(write(Path(sys.argv[2])))"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'scripts'}"}
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(
        [sys.executable, "-c", code, str(package), str(out)],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6
    return seconds, busy, size, int(run.stdout)


def answered(site: Path) -> None:
    """Print how long searches and filters take in a browser, and how large what they load is."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, page_path, script, asked in (
            ("search", "search.html", SEARCH, SEARCHES),
            ("filter", "engagements/index.html", FILTER, FILTERS),
        ):
            page = browser.new_page()
            page.goto(f"{site.as_uri()}/{page_path}")
            page.evaluate(script, asked[0])  # loads the data
            times = [page.evaluate(script, each) for each in asked * 5]
            print(f"{name}: median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms, of {len(times)}")
        browser.close()
    for name in ("search-data.js", "engagements-data.js", "commitments-data.js", "site.css", "search.js", "filter.js"):
        content = (site / "assets" / name).read_bytes()
        print(f"{name}: {len(content) / 1e3:,.0f} kB, compressed {len(gzip.compress(content)) / 1e3:,.0f} kB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 3, 10])
    print(f"{'copies':>8} {'engagements':>12} {'files':>8} {'s':>8} {'CPU s':>8} {'MB':>8} {'CPU s ×':>8} {'MB ×':>6}")
    with tempfile.TemporaryDirectory() as scratch:
        first: tuple[float, float] | None = None
        for copies in parser.parse_args().copies:
            folder, out = Path(scratch) / f"package-{copies}", Path(scratch) / "site"
            count = copied(folder, copies)
            seconds, busy, size, files = built(folder, out)
            first = first or (busy, size)
            ratios = f"{busy / first[0]:8.1f} {size / first[1]:6.1f}"
            print(f"{copies:8} {count:12,} {files:8,} {seconds:8.1f} {busy:8.1f} {size:8.0f} {ratios}", flush=True)
            shutil.rmtree(folder)
        answered(out)


if __name__ == "__main__":
    main()

"""Write ``docs/performance.md`` from ``benchmarks/results.json``, in which every benchmark has put what it measured.

python benchmarks/report.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness import RESULTS, Claim, table

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
SECTIONS = {
    "loading": (
        "Import and load",
        "Fresh processes in environments of their own, with the wheel installed. One required dependency, pyarrow, is "
        "larger than what loaders need that ask for pandas alone and little else: where installed size is no smaller, "
        "the table says so.",
    ),
    "checking": (
        "Validation",
        "Whole processes, start included, on the CSV files: ours asks every rule and lists each problem with its line; "
        "frictionless asks types, constraints and references. Then one table in one process, types and constraints alone, "
        "of rows of which one in a thousand has a fault: once as rows that are there (a frame; for frictionless lists), "
        "once from a CSV file, where reading is most of our time.",
    ),
    "asking": (
        "Questions",
        "Whole processes. What `ije show` answers is more than the four queries beside it: names of everything it "
        "refers to, and the evidence of every related row.",
    ),
    "growing": (
        "Growth",
        "What a row costs at ten times the record over what it costs today, in processes of their own: the build on a "
        "checkout, a thousand forms taken in, and the explorer, in seconds of the processor, for each engagement. Below one "
        "the start still shows.",
    ),
    "scale": (
        "Many rows",
        "Simulated records (`scripts/simulate.py`), one engagement in a thousand with a fault. *By hand* is SQL in "
        "DuckDB with references as anti joins; it asks the conditions of all columns, the references and ten rules, "
        "and so do we in the rows that name an engine. Rules are silent of malformed rows, SQL is not, so it finds a few more. "
        "*All rules* asks everything; there is nothing by hand to compare it with. Each is a process, start included. "
        "DuckDB is held to 1.5 GB when we run it, and goes to disk beyond; by hand it takes what it wants.",
    ),
    "shapes": (
        "Parquet",
        "Size and reading time over those of the files as shipped, then what a reader fetches over HTTP for three columns of "
        "one year. Zstd is smaller, but readers in browsers refuse it; files are written by id, since a change must show as "
        "the lines it changed.",
    ),
}


def facts_table(facts: list[dict[str, Any]]) -> str:
    """Return facts as Markdown tables, one for each set of columns."""
    lines: list[str] = []
    heading: list[str] = []
    for fact in facts:
        if [*fact] != heading:
            heading = [*fact]
            lines += [
                "",
                f"| {' | '.join(name.replace('_', ' ') for name in heading)} |",
                f"|{' --- |' * len(heading)}",
            ]
        lines.append(f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in fact.values())} |")
    return "\n".join(lines)


def page(results: dict[str, Any]) -> str:
    """Return the page."""
    text = [
        "# Performance",
        "",
        "Ratios of medians, taken in turn in one run, so that what else the machine did falls on both sides; *middle half* "
        "is that of the ratios of single rounds. A limit that is not kept says **missed**. Made by `make bench`; a part alone by "
        "the command under its heading. `make bench-check` compares counted instructions of the hot paths with "
        "`benchmarks/baseline.json`.",
    ]
    for name, (title, about) in SECTIONS.items():
        found = results.get(name)
        text += ["", f"## {title}", "", about, ""]
        if not found:
            text.append("Not measured yet.")
            continue
        versions = ", ".join(f"{library} {number}" for library, number in found["versions"].items())
        text.append(
            f"`{found['command']}` on {found['machine']}; {versions}; load of the machine meanwhile {found['busy']}."
        )
        if found["claims"]:
            claims = [Claim(**{key: value for key, value in one.items() if key != "kept"}) for one in found["claims"]]
            text += ["", table(claims)]
        if found["facts"]:
            text.append(facts_table(found["facts"]))
    return "\n".join(text) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(json.loads(RESULTS.read_text())), encoding="utf-8")


if __name__ == "__main__":
    main()

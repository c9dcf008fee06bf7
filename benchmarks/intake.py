"""How intake grows: 1,000 new engagements by form into 1, 5 and 25 times a base record.

    python benchmarks/intake.py [--forms 1000] [--base 1000]

Prints seconds, milliseconds a form and peak memory for each size, and each time over the first: the cost of a form is
flat when these ratios grow no faster than the reading and checking of the record itself, which is shown beside them.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import india_japan_engagements as ije
from india_japan_engagements.forms import dump
from india_japan_engagements.intake import listed, take_in

ROOT = Path(__file__).resolve().parent.parent
SOURCE = {
    "title": "Simulated", "publisher": "Simulated Times", "language": "en", "accessed_on": "2026-11-22",
    "kind": "newspaper", "read_extent": "full",
}  # fmt: skip
# Of calls of the same two on one day, each has a time of its own: they would be doublets else.
CLOCK = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(0, 60, 5)]


def _rows(table: str) -> list[dict[str, str]]:
    with open(ROOT / "data" / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def record(folder: Path, size: int) -> None:
    """Write the real tables and ``size`` simulated engagements with their participants and evidence."""
    tables = {table: _rows(table) for table in ije.tables()}
    blank = {table: dict.fromkeys(ije.schema(table).names, "") for table in ije.tables()}
    tables["sources"].append(blank["sources"] | SOURCE | {"source_id": "simulated"})
    for number in range(size):
        key = f"simulated-{number}"
        day = datetime.date(2019, 6, 1) + datetime.timedelta(days=number % 800)
        tables["engagements"].append(
            blank["engagements"]
            | {"engagement_id": key, "kind": "talks", "format": "telephone", "setting": "bilateral", "status": "held",
               "start_date": day.isoformat(), "start_time": CLOCK[number // 800], "timezone": "Asia/Tokyo",
               "title_en": key, "summary_en": "Simulated.",
               "review_status": "single_coded"}
        )  # fmt: skip
        parts = {f"{key}.narendra-modi": ("narendra-modi", "IND"), f"{key}.japan": ("", "JPN")}
        for part, (person, side) in parts.items():
            office = "prime-minister-india" if person else "prime-minister-japan"
            tables["participations"].append(
                blank["participations"]
                | {"participation_id": part, "engagement_id": key, "person_id": person, "office_id": office,
                   "side": side, "capacity": "principal"}
            )  # fmt: skip
        for table, row in [("engagements", key), *(("participations", part) for part in parts)]:
            tables["evidence"].append(
                blank["evidence"]
                | {"evidence_id": f"{row}.simulated", "table_name": table, "row_id": row, "field": "*",
                   "source_id": "simulated", "stance": "supports"}
            )  # fmt: skip
    for table, found in tables.items():
        with open(folder / f"{table}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ije.schema(table).names, lineterminator="\n")  # type: ignore[arg-type]
            writer.writeheader()
            writer.writerows(found)


def form(number: int) -> str:
    """Return the form of a call that is in no record."""
    day = datetime.date(2022, 1, 1) + datetime.timedelta(days=number)
    evidence = [{"source": "a", "locator": f"paragraph {number}"}]
    people = (("नरेंद्र मोदी", "prime-minister-india", "IND"), ("", "内閣総理大臣", "JPN"))
    parts = [
        {"person_id": person, "office_id": office, "side": side, "capacity": "principal", "evidence": evidence}
        for person, office, side in people
    ]
    meeting = {
        "kind": "talks", "format": "telephone", "setting": "bilateral", "status": "held", "start_date": day.isoformat(),
        "title_en": f"New call {number}", "summary_en": "Simulated.", "evidence": evidence, "participations": parts,
        "agenda": [{"topic_id": "Bilateral trade", "treatment": "discussed", "evidence": evidence}],
    }  # fmt: skip
    return dump({"sources": {"a": SOURCE | {"source_id": "simulated-new"}}, "engagement": meeting})


def measure(size: int, forms: int) -> None:
    """Take the forms into a record of ``size`` and print seconds of validation alone, of intake, and peak memory."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        data.mkdir()
        record(data, size)
        paths = []
        for number in range(forms):
            path = Path(scratch) / f"{number}.yaml"
            path.write_text(form(number), encoding="utf-8")
            paths.append(str(path))
        ije.validate(data)
        start = time.perf_counter()
        report = ije.validate(data)
        assert report.clean
        checked = time.perf_counter() - start
        start = time.perf_counter()
        result = take_in(str(data), paths)
        taken = time.perf_counter() - start
        assert not result.problems, listed(result)
        print(checked, taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, sum(report.rows.values()))


def main() -> None:
    """Measure each size in a process of its own, so that the memory of one does not hide that of another."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--base", type=int, default=1000)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.size is not None:
        measure(options.size, options.forms)
        return
    print(f"{options.forms:,} forms into   validation alone   intake    a form    ratio   peak memory")
    first = 0.0
    for times in (1, 5, 25):
        size = times * options.base
        command = [sys.executable, __file__, "--size", str(size), "--forms", str(options.forms)]
        checked, taken, memory, _ = map(
            float, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        )
        first = first or taken
        print(
            f"{size:>6,} engagements {checked:>14.2f} s {taken:>10.2f} s {taken / options.forms * 1000:>6.1f} ms "
            f"{taken / first:>8.2f} {memory:>10,.0f} MB"
        )


if __name__ == "__main__":
    main()

"""How the rules do on many rows: against the same checks written by hand in DuckDB, in time and memory.

    python benchmarks/scale.py [--rows 1000000 10000000 100000000] [--rounds 3]

Both sides ask the same of the same simulated Parquet files, of which one engagement in a thousand has a fault: every
condition of every column, that ids stand once, every reference (as an anti join: a list of ids would flatter us), and
the rules of ``ROWWISE``. Once they count what is wrong, once they write every failing row to a file. What they find
differs by the rows that are malformed, of which rules are silent. Each is a process of its own, start included.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from harness import Claim, claim, save

ROOT = Path(__file__).resolve().parent.parent
ROWWISE = {
    # The same in SQL: table, column, and the condition that breaks the rule.
    "E106": [("engagements", "start_date", "start_date IS NULL AND status <> 'planned'")],
    "E204": [("engagements", "place_id", "format IN ('telephone', 'video') AND place_id IS NOT NULL")],
    "E205": [
        ("engagements", "duration_minutes", "duration_minutes IS NOT NULL AND duration_basis IS NULL"),
        ("engagements", "duration_basis", "duration_basis IS NOT NULL AND duration_minutes IS NULL"),
    ],
    "E206": [("engagements", "visit_rank", "visit_rank IS NOT NULL AND kind <> 'visit'")],
    "E305": [("participations", "person_id", "person_id IS NULL AND office_id IS NULL")],
    "E403": [("engagements", "ordinal", "status = 'cancelled' AND ordinal IS NOT NULL")],
    "E501": [("engagements", "mechanism_id", "kind = 'dialogue' AND mechanism_id IS NULL")],
    "E502": [("engagements", "host_event_id", "setting = 'sidelines' AND host_event_id IS NULL")],
    "E804": [("evidence", "stated_value", "stance = 'contradicts' AND stated_value IS NULL")],
    "E903": [
        ("commitments", "amount_scope", "amount IS NOT NULL AND amount_scope IS NULL"),
        ("commitments", "basis", "amount IS NOT NULL AND basis IS NULL"),
    ],
}
LIMITED = 10_000_000
"""From how many rows on there is a limit."""
LARGE = 100_000_000
"""From how many rows on there is one round, and not all rules are asked: each takes minutes."""
CALENDAR = "regexp_full_match({0}, '[0-9]{{4}}(-[0-9]{{2}}(-[0-9]{{2}})?)?')"


def conditions(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield code, column and what is wrong with a cell of a table, in SQL."""
    from india_japan_engagements import package

    for field in package.schema(name).fields:  # type: ignore[arg-type]
        if field.required:
            yield "E012", field.name, f"{field.name} IS NULL"
        if field.enum:
            codes = ", ".join(f"'{code}'" for code in field.enum)
            yield "E013", field.name, f"{field.name} NOT IN ({codes})"
        if field.partial_date:
            shaped = CALENDAR.format(field.name)
            yield "E014", field.name, f"NOT {shaped}"
            whole = f"rpad({field.name}, 10, CASE length({field.name}) WHEN 4 THEN '-01-01' ELSE '-01' END)"
            yield "E101", field.name, f"{shaped} AND try_cast({whole} AS DATE) IS NULL"
        elif field.pattern:
            yield "E014", field.name, f"NOT regexp_full_match({field.name}, '{field.pattern}')"
        if field.minimum is not None:
            above = f" OR {field.name} > {field.maximum}" if field.maximum is not None else ""
            yield "E015", field.name, f"({field.name} < {field.minimum}{above})"


def by_hand(folder: str, target: str) -> dict[str, int]:
    """Check the tables with DuckDB alone; count, or write every failing row to ``target``."""
    import duckdb

    from india_japan_engagements import package

    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = false")
    tables = {name: f"read_parquet('{folder}/{name}/*.parquet')" for name in package.tables()}
    counts: dict[str, int] = {}
    failing = []
    for name, source in tables.items():
        schema = package.schema(name)  # type: ignore[arg-type]
        cells = [*conditions(name)]
        cells += [
            (code, column, where) for code, all_of in ROWWISE.items() for at, column, where in all_of if at == name
        ]
        joins = []
        for column, parent in schema.foreign_keys.items():
            key = package.schema(parent).key  # type: ignore[arg-type]
            known = f"(SELECT {key} AS {column} FROM {tables[parent]})"
            joins.append((column, f"FROM {source} ANTI JOIN {known} USING ({column}) WHERE {column} IS NOT NULL"))
        unique = [field.name for field in schema.fields if field.unique]
        if not target:
            sums = ", ".join(f"count(*) FILTER (WHERE {where})" for _, _, where in cells)
            found = con.execute(f"SELECT {sums} FROM {source}").fetchone() or ()
            for (code, _, _), number in zip(cells, found, strict=True):
                counts[code] = counts.get(code, 0) + number
            for _, rest in joins:
                (number,) = con.execute(f"SELECT count(*) {rest}").fetchone() or (0,)
                counts["E017"] = counts.get("E017", 0) + number
            for column in unique:
                twice = f"SELECT count(*) - 1 AS n FROM {source} GROUP BY {column} HAVING count(*) > 1"
                (number,) = con.execute(f"SELECT coalesce(sum(n), 0) FROM ({twice})").fetchone() or (0,)
                counts["E016"] = counts.get("E016", 0) + number
            continue
        about = f"'{name}' AS file, {{0}} AS code, '{{1}}' AS col, {schema.key} AS row_id"
        row = f"SELECT {about}, CAST({{1}} AS VARCHAR) AS value"
        failing += [f"{row.format(repr(code), column)} FROM {source} WHERE {where}" for code, column, where in cells]
        failing += [f"{row.format(repr('E017'), column)} {rest}" for column, rest in joins]
        failing += [
            f"{row.format(repr('E016'), column)} FROM {source} QUALIFY row_number() OVER (PARTITION BY {column}) > 1"
            for column in unique
        ]
    if target:
        con.execute(f"CREATE TEMP TABLE failing AS {failing[0]}")
        for each in failing[1:]:
            con.execute(f"INSERT INTO failing {each}")
        con.execute(f"COPY failing TO '{target}' (FORMAT parquet)")
        counts = dict(con.execute("SELECT code, count(*) FROM failing GROUP BY code").fetchall())
    return {code: number for code, number in counts.items() if number}


def ours(folder: str, target: str, engine: str) -> dict[str, int]:
    """Check the tables by the rules of the package, asking the same."""
    from contextlib import nullcontext

    from india_japan_engagements import engines
    from india_japan_engagements.rules import all_rules

    asked = [all_rules()[code] for code in ("E017", *ROWWISE)]
    with engines.kept(target) if target else nullcontext() as keep:
        found = engines.check(folder, engine, count=not target, keep=keep, rules=asked)  # type: ignore[arg-type]
    counts: dict[str, int] = {}
    for (code, _, _), number in found.counts.items():
        counts[code] = counts.get(code, 0) + number
    return counts


def run(who: str, folder: Path, keep: bool) -> tuple[float, float, dict[str, int]]:
    """Return seconds, peak memory in MB and the counts of one run in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        target = str(Path(scratch) / "failing.parquet") if keep else ""
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, "--who", who, "--folder", str(folder), "--target", target],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        taken = time.perf_counter() - start
    found = json.loads(done.stdout.splitlines()[-1])
    return taken, found["memory"], found["counts"]


def scale(rows: int, rounds: int, folder: Path) -> tuple[list[Claim], list[dict[str, object]]]:
    """Return the claims at a size, and throughput and memory of each contender."""
    claims, facts = [], []
    for keep, limit in ((False, 0.75), (True, 1.2)):
        taken: dict[str, list[float]] = {}
        peaks: dict[str, float] = {}
        counted: dict[str, dict[str, int]] = {}
        for _ in range(rounds):
            for who in ("by hand", "polars", "duckdb"):
                seconds, peak, counted[who] = run(who, folder, keep)
                taken.setdefault(who, []).append(seconds)
                peaks[who] = max(peak, peaks.get(who, 0.0))
        what = "every failing row kept" if keep else "counting"
        for who in ("polars", "duckdb"):
            # Below that the start of a process is most of what is measured.
            asked = limit if rows >= LIMITED else None
            claims.append(claim(f"{rows:,} rows, {what}, {who}", taken, who, "by hand", asked))
        for who, seconds in taken.items():
            best = sorted(seconds)[len(seconds) // 2]
            facts.append(
                {"rows": rows, "what": what, "who": who, "seconds": round(best, 2), "rows_a_second": round(rows / best),
                 "peak_mb": round(peaks[who]), "found": sum(counted[who].values())}
            )  # fmt: skip
    return claims, facts


def whole(rows: int, folder: Path, engines: tuple[str, ...] = ("polars", "duckdb")) -> list[dict[str, object]]:
    """Return seconds and peak memory of all rules at a size, counting."""
    facts: list[dict[str, object]] = []
    for engine in engines:
        try:
            seconds, peak, counts = run(f"all {engine}", folder, False)
        except subprocess.CalledProcessError as error:
            said = error.stderr.strip().splitlines()[-1][:200]
            facts.append({"rows": rows, "what": "all rules, counting", "who": engine, "failed": said})
            continue
        facts.append(
            {"rows": rows, "what": "all rules, counting", "who": engine, "seconds": round(seconds, 2),
             "rows_a_second": round(rows / seconds), "peak_mb": round(peak), "found": sum(counts.values())}
        )  # fmt: skip
    return facts


def child(who: str, folder: str, target: str) -> None:
    """Run one contender and print what it found and its peak memory."""
    if who == "by hand":
        counts = by_hand(folder, target)
    elif who.startswith("all "):
        from india_japan_engagements import engines

        found = engines.check(folder, who.removeprefix("all "), count=True)  # type: ignore[arg-type]
        counts = {"all": sum(found.counts.values())}
    else:
        counts = ours(folder, target, who)
    # Unlike that of getrusage, this peak is not that of the process which started this one.
    held = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    peak = int(held.split()[1]) / 1024
    print(json.dumps({"memory": peak, "counts": counts}))


def measure(sizes: list[int], rounds: int) -> None:
    """Save the claims and facts at each size as it is done."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from simulate import simulate

    claims: list[Claim] = []
    facts: list[dict[str, object]] = []
    (ROOT / "build").mkdir(exist_ok=True)
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=ROOT / "build") as scratch:
            folder = Path(scratch) / "simulated"
            rows = simulate(size, folder, dirty=0.001)
            more = scale(rows, rounds if size < LARGE else 1, folder)
            claims, facts = claims + more[0], facts + more[1]
            save("scale", claims, facts)
            if size < LARGE:
                facts += whole(rows, folder)
                save("scale", claims, facts)


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000, LARGE])
    parser.add_argument("--rounds", type=int, default=3)
    for hidden in ("--who", "--folder", "--target"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.who:
        child(options.who, options.folder, options.target)
    else:
        measure(options.rows, options.rounds)


if __name__ == "__main__":
    main()

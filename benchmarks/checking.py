"""How long it takes to validate the package, against the standard validator on the same files.

    python benchmarks/checking.py [--rounds 5]

Whole processes, start included: ``ije validate`` of the package against ``frictionless validate datapackage.json``, at
today's size and at ten times (the record and simulated meetings). Ours asks all rules, frictionless types, constraints
and references alone. In one process: the columns of one table with every finding, on 100,000 and a million rows.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from harness import Claim, claim, command, save, take

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def package(folder: Path, times: int) -> int:
    """Write the CSV files of a package of ``times`` the rows of the record with its descriptor; return the rows."""
    import polars as pl

    import india_japan_engagements as ije

    sys.path.insert(0, str(ROOT / "scripts"))
    from simulate import KEPT, simulate

    data = folder / "data"
    data.mkdir(parents=True)
    now = {name: pl.read_csv(ROOT / "data" / f"{name}.csv", infer_schema=False) for name in ije.tables()}
    total = sum(map(len, now.values()))
    if times > 1:
        simulate((times - 1) * total, folder / "more")
        for name in set(now) - {*KEPT, "waivers", "redirects", "coverage", "names", "host_events"}:
            # Sums are whole, and are written so; 1e8 is no number of the record.
            more = pl.read_parquet(folder / "more" / name / "*.parquet").with_columns(pl.col(pl.Float64).cast(pl.Int64))
            written = pl.read_csv(more.write_csv().encode(), infer_schema=False)
            now[name] = pl.concat([now[name], written]).unique(name_of(name), keep="first").sort(name_of(name))
        shutil.rmtree(folder / "more")
    resources = []
    for name, frame in now.items():
        frame.write_csv(data / f"{name}.csv")
        resources.append(
            {"name": name, "type": "table", "path": f"data/{name}.csv", "format": "csv", "encoding": "utf-8",
             "schema": ije.schema(name).spec}
        )  # fmt: skip
    (folder / "package.json").write_text(json.dumps({"name": "measured", "resources": resources}))
    return sum(map(len, now.values()))


def name_of(table_name: str) -> str:
    """Return the name of a table's id column."""
    import india_japan_engagements as ije

    return ije.schema(table_name).key  # type: ignore[arg-type]


def cold(times: int, rounds: int, limit: float) -> Claim:
    """Return the claim on whole processes at a size."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows = package(folder, times)
        taken = take(
            {
                "ije validate": command([str(BIN / "ije"), "validate", str(folder)], accepted=(0, 1)),
                "frictionless validate": command(
                    [str(BIN / "frictionless"), "validate", "package.json"], cwd=scratch, accepted=(0, 1)
                ),
            },
            rounds,
        )
    return claim(f"package of {rows:,} rows, cold", taken, "ije validate", "frictionless validate", limit)


def listed(rows: int, rounds: int, limit: float) -> list[Claim]:
    """Return the claims on one table in one process, with every finding: on rows at hand, and on a CSV file."""
    import polars as pl
    from frictionless import Resource, Schema

    import india_japan_engagements as ije
    from india_japan_engagements import engines

    sys.path.insert(0, str(ROOT / "scripts"))
    from simulate import part

    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "engagements.csv"
        schema = ije.schema("engagements")
        frame = part(0, rows // 200, 1, 0.001)["engagements"]
        columns = [pl.col(name) if name in frame.columns else pl.lit(None).alias(name) for name in schema.names]
        frame.select(columns).write_csv(path)
        spec = {key: value for key, value in schema.spec.items() if key != "foreignKeys"}
        # Both get the rows as text, each in the form it takes them in.
        text = pl.read_csv(path, infer_schema=False)
        inline = [schema.names, *map(list, text.rows())]

        def theirs(**where: object) -> object:
            resource = Resource(**where, schema=Schema.from_descriptor(spec))  # type: ignore[arg-type]
            return resource.validate(limit_errors=1_000_000)

        at_hand = {
            "ours": lambda: engines.check({"engagements": text}, rules=[]),
            "frictionless": lambda: theirs(data=inline),
        }
        on_disk = {
            "ours": lambda: engines.check(scratch, "polars", rules=[]),
            "frictionless": lambda: theirs(path="engagements.csv", basepath=scratch, format="csv", encoding="utf-8"),
        }
        return [
            claim(f"{rows:,} rows {where} in process, every finding", take(runs, rounds), "ours", "frictionless", limit)
            for where, runs in (("at hand", at_hand), ("of CSV", on_disk))
        ]


def measure(rounds: int) -> list[Claim]:
    """Return the claims."""
    return [
        cold(1, rounds, 1.0),
        cold(10, max(2, rounds // 2), 0.2),
        *listed(100_000, 3, 1 / 60),
        *listed(1_000_000, 2, 1 / 100),
    ]


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    save("checking", measure(parser.parse_args().rounds))


if __name__ == "__main__":
    main()

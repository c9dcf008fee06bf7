"""The same findings on every engine: on clean rows, on rows with planted faults, and as Parquet as well as CSV."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from conftest import Folder
from test_faults import FAULTS

import india_japan_engagements as ije
from india_japan_engagements import cli, engines
from india_japan_engagements.report import Problem
from india_japan_engagements.rules import all_rules

ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).parent / "record"
ODD = {
    # Cells of every type that some reader takes for something else.
    "people": {"died_on": ["0000", "2023-02-29", "1900-02-29", "2000-02-29", "2024-02-29", "2024-2-9", "２０２４", "2024-13"],
               "name_en": ["", "NA", "=1+1", "a\tb", "Shinzo  Abe ", "Mоtegi", "&amp;", "???", "x\u200by", "Café", "İstanbul"],
               "name_ja": ["Abe", "安倍\ufeff", "ガ", "æ—¥æœ¬"], "wikidata_id": ["Q01", "q1", "Q1058\n", "Q1058"]},
    "places": {"latitude": ["91", "-0", "1e1", "35.68950000", "35.12345678901234567", "12345678901234567890", "0.1"],
               "longitude": ["-180", "180.5", "NaN", "inf"], "timezone": ["Asia/Delhi", "UTC", "asia/tokyo"]},
    "engagements": {"ordinal": ["0", "-1", "01", "9223372036854775807", "9223372036854775808", "1_0", " 7", "+7"],
                    "start_time": ["24:00", "9:00", "09:60", "09:00\n"], "kind": ["talk", "Talks", "", "talks "],
                    "place_id": ["tokio", "delhi"], "venue": ["\u3000外務省", "null", "#REF!", "-1.5", "-1.5a"]},
    "tenures": {"ongoing": ["TRUE", "1", "yes", "", "false"], "end_date": ["2019", "2019-00", "2019-04-31"]},
    "commitments": {"amount": ["10000000000000", "1e13", "0.30", "123456789012345678", "-5", "1,000"],
                    "deadline": ["2020", "2020-1"], "currency": ["YEN", "jpy"]},
    "sources": {"accessed_on": ["2026-02-30", "2026-2-3", "20260203", ""], "url": ["ftp://x", "https://a b"]},
}  # fmt: skip


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FORM = {"E011", "E012", "E013", "E014", "E015", "E016", "E101"}


@pytest.fixture(scope="session", params=["contradictory", "malformed"])
def dirty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the record of tests/record with the faults that scripts/faults.py plants.

    Once with those alone that leave every cell well formed, since rules are silent of rows that are not; and once with
    all, and odd cells besides.
    """
    sys.path.insert(0, str(ROOT / "scripts"))
    import faults  # noqa: F401  (registers the kinds)
    from mutants import KINDS, Record, render, sample

    record = Record(RECORD)
    tables = {name: {key: dict(row) for key, row in rows.items()} for name, rows in record.tables.items()}
    for kind in KINDS.values():
        for mutant in sample(record, kind, 11, 2):
            if request.param == "contradictory" and FORM & mutant.codes:
                continue
            for table, changes in mutant.rows.items():
                for key, row in changes.items():
                    before = record[table].get(key, {})
                    if row is None:
                        tables[table].pop(key, None)
                    else:
                        # Only what the fault changes: several faults then meet in one row.
                        now = tables[table].setdefault(key, dict(row))
                        now.update({name: cell for name, cell in row.items() if before.get(name) != cell})
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "malformed":
        for table, cells in ODD.items():
            patterns = [*tables[table].values()][:5]
            for column, values in cells.items():
                for number, value in enumerate(values):
                    odd = f"odd-{table}-{column.replace('_', '-')}-{number}"
                    row = patterns[number % len(patterns)] | {record.schemas[table].key: odd, column: value}
                    tables[table][odd] = row
        first, *_ = tables["topics"].values()
        tables["topics"]["again"] = first
    for table, rows in tables.items():
        folder.joinpath(f"{table}.csv").write_bytes(render(record.schemas[table].names, rows.values()))
    return folder


def told(problems: list[Problem]) -> set[tuple[str, ...]]:
    """Return what problems say, but for the line, which engines do not know."""
    stands = re.compile("stands in line [0-9]+ already")
    return {
        (problem.code, Path(problem.file).stem, problem.column, problem.row_id, problem.value,
         stands.sub("stands in another row already", problem.message), problem.fix)
        for problem in problems
    }  # fmt: skip


BOTH = pytest.mark.parametrize("engine", ["polars", "duckdb"])


@BOTH
def test_an_engine_finds_what_the_strict_reading_finds(dirty: Path, engine: engines.EngineName) -> None:
    strict = ije.validate(dirty).problems
    found = engines.check(dirty, engine)
    codes = {problem.code for problem in strict}
    assert {"E301", "W1201"} <= codes if "contradictory" in dirty.name else codes >= FORM
    missed, invented = told(strict) - told(found.problems), told(found.problems) - told(strict)
    assert (missed, invented) == (set(), set())
    assert engines.check(dirty, engine, count=True).counts == found.counts
    assert found.counts == Counter((problem.code, problem.file, problem.column) for problem in strict)


@BOTH
def test_parquet_in_parts_is_judged_like_csv(dirty: Path, engine: engines.EngineName, tmp_path: Path) -> None:
    """As text in several files, with empty text for what is empty, and the typed columns of a build."""
    for table in ije.tables():
        rows = rows_of(dirty / f"{table}.csv")
        names = ije.schema(table).names
        text = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})
        (tmp_path / table).mkdir()
        for number, start in enumerate(range(0, max(len(rows), 1), 40)):
            pq.write_table(text.slice(start, 40), tmp_path / table / f"{number:03}.parquet")
    strict = ije.validate(dirty).problems
    found = engines.check(tmp_path, engine)
    assert (told(strict) - told(found.problems), told(found.problems) - told(strict)) == (set(), set())


MAKE: dict[str, Callable[[pl.DataFrame], object]] = {
    "polars": lambda frame: frame,
    "polars, lazy": pl.DataFrame.lazy,
    "pandas": pl.DataFrame.to_pandas,
    "pyarrow": pl.DataFrame.to_arrow,
    "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
}


@pytest.mark.parametrize("kind", MAKE)
def test_frames_are_judged_like_files(dirty: Path, kind: str) -> None:
    frames: dict[str, object] = {}
    for table in ije.tables():
        frames[table] = MAKE[kind](pl.read_csv(dirty / f"{table}.csv", infer_schema=False))
    strict, found = ije.validate(dirty).problems, ije.validate(frames).problems
    assert (told(strict) - told(found), told(found) - told(strict)) == (set(), set())
    assert {problem.file for problem in found} <= {*ije.tables()}


def test_a_frame_alone_is_judged_by_what_needs_no_other_table() -> None:
    names = ije.schema("places").names
    rows = {name: ["x", "y"] for name in names} | {
        "place_id": ["x", "X"], "type": ["city", "town"], "parent_id": [None, "z"], "country": ["IND", "JPN"],
        "latitude": ["91", "35"], "longitude": ["1", ""], "timezone": ["Asia/Tokyo", "Asia/Tokyo"],
    }  # fmt: skip
    frame = pl.DataFrame({name: rows[name] for name in names})
    found = ije.validate({"places": frame})
    said = {(problem.code, problem.column, problem.row_id) for problem in found.problems}
    assert {("E015", "latitude", "x"), ("E014", "place_id", "X"), ("E013", "type", "X")} <= said
    assert not any(problem.code == "E001" for problem in found.problems)
    assert found.rows["places"] == 2
    with pytest.raises(ValueError, match="there is no table 'place'; did you mean places"):
        ije.validate({"place": frame})
    with pytest.raises(ValueError, match="the frames are of duckdb and polars; give all of one engine"):
        ije.validate({"places": frame, "people": duckdb.sql("SELECT 1 AS person_id")})


CASES = {fault[0]: fault[1] for fault in FAULTS}
BY_CODE = {
    code: name
    for name, _, expected in reversed(FAULTS)
    for line in expected
    for code in re.findall(r"\[([EW]\d+)\]", line)
}
NOT_HERE = {"E1401", "E1501", "E1502", "E1503"}
"""Rules of the files of a release and of the release before it."""


@pytest.mark.hostile
@BOTH
def test_every_rule_speaks_on_every_engine(small: Folder, engine: engines.EngineName) -> None:
    clean = {path: path.read_bytes() for path in (small.path / "data").iterdir()}
    for code, rule in all_rules().items():
        if code in NOT_HERE:
            continue
        for path, content in clean.items():
            path.write_bytes(content)
        CASES[BY_CODE[code]](small)
        strict = {one for one in told(ije.validate(small.path, published=False).problems) if one[0] == code}
        found = told(engines.check(small.path, engine, rules=[rule]).problems)
        assert strict and {one for one in found if one[0] == code} == strict, code


def test_a_file_takes_every_finding(dirty: Path, tmp_path: Path) -> None:
    for name in ("findings.csv", "findings.parquet"):
        with engines.kept(str(tmp_path / name)) as keep:
            found = engines.check(dirty, "polars", keep=keep)
        assert found.problems == [] and found.counts
        read = pl.read_csv if name.endswith("csv") else pl.read_parquet
        assert len(read(tmp_path / name)) == sum(found.counts.values())


def test_a_column_of_another_type_is_said_and_its_table_left_out(small: Folder) -> None:
    small.publish()
    path = small.parquet("engagements")
    table = pq.read_table(path)
    at = table.schema.get_field_index("ordinal")
    pq.write_table(table.set_column(at, "ordinal", table["ordinal"].cast(pa.float64())), path)
    found = engines.check(small.path, "polars")
    assert [str(problem) for problem in found.problems if problem.code != "E020"] == [
        "data/engagements.parquet ordinal [E011] the column is of type double, not integer; "
        "write the column in its type, or as text"
    ]


def test_the_command_counts_and_keeps(small: Folder, tmp_path: Path) -> None:
    small.set("engagements", "modi-takaichi-call-2025", kind="talk")
    run = partial(CliRunner().invoke, cli.ije)
    counted = run(["validate", "--engine", "polars", "--count", str(small.path)])
    assert counted.exit_code == 1
    assert "           1 E013   data/engagements.csv kind\n" in counted.output
    listed = run(["validate", "--engine", "polars", str(small.path)])
    assert (
        "data/engagements.csv modi-takaichi-call-2025 kind [E013] 'talk' is not one of its codes; did you mean talks?"
        in listed.output
    )
    assert run(["validate", "--count", str(small.path)]).exit_code == 2


@pytest.mark.spark
@pytest.mark.parametrize("dirty", ["malformed"], indirect=True)
def test_spark_finds_what_the_strict_reading_finds(dirty: Path, spark: None) -> None:
    strict = ije.validate(dirty).problems
    found = engines.check(dirty, "pyspark")
    assert (told(strict) - told(found.problems), told(found.problems) - told(strict)) == (set(), set())


@pytest.fixture(scope="session")
def spark() -> Iterator[None]:
    """Start Spark as small as it gets; what checks takes the session that is there."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.sql.codegen.wholeStage": "false",
        "spark.ui.showConsoleProgress": "false", "spark.sql.adaptive.enabled": "false",
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield
    session.stop()


@pytest.mark.spark
def test_who_has_spark_is_told_of_the_rows_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "india_japan_engagements", "validate", RECORD], capture_output=True, text=True
    )
    assert done.stderr == "" and " rows in 20 tables: " in done.stdout

"""Single faults of every kind are refused for a right reason; ``make mutate`` judges thousands in the whole record."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from conftest import RECORD, ROOT

import india_japan_engagements as ije

sys.path.insert(0, str(ROOT / "scripts"))

import mutate
from mutants import KINDS, Mutant, changed, sample


@pytest.fixture(scope="module")
def judge() -> mutate.Judge:
    return mutate.Judge(RECORD)


@pytest.fixture(scope="module")
def witnessed(judge: mutate.Judge) -> list[Mutant]:
    """The first mutant of each kind that something else in the package contradicts."""
    first = [next(iter(sample(judge.record, kind, mutate.SEED, 1)), None) for kind in KINDS.values()]
    return [mutant for mutant in first if mutant and mutant.witness]


def test_nothing_but_the_gaps_of_its_series_is_wrong_with_the_record_itself(judge: mutate.Judge) -> None:
    assert [alarm.code for alarm in judge.alarms] == ["W401", "W401", "W401"]


def test_a_fault_of_every_kind_is_refused_for_a_right_reason(judge: mutate.Judge, witnessed: list[Mutant]) -> None:
    judged = [verdict for mutant in witnessed if (verdict := judge.verdict(mutant))]
    survived = [verdict.mutant.kind for verdict in judged if not verdict.right]
    assert {*survived} <= {*mutate.DECISIONS}
    assert len(survived) <= (1 - mutate.GOAL) * len(judged)


def test_every_constraint_of_the_schemas_is_kept_watch_over(judge: mutate.Judge) -> None:
    first: dict[str, Mutant] = {}
    for mutant in mutate.schema_faults.derived(judge.record):
        first.setdefault(mutant.kind, mutant)
    judged = [verdict for mutant in first.values() if (verdict := judge.verdict(mutant))]
    assert len(judged) == len(first)
    assert [verdict.mutant.about for verdict in judged if not verdict.right] == []


def test_the_quick_verdict_is_that_of_the_validator(
    judge: mutate.Judge, witnessed: list[Mutant], tmp_path: Path
) -> None:
    """The harness reads only what changed and asks only the rules that look at it; nothing is lost by that."""
    mutants = [mutant for mutant in witnessed if not mutant.released and mutant.rebuilt is None]
    for mutant in mutants[:: len(mutants) // 5]:
        folder = tmp_path / mutant.kind / "data"
        folder.mkdir(parents=True)
        for table, content in judge.record.content.items():
            spoilt = changed(judge.record, mutant, table) if table in mutant.tables else content
            if spoilt is not None:
                (folder / f"{table}.csv").write_bytes(spoilt)
        found = {(p.code, Path(p.file).stem, p.column) for p in ije.validate(folder).problems}
        verdict = judge.verdict(mutant)
        assert verdict is not None
        assert {(code, Path(file).stem, column) for code, file, column in verdict.problems} == found

"""Agreement of two coders, by small examples whose figures were worked out by hand."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from india_japan_engagements.lookup import Tables

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
import reliability


def coding(row_id: str, field: str, coder: str, value: str, table: str = "engagements") -> dict[str, Any]:
    return {
        "coding_id": f"{row_id}.{field}.{coder}.{value}",
        "table_name": table,
        "row_id": row_id,
        "field": field,
        "coder": coder,
        "value": value or None,
    }


CODINGS = [
    coding("a", "kind", "first", "talks"),
    coding("a", "kind", "second", "talks"),
    coding("b", "kind", "first", "talks"),
    coding("b", "kind", "second", "call_on"),
    coding("b", "kind", "adjudicator", "call_on"),
    coding("c", "kind", "first", "visit"),
    coding("a", "end_date", "first", ""),
    coding("a", "end_date", "second", ""),
    coding("a", "kind", "first", "talks", "commitments"),
]


def test_only_what_both_coded_is_compared() -> None:
    assert reliability.pairs(CODINGS, "engagements", "kind") == {"a": ("talks", "talks"), "b": ("talks", "call_on")}


def test_an_empty_cell_is_a_value() -> None:
    assert reliability.pairs(CODINGS, "engagements", "end_date") == {"a": ("", "")}


def test_what_both_gave_stands_and_else_what_was_settled() -> None:
    assert reliability.settled(CODINGS, "engagements", "kind") == {"a": "talks", "b": "call_on"}


@pytest.mark.filterwarnings("ignore")  # ten units are too few for an interval
def test_alpha_of_a_worked_example() -> None:
    # Ten units, two coders, codes 0 and 1 (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, part A).
    first, second = "0100000000", "1110010100"
    value, _, _ = reliability.alpha(list(zip(first, second, strict=True)))
    assert round(value, 3) == 0.095


def test_a_record_may_know_a_date_more_precisely_than_one_page() -> None:
    assert reliability.borne("start_date", "2014-09", "2014-09-01") and reliability.borne("start_date", "", "2014")
    assert not reliability.borne("start_date", "2014-09-01", "2014-09")
    assert not reliability.borne("country", "", "IND")


def test_alpha_comes_with_its_interval() -> None:
    value, low, high = reliability.alpha([("a", "a"), ("b", "b"), ("b", "b"), ("a", "b")] * 50)
    assert (round(value, 3), round(low, 2), round(high, 2)) == (0.468, 0.34, 0.59)


def test_f1_counts_what_both_name_twice() -> None:
    value, low, high = reliability.f1([({"x", "y"}, {"x"}), ({"z"}, {"z"}), (set(), {"w"})])
    assert value == pytest.approx(2 * 2 / (3 + 3))
    assert 0 <= low <= value <= high <= 1


def test_a_share_comes_with_its_interval() -> None:
    # Wilson's interval of 81 in 263 (Newcombe, Statistics in Medicine 17, 1998, table I).
    assert reliability.share(81, 263) == "81 of 263: 30.8 % (25.5 %–36.6 %)"


def test_a_sample_has_each_kind_of_each_period_in_proportion() -> None:
    tables = Tables()
    rows = [
        {"engagement_id": f"{kind}-{year}-{n:02}", "kind": kind, "status": "held", "start_date": f"{year}-06"}
        for kind, year, size in (("talks", 1990, 20), ("talks", 2005, 40), ("visit", 2020, 10))
        for n in range(size)
    ]
    tables._rows["engagements"] = [*rows, rows[0] | {"engagement_id": "off", "status": "cancelled"}]
    sample = reliability.draw(tables, 14, 1)
    assert sample == reliability.draw(tables, 14, 1) != reliability.draw(tables, 14, 2)
    strata = [one.rpartition("-")[0] for one in sample]
    assert Counter(strata) == {"talks-1990": 4, "talks-2005": 8, "visit-2020": 2}


def test_the_page_shows_what_the_codings_give() -> None:
    text = reliability.PAGE.read_text(encoding="utf-8")
    shown = text.partition(reliability.BEGIN)[2].partition(reliability.END)[0].strip()
    assert shown == "\n".join(reliability.page(Tables()))

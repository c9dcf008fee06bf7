"""The public face of the package: what loads, in which forms, and what it says when it cannot."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import ROOT

import india_japan_engagements as ije

HEAVY = "{'pyarrow', 'pandas', 'polars', 'pandera', 'narwhals', 'numpy', 'frictionless', 'click', 'rich'}"


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_import_loads_no_other_library() -> None:
    assert python(f"import sys, india_japan_engagements; print(sorted({HEAVY} & {{*sys.modules}}))") == "[]"
    new = "import sys; before = {*sys.modules}; import india_japan_engagements; print({*sys.modules} - before)"
    assert python(new) == "{'india_japan_engagements'}"


def test_rows_need_the_standard_library_alone() -> None:
    load = "import sys, india_japan_engagements as ije; before = {*sys.modules}; ije.load('engagements', as_='rows')"
    assert python(f"{load}; print(sorted({HEAVY} & {{*sys.modules}}))") == "[]"
    # Importing these takes as long as reading a thousand rows.
    assert python(f"{load}; print(sorted({{'csv', 'json', 're', 'typing'}} & ({{*sys.modules}} - before)))") == "[]"


def test_arrow_does_not_bring_pandas() -> None:
    assert (
        python("import sys, india_japan_engagements as ije; ije.load('timeline'); print('pandas' in sys.modules)")
        == "False"
    )


def test_one_table_in_four_forms() -> None:
    arrow, pandas, polars, rows = (
        ije.load("commitments"),
        ije.load("commitments", as_="pandas"),
        ije.load("commitments", as_="polars"),
        ije.load("commitments", as_="rows"),
    )
    assert isinstance(arrow, pa.Table)
    assert isinstance(pandas, pd.DataFrame)
    assert isinstance(polars, pl.DataFrame)
    assert arrow.to_pylist() == polars.to_dicts() == rows
    assert pandas["quantity"].dtype == pd.ArrowDtype(pa.float64())
    assert len(pandas) == len(rows)


def test_values_are_typed() -> None:
    timeline = {row["engagement_id"]: row for row in ije.load("timeline", as_="rows")}
    call = timeline["modi-takaichi-call-2025"]
    assert call["duration_minutes"] == 25
    assert call["start_date"] == "2025-10-29"
    assert call["start_date_earliest"] == datetime.date(2025, 10, 29)
    assert call["place"] is None
    assert call["contradicted"] is False
    assert timeline["peace-treaty-negotiations-1951"]["start_date"] == "1951-12"
    assert timeline["peace-treaty-negotiations-1951"]["start_date_latest"] == datetime.date(1951, 12, 31)


def test_an_unknown_table_is_named_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"there is no table 'engagement'; did you mean 'engagements'\?"):
        ije.load("engagement")  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="there is no table 'zzz'; the tables are engagements, participations, "):
        ije.path("zzz")  # type: ignore[arg-type]


def test_an_unknown_form_is_refused() -> None:
    message = "as_='json' is not a form tables come in; use 'arrow', 'pandas', 'polars' or 'rows'"
    with pytest.raises(ValueError, match=message):
        ije.load("people", as_="json")  # type: ignore[call-overload]
    with pytest.raises(ValueError, match=message):
        ije.describe("people", as_="json")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no files in format 'xlsx'; there are 'parquet' and 'csv'"):
        ije.path("people", "xlsx")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("library", "call", "extra"),
    [
        ("polars", "ije.load('people', as_='polars')", "'india-japan-engagements[polars]'"),
        ("pandas", "ije.load('people', as_='pandas')", "'india-japan-engagements[pandas]'"),
        ("pyarrow", "ije.load('people')", "pyarrow"),
        ("narwhals", "ije.validate", "'india-japan-engagements[all]'"),
    ],
)
def test_a_missing_library_is_named_with_the_command_that_brings_it(library: str, call: str, extra: str) -> None:
    code = f"""
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {library!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
import india_japan_engagements as ije
try:
    {call}
except ImportError as error:
    print(error)
"""
    assert python(code).endswith(f"needs {library}, which is not installed; run: pip install {extra}")


def test_describe_is_the_codebook_of_a_table() -> None:
    described = {row["field"]: row for row in ije.describe("participations").to_pylist()}
    assert list(described) == ije.schema("participations").names
    assert described["capacity"]["codes"] == "principal, delegate, witness, addressee"
    assert described["person_id"]["refers_to"] == "people"
    assert described["side"]["required"] is True
    assert {row["field"]: row["type"] for row in ije.describe("tenures", as_="rows")}["start_date"] == "partial date"
    assert ije.describe("tenures", as_="polars").height == len(ije.describe("tenures", as_="pandas")) == 7


def test_pandera_schemas_serve_both_frames() -> None:
    import pandera.errors

    for table in ije.tables():
        ije.schema(table).to_pandera("polars").validate(ije.load(table, as_="polars"))
        ije.schema(table).to_pandera("pandas").validate(ije.load(table, as_="pandas"))
    broken = ije.load("participations", as_="polars").with_columns(side=pl.lit("IN\n"))
    with pytest.raises(pandera.errors.SchemaError, match="side"):
        ije.schema("participations").to_pandera("polars").validate(broken)


def test_cite_names_the_version() -> None:
    assert ije.cite() == (
        "India–Japan Engagements maintainers (2026). India–Japan Engagements "
        f"(version {ije.__version__}) [Data set]. CC-BY-4.0."
    )
    assert ije.cite("bibtex").splitlines()[0] == f"@misc{{india-japan-engagements-{ije.__version__},"
    with pytest.raises(ValueError, match="format='ris' is not known; use 'text' or 'bibtex'"):
        ije.cite("ris")  # type: ignore[arg-type]


def test_public_names_are_functions_whatever_was_imported_before() -> None:
    code = """
import india_japan_engagements.validation, india_japan_engagements.citation, india_japan_engagements.package
import india_japan_engagements as ije
print(all(callable(getattr(ije, name)) for name in ije.__all__ if name != "__version__"), dir(ije) == ije.__all__)
"""
    assert python(code) == "True True"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'lode'"):
        ije.lode  # noqa: B018


def test_types_reach_the_user(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(
        "from typing import Any, assert_type\n"
        "import polars as pl\n"
        "import india_japan_engagements as ije\n"
        "assert_type(ije.load('people', as_='rows'), list[dict[str, Any]])\n"
        "assert_type(ije.load('people', as_='polars'), pl.DataFrame)\n"
        "assert_type(ije.__version__, str)\n"
        "ije.load('peeple')\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(sample)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    errors = [line for line in run.stdout.splitlines() if ": error:" in line]
    assert len(errors) == 1, run.stdout
    assert ':7: error: No overload variant of "load" matches argument type "str"' in errors[0]

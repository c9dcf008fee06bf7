"""What the README shows works as it stands."""

from __future__ import annotations

import contextlib
import io
import re

import duckdb
import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return found


def test_the_python_block_runs() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(block("python"), "README.md", "exec"), {})
    assert "15th India-Japan Annual Summit" in out.getvalue()


def test_the_sql_block_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert ("2025-11-23", "Sanae Takaichi", "Prime Minister of Japan") in duckdb.sql(block("sql")).fetchall()


def test_every_file_it_names_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []

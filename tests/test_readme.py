"""What the README shows works as it stands."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from conftest import ROOT

from india_japan_engagements.cli import ije

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return "\n".join(found)


def test_the_python_blocks_run() -> None:
    out = io.StringIO()
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(out):
        exec(compile(block("python"), "README.md", "exec"), names)
    assert "15th India-Japan Annual Summit" in out.getvalue()
    assert "modi-takaichi-call-2025" in [row["engagement_id"] for row in names["calls"]]
    assert all(names[name] for name in ("dialogues", "met", "series", "late", "motegi", "talks"))


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-folder").symlink_to(ROOT / "data", target_is_directory=True)
    lines = [line for line in README.splitlines() if line.startswith("ije ")]
    assert len(lines) == 13
    for line in lines:
        result = CliRunner().invoke(ije, shlex.split(line, comments=True)[1:], prog_name="ije")
        assert (line, result.exit_code) == (line, 0), result.output
    assert (tmp_path / "timeline.xlsx").read_bytes()[:2] == b"PK"


def test_the_sql_block_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert ("2025-11-23", "Sanae Takaichi", "Prime Minister of Japan") in duckdb.sql(block("sql")).fetchall()


def test_every_file_it_names_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []

"""The wheel, installed where nothing else is: it holds every file, needs pyarrow alone, and works without a network."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

import india_japan_engagements as ije

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    # Through the sdist, as an index user would get it: what .gitignore or the build table drops is missing here.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (found,) = out.glob("*.whl")
    return found


def test_the_wheel_holds_every_file_the_descriptor_names(wheel: Path) -> None:
    descriptor = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    with zipfile.ZipFile(wheel) as archive:
        names = {*archive.namelist()}
        for resource in descriptor["resources"]:
            for path in filter(None, (resource["path"], resource.get("schema"))):
                inside = f"india_japan_engagements/_data/{path}"
                assert inside in names
                assert archive.read(inside) == (ROOT / path).read_bytes()
        metadata = archive.read(f"india_japan_engagements-{ije.__version__}.dist-info/METADATA").decode()
    assert "india_japan_engagements/py.typed" in names
    assert not [name for name in names if "/tests/" in name or name.endswith(".new")]
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert required == ["Requires-Dist: pyarrow>=19"]


def test_an_empty_environment_loads_every_table_offline(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = str(tmp_path / "env" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    code = """
import socket
def refuse(*arguments, **options): raise OSError("no network")
socket.socket.connect = socket.getaddrinfo = refuse
import importlib.metadata, sys
import india_japan_engagements as ije
for table in ije.tables(views=True):
    rows = ije.load(table, as_="rows")
    assert rows == ije.load(table).to_pylist(), table
installed = sorted(found.metadata["Name"] for found in importlib.metadata.distributions())
print(ije.__version__, len(ije.load("topics")), installed)
"""
    run = subprocess.run([python, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    topics = len(ije.load("topics", as_="rows"))
    assert run.stdout.startswith(f"{ije.__version__} {topics} ['india-japan-engagements', 'pip', 'pyarrow'")
    lacking = subprocess.run(
        [python, "-m", "india_japan_engagements", "tables"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (lacking.returncode, lacking.stdout) == (2, "")
    assert lacking.stderr.endswith("is not installed; run: pip install 'india-japan-engagements[cli]'\n")

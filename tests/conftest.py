"""A small, whole package of tables to break, one fault at a time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow.parquet as pq
import pytest

import india_japan_engagements as ije
from india_japan_engagements import package
from india_japan_engagements.reading import read
from india_japan_engagements.validation import frames
from india_japan_engagements.views import VIEWS

SMALL = Path(__file__).parent / "small"
ROOT = Path(__file__).resolve().parent.parent
RECORD = Path(__file__).parent / "record"


class Folder:
    """A folder of tables and the ways to spoil it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, table: str) -> Path:
        return self.path / "data" / f"{table}.csv"

    def rows(self, table: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.file(table).read_text(encoding="utf-8"), newline="")))

    def _write(self, table: str, rows: list[dict[str, str]]) -> None:
        names = ije.schema(table).names
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.file(table).write_text(out.getvalue(), encoding="utf-8", newline="")

    def set(self, table: str, row_id: str, /, **cells: str) -> Folder:
        rows = self.rows(table)
        key = ije.schema(table).key
        (found,) = [row for row in rows if row[key] == row_id]
        assert {*cells} <= {*found}
        found.update(cells)
        self._write(table, rows)
        return self

    def copy(self, table: str, row_id: str, /, **cells: str) -> Folder:
        """Append a copy of a row with other cells."""
        rows = self.rows(table)
        key = ije.schema(table).key
        (found,) = [row for row in rows if row[key] == row_id]
        self._write(table, [*rows, found | cells])
        return self

    def add(self, table: str, /, **cells: str) -> Folder:
        """Append a row of these cells, the others empty."""
        self._write(table, [*self.rows(table), dict.fromkeys(ije.schema(table).names, "") | cells])
        return self

    def drop(self, table: str, row_id: str) -> Folder:
        rows = self.rows(table)
        key = ije.schema(table).key
        kept = [row for row in rows if row[key] != row_id]
        assert len(kept) == len(rows) - 1
        self._write(table, kept)
        return self

    def replace(self, table: str, old: bytes, new: bytes) -> Folder:
        content = self.file(table).read_bytes()
        assert old in content
        self.file(table).write_bytes(content.replace(old, new, 1))
        return self

    def parquet(self, table: str) -> Path:
        return self.file(table).with_suffix(".parquet")

    def write_parquet(self, table: str) -> Folder:
        read(str(self.path / "data"), ije.schema(table)).frame.write_parquet(self.parquet(table))
        return self

    def describe(self, *others: dict[str, object]) -> Folder:
        """Write a descriptor that is true of the files as they are, and names ``others`` too."""
        resources = [*others]
        for table in ije.tables():
            for path in (self.file(table), self.parquet(table)):
                content = path.read_bytes()
                facts: dict[str, object] = {
                    "path": f"data/{path.name}",
                    "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                }
                if path.suffix == ".csv":
                    facts |= {"bytes": len(content), "rows": len(self.rows(table))}
                resources.append(facts)
        (self.path / "datapackage.json").write_text(json.dumps({"resources": resources}))
        return self

    def publish(self) -> Folder:
        """Make a package of the folder: Parquet files and a descriptor."""
        for table in ije.tables():
            self.write_parquet(table)
        return self.describe()

    def release(self, version: str, tables: dict[str, list[str]]) -> Folder:
        """Write the manifest of a release that held these ids."""
        (self.path / "releases").mkdir(exist_ok=True)
        manifest = {"version": version, "tables": {table: {"ids": ids} for table, ids in tables.items()}}
        (self.path / "releases" / f"{version}.json").write_text(json.dumps(manifest))
        return self

    def problems(self) -> list[str]:
        return [str(problem) for problem in ije.validate(self.path).problems]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    # What is past and what to come is told from the release date, which moves on while these rows stay.
    about = package.metadata() | {"release_date": date(2026, 11, 22)}
    monkeypatch.setattr(package, "metadata", lambda: about)
    shutil.copytree(SMALL, tmp_path / "data")
    return Folder(tmp_path)


@pytest.fixture(scope="session")
def frozen_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a package of the rows in tests/record, built as a release is."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import build

    folder = tmp_path_factory.mktemp("record")
    (folder / "schemas").symlink_to(ROOT / "schemas")
    shutil.copy(ROOT / "metadata.toml", folder)
    (folder / "data" / "views").mkdir(parents=True)
    tables, schemas = frames(RECORD)
    lazy = {name: nw.from_native(table.lazy()) for name, table in tables.items()}
    views = {view: ije.schema(view) for view in ije.tables(views=True) if view not in tables}
    computed = {name: VIEWS[name](lazy, schemas).select(schema.names).collect() for name, schema in views.items()}
    for name, table in {**tables, **computed}.items():
        stem = folder / "data" / ("views" if name in views else "") / name
        rows = build.arrow(table, {**schemas, **views}[name], ije.metadata())
        stem.with_suffix(".csv").write_bytes(build.to_csv(rows))
        stem.with_suffix(".parquet").write_bytes(build.to_parquet(rows))
    return folder


@pytest.fixture(scope="session")
def describe(frozen_package: Path) -> Callable[..., Any]:
    """Return what describes the frozen package as a dataset that is to be had at certain addresses."""
    import discovery

    schemas = {table: ije.schema(table) for table in ije.tables(views=True)}
    paths = {
        f"data/{'' if table in ije.tables() else 'views/'}{table}.{form}": table
        for table in schemas
        for form in ("csv", "parquet")
    }
    files = {path: (frozen_package / path).read_bytes() for path in paths}
    tables = {
        table: pq.ParquetFile(frozen_package / path).read() for path, table in paths.items() if path.endswith("parquet")
    }
    return lambda addresses, **said: discovery.Dataset(
        {**ije.metadata(), "addresses": addresses, **said}, schemas, tables, files
    )


@pytest.fixture
def record(frozen_package: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the library answer from tests/record, so that what is expected stays as the record grows."""
    monkeypatch.setattr("india_japan_engagements.package.root", lambda: str(frozen_package))
    return frozen_package

"""Write what a release offers for download, from the checkout as it stands: python scripts/pack.py [FOLDER]

Wheel and sdist; the tables as CSV and as Parquet, each zipped with its descriptor and codebook; the whole as SQLite and
as a workbook; the engagements nested, as JSON lines; the bill of materials (CycloneDX); and SHA256SUMS of them all.
The same commit gives the same bytes: every time stamp is the release date, and no name of a folder or machine enters.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import tomllib
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import india_japan_engagements as ije

ROOT = Path(__file__).resolve().parent.parent

BESIDE = {"CITATION.cff": "CITATION.cff", "LICENSE-DATA": "LICENSE", "docs/codebook.md": "codebook.md"}
"""What goes into an archive of tables beside them, and what it is called there."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("folder", nargs="?", default=str(ROOT / "dist"), help="where to write (default: dist/)")
    for file in pack(Path(parser.parse_args(arguments).folder)):
        print(f"{file.stat().st_size:>12,}  {file.name}")
    return 0


def pack(folder: Path) -> list[Path]:
    """Write everything into ``folder``, and return the files, SHA256SUMS last."""
    about = ije.metadata()
    stem = f"{about['name']}-{about['version']}"
    day = datetime.combine(about["release_date"], time(), UTC)
    folder.mkdir(parents=True, exist_ok=True)
    if there := sorted(folder.iterdir()):
        raise FileExistsError(f"{there[0]} is there already; name an empty folder, so that nothing else is released")
    command = [sys.executable, "-m", "build", "--quiet", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(int(day.timestamp()))}
    subprocess.run(command, check=True, env=environment)
    for form in ("csv", "parquet"):
        _zip(folder / f"{stem}-{form}.zip", stem, tables_as(form), day)
    ije.export("all", folder / f"{stem}.sqlite")
    ije.export("all", folder / f"{stem}.xlsx")
    with tempfile.TemporaryDirectory() as scratch:
        ije.export("engagements", f"{scratch}/nested.jsonl", nested=True)
        nested = Path(scratch, "nested.jsonl").read_bytes()
    (folder / f"{stem}-engagements.jsonl.gz").write_bytes(gzip.compress(nested, mtime=int(day.timestamp())))
    (folder / f"{stem}.cdx.json").write_text(bill_of_materials(about, day), encoding="utf-8")
    files = sorted(folder.iterdir())
    sums = folder / "SHA256SUMS"
    sums.write_text("".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files))
    return [*files, sums]


def tables_as(form: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive of one format by name: a Data Package of its own, the tables in its root."""
    package = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [resource for resource in package["resources"] if resource["format"] == form]
    for resource in package["resources"]:
        content = (ROOT / resource["path"]).read_bytes()
        resource["path"] = resource["path"].removeprefix("data/")
        yield resource["path"], content
        if "schema" in resource:
            yield resource["schema"], (ROOT / resource["schema"]).read_bytes()
    yield "datapackage.json", (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()
    for source, name in BESIDE.items():
        yield name, (ROOT / source).read_bytes()


def _zip(path: Path, inside: str, files: Iterable[tuple[str, bytes]], day: datetime) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files):
            entry = zipfile.ZipInfo(f"{inside}/{name}", day.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, wherever it is packed
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)


def bill_of_materials(about: dict[str, Any], day: datetime) -> str:
    """Return a CycloneDX document of the package and all it may draw in, in the versions it was built with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    url = PackageURL("pypi", name=about["name"], version=about["version"])
    whole = Component(
        name=about["name"], version=about["version"], type=ComponentType.LIBRARY, purl=url, bom_ref=str(url),
        description=about["title"], licenses=[LicenseExpression(project["license"])],
    )  # fmt: skip
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, str(url)))
    bom.metadata.timestamp, bom.metadata.component = day, whole
    bom.metadata.tools.components.clear()
    extras: dict[str, list[str]] = project["optional-dependencies"]
    direct = [*project["dependencies"], *_without_itself(about["name"], extras, "all")]
    needed, wanted = closure(project["dependencies"]), closure(direct)
    parts = {}
    for name in sorted(wanted):
        version = distribution(name).version
        scope = ComponentScope.REQUIRED if name in needed else ComponentScope.OPTIONAL
        purl = PackageURL("pypi", name=name, version=version)
        parts[name] = Component(name=name, version=version, scope=scope, purl=purl, bom_ref=str(purl))
        bom.components.add(parts[name])
    bom.register_dependency(whole, {parts[canonicalize_name(Requirement(text).name)] for text in direct})
    for name, others in wanted.items():
        bom.register_dependency(parts[name], {parts[other] for other in others})
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _without_itself(name: str, extras: dict[str, list[str]], extra: str) -> list[str]:
    """Return the requirements of an extra, those of the extras it names in their place."""
    found = []
    for text in extras[extra]:
        asked = Requirement(text)
        inner = [part for each in sorted(asked.extras) for part in _without_itself(name, extras, each)]
        found += inner if asked.name == name else [text]
    return found


def closure(requirements: Iterable[str]) -> dict[str, set[str]]:
    """Return every installed distribution that the requirements draw in, each with those it asks for itself."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [*map(Requirement, requirements)]
    while waiting:
        asked = waiting.pop()
        name, extras = canonicalize_name(asked.name), frozenset(asked.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        inner = [
            each
            for each in map(Requirement, distribution(name).requires or [])
            if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras or {""})
        ]
        found.setdefault(name, set()).update(canonicalize_name(each.name) for each in inner)
        waiting += inner
    return found


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"pack: {error}", file=sys.stderr)
        sys.exit(2)

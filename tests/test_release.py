"""A release in a repository of its own: what it writes, what it refuses, and that anyone can make the same bytes."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest
from conftest import ROOT, SMALL, Folder
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import india_japan_engagements as ije

NAME = "india-japan-engagements"
SHAPES = [
    f"{NAME}-1.0.0-csv.zip",
    f"{NAME}-1.0.0-engagements.jsonl.gz",
    f"{NAME}-1.0.0-parquet.zip",
    f"{NAME}-1.0.0.cdx.json",
    f"{NAME}-1.0.0.sqlite",
    f"{NAME}-1.0.0.xlsx",
    "india_japan_engagements-1.0.0-py3-none-any.whl",
    "india_japan_engagements-1.0.0.tar.gz",
]
JNB = "modi-takaichi-johannesburg-2025"
MOTEGI = "toshimitsu-motegi.motegi-toshimitsu"


class Repository:
    """A checkout with the small tables, under git."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = Folder(path)

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgSign=false")
        run = subprocess.run(["git", *who, *arguments], cwd=self.path, check=True, capture_output=True, text=True)
        return run.stdout

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the repository's own package."""
        variables = os.environ | {"PYTHONPATH": str(self.path / "src"), "PYTHONHASHSEED": "random"} | environment
        call = [sys.executable, *command]
        return subprocess.run(call, cwd=self.path, env=variables, capture_output=True, text=True, check=False)

    def release(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("scripts/release.py", *arguments)

    def edit(self, file: str, old: str, new: str) -> Repository:
        text = (self.path / file).read_text(encoding="utf-8")
        assert old in text
        (self.path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def announce(self, version: str) -> Repository:
        return self.edit("CHANGELOG.md", "\n## ", f"\n## {version} – unreleased\n\n- What is new.\n\n## ")

    def build(self) -> Repository:
        run = self.run("scripts/build.py")
        assert run.returncode == 0, run.stdout + run.stderr
        return self

    def commit(self) -> Repository:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A commit")
        return self


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository just after the release of 1.0.0."""
    path = tmp_path_factory.mktemp("repository") / "checkout"
    path.mkdir()
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    for part in subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split():
        if not part.startswith(("data/", "tests/", "releases/", "docs/")) and (ROOT / part).is_file():
            (path / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / part, path / part)
    shutil.copytree(SMALL, path / "data")
    # What the documents ask, the small record cannot answer.
    for document in ("README.md", "docs/datasheet.md"):
        (path / document).parent.mkdir(exist_ok=True)
        (path / document).write_text("<!-- figures --><!-- end of figures -->\n", encoding="utf-8")
    (path / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0 – 2026-11-01\n\n- The beginning.\n", encoding="utf-8")
    repository = Repository(path)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.announce("1.0.0").build().commit()
    run = repository.release("1.0.0", "--date", "2026-12-01")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "git tag --sign v1.0.0" in run.stdout
    repository.commit().git("tag", "v1.0.0")
    return repository


@pytest.fixture
def repository(released: Repository, tmp_path: Path) -> Repository:
    """A copy of it, to go on from."""
    shutil.copytree(released.path, tmp_path / "checkout", symlinks=True)
    return Repository(tmp_path / "checkout")


def test_version_and_date_stand_everywhere_and_nothing_is_left_to_build(released: Repository) -> None:
    for file, text in {
        "metadata.toml": 'version = "1.0.0"\nrelease_date = 2026-12-01\n',
        "CITATION.cff": "version: 1.0.0\ndate-released: '2026-12-01'\n",
        "datapackage.json": '"version": "1.0.0"',
        "CHANGELOG.md": "\n## 1.0.0 – 2026-12-01\n\n- What is new.\n",
    }.items():
        assert text in (released.path / file).read_text(encoding="utf-8")
    assert released.run("scripts/build.py", "--check").returncode == 0
    assert released.git("status", "--porcelain") == ""


def test_the_manifest_keeps_ids_from_being_lost(repository: Repository) -> None:
    manifest = json.loads((repository.path / "releases" / "1.0.0.json").read_text(encoding="utf-8"))
    assert (manifest["version"], manifest["release_date"]) == ("1.0.0", "2026-12-01")
    assert manifest["tables"]["names"]["ids"] == [MOTEGI]
    repository.rows.drop("names", MOTEGI)
    shown = repository.run("-m", "india_japan_engagements", "validate", ".").stdout
    assert f"[E1401] {MOTEGI} was in release 1.0.0 and is gone" in shown


def test_everything_is_offered_and_its_sums_are_true(released: Repository) -> None:
    dist = released.path / "dist"
    assert sorted(file.name for file in dist.iterdir()) == ["SHA256SUMS", *SHAPES]
    lines = (dist / "SHA256SUMS").read_text().splitlines()
    assert lines == [f"{hashlib.sha256((dist / name).read_bytes()).hexdigest()}  {name}" for name in SHAPES]


def test_a_clean_clone_packs_the_same_bytes(released: Repository, tmp_path: Path) -> None:
    """Elsewhere, on another day, in another time zone and language, with other permissions for new files."""
    clone = tmp_path / "quite another place"
    released.git("clone", "--quiet", "--branch", "v1.0.0", released.path.as_uri(), str(clone))
    for file in clone.rglob("*"):
        if file.is_file() and ".git" not in file.parts:
            file.chmod(0o600)
            os.utime(file, (1e9, 1e9))
    run = Repository(clone).run("scripts/pack.py", str(tmp_path / "out"), TZ="Asia/Kolkata", LC_ALL="C")
    assert run.returncode == 0, run.stderr
    for name in ["SHA256SUMS", *SHAPES]:
        assert (tmp_path / "out" / name).read_bytes() == (released.path / "dist" / name).read_bytes(), name


def test_no_archive_tells_where_or_when_it_was_packed(released: Repository) -> None:
    dist = released.path / "dist"
    for name in SHAPES:
        content = (dist / name).read_bytes()
        inside = [content]
        if zipfile.is_zipfile(dist / name):
            with zipfile.ZipFile(dist / name) as archive:
                inside += [archive.read(entry) for entry in archive.namelist()]
                stamps = {entry.date_time for entry in archive.infolist()}
                assert stamps <= {(2026, 12, 1, 0, 0, 0), (1980, 1, 31, 0, 0, 0)}, name  # that of every workbook
        elif name.endswith(".gz"):
            inside.append(gzip.decompress(content))
        assert not [part for part in inside if str(released.path).encode() in part], name


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_archive_of_tables_is_a_package_of_its_own(released: Repository, tmp_path: Path, form: str) -> None:
    with zipfile.ZipFile(released.path / "dist" / f"{NAME}-1.0.0-{form}.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / f"{NAME}-1.0.0"
    for table in ije.tables(views=True):
        source = released.path / "data" / ("" if table in ije.tables() else "views") / f"{table}.{form}"
        assert (folder / source.relative_to(released.path / "data")).read_bytes() == source.read_bytes()
    assert frictionless.Package(str(folder / "datapackage.json")).validate().valid
    assert {"CITATION.cff", "LICENSE", "codebook.md"} <= {file.name for file in folder.iterdir()}
    if form == "csv":
        run = released.run("-m", "india_japan_engagements", "validate", str(folder))
        assert run.returncode == 0, run.stdout


def test_the_other_shapes_hold_the_record(released: Repository) -> None:
    dist = released.path / "dist"
    ids = [row["engagement_id"] for row in Folder(released.path).rows("engagements")]
    nested = gzip.decompress((dist / f"{NAME}-1.0.0-engagements.jsonl.gz").read_bytes()).decode().splitlines()
    assert [json.loads(line)["engagement_id"] for line in nested] == ids
    database = sqlite3.connect(dist / f"{NAME}-1.0.0.sqlite")
    assert [row[0] for row in database.execute("SELECT engagement_id FROM engagements ORDER BY rowid")] == ids
    database.close()


def test_the_bill_of_materials_is_valid_and_names_what_is_drawn_in(released: Repository) -> None:
    text = (released.path / "dist" / f"{NAME}-1.0.0.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bom = json.loads(text)
    assert bom["metadata"]["component"]["purl"] == f"pkg:pypi/{NAME}@1.0.0"
    assert bom["metadata"]["timestamp"] == "2026-12-01T00:00:00+00:00"
    scopes = {part["name"]: part["scope"] for part in bom["components"]}
    assert [name for name, scope in scopes.items() if scope == "required"] == ["pyarrow"]
    assert scopes["polars"] == scopes["typeguard"] == "optional"  # the second only through pandera
    assert "pytest" not in scopes


def test_the_next_release_says_what_changed(repository: Repository) -> None:
    repository.rows.set("engagements", JNB, note="A note.")
    repository.rows.copy("names", MOTEGI, name_id="toshimitsu-motegi.motegi", name="Motegi")
    repository.build().announce("1.1.0").commit()
    assert repository.release("1.1.0", "--date", "2026-12-24").returncode == 0
    folder = repository.path / "releases" / "1.1.0"
    assert [*csv.reader(io.StringIO((folder / "changes.csv").read_text(encoding="utf-8")))][1:] == [
        ["corrected", "engagements", JNB, "note", "", "A note.", ""],
        ["added", "names", "toshimitsu-motegi.motegi", "", "", "", ""],
    ]
    assert json.loads((folder / "changes.json").read_text(encoding="utf-8"))["old"] == "1.0.0"
    assert (folder / "changes.md").read_text(encoding="utf-8").startswith("# What changed from 1.0.0 to 1.1.0\n")
    counted = "Rows since 1.0.0: 1 added, 1 corrected, 0 recoded, 0 retired. [Each of them](releases/1.1.0/changes.md)."
    changelog = (repository.path / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## 1.1.0 – 2026-12-24\n\n{counted}\n\n- What is new.\n" in changelog
    changed = {line[3:] for line in repository.git("status", "--porcelain").splitlines()}
    assert {"CHANGELOG.md", "metadata.toml", "releases/1.1.0.json", "releases/1.1.0/"} <= changed


RULE = """
@rule("E599", "{value} is short", "lengthen it", bad="日印首脳会談", good="日印の首脳会談")
def title_has_a_particle(data: Data) -> Iterator[Finding]:
    \"\"\"A title is a phrase.\"\"\"
    yield "engagements", "title_ja", data["engagements"].filter(nw.col("title_ja") == "日印首脳会談")


@rule("""

REFUSALS: dict[str, tuple[Callable[[Repository], object], list[str], str]] = {
    "no version": (lambda r: r, ["1.1"], "'1.1' is not a version; write three numbers, such as 1.2.0"),
    "a version left out": (
        lambda r: r.announce("1.2.0").commit(),
        ["1.2.0"],
        "the last release is 1.0.0; the next is one of 2.0.0, 1.1.0, 1.0.1",
    ),
    "a date before the last": (
        lambda r: r.announce("1.0.1").commit(),
        ["1.0.1", "--date", "2026-11-30"],
        "the last release is of 2026-12-01, which is after 2026-11-30; give a later --date",
    ),
    "a tree that is not clean": (
        lambda r: r.announce("1.0.1"),
        ["1.0.1"],
        "the tree is not clean (CHANGELOG.md); commit or remove what is there",
    ),
    "a tag that is there": (
        lambda r: r.announce("1.0.1").commit().git("tag", "v1.0.1"),
        ["1.0.1"],
        "there is a tag v1.0.1 already; choose the next version",
    ),
    "no section in the changelog": (
        lambda r: r,
        ["1.0.1"],
        "CHANGELOG.md does not begin with a section of this version; head it ## 1.0.1 – unreleased",
    ),
    "rows that break a rule": (
        lambda r: (r.rows.set("engagements", JNB, end_date="2025-11-22"), r.announce("1.0.1").commit()),
        ["1.0.1"],
        "[E102]",
    ),
    "a generated file that is stale": (
        lambda r: r.edit("CITATION.cff", "dataset", "software").announce("1.0.1").commit(),
        ["1.0.1"],
        "CITATION.cff is stale; run: python scripts/build.py",
    ),
    "a code that is gone, as a minor version": (
        lambda r: r.edit("schemas/engagements.json", '          "transit",\n', "").build().announce("1.1.0").commit(),
        ["1.1.0"],
        "engagements.visit_rank: the code transit is gone, for which 1.1.0 is too low; release 2.0.0, or undo it",
    ),
    "a new row, as a patch": (
        lambda r: (
            r.rows.copy("names", MOTEGI, name_id="toshimitsu-motegi.motegi", name="Motegi"),
            r.build().announce("1.0.1").commit(),
        ),
        ["1.0.1"],
        "names has new rows: 1, for which 1.0.1 is too low; release 1.1.0, or undo it",
    ),
    "a rule that old rows break, as a minor version": (
        lambda r: (
            r.edit("src/india_japan_engagements/rules/setting.py", "\n@rule(", RULE),
            r.rows.set("engagements", JNB, title_ja="日印の首脳会談"),
            r.build().announce("1.1.0").commit(),
        ),
        ["1.1.0"],
        "rule E599 refuses what 1.0.0 had, 1 times, for which 1.1.0 is too low; release 2.0.0, or undo it",
    ),
    "a last release that cannot be seen": (
        lambda r: r.announce("1.0.1").commit().git("tag", "--delete", "v1.0.0"),
        ["1.0.1"],
        "there is no tag v1.0.0 to compare with; run: git fetch --tags, or name the tables of 1.0.0 with --last",
    ),
    "a last release that is another": (
        lambda r: r.announce("1.0.1").commit(),
        ["1.0.1", "--last", str(ROOT / "tests" / "record")],
        "are not as 1.0.0 was released: its manifest has other hashes; compare with what was released",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_in_doubt_is_refused_and_changes_nothing(repository: Repository, case: str) -> None:
    spoil, arguments, reason = REFUSALS[case]
    spoil(repository)
    before = repository.git("status", "--porcelain"), repository.git("rev-parse", "HEAD")
    run = repository.release("--date", "2026-12-24", *arguments)
    assert run.returncode == 1, run.stdout + run.stderr
    assert reason in run.stderr
    assert re.search(r"^release: ", run.stderr)
    assert run.stderr.endswith("nothing was changed\n")
    assert (repository.git("status", "--porcelain"), repository.git("rev-parse", "HEAD")) == before


def test_the_archive_of_the_last_release_serves_where_its_tag_is_lost(repository: Repository) -> None:
    repository.announce("1.0.1").commit().git("tag", "--delete", "v1.0.0")
    archive = repository.path / "dist" / f"{NAME}-1.0.0-csv.zip"
    run = repository.release("1.0.1", "--date", "2026-12-24", "--dry-run", "--last", str(archive))
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith("nothing was in doubt; nothing was brought back\n")
    assert repository.git("status", "--porcelain") == ""

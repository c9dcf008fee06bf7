"""What changed between two states of the tables: each kind of change found once, and said in every shape."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import SMALL, Folder

import india_japan_engagements as ije
from india_japan_engagements.cli import ije as command

CALL, JNB = "modi-takaichi-call-2025", "modi-takaichi-johannesburg-2025"


@pytest.fixture
def changed(small: Folder) -> Folder:
    """The small folder with one change of each kind."""
    (old,) = [row for row in small.rows("names")]
    small.set("engagements", JNB, duration_minutes="36", review_status="adjudicated")
    small.drop("names", old["name_id"]).add("names", **old | {"name_id": "another", "name": 'Pipe | and "quote"'})
    small.copy("engagements", JNB, engagement_id="modi-takaichi-lunch-2025", title_en="A lunch | with a pipe")
    small.drop("participations", f"{JNB}.narendra-modi")
    return small.add(
        "redirects",
        redirect_id=f"participations.{JNB}.narendra-modi",
        table_name="participations",
        old_id=f"{JNB}.narendra-modi",
        new_id=f"{CALL}.narendra-modi",
        version="9.9.9",
        reason="entered twice",
    )


def test_every_change_is_found_once(changed: Folder) -> None:
    found = ije.diff(SMALL, changed.path)
    names = csv.DictReader(io.StringIO((SMALL / "names.csv").read_text(encoding="utf-8")))
    (gone,) = [row["name_id"] for row in names]
    assert found.csv().splitlines() == [
        "change,table,id,column,old,new,reason",
        f"corrected,engagements,{JNB},duration_minutes,35,36,",
        f"recoded,engagements,{JNB},review_status,single_coded,adjudicated,",
        "added,engagements,modi-takaichi-lunch-2025,,,,",
        f"retired,participations,{JNB}.narendra-modi,,,{CALL}.narendra-modi,entered twice",
        "added,names,another,,,,",
        f"retired,names,{gone},,,,no redirect says why",
        f"added,redirects,participations.{JNB}.narendra-modi,,,,",
    ]
    assert found.summary() == "3 added, 1 corrected, 1 recoded, 2 retired"


def test_the_same_stands_in_json_and_in_words(changed: Folder) -> None:
    found = ije.diff(SMALL, changed.path)
    whole = json.loads(found.json())
    assert whole["tables"]["engagements"] == {
        "corrected": [{"id": JNB, "column": "duration_minutes", "old": "35", "new": "36"}],
        "recoded": [{"id": JNB, "column": "review_status", "old": "single_coded", "new": "adjudicated"}],
        "added": [{"id": "modi-takaichi-lunch-2025"}],
    }
    assert whole["tables"]["participations"]["retired"] == [
        {"id": f"{JNB}.narendra-modi", "new_id": f"{CALL}.narendra-modi", "reason": "entered twice"}
    ]
    lines = found.markdown().splitlines()
    assert "| engagements | 1 | 1 | 1 | 0 |" in lines
    assert f"| `{JNB}` | duration_minutes | 35 | 36 |" in lines
    assert "- `modi-takaichi-lunch-2025`: A lunch \\| with a pipe" in lines
    assert f"| `{JNB}.narendra-modi` | `{CALL}.narendra-modi` | entered twice |" in lines


def test_a_row_with_two_wrong_cells_is_one_row_corrected(small: Folder) -> None:
    small.set("engagements", JNB, duration_minutes="36", venue="", note="one | two")
    found = ije.diff(SMALL, small.path)
    assert found.summary() == "0 added, 1 corrected, 0 recoded, 0 retired"
    assert f"| `{JNB}` | note | *(empty)* | one \\| two |" in found.markdown()


def test_a_column_that_only_one_has_is_named_and_its_cells_are_not_listed(small: Folder) -> None:
    file = small.file("names")
    file.write_text(file.read_text(encoding="utf-8").replace("script", "writing", 1), encoding="utf-8")
    found = ije.diff(SMALL, small.path)
    assert found.columns == {"names.script": "removed", "names.writing": "added"}
    assert found.changes == []
    assert "- `names.writing`: added" in found.markdown()


@pytest.mark.parametrize("shape", ["data", "bare", "zip", "tar.gz", "whl"])
def test_folders_and_archives_of_any_shape_are_read(changed: Folder, tmp_path: Path, shape: str) -> None:
    (changed.path / "datapackage.json").write_text('{"version": "3.2.1"}')
    (changed.path / "data" / "views").mkdir()
    shutil.copy(changed.file("people"), changed.path / "data" / "views" / "engagements.csv")  # a view is no table
    archive = tmp_path / f"release.{shape}"
    if shape == "tar.gz":
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(changed.path / "data", "name-3.2.1/data")
            tar.add(changed.path / "datapackage.json", "name-3.2.1/datapackage.json")
    elif shape in ("zip", "whl"):
        inside = {"zip": ("name-3.2.1", "name-3.2.1"), "whl": ("name/_data/data", "name/_data")}[shape]
        with zipfile.ZipFile(archive, "w") as packed:
            for file in (changed.path / "data").rglob("*.csv"):
                packed.write(file, f"{inside[0]}/{file.relative_to(changed.path / 'data')}")
            packed.write(changed.path / "datapackage.json", f"{inside[1]}/datapackage.json")
    path = {"data": changed.path, "bare": changed.path / "data"}.get(shape, archive)
    found = ije.diff(SMALL, path)
    assert len(found.changes) == 7
    assert found.new == ("" if shape == "bare" else "3.2.1")


@pytest.mark.parametrize(
    ("content", "how"),
    [
        (b"", "it is empty"),
        (b"person_id\n\xff\n", "'utf-8' codec can't decode byte 0xff in position 10: invalid start byte"),
        (b'person_id,name\na,"b\n', "unexpected end of data"),
        (b"person_id,name\na\n", "line 2 has another number of cells than the header"),
        (b"person_id\na\n\n", "line 3 has another number of cells than the header"),
        (b"person_id\na\na\n", "'a' stands there twice"),
    ],
)
def test_what_is_no_table_is_refused(small: Folder, content: bytes, how: str) -> None:
    small.file("people").write_bytes(content)
    with pytest.raises(ValueError, match="is not a table") as error:
        ije.diff(SMALL, small.path)
    assert str(error.value) == f"data/people.csv is not a table ({how}); ije validate says more"


def test_what_holds_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no archive")
    with pytest.raises(FileNotFoundError, match="holds none of the tables"):
        ije.diff(tmp_path, SMALL)
    with pytest.raises(FileNotFoundError, match="neither a folder nor an archive"):
        ije.diff(tmp_path / "a.txt", SMALL)


@pytest.mark.parametrize("damage", ["locked", "overwritten", "cut"])
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: str) -> None:
    archive = tmp_path / "release.zip"
    if damage == "cut":
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(SMALL, "data")
        archive.write_bytes(archive.read_bytes()[:5000])
    else:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(SMALL / "evidence.csv", "evidence.csv")
        content = bytearray(archive.read_bytes())
        if damage == "locked":  # the flag of the entry, and that of the directory
            content[6] |= 1
            content[content.index(b"PK\x01\x02") + 8] |= 1
        else:
            content[100:200] = bytes(100)
        archive.write_bytes(content)
    with pytest.raises(ValueError, match=r"release\.zip' cannot be unpacked \(.+\); take the archive anew"):
        ije.diff(archive, SMALL)


def test_a_table_larger_than_any_is_not_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("india_japan_engagements.diffing.FILE", 1 << 20)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("people.csv", bytes(1 << 24))
    with pytest.raises(ValueError, match="larger than 1 MB, which no table is"):
        ije.diff(tmp_path / "bomb.zip", SMALL)


def test_the_command_shows_what_changed_and_says_when_nothing_did(changed: Folder) -> None:
    run = CliRunner().invoke(command, ["diff", str(SMALL), str(changed.path), "--format", "csv"])
    assert (run.exit_code, run.output) == (0, ije.diff(SMALL, changed.path).csv())
    shown = CliRunner().invoke(command, ["diff", str(SMALL), str(changed.path)])
    assert shown.exit_code == 0
    assert "duration_minutes" in shown.output
    same = CliRunner().invoke(command, ["diff", str(SMALL), str(SMALL)])
    assert (same.exit_code, same.output) == (1, "ije: nothing changed\n")

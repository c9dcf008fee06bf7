"""The record in other shapes: a database, a workbook, nested documents. Read back, each holds the tables' rows."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest

import india_japan_engagements as ije

pytestmark = pytest.mark.usefixtures("record")

Rows = list[dict[str, Any]]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    ije.export("all", tmp_path / "ije.sqlite")
    with closing(sqlite3.connect(tmp_path / "ije.sqlite")) as connection:
        yield connection


def plain(rows: Rows) -> Rows:
    """Return rows as JSON gives them back."""
    found: Rows = json.loads(json.dumps(rows, default=str))
    return found


def test_a_database_holds_the_rows_of_every_table(database: sqlite3.Connection) -> None:
    for table in ije.tables(views=True):
        cursor = database.execute(f"SELECT * FROM {table} ORDER BY rowid")
        names = [column[0] for column in cursor.description]
        assert [dict(zip(names, row, strict=True)) for row in cursor] == plain(ije.load(table, as_="rows"))
    stored = "SELECT start_date_latest, typeof(contradicted), typeof(latitude), typeof(ordinal) FROM timeline"
    assert database.execute(f"{stored} WHERE engagement_id = 'strategic-dialogue-18-delhi-2026'").fetchall() == [
        ("2026-01-16", "integer", "real", "integer")
    ]


def test_a_database_has_the_keys_of_the_schemas_and_obeys_them(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    keys = {(row[3], row[2], row[4]) for row in database.execute("PRAGMA foreign_key_list(participations)")}
    assert keys == {
        ("engagement_id", "engagements", "engagement_id"),
        ("person_id", "people", "person_id"),
        ("office_id", "offices", "office_id"),
    }
    about = {row[1]: row[2:4] + row[5:] for row in database.execute("PRAGMA table_info(participations)")}
    assert about["participation_id"] == ("TEXT", 1, 1)
    assert (about["side"], about["person_id"]) == (("TEXT", 1, 0), ("TEXT", 0, 0))
    indices = [row[1] for row in database.execute("PRAGMA index_list(participations)") if row[3] == "c"]
    assert sorted(indices) == ["participations.engagement_id", "participations.office_id", "participations.person_id"]
    database.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed"):
        database.execute("DELETE FROM people WHERE person_id = 'narendra-modi'")


def test_a_database_finds_the_evidence_of_a_row_by_an_index(database: sqlite3.Connection) -> None:
    query = "SELECT * FROM evidence WHERE table_name = 'engagements' AND row_id = 'modi-takaichi-call-2025'"
    (plan,) = database.execute(f"EXPLAIN QUERY PLAN {query}")
    assert plan[3] == "SEARCH evidence USING INDEX evidence.row (table_name=? AND row_id=?)"


def test_a_database_has_the_derived_tables_with_keys_too(database: sqlite3.Connection) -> None:
    query = """
        SELECT t.principals_jpn, o.title_en FROM timeline AS t JOIN participations USING (engagement_id)
        JOIN offices AS o USING (office_id) WHERE side = 'JPN' AND engagement_id = 'strategic-dialogue-18-delhi-2026'
    """
    assert database.execute(query).fetchall() == [("Toshimitsu Motegi", "Minister for Foreign Affairs of Japan")]
    keys = {(row[3], row[2]) for row in database.execute("PRAGMA foreign_key_list(timeline)")}
    assert ("engagement_id", "engagements") in keys


def test_parquet_is_what_small_and_old_readers_read(record: Path) -> None:
    for table in ije.tables(views=True):
        file = pq.ParquetFile(ije.path(table))
        about = file.metadata
        assert about.format_version in ("1.0", "2.6")
        assert file.schema_arrow.names == ije.schema(table).names
        for column in range(about.num_columns):
            described = file.schema.column(column)
            assert (described.max_repetition_level, described.path) == (0, described.name)
            for group in range(about.num_row_groups):
                chunk = about.row_group(group).column(column)
                assert chunk.compression == "SNAPPY"
                assert {*chunk.encodings} <= {"PLAIN", "RLE", "RLE_DICTIONARY", "PLAIN_DICTIONARY", "BIT_PACKED"}


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl", "parquet", "xlsx"])
def test_every_table_is_the_same_in_every_shape(tmp_path: Path, ending: str) -> None:
    for table in ije.tables(views=True):
        rows, file = ije.load(table, as_="rows"), tmp_path / f"{table}.{ending}"
        assert ije.export(table, file, bom=ending == "csv") == len(rows)
        if ending == "csv":
            fields = ije.schema(table).fields
            assert file.read_bytes().startswith(b"\xef\xbb\xbf")
            header, *lines = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
            assert header == ije.schema(table).names
            read = [{field.name: field.parse(cell) for field, cell in zip(fields, row, strict=True)} for row in lines]
        elif ending == "parquet":
            read = pq.ParquetFile(file).read().to_pylist()
        elif ending == "xlsx":
            header, *cells = sheets(file)[table]
            read = [dict(zip(header, row, strict=True)) for row in cells]
            rows = [
                {
                    name: (value - date(1899, 12, 30)).days if isinstance(value, date) else value
                    for name, value in row.items()
                }
                for row in rows
            ]
        else:
            text = file.read_text(encoding="utf-8")
            read = json.loads(text) if ending == "json" else [json.loads(line) for line in text.splitlines()]
            rows = plain(rows)
        assert read == rows, table


def test_a_database_is_the_same_to_the_byte_and_replaces_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "b.sqlite").write_bytes(b"something else")
    rows = sum(len(ije.load(table, as_="rows")) for table in ije.tables(views=True))
    for name in ("a.sqlite", "b.sqlite"):
        assert ije.export("all", tmp_path / name) == rows
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()


def sheets(file: Path) -> dict[str, list[list[Any]]]:
    """Return the cells of each sheet of a workbook, empty ones as None and dates as days since 1899-12-30."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    found = {}
    with zipfile.ZipFile(file) as book:
        texts = ["".join(item.itertext()) for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        index = ElementTree.fromstring(book.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in index.iter(f"{space}sheet")]
        for number, name in enumerate(names, 1):
            cells: list[list[Any]] = []
            for row in ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{space}row"):
                cells.append([None] * (len(cells[0]) if cells else len(row)))
                for cell in row:
                    value = float(cell[0].text or "")
                    kind = cell.get("t")
                    letters = cell.attrib["r"].rstrip("0123456789")
                    position = sum((ord(x) - 64) * 26**power for power, x in enumerate(reversed(letters))) - 1
                    cells[-1][position] = texts[int(value)] if kind == "s" else bool(value) if kind == "b" else value
            found[name] = cells
    return found


def test_a_workbook_has_a_sheet_for_every_table_and_one_on_the_columns(tmp_path: Path) -> None:
    ije.export("all", tmp_path / "ije.xlsx")
    found = sheets(tmp_path / "ije.xlsx")
    assert [*found] == [*ije.tables(views=True), "columns"]
    for table in ije.tables(views=True):
        header, *rows = found[table]
        assert header == ije.schema(table).names
        assert rows == [
            [(value - date(1899, 12, 30)).days if isinstance(value, date) else value for value in row.values()]
            for row in ije.load(table, as_="rows")
        ]
    assert found["columns"][0] == ["table", "column", "meaning", "type", "codes"]
    assert [row[:2] for row in found["columns"][1:]] == [
        [table, column] for table in ije.tables(views=True) for column in ije.schema(table).names
    ]


def nested(tmp_path: Path) -> dict[str, dict[str, Any]]:
    assert ije.export("engagements", tmp_path / "ije.jsonl", nested=True) == 21
    lines = (tmp_path / "ije.jsonl").read_text(encoding="utf-8").splitlines()
    return {found["engagement_id"]: found for found in map(json.loads, lines)}


def rows_of(table: Any, nested: Rows) -> Rows:
    """Return what is nested, without what nesting adds to a row of the table, in the table's order."""
    names = ije.schema(table).names
    return sorted(({name: row[name] for name in names} for row in nested), key=lambda row: row[names[0]])


def test_nested_engagements_hold_the_rows_of_the_tables(tmp_path: Path) -> None:
    found = [*nested(tmp_path).values()]
    assert rows_of("engagements", found) == plain(ije.load("engagements", as_="rows"))
    for table in ("participations", "agenda", "agreements", "commitments"):
        rows = ije.load(table, as_="rows")  # type: ignore[call-overload]
        held = [row for engagement in found for row in engagement[table]]
        assert rows_of(table, held) == [row for row in plain(rows) if row["engagement_id"]]
    promised = [row for engagement in found for row in engagement["commitments"]]
    updates = [row for commitment in promised for row in commitment["updates"]]
    assert rows_of("commitment_updates", updates) == plain(ije.load("commitment_updates", as_="rows"))
    known = {row["source_id"]: row for row in plain(ije.load("sources", as_="rows"))}
    sources = rows_of("sources", [row for engagement in found for row in engagement["sources"]])
    assert sources == [known[row["source_id"]] for row in sources]


def test_nested_evidence_is_all_there_is_of_engagements_and_what_belongs_to_them(tmp_path: Path) -> None:
    found = nested(tmp_path)
    held = {
        table: {row[ije.schema(table).key] for row in ije.load(table, as_="rows") if row["engagement_id"]}
        for table in ("engagements", "participations", "agenda", "agreements", "commitments")
    }
    held["commitment_updates"] = {row["commitment_update_id"] for row in ije.load("commitment_updates", as_="rows")}
    claims = [claim for each in found.values() for source in each["sources"] for claim in source["evidence"]]
    assert rows_of("evidence", claims) == [
        row for row in plain(ije.load("evidence", as_="rows")) if row["row_id"] in held.get(row["table_name"], ())
    ]
    call = found["modi-takaichi-call-2025"]
    assert [source["source_id"] for source in call["sources"]] == [
        source["source_id"] for source in ije.engagement("modi-takaichi-call-2025").sources
    ]


def test_nested_rows_name_what_they_refer_to(tmp_path: Path) -> None:
    found = nested(tmp_path)
    dialogue = found["strategic-dialogue-18-delhi-2026"]
    assert dialogue["mechanism_name_en"] == "India-Japan Foreign Ministers' Strategic Dialogue"
    assert (dialogue["place_name_en"], dialogue["host_event_name_en"]) == ("Delhi", None)
    parts = {part["person_id"]: part for part in dialogue["participations"]}
    assert parts["toshimitsu-motegi"]["person_name_en"] == "Toshimitsu Motegi"
    assert parts["toshimitsu-motegi"]["office_title_en"] == "Minister for Foreign Affairs of Japan"
    promised = {row["commitment_id"]: row for row in dialogue["commitments"]}
    assert promised["invite-500-ai-professionals-2030"]["topic_label_en"] == "Highly skilled professionals"
    assert [row["observed_on"] for row in promised["invite-500-ai-professionals-2030"]["updates"]] == ["2026-07-02"]


@pytest.mark.parametrize(
    ("table", "file", "options", "message"),
    [
        ("all", "ije.csv", {}, "^.csv does not serve here; let it end in .sqlite, .xlsx$"),
        ("all", "ije.db", {}, "^'ije.db' does not say what to write; let it end in .sqlite, .xlsx$"),
        ("people", "ije.sqlite", {}, "^.sqlite does not serve here; let it end in .csv, .parquet, .json, "),
        ("engagements", "ije.xlsx", {"nested": True}, "^.xlsx does not serve here; let it end in .json, .jsonl$"),
        ("people", "ije.jsonl", {"nested": True}, "^people cannot be nested; engagements can$"),
        ("all", "ije.xlsx", {"bom": True}, "^a byte order mark is for CSV; leave it out for .xlsx$"),
    ],
)  # fmt: skip
def test_a_shape_that_is_not_there_is_refused(table: Any, file: str, options: dict[str, bool], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ije.export(table, file, **options)


def test_a_whole_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    for ending in ("sqlite", "xlsx"):
        with pytest.raises(OSError, match="ije"):
            ije.export("all", tmp_path / "nowhere" / f"ije.{ending}")

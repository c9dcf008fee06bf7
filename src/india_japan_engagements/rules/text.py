"""Family 13: text that is what it looks like, in every reader and every spreadsheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import narwhals as nw

from ..views import Frame
from . import Data, Finding, rule

# Ranges are written out, since the engines do not share names for scripts.
LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
SCRIPTS = {
    "en": ("Latin", f"[{LATIN}]"),
    "ja": ("Japanese", "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "hi": ("Devanagari", "[\u0900-\u097f]"),
}
FOREIGN = "\u0370-\u052f\u0900-\u097f"  # Greek, Cyrillic, Devanagari: never in one word with Latin
CONTROL = "[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060\ufeff\ufffd]"
SPACE = "[ \u00a0\u3000]"
FORMULA = "^[=+@\t-]"
NUMBER = r"^-[0-9.]+$"


def _cells(data: Data, suffix: str = "") -> Iterator[tuple[str, str, Frame]]:
    """Every text column whose name ends in ``suffix``, with its filled cells."""
    for table, schema in data.schemas.items():
        for field in schema.fields:
            if field.type == "string" and field.name.endswith(suffix) and table not in data.incomplete:
                yield table, field.name, data[table].filter(~nw.col(field.name).is_null())


@rule("E1301", "{value!r} contains no {script} script", "move it to the column of its language, or empty the cell")
def language_columns_hold_their_script(data: Data) -> Iterator[Finding]:
    """A column named for a language holds text in its script."""
    for suffix, (script, letters) in SCRIPTS.items():
        for table, column, rows in _cells(data, f"_{suffix}"):
            yield (
                table,
                column,
                rows.filter(~nw.col(column).str.contains(letters)).with_columns(nw.lit(script).alias("script")),
            )


@rule("E1302", "{value!r} contains an invisible or control character", "type the text anew, on one line")
def no_control_characters(data: Data) -> Iterator[Finding]:
    """Line breaks, zero-width marks and replacement characters break searches and show that text was mangled."""
    for table, column, rows in _cells(data):
        yield table, column, rows.filter(nw.col(column).str.contains(CONTROL))


@rule("E1303", "{value!r} begins or ends with a space", "remove it")
def no_outer_spaces(data: Data) -> Iterator[Finding]:
    """A space nobody sees makes two equal values differ."""
    for table, column, rows in _cells(data):
        yield table, column, rows.filter(nw.col(column).str.contains(f"^{SPACE}|{SPACE}$"))


@rule("E1304", "{value!r} is not in Unicode normal form C", "type the text anew, or normalise it to NFC")
def text_is_composed(data: Data) -> Iterator[Finding]:
    """One look, one spelling: letters and their marks are composed."""
    for table, column, rows in _cells(data):
        # No engine normalises in the same words as another; the few cells beyond ASCII are asked one by one.
        values = (
            rows.filter(nw.col(column).str.contains("[^\u0000-\u007f]"))
            .select(column)
            .unique()
            .collect()[column]
            .to_list()
        )
        wrong = [value for value in values if not unicodedata.is_normalized("NFC", value)]
        if wrong:
            yield table, column, rows.filter(nw.col(column).is_in(wrong))


@rule(
    "E1305",
    "{value!r} has a word that mixes scripts",
    "type the word in one script; a letter that only looks Latin breaks every search",
)
def words_keep_to_one_script(data: Data) -> Iterator[Finding]:
    """A Cyrillic or Greek letter in a Latin word is a slip or a forgery; Japanese does write Latin into its words."""
    for table, column, rows in _cells(data):
        yield table, column, rows.filter(nw.col(column).str.contains(f"[{LATIN}][{FOREIGN}]|[{FOREIGN}][{LATIN}]"))


@rule("E1306", "a spreadsheet would run {value!r} as a formula", "begin the text with a letter or digit")
def no_formulas(data: Data) -> Iterator[Finding]:
    """A cell that begins like a formula is run by a spreadsheet, whoever wrote it."""
    for table, column, rows in _cells(data):
        yield table, column, rows.filter(nw.col(column).str.contains(FORMULA), ~nw.col(column).str.contains(NUMBER))

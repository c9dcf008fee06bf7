"""Family 13: text that is what it looks like, in every reader and every spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import narwhals as nw

from ..columns import whole
from ..views import Frame
from . import Data, Finding, rule

# Ranges are written out, since the engines do not share names for scripts.
LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
SCRIPTS = {  # by the ends of the columns' names
    "en": ("Latin", f"[{LATIN}]"),
    "ja": ("Japanese", "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "hi": ("Devanagari", "[\u0900-\u097f]"),
}
FOREIGN = "\u0370-\u052f\u0900-\u097f"  # Greek, Cyrillic, Devanagari: never in one word with Latin
CONTROL = "[\u0000-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060\ufeff\ufffd]"
SPACE = "[ \u00a0\u3000]"
FORMULA = "^[=+@\t-]"
NUMBER = whole(r"-[0-9.]+")
MARKUP = r"&(#[0-9]+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos|nbsp|[mn]dash|[lr][sd]quo|hellip);|</?[a-z]+[0-9]?( [^<>]*)?/?>"
NOTHING = (
    "NA",
    "N/A",
    "#N/A",
    "<NA>",
    "n/a",
    "NaN",
    "nan",
    "NaT",
    "None",
    "NULL",
    "null",
    "#REF!",
    "#NAME?",
    "#VALUE!",
)


# More than printable ASCII, or what a formula, markup, an outer space, lost letters or a word for nothing needs. Most
# columns have no such cell, and are looked through once for nine rules.
ODD = rf"[^ -~]|^[=+@ -]| \z|[&<]|[?]{{3}}|{whole('|'.join(map(re.escape, NOTHING)))}"


CONDITIONS: dict[str, Callable[[nw.Expr], nw.Expr]] = {
    "control": lambda text: text.str.contains(CONTROL),
    "spaced": lambda text: text.str.contains(rf"^{SPACE}|{SPACE}\z"),
    "beyond ASCII": lambda text: text.str.contains("[^\u0000-\u007f]"),
    "mixed": lambda text: text.str.contains(f"[{LATIN}][{FOREIGN}]|[{FOREIGN}][{LATIN}]"),
    "formula": lambda text: text.str.contains(FORMULA) & ~text.str.contains(NUMBER),
    "markup": lambda text: text.str.contains(MARKUP),
    "nothing": lambda text: text.is_in([*NOTHING]),
    "lost": lambda text: text.str.contains(r"[?]{3}"),
}
"""What the rules of this family ask of a text that is odd."""


def _where(data: Data, condition: str) -> Iterator[Finding]:
    """Every text column of which some cells meet the condition, with their rows."""
    for table in data.with_fields():
        rows = data[table]
        for column in [column for met, column in _met(data, table) if met == condition]:
            yield table, column, rows.filter(_condition(condition, column))


def _met(data: Data, table: str) -> list[tuple[str, str]]:
    """Return each condition that any cell of a text column meets, with the column: nearly always there is none.

    A table is looked through once for what is odd, and of its odd columns the odd cells alone for all conditions.
    """
    if table not in data.odd:
        rows = data[table]
        names = [field.name for field in data.schemas[table].fields if field.type == "string"]
        odd = {name: nw.col(name).str.contains(ODD) for name in names}
        scripts = [(language, name) for language in SCRIPTS for name in names if name.endswith(f"_{language}")]
        found = _any(rows, odd | {one: _condition(*one) for one in scripts})
        data.odd[table] = [one for one in scripts if one in found]
        for name in filter(found.__contains__, names):
            asked = {(condition, name): _condition(condition, name) for condition in CONDITIONS}
            data.odd[table] += _any(rows.select(name).filter(odd[name]), asked)
    return data.odd[table]


def _any(rows: Frame, conditions: Mapping[Any, nw.Expr]) -> list[Any]:
    """Return the keys of those conditions that any of the rows meets."""
    if not conditions:
        return []
    named = [where.fill_null(False).any().alias(str(number)) for number, where in enumerate(conditions.values())]
    found = rows.select(*named).collect()
    return [key for number, key in enumerate(conditions) if found[str(number)].item()]


def _condition(condition: str, column: str) -> nw.Expr:
    """Return a condition of a column by its name, or by a language: that it has none of the letters of that."""
    if condition in SCRIPTS:
        return ~nw.col(column).str.contains(SCRIPTS[condition][1])
    return CONDITIONS[condition](nw.col(column))


@rule(
    "E1301",
    "{value!r} contains no {script} script",
    "move it to the column of its language, or empty the cell",
    bad="Nichi-In shuno kaidan in title_ja",
    good="日印首脳会談",
)
def language_columns_hold_their_script(data: Data) -> Iterator[Finding]:
    """A column named for a language holds text in its script."""
    for language, (script, _) in SCRIPTS.items():
        for table, column, rows in _where(data, language):
            yield table, column, rows.with_columns(nw.lit(script).alias("script"))


@rule(
    "E1302",
    "{value!r} contains an invisible or control character",
    "type the text anew, on one line",
    bad="a line break, zero-width space or replacement character in a name",
    good="the name on one line, typed anew",
)
def no_control_characters(data: Data) -> Iterator[Finding]:
    """Line breaks, zero-width marks and replacement characters break searches and show that text was mangled."""
    return _where(data, "control")


@rule(
    "E1303",
    "{value!r} begins or ends with a space",
    "remove it",
    bad="'Toshimitsu Motegi '",
    good="'Toshimitsu Motegi'",
)
def no_outer_spaces(data: Data) -> Iterator[Finding]:
    """A space nobody sees makes two equal values differ."""
    return _where(data, "spaced")


@rule(
    "E1304",
    "{value!r} is not in Unicode normal form C",
    "type the text anew, or normalise it to NFC",
    bad="カ followed by a combining mark",
    good="ガ",
)
def text_is_composed(data: Data) -> Iterator[Finding]:
    """One look, one spelling: letters and their marks are composed."""
    for table, column, rows in _where(data, "beyond ASCII"):
        # Engines do not normalise in the same words; the distinct values beyond ASCII are asked one by one.
        values = (value for batch in data.stream(rows.select(column).unique()) for value in batch[column])
        wrong = [value for value in values if not unicodedata.is_normalized("NFC", value)]
        if wrong:
            yield table, column, rows.join(data.table({column: wrong}), on=column)


@rule(
    "E1305",
    "{value!r} has a word that mixes scripts",
    "type the word in one script; a letter that only looks Latin breaks every search",
    bad="Mоtegi with a Cyrillic о",
    good="Motegi; G20とASEAN, since Japanese does write Latin into its words",
)
def words_keep_to_one_script(data: Data) -> Iterator[Finding]:
    """A Cyrillic or Greek letter in a Latin word is a slip or a forgery; Japanese does write Latin into its words."""
    return _where(data, "mixed")


@rule(
    "E1306",
    "a spreadsheet would run {value!r} as a formula",
    "begin the text with a letter or digit",
    bad="=1+1 is a sum",
    good="The sum is 1+1; -26.2",
)
def no_formulas(data: Data) -> Iterator[Finding]:
    """A cell that begins like a formula is run by a spreadsheet, whoever wrote it."""
    return _where(data, "formula")


@rule(
    "E1307",
    "{value!r} is not written in {script}",
    "correct the name or its script",
    bad="a name in Devanagari whose script is Jpan",
    good="its script is Deva",
)
def names_are_in_their_script(data: Data) -> Iterator[Finding]:
    """A name is written in the script it says."""
    for code, letters in (("Latn", SCRIPTS["en"][1]), ("Jpan", SCRIPTS["ja"][1]), ("Deva", SCRIPTS["hi"][1])):
        yield (
            "names",
            "name",
            data["names"].filter(nw.col("script") == code, ~nw.col("name").str.contains(letters)),
        )


@rule(
    "E1308",
    "{value!r} was read in a wrong encoding: it should be {mended!r}",
    "take the text from its source again, as UTF-8",
    bad="JapÃ¼ or æ—¥å�°, which are UTF-8 read as Latin-1",
    good="Japü, 日印",
)
def text_was_read_as_utf8(data: Data) -> Iterator[Finding]:
    """Mangled text shows by letters that never stand side by side; ftfy knows them."""
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    for table, column, rows in _where(data, "beyond ASCII"):
        values = (value for batch in data.stream(rows.select(column).unique()) for value in batch[column])
        mended = {value: fix_encoding(value) for value in values if is_bad(value)}
        if mended:
            known = data.table({column: [*mended], "mended": [*mended.values()]})
            yield table, column, rows.join(known, on=column)


@rule(
    "E1309",
    "{value!r} does not end with the family name {family_name!r}",
    "write the given name first in name_en; put the other order among the names",
    bad="Motegi Toshimitsu, of family name Motegi",
    good="Toshimitsu Motegi",
)
def family_names_stand_last(data: Data) -> Iterator[Finding]:
    """One order of names in one column: given name, then family name, whatever is usual at home."""
    named = data["people"].filter(~nw.col("family_name").is_null(), ~nw.col("name_en").is_null())
    wrong = [
        one
        for batch in data.stream(named.select("person_id", "name_en", "family_name"))
        for one, name, family in zip(batch["person_id"], batch["name_en"], batch["family_name"], strict=True)
        if not name.endswith(family)
    ]
    if wrong:
        yield "people", "name_en", named.join(data.table({"person_id": wrong}), on="person_id")


@rule(
    "E1310",
    "{value!r} contains the markup of a web page",
    "write the character itself, and no tags",
    bad="trade &amp; investment; <b>Joint Statement</b>",
    good="trade & investment; Joint Statement",
)
def no_markup(data: Data) -> Iterator[Finding]:
    """Text that was cut from the source of a page carries its entities and tags along."""
    return _where(data, "markup")


@rule(
    "E1311",
    "{value!r} is how a tool writes that there is nothing",
    "empty the cell",
    bad="a venue called nan",
    good="an empty cell",
)
def nothing_is_empty(data: Data) -> Iterator[Finding]:
    """What is unknown is empty; NA, nan and None are words of R, pandas and Python for it."""
    return _where(data, "nothing")


@rule(
    "E1312",
    "{value!r} has question marks where letters were",
    "take the text from its source again, as UTF-8",
    bad="a page titled ????????",
    good="日印首脳会談",
)
def letters_were_kept(data: Data) -> Iterator[Finding]:
    """A tool that knows only ASCII puts a question mark for every other letter; nobody asks thrice running."""
    return _where(data, "lost")

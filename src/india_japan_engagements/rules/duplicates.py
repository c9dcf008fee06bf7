"""Family 12: one thing, entered once."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

import narwhals as nw

from ..lookup import words
from ..views import Frame, spans
from . import Data, Finding, rule

NAMED = {
    "people": "name_en",
    "offices": "title_en",
    "places": "name_en",
    "mechanisms": "name_en",
    "host_events": "name_en",
    "topics": "label_en",
}
ALIKE = 0.9
"""How much of two names must agree for them to be one name in two spellings (difflib's ratio)."""

TITLES = ("offices",)
"""Where order and every letter tell: the Ambassador of India to Japan, the Minister and the Ministry are not one."""


def _principals(data: Data) -> Frame:
    """Return engagement_id and who: its principals, by person or else office, in alphabetical order."""
    principals = (
        data["participations"]
        .filter(nw.col("capacity") == "principal")
        .select("engagement_id", nw.coalesce(nw.col("person_id"), nw.col("office_id"), nw.lit("")).alias("who"))
        .unique()
        .with_columns(nw.lit(1).alias("one"))
        .with_columns(nw.col("one").cum_sum().over("engagement_id", order_by="who").alias("seat"))
    )
    principals = data.keep(principals)
    # Each in a column of its own and then side by side: engines do not join the texts of a group in the same words.
    last = principals.select(nw.col("seat").max()).collect()["seat"].item()
    seats = [f"seat_{seat}" for seat in range(1, int(last or 0) + 1)]
    seated = [nw.when(nw.col("seat") == seat).then(nw.col("who")).alias(name) for seat, name in enumerate(seats, 1)]
    together = principals.with_columns(*seated).group_by("engagement_id").agg(*[nw.col(name).max() for name in seats])
    names = [nw.col(name) for name in seats] or [nw.lit("")]
    return together.select("engagement_id", nw.concat_str(*names, separator=" ", ignore_nulls=True).alias("who"))


@rule(
    "W1201",
    "it looks like {other_id} ({other_title}, {other_date}): same kind, format, series and principals, and no hour or "
    "place sets them apart",
    "retire one of the two in favour of the other; if they are two, give hours, places or what else sets them apart, "
    "or waive this",
    bad="one call of the two prime ministers on 2025-10-29, entered twice under two titles",
    good="two calls on one day, at 10:00 and at 18:00; a visit and the meeting within it",
)
def engagements_are_entered_once(data: Data) -> Iterator[Finding]:
    """A trip entered twice is counted twice. Compared are neighbours in time among those otherwise alike."""
    rows = (
        spans(data["engagements"])
        .filter(nw.col("status").is_in(["held", "planned"]), ~nw.col("start_date").is_null())
        .join(_principals(data), on="engagement_id")
        .with_columns(nw.col("mechanism_id").fill_null("").alias("series"))
    )
    group = ("kind", "format", "series", "who")
    carried = {
        "other_id": "engagement_id", "other_title": "title_en", "other_date": "start_date",
        "other_last": "end_date_latest", "other_parent": "parent_id", "other_time": "start_time",
        "other_place": "place_id", "other_ordinal": "ordinal", "other_status": "status",
        "other_sequence": "sequence",
    }  # fmt: skip
    beside = rows.with_columns(
        *[
            nw.col(column)
            .shift(1)
            .over(*group, order_by=["start_date_earliest", "start_time", "engagement_id"])
            .alias(name)
            for name, column in carried.items()
        ]
    ).filter(nw.col("start_date_earliest") <= nw.col("other_last"))
    apart = [
        nw.col("parent_id") == nw.col("other_id"),
        nw.col("other_parent") == nw.col("engagement_id"),
        nw.col("start_time") != nw.col("other_time"),
        nw.col("ordinal") != nw.col("other_ordinal"),
        # Stops of one journey are in different places; the same meeting is not.
        (nw.col("parent_id") == nw.col("other_parent")) & (nw.col("place_id") != nw.col("other_place")),
        (nw.col("parent_id") == nw.col("other_parent")) & (nw.col("sequence") != nw.col("other_sequence")),
        # Only the year of both is known: they may be months apart.
        (nw.col("start_date").str.len_chars() == 4) | (nw.col("other_date").str.len_chars() == 4),
    ]
    for sets_apart in apart:
        beside = beside.filter(~sets_apart.fill_null(False))
    yield "engagements", "start_date", beside


@rule(
    "W1202",
    "{value} is also the Wikidata item of {other_id}",
    "retire one of the two in favour of the other, or correct the item",
    bad="two ids for one person, both Q1058",
    good="one item, one id",
)
def wikidata_items_stand_once(data: Data) -> Iterator[Finding]:
    """Two ids for one item are one thing entered twice."""
    for table in data.with_fields("wikidata_id"):
        key = data.key(table)
        rows = data[table].filter(~nw.col("wikidata_id").is_null())
        first = rows.group_by("wikidata_id").agg(nw.col(key).min().alias("other_id"))
        yield table, "wikidata_id", rows.join(first, on="wikidata_id").filter(nw.col(key) != nw.col("other_id"))


@rule(
    "W1203",
    "{value!r} and {other_name!r} ({other_id}) differ only in order or spelling",
    "retire one of the two and keep its name among the names of the other; if they are two, waive this",
    bad="Taro Kono and Kono Taro; S. Jaishankar and S. Jaishanker",
    good="one row, the other spelling in names",
)
def names_stand_once(data: Data) -> Iterator[Finding]:
    """A name in another order or spelling is mostly the same person or place once more.

    Compared are names whose consonants agree, whatever their order.
    """
    for table, column in NAMED.items():
        if table in data.incomplete:
            continue
        key = data.key(table)
        rows = data[table].select(key, column).filter(~nw.col(column).is_null()).sort(key).collect()
        alike: dict[str, list[tuple[str, str]]] = defaultdict(list)
        twins: dict[str, tuple[str, str]] = {}
        for row_id, name in zip(rows[key].to_list(), rows[column].to_list(), strict=True):
            spelled = _spelled(name, table)
            block = alike[spelled if table in TITLES else " ".join(map(_skeleton, spelled.split()))]
            for other_id, other_name in block:
                other = _spelled(other_name, table)
                if _numbers(spelled) == _numbers(other) and SequenceMatcher(None, spelled, other).ratio() >= ALIKE:
                    twins[row_id] = (other_id, other_name)
                    break
            else:
                block.append((row_id, name))
        if twins:
            others, names = zip(*twins.values(), strict=True)
            found = data.table({key: [*twins], "other_id": [*others], "other_name": [*names]})
            yield table, column, data.rows(table, found)


@rule(
    "W1204",
    "{value} is also the address of {other_id}",
    "let the evidence of both rest on one of the two, and remove the other",
    bad="one page listed as two sources",
    good="one page, one source, however much rests on it",
)
def pages_are_listed_once(data: Data) -> Iterator[Finding]:
    """One page listed twice looks like two sources that agree."""
    rows = data["sources"].filter(~nw.col("url").is_null())
    first = rows.group_by("url").agg(nw.col("source_id").min().alias("other_id"))
    yield "sources", "url", rows.join(first, on="url").filter(nw.col("source_id") != nw.col("other_id"))


def _spelled(name: str, table: str) -> str:
    """Return the words of a name as they are compared.

    Titles keep their order; other names are put in one that no other spelling of their vowels changes.
    """
    found = words(name)
    if table not in TITLES:
        found = sorted(found, key=lambda word: (_skeleton(word), word))
    return " ".join(found)


def _skeleton(word: str) -> str:
    """Return a word without vowels and doubled letters: what is left when one name is spelled in two ways."""
    plain = unicodedata.normalize("NFKD", word)
    kept = [letter for letter in plain if letter.isdigit() or (letter.isalpha() and letter not in "aeiouyh")]
    return "".join(letter for letter, before in zip(kept, ["", *kept], strict=False) if letter != before) or word


def _numbers(name: str) -> list[str]:
    return [word for word in name.split() if any(letter.isdigit() for letter in word)]

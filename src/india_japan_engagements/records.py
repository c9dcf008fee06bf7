"""One engagement with everything that hangs on it, gathered from the tables by the standard library alone."""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from typing import Any, NamedTuple

from ._names import TableName
from .package import load, schema

Row = dict[str, Any]


class Claim(NamedTuple):
    """One source bearing on one claim: the evidence row and the source it names."""

    evidence: Row
    source: Row


class Commitment(NamedTuple):
    """A commitment and what became of it, oldest update first."""

    row: Row
    updates: list[Row]


class Engagement(NamedTuple):
    """An engagement, the rows that belong to it, and the labels of what they refer to.

    ``labels`` maps the id of every person, office, place, mechanism, host event, topic, agreement and engagement
    named in the rows to its name or title. ``claims`` maps the id of each row to the sources that bear on it.
    """

    row: Row
    participations: list[Row]
    agenda: list[Row]
    agreements: list[Row]
    commitments: list[Commitment]
    parts: list[Row]
    labels: dict[str, str]
    claims: dict[str, list[Claim]]

    @property
    def sources(self) -> list[Row]:
        """The sources of the engagement and of all its rows, each once, in order of id."""
        found = {claim.source["source_id"]: claim.source for claims in self.claims.values() for claim in claims}
        return [found[key] for key in sorted(found)]


_LABELS: dict[TableName, str] = {
    "people": "name_en", "offices": "title_en", "places": "name_en", "mechanisms": "name_en", "host_events": "name_en",
    "topics": "label_en", "agreements": "title_en", "engagements": "title_en",
}  # fmt: skip


def engagement(engagement_id: str) -> Engagement:
    """Return an engagement with its participants, agenda, agreements, commitments, parts and sources.

    Raises:
        KeyError: there is no such engagement; the message names the nearest ids.
    """
    tables: dict[str, list[Row]] = {name: load(name, as_="rows") for name in (*_LABELS, *_HANGING)}
    row = next((row for row in tables["engagements"] if row["engagement_id"] == engagement_id), None)
    if row is None:
        near = get_close_matches(engagement_id, [row["engagement_id"] for row in tables["engagements"]], 3, 0.5)
        hint = (
            f"did you mean {' or '.join(near)}?"
            if near
            else "`ije tables` and data/views/timeline.csv list what there is"
        )
        raise KeyError(f"there is no engagement {engagement_id!r}; {hint}")

    def of(table: str) -> list[Row]:
        return [row for row in tables[table] if row["engagement_id"] == engagement_id]

    updates = defaultdict(list)
    for update in sorted(tables["commitment_updates"], key=lambda update: update["observed_on"]):
        updates[update["commitment_id"]].append(update)
    commitments = [Commitment(found, updates[found["commitment_id"]]) for found in of("commitments")]
    parts = [part for part in tables["engagements"] if part["parent_id"] == engagement_id]
    parts.sort(key=lambda part: (part["start_date"] or "9999", part["sequence"] or 0, part["start_time"] or ""))
    hanging = {
        "engagements": [row],
        "participations": of("participations"),
        "agenda": of("agenda"),
        "agreements": of("agreements"),
        "commitments": [commitment.row for commitment in commitments],
        "commitment_updates": [update for commitment in commitments for update in commitment.updates],
    }
    return Engagement(
        row,
        hanging["participations"],
        hanging["agenda"],
        hanging["agreements"],
        commitments,
        parts,
        {row[schema(name).key]: row[label] for name, label in _LABELS.items() for row in tables[name]},
        _claims(hanging, tables),
    )


_HANGING: tuple[TableName, ...] = (
    "participations",
    "agenda",
    "commitments",
    "commitment_updates",
    "evidence",
    "sources",
)


def _claims(hanging: dict[str, list[Row]], tables: dict[str, list[Row]]) -> dict[str, list[Claim]]:
    wanted = {(table, row[next(iter(row))]) for table, rows in hanging.items() for row in rows}
    sources = {source["source_id"]: source for source in tables["sources"]}
    claims = defaultdict(list)
    for evidence in tables["evidence"]:
        if (evidence["table_name"], evidence["row_id"]) in wanted:
            claims[evidence["row_id"]].append(Claim(evidence, sources[evidence["source_id"]]))
    return dict(claims)

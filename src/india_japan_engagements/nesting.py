"""Each engagement as one document with everything that hangs on it, for programs that join nothing."""

from __future__ import annotations

from collections import defaultdict

from ._names import TableName
from .lookup import LABELS, Row, Tables
from .package import schema


def documents() -> list[Row]:
    """Return every engagement with its participations, agenda, agreements, commitments, their updates, and sources.

    Each is its row and those of the other tables as they are, in the tables' order (updates oldest first). Beside an id
    stands the name of what it refers to: ``person_name_en`` beside ``person_id``. Each source has the ``evidence`` for
    which it was read: what it says of the engagement or of anything nested in it.
    """
    tables = Tables()

    def hanging(table: TableName, on: str) -> dict[str, list[Row]]:
        """Return the rows of a table by the id in the column ``on``, with the names of all else they refer to."""
        named = {
            column: (f"{column.removesuffix('_id')}_{LABELS[target]}", target)
            for column, target in schema(table).foreign_keys.items()
            if target in LABELS and column != on
        }
        found = defaultdict(list)
        for row in tables[table]:
            names = {name: tables.label(target, row[column]) or None for column, (name, target) in named.items()}
            found[row[on]].append(row | names)
        return found

    parts = {
        table: hanging(table, "engagement_id") for table in ("participations", "agenda", "agreements", "commitments")
    }
    updates = hanging("commitment_updates", "commitment_id")
    sources = tables.by_id("sources")
    evidence: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for claim in tables["evidence"]:
        evidence[claim["table_name"], claim["row_id"]].append(claim)
    found = []
    for key, (row,) in hanging("engagements", "engagement_id").items():
        nested = {table: rows.get(key, []) for table, rows in parts.items()}
        became = [
            sorted(updates.get(each["commitment_id"], []), key=lambda update: update["observed_on"])
            for each in nested["commitments"]
        ]
        all_rows = {"engagements": [row], **nested, "commitment_updates": [each for some in became for each in some]}
        claims: dict[str, list[Row]] = defaultdict(list)
        for table, rows in all_rows.items():
            for each in rows:
                for claim in evidence.get((table, next(iter(each.values()))), []):
                    claims[claim["source_id"]].append(claim)
        nested["commitments"] = [
            each | {"updates": some} for each, some in zip(nested["commitments"], became, strict=True)
        ]
        cited = [sources[source_id] | {"evidence": claims[source_id]} for source_id in sorted(claims)]
        found.append(row | nested | {"sources": cited})
    return found

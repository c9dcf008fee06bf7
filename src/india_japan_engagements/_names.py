"""The names of the tables and views. Generated from metadata.toml by scripts/build.py."""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; importing typing takes longer than all else of a load
if TYPE_CHECKING:
    from typing import Literal

    TableName = Literal[
        "engagements",
        "participations",
        "people",
        "offices",
        "tenures",
        "mechanisms",
        "host_events",
        "places",
        "topics",
        "agenda",
        "agreements",
        "commitments",
        "commitment_updates",
        "sources",
        "evidence",
        "names",
        "coverage",
        "codings",
        "redirects",
        "waivers",
    ]
    ViewName = Literal[
        "timeline",
        "encounters",
        "commitment_tracker",
        "loans_and_grants",
        "coverage_matrix",
    ]
else:
    TableName = ViewName = str

TABLES: tuple[TableName, ...] = (
    "engagements",
    "participations",
    "people",
    "offices",
    "tenures",
    "mechanisms",
    "host_events",
    "places",
    "topics",
    "agenda",
    "agreements",
    "commitments",
    "commitment_updates",
    "sources",
    "evidence",
    "names",
    "coverage",
    "codings",
    "redirects",
    "waivers",
)
VIEWS: tuple[ViewName, ...] = (
    "timeline",
    "encounters",
    "commitment_tracker",
    "loans_and_grants",
    "coverage_matrix",
)

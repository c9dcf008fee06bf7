"""The names of the tables and views. Generated from metadata.toml by scripts/build.py."""

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
    "redirects",
    "waivers",
]
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
    "redirects",
    "waivers",
)

ViewName = Literal[
    "timeline",
    "commitment_tracker",
]
VIEWS: tuple[ViewName, ...] = (
    "timeline",
    "commitment_tracker",
)

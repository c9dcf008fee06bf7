"""The names of the tables and views. Generated from metadata.toml by scripts/build.py."""

from typing import Literal, get_args

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
TABLES: tuple[TableName, ...] = get_args(TableName)

ViewName = Literal[
    "timeline",
    "encounters",
    "commitment_tracker",
    "loans_and_grants",
    "coverage_matrix",
]
VIEWS: tuple[ViewName, ...] = get_args(ViewName)

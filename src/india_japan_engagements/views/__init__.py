"""Derived facts and the derived tables: nothing here is ever typed by hand.

``facts`` (date bounds, level, tier) is shared by the rules and by the views, so that there is one definition of each.
The other modules lay the tables flat for people who want one.
"""

from collections.abc import Callable, Mapping

import polars as pl

from ..tableschema import Schema
from .agreements import loans_and_grants
from .commitments import commitment_tracker
from .engagements import coverage_matrix, encounters, timeline
from .facts import Frame, Frames, bounds, levels, spans, tiers

__all__ = ["VIEWS", "Frame", "Frames", "bounds", "levels", "spans", "tiers"]

VIEWS: dict[str, Callable[[Frames, Mapping[str, Schema]], pl.LazyFrame]] = {
    "timeline": timeline,
    "encounters": encounters,
    "commitment_tracker": commitment_tracker,
    "loans_and_grants": loans_and_grants,
    "coverage_matrix": coverage_matrix,
}
"""What computes the rows of each view; its columns are defined in schemas/views.toml."""

"""Family 4: numbered sessions follow one another. Only held sessions count: a plan may yet change its number."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..views import Frame, levels, spans
from . import Data, Finding, rule

COMPARED = ("head_of_government", "foreign_minister", "defence_minister")
"""Levels at which a session and its series must agree: below ministers, officials stand in for one another."""


def _sessions(data: Data) -> Frame:
    return spans(data["engagements"]).filter(
        nw.col("status") == "held", ~nw.col("mechanism_id").is_null(), ~nw.col("ordinal").is_null()
    )


def _before(column: str) -> nw.Expr:
    """Return the value of ``column`` in the session before, within the series."""
    return nw.col(column).shift(1).over("mechanism_id", order_by=["ordinal", "engagement_id"])


@rule(
    "E401",
    "session {value} of {mechanism_id} is also {other_id}",
    "correct the ordinal or the mechanism of one of the two; series that share a name are two mechanisms",
    bad="two held engagements are both session 13 of the strategic dialogue",
    good="a ministerial and a vice-ministerial 2+2 are both first of their own series",
)
def sessions_are_numbered_once(data: Data) -> Iterator[Finding]:
    """A number names one session of a series, or nobody can cite it."""
    sessions = _sessions(data)
    first = sessions.group_by("mechanism_id", "ordinal").agg(nw.col("engagement_id").min().alias("other_id"))
    yield (
        "engagements",
        "ordinal",
        sessions.join(first, on=["mechanism_id", "ordinal"]).filter(nw.col("engagement_id") != nw.col("other_id")),
    )


@rule(
    "E402",
    "session {value} of {mechanism_id} is dated {start_date}, before an earlier session ({earlier})",
    "correct the ordinal or the date of one of the sessions",
    bad="the 14th session is dated 2022-03-19 and the 15th 2021-08-29",
    good="the 14th is dated 2022-03-19 and the 15th 2025-08-29; a session without a number may lie anywhere",
)
def dates_rise_with_ordinals(data: Data) -> Iterator[Finding]:
    """Sessions are counted in the order in which they are held; a wrong year or number breaks it."""
    ordered = _sessions(data).with_columns(
        nw.col("start_date_earliest")
        .cum_max()
        .over("mechanism_id", order_by=["ordinal", "engagement_id"])
        .alias("so_far")
    )
    ordered = ordered.with_columns(_before("so_far").alias("earlier"))
    yield "engagements", "ordinal", ordered.filter(nw.col("start_date_latest") < nw.col("earlier"))


@rule(
    "E403",
    "it is {status} and has the ordinal {value}",
    "empty the ordinal: the session that is held takes the number",
    bad="a summit that was called off keeps the number 14",
    good="the row of the cancelled summit has no ordinal, and the next one held is the 14th",
)
def what_was_called_off_has_no_number(data: Data) -> Iterator[Finding]:
    """A session that did not take place is not counted; its number goes to the next that does."""
    yield (
        "engagements",
        "ordinal",
        data["engagements"].filter(nw.col("status") == "cancelled", ~nw.col("ordinal").is_null()),
    )


@rule(
    "E404",
    "the ordinal {value} counts nothing: {why}",
    "give the mechanism, or empty the ordinal; the session carries the number, the visit around it none",
    bad="a visit has the ordinal 15; or talks without a mechanism have one",
    good="the annual summit within the visit is session 15 of its series",
)
def ordinals_count_sessions(data: Data) -> Iterator[Finding]:
    """An ordinal is the number of a session in a series, and never below the number at which the series began."""
    first = data["mechanisms"].select("mechanism_id", "first_ordinal")
    numbered = data["engagements"].filter(~nw.col("ordinal").is_null()).join(first, on="mechanism_id", how="left")
    why = (
        nw.when(nw.col("mechanism_id").is_null())
        .then(nw.lit("no mechanism is named"))
        .otherwise(
            nw.when(nw.col("kind") == "visit")
            .then(nw.lit("a visit is no session"))
            .otherwise(
                nw.when(nw.col("ordinal") < nw.col("first_ordinal")).then(nw.lit("the series began with a higher one"))
            )
        )
    )
    yield "engagements", "ordinal", numbered.with_columns(why.alias("why")).filter(~nw.col("why").is_null())


@rule(
    "W401",
    "{missing} not in the record, and {value} is",
    "look for it; if no source numbers or reports it, waive this with what was searched",
    bad="the record holds the 12th and the 14th session of a series that counts",
    good="it holds the 13th too, or a waiver says where the 13th was sought",
)
def counted_series_have_no_gaps(data: Data) -> Iterator[Finding]:
    """A missing number in a counted series is a session that was missed, or a wrong number."""
    counted = data["mechanisms"].filter(~nw.col("first_ordinal").is_null()).select("mechanism_id", "first_ordinal")
    sessions = (
        _sessions(data)
        .join(counted, on="mechanism_id")
        .with_columns(nw.coalesce(_before("ordinal"), nw.col("first_ordinal") - 1).alias("last"))
        .filter(nw.col("ordinal") - nw.col("last") > 1)
        .with_columns(
            (nw.col("last") + 1).cast(nw.String).alias("from"), (nw.col("ordinal") - 1).cast(nw.String).alias("to")
        )
    )
    missing = nw.concat_str(
        nw.col("mechanism_id"),
        nw.when(nw.col("from") == nw.col("to"))
        .then(nw.concat_str(nw.lit(" session "), nw.col("from"), nw.lit(" is")))
        .otherwise(nw.concat_str(nw.lit(" sessions "), nw.col("from"), nw.lit(" to "), nw.col("to"), nw.lit(" are"))),
    )
    yield "engagements", "ordinal", sessions.with_columns(missing.alias("missing"))


@rule(
    "W402",
    "sessions {before} and {ordinal} of {mechanism_id} were both held in {country}, and the hosts alternate",
    "correct the place or the ordinal, or waive this with the reason for the change of turn",
    bad="the 14th and the 15th annual summit are both placed in India",
    good="the 14th was in Delhi, the 15th in Tokyo",
)
def hosts_alternate(data: Data) -> Iterator[Finding]:
    """Where the two capitals take turns, the same host twice running is most often a wrong place."""
    turns = data["mechanisms"].filter(nw.col("hosting") == "alternates").select("mechanism_id")
    countries = data["places"].select("place_id", "country")
    sessions = (
        _sessions(data)
        .join(turns, on="mechanism_id")
        .join(countries, on="place_id", how="left")
        .with_columns(_before("ordinal").alias("before"), _before("country").alias("country_before"))
    )
    yield (
        "engagements",
        "place_id",
        sessions.filter(
            nw.col("ordinal") == nw.col("before") + 1,
            nw.col("country") == nw.col("country_before"),
            nw.col("format") != "video",
        ),
    )


@rule(
    "W403",
    "it is a session of {mechanism_id}, which meets at level {expected}, and was held at level {level}",
    "correct the mechanism or the participants, or waive this with who stood in for whom",
    bad="a meeting of foreign ministers is filed under the annual summit",
    good="it is filed under the strategic dialogue",
)
def sessions_meet_at_their_level(data: Data) -> Iterator[Finding]:
    """A session at another level than its series is most often filed under the wrong series."""
    codes = data.schemas["offices"]["level"].enum or []
    met = levels({name: data[name] for name in ("participations", "offices")}, codes).select("engagement_id", "level")
    series = (
        data["mechanisms"]
        .filter(nw.col("level").is_in([*COMPARED]))
        .select("mechanism_id", nw.col("level").alias("expected"))
    )
    held = data["engagements"].filter(nw.col("status") == "held", nw.col("kind") == "dialogue")
    yield (
        "engagements",
        "mechanism_id",
        held.join(series, on="mechanism_id")
        .join(met, on="engagement_id")
        .filter(nw.col("level") != nw.col("expected")),
    )

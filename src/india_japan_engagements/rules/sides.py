"""Family 6: who sat on each side."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..views import Frame
from . import Data, Finding, rule

BILATERAL = ("bilateral", "sidelines")
EXCHANGES = ("talks", "dialogue", "call_on", "signing")
STATES = ("IND", "JPN")


def _held(data: Data, settings: tuple[str, ...], kinds: tuple[str, ...] = EXCHANGES) -> Frame:
    return data["engagements"].filter(
        nw.col("status") == "held", nw.col("setting").is_in([*settings]), nw.col("kind").is_in([*kinds])
    )


def _without(data: Data, settings: tuple[str, ...], *wanted: nw.Expr) -> Iterator[tuple[str, Frame]]:
    """Yield each of the two states with the held exchanges in which it has no participant that meets ``wanted``."""
    for side in STATES:
        there = data["participations"].filter(nw.col("side") == side, *wanted).select("engagement_id").unique()
        missing = _held(data, settings).join(there, on="engagement_id", how="anti")
        yield side, missing.with_columns(nw.lit(side).alias("side"))


@rule(
    "E601",
    "nobody on the side of {side} takes part",
    "add who took part; if no source names a person, the office or body",
    bad="talks held between the two states list only the Indian minister",
    good="they list the Indian minister and, unnamed, the officials of Japan's ministry",
)
def exchanges_have_two_sides(data: Data) -> Iterator[Finding]:
    """An exchange between two states has both of them in it."""
    for _, missing in _without(data, BILATERAL):
        yield "engagements", "engagement_id", missing


@rule(
    "E602",
    "nobody on the side of {side} takes part in this {setting} {kind}",
    "add who took part; where one of the two states was not there, it is no engagement between them",
    bad="a Quad meeting lists the ministers of the United States, Australia and Japan",
    good="it lists India's minister too",
)
def groups_hold_both(data: Data) -> Iterator[Finding]:
    """A meeting of a group belongs to the record because both states take part in it."""
    for _, missing in _without(data, ("plurilateral", "multilateral")):
        yield "engagements", "engagement_id", missing


@rule(
    "E603",
    "the message has no {what}",
    "name the sender as principal and who it went to as addressee, by office if by no name",
    bad="a message of condolence lists only the prime minister to whom it was sent",
    good="the sender is its principal, the receiver its addressee",
)
def messages_have_a_sender(data: Data) -> Iterator[Finding]:
    """A message is an act of its sender towards somebody."""
    messages = data["engagements"].filter(nw.col("kind") == "message")
    for capacity, what in (("principal", "sender"), ("addressee", "addressee")):
        there = data["participations"].filter(nw.col("capacity") == capacity).select("engagement_id").unique()
        found = messages.join(there, on="engagement_id", how="anti")
        yield "engagements", "engagement_id", found.with_columns(nw.lit(what).alias("what"))


@rule(
    "W601",
    "there is no principal on the side of {side}",
    "mark who led that side as principal, or waive this with what was searched",
    bad="the Japanese minister is principal, and India has delegates only",
    good="each side has at least one principal",
)
def sides_have_principals(data: Data) -> Iterator[Finding]:
    """Somebody leads each side; the level of a meeting is counted from principals."""
    for side, missing in _without(data, BILATERAL, nw.col("capacity") == "principal"):
        present = data["participations"].filter(nw.col("side") == side).select("engagement_id").unique()
        yield "engagements", "engagement_id", missing.join(present, on="engagement_id")


@rule(
    "W602",
    "the setting is {value}, and {other} takes part as a principal",
    "write plurilateral, correct the participant, or waive this with the reason",
    bad="a bilateral meeting has the Secretary of State of the United States among its principals",
    good="the meeting of three is plurilateral",
)
def bilateral_means_two(data: Data) -> Iterator[Finding]:
    """A third state among the principals makes a meeting one of three."""
    third = (
        data["participations"]
        .filter(~nw.col("side").is_in([*STATES]), nw.col("capacity") == "principal")
        .group_by("engagement_id")
        .agg(nw.col("side").min().alias("other"))
    )
    rows = data["engagements"].filter(nw.col("setting").is_in([*BILATERAL])).join(third, on="engagement_id")
    yield "engagements", "setting", rows


@rule(
    "W603",
    "{person_id} is of {country}, and on the side of {value}",
    "correct the side or the person, or waive this with the reason",
    bad="the Japanese chairman of a company on the side of India",
    good="on the side of Japan",
)
def people_are_on_their_countrys_side(data: Data) -> Iterator[Finding]:
    """Who holds no office is on the side of their own country; of offices E306 speaks."""
    people = data["people"].select("person_id", "country")
    private = data["participations"].filter(nw.col("office_id").is_null())
    yield "participations", "side", private.join(people, on="person_id").filter(nw.col("side") != nw.col("country"))

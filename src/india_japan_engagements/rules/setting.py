"""Family 5: the series a session belongs to and the event a meeting was held around."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..views import Frame, spans
from . import Data, Finding, rule


@rule(
    "E501",
    "a dialogue is a session of a series, and none is named",
    "give mechanism_id, or write talks",
    bad="a dialogue of no series",
    good="a dialogue with its mechanism; a meeting outside any series is talks",
)
def dialogues_have_a_mechanism(data: Data) -> Iterator[Finding]:
    """What makes an exchange a dialogue is the standing series it is a session of."""
    yield (
        "engagements",
        "mechanism_id",
        data["engagements"].filter(nw.col("kind") == "dialogue", nw.col("mechanism_id").is_null()),
    )


@rule(
    "E502",
    "it is on the sidelines, and no host event is named",
    "give host_event_id, or write bilateral",
    bad="a meeting on the sidelines of nothing",
    good="it names the G20 summit around which it was held",
)
def sidelines_have_a_host_event(data: Data) -> Iterator[Finding]:
    """A meeting on the sidelines is beside something."""
    yield (
        "engagements",
        "host_event_id",
        data["engagements"].filter(nw.col("setting") == "sidelines", nw.col("host_event_id").is_null()),
    )


def _displaced(data: Data) -> Frame:
    """Engagements held in another country than their host event or more than two days away from it."""
    countries = data["places"].select("place_id", "country")
    dates = ("start_date_earliest", "end_date_latest")
    events = (
        spans(data["host_events"])
        .join(countries, on="place_id", how="left")
        .select(
            "host_event_id", nw.col("country").alias("event_country"), *[nw.col(c).alias(f"event_{c}") for c in dates]
        )
    )
    near = "2d"
    return (
        spans(data["engagements"])
        .join(countries, on="place_id", how="left")
        .join(events, on="host_event_id")
        .filter(
            (nw.col("country") != nw.col("event_country")).fill_null(False)
            | (nw.col("start_date_earliest") > nw.col("event_end_date_latest").dt.offset_by(near)).fill_null(False)
            | (nw.col("end_date_latest") < nw.col("event_start_date_earliest").dt.offset_by(f"-{near}")).fill_null(
                False
            )
        )
    )


@rule(
    "E503",
    "it is on the sidelines of {value}, and in another country or more than two days away",
    "correct the host event, the place or the date",
    bad="on the sidelines of a summit in Johannesburg, and in Tokyo",
    good="in South Africa, at most two days before or after",
)
def sidelines_are_near_the_host_event(data: Data) -> Iterator[Finding]:
    """Beside an event means in the same country and within two days of it."""
    yield "engagements", "host_event_id", _displaced(data).filter(nw.col("setting") == "sidelines")


@rule(
    "W501",
    "it names the host event {value}, and was in another country or more than two days away",
    "correct the host event, the place or the date, or waive this with the reason",
    bad="a bilateral dialogue in Tokyo that names a summit in Johannesburg",
    good="it names none, or the one in Tokyo",
)
def others_are_near_their_host_event(data: Data) -> Iterator[Finding]:
    """A host event far from the engagement is most often the wrong one."""
    yield "engagements", "host_event_id", _displaced(data).filter(nw.col("setting") != "sidelines")

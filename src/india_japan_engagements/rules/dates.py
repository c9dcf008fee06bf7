"""Family 1: dates that exist, run forward, lie in the past when they should, and claim no more than the sources."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from ..columns import whole
from ..tableschema import PARTIAL_DATE
from ..views import bounds, spans
from . import Data, Finding, rule

DATE = whole(PARTIAL_DATE)


@rule(
    "E102",
    "it ends on {value}, before it starts on {start}",
    "correct one of the two dates",
    bad="a visit from 2026-01-15 to 2026-01-14",
    good="from 2026-01-15 to 2026-01-17; from 2025-12 to 2025",
)
def ends_after_it_starts(data: Data) -> Iterator[Finding]:
    """What has a start and an end ends on or after the day it starts, whatever a partial date may mean."""
    for start, end in (("start_date", "end_date"), ("period_start", "period_end"), ("period_start", "deadline")):
        for table in data.with_fields(start, end):
            yield (
                table,
                end,
                bounds(data[table], start, end)
                .filter(nw.col(f"{end}_latest") < nw.col(f"{start}_earliest"))
                .with_columns(nw.col(start).alias("start")),
            )


@rule(
    "E103",
    "it is held, and {value} is after the release date {release_date}",
    "write planned until a source reports it, or correct the date",
    bad="a meeting of tomorrow is held",
    good="it is planned until a source reports it",
)
def held_is_past(data: Data) -> Iterator[Finding]:
    """Nothing was held after the day the release describes."""
    after = bounds(data["engagements"], "start_date").filter(
        nw.col("status") == "held", nw.col("start_date_earliest") > nw.lit(data.release_date)
    )
    yield "engagements", "start_date", after.with_columns(nw.lit(str(data.release_date)).alias("release_date"))


@rule(
    "E104",
    "{value} is more precise than its sources, which give {stated}",
    "write {stated}, or add the source that gives the rest",
    bad="2023-08-01 where the sources say August 2023",
    good="2023-08",
)
def no_more_precise_than_sources(data: Data) -> Iterator[Finding]:
    """A date is published only as precisely as a supporting source states it: precision is a claim too."""
    evidence = data["evidence"].filter(nw.col("stance") != "contradicts", nw.col("stated_value").str.contains(DATE))
    evidence = data.keep(evidence.with_columns(nw.col("stated_value").str.len_chars().alias("length")))
    for table, schema in data.schemas.items():
        for column in [field.name for field in schema.fields if field.partial_date]:
            if table in data.incomplete:
                continue
            stated = evidence.filter(nw.col("table_name") == table, nw.col("field") == column)
            finest = stated.group_by("row_id").agg(nw.col("length").max(), nw.col("stated_value").max().alias("stated"))
            rows = data[table].join(finest, left_on=data.key(table), right_on="row_id")
            yield table, column, rows.filter(nw.col(column).str.len_chars() > nw.col("length"))


@rule(
    "E105",
    "{value!r} is said of {field}, which is a date",
    "write the date the source gives as YYYY, YYYY-MM or YYYY-MM-DD, and its own words in note",
    bad="a source states Sunday of start_date",
    good="it states 2025-11-23, and its note says that the page prints Sunday",
)
def stated_dates_are_dates(data: Data) -> Iterator[Finding]:
    """What a source states of a date is compared with the published one, so it has the same form."""
    for table, schema in data.schemas.items():
        dates = [field.name for field in schema.fields if field.partial_date]
        if dates:
            stated = data["evidence"].filter(nw.col("table_name") == table, nw.col("field").is_in(dates))
            yield "evidence", "stated_value", stated.filter(~nw.col("stated_value").str.contains(DATE))


@rule(
    "E106",
    "it has no start date and is {status}",
    "give the date, as the year alone if no more is known; only what is planned may have none",
    bad="a meeting is held on no day",
    good="2025, if the year is all that is known",
)
def only_plans_lack_a_date(data: Data) -> Iterator[Finding]:
    """An engagement that took place did so on some day; only a plan may have none."""
    yield (
        "engagements",
        "start_date",
        data["engagements"].filter(nw.col("start_date").is_null(), nw.col("status") != "planned"),
    )


@rule(
    "E107",
    "it was read on {accessed_on}, before it was published on {value}",
    "correct one of the two dates; a page bears the date of its publication, not of the event",
    bad="a page published on 2027-01-16 was read on 2026-11-22",
    good="published on 2026-01-16, read on 2026-11-22",
)
def pages_are_read_after_publication(data: Data) -> Iterator[Finding]:
    """Nobody reads what is not yet published; a wrong year of publication shows here."""
    rows = bounds(data["sources"], "published_on").filter(nw.col("published_on_earliest") > nw.col("accessed_on"))
    yield "sources", "published_on", rows


@rule(
    "E108",
    "{value} is after the release date {release_date}",
    "correct the date, or the release date in metadata.toml",
    bad="a page read, a search made or a promise checked after the release that tells of it",
    good="on the day of the release or earlier",
)
def nothing_was_seen_after_release(data: Data) -> Iterator[Finding]:
    """A release tells what had been read by its day; a later date is a wrong one."""
    for table, column in (("sources", "accessed_on"), ("coverage", "checked_on")):
        after = data[table].filter(nw.col(column) > nw.lit(data.release_date))
        yield table, column, after.with_columns(nw.lit(str(data.release_date)).alias("release_date"))
    after = bounds(data["commitment_updates"], "observed_on").filter(
        nw.col("observed_on_earliest") > nw.lit(data.release_date)
    )
    yield (
        "commitment_updates",
        "observed_on",
        after.with_columns(nw.lit(str(data.release_date)).alias("release_date")),
    )


@rule(
    "W101",
    "it is planned for {value}, which is past",
    "look for a report of it: write held, postponed or cancelled, or waive this with what was searched",
    bad="a dialogue planned for the first half of 2026 has no other row in the release of November 2026",
    good="it is held with its date, or a waiver says what was searched",
)
def planned_is_future(data: Data) -> Iterator[Finding]:
    """A plan whose time has passed was held, put off or called off; if no source says which, a waiver says so."""
    yield (
        "engagements",
        "start_date",
        spans(data["engagements"]).filter(
            nw.col("status") == "planned", nw.col("end_date_latest") < nw.lit(data.release_date)
        ),
    )

"""Every code has a fault that raises it, and nothing but it, with its exact words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import Folder

import india_japan_engagements as ije
from india_japan_engagements.report import STRUCTURE, Report
from india_japan_engagements.rules import all_rules
from india_japan_engagements.validation import _pandera_problems, _referee_problems, read_table

JNB = "modi-takaichi-johannesburg-2025"
TAKAICHI = "sanae-takaichi.prime-minister-japan.2025"
MOTEGI = "toshimitsu-motegi.prime-minister-japan.2025"
EXPRESS = "bharat-express-modi-takaichi-2025"
UPDATE = "convene-economic-security-dialogue-2.2026-11-22"


def again(folder: Folder, engagement: str, copy: str, **cells: str) -> Folder:
    """Enter an engagement once more, with its participants and its evidence, under another id."""
    folder.copy("engagements", engagement, engagement_id=copy, **cells)
    for row in folder.rows("participations"):
        if row["engagement_id"] == engagement:
            key = row["participation_id"].replace(engagement, copy)
            folder.copy("participations", row["participation_id"], participation_id=key, engagement_id=copy)
    for row in folder.rows("evidence"):
        if row["row_id"].startswith(engagement) and row["field"] == "*":
            key, about = row["evidence_id"].replace(engagement, copy), row["row_id"].replace(engagement, copy)
            if row["table_name"] in ("engagements", "participations"):
                folder.copy("evidence", row["evidence_id"], evidence_id=key, row_id=about)
    return folder


def agreement(folder: Folder, key: str, **cells: str) -> Folder:
    """Add an agreement and the evidence for it."""
    given = {"title_en": f"The agreement called {key}", "instrument": "memorandum", "signed_on": "2026-01-16"}
    folder.add("agreements", agreement_id=key, **(given | cells))
    about = {"evidence_id": f"{key}.the-week-ai-pact-2026", "table_name": "agreements", "row_id": key}
    return folder.add("evidence", field="*", source_id="the-week-ai-pact-2026", stance="supports", **about)


FAULTS: list[tuple[str, Callable[[Folder], object], list[str]]] = [
    (
        "a missing file",
        lambda f: f.file("names").unlink(),
        ["data/names.csv [E001] the file is missing; add names.csv, with its header if it has no rows"],
    ),
    (
        "a file under another name",
        lambda f: f.file("host_events").rename(f.file("host_event")),
        ["data/host_events.csv [E001] the file is missing; rename host_event.csv to host_events.csv"],
    ),
    (
        "another encoding",
        lambda f: f.file("names").write_bytes(
            f.file("names").read_text(encoding="utf-8").replace("alias", "aliás").encode("cp1252", "replace")
        ),
        [
            "data/names.csv:2 [E002] byte e1 is not UTF-8; save the file as UTF-8; this line shows where it goes wrong first",
            "data/names.csv:2 kind [E013] 'ali�s' is not one of its codes; did you mean alias? the codes are alias, official, abbreviation, former",
        ],
    ),
    (
        "a byte order mark",
        lambda f: f.file("topics").write_bytes(b"\xef\xbb\xbf" + f.file("topics").read_bytes()),
        ["data/topics.csv:1 [E003] the file begins with a byte order mark; save it as UTF-8 without BOM"],
    ),
    (
        "Windows line ends",
        lambda f: f.file("topics").write_bytes(f.file("topics").read_bytes().replace(b"\n", b"\r\n")),
        ["data/topics.csv:1 [E004] lines end in CR LF or CR; save the file with LF line ends (Unix)"],
    ),
    (
        "one carriage return",
        lambda f: f.replace("names", b"alias\n", b"alias\r\n"),
        ["data/names.csv:2 [E004] lines end in CR LF or CR; save the file with LF line ends (Unix)"],
    ),
    (
        "an empty file",
        lambda f: f.file("redirects").write_bytes(b""),
        [
            "data/redirects.csv [E005] the file is empty; write the header: redirect_id,table_name,old_id,new_id,version,reason"
        ],
    ),
    (
        "a missing column",
        lambda f: f.file("redirects").write_text("redirect_id,table_name,old_id,version,reason\n"),
        ["data/redirects.csv:1 new_id [E006] the column new_id is missing; add it after old_id"],
    ),
    (
        "an extra column",
        lambda f: f.file("redirects").write_text("redirect_id,table_name,old_id,new_id,version,reason,who\n"),
        ["data/redirects.csv:1 who [E007] the table has no column 'who'; remove it, or add it to the schema first"],
    ),
    (
        "a misspelled column",
        lambda f: f.file("redirects").write_text("redirect_id,table_name,old_id,new_id,versoin,reason\n"),
        ["data/redirects.csv:1 versoin [E007] the table has no column 'versoin'; rename it to version"],
    ),
    (
        "columns in another order",
        lambda f: f.file("redirects").write_text("redirect_id,old_id,table_name,new_id,version,reason\n"),
        [
            "data/redirects.csv:1 [E008] the columns are not in the order of the schema; order them redirect_id,table_name,old_id,new_id,version,reason"
        ],
    ),
    (
        "a column twice",
        lambda f: f.file("redirects").write_text("redirect_id,table_name,old_id,new_id,version,reason,reason\n"),
        ["data/redirects.csv:1 reason [E008] the column reason stands twice in the header; keep one of the two"],
    ),
    (
        "a cell too many",
        lambda f: f.replace("names", b",en,Latn,alias", b",en,Latn,alias,"),
        [
            "data/names.csv:2 [E009] the row has 8 cells, the header 7; give it one cell a column; a comma inside a cell needs double quotes around the cell"
        ],
    ),
    (
        "a comma that needs quotes",
        lambda f: f.replace("agenda", b'"Both wish to raise trade, ', b"Both wish to raise trade, ").replace(
            "agenda", b'as Modi reported."', b"as Modi reported."
        ),
        [
            "data/agenda.csv:3 [E009] the row has 10 cells, the header 8; give it one cell a column; a comma inside a cell needs double quotes around the cell"
        ],
    ),
    (
        "a blank line",
        lambda f: f.file("names").write_bytes(f.file("names").read_bytes() + b"\n"),
        ["data/names.csv:3 [E009] the line is blank; delete the line"],
    ),
    (
        "an open quote",
        lambda f: f.replace("agenda", b'reported."', b"reported."),
        [
            'data/agenda.csv:3 [E010] the quotes of this row are broken (unexpected end of data); close every cell that begins with a double quote, and write "" for a quote inside it'
        ],
    ),
    (
        "a number with a separator",
        lambda f: f.set("commitments", "invite-500-ai-professionals-2030", quantity="5,00"),
        [
            "data/commitments.csv:3 quantity [E011] '5,00' is not a number; write plain digits without separators or exponent, at most 15, such as 10000000000000 or -26.2"
        ],
    ),
    (
        "a number in scientific form",
        lambda f: f.set("commitments", "invite-500-ai-professionals-2030", quantity="5e2"),
        [
            "data/commitments.csv:3 quantity [E011] '5e2' is not a number; write plain digits without separators or exponent, at most 15, such as 10000000000000 or -26.2"
        ],
    ),
    (
        "a whole number that is none",
        lambda f: f.set("engagements", JNB, duration_minutes="35.0"),
        [
            "data/engagements.csv:5 duration_minutes [E011] '35.0' is not an integer; write a whole number in plain digits, such as 15"
        ],
    ),
    (
        "a number too large to hold",
        lambda f: f.set("engagements", JNB, duration_minutes="99999999999999999999"),
        [
            "data/engagements.csv:5 duration_minutes [E011] '99999999999999999999' is not an integer; write a whole number in plain digits, such as 15"
        ],
    ),
    (
        "a number of more digits than can be kept",
        lambda f: f.set("commitments", "invite-500-ai-professionals-2030", quantity="0.12345678901234567"),
        [
            "data/commitments.csv:3 quantity [E011] '0.12345678901234567' is not a number; write plain digits without separators or exponent, at most 15, such as 10000000000000 or -26.2"
        ],
    ),
    (
        "a truth value in another language",
        lambda f: f.set("offices", "prime-minister-japan", singular="TRUE"),
        ["data/offices.csv:6 singular [E011] 'TRUE' is not a boolean; write true or false"],
    ),
    (
        "an empty required cell",
        lambda f: f.set("engagements", JNB, summary_en=""),
        [
            "data/engagements.csv:5 summary_en [E012] the cell is empty; fill it: What happened, in one to three sentences in our own words."
        ],
    ),
    (
        "an unknown code near a known one",
        lambda f: f.set("engagements", JNB, kind="talk"),
        [
            "data/engagements.csv:5 kind [E013] 'talk' is not one of its codes; did you mean talks? the codes are visit, exercise, dialogue, talks, call_on, signing, ceremony, message, announcement"
        ],
    ),
    (
        "an unknown code",
        lambda f: f.set("participations", "modi-takaichi-call-2025.narendra-modi", presence="X"),
        [
            "data/participations.csv:6 presence [E013] 'X' is not one of its codes; the codes are in_person, remote, absent"
        ],
    ),
    (
        "a code of another standard",
        lambda f: f.set("participations", "modi-takaichi-call-2025.narendra-modi", side="IN"),
        [
            "data/engagements.csv:4 engagement_id [E601] nobody on the side of IND takes part; add who took part; if no source names a person, the office or body",
            "data/engagements.csv:4 setting [W602] the setting is bilateral, and IN takes part as a principal; write plurilateral, correct the participant, or waive this with the reason",
            "data/participations.csv:6 side [E014] 'IN' has not the form ^[A-Z]{3}$; write it like IND",
        ],
    ),
    (
        "a clock time of another form",
        lambda f: f.set("engagements", JNB, start_time="1:40pm"),
        [
            "data/engagements.csv:5 start_time [E014] '1:40pm' has not the form ^([01][0-9]|2[0-3]):[0-5][0-9]$; write it like 12:50"
        ],
    ),
    (
        "a date of another form",
        lambda f: f.set("engagements", "modi-takaichi-call-2025", start_date="29/10/2025"),
        [
            "data/engagements.csv:4 start_date [E014] '29/10/2025' is not a date; write YYYY-MM-DD, or YYYY-MM or YYYY where no more is known"
        ],
    ),
    (
        "a latitude that is none",
        lambda f: f.set("places", "delhi", latitude="128.65195"),
        ["data/places.csv:2 latitude [E015] 128.65195 is out of bounds; write a value from -90 to 90"],
    ),
    (
        "an ordinal of zero",
        lambda f: f.set("engagements", "economic-security-dialogue-1-tokyo-2024", ordinal="0"),
        ["data/engagements.csv:2 ordinal [E015] 0 is out of bounds; write a value 1 or more"],
    ),
    (
        "an id twice",
        lambda f: f.copy("coverage", "economic-security-dialogue-2-2026", query="another"),
        [
            "data/coverage.csv:3 coverage_id [E016] 'economic-security-dialogue-2-2026' stands in line 2 already; choose another, or delete one of the two rows"
        ],
    ),
    (
        "a reference to nowhere",
        lambda f: f.set("participations", "modi-takaichi-call-2025.sanae-takaichi", person_id="sanae-takaichi-2"),
        [
            "data/participations.csv:7 person_id [E017] people has no row 'sanae-takaichi-2'; did you mean sanae-takaichi? otherwise correct the id, or add the row to people first"
        ],
    ),
    (
        "a place that was never added",
        lambda f: f.set("engagements", JNB, place_id="pretoria"),
        [
            "data/engagements.csv:5 place_id [E017] places has no row 'pretoria'; correct the id, or add the row to places first"
        ],
    ),
    (
        "a name of a row that does not exist",
        lambda f: f.set("names", "toshimitsu-motegi.motegi-toshimitsu", row_id="toshimitsu-moteg"),
        [
            "data/names.csv:2 row_id [E018] people has no row 'toshimitsu-moteg'; correct table_name or row_id, or delete the row"
        ],
    ),
    (
        "one id for two things",
        lambda f: f.set("coverage", "economic-security-dialogue-2-2026", coverage_id="africa"),
        [
            "data/coverage.csv:2 coverage_id [E019] africa also names a row of topics; choose another id for the newer row"
        ],
    ),
    (
        "a waiver nobody needs",
        lambda f: f.set("engagements", "economic-security-dialogue-2", end_date="2027-06"),
        ["data/waivers.csv:2 code [E020] no row breaks W101 any more; delete the waiver"],
    ),
    (
        "a waiver of an error",
        lambda f: f.copy(
            "waivers", "w101.economic-security-dialogue-2", waiver_id="w999.economic-security-dialogue-2", code="W999"
        ),
        [
            "data/waivers.csv:3 code [E021] W999 is not the code of a warning; write a W code of docs/rules.md; errors cannot be waived"
        ],
    ),
    (
        "an intake cut short",
        lambda f: ((f.path / "data" / ".staged").mkdir(), (f.path / "data" / ".staged" / "complete").touch()),
        [
            ".staged [E022] an intake was cut short, and some of the tables beside this may be old, some new; run any intake again: it finishes this one first"
        ],
    ),
    (
        "a link out of the folder",
        lambda f: f.file("names").symlink_to(f.file("names").rename(f.path / "names.csv")),
        ["data/names.csv [E023] this is a link, a folder or a device; put the file itself in its place"],
    ),
    (
        "a cell that never ends",
        lambda f: f.set("names", "toshimitsu-motegi.motegi-toshimitsu", name="M" * 32_768),
        [
            "data/names.csv:2 [E024] a cell of this row has more than 32,767 characters; shorten it; if it is not that long, close the double quote it begins with"
        ],
    ),
    (
        "more blank lines than anybody would read of",
        lambda f: f.file("names").write_bytes(f.file("names").read_bytes() + b"\n" * 10_001),
        [
            "data/names.csv [E025] more than 10,000 problems stand here, and the rest are not listed; mend what they have in common, then look again",
            *(f"data/names.csv:{line} [E009] the line is blank; delete the line" for line in range(3, 10_003)),
        ],
    ),
    (
        "a descriptor that leads to another machine",
        lambda f: f.publish().describe({"path": "https://example.org/names.csv"}),
        [
            "datapackage.json [E026] it names 'https://example.org/names.csv', which is not in this folder; name files of the folder alone"
        ],
    ),
    (
        "a day that does not exist",
        lambda f: f.set("engagements", JNB, start_date="2025-02-30"),
        [
            "data/engagements.csv:5 start_date [E101] 2025-02-30 is not a calendar date; write 2025-02 if the rest is unknown"
        ],
    ),
    (
        "a month that does not exist",
        lambda f: f.set("engagements", JNB, start_date="2025-13"),
        ["data/engagements.csv:5 start_date [E101] 2025-13 is not a calendar date; write 2025 if the rest is unknown"],
    ),
    (
        "a day of reading that does not exist",
        lambda f: f.set("coverage", "economic-security-dialogue-2-2026", checked_on="2026-11-31"),
        [
            "data/coverage.csv:2 checked_on [E101] 2026-11-31 is not a calendar date; write the date as the source gives it"
        ],
    ),
    (
        "an end before the start",
        lambda f: f.set("host_events", "g20-johannesburg-2025", end_date="2025-11-21"),
        [
            "data/evidence.csv:27 stated_value [E806] it supports end_date of g20-johannesburg-2025, states '2025-11-23', and the cell says '2025-11-21'; correct the cell or stated_value; a source that gives something else contradicts",
            "data/host_events.csv:2 end_date [E102] it ends on 2025-11-21, before it starts on 2025-11-22; correct one of the two dates",
        ],
    ),
    (
        "a tenure that ends before it starts",
        lambda f: f.set("tenures", "toshimitsu-motegi.foreign-minister-japan.2019", end_date="2018"),
        [
            "data/evidence.csv:88 stated_value [E806] it supports end_date of toshimitsu-motegi.foreign-minister-japan.2019, states '2021-11-04', and the cell says '2018'; correct the cell or stated_value; a source that gives something else contradicts",
            "data/evidence.csv:89 stated_value [E806] it supports end_date of toshimitsu-motegi.foreign-minister-japan.2019, states '2021', and the cell says '2018'; correct the cell or stated_value; a source that gives something else contradicts",
            "data/tenures.csv:6 end_date [E102] it ends on 2018, before it starts on 2019-09-11; correct one of the two dates",
        ],
    ),
    (
        "held in the future",
        lambda f: f.set("engagements", JNB, start_date="2026-11-23").set(
            "host_events", "g20-johannesburg-2025", start_date="2026-11-22", end_date="2026-11-23"
        ),
        [
            "data/engagements.csv:5 start_date [E103] it is held, and 2026-11-23 is after the release date 2026-11-22; write planned until a source reports it, or correct the date",
            "data/evidence.csv:27 stated_value [E806] it supports end_date of g20-johannesburg-2025, states '2025-11-23', and the cell says '2026-11-23'; correct the cell or stated_value; a source that gives something else contradicts",
            "data/evidence.csv:28 stated_value [E806] it supports start_date of g20-johannesburg-2025, states '2025-11-22', and the cell says '2026-11-22'; correct the cell or stated_value; a source that gives something else contradicts",
            "data/evidence.csv:52 stated_value [E806] it supports start_date of modi-takaichi-johannesburg-2025, states '2025-11-23', and the cell says '2026-11-23'; correct the cell or stated_value; a source that gives something else contradicts",
        ],
    ),
    (
        "a padded date",
        lambda f: f.set("tenures", "masataka-okano.vice-minister-foreign-affairs-japan.2023", start_date="2023-08-01"),
        [
            "data/tenures.csv:2 start_date [E104] 2023-08-01 is more precise than its sources, which give 2023-08; write 2023-08, or add the source that gives the rest"
        ],
    ),
    (
        "a weekday for a date",
        lambda f: f.set(
            "evidence",
            "modi-takaichi-johannesburg-2025.start_date.bharat-express-modi-takaichi-2025",
            stated_value="Sunday",
        ),
        [
            "data/evidence.csv:52 stated_value [E105] 'Sunday' is said of start_date, which is a date; write the date the source gives as YYYY, YYYY-MM or YYYY-MM-DD, and its own words in note"
        ],
    ),
    (
        "held on no day",
        lambda f: f.set("engagements", "modi-takaichi-call-2025", start_date=""),
        [
            "data/engagements.csv:4 start_date [E106] it has no start date and is held; give the date, as the year alone if no more is known; only what is planned may have none"
        ],
    ),
    (
        "a plan whose time has passed",
        lambda f: f.drop("waivers", "w101.economic-security-dialogue-2"),
        [
            "data/engagements.csv:3 start_date [W101] it is planned for 2026-01, which is past; look for a report of it: write held, postponed or cancelled, or waive this with what was searched"
        ],
    ),
    (
        "a child outside its visit",
        lambda f: f.set("engagements", "motegi-calls-on-modi-2026", start_date="2026-01-18"),
        [
            "data/engagements.csv:6 start_date [E201] 2026-01-18 is outside motegi-india-2026, which lasted 2026-01-15 to 2026-01-17; correct the dates of one of the two, or the parent",
            "data/evidence.csv:59 stated_value [E806] it supports start_date of motegi-calls-on-modi-2026, states '2026-01-16', and the cell says '2026-01-18'; correct the cell or stated_value; a source that gives something else contradicts",
        ],
    ),
    (
        "a child of another year",
        lambda f: f.set("engagements", "motegi-calls-on-modi-2026", start_date="2025"),
        [
            "data/engagements.csv:6 start_date [E201] 2025 is outside motegi-india-2026, which lasted 2026-01-15 to 2026-01-17; correct the dates of one of the two, or the parent",
            "data/evidence.csv:59 stated_value [E806] it supports start_date of motegi-calls-on-modi-2026, states '2026-01-16', and the cell says '2025'; correct the cell or stated_value; a source that gives something else contradicts",
        ],
    ),
    (
        "a circle of parents",
        lambda f: (
            f.set("engagements", "motegi-india-2026", parent_id="motegi-calls-on-modi-2026", end_date="")
            .set("engagements", "motegi-calls-on-modi-2026", start_date="2026-01-15")
            .set("engagements", "strategic-dialogue-18-delhi-2026", parent_id="")
        ),
        [
            "data/engagements.csv:6 parent_id [E202] its chain of parent_id leads back to itself; correct parent_id in one row of the circle",
            "data/engagements.csv:7 parent_id [E202] its chain of parent_id leads back to itself; correct parent_id in one row of the circle",
            "data/evidence.csv:59 stated_value [E806] it supports start_date of motegi-calls-on-modi-2026, states '2026-01-16', and the cell says '2026-01-15'; correct the cell or stated_value; a source that gives something else contradicts",
        ],
    ),
    (
        "a visit without its visitor",
        lambda f: f.set(
            "participations", "motegi-calls-on-modi-2026.toshimitsu-motegi", person_id="masataka-okano", office_id=""
        ),
        [
            "data/engagements.csv:6 parent_id [E203] none of the visitors of motegi-india-2026 takes part; add the visitor among the participants, or correct the parent"
        ],
    ),
    (
        "a call with a place",
        lambda f: f.set("engagements", "modi-takaichi-call-2025", place_id="delhi"),
        [
            "data/engagements.csv:4 place_id [E204] an exchange by telephone has a place (delhi); leave place_id empty; say in note where a side was, if it matters"
        ],
    ),
    (
        "the minister before his day",
        lambda f: f.set("engagements", "modi-takaichi-call-2025", start_date="2025-10-20"),
        [
            "data/participations.csv:7 office_id [E301] sanae-takaichi was not prime-minister-japan on 2025-10-20: no spell in tenures covers it; correct the office or the date, or add the spell to tenures"
        ],
    ),
    (
        "an office nobody recorded",
        lambda f: f.set(
            "participations",
            "modi-takaichi-johannesburg-2025.narendra-modi",
            office_id="external-affairs-minister-india",
        ),
        [
            "data/participations.csv:8 office_id [E302] no tenure of narendra-modi as external-affairs-minister-india is recorded; add it to tenures, with its source, or correct the office"
        ],
    ),
    (
        "two prime ministers at once",
        lambda f: f.copy(
            "tenures",
            "sanae-takaichi.prime-minister-japan.2025",
            tenure_id="toshimitsu-motegi.prime-minister-japan.2025",
            person_id="toshimitsu-motegi",
            start_date="2025-01-01",
            end_date="2025-12-31",
        ).copy(
            "evidence",
            "sanae-takaichi.prime-minister-japan.2025.bharat-express-modi-takaichi-2025",
            evidence_id="toshimitsu-motegi.prime-minister-japan.2025.bharat-express-modi-takaichi-2025",
            row_id="toshimitsu-motegi.prime-minister-japan.2025",
        ),
        [
            "data/tenures.csv:5 start_date [E303] it overlaps toshimitsu-motegi.prime-minister-japan.2025, and prime-minister-japan has one holder at a time; correct the bounds; mark who only acted with acting"
        ],
    ),
    (
        "a meeting with the dead",
        lambda f: f.set("people", "vikram-misri", died_on="2024-10"),
        [
            "data/participations.csv:3 person_id [E304] vikram-misri died on 2024-10, before 2024-11-27; correct the person or the date"
        ],
    ),
    (
        "a participant without a name",
        lambda f: f.set("participations", "economic-security-dialogue-2.foreign-secretary-india", office_id=""),
        [
            "data/participations.csv:4 person_id [E305] the participant has neither person nor office; give at least one of the two"
        ],
    ),
    (
        "an office of the other side",
        lambda f: f.set("participations", "modi-takaichi-call-2025.narendra-modi", side="JPN"),
        [
            "data/engagements.csv:4 engagement_id [E601] nobody on the side of IND takes part; add who took part; if no source names a person, the office or body",
            "data/participations.csv:6 side [E306] prime-minister-india is an office of IND, not of JPN; correct the side or the office",
        ],
    ),
    (
        "a dialogue of no series",
        lambda f: f.set("engagements", "strategic-dialogue-18-delhi-2026", mechanism_id=""),
        [
            "data/engagements.csv:8 mechanism_id [E501] a dialogue is a session of a series, and none is named; give mechanism_id, or write talks",
            "data/engagements.csv:8 ordinal [E404] the ordinal 18 counts nothing: no mechanism is named; give the mechanism, or empty the ordinal; the session carries the number, the visit around it none",
        ],
    ),
    (
        "on the sidelines of nothing",
        lambda f: f.set("engagements", JNB, host_event_id=""),
        [
            "data/engagements.csv:5 host_event_id [E502] it is on the sidelines, and no host event is named; give host_event_id, or write bilateral"
        ],
    ),
    (
        "on the sidelines in another country",
        lambda f: f.set("engagements", JNB, place_id="tokyo"),
        [
            "data/engagements.csv:5 host_event_id [E503] it is on the sidelines of g20-johannesburg-2025, and in another country or more than two days away; correct the host event, the place or the date"
        ],
    ),
    (
        "on the sidelines three days late",
        lambda f: f.set("engagements", JNB, start_date="2025-11-26"),
        [
            "data/engagements.csv:5 host_event_id [E503] it is on the sidelines of g20-johannesburg-2025, and in another country or more than two days away; correct the host event, the place or the date",
            "data/evidence.csv:52 stated_value [E806] it supports start_date of modi-takaichi-johannesburg-2025, states '2025-11-23', and the cell says '2025-11-26'; correct the cell or stated_value; a source that gives something else contradicts",
        ],
    ),
    (
        "a host event far away",
        lambda f: f.set("engagements", JNB, setting="bilateral", place_id="tokyo"),
        [
            "data/engagements.csv:5 host_event_id [W501] it names the host event g20-johannesburg-2025, and was in another country or more than two days away; correct the host event, the place or the date, or waive this with the reason"
        ],
    ),
    (
        "a row without a source",
        lambda f: f.drop("evidence", "modi-takaichi-johannesburg-2025.trade.ani-summit-johannesburg-2025"),
        ["data/agenda.csv:3 agenda_id [E801] no source supports the row; add a row to evidence, or remove this one"],
    ),
    (
        "evidence for no column",
        lambda f: f.set(
            "evidence", "modi-takaichi-johannesburg-2025.start_date.bharat-express-modi-takaichi-2025", field="date"
        ),
        [
            "data/evidence.csv:52 field [E802] engagements has no column 'date'; name a column of that table, or * for the row as a whole"
        ],
    ),
    (
        "a source nobody uses",
        lambda f: f.copy("sources", "geonames", source_id="gazetteer", url=""),
        [
            "data/sources.csv:27 source_id [E803] nothing rests on the source; add the evidence it gives, or remove the source"
        ],
    ),
    (
        "a second coding that nobody published",
        lambda f: f.set("engagements", JNB, review_status="adjudicated"),
        [
            "data/engagements.csv:5 review_status [E809] it is said to be 'adjudicated', and codings holds no coding of it by adjudicator; write single_coded, or add the codings it rests on",
            "data/engagements.csv:5 review_status [E809] it is said to be 'adjudicated', and codings holds no coding of it by first; write single_coded, or add the codings it rests on",
            "data/engagements.csv:5 review_status [E809] it is said to be 'adjudicated', and codings holds no coding of it by second; write single_coded, or add the codings it rests on",
        ],
    ),
    (
        "a contradiction that does not say what",
        lambda f: f.copy(
            "evidence",
            "modi-takaichi-johannesburg-2025.ani-motegi-new-delhi-2026",
            evidence_id="modi-takaichi-johannesburg-2025.venue.x",
            stance="contradicts",
            field="venue",
        ),
        [
            "data/evidence.csv:99 stated_value [E804] the source contradicts venue, and does not say what it gives instead; write the other value in stated_value"
        ],
    ),
    (
        "coordinates from memory",
        lambda f: f.drop("evidence", "delhi.latitude.geonames"),
        [
            "data/places.csv:2 latitude [E805] latitude rests on no gazetteer or register; add evidence from a source of kind reference, or empty the cell"
        ],
    ),
    (
        "a call of prime ministers known from blogs alone",
        lambda f: (
            f.set("sources", "bharat-express-modi-takaichi-2025", kind="commentary")
            .set("sources", "hindustan-times-modi-takaichi-call-2025", kind="aggregator")
            .set("sources", "indian-express-modi-takaichi-call-2025", kind="commentary")
        ),
        [
            "data/engagements.csv:4 engagement_id [W801] it was held at level head_of_government, and no source is better than tier D; add an official, wire or newspaper source, or waive this with what was searched"
        ],
    ),
    (
        "Latin in a Japanese column",
        lambda f: f.set("engagements", JNB, title_ja="Nichi-In shuno kaidan"),
        [
            "data/engagements.csv:5 title_ja [E1301] 'Nichi-In shuno kaidan' contains no Japanese script; move it to the column of its language, or empty the cell"
        ],
    ),
    (
        "Japanese in a Hindi column",
        lambda f: f.set("people", "toshimitsu-motegi", name_hi="茂木敏充"),
        [
            "data/people.csv:6 name_hi [E1301] '茂木敏充' contains no Devanagari script; move it to the column of its language, or empty the cell"
        ],
    ),
    (
        "a zero-width space",
        lambda f: f.set("people", "toshimitsu-motegi", name_en="Toshimitsu\u200b Motegi"),
        [
            "data/people.csv:6 name_en [E1302] 'Toshimitsu\\u200b Motegi' contains an invisible or control character; type the text anew, on one line"
        ],
    ),
    (
        "a line break in a cell",
        lambda f: f.set("people", "toshimitsu-motegi", name_en="Toshimitsu\nMotegi"),
        [
            "data/people.csv:6 name_en [E1302] 'Toshimitsu\\nMotegi' contains an invisible or control character; type the text anew, on one line"
        ],
    ),
    (
        "a trailing space",
        lambda f: f.set("people", "toshimitsu-motegi", name_en="Toshimitsu Motegi "),
        [
            "data/people.csv:6 name_en [E1303] 'Toshimitsu Motegi ' begins or ends with a space; remove it",
            "data/people.csv:6 name_en [E1309] 'Toshimitsu Motegi ' does not end with the family name 'Motegi'; write the given name first in name_en; put the other order among the names",
        ],
    ),
    (
        "decomposed letters",
        lambda f: f.set("topics", "africa", label_ja="アフリガ".replace("ガ", "カ\u3099") + "カ\u3099"),
        [
            "data/topics.csv:2 label_ja [E1304] 'アフリガガ' is not in Unicode normal form C; type the text anew, or normalise it to NFC"
        ],
    ),
    (
        "a Cyrillic letter in a Latin word",
        lambda f: f.set("people", "toshimitsu-motegi", name_en="Toshimitsu Mоtegi"),
        [
            "data/people.csv:6 name_en [E1305] 'Toshimitsu Mоtegi' has a word that mixes scripts; type the word in one script; a letter that only looks Latin breaks every search",
            "data/people.csv:6 name_en [E1309] 'Toshimitsu Mоtegi' does not end with the family name 'Motegi'; write the given name first in name_en; put the other order among the names",
        ],
    ),
    (
        "read before it was published",
        lambda f: f.set("sources", "the-week-ai-pact-2026", published_on="2027-07-03"),
        [
            "data/sources.csv:25 published_on [E107] it was read on 2026-11-22, before it was published on 2027-07-03; correct one of the two dates; a page bears the date of its publication, not of the event"
        ],
    ),
    (
        "minutes of unknown exactness",
        lambda f: f.set("engagements", JNB, duration_basis=""),
        [
            "data/engagements.csv:5 duration_minutes [E205] it gives duration_minutes and no duration_basis; give both, or neither: minutes, and whether the source gives them as exact, about or at_least"
        ],
    ),
    (
        "talks with the rank of a visit",
        lambda f: f.set("engagements", JNB, visit_rank="official"),
        [
            "data/engagements.csv:5 visit_rank [E206] the rank of a visit stands on a row of kind talks; empty visit_rank; the visit around the meeting has it"
        ],
    ),
    (
        "a message in person",
        lambda f: f.set("engagements", JNB, kind="message"),
        [
            "data/engagements.csv:5 engagement_id [E603] the message has no addressee; name the sender as principal and who it went to as addressee, by office if by no name",
            "data/engagements.csv:5 format [E207] what is of kind message cannot have the format in_person; correct the format or the kind: a visit, exercise or ceremony takes somebody somewhere, a message is written",
        ],
    ),
    (
        "a written visit",
        lambda f: (
            f.set("engagements", "motegi-india-2026", format="written")
            .set("participations", "motegi-india-2026.s-jaishankar", presence="")
            .set("participations", "motegi-india-2026.toshimitsu-motegi", presence="")
        ),
        [
            "data/engagements.csv:7 format [E207] what is of kind visit cannot have the format written; correct the format or the kind: a visit, exercise or ceremony takes somebody somewhere, a message is written"
        ],
    ),
    (
        "in person at a telephone call",
        lambda f: f.set("participations", "modi-takaichi-call-2025.narendra-modi", presence="in_person"),
        [
            "data/participations.csv:6 presence [E208] the participant is in_person, and the engagement is telephone; correct presence or the format; where some met and others joined by video, write hybrid"
        ],
    ),
    (
        "one number for two sessions",
        lambda f: again(f, "strategic-dialogue-18-delhi-2026", "strategic-dialogue-18-tokyo-2026", start_time="18:00"),
        [
            "data/engagements.csv:9 ordinal [E401] session 18 of foreign-ministers-strategic-dialogue is also strategic-dialogue-18-delhi-2026; correct the ordinal or the mechanism of one of the two; series that share a name are two mechanisms"
        ],
    ),
    (
        "a later session of an earlier year",
        lambda f: again(
            f,
            "strategic-dialogue-18-delhi-2026",
            "strategic-dialogue-19",
            ordinal="19",
            parent_id="",
            start_date="2025-11-20",
        ),
        [
            "data/engagements.csv:9 ordinal [E402] session 19 of foreign-ministers-strategic-dialogue is dated 2025-11-20, before an earlier session (2026-01-16); correct the ordinal or the date of one of the sessions"
        ],
    ),
    (
        "a cancelled session with a number",
        lambda f: again(
            f,
            "strategic-dialogue-18-delhi-2026",
            "strategic-dialogue-cancelled",
            ordinal="19",
            parent_id="",
            status="cancelled",
            start_date="2026-05-20",
        ),
        [
            "data/engagements.csv:9 ordinal [E403] it is cancelled and has the ordinal 19; empty the ordinal: the session that is held takes the number"
        ],
    ),
    (
        "a visit with a number",
        lambda f: f.set("engagements", "motegi-india-2026", ordinal="18", mechanism_id="quad"),
        [
            "data/engagements.csv:7 ordinal [E404] the ordinal 18 counts nothing: a visit is no session; give the mechanism, or empty the ordinal; the session carries the number, the visit around it none"
        ],
    ),
    (
        "a number below the first",
        lambda f: f.set("mechanisms", "foreign-ministers-strategic-dialogue", first_ordinal="19"),
        [
            "data/engagements.csv:8 ordinal [E404] the ordinal 18 counts nothing: the series began with a higher one; give the mechanism, or empty the ordinal; the session carries the number, the visit around it none"
        ],
    ),
    (
        "a missing session",
        lambda f: f.set("mechanisms", "foreign-ministers-strategic-dialogue", first_ordinal="1"),
        [
            "data/engagements.csv:8 ordinal [W401] foreign-ministers-strategic-dialogue sessions 1 to 17 are not in the record, and 18 is; look for it; if no source numbers or reports it, waive this with what was searched"
        ],
    ),
    (
        "one missing session",
        lambda f: f.set("mechanisms", "foreign-ministers-strategic-dialogue", first_ordinal="17"),
        [
            "data/engagements.csv:8 ordinal [W401] foreign-ministers-strategic-dialogue session 17 is not in the record, and 18 is; look for it; if no source numbers or reports it, waive this with what was searched"
        ],
    ),
    (
        "the same host twice running",
        lambda f: again(
            f.set("mechanisms", "foreign-ministers-strategic-dialogue", hosting="alternates"),
            "strategic-dialogue-18-delhi-2026",
            "strategic-dialogue-19",
            ordinal="19",
            parent_id="",
            start_date="2026-05-20",
        ),
        [
            "data/engagements.csv:9 place_id [W402] sessions 18 and 19 of foreign-ministers-strategic-dialogue were both held in IND, and the hosts alternate; correct the place or the ordinal, or waive this with the reason for the change of turn",
            "data/engagements.csv:9 start_date [W802] it is held, and all its sources were published before it, the last on 2026-01-17; find a source from afterwards; until then it is planned, or waive this with the reason",
        ],
    ),
    (
        "foreign ministers at the summit",
        lambda f: f.set("mechanisms", "foreign-ministers-strategic-dialogue", level="head_of_government"),
        [
            "data/engagements.csv:8 mechanism_id [W403] it is a session of foreign-ministers-strategic-dialogue, which meets at level head_of_government, and was held at level foreign_minister; correct the mechanism or the participants, or waive this with who stood in for whom"
        ],
    ),
    (
        "talks of one side",
        lambda f: f.drop("participations", "modi-takaichi-johannesburg-2025.sanae-takaichi"),
        [
            "data/engagements.csv:5 engagement_id [E601] nobody on the side of JPN takes part; add who took part; if no source names a person, the office or body",
            "data/evidence.csv:51 row_id [E018] participations has no row 'modi-takaichi-johannesburg-2025.sanae-takaichi'; correct table_name or row_id, or delete the row",
        ],
    ),
    (
        "a Quad meeting without India",
        lambda f: f.set("engagements", JNB, setting="plurilateral").drop(
            "participations", "modi-takaichi-johannesburg-2025.narendra-modi"
        ),
        [
            "data/engagements.csv:5 engagement_id [E602] nobody on the side of IND takes part in this plurilateral talks; add who took part; where one of the two states was not there, it is no engagement between them",
            "data/evidence.csv:50 row_id [E018] participations has no row 'modi-takaichi-johannesburg-2025.narendra-modi'; correct table_name or row_id, or delete the row",
        ],
    ),
    (
        "a message to nobody",
        lambda f: (
            f.set(
                "engagements",
                "modi-takaichi-call-2025",
                kind="message",
                format="written",
                start_time="",
                timezone="",
                duration_minutes="",
                duration_basis="",
            )
            .set("participations", "modi-takaichi-call-2025.narendra-modi", presence="")
            .set("participations", "modi-takaichi-call-2025.sanae-takaichi", presence="")
        ),
        [
            "data/engagements.csv:4 engagement_id [E603] the message has no addressee; name the sender as principal and who it went to as addressee, by office if by no name",
            "data/evidence.csv:40 stated_value [E806] it supports duration_minutes of modi-takaichi-call-2025, states '25', and the cell says ''; correct the cell or stated_value; a source that gives something else contradicts",
        ],
    ),
    (
        "a side without a head",
        lambda f: f.set("participations", "modi-takaichi-johannesburg-2025.sanae-takaichi", capacity="delegate"),
        [
            "data/engagements.csv:5 engagement_id [W601] there is no principal on the side of JPN; mark who led that side as principal, or waive this with what was searched"
        ],
    ),
    (
        "a third state at a bilateral meeting",
        lambda f: (
            f.copy(
                "offices",
                "foreign-minister-japan",
                office_id="foreign-minister-brazil",
                country="BRA",
                title_en="Minister of Brazil",
            )
            .copy(
                "evidence",
                "modi-takaichi-johannesburg-2025.ani-summit-johannesburg-2025",
                evidence_id="foreign-minister-brazil.ani",
                table_name="offices",
                row_id="foreign-minister-brazil",
            )
            .set(
                "participations",
                "modi-takaichi-johannesburg-2025.sanae-takaichi",
                capacity="witness",
                side="BRA",
                office_id="foreign-minister-brazil",
                person_id="",
            )
            .set("participations", "modi-takaichi-johannesburg-2025.sanae-takaichi", capacity="principal")
            .set("engagements", JNB, status="planned", end_date="2027")
        ),
        [
            "data/engagements.csv:5 setting [W602] the setting is sidelines, and BRA takes part as a principal; write plurilateral, correct the participant, or waive this with the reason"
        ],
    ),
    (
        "a city under two countries",
        lambda f: f.set("places", "delhi", country="JPN"),
        [
            "data/engagements.csv:6 parent_id [E203] none of the visitors of motegi-india-2026 takes part; add the visitor among the participants, or correct the parent",
            "data/places.csv:2 country [E701] it is in JPN, and its parent india in IND; correct the country or the parent",
        ],
    ),
    (
        "a city in a city",
        lambda f: f.set("places", "delhi", parent_id="delhi"),
        [
            "data/places.csv:2 parent_id [E202] its chain of parent_id leads back to itself; correct parent_id in one row of the circle",
            "data/places.csv:2 type [E702] it is a city that lies in the city delhi; give as parent the next larger place; a country has none",
        ],
    ),
    (
        "a city that hangs on nothing",
        lambda f: f.set("places", "delhi", parent_id=""),
        [
            "data/places.csv:2 type [E702] it is a city that lies in nothing; give as parent the next larger place; a country has none"
        ],
    ),
    (
        "latitude and longitude exchanged",
        lambda f: (
            f.set("places", "delhi", latitude="77.23149", longitude="28.65195")
            .set("evidence", "delhi.latitude.geonames", stated_value="77.23149")
            .set("evidence", "delhi.longitude.geonames", stated_value="28.65195")
        ),
        [
            "data/places.csv:2 latitude [E703] 77.23149 lies in Etc/GMT-2, not in Asia/Kolkata; correct the coordinates or the time zone; latitude comes first, west and south are negative"
        ],
    ),
    (
        "a time zone that is none",
        lambda f: f.set("engagements", "modi-takaichi-call-2025", timezone="Asia/Delhi"),
        [
            "data/engagements.csv:4 timezone [E704] 'Asia/Delhi' is no time zone; write an IANA name such as Asia/Kolkata or Asia/Tokyo"
        ],
    ),
    (
        "a country that is none",
        lambda f: f.set("people", "vikram-misri", country="INA"),
        [
            "data/people.csv:7 country [E705] 'INA' is no country of ISO 3166-1; write the three letters, such as IND, JPN or USA"
        ],
    ),
    (
        "in two cities at once",
        lambda f: f.set("engagements", "motegi-calls-on-modi-2026", place_id="tokyo", start_time="16:30"),
        [
            "data/engagements.csv:6 place_id [W702] it was at tokyo, which is not in delhi, where motegi-india-2026 was; correct one of the two places, or give the whole the smallest place that contains its parts; or waive this",
            "data/engagements.csv:6 start_date [W701] toshimitsu-motegi would be in JPN and, at motegi-india-2026, in IND on 2026-01-16; correct a date, a place or a participant, or waive this with the source for both",
            "data/engagements.csv:8 start_date [W701] toshimitsu-motegi would be in IND and, at motegi-calls-on-modi-2026, in JPN on 2026-01-16; correct a date, a place or a participant, or waive this with the source for both",
            "data/engagements.csv:8 start_time [E706] toshimitsu-motegi would be in delhi and, at motegi-calls-on-modi-2026, in tokyo at the same time; correct the place, the hour or the participant of one of the two",
        ],
    ),
    (
        "in two countries on one day",
        lambda f: f.set("engagements", "motegi-calls-on-modi-2026", place_id="tokyo", start_time=""),
        [
            "data/engagements.csv:6 place_id [W702] it was at tokyo, which is not in delhi, where motegi-india-2026 was; correct one of the two places, or give the whole the smallest place that contains its parts; or waive this",
            "data/engagements.csv:6 start_date [W701] toshimitsu-motegi would be in JPN and, at motegi-india-2026, in IND on 2026-01-16; correct a date, a place or a participant, or waive this with the source for both",
            "data/engagements.csv:8 start_date [W701] toshimitsu-motegi would be in IND and, at motegi-calls-on-modi-2026, in JPN on 2026-01-16; correct a date, a place or a participant, or waive this with the source for both",
        ],
    ),
    (
        "a source that gives another day",
        lambda f: f.set("engagements", JNB, start_date="2025-11-22"),
        [
            "data/evidence.csv:52 stated_value [E806] it supports start_date of modi-takaichi-johannesburg-2025, states '2025-11-23', and the cell says '2025-11-22'; correct the cell or stated_value; a source that gives something else contradicts"
        ],
    ),
    (
        "a source that gives another number",
        lambda f: f.set("engagements", "economic-security-dialogue-1-tokyo-2024", ordinal="").set(
            "mechanisms", "economic-security-dialogue", first_ordinal=""
        ),
        [
            "data/evidence.csv:11 stated_value [E806] it supports ordinal of economic-security-dialogue-1-tokyo-2024, states '1', and the cell says ''; correct the cell or stated_value; a source that gives something else contradicts"
        ],
    ),
    (
        "a language that is none",
        lambda f: f.set("sources", "livedoor-takaichi-cabinet-2025", language="jp"),
        [
            "data/sources.csv:16 language [E807] 'jp' is no language of ISO 639-1; write the code the standard gives it, such as en, ja or hi for a language, Latn, Jpan or Deva for a script"
        ],
    ),
    (
        "a script that is none",
        lambda f: f.set("names", "toshimitsu-motegi.motegi-toshimitsu", script="Japn"),
        [
            "data/names.csv:2 script [E807] 'Japn' is no script of ISO 15924; write the code the standard gives it, such as en, ja or hi for a language, Latn, Jpan or Deva for a script"
        ],
    ),
    (
        "held by the word of those who announced it",
        lambda f: (
            f.set(
                "engagements",
                "economic-security-dialogue-2",
                status="held",
                start_date="2026-05",
                end_date="",
                format="in_person",
                ordinal="2",
            )
            .drop("waivers", "w101.economic-security-dialogue-2")
            .set("sources", "japan-calling-motegi-new-delhi-2026", published_on="2026-01-20")
        ),
        [
            "data/engagements.csv:3 start_date [W802] it is held, and all its sources were published before it, the last on 2026-01-20; find a source from afterwards; until then it is planned, or waive this with the reason"
        ],
    ),
    (
        "a currency that is none",
        lambda f: f.set(
            "commitments",
            "invite-500-ai-professionals-2030",
            amount="1",
            currency="YEN",
            amount_scope="public",
            basis="target",
        ),
        [
            "data/commitments.csv:3 currency [E901] 'YEN' is no currency of ISO 4217; write the three letters, such as JPY, INR or USD"
        ],
    ),
    (
        "an amount of nothing",
        lambda f: f.set("commitments", "invite-500-ai-professionals-2030", amount="1000000", amount_scope="public"),
        ["data/commitments.csv:3 amount [E902] it gives amount and no currency; give both, or neither"],
    ),
    (
        "an amount of nobody knows whose money",
        lambda f: f.set("commitments", "invite-500-ai-professionals-2030", amount="1000000", currency="JPY"),
        [
            "data/commitments.csv:3 amount_scope [E903] the amount has no amount_scope; say of whose money the source speaks (amount_scope) and whether it is a target, pledge or estimate (basis)"
        ],
    ),
    (
        "signed money promised again",
        lambda f: agreement(f, "loan-2026", instrument="loan_agreement", amount="1000000", currency="JPY").set(
            "commitments",
            "invite-500-ai-professionals-2030",
            agreement_id="loan-2026",
            amount="1000000",
            currency="JPY",
            amount_scope="public",
        ),
        [
            "data/commitments.csv:3 amount [E904] it repeats the sum of loan-2026, which is signed; empty amount, currency, amount_scope and basis here: signed money lives in agreements only"
        ],
    ),
    (
        "a conversion into itself",
        lambda f: f.set(
            "commitments",
            "invite-500-ai-professionals-2030",
            amount="1000000",
            currency="JPY",
            amount_scope="public",
            converted_amount="1000000",
            converted_currency="JPY",
        ),
        [
            "data/commitments.csv:3 converted_currency [E905] the sum is converted into JPY, which it is in already; converted_amount is for a figure the source gives in another currency; empty both"
        ],
    ),
    (
        "parts that do not make the whole",
        lambda f: agreement(
            agreement(f, "umbrella-2026", amount="300000000000", currency="JPY"),
            "part-2026",
            parent_id="umbrella-2026",
            amount="200000000000",
            currency="JPY",
        ),
        [
            "data/agreements.csv:2 amount [W901] its parts add up to 200000000000, not to 300000000000; correct a part or the whole, or waive this with what is missing"
        ],
    ),
    (
        "notes and loan counted twice",
        lambda f: agreement(
            agreement(f, "notes-2026", instrument="exchange_of_notes", amount="89000000000", currency="JPY"),
            "loan-2026",
            instrument="loan_agreement",
            amount="89000000000",
            currency="JPY",
        ),
        [
            "data/agreements.csv:3 amount [W902] notes-2026 is over the same sum in the same half-year, and neither is part of the other; make the notes the parent of the loan agreement, and give the sum in one of them; or waive this if they are two"
        ],
    ),
    (
        "a zero too few in a conversion",
        lambda f: f.set(
            "commitments",
            "invite-500-ai-professionals-2030",
            amount="10000000000000",
            currency="JPY",
            amount_scope="private",
            converted_amount="6800000000",
            converted_currency="USD",
        ),
        [
            "data/commitments.csv:3 converted_amount [W903] JPY into USD makes 1470.59 JPY for one USD, which has never been its rate; check the powers of ten (億 is 10^8, 兆 10^12, lakh 10^5, crore 10^7) and the currencies"
        ],
    ),
    (
        "a deadline already past",
        lambda f: f.set("commitments", "invite-500-ai-professionals-2030", deadline="2025").set(
            "evidence",
            "invite-500-ai-professionals-2030.deadline.japan-calling-motegi-new-delhi-2026",
            stated_value="2025",
        ),
        [
            "data/commitments.csv:3 deadline [E1001] the deadline 2025 is before the commitment was made (2026-01-16); correct the deadline or the engagement"
        ],
    ),
    (
        "reaffirmed before it was made",
        lambda f: f.set("commitment_updates", "invite-500-ai-professionals-2030.2026-07-02", observed_on="2026-01-02"),
        [
            "data/commitment_updates.csv:3 observed_on [E1002] it was observed on 2026-01-02, before the commitment was made (2026-01-16); correct observed_on, the commitment or the engagement"
        ],
    ),
    (
        "reaffirmed before the meeting that did",
        lambda f: f.set(
            "commitment_updates",
            "invite-500-ai-professionals-2030.2026-07-02",
            engagement_id="strategic-dialogue-18-delhi-2026",
            observed_on="2025-12-01",
        ).set("commitments", "invite-500-ai-professionals-2030", engagement_id="modi-takaichi-call-2025"),
        [
            "data/commitment_updates.csv:3 observed_on [E1002] it was observed on 2025-12-01, before its engagement (2026-01-16); correct observed_on, the commitment or the engagement"
        ],
    ),
    (
        "a promise lost from sight",
        lambda f: f.drop("commitment_updates", "convene-economic-security-dialogue-2.2026-11-22").drop(
            "evidence", "convene-economic-security-dialogue-2.2026-11-22.business-standard-strategic-dialogue-2026"
        ),
        [
            "data/commitments.csv:2 deadline [W1001] its deadline 2026-06 has passed, and no update says what became of it; look for a report and add an update: delivered, partly_delivered, delayed, abandoned, or no_evidence with the day to which it was searched",
        ],
    ),
    (
        "delivered by the word of the promise",
        lambda f: f.set("commitment_updates", "convene-economic-security-dialogue-2.2026-11-22", status="delivered"),
        [
            "data/commitment_updates.csv:2 status [E1003] it says delivered on no other source than the promise itself; add a source that reports the delivery, or write another status"
        ],
    ),
    (
        "promises that supersede each other",
        lambda f: f.set(
            "commitments", "invite-500-ai-professionals-2030", supersedes_id="convene-economic-security-dialogue-2"
        ).set("commitments", "convene-economic-security-dialogue-2", supersedes_id="invite-500-ai-professionals-2030"),
        [
            "data/commitments.csv:2 supersedes_id [E1004] its chain of supersedes_id leads back to itself; correct supersedes_id in one row of the circle",
            "data/commitments.csv:3 supersedes_id [E1004] its chain of supersedes_id leads back to itself; correct supersedes_id in one row of the circle",
        ],
    ),
    (
        "the older supersedes the newer",
        lambda f: f.set(
            "commitments",
            "invite-500-ai-professionals-2030",
            supersedes_id="convene-economic-security-dialogue-2",
            engagement_id="modi-takaichi-call-2025",
        ),
        [
            "data/commitments.csv:3 supersedes_id [E1005] it supersedes convene-economic-security-dialogue-2, which was made later (2026-01-16); turn the link round: the newer commitment names the older"
        ],
    ),
    (
        "in force before it was signed",
        lambda f: agreement(f, "memorandum-2026", signed_on="2026-01-16", in_force_on="2025-12"),
        [
            "data/agreements.csv:2 in_force_on [E1101] in_force_on is 2025-12, before signed_on (2026-01-16); correct one of the two dates: an instrument is signed, enters into force, ends"
        ],
    ),
    (
        "signed on another day than its engagement",
        lambda f: agreement(
            f, "memorandum-2026", signed_on="2026-01-18", engagement_id="strategic-dialogue-18-delhi-2026"
        ),
        [
            "data/agreements.csv:2 signed_on [E1102] it was signed on 2026-01-18, and strategic-dialogue-18-delhi-2026 lasted 2026-01-16 to 2026-01-16; correct the date, or name the engagement at which it was signed; without one leave engagement_id empty"
        ],
    ),
    (
        "instruments that replace each other",
        lambda f: agreement(
            agreement(f, "memorandum-a", replaces_id="memorandum-b"), "memorandum-b", replaces_id="memorandum-a"
        ),
        [
            "data/agreements.csv:2 replaces_id [E1103] its chain of replaces_id leads back to itself; correct replaces_id in one row of the circle",
            "data/agreements.csv:3 replaces_id [E1103] its chain of replaces_id leads back to itself; correct replaces_id in one row of the circle",
        ],
    ),
    (
        "parties exchanged",
        lambda f: agreement(f, "memorandum-2026", party_ind="foreign-minister-japan"),
        [
            "data/agreements.csv:2 party_ind [E1104] foreign-minister-japan is an office of JPN, not of IND; correct the party, or exchange party_ind and party_jpn"
        ],
    ),
    (
        "one meeting under two titles",
        lambda f: again(
            f,
            JNB,
            "summit-talks-johannesburg-2025",
            title_en="Summit talks in Johannesburg",
            start_time="",
            duration_minutes="",
            duration_basis="",
        ),
        [
            "data/engagements.csv:5 start_date [W1201] it looks like summit-talks-johannesburg-2025 (Summit talks in Johannesburg, 2025-11-23): same kind, format, series and principals, and no hour or place sets them apart; retire one of the two in favour of the other; if they are two, give hours, places or what else sets them apart, or waive this"
        ],
    ),
    (
        "one Wikidata item for two people",
        lambda f: (
            f.set("people", "vikram-misri", wikidata_id="Q1058")
            .set("people", "narendra-modi", wikidata_id="Q1058")
            .copy(
                "evidence",
                "delhi.latitude.geonames",
                evidence_id="a",
                table_name="people",
                row_id="vikram-misri",
                field="wikidata_id",
                stated_value="",
            )
            .copy(
                "evidence",
                "delhi.latitude.geonames",
                evidence_id="b",
                table_name="people",
                row_id="narendra-modi",
                field="wikidata_id",
                stated_value="",
            )
        ),
        [
            "data/people.csv:7 wikidata_id [W1202] Q1058 is also the Wikidata item of narendra-modi; retire one of the two in favour of the other, or correct the item"
        ],
    ),
    (
        "one name in two orders",
        lambda f: f.copy(
            "people",
            "toshimitsu-motegi",
            person_id="motegi-toshimitsu",
            name_en="Motegi Toshimitsu",
            family_name="",
            given_name="",
            name_ja="",
            name_hi="",
        ),
        [
            "data/people.csv:6 name_en [W1203] 'Toshimitsu Motegi' and 'Motegi Toshimitsu' (motegi-toshimitsu) differ only in order or spelling; retire one of the two and keep its name among the names of the other; if they are two, waive this"
        ],
    ),
    (
        "one name in two spellings",
        lambda f: f.copy(
            "places",
            "johannesburg",
            place_id="johanesburg",
            name_en="Johanesburg",
            latitude="",
            longitude="",
            timezone="",
        ),
        [
            "data/places.csv:5 name_en [W1203] 'Johannesburg' and 'Johanesburg' (johanesburg) differ only in order or spelling; retire one of the two and keep its name among the names of the other; if they are two, waive this"
        ],
    ),
    (
        "one page as two sources",
        lambda f: (
            f.copy("sources", "the-week-ai-pact-2026", source_id="week-2026")
            .set("evidence", "invite-500-ai-professionals-2030.2026-07-02.the-week-ai-pact-2026", source_id="week-2026")
            .copy("evidence", "invite-500-ai-professionals-2030.2026-07-02.the-week-ai-pact-2026", evidence_id="again")
        ),
        [
            "data/sources.csv:25 source_id [E803] nothing rests on the source; add the evidence it gives, or remove the source",
            "data/sources.csv:27 url [W1204] https://www.theweek.in/news/sci-tech/2026/07/03/artificial-intelligence-partnership-india-japan.amp.html is also the address of the-week-ai-pact-2026; let the evidence of both rest on one of the two, and remove the other",
        ],
    ),
    (
        "a name in another script than it says",
        lambda f: f.set("names", "toshimitsu-motegi.motegi-toshimitsu", script="Deva", language="hi"),
        ["data/names.csv:2 name [E1307] 'Motegi Toshimitsu' is not written in Deva; correct the name or its script"],
    ),
    (
        "text read in a wrong encoding",
        lambda f: f.set("engagements", JNB, summary_en="They met in SÃ£o Paulo."),
        [
            "data/engagements.csv:5 summary_en [E1308] 'They met in SÃ£o Paulo.' was read in a wrong encoding: it should be 'They met in São Paulo.'; take the text from its source again, as UTF-8"
        ],
    ),
    (
        "the family name first",
        lambda f: f.set("people", "toshimitsu-motegi", name_en="Motegi Toshimitsu"),
        [
            "data/people.csv:6 name_en [E1309] 'Motegi Toshimitsu' does not end with the family name 'Motegi'; write the given name first in name_en; put the other order among the names"
        ],
    ),
    (
        "a released id that is gone",
        lambda f: f.release("0.9.0", {"engagements": ["modi-abe-tokyo-2014", JNB]}).release(
            "0.10.0", {"engagements": ["modi-abe-tokyo-2015", JNB]}
        ),
        [
            "data/engagements.csv engagement_id [E1401] modi-abe-tokyo-2015 was in release 0.10.0 and is gone; put the row back, or say in redirects what became of it: new_id, or empty if it stood for nothing"
        ],
    ),
    (
        "a retired id used again",
        lambda f: f.add(
            "redirects",
            redirect_id="engagements.retired",
            table_name="engagements",
            old_id=JNB,
            new_id="motegi-india-2026",
            version="0.2.0",
            reason="Entered twice.",
        ),
        [
            "data/redirects.csv:2 old_id [E1402] modi-takaichi-johannesburg-2025 is retired, and a row of engagements has it again; give the row another id; a retired id is never reused"
        ],
    ),
    (
        "a redirect to nowhere",
        lambda f: f.add(
            "redirects",
            redirect_id="engagements.retired",
            table_name="engagements",
            old_id="modi-abe-2014",
            new_id="modi-abe-tokyo-2014",
            version="0.2.0",
            reason="Entered twice.",
        ),
        [
            "data/redirects.csv:2 new_id [E1403] it sends to modi-abe-tokyo-2014, which is neither a row of engagements nor sent on; name the row that took its place, or leave new_id empty"
        ],
    ),
    (
        "a circle of redirects",
        lambda f: f.add(
            "redirects",
            redirect_id="engagements.a",
            table_name="engagements",
            old_id="a",
            new_id="b",
            version="0.2.0",
            reason="Entered twice.",
        ).add(
            "redirects",
            redirect_id="engagements.b",
            table_name="engagements",
            old_id="b",
            new_id="a",
            version="0.2.0",
            reason="Entered twice.",
        ),
        [
            "data/redirects.csv:2 old_id [E1404] its chain of redirects leads back to itself; let the last of the chain name the row that is there",
            "data/redirects.csv:3 old_id [E1404] its chain of redirects leads back to itself; let the last of the chain name the row that is there",
        ],
    ),
    (
        "a Parquet file of other rows",
        lambda f: f.publish().set("people", "vikram-misri", given_name="V.").describe(),
        [
            "data/people.parquet [E1501] it does not hold the rows of people.csv: given_name differ; run `make build`, and commit what it writes"
        ],
    ),
    (
        "no Parquet file",
        lambda f: f.publish().parquet("people").unlink(),
        [
            "data/people.parquet [E1501] it does not hold the rows of people.csv: the file is missing; run `make build`, and commit what it writes"
        ],
    ),
    (
        "a Parquet file that is none",
        lambda f: (f.publish().parquet("people").write_bytes(b"PAR1"), f.describe()),
        [
            "data/people.parquet [E1501] it does not hold the rows of people.csv: it cannot be read (Parquet file size is 4 bytes, smaller than the minimum file footer (8 bytes)); run `make build`, and commit what it writes"
        ],
    ),
    (
        "a descriptor that is stale",
        lambda f: f.publish().set("people", "vikram-misri", given_name="V.").write_parquet("people"),
        [
            "datapackage.json [E1502] it is not true of data/people.csv: the hash is another; run `make build`, and commit what it writes",
            "datapackage.json [E1502] it is not true of data/people.parquet: the hash is another; run `make build`, and commit what it writes",
        ],
    ),
    (
        "a descriptor that is no JSON",
        lambda f: (f.publish().path / "datapackage.json").write_text("{"),
        [
            "datapackage.json [E026] this is not a descriptor of a data package (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)); run: python scripts/build.py"
        ],
    ),
    (
        "a row out of order",
        lambda f: f.copy("topics", "africa", topic_id="aaa", label_en="Another", label_ja="", label_hi="").publish(),
        ["data/topics.csv:12 topic_id [E1503] it stands after wider-regions; sort the rows by id: `make build` does"],
    ),
    (
        "one name in two spellings, which the alphabet orders otherwise",
        lambda f: f.set("topics", "africa", label_en="Coast guard cooperation").copy(
            "topics", "africa", topic_id="africa-2", label_en="Couast guard cooperation", label_ja="", label_hi=""
        ),
        [
            "data/topics.csv:12 label_en [W1203] 'Couast guard cooperation' and 'Coast guard cooperation' (africa) differ only in order or spelling; retire one of the two and keep its name among the names of the other; if they are two, waive this"
        ],
    ),
    (
        "a file cut short",
        lambda f: f.file("names").write_bytes(f.file("names").read_bytes().removesuffix(b"\n")),
        [
            "data/names.csv:2 [E027] the last line does not end, so the file may be cut short; take the file again from where it is whole; if nothing is missing, end the last line with LF"
        ],
    ),
    (
        "a page read after the release",
        lambda f: f.set("sources", EXPRESS, accessed_on="2062-11-22"),
        [
            "data/sources.csv:5 accessed_on [E108] 2062-11-22 is after the release date 2026-11-22; correct the date, or the release date in metadata.toml",
        ],
    ),
    (
        "a promise checked after the release",
        lambda f: f.set("commitment_updates", UPDATE, observed_on="2062-11-22"),
        [
            "data/commitment_updates.csv:2 observed_on [E108] 2062-11-22 is after the release date 2026-11-22; correct the date, or the release date in metadata.toml"
        ],
    ),
    (
        "a number with an empty decimal",
        lambda f: f.set("places", "tokyo", latitude="35.68950"),
        [
            "data/places.csv:7 latitude [E011] '35.68950' is not a number; write plain digits without separators or exponent, at most 15, such as 10000000000000 or -26.2"
        ],
    ),
    (
        "evidence for an empty cell",
        lambda f: f.copy(
            "evidence",
            "delhi.timezone.geonames",
            evidence_id="india.timezone.geonames",
            row_id="india",
            stated_value="",
        ),
        [
            "data/evidence.csv:99 field [E808] it bears out timezone of india, and that cell is empty; fill the cell with what the source gives, or remove the evidence",
        ],
    ),
    (
        "support that states another time zone",
        lambda f: f.set("evidence", "delhi.timezone.geonames", stated_value="Asia/Tokyo"),
        [
            "data/evidence.csv:7 stated_value [E806] it supports timezone of delhi, states 'Asia/Tokyo', and the cell says 'Asia/Kolkata'; correct the cell or stated_value; a source that gives something else contradicts",
        ],
    ),
    (
        "a private person on the other side",
        lambda f: f.copy(
            "participations",
            "modi-takaichi-call-2025.narendra-modi",
            participation_id="modi-takaichi-call-2025.vikram-misri",
            person_id="vikram-misri",
            office_id="",
            side="JPN",
            capacity="delegate",
        ).copy(
            "evidence",
            "modi-takaichi-call-2025.narendra-modi.bharat-express-modi-takaichi-2025",
            evidence_id="modi-takaichi-call-2025.vikram-misri.bharat-express-modi-takaichi-2025",
            row_id="modi-takaichi-call-2025.vikram-misri",
        ),
        [
            "data/participations.csv:16 side [W603] vikram-misri is of IND, and on the side of JPN; correct the side or the person, or waive this with the reason",
        ],
    ),
    (
        "a meeting in another city than its visit",
        lambda f: f.set("engagements", "motegi-calls-on-modi-2026", place_id="tokyo"),
        [
            "data/engagements.csv:6 place_id [W702] it was at tokyo, which is not in delhi, where motegi-india-2026 was; correct one of the two places, or give the whole the smallest place that contains its parts; or waive this",
            "data/engagements.csv:6 start_date [W701] toshimitsu-motegi would be in JPN and, at motegi-india-2026, in IND on 2026-01-16; correct a date, a place or a participant, or waive this with the source for both",
            "data/engagements.csv:8 start_date [W701] toshimitsu-motegi would be in IND and, at motegi-calls-on-modi-2026, in JPN on 2026-01-16; correct a date, a place or a participant, or waive this with the source for both",
        ],
    ),
    (
        "markup left in",
        lambda f: f.set("topics", "africa", definition_en="Trade &amp; investment in Africa."),
        [
            "data/topics.csv:2 definition_en [E1310] 'Trade &amp; investment in Africa.' contains the markup of a web page; write the character itself, and no tags",
        ],
    ),
    (
        "a tool's word for nothing",
        lambda f: f.set("engagements", JNB, venue="nan"),
        [
            "data/engagements.csv:5 venue [E1311] 'nan' is how a tool writes that there is nothing; empty the cell",
        ],
    ),
    (
        "question marks for letters",
        lambda f: f.set("sources", EXPRESS, title="????????"),
        [
            "data/sources.csv:5 title [E1312] '????????' has question marks where letters were; take the text from its source again, as UTF-8",
        ],
    ),
    (
        "a formula",
        lambda f: f.set("topics", "africa", definition_en="=1+1 is a sum"),
        [
            "data/topics.csv:2 definition_en [E1306] a spreadsheet would run '=1+1 is a sum' as a formula; begin the text with a letter or digit"
        ],
    ),
]


@pytest.mark.parametrize(("fault", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_fault_is_reported_in_these_words(
    small: Folder, fault: Callable[[Folder], object], expected: list[str]
) -> None:
    assert small.problems() == []
    fault(small)
    assert small.problems() == expected


def test_every_code_has_a_fault() -> None:
    shown = {code for _, _, lines in FAULTS for line in lines for code in re.findall(r"\[([EW]\d{3,4})\]", line)}
    assert shown == ({*STRUCTURE} | {*all_rules()}) - {"E098", "E099"}


def test_the_referee_passes_on_what_it_alone_finds(small: Folder) -> None:
    """With our own findings withheld, frictionless's come through as E099."""
    small.set("engagements", JNB, kind="talk")
    schemas = {name: ije.schema(name) for name in ije.tables()}
    (problem,) = _referee_problems(str(small.path / "data"), schemas, Report())
    assert (problem.file, problem.line, problem.column, problem.code) == ("data/engagements.csv", 5, "kind", "E099")
    assert problem.value == "talk"
    assert problem.message.startswith("frictionless: ")


def test_pandera_passes_on_what_it_alone_finds(small: Folder) -> None:
    small.set("engagements", JNB, kind="talk")
    table = read_table(str(small.path / "data"), ije.schema("engagements"))
    (problem,) = _pandera_problems({"engagements": table}, Report())
    assert (problem.file, problem.line, problem.column, problem.code) == ("data/engagements.csv", 5, "kind", "E098")
    assert (problem.value, problem.message.startswith("pandera: isin(")) == ("talk", True)


def test_the_referee_is_silent_where_we_have_spoken(small: Folder) -> None:
    small.set("engagements", JNB, kind="talk")
    assert [problem.code for problem in ije.validate(small.path, referee=True).problems] == ["E013"]


@pytest.mark.parametrize(
    "oddity",
    [
        pytest.param(
            lambda f: f.set("engagements", "motegi-calls-on-modi-2026", start_date="2026-01"), id="month within"
        ),
        pytest.param(lambda f: f.set("engagements", "motegi-calls-on-modi-2026", start_date="2026"), id="year within"),
        pytest.param(
            lambda f: f.set("engagements", "modi-takaichi-call-2025", start_date="2025-10-21"), id="first day"
        ),
        pytest.param(
            lambda f: f.set("engagements", "modi-takaichi-call-2025", start_date="2025-10"), id="handover month"
        ),
        pytest.param(
            lambda f: f.set("tenures", "vikram-misri.foreign-secretary-india.2024", start_date="").set(
                "evidence",
                "vikram-misri.foreign-secretary-india.2024.start_date.the-hindu-misri-2024",
                stance="implies",
            ),
            id="unknown bound",
        ),
        pytest.param(
            lambda f: f.set("participations", "modi-takaichi-call-2025.narendra-modi", person_id=""), id="office alone"
        ),
        pytest.param(
            lambda f: f.set("participations", "modi-takaichi-call-2025.narendra-modi", office_id=""), id="person alone"
        ),
        pytest.param(
            lambda f: (
                f.set("host_events", "g20-johannesburg-2025", start_date="2025-11-21", end_date="2025-11-21")
                .set("evidence", "g20-johannesburg-2025.end_date.timeslive-g20-2025", stance="implies")
                .set("evidence", "g20-johannesburg-2025.start_date.timeslive-g20-2025", stance="implies")
            ),
            id="two days after the host event",
        ),
        pytest.param(
            lambda f: f.set("people", "vikram-misri", died_on="2024-11"), id="death in the month of the meeting"
        ),
        pytest.param(lambda f: f.set("places", "south-africa", name_hi="दक्षिण अफ़्रीका"), id="nukta"),
        pytest.param(lambda f: f.set("topics", "africa", label_ja="G20とASEAN"), id="Latin within Japanese"),
        pytest.param(
            lambda f: [f.set("engagements", row["engagement_id"], start_time="") for row in f.rows("engagements")],
            id="no hour known",
        ),
        pytest.param(
            lambda f: f.set("engagements", "motegi-calls-on-modi-2026", place_id="india"), id="a part known by country"
        ),
        pytest.param(lambda f: f.set("engagements", "motegi-india-2026", place_id="india"), id="a visit to a country"),
        pytest.param(lambda f: f.set("topics", "africa", definition_en="R&D; a < b > c. Why?"), id="no markup"),
        pytest.param(lambda f: f.set("sources", EXPRESS, title="Null and NA"), id="words for nothing within text"),
    ],
)
def test_what_only_looks_wrong_passes(small: Folder, oddity: Callable[[Folder], object]) -> None:
    oddity(small)
    assert small.problems() == []

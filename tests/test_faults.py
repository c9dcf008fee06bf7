"""Every code has a fault that raises it, and nothing but it, with its exact words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import Folder

from india_japan_engagements.report import STRUCTURE, Report
from india_japan_engagements.rules import all_rules
from india_japan_engagements.validation import _referee_problems

JNB = "modi-takaichi-johannesburg-2025"
TAKAICHI = "sanae-takaichi.prime-minister-japan.2025"
MOTEGI = "toshimitsu-motegi.prime-minister-japan.2025"
EXPRESS = "bharat-express-modi-takaichi-2025"

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
        ["data/participations.csv:6 side [E014] 'IN' has not the form ^[A-Z]{3}$; write it like IND"],
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
        lambda f: (f.path / "datapackage.json").write_text(
            '{"resources": [{"path": "https://example.org/names.csv"}]}'
        ),
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
            "data/host_events.csv:2 end_date [E102] it ends on 2025-11-21, before it starts on 2025-11-22; correct one of the two dates"
        ],
    ),
    (
        "a tenure that ends before it starts",
        lambda f: f.set("tenures", "toshimitsu-motegi.foreign-minister-japan.2019", end_date="2018"),
        [
            "data/tenures.csv:6 end_date [E102] it ends on 2018, before it starts on 2019-09-11; correct one of the two dates"
        ],
    ),
    (
        "held in the future",
        lambda f: f.set("engagements", JNB, start_date="2026-11-23").set(
            "host_events", "g20-johannesburg-2025", start_date="2026-11-22", end_date="2026-11-23"
        ),
        [
            "data/engagements.csv:5 start_date [E103] it is held, and 2026-11-23 is after the release date 2026-11-22; write planned until a source reports it, or correct the date"
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
            "data/engagements.csv:6 start_date [E201] 2026-01-18 is outside motegi-india-2026, which lasted 2026-01-15 to 2026-01-17; correct the dates of one of the two, or the parent"
        ],
    ),
    (
        "a child of another year",
        lambda f: f.set("engagements", "motegi-calls-on-modi-2026", start_date="2025"),
        [
            "data/engagements.csv:6 start_date [E201] 2025 is outside motegi-india-2026, which lasted 2026-01-15 to 2026-01-17; correct the dates of one of the two, or the parent"
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
            "data/tenures.csv:9 start_date [E303] it overlaps sanae-takaichi.prime-minister-japan.2025, and prime-minister-japan has one holder at a time; correct the bounds; mark who only acted with acting"
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
            "data/participations.csv:6 side [E306] prime-minister-india is an office of IND, not of JPN; correct the side or the office"
        ],
    ),
    (
        "a dialogue of no series",
        lambda f: f.set("engagements", "strategic-dialogue-18-delhi-2026", mechanism_id=""),
        [
            "data/engagements.csv:8 mechanism_id [E501] a dialogue is a session of a series, and none is named; give mechanism_id, or write talks"
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
            "data/engagements.csv:5 host_event_id [E503] it is on the sidelines of g20-johannesburg-2025, and in another country or more than two days away; correct the host event, the place or the date"
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
        ["data/people.csv:6 name_en [E1303] 'Toshimitsu Motegi ' begins or ends with a space; remove it"],
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
            "data/people.csv:6 name_en [E1305] 'Toshimitsu Mоtegi' has a word that mixes scripts; type the word in one script; a letter that only looks Latin breaks every search"
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
    assert shown == ({*STRUCTURE} | {*all_rules()}) - {"E099"}


def test_the_referee_passes_on_what_it_alone_finds(small: Folder) -> None:
    """With our own findings withheld, frictionless's come through as E099."""
    import india_japan_engagements as ije

    small.set("engagements", JNB, kind="talk")
    schemas = {name: ije.schema(name) for name in ije.tables()}
    (problem,) = _referee_problems(str(small.path / "data"), schemas, Report())
    assert (problem.file, problem.line, problem.column, problem.code) == ("data/engagements.csv", 5, "kind", "E099")
    assert problem.value == "talk"
    assert problem.message.startswith("frictionless: ")


def test_the_referee_is_silent_where_we_have_spoken(small: Folder) -> None:
    import india_japan_engagements as ije

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
            lambda f: f.set("tenures", "vikram-misri.foreign-secretary-india.2024", start_date=""), id="unknown bound"
        ),
        pytest.param(
            lambda f: f.set("participations", "modi-takaichi-call-2025.narendra-modi", person_id=""), id="office alone"
        ),
        pytest.param(
            lambda f: f.set("participations", "modi-takaichi-call-2025.narendra-modi", office_id=""), id="person alone"
        ),
        pytest.param(lambda f: f.set("engagements", JNB, start_date="2025-11-25"), id="two days after the host event"),
        pytest.param(
            lambda f: f.set("people", "vikram-misri", died_on="2024-11"), id="death in the month of the meeting"
        ),
        pytest.param(lambda f: f.set("places", "south-africa", name_hi="दक्षिण अफ़्रीका"), id="nukta"),
        pytest.param(lambda f: f.set("topics", "africa", label_ja="G20とASEAN"), id="Latin within Japanese"),
    ],
)
def test_what_only_looks_wrong_passes(small: Folder, oddity: Callable[[Folder], object]) -> None:
    oddity(small)
    assert small.problems() == []

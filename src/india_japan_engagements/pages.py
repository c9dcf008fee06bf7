"""How answers look at a terminal: pages of one row, and tables of many, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from rich.table import Table
from rich.text import Text

from ._names import TableName
from .codebook import limits, share
from .lookup import LABELS, Row
from .package import schema
from .queries import Encounter, Series
from .records import Claim, Engagement, Record
from .tableschema import Field

Shown = list[Text | Table]

WIDE = 160
"""From this many characters on, a table has more columns than it takes to know a row."""

LANGUAGES = ("ja", "hi")

HEADINGS: dict[tuple[TableName, str], str] = {
    ("participations", "person_id"): "Took part in",
    ("participations", "office_id"): "In this office",
    ("tenures", "person_id"): "Offices",
    ("tenures", "office_id"): "Holders",
    ("engagements", "mechanism_id"): "Sessions",
    ("engagements", "place_id"): "Engagements here",
    ("engagements", "host_event_id"): "Engagements around it",
    ("mechanisms", "parent_id"): "Below it",
    ("places", "parent_id"): "Places in it",
    ("topics", "parent_id"): "Topics below it",
    ("agenda", "topic_id"): "On the agenda",
    ("agenda", "mechanism_id"): "On the agenda",
    ("agenda", "agreement_id"): "On the agenda",
    ("agreements", "parent_id"): "Under it",
    ("agreements", "replaces_id"): "Replaced by",
    ("agreements", "party_ind"): "Signed for India",
    ("agreements", "party_jpn"): "Signed for Japan",
    ("commitments", "supersedes_id"): "Superseded by",
    ("commitment_updates", "commitment_id"): "What became of it",
    ("evidence", "source_id"): "Bears on",
}
"""What a page calls the rows that refer to its own; those that are not here have the title of their table."""


def engagement_page(found: Engagement) -> Shown:
    """Return the page of an engagement with everything that hangs on it."""
    row, label = found.row, found.labels.get
    numbers = _numbers(found.sources)

    def refs(row_id: str, *fields: str) -> str:
        return _refs(found.claims.get(row_id, []), numbers, fields)

    def name(key: str) -> str:
        return label(row[key]) or ""

    lines: Shown = [Text(row["title_en"], style="bold")]
    lines += [Text(row[f"title_{language}"]) for language in LANGUAGES if row[f"title_{language}"]]
    lines += [Text(row["engagement_id"], style="dim"), Text("")]
    facts = _grid()
    where = ", ".join(filter(None, (row["venue"], name("place_id"))))
    session = f"{name('mechanism_id')}{', no. ' + str(row['ordinal']) if row['ordinal'] else ''}"
    for title, value, field in (
        ("when", _when(row), "start_date"),
        ("where", where, "place_id"),
        ("what", " · ".join(_plain(row[key]) for key in ("kind", "format", "setting", "status")), None),
        ("length", _length(row), "duration_minutes"),
        ("rank", _plain(row["visit_rank"]) if row["visit_rank"] else "", "visit_rank"),
        ("session of", session if row["mechanism_id"] else "", "ordinal"),
        ("beside", name("host_event_id"), "host_event_id"),
        ("part of", f"{name('parent_id')} ({row['parent_id']})" if row["parent_id"] else "", None),
    ):
        if value:
            facts.add_row(title, Text(value + (refs(row["engagement_id"], field) if field else "")))
    lines += [facts, Text(""), Text(row["summary_en"] + refs(row["engagement_id"], "*"))]
    if row["note"]:
        lines += [Text(f"Note: {row['note']}", style="italic")]

    def section(title: str, entries: list[tuple[str, str]]) -> None:
        lines.extend(_section(title, entries))

    section(
        "Participants",
        [
            (part["side"], _participant(part, found.labels) + refs(part["participation_id"]))
            for part in found.participations
        ],
    )
    section(
        "Agenda",
        [(_plain(item["treatment"]), _item(item, found.labels) + refs(item["agenda_id"])) for item in found.agenda],
    )
    section(
        "Agreements",
        [(item["signed_on"] or "", item["title_en"] + refs(item["agreement_id"])) for item in found.agreements],
    )
    for commitment in found.commitments:
        due = f" (by {commitment.row['deadline']})" if commitment.row["deadline"] else ""
        promised = [
            (commitment.row["debtor"], commitment.row["statement_en"] + due + refs(commitment.row["commitment_id"]))
        ]
        later = [
            (
                f"  {update['observed_on']}",
                f"{_plain(update['status'])}: {update['statement_en']}{refs(update['commitment_update_id'])}",
            )
            for update in commitment.updates
        ]
        section(f"Commitment {commitment.row['commitment_id']}", promised + later)
    section(
        "Parts", [(part["start_date"] or "", f"{part['title_en']} ({part['engagement_id']})") for part in found.parts]
    )
    return lines + _source_list(found.sources)


def record_page(found: Record) -> Shown:
    """Return the page of a row of any other table: its cells, other names, what hangs on it in time order, sources.

    Of a commitment that is what became of it, and of those it replaced and was replaced by.
    """
    described, row = schema(found.table), found.row
    numbers = _numbers(found.sources)
    label = LABELS.get(found.table, described.key)
    stem = label.removesuffix("_en")
    shown_above = {described.key, label, *(f"{stem}_{language}" for language in LANGUAGES)}

    def refs(row_id: str, *fields: str) -> str:
        return _refs(found.claims.get(row_id, []), numbers, fields)

    row_id = row[described.key]
    lines: Shown = [Text(row[label] + refs(row_id, "*", label), style="bold")]
    lines += [
        Text(row[column] + refs(row_id, column))
        for column in (f"{stem}_{language}" for language in LANGUAGES)
        if row.get(column)
    ]
    lines += [Text(f"{_plain(found.table)}: {row_id}", style="dim"), Text("")]
    facts = _grid()
    if found.names:
        facts.add_row("also", Text("; ".join(name["name"] + refs(name["name_id"]) for name in found.names)))
    for field in described.fields:
        if field.name not in shown_above and row[field.name] is not None:
            value = _value(field, row[field.name])
            text = f"{found.labels[value]} ({value})" if field.name in described.foreign_keys else value
            facts.add_row(field.spec["title"].lower(), Text(text + refs(row_id, field.name)))
    lines += [facts]
    if found.table == "commitments":
        lines += _section("Its life", _life(found, numbers))
    for (table, column), rows in found.related.items():
        if found.table == "commitments" and table in ("commitments", "commitment_updates"):
            continue
        heading = HEADINGS.get((table, column), schema(table).title)
        if table == "evidence":
            lines += _section(heading, _borne_out(found, rows))
            continue
        key = schema(table).key
        lines += _section(
            heading,
            [
                (
                    _period(each) if table == "tenures" else found.dates[each[key]],
                    _hanging(found, table, column, each) + refs(each[key]),
                )
                for each in rows
            ],
        )
    return lines + _source_list(found.sources)


def _life(found: Record, numbers: dict[str, int]) -> list[tuple[str, str]]:
    """Return what was promised, what became of it and what took its place, from the first day to the last."""
    entries = []
    for record in sorted((found, *found.chain), key=lambda each: each.row["supersedes_id"] is not None):
        row, claims = record.row, record.claims
        verb = "promised anew" if row["supersedes_id"] else "promised"
        due = f" (by {row['deadline']})" if row["deadline"] else ""
        other = f" ({row['commitment_id']})" if found.chain else ""
        refs = _refs(claims.get(row["commitment_id"], []), numbers, ("*", "statement_en"))
        entries.append((record.dates[row["commitment_id"]], f"{verb}: {row['statement_en']}{due}{other}{refs}"))
        for update in record.related.get(("commitment_updates", "commitment_id"), []):
            refs = _refs(claims.get(update["commitment_update_id"], []), numbers, ())
            entries.append((update["observed_on"], f"{_plain(update['status'])}: {update['statement_en']}{refs}"))
    # One event can be what became of several links of the chain, and is told once.
    return sorted(dict.fromkeys(entries), key=lambda entry: entry[0] or "9999")


def timeline_table(rows: Iterable[Row], width: int) -> Table:
    """Return engagements, a row of ``timeline`` each, as a table for a terminal of ``width`` characters."""
    if width < WIDE:
        table = _table("when", "what", "title and id")
        for row in rows:
            table.add_row(_span(row), _what(row, "\n"), _titled(row))
        return table
    table = _table("when", "what", "title and id", "level", "place", "India", "Japan")
    for row in rows:
        table.add_row(
            _span(row), _what(row, ", "), _titled(row), _plain(row["level"] or ""), row["place"],
            _listed(row["principals_ind"]), _listed(row["principals_jpn"]),
        )  # fmt: skip
    return table


def encounters_table(found: Iterable[Encounter], names: tuple[str, str], offices: dict[str, str], width: int) -> Table:
    """Return encounters as a table, wide with the office each of the two acted in; ``offices`` are their titles."""
    if width < WIDE:
        return timeline_table([encounter.engagement for encounter in found], width)
    table = _table("when", "what", "title and id", "place", *names)
    for row, *parts in found:
        acted = [offices.get(part["office_id"], "") + _role(part) for part in parts]
        what = "\n".join(filter(None, (_what(row, ", "), _length(row))))
        table.add_row(_span(row), what, _titled(row), row["place"], *acted)
    return table


def series_page(found: Series, width: int) -> Shown:
    """Return a mechanism's sessions in order, a line for every gap in their numbers."""
    row = found.mechanism
    counted = f"counted from {row['first_ordinal']}" if row["first_ordinal"] is not None else "not counted"
    held = len([session for session in found.sessions if session["status"] == "held"])
    missing = sum(gap.last - gap.first + 1 for gap in found.gaps)
    lines: Shown = [Text(row["name_en"], style="bold")]
    lines += [Text(row[f"name_{language}"]) for language in LANGUAGES if row[f"name_{language}"]]
    lines += [
        Text(row["mechanism_id"], style="dim"),
        Text(
            f"{_plain(row['type'])}, {_plain(row['status'])}, {counted}; in this record {held} held"
            + (f", {missing} missing" if missing else "")
        ),
        Text(""),
    ]
    wide = width >= WIDE
    table = _table("no.", "when", "title and id", "where", *(("India", "Japan") if wide else ()))
    table.columns[0].justify = "right"
    gaps = list(found.gaps)
    for session in found.sessions:
        while gaps and session["ordinal"] is not None and gaps[0].first < session["ordinal"]:
            gap = gaps.pop(0)
            number = str(gap.first) if gap.first == gap.last else f"{gap.first}–{gap.last}"
            table.add_row(number, "", "not in this record", style="yellow")
        number = "" if session["ordinal"] is None else str(session["ordinal"])
        where = ", ".join(filter(None, (session["place"], session["country"])))
        status = "" if session["status"] == "held" else f" ({session['status']})"
        principals = [_listed(session[f"principals_{side}"]) for side in ("ind", "jpn")] if wide else []
        table.add_row(number, _span(session), _titled(session, status), where or _how(session), *principals)
    return [*lines, table]


def commitments_table(rows: Iterable[Row], width: int) -> Table:
    """Return commitments as a table: made when, due when, by whom, what became of them."""
    wide = width >= WIDE
    table = _table("due", "who", "latest status", "commitment and id", *(("topic", "made at") if wide else ()))
    for row in rows:
        due = Text(row["deadline"] or "no date")
        if row["overdue"]:
            due.append("\noverdue", style="bold red")
        status = _plain(row["status"]) + (f"\n{row['status_on']}" if row["status_on"] else "")
        who = {"IND": "India", "JPN": "Japan"}.get(row["debtor"], row["debtor"])
        text = Text(row["statement_en"]).append(f"\n{row['commitment_id']}", style="dim")
        origin = [row["topic"], f"{row['made_at']}\n{row['made_on']}"] if wide else []
        table.add_row(due, who, status, text, *origin)
    return table


def codebook_page(book: Row) -> Shown:
    """Return a table's codebook: for each column what it means, what it may hold, and how much of it is empty."""
    whole = book["rows"]
    rows = _by_decade({name: f"{count:,}" for name, count in whole.items()})
    lines: Shown = [Text(book["table"], style="bold"), Text(book["description"]), Text(f"rows: {rows}", style="dim")]
    for column in book["columns"]:
        empty = _by_decade({name: share(count, whole[name]) for name, count in column["empty"].items()})
        facts = [
            ("means", column["definition"]),
            ("type", limits(column)),
            ("pattern", column["pattern"]),
            ("refers to", column["refers_to"]),
            ("referred to by", ", ".join(column["referred_to_by"])),
            ("example", column["example"]),
            ("empty", empty if column["empty"]["all"] else "never"),
        ]
        for code in column["codes"]:
            facts.append((code["code"], f"{code['rows']:,}× {code['definition'] or ''}".rstrip()))
        lines += _section(column["column"], [fact for fact in facts if fact[1]])
    return lines


def _by_decade(found: dict[str, str]) -> str:
    """Return what holds of all rows, and in brackets what holds of those of each decade."""
    decades = ", ".join(f"{name} {said}" for name, said in found.items() if name != "all")
    return found["all"] + (f" ({decades})" if decades else "")


def _numbers(sources: list[Row]) -> dict[str, int]:
    return {source["source_id"]: number for number, source in enumerate(sources, 1)}


def _refs(claims: list[Claim], numbers: dict[str, int], fields: tuple[str, ...]) -> str:
    """Return the numbers of the sources of a row, or of its ``fields`` alone, with the stance that is not support."""
    marks = sorted(
        {
            (numbers[claim.source["source_id"]], _stance(claim.evidence))
            for claim in claims
            if not fields or claim.evidence["field"] in fields
        }
    )
    return f" [{', '.join(f'{number}{stance}' for number, stance in marks)}]" if marks else ""


def _stance(evidence: Row, stated: bool = True) -> str:
    """Return what a source does other than support, and where it contradicts, what it says instead."""
    instead = f": {evidence['stated_value']}" if stated and evidence["stated_value"] else ""
    return {"supports": "", "implies": " (implied)", "contradicts": f" (contradicts{instead})"}[evidence["stance"]]


def _grid() -> Table:
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    return facts


def _table(*columns: str) -> Table:
    """Return an empty table: the first two columns are never broken, and the ids have what the others leave."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, column in enumerate(columns):
        # Left alone, rich shares a lack of room out evenly and so breaks the ids, which are there to be copied.
        most = None if position < 2 or column.endswith("and id") else 13 if column == "level" else 24
        table.add_column(column, no_wrap=position < 2, overflow="fold", max_width=most)
    return table


def _section(title: str, entries: list[tuple[str, str]]) -> Shown:
    if not entries:
        return []
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for left, right in entries:
        table.add_row(left, Text(right))
    return [Text(""), Text(title, style="bold"), table]


def _source_list(sources: list[Row]) -> Shown:
    return _section("Sources", [(f"[{number}]", _source(source)) for number, source in enumerate(sources, 1)])


def _hanging(found: Record, table: TableName, column: str, row: Row) -> str:
    """Return one line on a row that refers to the page's own by ``column``."""
    own = {name: row[name] for name in schema(table).foreign_keys if name != column and row[name]}
    named = {name: found.labels[row_id] for name, row_id in own.items() if row_id in found.labels}
    if table == "engagements":
        status = "" if row["status"] == "held" else f", {row['status']}"
        return f"{row['title_en']} ({_plain(row['kind'])}{status}; {row['engagement_id']})"
    if table == "participations":
        person = f": {named['person_id']}" if "person_id" in named else ""
        office = f", as {named['office_id']}" if "office_id" in named else ""
        return f"{named['engagement_id']} ({row['engagement_id']}){person}{office}{_role(row)}"
    if table == "tenures":
        return ", ".join(named.values()) + (", acting" if row["acting"] else "")
    if table == "agenda":
        about = f": {row['statement_en']}" if row["statement_en"] else ""
        return f"{named['engagement_id']} ({row['engagement_id']}), {_plain(row['treatment'])}{about}"
    if table == "commitment_updates":
        return f"{_plain(row['status'])}: {row['statement_en']}"
    key = schema(table).key
    return f"{row[LABELS[table]]} ({row[key]})" if table in LABELS else str(row[key])


def _borne_out(found: Record, rows: list[Row]) -> list[tuple[str, str]]:
    """Return for each row that a source bears on, which cells, and what it says of them."""

    def in_order(claim: Row) -> tuple[str, str]:
        return found.dates[claim["evidence_id"]] or "9999", claim["row_id"]

    entries = []
    for (_, row_id), claims in groupby(sorted(rows, key=in_order), key=in_order):
        cells = []
        for claim in claims:
            when = found.dates[claim["evidence_id"]]
            stated = f" {claim['stated_value']}" if claim["stated_value"] else ""
            cell = "the row" if claim["field"] == "*" else f"{claim['field']}{stated}"
            locator = f", {claim['locator']}" if claim["locator"] else ""
            cells.append(f"{cell}{_stance(claim, stated=False)}{locator}")
        entries.append((when, f"{row_id}: {'; '.join(cells)}"))
    return entries


def _value(field: Field, value: Any) -> str:
    if field.type == "boolean":
        return "yes" if value else "no"
    if field.type in ("integer", "number"):
        return f"{value:,.15g}"
    return _plain(value) if field.enum else str(value)


def _period(tenure: Row) -> str:
    if tenure["ongoing"]:
        return f"since {tenure['start_date'] or '?'}"
    return f"{tenure['start_date'] or '?'} – {tenure['end_date'] or '?'}"


def _span(row: Row) -> str:
    """Return start and end as briefly as they can be said: ``2025-08-29–30``, ``2026-01–03``."""
    start, end = row["start_date"], row["end_date"]
    if not start:
        return "no date"
    if not end or end == start:
        return str(start)
    same = 8 if len(start) == len(end) == 10 and start[:7] == end[:7] else 5 if start[:4] == end[:4] else 0
    return f"{start}–{end[same:]}"


def _what(row: Row, separator: str) -> str:
    status = "" if row["status"] == "held" else row["status"]
    return separator.join(filter(None, (_plain(row["kind"]), _how(row), status)))


def _how(row: Row) -> str:
    return "" if row["format"] in ("in_person", "unknown") else _plain(row["format"])


def _listed(principals: str | None) -> str:
    return (principals or "").replace("; ", "\n")


def _titled(row: Row, status: str = "") -> Text:
    return Text(row["title_en"] + status).append(f"\n{row['engagement_id']}", style="dim")


def _role(part: Row) -> str:
    return "" if part["capacity"] == "principal" else f" ({part['capacity']})"


def _when(row: Row) -> str:
    if not row["start_date"]:
        return "no date"
    days: str = row["start_date"] + (f" to {row['end_date']}" if row["end_date"] else "")
    zone = f" {row['timezone']}" if row["timezone"] else " local time"
    return days + (f", {row['start_time']}{zone}" if row["start_time"] else "")


def _length(row: Row) -> str:
    if not row["duration_minutes"]:
        return ""
    basis = {"about": "about ", "at_least": "at least "}.get(row["duration_basis"], "")
    return f"{basis}{row['duration_minutes']} minutes"


def _participant(part: Row, labels: dict[str, str]) -> str:
    who = ", ".join(labels[part[key]] for key in ("person_id", "office_id") if part[key])
    return who + _role(part)


def _item(item: Row, labels: dict[str, str]) -> str:
    named = (labels[item[key]] for key in ("topic_id", "mechanism_id", "agreement_id") if item[key])
    about = " / ".join(dict.fromkeys(named))
    raised = f" ({item['raised_by']})" if item["raised_by"] in ("IND", "JPN") else ""
    return f"{about}{raised}: {item['statement_en'] or ''}"


def _source(source: Row) -> str:
    dated = f", {source['published_on']}" if source["published_on"] else ""
    address = f" <{source['url']}>" if source["url"] else ""
    author = f"{source['author']} in " if source["author"] not in (None, source["publisher"]) else ""
    return f"{source['title']}. {author}{source['publisher']}{dated}{address}"


def _plain(code: Any) -> str:
    return str(code).replace("_", " ")

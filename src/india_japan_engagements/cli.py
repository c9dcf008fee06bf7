"""The ``ije`` command: a thin layer over the library, for people at a terminal and for scripts.

Exit codes: 0 the answer, 1 the data has problems, 2 the question cannot be answered (no such id, table or folder, or a
library is missing).
"""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from . import package, records
from .citation import cite as citation

LANGUAGES = ("ja", "hi")
STANCE = {"supports": "", "implies": " (implied)", "contradicts": " (contradicts)"}


class Library(click.Group):
    """A group whose commands end with a message and exit code 2 when the library says no."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn the library's own errors into the terminal's."""
        try:
            return super().invoke(ctx)
        except (KeyError, ValueError, OSError, ImportError) as error:
            if isinstance(error, ModuleNotFoundError):
                error = ImportError(f"{error.name} is not installed; run: pip install 'india-japan-engagements[all]'")
            print(f"ije: {error.args[0] if error.args else error}", file=sys.stderr)
            ctx.exit(2)


@click.group(cls=Library, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.metadata()["version"], prog_name="ije")
def ije() -> None:
    """The open record of how India and Japan deal with each other since 1947."""


@ije.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tables(as_json: bool) -> None:
    """List the tables and views: what a row is, and how many there are."""
    found: list[dict[str, Any]] = []
    for name in package.tables(views=True):
        described = package.schema(name)
        rows = len(package.load(name, as_="rows"))
        found.append({"name": name, "rows": rows, "description": described.description})
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("table", no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("one row is")
    for row in found:
        table.add_row(row["name"], f"{row['rows']:,}", row["description"].removeprefix("One row is ").rstrip("."))
    _console().print(table)


@ije.command()
@click.argument("directory", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How to show the report."
)
@click.option("--referee", is_flag=True, help="Ask frictionless for a second opinion.")
@click.pass_context
def validate(ctx: click.Context, directory: str | None, form: str, referee: bool) -> None:
    """Check the tables in DIRECTORY: a checkout, a folder with data/, or one of CSV files. Default: the installed data.

    Exits with 0 if all is well, 1 if there are problems, 2 if the check cannot run.
    """
    from .validation import validate as check

    report = check(directory, referee=referee)
    shown = getattr(report, form)()
    if shown:
        click.echo(shown)
    ctx.exit(0 if report.clean else 1)


@ije.command()
@click.option("--bibtex", "form", flag_value="bibtex", help="As a BibTeX entry.")
@click.option("--text", "form", flag_value="text", default=True, help="As one line (the default).")
def cite(form: str) -> None:
    """Print how to cite this version."""
    click.echo(citation("bibtex" if form == "bibtex" else "text"))


@ije.command()
@click.argument("engagement_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(engagement_id: str, as_json: bool) -> None:
    """Show the engagement ID with everything that hangs on it, each claim with its sources."""
    found = records.engagement(engagement_id)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2, default=str))
    else:
        _console().print(*_page(found), sep="\n")


def _console() -> Console:
    return Console(highlight=False)


def _as_json(found: records.Engagement) -> dict[str, Any]:
    return {
        "engagement": found.row,
        "participations": found.participations,
        "agenda": found.agenda,
        "agreements": found.agreements,
        "commitments": [commitment.row | {"updates": commitment.updates} for commitment in found.commitments],
        "parts": [part["engagement_id"] for part in found.parts],
        "evidence": [claim.evidence for claims in found.claims.values() for claim in claims],
        "sources": found.sources,
    }


def _page(found: records.Engagement) -> list[Text | Table]:
    row, label = found.row, found.labels.get
    numbers = {source["source_id"]: number for number, source in enumerate(found.sources, 1)}

    def refs(row_id: str, field: str | None = None) -> str:
        claims = [claim for claim in found.claims.get(row_id, []) if field is None or claim.evidence["field"] == field]
        marks = sorted({(numbers[claim.source["source_id"]], STANCE[claim.evidence["stance"]]) for claim in claims})
        return f" [{', '.join(f'{number}{stance}' for number, stance in marks)}]" if marks else ""

    def name(key: str) -> str:
        return label(row[key]) or ""

    lines: list[Text | Table] = [Text(row["title_en"], style="bold")]
    lines += [Text(row[f"title_{language}"]) for language in LANGUAGES if row[f"title_{language}"]]
    lines += [Text(row["engagement_id"], style="dim"), Text("")]
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
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
        if entries:
            table = Table(box=None, show_header=False, pad_edge=False)
            table.add_column(no_wrap=True)
            table.add_column()
            for left, right in entries:
                table.add_row(left, Text(right))
            lines.extend([Text(""), Text(title, style="bold"), table])

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
    section("Sources", [(f"[{numbers[source['source_id']]}]", _source(source)) for source in found.sources])
    return lines


def _when(row: records.Row) -> str:
    if not row["start_date"]:
        return "no date"
    days: str = row["start_date"] + (f" to {row['end_date']}" if row["end_date"] else "")
    zone = f" {row['timezone']}" if row["timezone"] else " local time"
    return days + (f", {row['start_time']}{zone}" if row["start_time"] else "")


def _length(row: records.Row) -> str:
    if not row["duration_minutes"]:
        return ""
    basis = {"about": "about ", "at_least": "at least "}.get(row["duration_basis"], "")
    return f"{basis}{row['duration_minutes']} minutes"


def _participant(part: records.Row, labels: dict[str, str]) -> str:
    who = ", ".join(labels[part[key]] for key in ("person_id", "office_id") if part[key])
    role = "" if part["capacity"] == "principal" else f" ({part['capacity']})"
    return who + role


def _item(item: records.Row, labels: dict[str, str]) -> str:
    named = (labels[item[key]] for key in ("topic_id", "mechanism_id", "agreement_id") if item[key])
    about = " / ".join(dict.fromkeys(named))
    raised = f" ({item['raised_by']})" if item["raised_by"] in ("IND", "JPN") else ""
    return f"{about}{raised}: {item['statement_en'] or ''}"


def _source(source: records.Row) -> str:
    dated = f", {source['published_on']}" if source["published_on"] else ""
    address = f" <{source['url']}>" if source["url"] else ""
    author = f"{source['author']} in " if source["author"] else ""
    return f"{source['title']}. {author}{source['publisher']}{dated}{address}"


def _plain(code: Any) -> str:
    return str(code).replace("_", " ")

"""The ``ije`` command: a thin layer over the library, for people at a terminal and for scripts."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from . import exporting, lookup, package, queries, records
from ._names import TableName
from .citation import cite as citation
from .codebook import codebook as book_of
from .tableschema import Schema

# What only some commands need (rich, the pages, what opens archives) is imported there: it takes as long as the answer.
if TYPE_CHECKING:
    from rich.console import Console, RenderableType


class Library(click.Group):
    """A group whose commands end with a message and exit code 2 when the library says no."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn the library's own errors into the terminal's."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Whoever read the answer has read enough, as `head` does: click ends quietly.
            raise
        except (KeyError, ValueError, OSError, ImportError) as error:
            if isinstance(error, ModuleNotFoundError):
                extra = "cli" if error.name == "rich" else "all"
                error = ImportError(
                    f"{error.name} is not installed; run: pip install 'india-japan-engagements[{extra}]'"
                )
            print(f"ije: {error.args[0] if isinstance(error, KeyError) else error}", file=sys.stderr)
            ctx.exit(2)


@click.group(cls=Library, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.metadata()["version"], prog_name="ije")
def ije() -> None:
    """The open record of how India and Japan deal with each other since 1947.

    \b
    Exit codes of every command:
      0  here is the answer
      1  nothing was found; for validate, there are problems
      2  the question cannot be answered: no such id, name, code, table or
         folder, or a library is missing

    Answers are paged on a terminal and coloured there unless NO_COLOR is set.
    """


def _codes(table: TableName, column: str) -> click.Choice[str]:
    return click.Choice(package.schema(table)[column].enum or [])


def _complete(*tables: TableName) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Return what completes an id of these tables in the shell, with the row's name beside it where shells show it."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        del ctx, param
        return [
            CompletionItem(row_id, help=row[lookup.LABELS[table]])
            for table in tables
            for row_id, row in lookup.Tables().by_id(table).items()
            if row_id.startswith(incomplete)
        ]

    return complete


def _code_option(table: TableName, column: str, about: str) -> Callable[[Any], Any]:
    codes = _codes(table, column)
    text = f"{about}; may be given again. One of {', '.join(codes.choices)}."
    return click.option(f"--{column}", type=codes, metavar=column.upper(), multiple=True, help=text)


def _name_option(name: str, table: TableName, about: str) -> Callable[[Any], Any]:
    return click.option(f"--{name}", metavar="ID|NAME", shell_complete=_complete(table), help=about)


_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@ije.command()
@_as_json
def tables(as_json: bool) -> None:
    """List the tables and views: what a row is, and how many there are."""
    found: list[dict[str, Any]] = []
    for name in package.tables(views=True):
        described = package.schema(name)
        rows = len(package.load(name, as_="rows"))
        found.append({"name": name, "rows": rows, "description": described.description})
    if as_json:
        _print_json(found)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("table", no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("one row is")
    for row in found:
        table.add_row(row["name"], f"{row['rows']:,}", row["description"].removeprefix("One row is ").rstrip("."))
    _print([table])


@ije.command()
@click.argument("table", type=click.Choice(package.tables(views=True)), metavar="[TABLE|VIEW]", required=False)
@_as_json
def codebook(table: TableName | None, as_json: bool) -> None:
    """Say what each column of a table, or of all, means, which values it has how often, and how much of it is empty."""
    schemas: dict[str, Schema] = {name: package.schema(name) for name in package.tables(views=True)}
    rows: Callable[[Any], list[lookup.Row]] = lookup.Tables().__getitem__
    books = [book_of(name, schemas, rows) for name in ([table] if table else schemas)]
    if as_json:
        _print_json(books[0] if table else books)
    else:
        from . import pages

        shown = [line for book in books for line in ("", *pages.codebook_page(book))]
        _print(shown[1:])


@ije.command()
@click.argument("directory", required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How to show the report."
)
@click.option("--referee", is_flag=True, help="Ask frictionless for a second opinion.")
@click.option(
    "--engine",
    type=click.Choice(["polars", "duckdb", "pyspark"]),
    help="Check larger tables, as Parquet or CSV, by the same rules on an engine that need not hold them in memory.",
)
@click.option("--count", is_flag=True, help="With --engine: only count what is wrong, by code, table and column.")
@click.option(
    "--findings", type=click.Path(dir_okay=False), metavar="FILE",
    help="With --engine: write every finding, however many, to a .csv or .parquet file, and count them.",
)  # fmt: skip
@click.pass_context
def validate(
    ctx: click.Context, directory: str | None, form: str, referee: bool, engine: Any, count: bool, findings: str
) -> None:
    """Check the tables in DIRECTORY: a checkout, a folder with data/, or one of CSV files. Default: the installed data.

    With --engine a table may also be TABLE.parquet or a folder TABLE/ of Parquet files.

    Exit codes: 0 all is well, 1 there are problems, 2 the check cannot run.
    """
    if engine is None and (count or findings):
        raise click.UsageError("--count and --findings go with --engine")
    if engine and (referee or (count and findings)):
        raise click.UsageError("--engine goes with no --referee, and --count with no --findings")
    if engine:
        from . import engines

        folder = directory or os.path.join(package.root(), "data")
        with engines.kept(findings) if findings else nullcontext() as keep:
            found = engines.check(folder, engine, count=count, keep=keep)
        if count or findings:
            click.echo(found.text())
            ctx.exit(0 if found.clean else 1)
        report = found.report()
    else:
        from .validation import validate as check

        report = check(directory, referee=referee)
    shown = report.github(_before(directory)) if form == "github" else getattr(report, form)()
    if shown:
        click.echo(shown)
    ctx.exit(0 if report.clean else 1)


@ije.command()
@click.argument("old", type=click.Path(exists=True))
@click.argument("new", type=click.Path(exists=True), required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "csv", "json", "markdown"]), default="text", help="How to show them."
)
def diff(old: str, new: str | None, form: str) -> None:
    """List the rows added, corrected, recoded and retired from OLD to NEW, by table, id and column.

    Each is a folder of the tables or an archive of a release. Default of NEW: the installed data.

    Exit codes: 0 something changed, 1 nothing did, 2 one of them cannot be read.
    """
    from .diffing import diff as changes

    found = changes(old, new)
    if form != "text":
        click.echo(getattr(found, form)(), nl=False)
    elif found.changes or found.columns:
        from rich.markdown import Markdown

        _print([Markdown(found.markdown())])
    _end(found.changes or [*found.columns], "nothing changed")


@ije.command()
@click.option("--bibtex", "form", flag_value="bibtex", help="As a BibTeX entry.")
@click.option("--text", "form", flag_value="text", default=True, help="As one line (the default).")
def cite(form: str) -> None:
    """Print how to cite this version."""
    click.echo(citation("bibtex" if form == "bibtex" else "text"))


@ije.command()
@click.argument("row_id", metavar="ID|NAME", shell_complete=_complete(*lookup.LABELS))
@click.option("--form", "as_form", is_flag=True, help="Print the form by which it would be entered.")
@_as_json
def show(row_id: str, as_form: bool, as_json: bool) -> None:
    """Show one row with everything that hangs on it in time order, each claim with its numbered sources.

    The row may be an engagement, person, office, mechanism, host event, place, topic, agreement, commitment or source,
    or of any other table. Names and aliases in any language serve too where they mean one row.

    Exit codes: 0 here it is, 2 there is no such row, or a name can mean several.
    """
    if as_form:
        table, row = lookup.resolve(lookup.Tables(), row_id)
        forms, folder, schemas = _forms()
        texts = {name: forms.text_rows(folder, schema) for name, schema in schemas.items()}
        click.echo(forms.Writer(texts, schemas).form(table, next(iter(row.values()))), nl=False)
        return
    found = records.record(row_id)
    if as_json:
        _print_json(_engagement_object(found) if isinstance(found, records.Engagement) else _record_object(found))
        return
    from . import pages

    _print(pages.engagement_page(found) if isinstance(found, records.Engagement) else pages.record_page(found))


@ije.command()
@click.argument("kind", default="engagement")
def new(kind: str) -> None:
    """Print an empty form to fill in and take in: of an engagement, or of what KIND names.

    KIND is a kind of engagement (visit, talks, …) or person, office, mechanism, place, host_event, commitment_update,
    evidence or correction.

    Exit codes: 0 here it is, 2 there is no such form.
    """
    forms, _, schemas = _forms()
    click.echo(forms.template(kind, schemas), nl=False)


@ije.command()
@click.argument("text", nargs=-1)
@click.option("--from", "since", metavar="DATE", help="First day, month or year: 2025-10-29, 2025-10 or 2025.")
@click.option("--to", "until", metavar="DATE", help="Last day, month or year.")
@_name_option("person", "people", "Who took part.")
@_name_option("office", "offices", "In which office somebody took part.")
@_code_option("engagements", "kind", "What it was")
@_code_option("engagements", "format", "How it was held")
@_code_option("offices", "level", "At which level")
@_name_option("mechanism", "mechanisms", "Of which it was a session, or which it took up.")
@_name_option("topic", "topics", "What was taken up, the topics below it included.")
@_name_option("place", "places", "Where, the places within it included.")
@_code_option("engagements", "status", "What became of it")
@_as_json
def find(text: tuple[str, ...], as_json: bool, **conditions: Any) -> None:
    """Find the engagements that satisfy every condition, in order of time.

    All words of TEXT must be found in the engagement, its agenda, or the names of who and what belongs to it, in any
    script and by any alias. A word that is found nowhere is taken for those it most resembles. Dates known only to the
    month or year are found where they can fit.

    Exit codes: 0 found, 1 nothing found, 2 no such name, code or date.
    """
    answer = queries.search(" ".join(text) or None, **conditions)
    for word, near in answer.readings.items():
        reading = f"; taken for {' and '.join(near)}" if near else ", nor anything like it"
        click.echo(f"ije: {word!r} is found nowhere{reading}", err=True)
    if as_json:
        _print_json(answer.rows)
    elif answer.rows:
        from . import pages

        _print([pages.timeline_table(answer.rows, _console().width)])
    _end(answer.rows, "no engagement satisfies all conditions")


@ije.command()
@click.argument("first", metavar="PERSON", shell_complete=_complete("people"))
@click.argument("second", metavar="PERSON", shell_complete=_complete("people"))
@_as_json
def between(first: str, second: str, as_json: bool) -> None:
    """List the engagements in which both persons took part, messages and plans included.

    Exit codes: 0 found, 1 nothing found, 2 no such person, or a name can mean several.
    """
    found = queries.between(first, second)
    if as_json:
        _print_json([encounter._asdict() for encounter in found])
    elif found:
        tables = lookup.Tables()
        offices = {office["office_id"]: office["title_en"] for office in tables["offices"]}
        one, other = (tables.label("people", part["person_id"]) for part in found[0][1:])
        from rich.text import Text

        from . import pages

        heading = Text(f"{one} and {other}", style="bold")
        table = pages.encounters_table(found, (one, other), offices, _console().width)
        _print([heading, "", table])
    _end(found, "the record holds no engagement of these two")


@ije.command()
@click.argument("mechanism", metavar="MECHANISM", shell_complete=_complete("mechanisms"))
@_as_json
def series(mechanism: str, as_json: bool) -> None:
    """List the sessions of a mechanism: numbers, dates, hosts, and the numbers that are not in the record.

    Exit codes: 0 found, 1 it has no sessions in the record, 2 no such mechanism, or a name can mean several.
    """
    found = queries.series(mechanism)
    if as_json:
        _print_json(found._asdict() | {"gaps": [gap._asdict() for gap in found.gaps]})
    elif found.sessions:
        from . import pages

        _print(pages.series_page(found, _console().width))
    _end(found.sessions, f"{found.mechanism['name_en']} has no sessions in this record")


@ije.command()
@click.option("--open", "open_", is_flag=True, help="Neither delivered nor abandoned nor superseded.")
@click.option("--overdue", is_flag=True, help="Open, and the whole of the deadline before this version's release date.")
@_code_option("commitments", "debtor", "Who owes it")
@_name_option("topic", "topics", "On what, the topics below it included.")
@_as_json
def commitments(open_: bool, overdue: bool, debtor: tuple[str, ...], topic: str | None, as_json: bool) -> None:
    """List what was promised, by whom, until when, and what became of it.

    Exit codes: 0 found, 1 nothing found, 2 no such topic or code.
    """
    rows = queries.commitments(open=open_, overdue=overdue, debtor=debtor, topic=topic)
    if as_json:
        _print_json(rows)
    elif rows:
        from . import pages

        _print([pages.commitments_table(rows, _console().width)])
    _end(rows, "no commitment satisfies all conditions")


@ije.command()
@click.argument("table", type=click.Choice([*package.tables(views=True), "all"]), metavar="TABLE|VIEW|all")
@click.option(
    "-o", "--output", "file", required=True, type=click.Path(dir_okay=False),
    help=f"The file to write; its ending says what: .{', .'.join(exporting.ENDINGS)}; "
    f"of all tables .{', .'.join(exporting.WHOLE)}.",
)  # fmt: skip
@click.option("--bom", is_flag=True, help="Begin a CSV file with a byte order mark, for spreadsheets.")
@click.option(
    "--nested", is_flag=True, help="With engagements: each with everything that hangs on it, as .json or .jsonl."
)
def export(table: TableName, file: str, bom: bool, nested: bool) -> None:
    """Write a table or view to a file, or all of them to one; `ije tables` lists them.

    Exit codes: 0 written, 2 it cannot be written.
    """
    rows = exporting.export(table, file, bom, nested)
    click.echo(f"wrote {rows:,} rows to {file}", err=True)


def _forms() -> tuple[Any, str, dict[str, Schema]]:
    """The forms, which need a YAML library, with the folder and schemas of the installed tables."""
    from . import forms

    schemas: dict[str, Schema] = {table: package.schema(table) for table in package.tables()}
    return forms, os.path.join(package.root(), "data"), schemas


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _before(directory: str | None) -> str:
    """Return the folder of a report's files as seen from the working directory; empty where it is not within that."""
    folder = os.path.relpath(directory or ".").replace(os.sep, "/")
    if os.path.basename(folder) == "data":  # a report names the files in data/ with it
        folder = os.path.dirname(folder)
    return "" if folder.partition("/")[0] in (".", "..") else folder


def _print(shown: Sequence[RenderableType]) -> None:
    """Print an answer, through the pager where there is a terminal that it does not fit on."""
    console = _console()
    with console.capture() as capture:
        console.print(*shown, sep="\n")
    # rich fills every line up to the width, which would wrap in a narrower window and clutter a file.
    text = re.sub(r" +((?:\x1b\[0m)?)$", r"\1", capture.get(), flags=re.MULTILINE)
    if sys.stdout.isatty() and text.count("\n") >= shutil.get_terminal_size().lines:
        click.echo_via_pager(text, color=True)
    else:
        click.echo(text, nl=False, color=console.is_terminal)


def _print_json(found: Any) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))


def _end(found: list[Any], nothing: str) -> None:
    if not found:
        click.echo(f"ije: {nothing}", err=True)
        click.get_current_context().exit(1)


def _engagement_object(found: records.Engagement) -> dict[str, Any]:
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


def _record_object(found: records.Record) -> dict[str, Any]:
    return {
        "table": found.table,
        "row": found.row,
        "names": found.names,
        "related": [
            {"table": table, "column": column, "rows": rows} for (table, column), rows in found.related.items()
        ],
        "evidence": [claim.evidence for claims in found.claims.values() for claim in claims],
        "sources": found.sources,
    }

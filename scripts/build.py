"""Write everything that is generated from metadata.toml, schemas/ and data/*.csv, or check that it is up to date.

    python scripts/build.py            write what has changed
    python scripts/build.py --check    write nothing; exit 1 and name every file that is stale

Exit code 2: it cannot run, for instance because an intake is at work.

Each file is written whole under another name and then put in its place, so a build that is killed leaves every file
as it was or as it should be; running it again completes the rest. Nothing depends on the clock, the machine or the
order of a set.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
import tomllib
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

import documents
import standing
from discovery import Dataset, doi_address
from india_japan_engagements import issues
from india_japan_engagements.codebook import codebook, limits, share
from india_japan_engagements.report import FORMS, STRUCTURE, text_of
from india_japan_engagements.rules import FAMILIES, all_rules
from india_japan_engagements.store import Locked, locked, replace
from india_japan_engagements.tableschema import Schema, view_schema
from india_japan_engagements.validation import frames, validate
from india_japan_engagements.views import VIEWS

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    check = parser.parse_args(arguments).check
    try:
        # An intake between reading and writing would be undone by what was read.
        with nullcontext() if check else locked(str(ROOT / "data")):
            return build(check)
    except (Locked, OSError, ValueError) as error:
        print(f"build: {error}", file=sys.stderr)
        return 2


def build(check: bool) -> int:
    report = validate(ROOT / "data", published=False)  # what is generated is written anew
    if not report.clean:
        print(report.text())
        print("nothing was written: what is built from broken rows would be broken too", file=sys.stderr)
        return 1
    contents = dict(generated())
    stale = [path for path, content in contents.items() if not holds(path, content)]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is stale; run: python scripts/build.py")
        else:
            replace(str(path), contents[path])
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if check and stale else 0


def holds(path: Path, content: bytes) -> bool:
    """Whether the file itself has this content; neither a link is followed nor a file of another size read."""
    plain = path.is_file() and not path.is_symlink()
    return plain and path.stat().st_size == len(content) and path.read_bytes() == content


def generated() -> Iterator[tuple[Path, bytes]]:
    """Yield every generated file with the bytes it should have; a table's CSV too, sorted and minimally quoted."""
    contents = dict(computed())
    yield from contents.items()
    yield from documents.answered(ROOT, contents)


def computed() -> Iterator[tuple[Path, bytes]]:
    """Yield every generated file but those that show what code answers, which needs all of these."""
    metadata = read_metadata()
    tables, schemas = frames(ROOT)
    written = tomllib.loads((ROOT / "schemas/views.toml").read_text(encoding="utf-8"))
    views: dict[str, Schema] = {}
    for name in metadata["views"]:
        views[name] = view_schema(name, written[name], schemas | views)  # a view may carry over from one before it
    for name, schema in views.items():
        yield (
            ROOT / f"schemas/views/{name}.json",
            (json.dumps(schema.spec, ensure_ascii=False, indent=2) + "\n").encode(),
        )
    yield ROOT / "src/india_japan_engagements/_names.py", names(metadata, schemas | views).encode()
    described: dict[str, tuple[pa.Table, str]] = {}
    for name, table in tables.items():
        described[name] = arrow(table, schemas[name], metadata), f"data/{name}"
    lazy = {name: nw.from_native(table.lazy()) for name, table in tables.items()}
    for name, schema in views.items():
        view = VIEWS[name](lazy, schemas).select(schema.names).collect()
        described[name] = arrow(view, schema, metadata), f"data/views/{name}"
    files: dict[str, bytes] = {}
    for table, stem in described.values():
        files[f"{stem}.csv"] = to_csv(table)
        files[f"{stem}.parquet"] = to_parquet(table)
    for name, content in files.items():
        yield ROOT / name, content
    yield ROOT / "datapackage.json", descriptor(metadata, schemas | views, described, files)
    rows = {name: table for name, (table, _) in described.items()}
    for name, content in Dataset(metadata, schemas | views, rows, files).generated():
        yield ROOT / name, content
    for kind in issues.KINDS:
        yield ROOT / f".github/ISSUE_TEMPLATE/{kind}.yml", issues.template(kind, schemas).encode()
    yield ROOT / "docs/rules.md", rules()
    listed = {name: table.to_pylist() for name, table in rows.items()}
    yield ROOT / "docs/codebook.md", codebooks(schemas | views, listed)
    codes = {field.name: field.enum or [] for field in (schemas | views)["coverage_matrix"].fields}
    yield ROOT / "docs/coverage.md", standing.coverage(listed, codes["level"], codes["kind"], metadata["release_date"])
    yield ROOT / "README.md", marked("README.md", standing.figures(listed))
    yield ROOT / "docs/datasheet.md", marked("docs/datasheet.md", standing.figures(listed))


def read_metadata() -> dict[str, Any]:
    return tomllib.loads((ROOT / "metadata.toml").read_text(encoding="utf-8"))


def names(metadata: dict[str, Any], schemas: dict[str, Schema]) -> str:
    """Return the module that says what a reader of rows has to know, so that no schema is read for it."""

    def listed(values: list[str], indent: str = "    ") -> str:
        return "".join(f'{indent}"{value}",\n' for value in values)

    tables, views = metadata["tables"], metadata["views"]
    typed = ""
    for name, schema in schemas.items():
        kinds = [f'        "{field.name}": "{field.type}",\n' for field in schema.fields if field.type != "string"]
        if kinds:
            typed += f'    "{name}": {{\n{"".join(kinds)}    }},\n'
    return (
        '"""The names of the tables and views, and which columns are not text. Generated by scripts/build.py."""\n\n'
        "from __future__ import annotations\n\n"
        "TYPE_CHECKING = False  # as type checkers know it; importing typing takes longer than all else of a load\n"
        "if TYPE_CHECKING:\n"
        "    from typing import Literal\n\n"
        f"    TableName = Literal[\n{listed(tables, ' ' * 8)}    ]\n"
        f"    ViewName = Literal[\n{listed(views, ' ' * 8)}    ]\n"
        "else:\n"
        "    TableName = ViewName = str\n\n"
        f"TABLES: tuple[TableName, ...] = (\n{listed(tables)})\n"
        f"VIEWS: tuple[ViewName, ...] = (\n{listed(views)})\n"
        f"TYPED: dict[TableName | ViewName, dict[str, str]] = {{\n{typed}}}\n"
    )


def arrow(table: pl.DataFrame, schema: Schema, metadata: dict[str, Any]) -> pa.Table:
    """Return the rows in the Arrow schema of the table, sorted by id if they have one."""
    facts = {key: str(metadata[key]) for key in ("name", "version")} | {"license": metadata["licenses"][0]["name"]}
    if schema.name not in VIEWS:
        table = table.sort(schema.key)
    target = schema.to_arrow(facts)
    columns = [table[field.name].to_arrow().cast(target.field(field.name).type) for field in schema.fields]
    return pa.Table.from_arrays(columns, schema=target)


def to_csv(table: pa.Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(zip(*([text_of(value) for value in column.to_pylist()] for column in table.columns), strict=True))
    return out.getvalue().encode()


def to_parquet(table: pa.Table) -> bytes:
    """Return Parquet that small and old readers can read: flat columns, Snappy."""
    out = pa.BufferOutputStream()
    pq.write_table(table, out, compression="snappy")
    return bytes(out.getvalue())


def descriptor(
    metadata: dict[str, Any],
    schemas: dict[str, Schema],
    described: dict[str, tuple[pa.Table, str]],
    files: dict[str, bytes],
) -> bytes:
    """Return the Data Package v2 descriptor.

    A Parquet resource is a file, without schema or bytes: as a table the stock validator would guess the types of its
    columns from the first rows, and reject good files where a later date is known to the month only.
    """
    resources: list[dict[str, Any]] = []
    for name, (table, stem) in described.items():
        content = files[f"{stem}.csv"]
        resources.append(
            {
                "name": name,
                "type": "table",
                "title": schemas[name].title,
                "description": schemas[name].description,
                "path": f"{stem}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": f"schemas/{stem.removeprefix('data/')}.json",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "rows": table.num_rows,
            }
        )
    for name, (_, stem) in described.items():
        content = files[f"{stem}.parquet"]
        resources.append(
            {
                "name": f"{name}-parquet",
                "title": f"{schemas[name].title} (Parquet)",
                "type": "file",
                "path": f"{stem}.parquet",
                "format": "parquet",
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            }
        )
    sources = described["sources"][0].select(["publisher"]).to_pydict()["publisher"]
    addresses = {"id": doi_address(metadata), "homepage": metadata["addresses"]["site"]}
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        **{key: address for key, address in addresses.items() if address},
        "name": metadata["name"],
        "version": metadata["version"],
        "title": metadata["title"],
        "description": metadata["description"],
        "keywords": metadata["keywords"],
        "licenses": metadata["licenses"],
        "contributors": metadata["contributors"],
        "sources": [{"title": publisher} for publisher in sorted(set(sources))],
        "resources": resources,
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def rules() -> bytes:
    """Return docs/rules.md: every code, what it checks and why, an example of each kind, and how it is reported."""
    registered = all_rules()
    families = {
        module: [rule for rule in registered.values() if rule.find.__module__.endswith(f".{module}")]
        for module in FAMILIES
    }
    lines = [
        "# Rules",
        "",
        "What `ije validate` checks. E is an error and blocks a release; W is a warning, to be mended or waived in",
        "`data/waivers.csv` with a reason; a waiver that nothing needs is an error too. Words in braces are taken from",
        "the row. Generated by `scripts/build.py` from the rules themselves.",
        "",
        f"{len(STRUCTURE) + len(registered)} checks of the tables, and {len(FORMS)} of forms.",
    ]
    for heading, checks in (("Form of the files", STRUCTURE), ("Forms, as `scripts/intake.py` takes them in", FORMS)):
        lines += ["", f"## {heading}", "", "| code | what must hold | wrong | right |", "| --- | --- | --- | --- |"]
        lines += [f"| {code} | {check.holds} | {check.bad} | {check.good} |" for code, check in sorted(checks.items())]
    for module, found in families.items():
        lines += ["", f"## {FAMILIES[module]}"]
        for rule in found:
            lines += [
                "",
                f"### {rule.code}",
                "",
                " ".join(rule.doc.split()),
                "",
                f"- Wrong: {rule.bad}.",
                f"- Right: {rule.good}.",
                f"- Says: {rule.message}.",
                f"- Asks: {rule.fix}.",
            ]
    return ("\n".join(lines) + "\n").encode()


def marked(document: str, figures: str) -> bytes:
    """Return a document with today's figures between the two marks that stand for them."""
    text = (ROOT / document).read_text(encoding="utf-8")
    before, start, rest = text.partition("<!-- figures -->")
    _, end, after = rest.partition("<!-- end of figures -->")
    if not end:
        raise ValueError(f"{document}: the marks <!-- figures --> and <!-- end of figures --> are not both there")
    return f"{before}{start}{figures}{end}{after}".encode()


def codebooks(schemas: dict[str, Schema], rows: dict[str, list[dict[str, Any]]]) -> bytes:
    """Return docs/codebook.md: every column of every table, linked along the keys."""
    books = [codebook(name, schemas, rows.__getitem__) for name in rows]
    lines = [
        "# Codebook",
        "",
        "What each column of each table means, which codes it may hold and in how many rows it does, and how much of",
        "it is empty: of all rows and, where rows belong to an engagement, by the decade in which that began (undated:",
        "the row names no engagement, or one without a date). Generated by `scripts/build.py` from schemas and data;",
        "`ije codebook` says the same at a terminal, and with `--json` as data.",
        "",
        "| table | rows | |",
        "| --- | ---: | --- |",
    ]
    lines += [f"| {_link(book['table'])} | {book['rows']['all']:,} | {_cell(book['description'])} |" for book in books]
    for book in books:
        whole = book["rows"]
        lines += [
            "",
            f"## {book['table']}",
            "",
            book["description"],
            "",
            f"| empty | {' | '.join(whole)} |",
            f"| --- |{' ---: |' * len(whole)}",
            f"| rows | {' | '.join(f'{count:,}' for count in whole.values())} |",
        ]
        for column in book["columns"]:
            link = _link(f"{book['table']}.{column['column']}", column["column"])
            shares = [share(count, whole[name]) for name, count in column["empty"].items()]
            lines.append(f"| {link} | {' | '.join(shares)} |")
        for column in book["columns"]:
            lines += [
                "",
                f"### {book['table']}.{column['column']}",
                "",
                column["definition"],
                "",
                f"- {limits(column)}",
            ]
            if column["pattern"]:
                lines.append(f"- pattern: `{column['pattern']}`")
            if column["refers_to"]:
                lines.append(f"- refers to {_link(column['refers_to'])}")
            if column["referred_to_by"]:
                lines.append("- referred to by " + ", ".join(_link(key) for key in column["referred_to_by"]))
            if column["example"]:
                lines.append(f"- example: `{column['example']}`")
            if column["codes"]:
                lines += ["", "| code | rows | meaning | example | not |", "| --- | ---: | --- | --- | --- |"]
            for code in column["codes"]:
                words = " | ".join(_cell(code[key] or "") for key in ("definition", "example", "not"))
                lines.append(f"| `{code['code']}` | {code['rows']:,} | {words} |")
    return ("\n".join(lines) + "\n").encode()


def _link(heading: str, text: str | None = None) -> str:
    """Return a link to the heading of a table or column, by the name GitHub gives it: without the full stop."""
    return f"[{text or heading}](#{heading.replace('.', '')})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())

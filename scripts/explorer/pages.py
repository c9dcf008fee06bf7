"""Every page and file of the site: which template makes it, of what."""

from __future__ import annotations

import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from india_japan_engagements._names import TableName, ViewName
from india_japan_engagements.citation import citation
from india_japan_engagements.codebook import codebook, limits, share
from india_japan_engagements.lookup import LABELS, Row, Tables
from india_japan_engagements.package import path as file_of
from india_japan_engagements.package import tables
from india_japan_engagements.records import chain
from india_japan_engagements.tableschema import Schema

from . import datafiles, drawings
from .sheets import BRIEF, SPEAKING, Sheets
from .wording import address, day, number, page, say, span

HERE = Path(__file__).parent
CHECKOUT = HERE.parent.parent

MARK = ".explorer"
"""The file by which a folder is known to be a site that may be written anew."""

NAVIGATION = [
    ("engagements/index.html", "Engagements"),
    ("timeline.html", "Timeline"),
    ("commitments/index.html", "Commitments"),
    ("met.html", "Who met whom"),
    ("mechanisms/index.html", "Mechanisms"),
    ("places/index.html", "Places"),
    ("charts.html", "Charts"),
]
FURTHER = [
    ("people/index.html", "People"),
    ("offices/index.html", "Offices"),
    ("agreements/index.html", "Agreements"),
    ("topics/index.html", "Topics"),
    ("host_events/index.html", "Host events"),
    ("sources/index.html", "Sources"),
    ("search.html", "Search"),
]
ABOUT = [
    ("methods/index.html", "Methods and quality"),
    ("codebook/index.html", "Codebook"),
    ("coverage.html", "What was searched"),
    ("data.html", "Data and citation"),
]

PROSE = {
    "methods/index.html": ("Methods and quality", "docs/quality.md"),
    "methods/coverage.html": ("What the record holds", "docs/coverage.md"),
    "methods/rules.html": ("Rules", "docs/rules.md"),
    "methods/contributing.html": ("Contributing", "CONTRIBUTING.md"),
    "methods/changelog.html": ("Changes", "CHANGELOG.md"),
}
"""Pages that are documents of the project, by where they lie in the site."""

LATEST = 10

File = tuple[str, Callable[[], str | bytes]]


class Item(NamedTuple):
    """One line of an index page."""

    href: str
    label: str
    language: str
    native: list[tuple[str, str]]
    facts: list[str]
    number: int | None


class Site:
    """All files of the site, from tables read once."""

    def __init__(self) -> None:
        """Read the tables and the templates."""
        self.tables = Tables()
        self.sheets = Sheets(self.tables)
        self.words = self.sheets.words
        self.timeline = self.tables["timeline"]
        self.dated = [row for row in self.timeline if row["start_date"]]
        self.documents = {name: path for name, (_, path) in PROSE.items() if (CHECKOUT / path).exists()}
        self.env = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.filters |= {
            "say": say, "day": day, "number": number, "share": share, "limits": limits, "address": address,
        }  # fmt: skip
        about = self.words.about
        self.env.globals["bearing"] = cache(self.env.get_template("bearing.html").module.bearing)  # type: ignore[attr-defined]
        self.env.globals |= {
            "about": about,
            "navigation": NAVIGATION,
            "further": FURTHER,
            "more": [
                *ABOUT[:1],
                *((name, PROSE[name][0]) for name in self.documents if name != ABOUT[0][0]),
                *ABOUT[1:],
            ],
            "plain_codes": SPEAKING,
            "page": page,
            "span": span,
            "words": self.words,
            "sheets": self.sheets,
            "citations": lambda title, row_id: [citation(about, form, title, row_id) for form in ("text", "bibtex")],
            "status_label": lambda status: datafiles.status_label(self.words, status),
        }

    def files(self) -> list[File]:
        """Return every file of the site by its path, and what makes it."""
        found = [*self._records(), *self._overviews(), *self._indices(), *self._documents(), *self._scripts()]
        for path, count in Counter(path for path, _ in found).items():
            if count > 1 or os.path.normpath(path) != path or path.startswith(("/", "..")):
                raise ValueError(f"{path} is no place for one page of its own; an id is wrong: run ije validate")
        return found

    def render(self, path: str, template: str, **context: Any) -> str:
        """Return a page; links in it are relative, so that it works wherever the site lies."""
        up = "../" * path.count("/")
        return self.env.get_template(template).render(path=path, up=up, **context)

    def _page(self, path: str, template: str, title: str, **context: Any) -> File:
        return path, lambda: self.render(path, template, title=title, **context)

    def _records(self) -> Iterator[File]:
        for table in LABELS:
            for row in self.tables[table]:
                path = page(table, row[next(iter(row))])
                yield path, partial(self._record, path, table, row)
        for retired in self.tables["redirects"]:
            if retired["table_name"] in LABELS:
                yield self._page(
                    page(retired["table_name"], retired["old_id"]), "redirect.html", "Moved", retired=retired
                )

    def _record(self, path: str, table: TableName, row: Row) -> str:
        context: dict[str, Any] = {}
        if table == "people":
            context["met"] = self._met(row["person_id"])
        if table == "mechanisms":
            context["strip"] = drawings.strip(self.sheets.series[row["mechanism_id"]])
        if table == "commitments":
            context["chain"] = chain(self.tables, row["commitment_id"])
        sheet = self.sheets.sheet(table, row)
        template = "engagement.html" if table == "engagements" else "record.html"
        return self.render(path, template, title=sheet.title, sheet=sheet, **context)

    def _met(self, person_id: str) -> list[tuple[str, list[Row]]]:
        """Return whom a person met, the most frequent first, and the meetings."""
        found: dict[str, list[Row]] = defaultdict(list)
        for own, other in (("person_ind_id", "person_jpn_id"), ("person_jpn_id", "person_ind_id")):
            for row in self.tables.by("encounters", own).get(person_id, []):
                if row[other]:
                    found[row[other]].append(row)
        return sorted(found.items(), key=lambda pair: (-_occasions(pair[1]), pair[0]))

    def _overviews(self) -> Iterator[File]:
        years = drawings.years_of(self.timeline)
        first, last = drawings.FIRST_YEAR, max([*years, self.words.about["release_date"].year])
        levels = {code: self.words.code("offices", "level", code) for code in self._codes("timeline", "level")}
        per_level = drawings.by_year(self.tables, "level", levels | {"": "No office known"}, "")
        spread = drawings.stacked(per_level, levels | {"": "No office known"}, first, last, "Other levels")
        planned = [row for row in self.timeline if row["status"] == "planned"]
        states = Counter(self.sheets.state(key) for key in self.sheets.tracked)
        yield self._page(
            "index.html",
            "front.html",
            self.words.about["title"],
            spread=spread,
            first=first,
            last=last,
            years=years,
            latest=datafiles.recent(self.timeline, LATEST),
            planned=planned[-5:],
            states=states,
            late=[row for row in self.sheets.tracked.values() if row["overdue"]][-5:],
            missing=self._missing(years, first, last),
        )
        facets = datafiles.timeline_facets(self.words)
        yield self._page(
            "engagements/index.html",
            "engagements.html",
            "Engagements",
            years=years,
            undated=[row for row in self.timeline if not row["start_date"]],
            latest=datafiles.recent(self.timeline, 50),
            facets=facets,
        )
        by_year = self._by_year()
        for year, rows in by_year.items():
            keys = [*by_year]
            at = keys.index(year)
            yield self._page(
                f"years/{year}.html",
                "year.html",
                f"Engagements of {year}" if year != "undated" else "Engagements without a date",
                rows=rows,
                before=keys[at - 1] if at else None,
                after=keys[at + 1] if at + 1 < len(keys) else None,
            )
        lanes = []
        for code, label in [*levels.items(), ("", "No office known")]:
            counts = {year: found[code] for year, found in per_level.items() if found[code]}
            if counts:
                lanes.append((label, counts))
        yield self._page("timeline.html", "timeline.html", "Timeline", lanes=lanes, first=first, last=last)
        yield self._tracker()
        yield self._page("met.html", "met.html", "Who met whom", **self._encounters())
        yield self._page(
            "places/index.html",
            "places.html",
            "Places",
            maps=drawings.maps(self.tables),
            places=self._tree("places", Counter(row["place_id"] for row in self.timeline)),
        )
        yield self._charts(first, last, levels, spread)

    def _tracker(self) -> File:
        updates = {
            key: sorted(rows, key=lambda row: row["observed_on"])
            for key, rows in self.tables.by("commitment_updates", "commitment_id").items()
        }
        lives, ticks = drawings.lives(self.tables["commitment_tracker"], updates)
        order = {"overdue": 0, "open": 1, "closed": 2}
        rows = sorted(
            self.sheets.tracked.values(),
            key=lambda row: (order[self.sheets.state(row["commitment_id"])], row["deadline"] or "9999"),
        )
        chains = {row["commitment_id"]: chain(self.tables, row["commitment_id"]) for row in rows}
        return self._page(
            "commitments/index.html",
            "tracker.html",
            "Commitments",
            rows=rows,
            chains={key: chain for key, chain in chains.items() if len(chain) > 1},
            lives={life.commitment_id: life for life in lives},
            ticks=ticks,
            updates=updates,
            positions=self.tables.order("commitment_tracker"),
            facets=datafiles.tracker_facets(self.words, self._states()),
        )

    def _states(self) -> dict[str, str]:
        return {key: self.sheets.state(key) for key in self.sheets.tracked}

    def _encounters(self) -> dict[str, Any]:
        """Return whom each met: a grid for the highest levels, and every pair."""
        pairs: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.tables["encounters"]:
            if row["person_ind_id"] and row["person_jpn_id"]:
                pairs[row["person_ind_id"], row["person_jpn_id"]].append(row)
        grids = []
        for code in self._codes("encounters", "level"):
            # Whoever acts in no office has no level; a private guest of a prime minister belongs to no grid.
            rows = [
                row
                for row in self.tables["encounters"]
                if row["level"] == code and row["office_ind_id"] and row["office_jpn_id"]
            ]
            cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
            for row in rows:
                if row["person_ind_id"] and row["person_jpn_id"]:
                    cells[row["person_ind_id"], row["person_jpn_id"]].append(row)
            indian = [*dict.fromkeys(one for one, _ in cells)]
            japanese = [*dict.fromkeys(other for _, other in cells)]
            counts = {pair: _occasions(met) for pair, met in cells.items()}
            # A grid of people most of whom met once says less than the list below it.
            if len(counts) > 2 and sum(counts.values()) >= 1.25 * len(counts):
                grids.append((self.words.code("offices", "level", code), indian, japanese, counts))
        listed: dict[str, list[tuple[str, list[Row]]]] = defaultdict(list)
        for (one, other), met in sorted(pairs.items(), key=lambda pair: (-_occasions(pair[1]), pair[0])):
            listed[one].append((other, met))
        order = sorted(listed, key=lambda one: (-sum(_occasions(met) for _, met in listed[one]), one))
        return {"grids": grids, "listed": {one: listed[one] for one in order}, "occasions": _occasions}

    def _charts(self, first: int, last: int, levels: dict[str, str], spread: drawings.Bars) -> File:
        kinds = {code: self.words.code("engagements", "kind", code) for code in self._codes("timeline", "kind")}
        since = min(drawings.years_of(self.timeline), default=first)
        topics = drawings.topics_by_year(self.tables)
        totals = {topic: sum(counts.values()) for topic, counts in topics.items()}
        small = [
            (
                topic,
                self.words.label("topics", topic),
                drawings.stacked(
                    {year: {"": count} for year, count in topics[topic].items()}, {"": "Engagements"}, since, last
                ),
            )
            for topic in sorted(totals, key=lambda topic: (-totals[topic], topic))
        ]
        tiers = {
            "A": "A: joint, or both sides' own",
            "B": "B: one side's own",
            "C": "C: wire or paper of record",
            "D": "D: other",
        }
        return self._page(
            "charts.html",
            "charts.html",
            "Charts",
            by_level=spread,
            by_kind=drawings.stacked(
                drawings.by_year(self.tables, "kind", kinds, ""), kinds, since, last, "Other kinds"
            ),
            by_tier=drawings.stacked(drawings.by_year(self.tables, "tier", tiers, ""), tiers, since, last),
            topics=small,
            first=first,
            since=since,
            last=last,
        )

    def _missing(self, years: Counter[int], first: int, last: int) -> dict[str, Any]:
        """Return what the record is known to lack, counted."""
        empty = [year for year in range(first, last + 1) if not years[year]]
        series = [found for found in self.sheets.series.values() if found.gaps]
        sources = self.tables["sources"]
        return {
            "years": _runs(empty),
            "gaps": sum(gap.last - gap.first + 1 for found in series for gap in found.gaps),
            "series": len(series),
            "sought": Counter(row["result"] for row in self.tables["coverage"]),
            "openings": sum(row["read_extent"] == "opening" for row in sources),
            "sources": len(sources),
            "single": sum(row["review_status"] == "single_coded" for row in self.timeline),
        }

    def _indices(self) -> Iterator[File]:
        took_part = Counter(part["person_id"] for part in self.tables["participations"])
        acted = Counter(part["office_id"] for part in self.tables["participations"])
        around = Counter(row["host_event_id"] for row in self.timeline)
        bearing = Counter(claim["source_id"] for claim in self.tables["evidence"])
        groups: list[tuple[TableName, str, str, Callable[[Row], str], Counter[Any], str]] = [
            ("people", "People", "engagements", lambda row: self.words.country(row["country"]), took_part, "country"),
            ("offices", "Offices", "participations", lambda row: self.words.country(row["country"]), acted, "country"),
            ("agreements", "Agreements", "", lambda row: (row["signed_on"] or "no date")[:4], Counter(), "year"),
            ("host_events", "Host events", "engagements", lambda row: row["start_date"][:4], around, "year"),
            ("sources", "Sources", "claims", lambda row: row["publisher"], bearing, "publisher"),
        ]
        for table, title, counted, group, counts, by in groups:
            listed: dict[str, list[Item]] = defaultdict(list)
            for key, row in self.tables.by_id(table).items():
                listed[group(row)].append(self._item(table, row, counts[key] if counted else None))
            keys = sorted(listed, key=lambda key: (key not in ("India", "Japan"), key.casefold()))
            if by == "year":
                keys = sorted(listed, reverse=True)
            yield self._page(
                f"{table}/index.html",
                "index.html",
                title,
                description=self.tables.schema(table).description,
                groups=[(key, sorted(listed[key], key=lambda item: (-(item.number or 0), item.label))) for key in keys],
                counted=counted,
                total=len(self.tables[table]),
            )
        taken = Counter(item["topic_id"] for item in self.tables["agenda"])
        yield self._page(
            "topics/index.html",
            "topics.html",
            "Topics",
            description=self.tables.schema("topics").description,
            tree=self._tree("topics", taken),
        )
        strips = [(found, drawings.strip(found)) for found in self.sheets.series.values()]
        strips.sort(key=lambda pair: (-len(pair[0].sessions), pair[0].mechanism["mechanism_id"]))
        yield self._page(
            "mechanisms/index.html",
            "mechanisms.html",
            "Mechanisms",
            description=self.tables.schema("mechanisms").description,
            strips=[pair for pair in strips if pair[0].sessions],
            others=[self._item("mechanisms", found.mechanism, None) for found, fields in strips if not found.sessions],
        )

    def _item(self, table: TableName, row: Row, count: int | None) -> Item:
        key = row[next(iter(row))]
        cells = self.words.cells(table, row, only=BRIEF.get(table, ("",)))
        facts = [cell.text for cell in cells if cell.name not in ("country", "publisher")]
        if when := row.get("signed_on") or row.get("start_date") or row.get("published_on"):
            facts.insert(0, day(when))
        language = row.get("language") or ""
        return Item(page(table, key), row[LABELS[table]], language, self.words.native(table, row), facts, count)

    def _tree(self, table: TableName, counts: Counter[Any]) -> list[tuple[Item, list[Any]]]:
        """Return a tree of items, each with those below it."""
        below: dict[str | None, list[Row]] = defaultdict(list)
        for row in self.tables[table]:
            below[row["parent_id"]].append(row)

        def grown(parent: str | None) -> list[tuple[Item, list[Any]]]:
            rows = sorted(below.get(parent, []), key=lambda row: row[LABELS[table]])
            return [(self._item(table, row, counts[row[next(iter(row))]]), grown(row[next(iter(row))])) for row in rows]

        return grown(None)

    def _documents(self) -> Iterator[File]:
        names = tables(views=True)
        schemas: dict[str, Schema] = {name: self.tables.schema(name) for name in names}
        rows: Callable[[Any], list[Row]] = self.tables.__getitem__
        books = [codebook(name, schemas, rows) for name in names]
        yield self._page("codebook/index.html", "codebooks.html", "Codebook", books=books)
        for book in books:
            yield self._page(f"codebook/{book['table']}.html", "codebook.html", f"Codebook: {book['table']}", book=book)
        markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
        for path, source in self.documents.items():
            text = (CHECKOUT / source).read_text(encoding="utf-8")
            yield self._page(path, "prose.html", PROSE[path][0], body=_prose(markdown, text))
        yield self._page(
            "coverage.html",
            "coverage.html",
            "What was searched",
            rows=sorted(self.tables["coverage"], key=lambda row: (row["period_start"], row["coverage_id"])),
            schema=self.tables.schema("coverage"),
        )
        yield self._page("data.html", "data.html", "Data and citation", books=books)
        yield self._page("search.html", "search.html", "Search")

    def _scripts(self) -> Iterator[File]:
        for file in sorted((HERE / "assets").iterdir()):
            yield f"assets/{file.name}", file.read_bytes
        yield "assets/search-data.js", lambda: datafiles.script("search", datafiles.search_index(self.words))
        yield (
            "assets/engagements-data.js",
            lambda: datafiles.script(
                "table",
                datafiles.table_data(
                    self.words,
                    "timeline",
                    datafiles.timeline_facets(self.words),
                    ("start_date_earliest", "end_date_latest"),
                ),
            ),
        )
        yield (
            "assets/commitments-data.js",
            lambda: datafiles.script(
                "table",
                datafiles.table_data(
                    self.words,
                    "commitment_tracker",
                    datafiles.tracker_facets(self.words, self._states()),
                    ("made_on", "made_on"),
                ),
            ),
        )
        for name in tables(views=True):
            yield f"data/{name}.csv", Path(file_of(name, "csv")).read_bytes
            yield f"data/{name}.parquet", Path(file_of(name)).read_bytes

    def _by_year(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.timeline:
            found.setdefault(row["start_date"][:4] if row["start_date"] else "undated", []).append(row)
        return found

    def _codes(self, view: ViewName, column: str) -> list[str]:
        """Return the codes of a column that its rows hold, in the order of the schema."""
        held = {row[column] for row in self.tables[view]}
        return [code for code in self.tables.schema(view)[column].enum or [] if code in held]


def write(out: Path, watch: Callable[[list[File]], Iterable[File]] = iter) -> int:
    """Write the site to the folder ``out`` in place of the one that is there; return how many files it has.

    Args:
        out: an empty or new folder, or one that holds such a site.
        watch: passes the files on, one by one, and may show how far it has got.

    Raises:
        FileExistsError: the folder holds something else.
        ValueError: an id would lead out of the folder, or to the page of another row.
    """
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise FileExistsError(f"{out} holds something that is not this site; name another folder, or empty it")
    files = Site().files()
    new = out.with_name(f".{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    for folder in {os.path.dirname(path) for path, _ in files}:
        (new / folder).mkdir(parents=True, exist_ok=True)
    for path, made in watch(files):
        content = made()
        with open(new / path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
    (new / MARK).touch()
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)
    return len(files)


def _occasions(met: list[Row]) -> int:
    """Return on how many occasions two persons met, in person or not."""
    return len({row["occasion_id"] for row in met})


def _runs(years: list[int]) -> list[str]:
    """Return years as runs: ``1947–2013``."""
    found: list[list[int]] = []
    for year in years:
        if found and found[-1][-1] == year - 1:
            found[-1].append(year)
        else:
            found.append([year])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in found]


def _prose(markdown: MarkdownIt, text: str) -> Markup:
    """Return a document as HTML: links to other files of the project lead nowhere here, and are left as text."""
    tokens = markdown.parse(text)
    for token in tokens:
        if token.attrs.pop("style", None):  # columns of numbers; the policy allows no style but the sheet's
            token.attrs["class"] = "figure"
        inline = token.children or []
        for opening, closing in _links(inline):
            target = str(inline[opening].attrs.get("href", ""))
            if address(target):
                inline[opening].attrs |= {"rel": "external noopener noreferrer"}
            else:
                inline[opening].tag = inline[closing].tag = "span"
                inline[opening].attrs.clear()
    html: str = markdown.renderer.render(tokens, markdown.options, {})
    # A table wider than the window scrolls by itself, by keyboard too.
    scrolling = '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>'
    return Markup(html.replace("<table>", scrolling).replace("</table>", "</table></div>"))


def _links(inline: list[Any]) -> Iterator[tuple[int, int]]:
    opening = 0
    for position, token in enumerate(inline):
        if token.type == "link_open":
            opening = position
        elif token.type == "link_close":
            yield opening, position

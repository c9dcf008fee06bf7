"""The explorer: complete without scripts, quick with them, safe with any data, and at home on any screen."""

from __future__ import annotations

import csv
import functools
import http.server
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT

pytestmark = pytest.mark.site

sys.path.insert(0, str(ROOT / "scripts"))
TOOLS = ROOT / "build/site-tools/node_modules"
SHOTS = ROOT / "build/site-shots"

PHONE, SMALL, DESK, WALL = (390, 844), (360, 640), (1440, 900), (2560, 1440)

KINDS = {
    "front": "index.html",
    "engagement": "engagements/modi-takaichi-johannesburg-2025.html",
    "commitment": "commitments/investment-jpy-10-trillion-2025.html",
    "agreement": "agreements/joint-vision-next-decade-2025.html",
    "person": "people/toshimitsu-motegi.html",
    "office": "offices/prime-minister-japan.html",
    "mechanism": "mechanisms/foreign-ministers-strategic-dialogue.html",
    "host event": "host_events/g20-johannesburg-2025.html",
    "place": "places/delhi.html",
    "topic": "topics/critical-minerals.html",
    "source": "sources/mgmm-modi-takaichi-2025.html",
    "engagements": "engagements/index.html",
    "year": "years/2026.html",
    "timeline": "timeline.html",
    "tracker": "commitments/index.html",
    "who met whom": "met.html",
    "mechanisms": "mechanisms/index.html",
    "places": "places/index.html",
    "topics": "topics/index.html",
    "people": "people/index.html",
    "sources": "sources/index.html",
    "charts": "charts.html",
    "search": "search.html?q=takaichi",
    "codebook": "codebook/index.html",
    "codebook of a table": "codebook/engagements.html",
    "methods": "methods/index.html",
    "rules": "methods/rules.html",
    "coverage": "coverage.html",
    "data": "data.html",
}


@pytest.fixture(scope="session")
def build() -> Callable[[Path, Path], Path]:
    """Return what builds the site of a package into a folder."""
    from explorer.pages import write

    def built(package: Path, out: Path) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("india_japan_engagements.package.root", lambda: str(package))
            write(out)
        return out

    return built


@pytest.fixture(scope="session")
def site(build: Callable[[Path, Path], Path], frozen_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(frozen_package, tmp_path_factory.mktemp("built") / "site")


@pytest.fixture
def package(frozen_package: Path, tmp_path: Path) -> Path:
    """Return a copy of the frozen package, to be spoilt."""
    shutil.copytree(frozen_package, tmp_path / "package")
    return tmp_path / "package"


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "there is no Chromium; install it (apt-get install chromium) or name one in CHROMIUM"
    arguments = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Visit:
    """A page in a browser that remembers what it said and asked for."""

    def __init__(self, browser, base: str, size: tuple[int, int] = DESK, scheme: str = "light", scripts: bool = True):
        self.base, self.said, self.asked = base, [], []
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(120_000)  # a busy machine is no fault of the site
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, path: str):
        self.page.goto(f"{self.base}/{path}")
        self.page.wait_for_load_state("load")
        if path.startswith("search.html?q="):
            self.page.wait_for_selector("#results li")
        return self.page


@pytest.fixture
def visit(chromium, site: Path) -> Iterator[Callable[..., Visit]]:
    """Open visits to the site on the disk; in the end none may have complained or asked for anything elsewhere."""
    made: list[Visit] = []

    def start(base: str | None = None, **how: object) -> Visit:
        made.append(Visit(chromium, base or site.as_uri(), **how))
        return made[-1]

    yield start
    for one in made:
        one.context.close()
        assert one.said == []
        assert [url for url in one.asked if not url.startswith((one.base, "blob:"))] == []


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """Serve the site from a folder of a web server, not from its root."""
    folder = site.parent

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{site.name}"
    server.shutdown()


class Page(HTMLParser):
    """The links, ids and text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.ids: set[str] = set()
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        self.links += [link for name in ("href", "src", "action") if (link := found.get(name))]
        if found.get("id"):
            self.ids.add(found["id"])

    def handle_data(self, data: str) -> None:
        self.text += data


def pages(site: Path) -> dict[str, Page]:
    return {str(path.relative_to(site)): Page(path) for path in site.rglob("*.html")}


def broken_links(site: Path) -> list[str]:
    found = pages(site)
    wrong = []
    for name, page in found.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme in ("https", "http", "mailto"):
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(name), unquote(parts.path))) if parts.path else name
            fragment = unquote(parts.fragment)
            missing_part = fragment and "=" not in fragment and target in found and fragment not in found[target].ids
            if parts.scheme or not (site / target).is_file() or missing_part:
                wrong.append(f"{name}: {link}")
    return wrong


def axe(page) -> list[str]:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate((TOOLS / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]} ({len(one['nodes'])})" for one in found["violations"]]


def test_every_row_has_its_page_and_every_claim_stands_there_beside_its_source(site: Path, record: Path) -> None:
    import india_japan_engagements as ije
    from explorer.sheets import Sheets
    from india_japan_engagements.lookup import LABELS, Tables

    found = pages(site)
    rows = {table: ije.load(table, as_="rows") for table in LABELS}
    assert [f"{table}/{next(iter(row.values()))}.html" for table in LABELS for row in rows[table]] == [
        name for table in LABELS for row in rows[table] if (name := f"{table}/{next(iter(row.values()))}.html") in found
    ]
    missing = []
    sheets = Sheets(Tables())
    for claim in ije.load("evidence", as_="rows"):
        name, _, part = sheets.home(claim["table_name"], claim["row_id"])[0].partition("#")
        if f"../sources/{claim['source_id']}.html" not in found[name].links or (part and part not in found[name].ids):
            missing.append(claim["evidence_id"])
        source = found[f"sources/{claim['source_id']}.html"]
        if claim["locator"] and claim["locator"] not in source.text:
            missing.append(claim["evidence_id"])
    assert missing == []


def test_an_engagement_is_told_whole_without_scripts(visit: Callable[..., Visit]) -> None:
    page = visit(scripts=False).open(KINDS["engagement"])
    text = page.inner_text("main")
    for said in (
        "Modi and Takaichi meet on the margins of the G20 Summit",
        "日印首脳会談",
        "23 Nov 2025",
        "35 minutes",
        "Sanae Takaichi",
        "高市早苗",
        "साने ताकाइची",
        "Prime Minister of Japan",
        "Artificial intelligence",
        "Where sources disagree",
        "first interaction",
        "modi-takaichi-johannesburg-2025",
        "Report an error",
    ):
        assert said in text
    assert page.locator("form.filters:visible, #controls:visible").count() == 0
    assert page.locator('span[lang="ja"]', has_text="高市早苗").first.is_visible()


def test_contradictions_stand_side_by_side(visit: Callable[..., Visit]) -> None:
    page = visit().open(KINDS["engagement"])
    heading = page.locator(".disputes h3", has_text="Raised by")
    sides = heading.locator("xpath=following-sibling::div[1]").locator(".claim")
    assert sides.all_inner_texts() == ["Both", "India"]
    boxes = [side.bounding_box() for side in sides.all()]
    assert boxes[0]["y"] == boxes[1]["y"]


def test_a_series_leads_to_its_neighbours_and_shows_its_gaps(visit: Callable[..., Visit]) -> None:
    page = visit().open("engagements/strategic-dialogue-18-delhi-2026.html")
    assert page.locator('a[rel="prev"]').get_attribute("href").endswith("strategic-dialogue-12-delhi-2019.html")
    page = visit().open(KINDS["mechanism"])
    fields = [" ".join(text.split()) for text in page.locator(".strip li").all_inner_texts()]
    assert [field.partition(":")[0].strip() for field in fields] == [
        "1–11 none found",
        "12 2019",
        "13–17 none found",
        "18 2026",
    ]


def test_an_entry_can_be_cited_and_reported_with_its_id_and_version(visit: Callable[..., Visit], record: Path) -> None:
    import india_japan_engagements as ije

    page = visit().open(KINDS["engagement"])
    version = ije.metadata()["version"]
    cited = page.locator(".colophon dd.copy").inner_text()
    assert "“Modi and Takaichi meet on the margins of the G20 Summit” [modi-takaichi-johannesburg-2025]" in cited
    assert f"(version {version})" in cited
    assert (
        f"@misc{{india-japan-engagements-{version}-modi-takaichi-johannesburg-2025,"
        in page.locator("pre").text_content()
    )
    report = unquote(page.locator("a.button").get_attribute("href"))
    assert f"Version: {version}\nTable: engagements\nRow: modi-takaichi-johannesburg-2025" in report


def test_the_form_for_errors_is_the_one_metadata_names(record: Path) -> None:
    from explorer.wording import Wording
    from india_japan_engagements.lookup import Tables

    words = Wording(Tables())
    words.about = words.about | {"addresses": {"repository": "https://example.org/ije"}}
    address = urlsplit(words.report("people", "narendra-modi"))
    assert (address.netloc, address.path) == ("example.org", "/ije/issues/new")
    version = words.about["version"]
    assert address.query == (
        f"template=correction.yml&title=Correction+of+narendra-modi&table=people&row=narendra-modi&version={version}"
    )


def test_every_internal_link_resolves(site: Path) -> None:
    assert broken_links(site) == []


def test_the_site_of_todays_record_builds_and_every_internal_link_resolves(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts/site.py"), "--out", str(tmp_path / "site")],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert re.fullmatch(r"wrote [\d,]+ files, \d+ MB, to .+ in \d+ s\n", run.stdout)
    assert broken_links(tmp_path / "site") == []


def test_every_page_is_valid(site: Path) -> None:
    command = [
        "node", str(TOOLS / "html-validate/bin/html-validate.mjs"), "--config", str(ROOT / "tests/site/htmlvalidate.json"),
        "--formatter", "text", str(site),
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout + run.stderr) == (0, "")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible_and_fits(visit: Callable[..., Visit], size, scheme: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    one = visit(size=size, scheme=scheme)
    wrong = {}
    for kind, path in KINDS.items():
        page = one.open(path)
        violations = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            violations.append("wider than the window")
        if page.locator("main h1").count() != 1:
            violations.append("not one heading of the first level")
        if violations:
            wrong[kind] = violations
        page.screenshot(path=SHOTS / f"{kind.replace(' ', '-')}-{size[0]}-{scheme}.png")
    assert wrong == {}


@pytest.mark.parametrize("size", [SMALL, WALL], ids=["360", "2560"])
def test_no_page_is_wider_than_the_smallest_or_the_largest_window(visit: Callable[..., Visit], size) -> None:
    one = visit(size=size)
    wide = [
        kind
        for kind, path in KINDS.items()
        if one.open(path).evaluate("document.documentElement.scrollWidth > innerWidth")
    ]
    assert wide == []


def test_each_page_forbids_what_is_not_its_own(site: Path) -> None:
    for name, page in pages(site).items():
        (policy,) = [found["content"] for _, found in page.elements if found.get("http-equiv")]
        assert policy == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
        )
        scripts = [found for tag, found in page.elements if tag == "script"]
        assert all(found.get("src") for found in scripts), name
        assert not [tag for tag, found in page.elements if tag == "style" or "style" in found], name
        for tag, found in page.elements:
            assert not [key for key in found if key.startswith("on")], name
            if tag == "a" and (found.get("href") or "").startswith("http"):
                assert {"external", "noopener", "noreferrer"} <= {*(found["rel"] or "").split()}, name


def test_it_works_from_a_folder_of_a_server(visit: Callable[..., Visit], served: str) -> None:
    page = visit(served).open("index.html")
    page.fill("#q", "Motegi")
    page.locator("#results a", has_text="Toshimitsu Motegi").first.click()
    page.wait_for_url("**/people/toshimitsu-motegi.html")
    page.locator("header a", has_text="Timeline").click()
    page.wait_for_selector("#stage .mark")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Takaichi", "Sanae Takaichi"),
        ("高市早苗", "Sanae Takaichi"),
        ("高市", "Sanae Takaichi"),
        ("ताकाइची", "Sanae Takaichi"),
        ("Takaichii", "Sanae Takaichi"),
        ("jaishanker", "S. Jaishankar"),
        ("Modiji", "Narendra Modi"),
        ("high speed rail", "High-speed rail"),
        ("strategic dialogue foreign ministers", "India-Japan Foreign Ministers' Strategic Dialogue"),
        ("delhi", "Delhi"),
    ],
)
def test_search_finds_names_in_three_scripts_aliases_and_misspellings(visit, asked: str, first: str) -> None:
    page = visit().open("search.html")
    page.fill("#q", asked)
    page.wait_for_selector("#results li")
    assert page.locator("#results li a").first.inner_text() == first


def test_search_is_reached_from_any_page_and_needs_no_script_there(visit: Callable[..., Visit]) -> None:
    one = visit()
    page = one.open(KINDS["person"])
    assert page.locator("script").count() == 0
    page.fill("#quick", "高市")
    page.press("#quick", "Enter")
    page.wait_for_selector("#results li")
    assert page.locator("#results li a").first.inner_text() == "Sanae Takaichi"


def test_search_says_what_a_word_was_taken_for_and_what_is_found_nowhere(visit: Callable[..., Visit]) -> None:
    page = visit().open("search.html?q=jaishanker")
    assert "“jaishanker” was taken for jaishankar." in page.inner_text("#results [role=status]")
    page.fill("#q", "xylophone")
    page.wait_for_function("document.querySelector('#results').textContent.includes('Nothing found')")
    assert "“xylophone” is found nowhere." in page.inner_text("#results")


def test_search_and_library_find_the_same_engagements(visit: Callable[..., Visit], record: Path) -> None:
    import india_japan_engagements as ije

    page = visit().open("search.html")
    for text in ("Takaichi", "critical minerals", "茂木", "Gandhi flowers", "Kuala Lumpur"):
        found = page.evaluate("text => IJE.find(text)", text)
        engagements = {row[1] for row in found if row[0] == 0}
        assert engagements == {row["engagement_id"] for row in ije.find(text)}, text


def test_the_record_is_found_by_keyboard_alone(visit: Callable[..., Visit]) -> None:
    page = visit().open("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("Motegi Modi 2026")
    page.wait_for_selector("#results li")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('li') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("ArrowDown")
    target = page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    page.wait_for_url(target)


def status(page) -> str:
    return page.inner_text("#status")


def test_filters_count_stand_in_the_address_and_open_from_it(visit: Callable[..., Visit]) -> None:
    page = visit().open("engagements/index.html")
    assert status(page) == "21 of 21 engagements"
    page.locator("summary", has_text="Kind").click()
    page.get_by_label("Dialogue").check()
    assert status(page) == "8 of 21 engagements"
    page.fill("#filter-from", "2025")
    page.select_option("#filter-person", "s-jaishankar")
    assert page.evaluate("location.hash") == "#person=s-jaishankar&kind=dialogue&from=2025"
    shown = page.locator("#rows tbody a").all_inner_texts()
    assert shown == ["18th Foreign Ministers' Strategic Dialogue"]
    again = visit().open("engagements/index.html#person=s-jaishankar&kind=dialogue&from=2025")
    assert again.locator("#rows tbody a").all_inner_texts() == shown
    assert again.locator("#filter-from").input_value() == "2025"
    again.get_by_role("button", name="Remove the filter Kind: Dialogue").click()
    assert again.evaluate("location.hash") == "#person=s-jaishankar&from=2025"
    again.get_by_role("button", name="Clear all").click()
    assert status(again) == "21 of 21 engagements"


def test_a_count_beside_an_option_is_what_choosing_it_leaves(visit: Callable[..., Visit]) -> None:
    page = visit().open("engagements/index.html#level=foreign_minister")
    boxes = page.locator('fieldset[data-facet="kind"] label')
    page.locator("summary", has_text="Kind").click()
    for at in range(boxes.count()):
        count = boxes.nth(at).locator(".count").inner_text()
        boxes.nth(at).locator("input").check()
        assert status(page) == f"{count} of 21 engagements"
        boxes.nth(at).locator("input").uncheck()


def test_two_persons_are_those_who_met(visit: Callable[..., Visit], record: Path) -> None:
    import india_japan_engagements as ije

    page = visit().open("engagements/index.html#person=narendra-modi,sanae-takaichi&sort=old")
    shown = [link.get_attribute("href") for link in page.locator("#rows tbody a").all()]
    assert shown == [f"{met.engagement['engagement_id']}.html" for met in ije.between("Modi", "Takaichi")]


@pytest.mark.parametrize(("since", "until"), [("2025-08", "2025-08"), ("2019-11-15", "2019-11-15"), ("2026-03-01", "")])
def test_dates_known_in_part_are_found_where_they_can_fit(visit, record: Path, since: str, until: str) -> None:
    import india_japan_engagements as ije

    page = visit().open(f"engagements/index.html#from={since}&to={until}&sort=old")
    shown = [link.get_attribute("href") for link in page.locator("#rows tbody a").all()]
    assert shown == [f"{row['engagement_id']}.html" for row in ije.find(since=since, until=until or None)]


def test_what_is_shown_is_downloaded_with_every_column(visit: Callable[..., Visit], record: Path) -> None:
    import india_japan_engagements as ije

    page = visit().open("engagements/index.html#kind=call_on,message")
    with page.expect_download() as download:
        page.click("#download")
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    with open(ije.path("timeline", "csv"), encoding="utf-8", newline="") as file:
        whole = [row for row in csv.DictReader(file) if row["kind"] in ("call_on", "message")]
    assert len(rows) == 3
    assert sorted(rows, key=lambda row: row["engagement_id"]) == sorted(whole, key=lambda row: row["engagement_id"])


def test_the_tracker_filters_by_state_and_shows_chains_and_updates(visit: Callable[..., Visit], record: Path) -> None:
    import india_japan_engagements as ije

    page = visit().open("commitments/index.html#state=overdue")
    shown = {one.get_attribute("id") for one in page.locator("#promises > li:visible").all()}
    assert shown == {row["commitment_id"] for row in ije.commitments(overdue=True)}
    page = visit(scripts=False).open("commitments/index.html")
    assert page.locator("#promises > li:visible").count() == 9
    update = page.locator("#convene-economic-security-dialogue-2 .became").inner_text()
    assert "22 Nov 2026" in update


def test_a_chain_of_commitments_is_drawn_from_first_to_last(build, visit, package: Path, tmp_path: Path) -> None:
    for name, column in (("commitments.csv", "supersedes_id"), ("views/commitment_tracker.csv", "predecessor_id")):
        change(
            package / "data" / name, "launch-private-sector-dialogue-2026", {column: "investment-jpy-10-trillion-2025"}
        )
    page = visit(build(package, tmp_path / "site").as_uri()).open("commitments/investment-jpy-10-trillion-2025.html")
    chain = [link.get_attribute("href") for link in page.locator(".chain a").all()]
    assert chain == [
        "../commitments/investment-jpy-10-trillion-2025.html",
        "../commitments/launch-private-sector-dialogue-2026.html",
    ]


def test_the_timeline_reaches_from_1947_zooms_and_lists_what_is_in_view(visit: Callable[..., Visit]) -> None:
    page = visit().open("timeline.html")
    assert status(page).startswith("21 engagements from 1 Jan 1947 to ")
    assert page.locator("#stage .mark").count() == 21
    page.focus("#stage")
    for _ in range(12):
        page.keyboard.press("+")
    assert int(status(page).split()[0]) < 21
    before = page.evaluate("location.hash")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("location.hash") != before
    page = visit().open("timeline.html#from=2025-10-01&to=2025-11-30&lanes=kind&kind=talks")
    assert status(page) == "3 engagements from 1 Oct 2025 to 30 Nov 2025"
    assert page.locator("#listed a").all_inner_texts()[0] == "Modi and Takaichi meet on the margins of the G20 Summit"
    assert page.locator("#stage .lane-name").all_text_contents() == ["Talks · 3"]
    assert visit(scripts=False).open("timeline.html").locator("table.heat a").count() > 3


def test_pictures_carry_their_numbers(visit: Callable[..., Visit], record: Path) -> None:
    import india_japan_engagements as ije

    page = visit(scripts=False).open("charts.html")
    for summary in page.locator("#by-level summary").all():
        summary.click()
    cells = page.locator("#by-level tbody td").all_inner_texts()
    dated = [row for row in ije.load("timeline", as_="rows") if row["start_date"]]
    assert sum(int(cell) for cell in cells if cell.strip()) == len(dated)
    assert all(one.get_attribute("aria-label") for one in page.locator("svg.plot").all())
    assert page.locator("path").count() == 0
    assert visit().open("places/index.html").locator(".map path, .map polygon").count() == 0


def change(path: Path, row_id: str, cells: dict[str, str]) -> None:
    """Change cells of a row of a CSV file."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = [row for row in rows if row_id == next(iter(row.values()))]
    assert {*cells} <= {*row}
    row.update(cells)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


MARKUP = "</script></title><img src=x onerror=\"document.title='owned'\"><b id='owned'>'&amp;"


def test_markup_in_the_data_is_text_everywhere(build, visit, package: Path, tmp_path: Path) -> None:
    key = "modi-takaichi-johannesburg-2025"
    for name in ("engagements.csv", "views/timeline.csv"):
        change(package / "data" / name, key, {"title_en": MARKUP, "summary_en": MARKUP})
    change(package / "data/views/timeline.csv", key, {"principals_ind": MARKUP})
    change(package / "data/people.csv", "sanae-takaichi", {"name_en": MARKUP, "name_ja": "高市<i>"})
    change(
        package / "data/sources.csv",
        "mgmm-modi-takaichi-2025",
        {"url": "javascript:document.title='owned'", "publisher": MARKUP},
    )
    change(package / "data/commitments.csv", "investment-jpy-10-trillion-2025", {"statement_en": MARKUP})
    change(package / "data/views/commitment_tracker.csv", "investment-jpy-10-trillion-2025", {"statement_en": MARKUP})
    site = build(package, tmp_path / "site")
    one = visit(site.as_uri())
    for path in (
        f"engagements/{key}.html", "people/sanae-takaichi.html", "sources/mgmm-modi-takaichi-2025.html",
        "commitments/investment-jpy-10-trillion-2025.html", "index.html", "years/2025.html", "met.html",
        "engagements/index.html", "timeline.html", "commitments/index.html", "search.html?q=owned",
    ):  # fmt: skip
        page = one.open(path)
        assert page.locator("#owned, img").count() == 0, path
        assert "owned" in page.locator("body").text_content(), path
        assert page.title() != "owned", path
        assert page.locator('a[href^="javascript"]').count() == 0, path
    assert broken_links(site) == []


def test_a_new_column_appears_without_a_template(build, visit, package: Path, tmp_path: Path) -> None:
    codes = [{"value": "rain", "label": "Pouring rain", "definition": "It rained."}]
    weather = {
        "name": "weather", "title": "Weather", "type": "string", "description": "What the sky did.",
        "constraints": {"enum": ["rain", "sun"]}, "categories": codes,
    }  # fmt: skip
    for schema, table in (("engagements", "engagements"), ("views/timeline", "views/timeline")):
        path = package / f"schemas/{schema}.json"
        spec = json.loads(path.read_text(encoding="utf-8"))
        spec["fields"].append(weather)
        path.write_text(json.dumps(spec), encoding="utf-8")
        data = package / f"data/{table}.csv"
        with open(data, encoding="utf-8", newline="") as file:
            rows = [
                row | {"weather": "rain" if "raj-ghat" in next(iter(row.values())) else ""}
                for row in csv.DictReader(file)
            ]
        with open(data, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    one = visit(build(package, tmp_path / "site").as_uri())
    facts = one.open("engagements/motegi-raj-ghat-2026.html").inner_text(".facts")
    assert "Weather\nPouring rain" in re.sub(r"\n+", "\n", facts)
    page = one.open("engagements/index.html")
    page.locator("summary", has_text="Weather").click()
    page.get_by_label("Pouring rain").check()
    assert status(page) == "1 of 21 engagements"
    assert "What the sky did." in one.open("codebook/engagements.html").inner_text("main")


def test_a_retired_id_still_leads_somewhere(build, visit, package: Path, tmp_path: Path) -> None:
    with open(package / "data/redirects.csv", "a", encoding="utf-8") as file:
        file.write("people.old,people,takaichi,sanae-takaichi,0.2.0,Two ids for one person.\n")
    page = visit(build(package, tmp_path / "site").as_uri()).open("people/takaichi.html")
    page.locator("main a").click()
    assert page.inner_text("h1") == "Sanae Takaichi"


def test_two_builds_are_the_same_to_the_byte(build, site: Path, frozen_package: Path, tmp_path: Path) -> None:
    again = build(frozen_package, tmp_path / "site")
    files = {path.relative_to(site) for path in site.rglob("*")}
    assert files == {path.relative_to(again) for path in again.rglob("*")}
    assert [
        name for name in files if (site / name).is_file() and (site / name).read_bytes() != (again / name).read_bytes()
    ] == []


def test_a_build_replaces_its_own_folder_and_no_other(build, frozen_package: Path, tmp_path: Path) -> None:
    out = build(frozen_package, tmp_path / "site")
    (out / "stale.html").touch()
    build(frozen_package, out)
    assert not (out / "stale.html").exists()
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.txt").touch()
    with pytest.raises(FileExistsError, match="holds something that is not this site"):
        build(frozen_package, tmp_path / "thesis")
    assert (tmp_path / "thesis/chapter.txt").exists()


def test_an_id_that_leads_out_of_the_folder_is_refused(build, package: Path, tmp_path: Path) -> None:
    change(package / "data/sources.csv", "mgmm-modi-takaichi-2025", {"source_id": "../../../thesis"})
    evidence = package / "data/evidence.csv"
    evidence.write_text(
        evidence.read_text(encoding="utf-8").replace(",mgmm-modi-takaichi-2025,", ",../../../thesis,"), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="an id is wrong: run ije validate"):
        build(package, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_the_first_view_is_small(site: Path) -> None:
    import gzip

    for path in ("index.html", "engagements/index.html", "timeline.html", KINDS["engagement"]):
        page = Page(site / path)
        own = [link for link in page.links if link.endswith((".css", ".js", ".svg")) and not link.endswith("-data.js")]
        files = [site / path, *((site / path).parent / link for link in own)]
        assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 100_000, path

"""What the documents show works as it stands, and what they name is there."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

import india_japan_engagements as ije

sys.path.insert(0, str(ROOT / "scripts"))
import documents
import pictures

TEXTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
}
BLOCKS = {name: [step for step in documents.STEP.finditer(text) if step["code"]] for name, text in TEXTS.items()}
RUN = [name for name, blocks in BLOCKS.items() if blocks]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder where a reader might try what is shown, with the tables in it and a copy of them called my-folder."""
    for name in ("data", "my-folder"):
        (tmp_path / name).symlink_to(ROOT / "data", target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize("name", RUN)
def test_every_block_runs(name: str, folder: Path) -> None:
    session = documents.Session(name, folder)
    for block in BLOCKS[name]:
        if block["language"] != "r" and not documents.NOT_RUN.match(block["code"]):
            session.run(block["language"], block["code"], TEXTS[name].count("\n", 0, block.start()) + 1)
    if name == "README.md":
        assert "modi-takaichi-call-2025" in [row["engagement_id"] for row in session.names["calls"]]
        assert all(session.names[name] for name in ("dialogues", "met", "series", "late", "motegi", "talks"))
        assert (folder / "timeline.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("name", RUN)
def test_every_block_of_r_runs(name: str, folder: Path) -> None:
    blocks = [
        block for block in BLOCKS[name] if block["language"] == "r" and not documents.NOT_RUN.match(block["code"])
    ]
    if blocks and not shutil.which("Rscript"):
        pytest.skip("Rscript is not installed (apt-get install r-base-core)")
    for block in blocks:
        assert documents.Session(name, folder).run("r", block["code"])


def test_the_blocks_that_are_not_run_say_why() -> None:
    found = [
        (name, block["language"], why[1])
        for name, blocks in BLOCKS.items()
        for block in blocks
        if (why := documents.NOT_RUN.match(block["code"]))
    ]
    assert sorted(found) == [
        ("README.md", "sh", "they are what runs the tests."),
        ("docs/getting-started.md", "r", "needs the package arrow."),
        ("docs/getting-started.md", "r", "needs the package readr."),
        ("docs/getting-started.md", "sh", "the package index has it only after a release."),
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_every_fence_belongs_to_a_block_that_is_known(name: str) -> None:
    fences = sum(line.startswith("```") for line in TEXTS[name].splitlines())
    assert fences == sum(4 if block["answer"] else 2 for block in BLOCKS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name: str) -> None:
    missing = []
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", TEXTS[name]):
        path, _, heading = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        if not target.exists() or (heading and heading not in anchors(target.read_text(encoding="utf-8"))):
            missing.append(link)
    assert missing == []


def anchors(text: str) -> set[str]:
    """Return the names that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_id_named_is_there() -> None:
    """Ids stand in the documents as code; all of them have a hyphen, and so has little else."""
    ids = {row[ije.schema(table).key] for table in ije.tables() for row in ije.load(table, "rows")}
    hooks = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))]
    named = {
        (name, code)
        for name, text in TEXTS.items()
        if name not in ("docs/codebook.md", "docs/rules.md", "docs/quality.md", "docs/coverage.md", "CHANGELOG.md")
        for code in re.findall(r"`([a-z][a-z0-9]*(?:-[a-z0-9]+)+(?:\.[a-z0-9-]+)*)`", text)
        if code not in {ije.metadata()["name"], *hooks}
    }
    assert len(named) > 20
    assert {(name, code) for name, code in named if code not in ids} == set()


def test_the_figures_are_those_of_the_readme() -> None:
    figures = {
        re.findall(r"<!-- figures -->(.+)<!-- end", TEXTS[name])[0] for name in ("README.md", "docs/datasheet.md")
    }
    assert len(figures) == 1


def test_every_picture_is_shown_and_drawn() -> None:
    shown = {picture for text in TEXTS.values() for picture in re.findall(r"\]\(images/([\w-]+)\.svg\)", text)}
    assert shown == {path.stem for path in (ROOT / "docs" / "images").iterdir()} == {*pictures.DRAW}


def test_an_answer_is_written_beneath_its_block(folder: Path) -> None:
    shown = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```python\nprint('not shown')\n```\n"
    assert documents.Session("docs/some.md", folder).rewritten(shown) == shown.replace("\n3\n", "\n2\n")


def test_a_table_lines_up(folder: Path) -> None:
    answer = documents.Session("docs/some.md", folder).run(
        "sql", "SELECT 'a' AS word, 10 AS n UNION ALL SELECT 'bcd', NULL"
    )
    assert answer == "word   n\na     10\nbcd\n"


def test_a_block_that_fails_is_named_with_its_line(folder: Path) -> None:
    session = documents.Session("docs/some.md", folder)
    failing = {
        "```python\n1 / 0\n```\n": "ZeroDivisionError: division by zero",
        "```sh\nrm -rf /\n```\n": "ValueError: rm is no command that is run here",
        "```sh\nije show nobody-at-all\n```\n": "ValueError: ije show nobody-at-all ends with",
        "```cobol\nSTOP RUN.\n```\n": "KeyError: 'cobol'",
        "```r\n1\n```\n": "the answer shown is computed by nothing; take it out",
        "![x](images/nothing.svg)\n": "KeyError: 'nothing'",
    }
    for text, message in failing.items():
        with pytest.raises(ValueError, match=rf"docs/some\.md:3: {re.escape(message)}"):
            session.rewritten(f"Words.\n\n{text}\n```text\n```\n")

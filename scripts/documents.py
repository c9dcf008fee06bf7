"""Run the code that the documents show, write what it answers beneath it, and draw the pictures between.

A block of code is followed, where its answer is shown, by a blank line and a block of ``text``; a picture follows the
block whose values it draws. The blocks of a document run one after another, as a reader would run them.
"""

from __future__ import annotations

import io
import re
import runpy
import shlex
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, closing, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from india_japan_engagements import package

STEP = re.compile(
    r"^```(?P<language>\w+)\n(?P<code>.*?)^```\n(?P<answer>\n```text\n.*?^```\n)?"
    r"|^!\[[^\]]*\]\(images/(?P<picture>[\w-]+)\.svg\)$",
    re.MULTILINE | re.DOTALL,
)
NOT_RUN = re.compile(r"(?:#|--) Not run by the tests: (.+)")
COLUMNS = "110"


def answered(root: Path, contents: dict[Path, bytes]) -> Iterator[tuple[Path, bytes]]:
    """Yield every document in docs/ with the answers that its code gives, and the pictures.

    The code sees a package of the ``contents`` that are about to be written, not the files that are still there.

    Raises:
        ValueError: a block fails; the message names its document and line.
    """
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(root / "schemas", Path(folder, "schemas"))
        shutil.copy(root / "metadata.toml", folder)
        for path, content in contents.items():
            target = Path(folder, path.relative_to(root))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        named = runpy.run_path(str(Path(folder, "src", package.__package__, "_names.py")))
        names = {name: named[name] for name in ("TABLES", "TYPED", "VIEWS")}
        with patch.multiple(package, root=lambda: folder, **names):
            for path in sorted((root / "docs").glob("*.md")):
                session = Session(f"docs/{path.name}", Path(folder))
                yield path, session.rewritten(contents.get(path, path.read_bytes()).decode()).encode()
                for name, picture in session.pictures.items():
                    yield root / "docs" / "images" / f"{name}.svg", picture


class Session:
    """One reading of a document: what its Python blocks have named so far, and the pictures drawn of that."""

    def __init__(self, document: str, folder: Path) -> None:
        """Run in ``folder``, in which ``data/`` lies as it does in a checkout, and files may be written."""
        self.document = document
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.pictures: dict[str, bytes] = {}

    def rewritten(self, text: str) -> str:
        """Return the document with the answers that its code gives now; what follows the last of them is not run.

        Raises:
            ValueError: a block fails, or shows an answer that nothing computes.
        """
        last = max((step.end() for step in STEP.finditer(text) if step["answer"] or step["picture"]), default=0)
        return STEP.sub(self._step, text[:last]) + text[last:]

    def _step(self, step: re.Match[str]) -> str:
        line = step.string.count("\n", 0, step.start()) + 1
        if name := step["picture"]:
            import pictures

            try:
                self.pictures[name] = pictures.DRAW[name](self.names)
            except Exception as error:
                raise self._failure(line, error) from error
            return step[0]
        if step["language"] == "r" or NOT_RUN.match(step["code"]):  # few have R, and none must to build
            if step["answer"]:
                raise ValueError(f"{self.document}:{line}: the answer shown is computed by nothing; take it out")
            return step[0]
        answer = self.run(step["language"], step["code"], line)
        return f"```{step['language']}\n{step['code']}```\n\n```text\n{answer}```\n" if step["answer"] else step[0]

    def run(self, language: str, code: str, line: int = 1) -> str:
        """Return what a block prints, or as a table what it selects, without spaces at the ends of lines.

        Raises:
            ValueError: it fails; the message names the document and the line on which the block begins.
        """
        runners: dict[str, Callable[[str], str]] = {"python": self._python, "sql": _sql, "sh": _sh, "r": _r}
        try:
            with chdir(self.folder):
                answer = runners[language](code)
        except Exception as error:
            raise self._failure(line, error) from error
        return "".join(f"{written.rstrip()}\n" for written in answer.splitlines())

    def _failure(self, line: int, error: Exception) -> ValueError:
        return ValueError(f"{self.document}:{line}: {type(error).__name__}: {error}")

    def _python(self, code: str) -> str:
        out = io.StringIO()
        with redirect_stdout(out):
            exec(compile(code, self.document, "exec"), self.names)
        return out.getvalue()


def _sql(code: str) -> str:
    """Ask DuckDB, or if the first line is ``-- SQLite`` the database that ``ije export all -o ije.sqlite`` wrote."""
    if code.startswith("-- SQLite\n"):
        with closing(sqlite3.connect("file:ije.sqlite?mode=ro", uri=True)) as database:
            cursor = database.execute(code)
            return _table([column[0] for column in cursor.description], cursor.fetchall())
    import duckdb

    with duckdb.connect() as connection:
        found = connection.sql(code)
        return _table(found.columns, found.fetchall())


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows beneath their names in columns that line up, numbers to the right."""
    right = [all(isinstance(row[place], int | float | None) for row in rows) for place in range(len(names))]
    cells = [[*names], *(["" if value is None else str(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        )
        for row in cells
    )


def _sh(code: str) -> str:
    """Run the commands of a block; of commands ``ije`` alone is known."""
    from click.testing import CliRunner

    from india_japan_engagements.cli import ije

    answer = ""
    for words in (shlex.split(line, comments=True) for line in code.splitlines()):
        if words and words[0] != "ije":
            raise ValueError(f"{words[0]} is no command that is run here")
        if words:
            result = CliRunner().invoke(ije, words[1:], prog_name="ije", env={"COLUMNS": COLUMNS})
            if result.exit_code:
                raise ValueError(f"{shlex.join(words)} ends with {result.exit_code}: {result.output}")
            answer += result.stdout
    return answer


def _r(code: str) -> str:
    ran = subprocess.run(["Rscript", "--vanilla", "-"], input=code, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise ValueError(ran.stderr)
    return ran.stdout

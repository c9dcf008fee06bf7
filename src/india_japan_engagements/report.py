"""A problem, a report of problems, and how a report is shown."""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import NamedTuple


class Check(NamedTuple):
    """What a check of form asks, and an example of each kind."""

    holds: str
    bad: str
    good: str


STRUCTURE = {
    "E001": Check(
        "Every table has its file, if only with a header.",
        "names.csv is not there",
        "names.csv with its header, if it has no rows",
    ),
    "E002": Check(
        "Files are UTF-8 throughout.",
        "a file saved as Windows-1252",
        "the file saved as UTF-8",
    ),
    "E003": Check(
        "Files begin with the header, not with a byte order mark.",
        "a file that begins with a byte order mark, as spreadsheets save it",
        "the header from the first byte on",
    ),
    "E004": Check(
        "Lines end in LF.",
        "lines that end in CR LF",
        "lines that end in LF",
    ),
    "E005": Check(
        "A file has at least a header.",
        "a file of no bytes",
        "a file with its header",
    ),
    "E006": Check(
        "Every column of the schema is there.",
        "a table without the column summary_en",
        "every column, even where all its cells are empty",
    ),
    "E007": Check(
        "There is no column the schema does not know.",
        "a column remarks",
        "remarks stand in note",
    ),
    "E008": Check(
        "Columns stand in the order of the schema, each once.",
        "columns in another order, or one of them twice",
        "the order of the schema",
    ),
    "E009": Check(
        "Every row has as many cells as the header; no line is blank.",
        "a row with one cell too many, for want of quotes around a comma",
        "the cell in double quotes",
    ),
    "E010": Check(
        "Quotes are closed.",
        "a quote that is opened and never closed",
        "every opened quote closed, and one inside a cell doubled",
    ),
    "E011": Check(
        "A value is of its column's type, written in the one form the type has.",
        "5,00 or 5e2 for a number, TRUE for a truth value",
        "500; true",
    ),
    "E012": Check(
        "A required cell is filled.",
        "an engagement without a summary",
        "what happened, in one to three sentences",
    ),
    "E013": Check(
        "A code is one of its column's closed list.",
        "the kind talk",
        "the kind talks",
    ),
    "E014": Check(
        "A value has its column's form.",
        "the side IN, the time 1:40pm, the date 29/10/2025",
        "IND; 13:40; 2025-10-29",
    ),
    "E015": Check(
        "A number lies within its column's bounds.",
        "a latitude of 128",
        "a latitude of 28",
    ),
    "E016": Check(
        "An id or other unique value stands once in its table.",
        "two rows of one id",
        "an id for each",
    ),
    "E020": Check(
        "A waiver waives something.",
        "a waiver of W101 for a plan that has since been held",
        "the waiver is deleted with the plan",
    ),
    "E021": Check(
        "A waiver names a warning; errors cannot be waived.",
        "a waiver of E301",
        "the row is mended",
    ),
    "E022": Check(
        "No intake was cut short and left its tables half written.",
        "an intake was killed while it put its tables in place",
        "any intake is run, which finishes that one first",
    ),
    "E023": Check(
        "A table is a plain file in the folder itself: no link, folder or device.",
        "people.csv is a link to a file elsewhere",
        "people.csv itself lies in the folder",
    ),
    "E024": Check(
        "A file is no larger than any that could be meant: 256 MB, 500,000 rows, 32,767 characters in a cell.",
        "a cell of 200 MB",
        "a summary of three sentences",
    ),
    "E025": Check(
        "A column has no more problems of one kind than a person could read: 10,000.",
        "a column of 300,000 wrong codes",
        "the cause is mended, and what is left is listed",
    ),
    "E026": Check(
        "A descriptor beside the tables is JSON, and names nothing outside the folder.",
        "a resource at https://example.org/people.csv or ../people.csv",
        "a resource at data/people.csv",
    ),
    "E098": Check(
        "The pandera schemas, built from the same Table Schemas, find nothing that the checks above miss.",
        "a code that pandera refuses and we accept",
        "both accept it",
    ),
    "E099": Check(
        "The outside referee finds nothing that the checks above miss.",
        "a date-time that frictionless refuses and we accept",
        "both accept it",
    ),
    "E027": Check(
        "The last line ends in LF too; a file that does not end so was cut short.",
        "a file whose last line has no LF",
        "every line with its LF",
    ),
    "E101": Check(
        "A date exists in the calendar.",
        "2025-02-30, 2025-13",
        "2025-02, if the day is unknown",
    ),
}
"""The codes that reading and the column checks report; the rest are in ``rules``."""


MANY = 10_000
"""How many problems of one code and column are listed; a report of more would help nobody and fill the memory."""

FORMS = {
    "E031": Check(
        "A form is UTF-8 and YAML, without anchors.",
        "a form with a tab at the start of a line, or with &anchors",
        "plain YAML in UTF-8; text with a colon and a space in quotes",
    ),
    "E032": Check(
        "A form has the parts, columns and shape of version 1.",
        "a participant under participants:",
        "under participations:",
    ),
    "E033": Check(
        "What a form names is there, or is in the form.",
        "a person whom neither the record nor the form knows",
        "the person has a part of the form",
    ),
    "E034": Check(
        "What a form names is one row.",
        "the name Suzuki, which two people bear",
        "the id of one of them",
    ),
    "E035": Check(
        "An engagement is not there already.",
        "a call that is in the record under another title",
        "the form is taken in with --merge and the id of that call",
    ),
    "E036": Check(
        "A form repeats what is there, or corrects it; it does not say otherwise in passing.",
        "a form that gives a known person another year of death",
        "a correction, with its source",
    ),
    "E037": Check(
        "A correction knows what it corrects.",
        "a correction of 35 minutes where the cell says 25",
        "a correction of what the cell says",
    ),
    "E038": Check(
        "A new row is not an old one misspelled.",
        "a new person Jaishanker",
        "Jaishankar; or, if there are two, an id for the new one",
    ),
    "E039": Check(
        "A sum is a number, in words or digits, in one currency.",
        "an amount of 3.5兆円 in INR, or of about 1,5 billion",
        "3.5兆円, 350億円, Rs 14,250 crore, 5 lakh crore, USD 75 billion or plain digits",
    ),
}
"""The codes that taking in a form reports; the rows it brings are then checked like any others."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, for the person who must mend it.

    ``line`` is the physical line in the file (the header is line 1), 0 where the file as a whole is meant or where it
    is not known, as in Parquet: there ``row_id`` names the row.
    """

    file: str
    line: int
    column: str
    code: str
    row_id: str
    value: str
    message: str
    fix: str

    @property
    def severity(self) -> str:
        """``error`` blocks a release; ``warning`` asks to be mended or waived."""
        return "error" if self.code.startswith("E") else "warning"

    def __str__(self) -> str:
        """Return the problem as one line: where, which column, code, what is wrong, what to do.

        What a terminal would obey instead of showing it, or could not encode, is escaped.
        """
        where = f"{self.file}:{self.line}" if self.line else f"{self.file} {self.row_id}".rstrip()
        column = f" {self.column}" if self.column else ""
        line = f"{where}{column} [{self.code}] {self.message}; {self.fix}"
        return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda found: repr(found[0])[1:-1], line)


def text_of(value: object) -> str:
    """Return a value as CSV writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(Decimal(format(value, ".15g")), "f") if abs(value) < 1e15 else format(value, ".0f")
    return str(value)


def too_many(file: str, column: str = "") -> Problem:
    """Return the problem that stands for all those beyond ``MANY``."""
    message = f"more than {MANY:,} problems stand here, and the rest are not listed"
    return Problem(file, 0, column, "E025", "", "", message, "mend what they have in common, then look again")


@dataclass
class Report:
    """All problems of one validation, sorted by place, and what was checked."""

    problems: list[Problem] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def add(self, problems: Iterable[Problem]) -> None:
        """Take in further problems."""
        self.problems = sorted({*self.problems, *problems})

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def text(self) -> str:
        """Return one line a problem and a closing line that counts them."""
        counts = Counter(problem.severity for problem in self.problems)
        total = f"{sum(self.rows.values()):,} rows in {len(self.rows)} tables"
        if self.clean:
            return f"{total}: no problems"
        return "\n".join(
            [
                *map(str, self.problems),
                f"{total}: {_count(counts['error'], 'error')}, {_count(counts['warning'], 'warning')}",
            ]
        )

    def json(self) -> str:
        """Return ``{"problems": […]}``, each problem an object with its severity."""
        keys = ("code", "severity", "file", "line", "column", "row_id", "value", "message", "fix")
        problems = [{**asdict(problem), "severity": problem.severity} for problem in self.problems]
        return json.dumps({"problems": [{key: p[key] for key in keys} for p in problems]}, ensure_ascii=False, indent=2)

    def github(self, folder: str = "") -> str:
        """Return workflow commands that GitHub shows as annotations on the lines.

        ``folder`` is where the files lie, as seen from the root of the repository.
        """
        return "\n".join(
            f"::{problem.severity} file={_escape(posixpath.join(folder, problem.file), True)}"
            f",line={max(problem.line, 1)},title={_escape(f'{problem.code} {problem.column}'.strip(), True)}::"
            f"{_escape(f'{problem.message}; {problem.fix}')}"
            for problem in self.problems
        )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _escape(text: str, in_property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text

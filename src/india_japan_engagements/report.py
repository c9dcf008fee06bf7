"""A problem, a report of problems, and how a report is shown."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

STRUCTURE = {
    "E001": "Every table has its file, if only with a header.",
    "E002": "Files are UTF-8 throughout.",
    "E003": "Files begin with the header, not with a byte order mark.",
    "E004": "Lines end in LF.",
    "E005": "A file has at least a header.",
    "E006": "Every column of the schema is there.",
    "E007": "There is no column the schema does not know.",
    "E008": "Columns stand in the order of the schema, each once.",
    "E009": "Every row has as many cells as the header; no line is blank.",
    "E010": "Quotes are closed.",
    "E011": "A value is of its column's type, written in the one form the type has.",
    "E012": "A required cell is filled.",
    "E013": "A code is one of its column's closed list.",
    "E014": "A value has its column's form.",
    "E015": "A number lies within its column's bounds.",
    "E016": "An id or other unique value stands once in its table.",
    "E020": "A waiver waives something.",
    "E021": "A waiver names a warning; errors cannot be waived.",
    "E022": "No intake was cut short and left its tables half written.",
    "E023": "A table is a plain file in the folder itself: no link, folder or device.",
    "E024": "A file is no larger than any that could be meant: 256 MB, 500,000 rows, 32,767 characters in a cell.",
    "E025": "A column has no more problems of one kind than a person could read: 10,000.",
    "E026": "A descriptor beside the tables is JSON, and names nothing outside the folder.",
    "E099": "The outside referee finds nothing that the checks above miss.",
    "E101": "A date exists in the calendar.",
}
"""The codes that reading and the column checks report; the rest are in ``rules``."""


MANY = 10_000
"""How many problems of one code and column are listed; a report of more would help nobody and fill the memory."""

FORMS = {
    "E031": "A form is UTF-8 and YAML, without anchors.",
    "E032": "A form has the parts, columns and shape of version 1.",
    "E033": "What a form names is there, or is in the form.",
    "E034": "What a form names is one row.",
    "E035": "An engagement is not there already.",
    "E036": "A form repeats what is there, or corrects it; it does not say otherwise in passing.",
    "E037": "A correction knows what it corrects.",
    "E038": "A new row is not an old one misspelled.",
}
"""The codes that taking in a form reports; the rows it brings are then checked like any others."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, for the person who must mend it.

    ``line`` is the physical line in the file (the header is line 1), 0 where the file as a whole is meant.
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
        where = f"{self.file}:{self.line}" if self.line else self.file
        column = f" {self.column}" if self.column else ""
        line = f"{where}{column} [{self.code}] {self.message}; {self.fix}"
        return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda found: repr(found[0])[1:-1], line)


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

    def github(self) -> str:
        """Return workflow commands that GitHub shows as annotations on the lines."""
        return "\n".join(
            f"::{problem.severity} file={_escape(problem.file, True)},line={max(problem.line, 1)},"
            f"title={_escape(f'{problem.code} {problem.column}'.strip(), True)}::"
            f"{_escape(f'{problem.message}; {problem.fix}')}"
            for problem in self.problems
        )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _escape(text: str, in_property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text

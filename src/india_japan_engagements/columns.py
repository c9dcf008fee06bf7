"""What the cells of a column must satisfy by themselves: conditions for any engine, and the words for each fault."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

import narwhals as nw

from .report import text_of
from .tableschema import LEXICAL, PARTIAL_DATE, Field, Schema

_YEAR = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAYS = (
    "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
    "[0-9]{4}-(0[13-9]|1[0-2])-(29|30)",
    "[0-9]{4}-(0[13578]|1[02])-31",
    f"{_YEAR}-02-29",
)
"""The days of the calendar: by a pattern every engine asks alike, and none reads a date its own way."""


class Fault(NamedTuple):
    """One thing that can be wrong with the cells of a column: its code, and where it is so."""

    field: Field
    code: str
    where: nw.Expr


def whole(pattern: str) -> str:
    r"""Return a pattern that all of a text must match.

    It is grouped, since one with alternatives would otherwise be anchored only in part; and ``\z`` is the end in every
    engine, while ``$`` lets a line feed follow in some.
    """
    return rf"^(?:{pattern.removeprefix('^').removesuffix('$')})\z"


def ill_formed(field: Field) -> Iterator[Fault]:
    """Yield what can be wrong with the text of a cell that a type is to be made of."""
    cell = nw.col(field.name)
    if field.partial_date or field.type == "date":
        shape = PARTIAL_DATE if field.partial_date else LEXICAL["date"]
        forms = [*_DAYS, *(["[0-9]{4}", "[0-9]{4}-(0[1-9]|1[0-2])"] if field.partial_date else [])]
        shaped = cell.str.contains(whole(shape))
        yield Fault(field, "E014" if field.partial_date else "E011", ~shaped)
        exists = cell.str.contains(whole("|".join(forms))) & ~cell.str.starts_with("0000")
        yield Fault(field, "E101", shaped & ~exists)
    elif field.type == "boolean":
        yield Fault(field, "E011", ~cell.is_in(["true", "false"]))
    elif field.type in LEXICAL:
        formed = cell.str.contains(whole(LEXICAL[field.type]))
        length = cell.str.len_chars()
        if field.type == "integer":
            least = (length == 19) & (cell.str.starts_with("-") | (cell <= str((1 << 63) - 1)))
            formed = formed & ((length < 19) | least)
        yield Fault(field, "E011", ~formed)


def doubtful(field: Field) -> nw.Expr | None:
    """Return where only arithmetic can tell whether the text of a well formed number keeps its digits, if anywhere."""
    # A float holds every number of 15 digits.
    return nw.col(field.name).str.len_chars() > 15 if field.type == "number" else None


def typed(field: Field, cell: nw.Expr | None = None) -> nw.Expr:
    """Return the column, or what is made of it, in its type; its text must be well formed or null."""
    cell = nw.col(field.name) if cell is None else cell
    if field.type == "boolean":
        return cell == "true"
    if field.type == "date":
        return cell.str.to_date(format="%Y-%m-%d")
    return cell.cast(TYPES[field.type])


TYPES: dict[str, Any] = {
    "integer": nw.Int64, "number": nw.Float64, "boolean": nw.Boolean, "date": nw.Date, "string": nw.String,
}  # fmt: skip


def unfit(schema: Schema) -> Iterator[Fault]:
    """Yield what can be wrong with typed cells; that a value stands twice, ``repeated`` says."""
    for field in schema.fields:
        cell = nw.col(field.name)
        if field.required:
            yield Fault(field, "E012", cell.is_null())
        if field.enum:
            yield Fault(field, "E013", ~cell.is_in(field.enum))
        if field.pattern and not field.partial_date:
            yield Fault(field, "E014", ~cell.str.contains(whole(field.pattern)))
        if field.minimum is not None:
            outside = cell < field.minimum
            yield Fault(field, "E015", outside if field.maximum is None else outside | (cell > field.maximum))


def words(field: Field, code: str, value: Any, hint: bool = True) -> tuple[str, str]:
    """Return message and fix for a typed cell that is unfit; a wrong code gets the nearest one if ``hint``."""
    if code == "E012":
        return "the cell is empty", f"fill it: {field.spec['description']}"
    if code == "E013":
        near = get_close_matches(value, field.enum or [], 1) if hint else []
        asked = f"did you mean {near[0]}? " if near else ""
        return f"{value!r} is not one of its codes", f"{asked}the codes are {', '.join(field.enum or [])}"
    if code == "E014":
        return f"{value!r} has not the form {field.pattern}", f"write it like {field.spec.get('example')}"
    low, high = field.minimum, field.maximum
    allowed = f"from {low:g} to {high:g}" if low is not None and high is not None else f"{low:g} or more"
    return f"{text_of(value)} is out of bounds", f"write a value {allowed}"


def repeated(value: Any, where: str) -> tuple[str, str]:
    """Return message and fix for a value that stands somewhere else in its column."""
    return f"{value!r} stands in {where} already", "choose another, or delete one of the two rows"

"""The codebook of a table: what each column means, and how the rows there are fill it.

The words are the schema's, the numbers are counted; ``docs/codebook.md`` and ``ije codebook`` both show what is here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from .tableschema import Field, Schema

Row = dict[str, Any]

UNDATED = "undated"
"""The group of rows that name no engagement, or one without a date."""


def codebook(table: str, schemas: Mapping[str, Schema], rows: Callable[[str], list[Row]]) -> Row:
    """Return the codebook of a table or view, in plain values that JSON can hold.

    ``rows``, and ``empty`` of each of the ``columns``, give numbers of rows: ``all``, and where rows name an
    engagement also those of each decade in which their engagements began (``2010s``).

    Args:
        table: a key of ``schemas``.
        schemas: the schemas of all tables and views, since they define codes for each other and refer to each other.
        rows: gives the typed rows of a table by its name; is asked for this one, and for ``engagements``.
    """
    schema = schemas[table]
    groups = {"all": rows(table)}
    if "engagement_id" in schema.names:
        began = {row["engagement_id"]: row["start_date"] for row in rows("engagements")}
        decades = [_decade(began.get(row["engagement_id"])) for row in groups["all"]]
        groups |= {name: [] for name in sorted({*decades})}
        for decade, row in zip(decades, groups["all"], strict=True):
            groups[decade].append(row)
    referring = [
        f"{other.name}.{column}"
        for other in schemas.values()
        for column, target in other.foreign_keys.items()
        if target == table
    ]
    return {
        "table": table,
        "title": schema.title,
        "description": schema.description,
        "rows": {name: len(group) for name, group in groups.items()},
        "columns": [
            {
                "column": field.name,
                "title": field.spec["title"],
                "definition": field.spec["description"],
                "type": field.kind,
                "required": field.required,
                "unique": field.unique,
                "pattern": None if field.partial_date else field.pattern,
                "minimum": field.minimum,
                "maximum": field.maximum,
                "refers_to": _target(schemas, schema.foreign_keys.get(field.name)),
                "referred_to_by": referring if field.name == schema.key else [],
                "example": _text(field.spec.get("example")),
                "empty": {name: sum(row[field.name] is None for row in group) for name, group in groups.items()},
                "codes": _codes(field, schemas, groups["all"]),
            }
            for field in schema.fields
        ],
    }


def limits(column: Row) -> str:
    """Return the type of a column of a codebook and what else its values must satisfy, in words."""
    said = [
        column["type"],
        "required" if column["required"] else "",
        "unique" if column["unique"] else "",
        f"at least {column['minimum']}" if column["minimum"] is not None else "",
        f"at most {column['maximum']}" if column["maximum"] is not None else "",
    ]
    return ", ".join(filter(None, said))


def share(part: int, whole: int) -> str:
    """Return how much of the whole a part is: ``0%`` is none of it and ``100%`` all, never nearly so."""
    if part in (0, whole):
        return "100%" if part else "0%"
    percent = 100 * part / whole
    return "<1%" if percent < 1 else ">99%" if percent > 99 else f"{percent:.0f}%"


def _decade(day: str | None) -> str:
    return f"{day[:3]}0s" if day else UNDATED


def _target(schemas: Mapping[str, Schema], table: str | None) -> str | None:
    return f"{table}.{schemas[table].key}" if table else None


def _codes(field: Field, schemas: Mapping[str, Schema], rows: list[Row]) -> list[Row]:
    """Return the values a column may have, if they are listed: what each is, and how many rows have it."""
    if not field.enum and field.type != "boolean":
        return []
    # Codes are defined where they are at home; codes that are names of tables, by those tables.
    table, _, column = field.spec.get("codes", "").partition(".")
    home = schemas[table][column] if table else field
    defined = {category["value"]: category for category in home.spec.get("categories", [])}
    held = Counter(_text(row[field.name]) for row in rows)
    found = []
    for code in field.enum or ("true", "false"):
        about = defined.get(code) or ({"definition": schemas[code].description} if code in schemas else {})
        words = {key: about.get(key) for key in ("label", "definition", "example", "not")}
        found.append({"code": code, "rows": held[code], **words})
    return found


def _text(value: Any) -> str | None:
    """Return a value as a table shows it, None for none."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)

"""Reads a Table Schema and turns it into everything else that describes a table.

The files in ``schemas/`` are the only place where a column, its type or its codes are written down. This module is
the only one that knows how to say them in another language: Arrow, pandera, Python types.
"""

from __future__ import annotations

import json

from .package import parser

TYPE_CHECKING = False  # typing is not imported for those who only read rows
if TYPE_CHECKING:
    from typing import Any, Literal

    import pyarrow as pa

PARTIAL_DATE = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
"""Pattern that marks a text column as a date of day, month or year precision (ISO 8601, never padded)."""

LEXICAL = {
    "integer": "0|-?[1-9][0-9]*",
    "number": r"0|-?(0\.[0-9]*[1-9]|[1-9][0-9]*(\.[0-9]*[1-9])?)",
    "boolean": "true|false",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
"""How a cell of each type is written in CSV: one way only, so that equal values are equal text."""


_SHAPES: dict[str, type | tuple[type, ...]] = {
    "name": str, "title": str, "description": str, "required": bool, "unique": bool, "pattern": str, "enum": list,
    "minimum": (int, float), "maximum": (int, float),
}  # fmt: skip
"""What JSON may give for the keys of a schema, a field and its constraints."""


def _check(spec: dict[str, Any], *required: str) -> None:
    for key, kinds in _SHAPES.items():
        if (key in spec or key in required) and not isinstance(spec[key], kinds):
            raise TypeError(f"{key} is {spec[key]!r}")


class Field:
    """One column of a table, as its Table Schema describes it."""

    __slots__ = ("enum", "maximum", "minimum", "name", "pattern", "required", "spec", "type", "unique")

    def __init__(self, spec: dict[str, Any]) -> None:
        """Wrap the JSON object ``spec`` of a field."""
        constraints = spec.get("constraints", {})
        _check(spec, "name", "title", "description")
        _check(constraints)
        if spec["type"] not in ("string", *LEXICAL):
            raise TypeError(f"type is {spec['type']!r}")
        self.spec = spec
        self.name: str = spec["name"]
        self.type: str = spec["type"]
        self.required: bool = constraints.get("required", False)
        self.unique: bool = constraints.get("unique", False)
        self.pattern: str | None = constraints.get("pattern")
        self.enum: list[str] | None = constraints.get("enum")
        self.minimum: float | None = constraints.get("minimum")
        self.maximum: float | None = constraints.get("maximum")

    @property
    def partial_date(self) -> bool:
        """Whether the column holds dates that may be known only to the month or year."""
        return self.pattern == PARTIAL_DATE

    @property
    def kind(self) -> str:
        """What a reader is told the type is: a partial date is one, though it is kept as text."""
        return "partial date" if self.partial_date else self.type

    def parse(self, text: str) -> Any:
        """Return the Python value of a CSV cell; empty is None.

        Raises:
            ValueError: the text is not of the column's type.
        """
        return parser(self.type)(text) if text else None

    def arrow_type(self) -> pa.DataType:
        """Return the Arrow type of the column."""
        import pyarrow as pa

        types = {"integer": pa.int64, "number": pa.float64, "boolean": pa.bool_, "date": pa.date32, "string": pa.string}
        return types[self.type]()


class Schema:
    """One table, as its Table Schema describes it."""

    __slots__ = ("description", "fields", "foreign_keys", "key", "name", "spec", "title")

    def __init__(self, spec: dict[str, Any]) -> None:
        """Wrap the JSON object ``spec`` of a Table Schema."""
        _check(spec, "name", "title", "description")
        self.spec = spec
        self.name: str = spec["name"]
        self.title: str = spec["title"]
        self.description: str = spec["description"]
        self.fields = [Field(field) for field in spec["fields"]]
        self.key: str = spec["primaryKey"][0]
        self.foreign_keys: dict[str, str] = {
            key["fields"][0]: key["reference"]["resource"] or self.name for key in spec.get("foreignKeys", [])
        }

    @classmethod
    def read(cls, path: str) -> Schema:
        """Read the Table Schema at ``path``.

        Raises:
            ValueError: the file holds something else.
        """
        with open(path, encoding="utf-8") as file:
            try:
                return cls(json.load(file))
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
                raise ValueError(f"{path} is not a Table Schema ({type(error).__name__}: {error})") from None

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [field.name for field in self.fields]

    def __getitem__(self, name: str) -> Field:
        """Return the field called ``name``; KeyError if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def to_arrow(self, metadata: dict[str, str] | None = None) -> pa.Schema:
        """Return the Arrow schema: types, nullability, a description for each column, ``metadata`` for the table."""
        import pyarrow as pa

        return pa.schema(
            [
                pa.field(
                    field.name,
                    field.arrow_type(),
                    nullable=not field.required,
                    metadata={"title": field.spec["title"], "description": field.spec["description"]},
                )
                for field in self.fields
            ],
            metadata={"title": self.title, "description": self.description, **(metadata or {})},
        )

    def to_pandera(self, backend: Literal["pandas", "polars"] = "polars") -> Any:
        """Return a pandera ``DataFrameSchema`` with the types and constraints of the table.

        For pandas it expects Arrow-backed columns, as ``load(table, as_="pandas")`` returns them.
        """
        if backend == "pandas":
            import pandas as pd
            import pandera.pandas

            library: Any = pandera.pandas

            def dtype(field: Field) -> Any:
                return pd.ArrowDtype(field.arrow_type())
        else:
            import pandera.polars
            import polars as pl

            library = pandera.polars

            types = {
                "integer": pl.Int64,
                "number": pl.Float64,
                "boolean": pl.Boolean,
                "date": pl.Date,
                "string": pl.String,
            }

            def dtype(field: Field) -> Any:
                return types[field.type]

        def checks(field: Field) -> list[Any]:
            found = []
            if field.enum:
                found.append(library.Check.isin(field.enum))
            if field.pattern:
                # Grouped, since a pattern with alternatives would otherwise be anchored only in part. Both engines
                # take $ for the end of the text, unlike Python, which lets a line feed follow.
                anchored = f"^(?:{field.pattern.removeprefix('^').removesuffix('$')})$"
                found.append(library.Check.str_matches(anchored))
            if field.minimum is not None:
                found.append(library.Check.ge(field.minimum))
            if field.maximum is not None:
                found.append(library.Check.le(field.maximum))
            return found

        return library.DataFrameSchema(
            {
                field.name: library.Column(
                    dtype(field),
                    checks(field),
                    nullable=not field.required,
                    unique=field.unique,
                    title=field.spec["title"],
                    description=field.spec["description"],
                )
                for field in self.fields
            },
            strict=True,
            ordered=True,
            name=self.name,
            title=self.title,
            description=self.description,
        )


def view_schema(name: str, view: dict[str, Any], schemas: dict[str, Schema]) -> Schema:
    """Return the Table Schema of a derived table.

    A column of ``view`` written as ``"table.column"`` carries over from there with its definition, codes and reference;
    ``from = "table.column"`` does so too, and what stands beside it is said in its place. One written out is derived.
    The first column is the key, and leads to the table it comes from.
    """
    fields: list[dict[str, Any]] = []
    references = []
    for column, origin in view["columns"].items():
        constraints = {} if fields else {"required": True, "unique": True}
        said: dict[str, Any] = {"from": origin} if isinstance(origin, str) else dict(origin)
        if carried := said.pop("from", None):
            table, _, original = carried.partition(".")
            spec = schemas[table][original].spec | said
            kept = {
                key: value for key, value in spec.get("constraints", {}).items() if key not in ("required", "unique")
            }
            constraints |= kept
            target = table if original == schemas[table].key else schemas[table].foreign_keys.get(original)
            if target:
                references.append(
                    {"fields": [column], "reference": {"resource": target, "fields": [schemas[target].key]}}
                )
        else:
            spec = said
        fields.append(
            {"name": column, **{key: value for key, value in spec.items() if key not in ("name", "constraints")}}
        )
        if constraints:
            fields[-1]["constraints"] = constraints
    return Schema(
        {
            "$schema": schemas["engagements"].spec["$schema"],
            "name": name,
            "title": view["title"],
            "description": view["description"],
            "fields": fields,
            "primaryKey": [fields[0]["name"]],
            "foreignKeys": references,
            "missingValues": [""],
        }
    )

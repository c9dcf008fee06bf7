"""How to cite this version of the dataset."""

from __future__ import annotations

import textwrap
from typing import Any, Literal

from .package import metadata


def cite(format: Literal["text", "bibtex"] = "text") -> str:
    """Return the citation of the installed version.

    Args:
        format: ``"text"`` for one line, ``"bibtex"`` for an entry.

    Raises:
        ValueError: there is no such format.
    """
    if format not in ("text", "bibtex"):
        raise ValueError(f"format={format!r} is not known; use 'text' or 'bibtex'")
    text, bibtex = citations(metadata())
    return text if format == "text" else bibtex


def citations(about: dict[str, Any], title: str = "", row_id: str = "") -> tuple[str, str]:
    """Return the citation of the version that ``about`` describes, as text and as BibTeX; of one row, if one is named.

    Args:
        about: what ``metadata`` returns.
        title: the name or title of the row.
        row_id: its id.
    """
    authors = " and ".join(person["title"] for person in about["contributors"])
    year, version, whole = about["release_date"].year, about["version"], about["title"]
    licence = about["licenses"][0]["name"]
    part = f"“{title}” [{row_id}]. In " if row_id else ""
    key = "-".join(filter(None, (about["name"], version, row_id)))
    held = f"Entry {row_id} of {whole}, data set" if row_id else "Data set"
    text = f"{authors} ({year}). {part}{whole} (version {version}) [Data set]. {licence}."
    bibtex = textwrap.dedent(f"""\
        @misc{{{key},
          title        = {{{title or whole}}},
          author       = {{{{{authors}}}}},
          year         = {{{year}}},
          version      = {{{version}}},
          howpublished = {{{held}, {licence}}},
        }}""")
    return text, bibtex

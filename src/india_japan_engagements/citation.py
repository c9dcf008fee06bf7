"""How to cite this version of the dataset."""

from __future__ import annotations

from typing import Any, Literal

from .package import metadata


def cite(format: Literal["text", "bibtex"] = "text") -> str:
    """Return the citation of the installed version.

    Args:
        format: ``"text"`` for one line, ``"bibtex"`` for an entry.

    Raises:
        ValueError: there is no such format.
    """
    return citation(metadata(), format)


def citation(about: dict[str, Any], format: str, title: str = "", row_id: str = "") -> str:
    """Return the citation of what ``about``, a ``metadata.toml``, describes, or of one row of it if one is named.

    Args:
        about: what ``metadata`` returns; its DOI is given once it has one.
        format: ``text`` or ``bibtex``.
        title: the name or title of the row.
        row_id: its id.

    Raises:
        ValueError: there is no such format.
    """
    authors = " and ".join(person["title"] for person in about["contributors"])
    year, version, whole = about["release_date"].year, about["version"], about["title"]
    licence, doi = about["licenses"][0]["name"], about["addresses"]["doi"]
    if format == "text":
        part = f"“{title}” [{row_id}]. In " if row_id else ""
        where = f" https://doi.org/{doi}" if doi else ""
        return f"{authors} ({year}). {part}{whole} (version {version}) [Data set]. {licence}.{where}"
    if format != "bibtex":
        raise ValueError(f"format={format!r} is not known; use 'text' or 'bibtex'")
    fields = {
        "title": title or whole,
        "author": f"{{{authors}}}",
        "year": year,
        "version": version,
        "doi": doi,
        "howpublished": f"{f'Entry {row_id} of {whole}, data set' if row_id else 'Data set'}, {licence}",
    }
    lines = [f"  {name:<12} = {{{value}}}," for name, value in fields.items() if value]
    key = "-".join(filter(None, (about["name"], version, row_id)))
    return "\n".join([f"@misc{{{key},", *lines, "}"])

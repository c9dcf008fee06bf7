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


def citation(about: dict[str, Any], format: str) -> str:
    """Return the citation of what ``about``, a ``metadata.toml``, describes; with its DOI once it has one."""
    authors = " and ".join(person["title"] for person in about["contributors"])
    year, version, title = about["release_date"].year, about["version"], about["title"]
    doi = about["addresses"]["doi"]
    if format == "text":
        where = f" https://doi.org/{doi}" if doi else ""
        return f"{authors} ({year}). {title} (version {version}) [Data set]. {about['licenses'][0]['name']}.{where}"
    if format != "bibtex":
        raise ValueError(f"format={format!r} is not known; use 'text' or 'bibtex'")
    fields = {
        "title": title,
        "author": f"{{{authors}}}",
        "year": year,
        "version": version,
        "doi": doi,
        "howpublished": f"Data set, {about['licenses'][0]['name']}",
    }
    lines = [f"  {name:<12} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{about['name']}-{version},", *lines, "}"])

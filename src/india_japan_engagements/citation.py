"""How to cite this version of the dataset."""

from __future__ import annotations

import textwrap
from typing import Literal

from .package import metadata


def cite(format: Literal["text", "bibtex"] = "text") -> str:
    """Return the citation of the installed version.

    Args:
        format: ``"text"`` for one line, ``"bibtex"`` for an entry.

    Raises:
        ValueError: there is no such format.
    """
    about = metadata()
    authors = " and ".join(person["title"] for person in about["contributors"])
    year, version, title = about["release_date"].year, about["version"], about["title"]
    if format == "text":
        return f"{authors} ({year}). {title} (version {version}) [Data set]. {about['licenses'][0]['name']}."
    if format != "bibtex":
        raise ValueError(f"format={format!r} is not known; use 'text' or 'bibtex'")
    return textwrap.dedent(f"""\
        @misc{{{about["name"]}-{version},
          title        = {{{title}}},
          author       = {{{{{authors}}}}},
          year         = {{{year}}},
          version      = {{{version}}},
          howpublished = {{Data set, {about["licenses"][0]["name"]}}},
        }}""")

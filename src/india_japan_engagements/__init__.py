"""India–Japan Engagements: who met whom, in what office, what was promised, and which page says so.

``load("engagements")`` returns a table, ``tables()`` names them, ``describe(table)`` is its codebook,
``cite()`` says how to cite this version. ``find``, ``between``, ``series`` and ``commitments`` answer questions;
``engagement(id)``, ``person(id)`` and their like return one row with all that hangs on it and its sources. Nothing is
imported or read before it is asked for.
"""

TYPE_CHECKING = False  # as type checkers know it; importing typing takes many times as long as all of this
if TYPE_CHECKING:
    from typing import Any

    from .citation import cite
    from .diffing import diff
    from .exporting import export
    from .package import describe, load, metadata, path, schema, tables
    from .queries import between, commitments, find, series
    from .records import (
        agreement,
        commitment,
        engagement,
        host_event,
        mechanism,
        office,
        person,
        place,
        record,
        source,
        topic,
    )
    from .validation import validate

    __version__: str

# Where each name lives. No module is called like a function here: importing it would put it in the function's place.
_RECORDS = (
    "agreement", "commitment", "engagement", "host_event", "mechanism", "office", "person", "place", "record", "source",
    "topic",
)  # fmt: skip
_QUERIES = ("between", "commitments", "find", "series")
_HOME = {
    **dict.fromkeys(("describe", "load", "metadata", "path", "schema", "tables"), "package"),
    **dict.fromkeys(_RECORDS, "records"),
    **dict.fromkeys(_QUERIES, "queries"),
    "cite": "citation",
    "diff": "diffing",
    "export": "exporting",
    "validate": "validation",
}

__all__ = [
    "__version__", "agreement", "between", "cite", "commitment", "commitments", "describe", "diff", "engagement",
    "export", "find", "host_event", "load", "mechanism", "metadata", "office", "path", "person", "place", "record",
    "schema", "series", "source", "tables", "topic", "validate",
]  # fmt: skip


def __getattr__(name: str) -> "Any":
    if name == "__version__":
        from .package import metadata

        value: Any = metadata()["version"]
    elif name in _HOME:
        try:
            # What importlib.import_module does, without what importing importlib takes.
            value = getattr(__import__(f"{__name__}.{_HOME[name]}", fromlist=[name]), name)
        except ModuleNotFoundError as error:
            message = (
                f"{name} needs {error.name}, which is not installed; run: pip install 'india-japan-engagements[all]'"
            )
            raise ImportError(message) from None
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

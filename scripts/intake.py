"""Take one or many forms into data/: python scripts/intake.py [--merge ID | --apart ID] FORM.yaml …

All forms are taken as one batch: everything they bring is written, or, if anything is wrong, nothing, and every
problem is said with the form's file and line. Exit code 0: taken in, 1: problems, 2: cannot run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.progress import track

from india_japan_engagements.intake import listed, take_in
from india_japan_engagements.store import Locked

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("forms", nargs="+", metavar="FORM.yaml")
    parser.add_argument("--merge", metavar="ID", help="the engagement of the form is this one: add what the form adds")
    parser.add_argument(
        "--apart", metavar="ID", action="append", default=[], help="this engagement only looks like one of the forms'"
    )
    parser.add_argument("--data", default=str(ROOT / "data"), help="the folder of the tables (default: data/)")
    options = parser.parse_args(arguments)
    console = Console(stderr=True)

    def progress(paths: Iterable[str]) -> Iterable[str]:
        return track(paths, "reading forms", console=console, transient=True, disable=not console.is_terminal)

    try:
        result = take_in(options.data, options.forms, merge=options.merge, apart=options.apart, progress=progress)
    except (Locked, OSError, ValueError) as error:
        print(f"intake: {error}", file=sys.stderr)
        return 2
    print(listed(result))
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())

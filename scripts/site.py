"""Build the explorer, a static site of the whole record, into site/: open site/index.html, or put it on any server."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import track

from explorer.pages import CHECKOUT, File, write


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=CHECKOUT / "site", help="the folder to write (default: site/)")
    out: Path = parser.parse_args(arguments).out

    def watch(files: list[File]) -> Iterator[File]:
        yield from track(files, description="Writing the site", console=Console(stderr=True), transient=True)

    began = time.monotonic()
    try:
        count = write(out.resolve(), watch)
    except (OSError, ValueError) as error:
        print(f"site: {error}", file=sys.stderr)
        return 2
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6
    print(f"wrote {count:,} files, {size:,.0f} MB, to {out} in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

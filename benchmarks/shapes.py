"""How the Parquet files are best laid out: size and reading time of alternatives, and how much a question fetches.

    python benchmarks/shapes.py [--rounds 15]

The largest table of the record and the engagements of a simulated one are written in each way and read whole, in turn.
Then a server that counts bytes hands the same rows out by range, to a reader that wants three columns of one year.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import tempfile
import threading
import urllib.request
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from harness import save, take

import india_japan_engagements as ije

ROOT = Path(__file__).resolve().parent.parent
MEETINGS = 100_000
SHIPPED: dict[str, Any] = {"compression": "snappy"}
WAYS: dict[str, dict[str, Any]] = {
    "as shipped (snappy, dictionaries)": SHIPPED,
    "no compression": {"compression": "none"},
    "zstd": {"compression": "zstd"},
    "no dictionaries": SHIPPED | {"use_dictionary": False},
    "no statistics": SHIPPED | {"write_statistics": False},
    "row groups of 5,000": SHIPPED | {"row_group_size": 5_000},
    "text as DELTA_BYTE_ARRAY": SHIPPED | {"use_dictionary": False, "column_encoding": "text"},
    "page index": SHIPPED | {"write_page_index": True},
}


def simulated() -> pa.Table:
    """Return the engagements of a simulated record, in the order of their ids."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from simulate import part

    found = part(0, MEETINGS // 200, 1, 0.0)["engagements"].sort("engagement_id")
    return found.drop("n", "day", "step", "source_id", "fault", "pair").to_arrow()


def write(table: pa.Table, path: Path, options: dict[str, Any]) -> None:
    """Write a table in one of the ways."""
    if options.get("column_encoding") == "text":
        text = {one.name: "DELTA_BYTE_ARRAY" for one in table.schema if pa.types.is_string(one.type)}
        options = options | {"column_encoding": text}
    pq.write_table(table, path, **options)


def layouts(rounds: int) -> list[dict[str, object]]:
    """Return size and reading time of each way, over those of the way that is shipped."""
    facts: list[dict[str, object]] = []
    tables = {"evidence": ije.load("evidence"), f"{MEETINGS:,} simulated engagements": simulated()}
    with tempfile.TemporaryDirectory() as scratch:
        for name, table in tables.items():
            plain = table.cast(pa.schema([one.with_type(text(one.type)) for one in table.schema]))
            paths = {way: Path(scratch) / f"{number}.parquet" for number, way in enumerate(WAYS)}
            for way, path in paths.items():
                write(plain, path, WAYS[way])
            taken = take({way: partial(read, path) for way, path in paths.items()}, rounds)
            first = next(iter(WAYS))
            for way, path in paths.items():
                ratio = statistics.median(taken[way]) / statistics.median(taken[first])
                size = path.stat().st_size
                facts.append(
                    {"table": name, "way": way, "bytes": size, "size": round(size / paths[first].stat().st_size, 2),
                     "reading": round(ratio, 2)}
                )  # fmt: skip
    return facts


def text(kind: pa.DataType) -> pa.DataType:
    """Return plain text for text of any kind, other types as they are."""
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind


def read(path: Path) -> pa.Table:
    """Read a whole file."""
    return pq.ParquetFile(path).read()


class Remote(io.RawIOBase):
    """A file behind an address, read by ranges."""

    def __init__(self, address: str, size: int) -> None:
        """Open it; nothing is fetched yet."""
        self.address, self.size, self.at = address, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move, without fetching."""
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def readinto(self, buffer: Any) -> int:
        """Fetch a range."""
        wanted = min(len(buffer), self.size - self.at)
        if wanted <= 0:
            return 0
        request = urllib.request.Request(self.address, headers={"Range": f"bytes={self.at}-{self.at + wanted - 1}"})
        with urllib.request.urlopen(request) as answer:
            content = answer.read()
        buffer[: len(content)] = content
        self.at += len(content)
        return len(content)


class Counting(BaseHTTPRequestHandler):
    """Hands out ranges of one file and counts what it sends."""

    content = b""
    sent = 0
    requests = 0

    def do_GET(self) -> None:
        """Answer with the range that was asked for."""
        first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
        part = self.content[int(first) : int(last) + 1]
        Counting.sent += len(part)
        Counting.requests += 1
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def fetched() -> list[dict[str, object]]:
    """Return how much of a file is fetched for three columns of one year."""
    facts: list[dict[str, object]] = []
    table = simulated()
    table = table.cast(pa.schema([one.with_type(text(one.type)) for one in table.schema]))
    ways = {
        "as shipped, by id": (table, SHIPPED),
        "by id, row groups of 5,000": (table, SHIPPED | {"row_group_size": 5_000}),
        "by date, row groups of 5,000": (table.sort_by("start_date"), SHIPPED | {"row_group_size": 5_000}),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for way, (rows, options) in ways.items():
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink, **options)
        Counting.content, Counting.sent, Counting.requests = sink.getvalue().to_pybytes(), 0, 0
        address = f"http://127.0.0.1:{server.server_port}/engagements.parquet"
        with pq.ParquetFile(io.BufferedReader(Remote(address, len(Counting.content)), 1)) as file:
            column = file.schema_arrow.get_field_index("start_date")
            groups = []
            for group in range(file.num_row_groups):
                about = file.metadata.row_group(group).column(column).statistics
                if about.min <= "1999-12-31" and about.max >= "1999-01-01":
                    groups.append(group)
            file.read_row_groups(groups, columns=["engagement_id", "start_date", "kind"])
        facts.append(
            {"way": way, "bytes": len(Counting.content), "fetched": Counting.sent, "requests": Counting.requests,
             "share": round(Counting.sent / len(Counting.content), 3)}
        )  # fmt: skip
    server.shutdown()
    return facts


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    save("shapes", [], [*layouts(parser.parse_args().rounds), *fetched()])


if __name__ == "__main__":
    main()

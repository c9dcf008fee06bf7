"""How a benchmark is taken: contenders in turn, many rounds, medians and ratios, never a bare time.

Machines differ and are busy; two things measured in turn in one run share whatever the machine was doing. So every
claim is a ratio of two medians taken side by side, and its spread is the middle half of the ratios of single rounds.
"""

from __future__ import annotations

import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

Contender = Callable[[], object]
RESULTS = Path(__file__).resolve().parent / "results.json"
LIBRARIES = ("pyarrow", "polars", "duckdb", "narwhals", "frictionless")


@dataclass
class Claim:
    """One ratio that is claimed, with its limit, if it has one, and what was measured.

    ``ratio`` is the median of ``above`` over that of ``below``, in seconds unless the name says otherwise, each less
    ``floor`` where one is given; ``low`` and ``high`` are the quartiles of the ratios of single rounds.
    """

    name: str
    above: str
    below: str
    limit: float | None
    ratio: float
    low: float
    high: float
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Whether the ratio is within its limit."""
        return self.limit is None or self.ratio <= self.limit

    def as_json(self) -> dict[str, Any]:
        """Return the claim as plain values, three digits each."""
        found = asdict(self) | {"kept": self.kept}
        for key in ("ratio", "low", "high"):
            found[key] = float(f"{found[key]:.3g}")
        found["seconds"] = {name: float(f"{value:.3g}") for name, value in self.seconds.items()}
        return found


def take(contenders: Mapping[str, Contender], rounds: int, seed: int = 20261123) -> dict[str, list[float]]:
    """Return the seconds each contender took in each round; within a round they run in shuffled order."""
    draw = random.Random(seed)
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for name in contenders:
        contenders[name]()  # once for the file cache and the compiled bytecode
    for _ in range(rounds):
        order = [*contenders]
        draw.shuffle(order)
        for name in order:
            start = time.perf_counter()
            contenders[name]()
            taken[name].append(time.perf_counter() - start)
    return taken


def claim(
    name: str, taken: Mapping[str, Sequence[float]], above: str, below: str, limit: float | None, floor: str = ""
) -> Claim:
    """Return the claim that ``above`` takes at most ``limit`` times what ``below`` takes, or just what it takes."""
    lowest = statistics.median(taken[floor]) if floor else 0.0
    upper, lower = (statistics.median(taken[one]) - lowest for one in (above, below))
    single = [(a - lowest) / (b - lowest) for a, b in zip(taken[above], taken[below], strict=True)]
    low, _, high = statistics.quantiles(single, n=4, method="inclusive") if len(single) > 1 else (single[0],) * 3
    used = {one: statistics.median(taken[one]) for one in (above, below, floor) if one}
    return Claim(name, above, below, limit, upper / lower, low, high, used)


def process(code: str, python: str = sys.executable, **environment: str) -> Contender:
    """Return what runs ``code`` in a fresh interpreter, bytecode allowed, away from this checkout."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")} | environment

    def run() -> None:
        subprocess.run([python, "-c", code], check=True, cwd="/", env=variables, stdout=subprocess.DEVNULL)

    return run


def command(arguments: Sequence[str], cwd: str = "/", accepted: Sequence[int] = (0,), **environment: str) -> Contender:
    """Return what runs a command to its end.

    The contender raises RuntimeError where the command ends with a code that is not among ``accepted``.
    """
    variables = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")} | environment

    def run() -> None:
        done = subprocess.run(arguments, cwd=cwd, env=variables, capture_output=True, check=False)
        if done.returncode not in accepted:
            raise RuntimeError(f"{arguments[0]} ended with {done.returncode}: {done.stderr.decode()[-500:]}")

    return run


def memory(code: str, python: str = sys.executable) -> float:
    """Return the peak resident memory, in MB, of a fresh interpreter that runs ``code``."""
    watch = (
        "import resource, subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], check=True, "
        "stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    return float(subprocess.run([python, "-c", watch, code], check=True, capture_output=True, text=True).stdout)


def table(claims: Sequence[Claim]) -> str:
    """Return the claims as a Markdown table: ratio, spread, limit, and the seconds behind them."""
    lines = [
        "| what | ratio | middle half | limit | medians |",
        "| --- | ---: | --- | ---: | --- |",
    ]
    for one in claims:
        shown = ", ".join(f"{name} {_seconds(value)}" for name, value in one.seconds.items())
        mark = "" if one.kept else " **missed**"
        limit = "–" if one.limit is None else f"{one.limit:g}"
        lines.append(f"| {one.name} | {one.ratio:.3g}{mark} | {one.low:.3g}–{one.high:.3g} | {limit} | {shown} |")
    return "\n".join(lines)


def save(section: str, claims: Sequence[Claim], facts: Sequence[Mapping[str, object]] = ()) -> None:
    """Put what was measured into ``benchmarks/results.json``, with the machine, and how busy it was."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known[section] = {
        "command": f"python benchmarks/{section}.py",
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "busy": round(os.getloadavg()[2], 1),
        "versions": {name: version(name) for name in LIBRARIES},
        "claims": [one.as_json() for one in claims],
        "facts": [dict(fact) for fact in facts],
    }
    RESULTS.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n")
    print(table(claims), *facts, sep="\n", flush=True)


def _seconds(value: float) -> str:
    if value < 1e-3:
        return f"{value * 1e6:.3g} µs"
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:.3g} s"

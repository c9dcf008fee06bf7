"""The pictures of the documents: SVG of the values that the code shown above them has computed.

Each is drawn the same to the byte wherever it is drawn: no clock, no random names, text left as text.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.typing import RcKeyType

from india_japan_engagements.queries import days

Names = dict[str, Any]

# Two blues and a red that stay apart for those who see few colours, on greys.
DARK, LIGHT, RED, INK, GREY = "#1f4e79", "#9dbfdd", "#c8553d", "#222222", "#dddddd"

STYLE: dict[RcKeyType, Any] = {
    "svg.hashsalt": "india-japan-engagements",
    "svg.fonttype": "none",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "figure.titlesize": 11,
    "figure.titleweight": "bold",
    "grid.color": GREY,
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
}


def leaders_by_year(names: Names) -> bytes:
    """Draw ``by_year``: how many occasions in each year, in person and by telephone or video."""
    by_year = names["by_year"]

    def draw(axes: Axes) -> None:
        below = [0] * len(by_year)
        for column, colour in zip(by_year.columns, (DARK, LIGHT), strict=True):
            counts = [int(count) for count in by_year[column]]
            axes.bar(by_year.index, counts, bottom=below, color=colour, label=column, width=0.75)
            below = [low + count for low, count in zip(below, counts, strict=True)]
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.xaxis.set_major_locator(MaxNLocator(14, integer=True))
        axes.grid(axis="y")
        axes.legend(loc="upper left", ncols=2)
        axes.set_ylim(0, max(below) * 1.2)

    return _drawn("Occasions on which the prime ministers met or spoke", 3.2, draw)


def topics_by_year(names: Names) -> bytes:
    """Draw ``topics``: at how many meetings each came up, by year."""
    topics = names["topics"]
    counted = enumerate(topics.to_numpy().tolist())
    cells = [(column, row, count) for row, counts in counted for column, count in enumerate(counts) if count]

    def draw(axes: Axes) -> None:
        columns, rows, counts = zip(*cells, strict=True)
        axes.scatter(columns, rows, s=[60 + 300 * count / max(counts) for count in counts], color=LIGHT, linewidths=0)
        for column, row, count in cells:
            axes.annotate(str(count), (column, row), ha="center", va="center", fontsize=8)
        axes.set_yticks(range(len(topics)), topics.index)
        axes.set_xticks(range(topics.shape[1]), topics.columns)
        axes.tick_params(axis="x", rotation=0 if topics.shape[1] < 20 else 90)
        axes.set_ylim(len(topics) - 0.5, -0.5)
        axes.grid(axis="y")

    return _drawn("How often the prime ministers took up a topic, when they met or spoke", 5.2, draw)


def yen_targets(names: Names) -> bytes:
    """Draw ``targets`` with their ``updates``, from the day each was set to its deadline, or else to ``released``."""
    targets, updates, released = names["targets"], names["updates"], names["released"]
    colours = {"delivered": DARK, "partly_delivered": DARK}

    def draw(axes: Axes) -> None:
        for place, target in enumerate(targets):
            made = _year(target["made_on"])
            end = _year(target["deadline"], last=True) if target["deadline"] else _year(str(released))
            axes.plot([made, end], [place, place], color=LIGHT, linewidth=8, solid_capstyle="butt")
            due = f"due {target['deadline']}" if target["deadline"] else "no year named"
            label = f"JPY {target['amount'] / 1e12:g} trillion, {due}"
            axes.annotate(label, (made, place), (0, 12), textcoords="offset points", fontweight="bold")
            for update in updates:
                if update["commitment_id"] == target["commitment_id"]:
                    seen, colour = _year(update["observed_on"]), colours.get(update["status"], "white")
                    axes.plot(seen, place, "o", markersize=8, markerfacecolor=colour, markeredgecolor=DARK)
            axes.plot(made, place, "|", markersize=16, markeredgewidth=2, color=DARK)
        for label, colour in (("said again", "white"), ("delivered, or partly", DARK)):
            axes.plot([], [], "o", markersize=8, markerfacecolor=colour, markeredgecolor=DARK, label=label)
        axes.legend(loc="lower left")
        axes.set_yticks([])
        axes.set_ylim(len(targets) - 0.6, -0.9)
        axes.xaxis.set_major_locator(MaxNLocator(14, integer=True))
        axes.grid(axis="x")

    return _drawn("Japan's targets for investment in India", 1.2 + 0.75 * len(targets), draw)


def loans_by_year(names: Names) -> bytes:
    """Draw ``lent``: billions of yen signed for in each fiscal year."""
    lent = names["lent"]

    def draw(axes: Axes) -> None:
        bars = axes.bar(lent.index.astype(int), lent["billion_yen"].tolist(), color=DARK, width=0.75)
        axes.bar_label(bars, fontsize=9 if len(lent) < 20 else 5, padding=2)
        axes.xaxis.set_major_locator(MaxNLocator(14, integer=True))
        axes.set_yticks([])

    return _drawn("Loans and grants signed in a fiscal year from April, in billions of yen", 3.2, draw)


def pairs(names: Names) -> bytes:
    """Draw ``pairs``: how often two persons met, and from when to when."""
    met = names["pairs"].to_dict("records")

    def draw(axes: Axes) -> None:
        bars = axes.barh(range(len(met)), [row["times"] for row in met], color=LIGHT, height=0.7)
        years = ["–".join(dict.fromkeys((row["first"][:4], row["last"][:4]))) for row in met]
        axes.bar_label(bars, [f"{row['times']} · {span}" for row, span in zip(met, years, strict=True)], padding=4)
        axes.set_yticks(range(len(met)), [f"{row['person_ind']}, {row['person_jpn']}" for row in met])
        axes.set_ylim(len(met) - 0.5, -0.5)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)

    return _drawn("Occasions on which two persons met", 0.8 + 0.28 * len(met), draw)


def lapsed(names: Names) -> bytes:
    """Draw the ``sessions`` of each of the ``lapsed`` series, and what has passed since to the ``released`` day."""
    lapsed, sessions, released = names["lapsed"], names["sessions"], names["released"]

    def draw(axes: Axes) -> None:
        for place, (series, last) in enumerate(lapsed["last"].items()):
            held = sessions[sessions["mechanism"] == series]["start_date_latest"]
            axes.plot([_year(str(last)), _year(str(released))], [place, place], color=RED, linewidth=1.2)
            axes.plot([_year(str(day)) for day in held], [place] * len(held), "o", color=DARK, markersize=6)
        axes.set_yticks(range(len(lapsed)), [_short(name) for name in lapsed.index], fontsize=9)
        axes.tick_params(labeltop=True)
        axes.set_ylim(len(lapsed) - 0.5, -0.5)
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        axes.grid(axis="x")

    return _drawn("Series of which the record has no session in the last two years", 0.9 + 0.26 * len(lapsed), draw)


def official(names: Names) -> bytes:
    """Draw ``by_level``: how many engagements were held at each level, and how many of them a government tells of."""
    by_level = names["by_level"]

    def draw(axes: Axes) -> None:
        places = range(len(by_level))
        axes.barh(places, [100] * len(by_level), color=GREY, height=0.7)
        axes.barh(places, by_level["percent"].tolist(), color=LIGHT, height=0.7)
        for place, (percent, held) in enumerate(zip(by_level["percent"], by_level["held"], strict=True)):
            axes.annotate(f"{percent} % of {held}", (1, place), va="center", fontsize=9)
        axes.set_yticks(places, [level.replace("_", " ") for level in by_level.index])
        axes.set_ylim(len(by_level) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)

    return _drawn("Engagements that a page of either government bears out", 0.8 + 0.28 * len(by_level), draw)


DRAW: dict[str, Callable[[Names], bytes]] = {
    "leaders-by-year": leaders_by_year,
    "topics-by-year": topics_by_year,
    "yen-targets": yen_targets,
    "loans-by-year": loans_by_year,
    "pairs": pairs,
    "lapsed": lapsed,
    "official": official,
}


def _drawn(title: str, height: float, draw: Callable[[Axes], None]) -> bytes:
    """Return an SVG, 8 inches wide, of what ``draw`` puts on its axes."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8, height), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left")
        draw(figure.add_subplot())
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Title": title, "Creator": None, "Date": None})
    return b"".join(line.rstrip() + b"\n" for line in out.getvalue().splitlines())


def _short(series: str) -> str:
    return series.removeprefix("India-Japan ").removeprefix("Japan-India ")


def _year(text: str, last: bool = False) -> float:
    """Return where on an axis of years the first, or last, day lies that a date can mean."""
    day: date = days(text)[last]
    return day.year + (day.timetuple().tm_yday - 1) / 366

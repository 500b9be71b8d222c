"""Bar charts as SVG, the same bytes for the same figures, readable in black and white."""

import textwrap
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from threading import Lock

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.sections import Chart
from reports.words import HIDDEN_WORDS, Share, written

# Ids in an SVG are random and letters are outlines of the reader's font, unless said so.
mpl.rcParams.update({"svg.hashsalt": "lyhord", "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 9.5})
_INK = "#1a2430"
_BAR = "#3d5a66"
# On a phone the picture is as wide as the screen: narrower, its words would be larger than the text around it.
_WIDTH = 3.5
_BAR_INCHES = 0.27
_LINE_INCHES = 0.15
_LABEL = 22
# Matplotlib keeps fonts and settings for the whole process, and the desk answers several people at once.
_ONE_AT_A_TIME = Lock()


@lru_cache(maxsize=128)
def chart_svg(chart: Chart) -> str:
    """The chart: one bar a label from top to bottom, its figure beside it; a withheld one is dashed and says so.

    Length alone tells, never colour; the white ground is part of the picture, so that it reads on a dark page too.
    """
    with _ONE_AT_A_TIME:
        labels = [textwrap.fill(label, _LABEL, break_long_words=False) for label in chart.labels]
        lines = max((label.count("\n") for label in labels), default=0)
        height = 0.35 + (_BAR_INCHES + _LINE_INCHES * lines) * len(labels)
        figure = Figure(figsize=(_WIDTH, height), layout="constrained", facecolor="white")
        _draw(figure.add_subplot(), chart, labels)
        made = BytesIO()
        figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None})
    return made.getvalue().decode()


def _draw(axes: Axes, chart: Chart, labels: Sequence[str]) -> None:
    # A share is told against the whole, a count against the largest.
    longest = 1 if chart.percent else max((value for value in chart.values if value is not None), default=0) or 1
    for row, value in enumerate(chart.values):
        if value is None:
            axes.barh(row, longest * 0.06, height=0.6, color="white", edgecolor=_INK, linestyle="--", linewidth=0.8)
            _say(axes, longest * 0.06, row, HIDDEN_WORDS)
        else:
            axes.barh(row, value, height=0.6, color=_BAR, edgecolor=_INK, linewidth=0.5)
            _say(axes, value, row, written(Share(value) if chart.percent else int(value)))
    axes.set_yticks(range(len(labels)), labels)
    # Room for the words beside the longest bar, and for those of a withheld one.
    axes.set_xlim(0, longest * 1.3)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.tick_params(length=0, colors=_INK)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)


def _say(axes: Axes, where: float, row: int, text: str) -> None:
    axes.annotate(text, (where, row), (4, 0), textcoords="offset points", va="center", color=_INK)


def chart_words(heading: str) -> str:
    """What a chart says to those who do not see it: the same figures stand in its table."""
    return f"Stapeldiagram: {heading[:1].lower()}{heading[1:]}. Siffrorna står i tabellen."

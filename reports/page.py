"""A compilation as a page of the desk, or as an HTML file that stands alone."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.charts import chart_svg, chart_words
from reports.sections import Chart, Report
from reports.words import NOTHING, NOTHING_WORDS, is_number, written


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the page: its value in the address, how it reads, and whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PageFrame:
    """What stands around a report on the desk: what else may be chosen, where its files are, how far it has come.

    ``chain`` are the parts of its way as (step, part, what is said of it). ``lacking`` are what is missing and the
    numbers of the cases it is missing in, where they were asked for at ``lacking_path``.
    """

    path: str
    periods: tuple[Choice, ...]
    parts: tuple[Choice, ...]
    downloads: tuple[tuple[str, str], ...]
    note: str = ""
    chain: tuple[tuple[str, str, str], ...] = ()
    lacking_path: str = ""
    lacking: tuple[tuple[str, tuple[str, ...]], ...] = ()


def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("templates", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"written": written, "picture": _picture}
    pages.tests |= {"numeric": is_number, "nothing": lambda cell: cell == NOTHING}
    pages.globals |= {"chart_words": chart_words, "nothing_words": NOTHING_WORDS}
    return pages


def _picture(chart: Chart) -> str:
    return "data:image/svg+xml;base64," + b64encode(chart_svg(chart).encode()).decode()


_PAGES = _environment()


def report_fragment(report: Report, frame: PageFrame) -> str:
    """The desk's page, escaped, without its first heading, which the desk writes."""
    return _PAGES.get_template("page.html").render(report=report, frame=frame)


def report_html(report: Report) -> str:
    """A page of its own, which needs nothing from anywhere."""
    return _PAGES.get_template("alone.html").render(report=report)


def choices(values: Sequence[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    """The values and labels of a list to choose from."""
    return tuple(Choice(value, label, value == chosen) for value, label in values)

"""A compilation as a paged, tagged PDF that follows PDF/UA-1, set by Typst."""

import json
from importlib.resources import files

import typst

from cases.errors import TypesettingError
from reports.charts import chart_svg, chart_words
from reports.sections import Report, Section
from reports.words import is_number, written


def report_pdf(report: Report) -> bytes:
    """The PDF, the same bytes for the same report. Raises TypesettingError.

    Text goes in as data and is never read as markup. Typst refuses what breaks PDF/UA-1: a picture without words,
    a skipped heading, a document without title or language.
    """
    template = files("templates").joinpath("report", "compilation.typ").read_bytes()
    try:
        made: bytes = typst.compile(
            template,
            format="pdf",
            pdf_standards=["ua-1"],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(_data(report), ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise TypesettingError(f"Sammanställningen {report.title!r} kunde inte göras till PDF: {error}") from error
    return made


def _data(report: Report) -> dict[str, object]:
    return {
        "title": report.title,
        "municipality": report.municipality,
        "scope": report.scope,
        "made_on": report.made_on,
        "summary": report.summary,
        "gaps": report.gaps,
        "statistics": [_section(section) for section in report.statistics],
        "listing": _section(report.listing),
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "heading": section.heading,
        "note": section.note,
        "columns": section.columns,
        "rows": [[written(cell) for cell in row] for row in section.rows],
        "numbers": [_numeric(section, column) for column in range(len(section.columns))],
        "wide": section.wide,
        "chart": chart_svg(section.chart) if section.chart else "",
        "alt": chart_words(section.heading),
    }


def _numeric(section: Section, column: int) -> bool:
    return bool(section.rows) and any(is_number(row[column]) for row in section.rows)

"""A compilation as spreadsheets: an Excel workbook, and CSV as Swedish Excel opens it."""

import csv
import io
import re
from datetime import UTC, date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cases.numerals import NEARLY_ALL, NEARLY_NONE, percent_words
from reports.sections import Report, Section
from reports.words import Cell, Days, Hidden, Nothing, Share, written

_NO_NAME = re.compile(r"[\[\]:*?/\\]")
"""What Excel takes in no sheet's name, of at most 31 signs."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# The same bytes for the same report: a workbook otherwise tells when it was made.
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe first (OWASP)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def report_csv(report: Report, *, statistics: bool = False) -> bytes:
    """The list, or the figures as rows of table, column and value; semicolons and a byte order mark, for Excel."""
    written_to = io.StringIO(newline="")
    rows = csv.writer(written_to, delimiter=";")
    if statistics:
        rows.writerow(("Tabell", "Rad", "Kolumn", "Värde"))
        for section in report.statistics:
            for row in section.rows:
                for name, cell in zip(section.columns[1:], row[1:], strict=True):
                    rows.writerow([harmless(text) for text in (section.heading, _plain(row[0]), name, _plain(cell))])
    else:
        rows.writerow(report.listing.columns)
        rows.writerows([harmless(_plain(cell)) for cell in row] for row in report.listing.rows)
    return b"\xef\xbb\xbf" + written_to.getvalue().encode()


def _plain(cell: Cell) -> str:
    """For machines: ISO days, and numbers without spaces."""
    match cell:
        case Share(value):
            return f"{value:.4f}".replace(".", ",")
        case Days(value):
            return f"{value:g}".replace(".", ",")
        case int():
            return str(cell)
        case date():
            return cell.isoformat()
        case _:
            return written(cell)


def report_xlsx(report: Report) -> bytes:
    """A workbook: the list on its first sheet, each table of figures on one of its own; the same bytes each time."""
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{report.title}. {report.scope}", "author": report.municipality, "created": _MADE})
    around = f"&L{_in_margin(report.title)}&R{_in_margin(report.scope)}"
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "withheld": book.add_format({"valign": "top", "align": "right"}),
        "share": book.add_format({"num_format": "0 %", "valign": "top"}),
        **{
            words: book.add_format({"num_format": f'"{words}"', "valign": "top", "align": "right"})
            for words in (NEARLY_NONE, NEARLY_ALL)
        },
        "days": book.add_format({"valign": "top"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
    }
    for section in (report.listing, *report.statistics):
        sheet = book.add_worksheet(_NO_NAME.sub("", section.heading)[:31])
        _paper(sheet, around)
        _sheet(sheet, section, styles)
    book.close()
    return made.getvalue()


def _in_margin(text: str) -> str:
    """In Excel's margins an ampersand begins a command unless it is doubled, and both sides share 255 signs."""
    return text[:90].replace("&", "&&")


def _paper(sheet: Worksheet, around: str) -> None:
    """A4 across, as wide as the table is; which period and part it is about stands above, for it is in no cell."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(around)
    sheet.set_footer("&L&A&RSida &P av &N")


def _sheet(sheet: Worksheet, section: Section, styles: dict[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(section.columns) - 1, 32 if section.wide else 24)
    for column, name in enumerate(section.columns):
        sheet.write_string(0, column, name, styles["head"])
    for number, row in enumerate(section.rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, styles)
    if section.rows:
        sheet.autofilter(0, 0, len(section.rows), len(section.columns) - 1)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, styles: dict[str, Format]) -> None:
    match cell:
        case Share(value):
            # Excel rounds to none and all by itself; the figure behind the words stays what it is.
            sheet.write_number(row, column, value, styles.get(percent_words(value), styles["share"]))
        case Days(value):
            sheet.write_number(row, column, value, styles["days"])
        case int():
            sheet.write_number(row, column, cell, styles["text"])
        case date():
            sheet.write_datetime(row, column, cell, styles["date"])
        case Hidden() | Nothing():
            sheet.write_string(row, column, written(cell), styles["withheld"])
        case str():
            # A text stays a text: it is written as one, whatever it begins with.
            sheet.write_string(row, column, cell, styles["text"])

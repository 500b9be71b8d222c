"""Files: no cell becomes a formula, the PDF is tagged, the same figures give the same bytes."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import matplotlib as mpl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cases.compilations.compilation import Compiler
from cases.compilations.figures import Helped, Kept
from cases.compilations.periods import ListColumn, ReportRules, read_period
from cases.people.access import SYSTEM
from cases.promises import PROMISE_NAMES, PromiseKind
from cases.routing.suggestion import CaseType
from reports.charts import chart_svg
from reports.page import report_html
from reports.pdf import report_pdf
from reports.sections import Chart, Report, Section, report_of
from reports.spreadsheet import harmless, report_csv, report_xlsx
from reports.words import HIDDEN, NOTHING, Days, Share, decimal, whole, written
from tests.reports import town

RULES = ReportRules(half_yearly_months=(2, 8), columns=tuple(ListColumn))
EVIL = ("=HYPERLINK(1)", "+46", "-1", "@SUM(A1)", "\t=1", "\r=1", "<script>alert(1)</script>", '#import "x"; *hej* $x$')
_X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def report(sqlite_store) -> Report:
    with sqlite_store.begin() as tx:
        for text in EVIL:
            town.add(tx, town.case(register_subject=text, improvement=text, outcome=None), suggested="va")
        for number in range(8):
            town.add(tx, town.case(unit_id="skola", received_at=datetime(2025, 3, 1 + number, tzinfo=UTC)))
    office = town.OFFICE
    maker = Compiler(RULES, office.organisation, office.calendar, office.screen)
    with sqlite_store.read() as tx:
        return report_of(maker.compile(tx, SYSTEM, read_period("2026-H1"), maker.scope(""), town.NOW), "Ekdala kommun")


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("statistics", [False, True])
def test_no_cell_of_a_csv_begins_a_formula(report: Report, statistics: bool) -> None:
    rows = read_csv(report_csv(report, statistics=statistics))
    assert len(rows) > len(EVIL)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert len({len(row) for row in rows}) == 1


@given(st.text(max_size=20))
def test_a_harmless_text_is_the_text_or_has_an_apostrophe(text: str) -> None:
    assert harmless(text) in (text, f"'{text}")
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_csv_opens_in_swedish_excel(report: Report) -> None:
    content = report_csv(report)
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content)[0] == ["Enhet", "Datum", "Vad det berör", "Åtgärd", "Typ", "Orsak och förbättring"]
    assert read_csv(content)[1][1] == "2026-05-12"


def test_a_workbook_holds_no_formula_and_numbers_are_numbers(report: Report) -> None:
    """On paper it says what it is about: in its cells neither period nor part stands."""
    with zipfile.ZipFile(io.BytesIO(report_xlsx(replace(report, scope="Vatten & avlopp")))) as book:
        names = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        sheets = [etree.fromstring(book.read(name)) for name in names]
        texts = etree.fromstring(book.read("xl/sharedStrings.xml"))
    assert len(sheets) == len([s for s in report.sections if s.rows])
    assert not [f for sheet in sheets for f in sheet.iter(f"{_X}f")]
    assert "=HYPERLINK(1)" in ["".join(item.itertext()) for item in texts]
    margins = [("".join(sheet.itertext(f"{_X}oddHeader")), sheet.find(f"{_X}pageSetup")) for sheet in sheets]
    assert {said for said, _ in margins} == {"&LSynpunkter och klagomål, första halvåret 2026&RVatten && avlopp"}
    assert {(one.get("orientation"), one.get("fitToHeight")) for _, one in margins} == {("landscape", "0")}
    months = sheets[1]
    assert [cell.get("t") for cell in months.iter(f"{_X}c") if cell.get("r") == "B6"] == [None]


def test_a_workbook_names_its_sheets_as_excel_can(report: Report) -> None:
    """It refuses some signs: where answers ask whether they were of help, no workbook could be had."""
    asked = Section("hjalpt", "Blev de hjälpta? [i/år]: ja*nej\\ och till slut", ("Enhet", "Svarade"), (("Gata", 7),))
    with zipfile.ZipFile(io.BytesIO(report_xlsx(replace(report, statistics=(asked,))))) as book:
        sheets = etree.fromstring(book.read("xl/workbook.xml")).iter(f"{_X}sheet")
        assert [one.get("name") for one in sheets] == [report.listing.heading, "Blev de hjälpta iår janej och t"]


def test_a_workbook_tells_neither_none_nor_all_of_what_is_nearly_so(report: Report) -> None:
    """Excel rounds by itself: one promise kept of 250 was 0 %, and 499 of 500 were 100 %."""
    shares = tuple(("Svar", Share(value)) for value in (0.0, 0.004, 0.5, 0.998, 1.0))
    figures = Section("loften", "Löften", ("Löfte", "I tid"), shares)
    with zipfile.ZipFile(io.BytesIO(report_xlsx(replace(report, statistics=(figures,))))) as book:
        cells = etree.fromstring(book.read("xl/worksheets/sheet2.xml")).iter(f"{_X}c")
        styles = etree.fromstring(book.read("xl/styles.xml"))
    names = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{_X}numFmt")}
    formats = [names.get(one.get("numFmtId"), "") for one in styles.find(f"{_X}cellXfs")]
    said = [formats[int(cell.get("s"))] for cell in cells if cell.get("r") in ("B2", "B3", "B4", "B5", "B6")]
    assert said == ["0 %", '"under 1 %"', "0 %", '"över 99 %"', "0 %"]


def test_a_pdf_is_tagged_swedish_titled_and_paged(report: Report) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(report_pdf(report)))
    root = pdf.trailer["/Root"]
    assert root["/Lang"].startswith("sv")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Synpunkter och klagomål, första halvåret 2026"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    tags = list(_tags(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/Figure"} <= {tag for tag, _ in tags}
    pictures = [alt for tag, alt in tags if tag == "/Figure"]
    assert len(pictures) == sum(section.chart is not None for section in report.statistics) == 2
    assert all(alt.startswith("Stapeldiagram: ") for alt in pictures)
    assert f"Sida 1 av {len(pdf.pages)}" in pdf.pages[0].extract_text()


def _tags(node, deep: int = 0):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, pypdf.generic.ArrayObject):
        for one in node:
            yield from _tags(one, deep + 1)
    elif isinstance(node, pypdf.generic.DictionaryObject) and deep < 60:
        if "/S" in node:
            yield node["/S"], node.get("/Alt", "")
        if "/K" in node:
            yield from _tags(node["/K"], deep + 1)


def test_letters_text_is_never_markup(report: Report) -> None:
    """A word that is longer than its column is parted: it stood over the next column's."""
    first, *rest = report.listing.rows
    long = ("Individ- och familjeomsorgen", *first[1:])
    report = replace(report, listing=replace(report.listing, rows=(long, *rest)))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report_pdf(report))).pages)
    assert "*hej*" in text
    assert "omsorgen" in text and "familjeomsorgen" not in text
    page = report_html(report)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("write", [report_pdf, report_xlsx, report_csv, report_html])
def test_the_same_report_is_the_same_bytes(report: Report, write) -> None:
    first = write(report)
    chart_svg.cache_clear()
    assert write(report) == first


def test_an_empty_report_is_one_too(sqlite_store) -> None:
    office = town.OFFICE
    maker = Compiler(RULES, office.organisation, office.calendar, office.screen)
    with sqlite_store.read() as tx:
        made = maker.compile(tx, SYSTEM, read_period("2020"), maker.scope("gata"), town.NOW)
    empty = report_of(made, "Ekdala kommun")
    assert empty.summary[0] == "Det kom inte in några ärenden."
    assert not any("av dem" in sentence for sentence in empty.summary), "of none nothing more is told"
    assert not any(section.chart for section in empty.statistics)
    for write in (report_pdf, report_xlsx, report_csv, report_html):
        assert write(empty)
    none, few = Kept(PromiseKind.ANSWER, 0, None, None), Kept(PromiseKind.STATUS, None, None, None)
    told = report_of(replace(made, kept=(none, few), helped=(Helped("Gata", 9, 0, None),)), "Ekdala kommun")
    tables = {section.id: section for section in told.statistics}
    assert tables["loften"].rows[0][1:] == (0, NOTHING, NOTHING), "a share of none is not withheld"
    assert tables["loften"].rows[1][1:] == (HIDDEN, HIDDEN, HIDDEN)
    assert tables["loften"].chart.labels == (PROMISE_NAMES[PromiseKind.STATUS],)
    assert tables["hjalpt"].rows == (("Gata", 9, 0, NOTHING),)
    line = ["Så höll vi löftena", PROMISE_NAMES[PromiseKind.ANSWER], "I tid", "–"]
    assert line in read_csv(report_csv(told, statistics=True))
    dash = '<span aria-hidden="true">–</span><span class="dold">inget att räkna på</span>'
    assert report_html(told).count(dash) == 3
    assert pypdf.PdfReader(io.BytesIO(report_pdf(told))).pages[0].extract_text().count("–") >= 3
    with zipfile.ZipFile(io.BytesIO(report_xlsx(told))) as book:
        assert "<t>–</t>" in book.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize(
    ("in_list", "others", "says"),
    [
        (4, 0, "Färre än 5 av dem står i listan."),
        (4, 8, "Färre än 5 av dem står i listan."),
        (8, 2, "De flesta av dem står i listan."),
        (8, 6, "8 av dem står i listan."),
        (8, 0, "8 av dem står i listan."),
        (0, 8, "Inget av dem hör till listan."),
    ],
)
def test_the_summary_tells_no_small_number_of_the_list(sqlite_store, in_list: int, others: int, says: str) -> None:
    with sqlite_store.begin() as tx:
        for _ in range(in_list):
            town.add(tx, town.case(type=CaseType.KLAGOMAL))
        for _ in range(others):
            town.add(tx, town.case(type=CaseType.BEROM))
    office, rules = town.OFFICE, replace(RULES, columns=(ListColumn.UNIT, ListColumn.DATE, ListColumn.CONCERNS))
    maker = Compiler(rules, office.organisation, office.calendar, office.screen)
    with sqlite_store.read() as tx:
        made = maker.compile(tx, SYSTEM, read_period("2026-H1"), maker.scope(""), town.NOW)
    assert len(made.lines) == in_list
    assert report_of(made, "Ekdala kommun").summary[1] == says


def test_a_year_with_few_in_one_half_is_not_told_as_a_year_of_few(sqlite_store) -> None:
    """Three in spring and eight in autumn were told as fewer than five, of which most stood in the list."""
    with sqlite_store.begin() as tx:
        for number in range(11):
            month, kind = (3, CaseType.BEROM) if number < 3 else (9, CaseType.KLAGOMAL)
            town.add(tx, town.case(received_at=datetime(2025, month, 2, number, tzinfo=UTC), type=kind))
    office, rules = town.OFFICE, replace(RULES, columns=(ListColumn.UNIT, ListColumn.CONCERNS))
    maker = Compiler(rules, office.organisation, office.calendar, office.screen)
    with sqlite_store.read() as tx:
        spring, year = (
            report_of(maker.compile(tx, SYSTEM, read_period(key), maker.scope(""), town.NOW), "Ekdala").summary[:2]
            for key in ("2025-H1", "2025")
        )
    assert spring == ("Det kom in färre än 5 ärenden.", "Inget av dem hör till listan.")
    assert year == (
        "Hur många ärenden som kom in visas inte, så att ingen enskild pekas ut.",
        "8 av dem står i listan.",
    )


def test_a_withheld_bar_says_so_and_length_is_of_the_whole() -> None:
    svg = chart_svg(Chart(("jan", "feb"), (None, 12.0)))
    assert "stroke-dasharray" in svg
    assert "<script" not in svg
    half, whole_bar = (_longest(chart_svg(Chart(("a",), (share,), percent=True))) for share in (0.5, 1.0))
    assert half == pytest.approx(whole_bar / 2, rel=0.02)


def test_words_of_a_chart_can_be_read_on_a_phone() -> None:
    """A picture as wide as a telephone's text, 350 pixels: letters of 12 at least, and a long name on several lines."""
    names = ("Gata", "Vård- och omsorgsförvaltningens nattpatrull")
    short, long = (chart_svg(Chart((name, "b"), (1.0, 2.0))) for name in names)
    widths, heights = zip(*(map(float, _VIEW.search(svg).groups()) for svg in (short, long)), strict=True)
    assert all(mpl.rcParams["font.size"] / width * 350 >= 12 for width in widths)
    assert heights[1] > heights[0]


_VIEW = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def _longest(svg: str) -> float:
    tree = etree.fromstring(svg.encode())
    bars = [p for p in tree.iter("{http://www.w3.org/2000/svg}path") if "#3d5a66" in (p.get("style") or "")]
    numbers = [float(word) for word in bars[0].get("d").replace("L", " ").replace("M", " ").replace("z", "").split()]
    return max(numbers[::2]) - min(numbers[::2])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1234567, "1\u00a0234\u00a0567"),
        (Share(0.456), "46\u00a0%"),
        (Share(5 / 8), "63\u00a0%"),
        (Share(1 / 8), "13\u00a0%"),
        (Share(29 / 200), "15\u00a0%"),
        (Share(0.998), "över\u00a099\u00a0%"),
        (Share(0.004), "under\u00a01\u00a0%"),
        (Share(1.0), "100\u00a0%"),
        (Share(0.0), "0\u00a0%"),
        (Days(2.5), "2,5"),
        (Days(3.0), "3"),
        (datetime(2026, 11, 21, tzinfo=UTC).date(), "21\u00a0november\u00a02026"),
        (HIDDEN, "visas inte"),
        (NOTHING, "–"),
        ("", ""),
    ],
)
def test_cells_are_written_the_swedish_way(cell, text) -> None:
    assert written(cell) == text


@given(st.floats(0, 1e6))
def test_a_decimal_reads_back(number: float) -> None:
    assert float(decimal(number).replace(",", ".").replace("\u00a0", "")) == pytest.approx(number, abs=0.0501)
    assert int(whole(int(number)).replace("\u00a0", "")) == int(number)


def test_a_section_knows_its_columns(report: Report) -> None:
    for section in report.sections:
        assert isinstance(section, Section)
        assert {len(row) for row in section.rows} <= {len(section.columns)}

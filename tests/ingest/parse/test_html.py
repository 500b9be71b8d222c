"""HTML as readable lines: tables, layout, links, what nobody sees, and quotes marked for the next step."""

import pytest

from ingest.reading.html import html_to_text
from ingest.reading.notes import Notes

CELLS = "<tr><td>{}</td><td>{}</td></tr>"
PAGES = {
    "a table of facts keeps its columns": (
        f"<table>{CELLS.format('Plats', 'Storgatan 5')}{CELLS.format('Fel', 'Mörkt')}</table>",
        "Plats  Storgatan 5\nFel    Mörkt",
    ),
    "a table that places things is read cell by cell": (
        f"<table>{CELLS.format('Hej<br>på dig', 'Annat<br>spår')}</table>",
        "Hej\npå dig\nAnnat\nspår",
    ),
    "tables in tables": (
        "<table><tr><td><table><tr><td>Rubrik</td></tr></table></td><td>Brev</td></tr></table>",
        "Rubrik\n\nBrev",
    ),
    "a link shows where it goes": ('<a href="https://x.example/a">karta</a>.', "karta <https://x.example/a>."),
    "a link that shows itself": ('<a href="https://x.example/">x.example</a>', "x.example"),
    "a tracker's long target is left out": (f'<a href="https://x.example/{"a" * 300}">karta</a>', "karta"),
    "hidden text": ('Syns<span style="display: none">Syns inte</span><style>p{}</style>', "Syns"),
    "entities": ("<p>R&auml;ksm&ouml;rg&aring;s &amp; &lt;br&gt;</p>", "Räksmörgås & <br>"),
    "a code that somebody wrote about": ("<p>Skriv &amp;aring; för å &amp;lt;</p>", "Skriv &aring; för å &lt;"),
    "a target with signs": (
        '<a href="https://x.example/a?b=1&amp;copy=2">karta</a> &amp; mer',
        "karta <https://x.example/a?b=1&copy=2> & mer",
    ),
    "a target with signs that shows itself": (
        '<a href="https://x.example/?b=1&amp;copy=2">https://x.example/?b=1&amp;copy=2</a>',
        "https://x.example/?b=1&copy=2",
    ),
    "boxes of other kinds": (
        "<center>Ett</center>två<section>tre</section><dl><dt>fyra</dt><dd>fem</dd></dl>",
        "Ett\ntvå\ntre\nfyra\nfem",
    ),
    "what says that it is hidden": ("<p hidden>Syns inte</p>Syns", "Syns"),
    "nothing": ("<!-- -->", ""),
    "not closed": ("<p>Ett<p>Två<b>fet", "Ett\n\nTvåfet"),
}


@pytest.mark.parametrize("case", PAGES)
def test_a_page(case):
    html, text = PAGES[case]
    assert html_to_text(html, Notes()) == text


def test_a_page_of_too_many_elements_is_read_all_the_same():
    notes = Notes()
    assert html_to_text("<b>Hej &amp; hå</b>" * 20_000, notes).startswith("Hej & hå\nHej & hå")
    assert notes.defects == ["HTML beyond its reader"]

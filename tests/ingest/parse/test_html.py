"""HTML as readable lines: tables, layout, links, what nobody sees, and quotes marked for the next step."""

import pytest

from ingest.parse import parse
from ingest.reading.markup.html import QUOTE_BEGINS, QUOTE_ENDS, html_to_text
from ingest.reading.notes import Notes
from ingest.reading.quoted.quotes import new_lines

CELLS = "<tr><td>{}</td><td>{}</td></tr>"
UNSEEN = (
    '<p style="visibility:hidden">a</p><p style="opacity: 0">b</p><p style="max-height:0;overflow:hidden">c</p>'
    'Syns<p style="opacity:0.9;max-height:0.5em;overflow:hidden">också</p>'
)
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
    "what is seen through nothing": (
        UNSEEN,
        "Syns\n\nockså",
    ),
    "what its box hides and it shows": (
        '<p style="overflow:hidden;max-height:0">b</p><p style="visibility:hidden">a<b style="visibility:visible">Syns',
        "aSyns",
    ),
    "lines without any tag": ("Hej &amp; hå\n\nRad två < 5", "Hej & hå\n\nRad två < 5"),
    "letters of no size, and a box of such around others": (
        '<p style="font-size:0">Syns inte</p><div style="font-size:0px"><p style="font-size:16px">Syns</p></div>',
        "Syns",
    ),
    "a gateway's notice behind the end": ("<html><body><p>Ett</p></body></html>\n<p>Två</p>", "Ett\n\nTvå"),
    "an address nobody escaped": (
        "<p>Bo <bo@x.example>, <https://x.example/a></p>",
        "Bo <bo@x.example>, <https://x.example/a>",
    ),
    "a target that Safe Links rewrote": (
        '<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.example%2Fa&amp;data=1">x.example/a</a>',
        "x.example/a",
    ),
    "what stands behind other words, as it was before Safe Links": (
        '<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.example%2Fa&amp;data=1">Läs</a>',
        "Läs <https://x.example/a>",
    ),
    "a hyphen that is not shown": ("<p>Barn&shy;omsorg</p>", "Barnomsorg"),
    "an address behind a name": ('<a href="mailto:bo@x.example?subject=a">Bo Alm</a>', "Bo Alm <bo@x.example>"),
    "an address that shows itself": ('<a href="mailto:bo@x.example">bo@x.example</a>', "bo@x.example"),
    "what the page's own stylesheet hides": (
        (
            "<style>/* .a{display:none} */ p.b, #c {color:red; DISPLAY : none !important}</style>"
            '<p class="a">Ett</p><p class="x b">Två</p><p id="c">Tre</p><p class="b" style="display:block">Fyra</p>'
        ),
        "Ett\n\nFyra",
    ),
    "what a stylesheet hides on small screens, and shows again": (
        (
            "<style>@media print{.a{display:none}.b{display:none}} .c{display:none} .c{display:block}</style>"
            '<p class="a">Ett</p><p class="b">Två</p><p class="c">Tre</p>'
        ),
        "Ett\n\nTvå\n\nTre",
    ),
    "a smiley that is a picture": ('<p>Tack <img alt="😊">!<img alt="Logga"><img alt="*"></p>', "Tack 😊!"),
    "nothing": ("<!-- -->", ""),
    "not closed": ("<p>Ett<p>Två<b>fet", "Ett\n\nTvåfet"),
}


@pytest.mark.parametrize("case", PAGES)
def test_a_page(case):
    html, text = PAGES[case]
    assert html_to_text(html, Notes()) == text


@pytest.mark.parametrize(("tag", "depth"), [("div", 300), ("span", 1_500), ("div", 5_000)])
def test_what_is_nested_deeper_than_the_parser_goes_is_read(tag, depth):
    html = f"<style>p{{}}</style><p>Ett</p>{f'<{tag}>' * depth}Två{f'</{tag}>' * depth}<p>Tre</p>"
    assert html_to_text(html, Notes()).split() == ["Ett", "Två", "Tre"]


def test_a_page_of_too_many_elements_has_no_hidden_text_and_its_quote_is_marked():
    html = (
        f"<style>p{{}}</style><p hidden>x</p><p>Nytt</p><blockquote type=cite>{'<p>Gammalt</p>' * 20_000}</blockquote>"
    )
    lines = html_to_text(html, Notes()).split("\n")
    assert lines[:3] == ["Nytt", QUOTE_BEGINS, "Gammalt"]
    assert lines[-2:] == ["Gammalt", QUOTE_ENDS]


def test_answers_between_the_quotes_of_gmail_are_new():
    box = (
        '<div class="gmail_quote"><div class="gmail_attr">K skrev:</div><blockquote>Var?</blockquote>{}'
        "<blockquote>När?</blockquote>{}</div>"
    )
    assert new_lines(html_to_text(box.format("<div>Vid torget.</div>", "I går."), Notes())) == "Vid torget.\nI går."
    top = html_to_text("<div>Nytt</div>" + box.format("<br>", '<div class="gmail_signature">Anna</div>'), Notes())
    assert new_lines(top) == "Nytt"


def test_pictures_written_into_a_page_take_no_room_from_its_text():
    picture = "A" * 2_500_000
    mail = f'Content-Type: text/html\n\n<p>Ett</p><img src="data:image/png;base64,{picture}"><p>Två</p>'
    assert parse(mail.encode()).text == "Ett\n\nTvå"


def test_a_page_of_too_many_elements_is_read_all_the_same():
    notes = Notes()
    assert html_to_text("<b>Hej &amp; hå</b>" * 20_000, notes).startswith("Hej & hå\nHej & hå")
    assert notes.defects == ["HTML beyond its reader"]


@pytest.mark.parametrize("page", ["<div>Hej <b>du</b></div>", '<p class="x">Hej du</p>', "<!DOCTYPE html>Hej du"])
def test_a_page_that_is_called_plain_is_read_as_a_page(page):
    assert parse(f"Content-Type: text/plain\n\n{page}".encode()).text == "Hej du"


@pytest.mark.parametrize("text", ["<p> är en tagg", "<3 ni är bäst</>", "Hej <div>a</div>"])
def test_a_letter_about_tags_is_no_page(text):
    assert parse(f"Content-Type: text/plain; charset=utf-8\n\n{text}".encode()).text == text


def test_a_form_below_a_thin_line_is_the_letter():
    facts = "<b>Namn:</b> Anna<br><b>Plats:</b> Torget<br><b>Fel:</b> Mörkt"
    page = (
        f'<p>Ny anmälan</p><div style="border-style:solid none none;border-width:1px 0 0">{facts}</div><p>Lampan.</p>'
    )
    assert QUOTE_BEGINS not in html_to_text(page, Notes())


def _read(page: str):
    head = "From: a@lind.example\nMessage-ID: <a@lind.example>\nContent-Type: text/html; charset=utf-8\n\n"
    return parse((head + page).encode())


@pytest.mark.parametrize("box", ['class="moz-signature"', 'class="gmail_signature"', 'id="Signature"'])
def test_what_is_written_below_a_signature_is_part_of_the_letter(box):
    below = "Vi väntar fortfarande på svar om gatan."
    message = _read(f"<p>Hej!</p><div {box}>-- <br>Anna<br>070-174 06 05</div><p>{below}</p><p>Mvh<br>Anna</p>")
    assert message.message.split("\n") == ["Hej!", "", below]
    assert message.signature == "Anna\n070-174 06 05\nMvh\nAnna"


def test_what_is_moved_to_the_right_is_part_of_the_letter_unless_somebody_introduces_it():
    moved = '<blockquote style="margin-left:40px">Lampan är trasig.</blockquote>'
    assert _read(f"<p>Hej!</p>{moved}").message == "Hej!\n\nLampan är trasig."
    assert _read(f"<p>Hej!</p><p>3 november 2026 kl. 08:15 skrev Bo:</p>{moved}").message == "Hej!"

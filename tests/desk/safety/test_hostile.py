"""Letters and people that mean harm: stored scripts in every field, files that pretend, headers and spreadsheets."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import Evidence
from desk.case.marks import Span, letter_spans, marked, snippet
from desk.mailhtml import true_host, washed
from desk.sheets import csv_file
from desk.views.in_hand.files import shown_type
from tests.desk import house as h
from tests.desk.steps import routed

EVIL = "<script>alert('lyhord')</script>\"><img src=x onerror=alert(1)>{{7*7}}"
PAGES = ("/att-fordela", "/enheten", "/diarium", "/sok?q=lyhord", "/utkorg", "/inkommet", "/nytt", "/mina")


class _Live(HTMLParser):
    """Collects what a browser would act on: scripts not ours, handlers, pictures and addresses of the attacker's."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        values = dict(attrs)
        ours = tag == "script" and (values.get("src") or "").startswith("/static/desk.js")
        if tag in ("script", "object", "embed", "base") and not ours:
            self.found.append(tag)
        self.found += [name for name, value in attrs if name.startswith("on")]
        self.found += [
            value for value in (values.get("src"), values.get("href")) if value and not value.startswith(_OURS)
        ]


_OURS = ("/", "#", "?")


def harmless(text: str) -> bool:
    parser = _Live()
    parser.feed(text)
    assert "<h1" in text, "a page, not an accident"
    assert "{{7*7}}" in text or "lyhord&#39;" not in text, "a template in a letter is text too"
    return parser.found == []


def test_the_check_for_live_scripts_can_fail() -> None:
    assert not harmless(f"<h1>{EVIL}</h1>")


@pytest.fixture
def evil(house):
    attachment = replace(h.picture(), name=EVIL)
    text = f"Hej {EVIL} slut"
    made = h.suggestion(text, h.Area.GATA_PARK, 0.9, words=(EVIL,), flags=((FlagKind.BARN, EVIL),))
    case = house.letter(
        EVIL, text, made, from_name=EVIL, from_addr=f"a@b.example{EVIL}", attachments=(attachment,), html=EVIL
    )
    house.letter(EVIL, text, None, from_name=EVIL, kind=h.MessageKind.SPAM)
    return case


def test_a_script_in_every_field_of_a_letter_is_text(house, surf, evil) -> None:
    page = surf("registrator")
    for path in (*PAGES, f"/arenden/{evil.id}"):
        text = page.get(path).text
        assert harmless(text), path
    assert "&lt;script&gt;" in page.get(f"/arenden/{evil.id}").text, "the letter is shown whole, as text"


def test_a_script_in_every_field_of_the_desk_is_text(house, surf, evil) -> None:
    page, case = surf("registrator"), routed(house, evil)
    page.get(f"/arenden/{case.id}")
    for path, fields in {
        "anteckna": {"text": EVIL},
        "markera": {"flagga": ["hot_vald"], "skal": EVIL},
        "hav-sparr": {"skal": EVIL},
        "tilldela": {"person": EVIL},
        "koppla": {"nummer": EVIL, "form": "koppla"},
        "ta": {},
        "lyft": {"skal": EVIL},
        "muntligt-svar": {"utfall": "acted", "hur": EVIL},
        "avsluta": {"larande": EVIL},
    }.items():
        answer = page.post(f"/arenden/{case.id}/{path}", version=house.case(case.id).version, **fields)
        assert answer.status_code == 303 or harmless(answer.text), path
    text = page.get(f"/arenden/{case.id}").text
    assert harmless(text)
    assert text.count("&lt;script&gt;alert(&#39;lyhord&#39;)") > 5
    page.get("/nytt")
    answer = page.post("/nytt", kanal="fel", text=EVIL, amne=EVIL, namn=EVIL, telefon=EVIL, adress=EVIL, slag=EVIL)
    assert harmless(answer.text)
    assert harmless(page.get("/logga-in?nasta=" + EVIL).text)
    assert harmless(page.get("/finns-inte/" + EVIL).text)


def test_a_script_in_a_persons_name_is_text(house, surf, evil) -> None:
    admin = surf("admin")
    admin.get("/personer/handlaggare")
    grants = {"roll": "handlaggare", "galler": "gata"}
    fields = {"namn": EVIL, "titel": EVIL, "epost": "handlaggare@ekdala.example", "aktiv": "ja", **grants}
    assert admin.post("/personer/handlaggare", **fields).status_code == 303
    case = routed(house, evil)
    for page, path in ((admin, "/personer"), (admin, "/personer/handlaggare"), (surf("chef"), f"/arenden/{case.id}")):
        assert harmless(page.get(path).text), path


def test_the_letters_own_html_is_washed_and_caged(house, surf) -> None:
    h.spoken(house)
    page = surf("registrator")
    with house.store.read() as tx:
        case_id = tx.case_by_number("EK-2026-00001")
        message = tx.case_file(case_id, h.SYSTEM).messages[0]
    answer = page.get(f"/arenden/{case_id}/meddelanden/{message.id}/html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-scripts" not in policy
    assert "<b>klor</b>" in answer.text
    for gone in ("<script", "alert", "spion.example", "color:red"):
        assert gone not in answer.text
    assert 'title="ond.example"' in answer.text, "a link that claims another place tells where it leads"


@pytest.mark.parametrize(
    "evil_html",
    [
        "<svg onload=alert(1)>",
        "<form action=https://ond.example><input name=losenord></form>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<style>body{background:url(https://ond.example)}</style>",
        "<iframe src=https://ond.example></iframe>",
        "<base href=https://ond.example>",
        "<meta http-equiv=refresh content='0;url=https://ond.example'>",
        "<table background=https://ond.example/x><tr><td style='background:url(https://ond.example)'>x</table>",
        "<img src=cid:1 onerror=alert(1)>",
        "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)
def test_no_trick_of_html_survives(evil_html: str) -> None:
    clean = washed(evil_html)
    for word in ("ond.example", "alert(1)>", "javascript:", "data:", "onerror=", "onload=", "<style", "<form"):
        assert word not in re.sub(r"&[lg]t;.*", "", clean), clean


@given(st.text())
def test_washing_never_fails_and_never_lets_a_script_through(text: str) -> None:
    clean = washed(f"<p>{text}<script>{text}</script><a href='{text}'>x</a>")
    assert "<script" not in clean
    assert " on" not in "".join(re.findall(r"<[^>]*>", clean)).replace(" noopener", "")


def test_a_huge_letter_is_shown_in_a_moment() -> None:
    assert len(washed("<table>" + "<tr><td>x" * 500_000)) < 3_000_000


def test_what_no_tag_ends_is_not_opened_again_in_every_paragraph() -> None:
    """Thirty kilobytes of it were a page of eighteen megabytes, and seven hundred of memory."""
    bold = "".join(f"<b lang=x{number}>" for number in range(500))
    letter = f"<p>{bold}</p>" + "<p>x</p>" * 500
    assert len(washed(letter)) < 2 * len(letter)


@pytest.mark.parametrize(
    "tag", ["<div>", "<h1><u>", "<table><tr><td>", "<div title='></div>'><p>", "<div><svg></div></svg>"]
)
def test_what_is_nested_deeper_than_any_mail_is_shown_without_its_boxes(tag: str) -> None:
    """Its depth took time with its square: of two hundred kilobytes, a minute in which the desk stood still."""
    clean = washed(tag * 2_000 + "Hej")
    deep = [0]
    for end in re.findall(r"<(/?)(?!br)[a-z]", clean):
        deep.append(deep[-1] + (-1 if end else 1))
    assert max(deep) <= 150
    assert "Hej" in clean


@pytest.mark.parametrize(
    ("letter", "shown"),
    [
        ("<p>ett<p>två<b>tre</p>fyra</b>", "<p>ett</p><p>två<b>tre</b></p>fyra"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<p>1 < 2 &amp; 3 &gt; 2</p><!-- <b> --><o:p>x</o:p>", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>x"),
        (
            "<div><table><tr><td>a</div>b<td>c</table>d</div>",
            "<div><table><tbody><tr><td>ab</td><td>c</td></tr></tbody></table>d</div>",
        ),
        ("<td colspan=2>a", "a"),
        (
            "<table><tr><td width='5>' COLSPAN='2' title=\"colspan=3\">a</table>",
            '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
        ),
        ("<div dir=rtl lang=ar onclick=x>a</div>", '<div dir="rtl" lang="ar">a</div>'),
        ("<style>b{}</style><title>t</title>a<svg><p>b</p></svg>c<svg/>d", "acd"),
    ],
)
def test_washing_keeps_the_order_of_an_honest_letter(letter: str, shown: str) -> None:
    assert washed(letter) == shown


@pytest.mark.parametrize(
    "link",
    [
        "<a lang=sv href='https://ond.example/'>https://banken.example</a>",
        "<a dir=ltr href=https://banken.example@ond.example>x</a>",
        "<a href='https://ond.example#@banken.example'>x</a>",
    ],
)
def test_no_link_hides_where_it_leads(link: str) -> None:
    assert 'title="ond.example"' in washed(link)


@pytest.mark.parametrize(
    "address",
    ["https://ond.example\\@banken.example/", "https:\\ond.example", "https:ond.example", "//ond.example", "/logga-ut"],
)
def test_a_link_that_a_browser_reads_in_its_own_way_is_none(address: str) -> None:
    assert "href" not in washed(f"<a href='{address}'>x</a>")


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://a.example/b", "a.example"),
        ("mailto:x@y.example", "x@y.example"),
        ("https://[", ""),
        ("", ""),
        ("https://räksmörgås.example", "räksmörgås.example"),
        ("https://ekd\u0430la.example", "xn--ekdla-6ve.example"),
        ("https://ekdala.example\u3002ond.example", "ekdala.example.ond.example"),
        ("https://ekdala.example\u2044x.ond.example", "ekdala.xn--examplex-k03d.ond.example"),
    ],
)
def test_the_true_host(address: str, host: str) -> None:
    assert true_host(address) == host


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60), st.booleans()), max_size=6))
def test_marks_never_change_the_words(text: str, cuts: list[tuple[int, int, bool]]) -> None:
    spans = [Span(a, b, "barn" if flag else "") for a, b, flag in cuts]
    plain = re.sub(r"</?mark[^>]*>", "", str(marked(text, spans)))
    assert plain == str(marked(text, ()))


def test_marks_find_their_place_with_the_subject_before_the_body() -> None:
    body = "Lyktan är trasig. Lyktan är släckt."
    whole = "Trasig lykta\n\n" + body
    at = whole.rindex("Lyktan")
    made = replace(h.suggestion(whole, h.Area.GATA_PARK, 0.9), evidence=(Evidence(at, at + 6, "Lyktan", 0.9),))
    (span,) = letter_spans(body, made, ())
    assert (span.start, span.end) == (body.rindex("Lyktan"), body.rindex("Lyktan") + 6)
    flag = ConfidentialityFlag(FlagKind.BARN, FlagState.CLEARED, "trasig", 10, 16)
    assert letter_spans(body, None, (flag,)) == (), "a cleared flag marks nothing"


def test_hits_are_marked_and_everything_else_is_text() -> None:
    assert snippet("en \ue000<b>\ue001 två") == "en <mark>&lt;b&gt;</mark> två"
    assert "\ue000" not in snippet("bara en början \ue000 utan slut")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (h.PNG, "image/png"),
        (b"%PDF-1.7", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, kind: str) -> None:
    assert shown_type(content) == kind


def test_a_page_that_calls_itself_a_picture_is_only_downloaded(house, surf) -> None:
    lie = h.attached("katt.png", "image/png", b"<html><script>alert(1)</script>")
    case = house.letter("Katt", "Se bilden.", None, attachments=(lie,))
    with house.store.read() as tx:
        file = tx.case_file(case.id, h.SYSTEM).attachments[0]
    answer = surf("registrator").get(f"/arenden/{case.id}/bilagor/{file.id}/visa")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("text", ["=1+1", "+46 70", "-5", "@SUM(A1)", "\t=1+1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert "\n'" in csv_file(["rubrik"], [[text]]).decode("utf-8-sig").replace("\r\n", "\n")


def test_every_page_carries_the_protective_headers(surf) -> None:
    page = surf("registrator")
    for path in ("/att-fordela", "/logga-in", "/finns-inte", "/diarium.csv"):
        headers = page.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_error_pages_are_calm_and_swedish(house, surf) -> None:
    page = surf("registrator")
    for path, status in (("/finns-inte", 404), ("/arenden/x", 404), ("/personer", 403), ("/brevlador/x/y", 404)):
        answer = page.get(path)
        assert answer.status_code == status
        assert "Till startsidan" in answer.text
        assert 'lang="sv"' in answer.text
    for path in ("/diarium", "/sok"):
        ends = page.get(f"{path}?q=lampa&fran=0001-01-01&till=9999-12-31&sida=99999999999999999999")
        assert ends.status_code == 200, "both ends of the calendar are as no day at all"

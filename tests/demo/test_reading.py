"""What the page of the citizens' mailboxes is given to show."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.demo.boxes import StoredMail
from service.demo.reading import safe_html, shown_mail

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TAG = re.compile(r"<(/?[a-z0-9]+(?: href=\"[^\"<>]*\" rel=\"noopener noreferrer\")?)>")


def stored(content: bytes) -> StoredMail:
    return StoredMail(NOW, "feedback@ekdala.example", "astrid@mejl.example", content)


TWO_PARTS = """From: Ekdala kommun <feedback@ekdala.example>
Subject: =?utf-8?q?Vi_har_tagit_emot_ditt_=C3=A4rende?=
Message-ID: <1@ekdala.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hej på dig
--x
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<html><head><title>t</title><style>p {}</style></head><body onload="x()">
<p class="a">Hej <b>på</b> dig</p></body></html>
--x--
""".encode()


def test_a_mail_is_shown_with_both_bodies():
    shown = shown_mail(stored(TWO_PARTS))
    assert shown["subject"] == "Vi har tagit emot ditt ärende"
    assert shown["sender"] == "Ekdala kommun <feedback@ekdala.example>"
    assert shown["text"].strip() == "Hej på dig"
    assert shown["html"].strip() == "<p>Hej <b>på</b> dig</p>"
    assert (shown["auto_submitted"], shown["message_id"]) == ("auto-replied", "<1@ekdala.example>")
    assert (shown["to"], shown["received_at"]) == ("astrid@mejl.example", NOW)


def test_a_mail_is_read_once_however_often_its_page_is_asked_for():
    content = b"Subject: Tack\r\n\r\nHej\r\n"
    assert shown_mail(stored(content)) is shown_mail(stored(content))


def test_an_unknown_charset_is_still_shown():
    shown = shown_mail(stored(b"Content-Type: text/plain; charset=x-okand\n\nHej d\xc3\xa4r"))
    assert shown["text"] == "Hej där"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<script>alert(1)</script>hej", "hej"),
        ("<img src=x onerror=alert(1)>hej", "hej"),
        ('<p><img src="cid:x" alt="Ekdala &lt;kommun"></p>', "<p>Ekdala &lt;kommun</p>"),
        ("<a href='javascript:alert(1)'>hej</a>", "<a>hej</a>"),
        ('<a href="https://ekdala.example/?a=1&amp;b=2">hej</a>', None),
        ("<b><i>hej</b>", "<b><i>hej</i></b>"),
        ("<head><meta charset=utf-8><body><p>hej", "<p>hej</p>"),
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
        ("<!--[if mso]><b>x</b><![endif]-->hej<br/>då", "hej<br>då"),
        ("</p></b>hej", "hej"),
        ("<svg><b>x</svg>hej<object>y</object>då", "hejdå"),
        ("<style>p{}", ""),
    ],
)
def test_html_is_made_safe(dirty, clean):
    if clean is None:
        clean = '<a href="https://ekdala.example/?a=1&amp;b=2" rel="noopener noreferrer">hej</a>'
    assert safe_html(dirty) == clean


PIECES = st.lists(
    st.sampled_from(
        """< > <a href= " ' javascript: https://x.example <script> </script> <![ <!-- <p> </p> <svg> <style> </style>
        <body> &lt; &#60; onclick=x /> ]> å""".split()  # noqa: SIM905
    )
    | st.text(max_size=4),
    max_size=14,
).map("".join)


@given(PIECES)
def test_nothing_passes_but_known_tags(html):
    left = TAG.sub("", safe_html(html))
    assert "<" not in left
    assert ">" not in left


@given(
    st.binary(max_size=300) | st.binary(max_size=120).map(lambda b: b"Content-Type: text/html; charset=utf-8\n\n" + b)
)
def test_any_bytes_can_be_shown(content):
    shown = shown_mail(stored(content))
    assert isinstance(shown["text"], str)

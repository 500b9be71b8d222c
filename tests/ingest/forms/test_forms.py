"""A mail that a form sent is the citizen's letter: what they typed, in whatever shape it came, and how sure it is."""

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.case import Channel
from cases.inbound.messages import Attachment, MessageKind
from ingest.forms.lines import read_lines
from ingest.forms.reading import with_form
from ingest.forms.records import read_records
from ingest.forms.source import Pair, fold
from ingest.forms.tables import read_tables
from tests.ingest.forms.mails import APP, WEB, intake, raw, read

VERDICT = b"dmarc=pass"


def file(content: bytes, name: str) -> Attachment:
    return Attachment(name, "application/octet-stream", len(content), "", content)


def test_a_table_gives_the_citizen_and_no_robot() -> None:
    message = read("table.eml")
    form = message.form
    assert form is not None
    assert message.kind is MessageKind.CITIZEN
    assert (form.name, form.email, form.phone) == ("Berit Alm", "berit@mejl.example", "070-174 06 05")
    assert (form.category, form.place) == ("Gator och belysning", "Skolgatan 3")
    assert (form.source, form.channel, form.proven) == ("e-tjanst", Channel.WEB, True)


def test_a_table_keeps_every_line_the_citizen_wrote() -> None:
    message = read("table.eml")
    assert message.form is not None
    assert message.form.text.split("\n") == [
        "Lampan utanför skolan är trasig.",
        "Klockan: sju på morgonen är det helt svart.",
        "E-post: chefen@annan.example",
    ]
    assert message.message.endswith("Plats: Skolgatan 3\nÄrendetyp: Gator och belysning")


def test_lines_give_answers_and_a_colon_in_the_text_ends_nothing() -> None:
    form = read("lines.eml").form
    assert form is not None
    assert (form.name, form.email, form.phone) == ("Olle Svensson", "olle@mejl.example", "")
    assert form.text.startswith("Bussen till Norra skolan går för tidigt.\n\nSå här är det:\n- mina barn hinner inte")
    assert form.text.endswith("Kan ni ändra tiden?")
    assert form.place == "Hållplats Kvarnen"
    assert not form.answer_wanted


def test_answers_may_stand_below_their_questions_and_the_address_in_reply_to() -> None:
    form = read("below.eml").form
    assert form is not None
    assert (form.name, form.email, form.category) == ("Cecilia Ek", "cecilia@mejl.example", "Förskola")
    assert form.text == "Tack för att ni lagade staketet så fort!"


def test_a_json_file_is_read_by_its_paths_and_the_subject_tells_the_app() -> None:
    message = read("app-json.eml")
    form = message.form
    assert form is not None
    assert message.kind is MessageKind.CITIZEN
    assert (form.source, form.channel) == ("app", Channel.APP)
    assert (form.name, form.email, form.anonymous) == ("Dana Holm", "dana@mejl.example", False)
    assert (form.category, form.place, form.text) == ("Lekplats", "Parkgatan", "Gungan är trasig.")


def test_an_xml_file_is_read_and_fetches_nothing() -> None:
    form = read("service-xml.eml").form
    assert form is not None
    assert form.anonymous
    assert form.text == "Maten i skolan är kall."


def test_a_form_that_was_changed_is_a_letter_all_the_same() -> None:
    message = read("changed.eml")
    assert message.kind is MessageKind.CITIZEN
    assert message.form is not None
    assert not message.form.understood
    assert "Lampan utanför skolan" in message.message


def test_a_forged_form_mail_is_not_read_as_a_form() -> None:
    message = intake()(raw("table.eml").replace(VERDICT, b"dmarc=fail"))
    assert message.form is None
    assert message.message


@pytest.mark.parametrize(
    "said", [b"dmarc=none", b"dmarc=temperror", b'x="; dmarc=pass"', b"x=y (; dmarc=pass)"], ids=str
)
def test_what_nobody_vouches_for_waits_for_a_person(said: bytes) -> None:
    unknown = raw("table.eml").replace(VERDICT, said).replace(b"[203.0.113.20]", b"[198.51.100.7]")
    form = intake()(unknown).form
    assert form is not None
    assert not form.proven
    assert form.email == "berit@mejl.example"


def test_another_domains_verdict_proves_nothing() -> None:
    other = raw("lines.eml").replace(b"header.from=e-tjanster.ekdala.example", b"header.from=annan.example")
    form = intake()(other).form
    assert form is not None
    assert not form.proven


def test_an_own_machine_vouches_without_dmarc() -> None:
    message = intake()(raw("table.eml").replace(VERDICT, b"dmarc=none"))
    assert message.handed_in_by == ("203.0.113.20",)
    assert message.form is not None
    assert message.form.proven


def test_a_received_line_written_by_the_sender_does_not_make_the_machine_an_own_one() -> None:
    forged = raw("table.eml").replace(VERDICT, b"dmarc=none")
    true = b"Received: from ond.example (HELO [203.0.113.20]) ([198.51.100.7]) by mx.ekdala.example with ESMTP; x\r\n"
    message = intake()(true + forged)
    assert message.handed_in_by == ("198.51.100.7", "203.0.113.20")
    assert message.form is not None
    assert not message.form.proven


def test_the_own_filters_spam_is_a_form_only_where_somebody_vouches_for_it() -> None:
    marked = b"X-Spam-Flag: YES\r\n" + raw("lines.eml")
    assert intake()(marked).kind is MessageKind.CITIZEN
    unknown = intake()(marked.replace(VERDICT, b"dmarc=none"))
    assert (unknown.kind, unknown.form) == (MessageKind.SPAM, None)


def test_a_stranger_is_no_form() -> None:
    message = read("lines.eml", replace(WEB, senders=frozenset({"annan@ekdala.example"})))
    assert message.form is None


def test_two_addresses_in_one_form_must_be_looked_at() -> None:
    twice = raw("lines.eml").replace(b"Kan ni \xc3\xa4ndra tiden?", b"E-post: offer@mejl.example\r\nTack")
    form = intake()(twice).form
    assert form is not None
    assert form.email == "olle@mejl.example"
    assert not form.proven
    assert form.text.endswith("Tack")


@pytest.mark.parametrize(
    ("value", "anonymous"),
    [("Ja", True), ("ja, tack", False), ("X", True), ("true", True), ("Nej", False), ("Nej, inte anonym", False)],
)
def test_anonymous_is_said_in_many_ways(value: str, anonymous: bool) -> None:
    message = intake()(raw("lines.eml").replace(b"Telefon: ", f"Vill du vara anonym? {value}".encode()))
    colon = intake()(raw("lines.eml").replace(b"Telefon: ", f"Vill du vara anonym?: {value}".encode()))
    assert message.form is not None
    assert colon.form is not None
    assert not message.form.anonymous  # without a colon it is no question of the form's
    assert colon.form.anonymous is anonymous


def test_a_row_of_questions_stands_above_a_row_of_answers() -> None:
    html = "<table><tr><th>Namn</th><th>E-post</th></tr><tr><td>Ann</td><td>ann@mejl.example</td></tr></table>"
    assert read_tables(html, WEB.known()) == [Pair(("namn",), "Ann"), Pair(("e-post",), "ann@mejl.example")]


def test_a_definition_list_is_a_form_too() -> None:
    assert read_tables("<dl><dt>Namn:</dt><dd>Ann</dd></dl>", WEB.known()) == [Pair(("namn",), "Ann")]


def test_questions_are_alike_whatever_stands_around_them() -> None:
    assert {fold(q) for q in ("E-post:", " e-post * ", "E-POST (obligatoriskt)", "E-post\xa0?")} == {"e-post"}


def test_names_of_lists_and_truths_in_json() -> None:
    content = json.dumps([{"label": "Plats", "value": ["A", "B"]}, {"anonymous": True}, {"name": "Ann", "text": "Hej"}])
    values = {pair.labels[-1]: pair.value for pair in read_records([file(content.encode(), "a.json")])}
    assert values == {"plats": "A, B", "anonymous": "ja", "name": "Ann", "text": "Hej"}


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b"<a>" * 100_000,
        b'{"a":' * 5_000,
        b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><l>&b;</l>',
        b"\xff\xfe",
        b"",
    ],
    ids=["json lists", "xml depth", "json objects", "entities", "nothing", "empty"],
)
def test_no_file_can_hurt(content: bytes) -> None:
    for name in ("a.json", "a.xml"):
        assert len(read_records([file(content, name)])) < 10


BIG = {
    "rows": "<table>" + "<tr><td>Namn</td><td>a</td></tr>" * 60_000 + "</table>",
    "tables": "<table><tr><td>Namn</td><td>a</td></tr></table>" * 40_000,
    "nests": "<table><tr><td>" * 100_000,
    "cells": "<table><tr>" + "<td>a" * 300_000,
    "lists": "<dl>" + "<dt>Namn<dd>a" * 100_000,
}


@pytest.mark.parametrize("html", BIG.values(), ids=BIG)
def test_no_page_takes_long(html: str) -> None:
    begun = time.process_time()
    assert len(read_tables(html, WEB.known())) <= 2_000
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("line", ["Namn: a", "Namn", "a" * 300, "Beskrivning: ", " " * 300, "\t" * 300])
def test_no_text_takes_long(line: str) -> None:
    begun = time.process_time()
    read_lines("\n".join([line] * 10_000), WEB.known())
    assert time.process_time() - begun < 2


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=300),
    st.text(alphabet="<>/tabledhrd \nNamn:E-post&;ö", max_size=300),
    st.binary(max_size=200),
    st.sampled_from(["a.json", "a.xml"]),
)
def test_whatever_a_form_sends_something_is_read(text: str, html: str, content: bytes, name: str) -> None:
    base = read("lines.eml")
    message = replace(base, form=None, text=text, html=html, attachments=(file(content, name),))
    found = with_form(message, (WEB, APP))
    assert found.form is not None
    assert found.text == text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), max_size=8))
def test_no_line_of_the_citizens_text_is_lost(lines: list[str]) -> None:
    known = WEB.known()
    free = [line for line in lines if fold(line) not in known and fold(line.partition(":")[0]) not in known]
    free = [line for line in free if line.strip() and "   " not in line and "---" not in line]
    pairs = read_lines("\n".join(["Namn: Ann", "Beskrivning:", *free, "Plats: Torget"]), known)
    text = next(pair.value for pair in pairs if pair.labels == ("beskrivning",))
    assert [line for line in text.split("\n") if line.strip()] == [
        line for line in "\n".join(free).strip().split("\n") if line.strip()
    ]

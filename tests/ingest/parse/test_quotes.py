"""Quoted threads in the languages and clients we meet: what was newly written stays, and only that."""

import pytest

from ingest.parse import parse
from ingest.reading.around.signature import split_signature
from ingest.reading.limits import MAX_LINES, MAX_SIGNS
from ingest.reading.markup.flowed import plain_lines
from ingest.reading.quoted.quotes import new_lines
from tests.ingest.parse.mails import read_records

OLD = "Detta är det gamla brevet.\nDet hade två rader."

ATTRIBUTIONS = read_records("threads/attributions.txt")


@pytest.mark.parametrize("client", ATTRIBUTIONS)
def test_a_bare_quote_is_cut(client):
    text = f"Hej!\nNu är lampan trasig igen.\n\n{ATTRIBUTIONS[client]}\n\n{OLD}"
    assert new_lines(plain_lines(text)).strip() == "Hej!\nNu är lampan trasig igen.", client


@pytest.mark.parametrize(
    "client", [c for c in ATTRIBUTIONS if not any(word in c for word in ("groupwise", "ticket", "bare labels"))]
)
def test_a_signed_quote_is_cut_and_what_follows_stays(client):
    signed = "\n".join(f"> {line}" for line in OLD.split("\n"))
    text = f"{ATTRIBUTIONS[client]}\n{signed}\n\nDet stämmer inte, lampan är trasig."
    assert new_lines(plain_lines(text)).strip() == "Det stämmer inte, lampan är trasig.", client


PROSE = read_records("threads/prose.txt").values()


@pytest.mark.parametrize("text", PROSE)
def test_prose_that_looks_like_a_quote_stays(text):
    assert new_lines(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "Tuesday, November 3, 2026, 8:15:12 AM, you wrote:",
        "2026-11-03 Kommunen <info@alvsby.example>",
        "Kommunen Älvsby skrev:",
        "-------- Prvotné znenie --------",
        "Lind, Anna (KS) skrev:",
        "Kommunen <info@alvsby.example> skrev: (2026-11-03 08:15)",
        "Kommunen (tis 3 nov 2026 08:15):",
        "Citat från Kommunen <info@alvsby.example>:",
        "Den 3 mars skrev Anna:",
        '"Kommunen" info@alvsby.example – 3 november 2026 08:15',
    ],
)
def test_a_line_that_only_quoted_lines_make_an_introduction(line):
    assert new_lines(f"Nu är det klart.\n\n{line}\n> Är det klart?") == "Nu är det klart."
    assert line in new_lines(f"Nu är det klart.\n\n{line}\n\nÄr det klart?")


def test_a_last_line_with_a_day_and_an_address_introduces_nothing():
    letter = "Hej!\nHålet kom 2026-08-02 kl 08.15 vid torget. Svara till bo@medborgare.example. Tack."
    assert new_lines(letter) == letter


def test_a_sentence_in_the_line_of_an_introduction_stays():
    line = "Lampan lyser inte. Den tis 3 nov. 2026 kl 08:15 skrev Kommunen <info@alvsby.example>:"
    assert new_lines(f"Hej!\n{line}\n> Är det klart?") == "Hej!\nLampan lyser inte."


def test_interleaved_answers_stay():
    header = "Den tis 3 nov. 2026 kl 08:15 skrev Kommunen <info@alvsby.example>:"
    text = f"{header}\n> Vilken lampa?\n\nDen vid nr 5.\n\n> Sedan när?\n\nI går."
    assert new_lines(text) == "Den vid nr 5.\n\n\nI går."


def test_a_wrapped_tail_of_a_quoted_line_is_quoted():
    quoted = "> Vi undrar om du kan tala om för oss vilken av alla lamporna på"
    text = f"Ja.\n{quoted}\nStorgatan det är som\n> är trasig."
    assert new_lines(text) == "Ja."


def test_headers_that_were_wrapped_anew_are_a_quote():
    headers = "From: Kommunen <info@alvsby.example> Sent: Tuesday, November\n3, 2026 08:15 To: Anna\nSubject: Lampan"
    assert new_lines(f"Ja.\n\n{headers}\n\nÄr det klart?") == "Ja."


def test_bars_at_the_side_are_a_quote_even_where_a_line_is_empty():
    assert new_lines("Ja.\n\n| Är det klart?\n|\n| Hälsningar") == "Ja."


@pytest.mark.parametrize("sign", ["&gt;", "＞"])
def test_other_signs_of_a_quote(sign):
    assert new_lines(f"Ja.\n\n{sign} Är det klart?") == "Ja."


def test_an_empty_line_between_an_introduction_and_its_quote_changes_nothing():
    assert new_lines("Ja.\n\n2026-11-03 Kommunen <info@alvsby.example>\n\n> Klart?") == "Ja."


def test_a_line_of_dashes_above_where_to_answer_is_the_program_s():
    assert new_lines("Ja.\n\n—-—-—-—\nReply above this line.\n\nÄrende 4711") == "Ja."


def test_a_quoted_figure_is_quoted_where_somebody_is():
    assert new_lines("Ja.\n\nKommunen skrev:\n> 30 grader?") == "Ja."
    assert new_lines("Hej!\n> 30 barn\n> 20 grader\n\nSå är det.") == "Hej!\n> 30 barn\n> 20 grader\n\nSå är det."
    assert new_lines("> 30 grader?\n> Var?\n\nI salen.") == "I salen."


@pytest.mark.parametrize("below", ["\nAnna Lind <anna@medborgare.example>", "Skriv till anna@medborgare.example"])
def test_an_address_below_a_figure_makes_it_no_quote(below):
    assert new_lines(f"> 50 cm djupt\n{below}") == f"> 50 cm djupt\n{below}"


BLOCK = "Från: Kommunen <info@alvsby.example>\nSkickat: 2026-11-03 08:15\nTill: Anna\nÄmne: Lampan\n\nVar? Vid nr 5."


@pytest.mark.parametrize("words", ["Hej! Se mina svar nedan.", "Svar i rött nedan", "My answers are below in red."])
def test_answers_that_somebody_wrote_into_what_he_answers_are_kept_with_it(words):
    assert new_lines(f"{words}\n\n{BLOCK}") == f"{words}\n\n{BLOCK}"
    signed = f"{words}\n\nKommunen skrev:\n> Var?\n\nVid nr 5."
    assert new_lines(signed) == f"{words}\n\nVid nr 5."


@pytest.mark.parametrize("words", ["Jag har inte fått svar i mejlet nedan.", "Har ni svarat på frågan nedan?"])
def test_who_waits_for_an_answer_has_written_none_into_the_quote(words):
    assert new_lines(f"{words}\n\n{BLOCK}") == words


def test_a_mail_of_nothing_but_quotes_stays_whole():
    assert new_lines("> Lampan är trasig.") == "> Lampan är trasig."


HTML = read_records("threads/replies.html.txt")


@pytest.mark.parametrize("client", HTML)
def test_a_reply_in_html_keeps_what_is_new(client):
    head = "From: a@medborgare.example\nMessage-ID: <a@medborgare.example>\nContent-Type: text/html; charset=utf-8\n\n"
    message = parse((head + HTML[client]).encode())
    assert "NYTT" in message.message
    assert "GAMMALT" not in message.message
    assert "GAMMALT" in message.text
    assert "skrev" not in message.message


@pytest.mark.timeout(10)
def test_twenty_thousand_lines_that_say_nothing_are_read_at_once():
    text = f"{'=' * 200}\n" * 20_000
    assert new_lines(text) == text


def test_what_stands_behind_more_lines_than_anybody_writes_is_kept_unread():
    begun = "Hej!\n" + "a\n" * MAX_LINES
    assert new_lines(f"{begun}> quoted") == f"{begun}> quoted"
    assert new_lines("Hej!\n" + "a\n" * (MAX_LINES - 2) + "> quoted").endswith("a")


def test_dashes_beyond_those_of_any_letter_are_not_looked_at():
    parts = "Lampan är trasig.\n--\nJag vill att den lagas i dag.\n"
    few, many = parts * (MAX_SIGNS - 1), parts * (MAX_SIGNS + 1)
    signature = "--\nsolens vägförening på gatan\noch på torget"
    assert split_signature(few + signature)[1]
    assert split_signature(many + signature) == (many + signature, "")


@pytest.mark.parametrize("sign", ["\u200e", "\u200f", "\u202a", "\u2066", "\u2060"])
def test_signs_of_direction_hide_no_quote_and_no_signature(sign):
    lines = [
        "Nu är det klart.",
        "",
        "Mvh",
        "Bo",
        "",
        "Från: a@x.example",
        "Skickat: 3 november 2026",
        "Ämne: Lampa",
        "Gammalt",
    ]
    text = "".join(f"{sign}{line}\n" for line in lines)
    message = parse(f"From: bo@x.example\nContent-Type: text/plain; charset=utf-8\n\n{text}".encode())
    assert (message.message, message.signature) == ("Nu är det klart.", "Mvh\nBo")


def test_a_ticket_system_s_own_line_is_no_part_of_what_stands_below_it():
    text = "##- Skriv ditt svar ovanför den här raden -##\n\nÄrendet är avslutat."
    assert new_lines(text) == "Ärendet är avslutat."
    assert new_lines(f"Nej, det är det inte.\n\n{text}") == "Nej, det är det inte."


def test_a_link_too_long_for_a_quoted_line_is_quoted_as_the_lines_around_it():
    quote = "> Klicka här\n>\n<https://lista.example/avsluta/184ce11578cd0abaddcb6e7460708971afed727>\n> Kommunen"
    assert new_lines(f"Nej tack.\n\nDen 3 nov. 2026 kl. 08:15 skrev Kommunen <k@x.example>:\n{quote}") == "Nej tack."


def test_an_old_mail_that_greets_its_reader_is_not_his_own():
    old = "Hej Anna,\nVi har lagat lampan.\nMvh Kontaktcenter"
    for above in ("Den är trasig igen.\n\n/Anna", "Den är trasig igen.\n\n-----", "Trasig.\n\nMvh\nAnna Lind"):
        cut = new_lines(f"{above}\n\n{old}", "Anna Lind")
        assert cut == above.removesuffix("\n\n-----"), above
    for own in (f"Tack.\n\n{old}", f"-----\n{old}", "Hej!\n/Anna\n\nHej Bo,\ndu glömde dörren."):
        assert new_lines(own, "Anna Lind") == own
    within = f"Se mina svar nedan.\n/Anna\n\n{old}"
    assert new_lines(within, "Anna Lind") == within

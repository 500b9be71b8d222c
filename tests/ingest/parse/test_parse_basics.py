"""The door to reading mail: what it gives for a simple letter, and what it refuses."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from cases.errors import UnreadableMessage
from cases.inbound.messages import MessageKind
from ingest.parse import parse
from ingest.reading.language import guess_language

LETTER = """\
Received: from mx.medborgare.example (mx.medborgare.example [192.0.2.7])
\tby in.alvsby.example (Postfix) with ESMTPS id 4FAKE; Tue, 3 Nov 2026 08:00:05 +0100
Authentication-Results: in.alvsby.example; spf=pass smtp.mailfrom=medborgare.example; dmarc=fail
Authentication-Results: mx.medborgare.example; dmarc=pass
From: =?utf-8?Q?=C3=85sa_Lind?= <asa@medborgare.example>
To: synpunkter@alvsby.example
Subject: =?iso-8859-1?Q?Gatubelysningen_p=E5_Ring?= =?iso-8859-1?Q?v=E4gen?=
Message-ID: <abc@medborgare.example>
Date: Tue, 3 Nov 2026 07:59:58 +0100
Content-Type: text/plain; charset=utf-8

Hej!
Lampan utanför nummer 5 är trasig.

Med vänlig hälsning
Åsa Lind
070-174 06 05
""".encode()


def test_a_plain_letter_is_read():
    message = parse(LETTER, own_servers=["in.alvsby.example"])
    assert message.kind is MessageKind.CITIZEN
    assert (message.from_name, message.from_addr) == ("Åsa Lind", "asa@medborgare.example")
    assert message.subject == "Gatubelysningen på Ringvägen"
    assert message.message == "Hej!\nLampan utanför nummer 5 är trasig."
    assert message.signature.endswith("070-174 06 05")
    assert message.received_by_own == datetime(2026, 11, 3, 7, 0, 5, tzinfo=UTC)


def test_only_the_own_servers_verdicts_are_believed():
    assert ("dmarc", "fail") in parse(LETTER, own_servers=["in.alvsby.example"]).auth
    assert parse(LETTER).auth == ()
    assert parse(LETTER).received_by_own is None


def test_nothing_at_all_is_unreadable():
    with pytest.raises(UnreadableMessage, match="varken rubriker eller text"):
        parse(b"\r\n\r\n")


@pytest.mark.parametrize("declared", [b"", b"; charset=iso-8859-1", b"; charset=us-ascii"])
def test_one_byte_that_does_not_belong_does_not_spoil_a_letter(declared):
    head = b"From: asa@medborgare.example\nContent-Type: text/plain" + declared + b"\n\n"
    words = "Jag är nöjd: på Ängsvägen lyser lampan, och på Åvägen. Не переходите по ссылкам."
    body = words.encode().replace(b"Jag ", b"Jag, Andr\xe9, ")
    assert parse(head + body).message == words.replace("Jag ", "Jag, André, ")


def test_windows_1252_is_not_taken_for_utf_8():
    head = b"From: asa@medborgare.example\nContent-Type: text/plain\n\n"
    words = "Lådan på Ängsvägen står öppen. Skylten säger Ã¥ i stället för å."
    assert parse(head + words.encode("cp1252")).message == words


@pytest.mark.parametrize("declared", ["iso-8859-1", "iso-8859-15", "iso-8859-2"])
def test_quotes_of_windows_are_quotes_in_every_iso_8859(declared):
    head = f"From: asa@medborgare.example\nContent-Type: text/plain; charset={declared}\n\n".encode()
    assert parse(head + "”Nej” – så sa hon…".replace("å", "ä").encode("cp1252")).message == "”Nej” – sä sa hon…"


def test_spaces_that_do_not_break_a_line_are_spaces():
    head = b"From: asa@medborgare.example\nContent-Type: text/plain; charset=utf-8\n\n"
    words = "\ufeffHej!\nLampan\xa0lyser\u200b inte.\n\nMed v\xe4nlig\xa0h\xe4lsning\n\xc5sa"
    message = parse(head + words.encode())
    assert (message.message, message.signature) == ("Hej!\nLampan lyser inte.", "Med v\xe4nlig h\xe4lsning\n\xc5sa")


def test_a_subject_cut_in_its_code_is_read_as_far_as_it_goes():
    head = b"From: asa@medborgare.example\nSubject: =?utf-8?Q?Lampan_p=C3=A5_torget?\n\nHej"
    assert parse(head).subject == "Lampan p\xe5 torget"


def test_base64_cut_between_words_without_counting_to_four_is_read_as_one():
    code = b64encode("Trasig lampa p\xe5 \xc5gatan".encode()).decode()
    head = f"Subject: =?utf-8?B?{code[:21]}?=\n =?utf-8?B?{code[21:]}?=\n\nHej"
    assert parse(head.encode()).subject == "Trasig lampa p\xe5 \xc5gatan"


def test_words_of_base64_that_lack_their_padding_are_read_each_by_itself():
    head = b"Subject: =?utf-8?B?VHJhc2ln?= =?utf-8?B?IHDDpQ?= =?utf-8?B?IHDDpQ?=\n\nHej"
    assert parse(head).subject == "Trasig p\xe5 p\xe5"


def test_a_question_mark_at_the_end_of_a_coded_subject_is_kept():
    assert parse(b"From: a@medborgare.example\nSubject: =?utf-8?Q?Vad_nu??=\n\nHej").subject == "Vad nu?"


def test_ids_that_were_folded_in_the_middle_are_whole():
    head = b'Message-ID: <"a b"@x.example>\nIn-Reply-To: <s1@alvs\n by.example>'
    message = parse(head + b"\nReferences: <s0@x.example><s1@alvs\n\tby.example>" + b"\n\nHej")
    assert message.message_id == '"a b"@x.example'
    assert (message.in_reply_to, message.references) == ("s1@alvsby.example", ("s0@x.example", "s1@alvsby.example"))


def test_ids_that_a_server_encoded_are_read():
    head = b"In-Reply-To:\n =?us-ascii?Q?=3Cs1=40alvsby=2Eexample=3E?="
    refs = b"References: =?us-ascii?Q?=3Cs0=40x=2Eexample=3E?=\n =?us-ascii?Q?_=3Cs1=40alvsby=2Eexample=3E?="
    message = parse(head + b"\n" + refs + b"\n\nHej")
    assert (message.in_reply_to, message.references) == ("s1@alvsby.example", ("s0@x.example", "s1@alvsby.example"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "Vill ni laga lampan nu?"),
        ("sv", "I morse blev min cykel stulen i parken"),
        ("sv", "Efter stormen ligger stolpen i en gata"),
        ("en", "A broken lamp, only one."),
        ("fa", "برق کوی ما قطع شده است"),
        ("fa", "نه، هنوز خراب است."),
        ("hu", "Jó napot, meg tudják javítani a lámpát? Köszönöm."),
        ("ro", "Bună ziua, puteți repara lampa? Mulțumesc."),
        ("hr", "Dobar dan, možete li popraviti lampu? Hvala."),
        ("sq", "Përshëndetje, a mund ta rregulloni llambën? Faleminderit."),
        ("et", "Tere, kas te saate lambi parandada? Aitäh."),
        ("lt", "Laba diena, ar galite sutaisyti lempą? Ačiū."),
        ("lv", "Labdien, vai varat salabot lampu? Paldies."),
        ("is", "Halló, getið þið lagað lampann? Takk fyrir."),
        ("vi", "Xin chào, bạn có thể sửa đèn không? Cảm ơn."),
        ("uk", "Полагодьте лампу, будь ласка. Її розбили."),
        ("bg", "Здравейте, кога ще поправите лампата?"),
        ("sr", "Можете ли да поправите лампу у мојој улици?"),
        ("mk", "Ќе ја поправите ли ламбата на мојата улица?"),
        ("ru", "Здравствуйте, вы почините лампу?"),
        ("uk", "Вода погано пахне."),
        ("ti", "ቤተ መጻሕፍቲ መዓስ ይኽፈት?"),
        ("ku", "Spas, lê lambe hîn jî şikestî ye."),
        # Letters of a few words, of which nothing but the commonest tell.
        ("sv", "Se bilaga."),
        ("sv", "Nej, sopbilen kom aldrig."),
        ("sv", "Gräns vid ån"),
        ("fi", "Lamppu on rikki."),
        ("de", "Ja, das passt mir gut."),
        ("da", "Det passer fint, jeg kommer gerne."),
        ("no", "Vi trenger svar."),
    ],
)
def test_a_letter_s_language_is_guessed_from_its_words(language, words):
    assert guess_language(words) == language

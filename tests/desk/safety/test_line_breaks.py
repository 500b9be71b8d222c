"""Each guard against a text that would begin a header or send somebody elsewhere, asked by itself.

The walks (`test_walk_doors.py`) see that nothing gets out. Several guards stand behind each other there, so that one
could be lost unseen; here nothing stands behind the one that is asked. SMTP's own are in `notifier/test_smtp.py`.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from cases.errors import DeliveryError, NotAllowed
from cases.letters.addresses import ascii_address
from cases.letters.letter import LetterContext, LetterKind
from cases.webhooks import check_url
from config.kinds import Wrong
from config.kinds import one_line as setting_line
from desk.forms import flatten
from desk.security import disposition, local_path
from ingest.parse import parse
from ingest.reading.attachments import clean_name
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from notifier.mime import Identity, compose
from notifier.mime import one_line as mail_line
from notifier.variables import sample_values
from tests.desk import house as h
from tests.notifier.conftest import IDENTITY, NOW, entry, letter
from tests.steps.house import mail

BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
"""All that some reader of a header takes for the end of a line."""
NAMES = [f"namn{one}X-Xq7: ja" for one in BREAKS]
ELSEWHERE = ["https://ond.example", "//ond.example", "///ond.example", "/\\ond.example", "/\t/ond.example", "ond"]
evil = pytest.mark.parametrize("text", NAMES, ids=map(ascii, BREAKS))


def unbroken(text: str) -> bool:
    return len(text.splitlines()) == 1 and not any(one in text for one in BREAKS)


@evil
def test_a_download_is_named_on_one_line(text: str) -> None:
    for inline in (True, False):
        assert unbroken(disposition(f"{text}.pdf", inline=inline))
        assert disposition(f'a"; filename="{text}', inline=inline).count('"') == 2
        assert disposition("a;b'å.pdf", inline=inline).endswith(
            "; filename=\"a;b'_.pdf\"; filename*=UTF-8''a%3Bb%27%C3%A5.pdf"
        )


@evil
def test_an_attachments_name_is_one_line(text: str) -> None:
    assert unbroken(clean_name(f"{text}.pdf"))
    assert clean_name('a\x00"\u202eb*<c>.pdf') == "abc.pdf"


@pytest.mark.parametrize("path", [*ELSEWHERE, *(f"/mina{one}X-Xq7: ja" for one in BREAKS)])
def test_a_way_on_is_a_page_of_ours_on_one_line(path: str) -> None:
    assert local_path(path) == "/"


@pytest.mark.parametrize("way", ELSEWHERE)
def test_the_log_in_page_carries_no_way_elsewhere(surf, way: str) -> None:
    page = surf()
    shown = page.client.get("/logga-in", params={"nasta": way}).text
    assert 'name="nasta" value="/"' in shown
    page.get("/logga-in")
    wrong = page.post("/logga-in", epost="handlaggare@ekdala.example", losenord="fel", nasta=way)
    assert 'name="nasta" value="/"' in wrong.text, "nor does it after a wrong password"


def test_logging_in_leads_to_no_other_place(surf) -> None:
    page = surf()
    assert page.log_in("handlaggare@ekdala.example", h.PASSWORD, ELSEWHERE[0]).headers["location"] == "/"


@pytest.mark.parametrize("query", [*(f"typ=a{one}X-Xq7:ja" for one in BREAKS), "å"])
def test_the_queue_goes_on_with_an_address_of_one_line(surf, query: str) -> None:
    page = surf("registrator")
    page.get("/att-fordela")
    answer = page.post("/att-fordela/bekrafta", fraga=query)
    assert (answer.status_code, answer.headers["location"]) == (303, "/att-fordela#innehall")


@evil
def test_a_field_of_one_line_is_one_line(text: str) -> None:
    assert unbroken(flatten([text, text]))


@evil
def test_a_setting_of_one_line_is_refused_with_more(text: str) -> None:
    with pytest.raises(Wrong):
        setting_line(text, Path())


@evil
def test_a_webhook_is_no_address_of_two_lines(text: str) -> None:
    with pytest.raises(NotAllowed):
        check_url(f"https://mottagare.example/{text.replace(' ', '')}", ())


@pytest.mark.parametrize("ended", ["=0D=0A", "=0A", "=0D", "=0B", "=0C"])
def test_what_is_read_of_a_header_is_one_line(ended: str) -> None:
    coded = f"=?utf-8?q?hej{ended}X-Xq7:_ja?="
    message = parse(mail(subject=coded, sender=f"{coded} <bo@mejl.example>"))
    assert unbroken(message.subject)
    assert unbroken(message.from_name)


@evil
def test_a_letters_subject_is_one_line_before_anybody_composes_it(text: str) -> None:
    values = sample_values(LetterKind.MOTTAGNING, optional=True) | {"arende_id": text}
    assert unbroken(
        TemplateRenderer(sample_constants()).render(LetterKind.MOTTAGNING, "sv", LetterContext(values)).subject
    )


@evil
def test_a_line_of_a_mails_head_is_one_line(text: str) -> None:
    assert unbroken(mail_line(text))
    assert mail_line(f"a\x00b\x1bc\x7fd\ud800{text}").isprintable()


@evil
def test_a_subject_and_a_name_are_made_one_line_in_the_mail(text: str) -> None:
    mail = compose(entry(letter=replace(letter(), subject=text)), Identity(text, IDENTITY.address), NOW)
    assert mail["Subject"] == "namn X-Xq7: ja"
    assert mail["From"].addresses[0].display_name == "namn X-Xq7: ja"


@evil
def test_no_address_of_two_lines_is_one(text: str) -> None:
    with pytest.raises(DeliveryError):
        ascii_address(f"bo@mejl.example{text}")


@evil
@pytest.mark.parametrize("field", ["recipient", "reply_to", "address"])
def test_a_mail_is_to_and_from_addresses_alone(text: str, field: str) -> None:
    whom = f"bo@mejl.example{text}"
    one = entry() if field == "address" else replace(entry(), **{field: whom})
    with pytest.raises(DeliveryError):
        compose(one, replace(IDENTITY, address=whom) if field == "address" else IDENTITY, NOW)


@evil
def test_a_mail_answers_message_ids_alone(text: str) -> None:
    strange = f"<a@mejl.example>{text}"
    mail = compose(entry(in_reply_to=strange, references=(strange,)), IDENTITY, NOW)
    assert (mail["In-Reply-To"], mail["References"]) == (None, None)

"""Whom a letter is from, and which addresses can be written to: the rules themselves, without a store."""

from dataclasses import replace
from typing import cast

import pytest

from cases.case import Channel, Party
from cases.errors import NotAllowed
from cases.inbound.forms import FormAnswers
from cases.inbound.messages import Mailaddress
from cases.ports import Tx
from cases.steps.sender import Correspondent, checked_address, correspondent
from ingest.parse import parse
from tests.cases.builders import an_office
from tests.steps.house import mail

OFFICE = an_office(own_addresses=frozenset({"feedback@ekdala.example"}))
HOUSE = replace(OFFICE, internal_domains=frozenset({"ekdala.example"}))
# A letter that passes nothing on asks the store nothing.
NO_STORE = cast(Tx, None)


@pytest.mark.parametrize(
    ("headers", "email", "refused"),
    [
        ({}, "berit@mejl.example", ""),
        ({"Reply_To": "hem@mejl.example"}, "hem@mejl.example", ""),
        ({"Reply_To": "Feedback@Ekdala.example"}, "berit@mejl.example", ""),
        ({"Reply_To": "NoReply@butik.example"}, "noreply@butik.example", "tar inte emot svar"),
        ({"sender": "Svara-Inte-123@butik.example"}, "Svara-Inte-123@butik.example", "tar inte emot svar"),
        ({"sender": "anna@noreply.example"}, "anna@noreply.example", ""),
    ],
)
def test_who_wrote_is_answered_where_they_ask_for_it_but_never_we_ourselves(
    headers: dict[str, str], email: str, refused: str
) -> None:
    found = correspondent(NO_STORE, parse(mail(**headers)), OFFICE)
    assert (found.party.email, found.subject) == (email, "Trasig lampa")
    assert refused in found.refused
    assert bool(found.refused) is bool(refused)


def test_nothing_goes_to_an_address_that_its_domain_does_not_own() -> None:
    forged = replace(parse(mail()), auth=(("dmarc", "fail"),))
    assert "kunde inte bekräftas" in correspondent(NO_STORE, forged, OFFICE).refused


def test_the_name_in_the_letter_is_the_senders() -> None:
    assert correspondent(NO_STORE, parse(mail()), OFFICE).party.name == "Berit Alm"


def passed_on(writer: Mailaddress, subject: str = "VB: Sv: Lampan") -> Correspondent:
    message = parse(mail(sender="Hans Vik <Hans@Ekdala.Example>", subject=subject))
    return correspondent(NO_STORE, replace(message, forwarded_from=writer), HOUSE)


def test_what_a_colleague_passes_on_is_with_whoever_wrote_it_and_in_doubt() -> None:
    found = passed_on(Mailaddress("Berit Alm", "berit@mejl.example"))
    assert found.party == Party("Berit Alm", "berit@mejl.example")
    assert (found.subject, found.refused) == ("Sv: Lampan", "")
    assert (found.forwarded_by, "läst ur det" in found.doubt) == ("Hans@Ekdala.Example", True)
    assert "står inte i det" in passed_on(Mailaddress("Berit Alm", "")).doubt
    assert "tar inte emot svar" in passed_on(Mailaddress("Butiken", "noreply@butik.example")).refused
    assert passed_on(Mailaddress("", "berit@mejl.example"), "VB:").subject == "VB:"


@pytest.mark.parametrize("own", ["Feedback@Ekdala.example", "HANS@ekdala.example"])
def test_our_own_letter_or_the_colleagues_own_is_passed_on_for_nobody(own: str) -> None:
    assert not passed_on(Mailaddress("", own)).forwarded_by


def of_form(**changes: object) -> Correspondent:
    values = {"source": "webb", "channel": Channel.WEB, "proven": True, "email": "berit@mejl.example", **changes}
    return correspondent(NO_STORE, replace(parse(mail()), form=FormAnswers(**values)), OFFICE)  # type: ignore[arg-type]


def test_a_form_says_who_wrote_and_whether_they_want_an_answer() -> None:
    assert of_form(email="Feedback@Ekdala.example").party.email == ""
    assert "vill inte ha svar" in of_form(answer_wanted=False).refused
    assert "tar inte emot svar" in of_form(email="noreply@butik.example").refused
    assert [bool(of_form(proven=proven).doubt) for proven in (True, False)] == [False, True]
    whole = {"name": "Berit Alm", "email": "berit@mejl.example", "phone": "0281-1", "address": "Lingonstigen 1"}
    assert (of_form(**whole).party, of_form(**whole).refused) == (Party(**whole), "")
    secret = of_form(anonymous=True, proven=False)
    assert (secret.party, bool(secret.doubt)) == (Party(anonymous=True), True)
    assert "kändes igen" in of_form(email="").doubt


def test_a_forms_heading_is_its_own_else_its_kind_else_the_mails() -> None:
    assert of_form(subject="Lampan", category="Gator").subject == "Lampan"
    assert of_form(category="Gator").subject == "Gator"
    assert of_form().subject == "Trasig lampa"


def test_an_address_is_taken_without_blanks_around_it_and_none_at_all_as_none() -> None:
    assert checked_address(" berit@mejl.example\n", OFFICE) == "berit@mejl.example"
    assert checked_address("  ", OFFICE) == ""


@pytest.mark.parametrize("text", ["a@x.example,b@x.example", "<a@x.example>", "a@x", "a\tb@x.example"])
def test_what_is_no_single_address_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed, match="inte hel"):
        checked_address(text, OFFICE)


def test_our_own_mailbox_is_no_senders_address_however_it_is_written() -> None:
    with pytest.raises(NotAllowed, match="egen brevlåda"):
        checked_address("Feedback@EKDALA.example", OFFICE)

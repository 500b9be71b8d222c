"""A command in a mail that answers none of ours."""

import pytest

from cases.letters.letter import LetterKind
from cases.people.access import Grant, Role
from cases.ports import Store
from tests.steps.by_mail import HANS, explained, internal, kinds, reply
from tests.steps.deciding import assigned, only
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import FAIL, PASS, signing


@pytest.fixture
def house(store: Store) -> SmallHouse:
    house = signing(store)
    assigned(house)
    return house


def fresh(house: SmallHouse, subject: str, **changes: str) -> None:
    """Hans writes to the municipality's mailbox with a code, and answers no mail of ours."""
    values = {"sender": HANS, "message_id": "<n1@ekdala.example>", "Authentication_Results": PASS, **changes}
    house.receive(mail("Lampan byts i morgon.", subject=subject, **values))


def test_a_command_in_a_new_mail_becomes_no_case_and_its_writer_is_told(house: SmallHouse) -> None:
    """It became a case of its own, with a receipt, and who wrote it believed that the citizen had it."""
    fresh(house, "#svar om lampan")
    with house.store.read() as tx:
        assert tx.case_by_number("EK-2026-00002") == ""
        (kept,) = tx.loose_messages()
        (told,) = (e for e in tx.due(50, house.now) if not e.case_id)
    assert kept.subject == "#svar om lampan"
    assert (told.letter.kind, told.recipient) == (LetterKind.MEJLSVAR_STOPPAT, "hans@ekdala.example")
    for text in (told.letter.text, told.letter.html):
        assert "Inget brev har gått till den som skrev" in text
        assert "Öppna mejlet du fick om ärendet, svara på det" in text
        assert "https://lyhord.ekdala.example/mina" in text
        assert "Svara då på det här mejlet" not in text
    assert kinds(house).count(LetterKind.SVAR) == 0


def test_a_new_mail_that_names_the_case_is_kept_there_and_the_reply_to_what_tells_of_it_counts(
    house: SmallHouse,
) -> None:
    fresh(house, "#svar #status EK-2026-00001")
    explained(house, "Du skrev ett nytt mejl i stället för att svara på ett mejl från oss")
    assert only(house).messages[-1].direction == "staff"
    reply(house, "Lampan byts i dag.", to=internal(house, LetterKind.MEJLSVAR_STOPPAT).reply_to)
    assert LetterKind.SVAR in kinds(house)


def test_a_case_that_its_writer_may_not_read_is_not_told_of(house: SmallHouse) -> None:
    house.person("sune@ekdala.example", "Sune Å", Grant(Role.HANDLAGGARE, "hemtjanst"))
    fresh(house, "#svar EK-2026-00001", sender="Sune Å <sune@ekdala.example>")
    assert len(only(house).messages) == 1
    with house.store.read() as tx:
        (told,) = (e for e in tx.due(50, house.now) if not e.case_id)
    assert "EK-2026-00001" not in told.letter.text


@pytest.mark.parametrize("verdict", [FAIL, ""])
def test_a_command_that_nobody_vouches_for_is_a_letter_as_any(house: SmallHouse, verdict: str) -> None:
    fresh(house, "#svar EK-2026-00001", Authentication_Results=verdict)
    with house.store.read() as tx:
        assert tx.case_by_number("EK-2026-00002")
    assert LetterKind.MEJLSVAR_STOPPAT not in kinds(house)

"""Who is let answer a case by mail: whom our own server vouches for, by the address that was signed for them alone."""

from dataclasses import replace

import pytest

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import Grant, Role
from cases.ports import Store
from cases.post.staff import queue_internal
from tests.steps.by_mail import HANS, explained, internal, kinds, nothing_done, reply, silent
from tests.steps.deciding import assigned, only
from tests.steps.house import SmallHouse
from tests.steps.mails import FAIL, signing


@pytest.fixture
def house(store: Store) -> SmallHouse:
    house = signing(store)
    assigned(house)
    return house


def to_the_unit(house: SmallHouse, body: str, sender: str) -> None:
    """Somebody replies to what went to the unit's mailbox, which several read."""
    thread = internal(house, LetterKind.TILL_ENHETSREGISTRATOR).message_id
    reply(house, body, sender=sender, to="feedback@ekdala.example", In_Reply_To=thread)


def test_a_forged_sender_does_nothing_and_nobody_is_written_to(house: SmallHouse) -> None:
    reply(house, "Klart.", Authentication_Results=FAIL)
    silent(house, "DMARC")


@pytest.mark.parametrize("verdict", ["mx.ekdala.example; dmarc=none", "mx.annan.example; dmarc=pass"])
def test_a_sender_no_server_of_ours_vouches_for_is_told_to_use_the_desk(house: SmallHouse, verdict: str) -> None:
    reply(house, "Klart.", Authentication_Results=verdict)
    explained(house, "kunde inte bekräfta")


@pytest.mark.parametrize("subject", ["#svar", "Sv: Nytt ärende till dig"])
def test_a_colleague_cannot_use_anothers_letter_and_learns_that_nothing_went_out(
    house: SmallHouse, subject: str
) -> None:
    house.person("rita@ekdala.example", "Rita Ek", Grant(Role.HANDLAGGARE, "gata"))
    reply(house, "Klart.", subject, sender="Rita Ek <rita@ekdala.example>")
    nothing_done(house)
    told = internal(house, LetterKind.MEJLSVAR_STOPPAT)
    assert (told.recipient, "någon annan" in told.letter.text) == ("rita@ekdala.example", True)


def test_a_colleague_whom_nobody_vouches_for_is_not_written_to(house: SmallHouse) -> None:
    house.person("rita@ekdala.example", "Rita Ek", Grant(Role.HANDLAGGARE, "gata"))
    reply(house, "Klart.", sender="Rita Ek <rita@ekdala.example>", Authentication_Results="")
    silent(house, "någon annan")


def test_who_only_reads_the_case_cannot_answer_by_mail_either(house: SmallHouse) -> None:
    """What tells a colleague that nothing went out can be replied to itself."""
    eva = house.person("eva@ekdala.example", "Eva Ny", Grant(Role.HANDLAGGARE, "hemtjanst"))
    with house.store.begin() as tx:
        case = only(house).case
        tx.add_reader(case.id, eva.id, "Läser med", house.now)
        queue_internal(tx, house.office, case, LetterKind.SVAR_INKOMMET, [eva.email], now=house.now)
    to = internal(house, LetterKind.SVAR_INKOMMET).reply_to
    reply(house, "Klart.", sender="Eva Ny <eva@ekdala.example>", to=to)
    nothing_done(house)
    assert "inte svara i det" in internal(house, LetterKind.MEJLSVAR_STOPPAT).letter.text


@pytest.mark.parametrize("subject", ["#svar", "Sv: Nytt ärende till dig"])
def test_a_stolen_address_is_worth_nothing_to_an_outsider(house: SmallHouse, subject: str) -> None:
    """A contractor in copy, or the citizen from another address: it is a letter all the same, and told of."""
    verdict = "mx.ekdala.example; dmarc=pass header.from=annan.example"
    reply(house, "Vi lagar den i dag.", subject, sender="bo@annan.example", Authentication_Results=verdict)
    file = only(house)
    assert (file.case.status, file.messages[-1].outsider) == (CaseStatus.ASSIGNED, True)
    assert (file.messages[-1].direction, internal(house, LetterKind.SVAR_INKOMMET).recipient) == ("in", HANS[10:-1])
    assert "annan adress" in next(e.text for e in file.events if e.kind is EventKind.REPLY_RECEIVED)
    assert LetterKind.SVAR not in kinds(house)
    assert "Den som skrev till kommunen" not in internal(house, LetterKind.SVAR_INKOMMET).letter.text


def test_a_citizen_taken_into_the_conversation_stays_a_citizen(house: SmallHouse) -> None:
    reply(house, "Tack!", "Sv: lampan", sender="Berit Alm <berit@mejl.example>", Authentication_Results="")
    assert only(house).messages[-1].direction == "in"
    assert EventKind.REPLY_RECEIVED in [e.kind for e in only(house).events]


def test_a_changed_address_does_nothing(house: SmallHouse) -> None:
    address = internal(house).reply_to
    last = "b" if address.partition("@")[0][-2] == "a" else "a"
    local, _, domain = address.partition("@")
    reply(house, "Klart.", to=f"{local[:-2]}{last}{local[-1]}@{domain}")
    silent(house, "signatur")


def test_nobody_outside_is_let_into_a_case_by_an_address_we_did_not_sign(house: SmallHouse) -> None:
    local, _, domain = internal(house).reply_to.partition("@")
    last = "b" if local[-2] == "a" else "a"
    reply(house, "Klart.", "Sv: lampan", to=f"{local[:-2]}{last}{local[-1]}@{domain}", sender="bo@annan.example")
    assert [m.message.from_addr for m in only(house).messages] == ["berit@mejl.example"]


def test_a_mail_that_nobody_could_know_again_answers_nothing(house: SmallHouse) -> None:
    reply(house, "Klart.", message_id="")
    silent(house, "saknar ett eget id")


def test_an_old_letter_is_answered_on_the_desk(house: SmallHouse) -> None:
    house.later(days=62)
    reply(house, "Klart.")
    explained(house, "för gammalt")


def test_a_leaver_answers_nothing(house: SmallHouse) -> None:
    reply_to = internal(house).reply_to
    with house.store.begin() as tx:
        user = tx.user(house.handlaggare.id)
        tx.add_user(replace(user, active=False))
    reply(house, "Klart.", to=reply_to)
    silent(house, "aktiv användare")


def test_who_may_no_longer_read_the_case_answers_nothing(house: SmallHouse) -> None:
    with house.store.begin() as tx:
        user = tx.user(house.handlaggare.id)
        tx.add_user(replace(user, grants=frozenset()))
        tx.save_case(replace(only(house).case, assignee_id=""))
    reply(house, "Klart.")
    silent(house, "får inte läsa")


def test_a_mailbox_of_several_is_nobody_who_could_answer(house: SmallHouse) -> None:
    to_the_unit(house, "Klart.", "Gatan <gata@ekdala.example>")
    silent(house, "ingen aktiv användare")


def test_a_letter_to_a_mailbox_of_several_is_not_answered_from_ones_own(house: SmallHouse) -> None:
    to_the_unit(house, "Klart.", HANS)
    explained(house, "någon annan än den som brevet gick till")

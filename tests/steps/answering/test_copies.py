"""Kopia till: who gets one, what becomes of it by itself, what the copied-in person answers, and where none may go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.errors import DeliveryError, NotAllowed
from cases.journal import EventKind
from cases.letters.drafts import UNDO
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.routing.flags import FlagKind
from cases.steps.answering.copies import MOST_COPIES, offered_copies, read_addresses, readdress_copy
from cases.steps.answering.letters_out import resend_letter
from cases.steps.answering.send import Sending, send_answer
from cases.steps.answering.unsend import stop, take_back
from cases.steps.working.work import set_flags
from notifier.mime import compose
from notifier.outbox import send_due
from tests.notifier.conftest import IDENTITY
from tests.steps.deciding import ANSWER, assigned, bounce, only
from tests.steps.house import SmallHouse, mail

ANNA, GODA = "anna@post.example", "god.man@post.example"


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    made = SmallHouse(sqlite_store)
    assigned(made)
    return made


def answered(house: SmallHouse, *copies: str, kind: LetterKind = LetterKind.SVAR) -> OutboxEntry:
    case = only(house).case
    wish = Sending(case.id, case.version, (), kind, ANSWER, ANSWER, copies=copies)
    with house.store.begin() as tx:
        return tx.get_entry(send_answer(tx, wish, house.handlaggare, house.office, house.now).entry_id)


def letters(house: SmallHouse) -> dict[str, OutboxEntry]:
    """The answer and its copies, by address."""
    return {one.recipient: one for one in only(house).letters if one.letter.kind is LetterKind.SVAR}


class Server:
    """A mail server that refuses some recipients and keeps what it took from us for the others."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.took: list[OutboxEntry] = []

    def send(self, entry: OutboxEntry, files=()) -> str:
        if entry.recipient in self.refused:
            raise DeliveryError("Mottagaren avvisades: 550 no such user", retryable=False)
        self.took.append(entry)
        return "250 taken"


def post(house: SmallHouse, server: Server | None = None) -> list[OutboxEntry]:
    """What the mail server took of the answer, in its order."""
    server = server or Server()
    house.now += UNDO + timedelta(seconds=1)
    rest = {"clock": lambda: house.now, "new_id": house.office.new_id, "check": house.may_leave}
    send_due(house.store, server, now=house.now, **rest)
    return [one for one in server.took if one.letter.kind is LetterKind.SVAR]


def told(house: SmallHouse, kind: EventKind) -> list[str]:
    return [event.text for event in only(house).events if event.kind is kind]


def test_the_answer_and_each_copy_leave_once_and_show_to_whom_they_all_went(on_either: SmallHouse) -> None:
    case = only(on_either).case
    answered(on_either, ANNA, GODA)
    took = [*post(on_either), *post(on_either)]
    assert [one.recipient for one in took] == [case.sender.email, ANNA, GODA]
    heads = [compose(one, IDENTITY, on_either.now) for one in took]
    assert {(one["To"], one["Cc"]) for one in heads} == {(case.sender.email, f"{ANNA}, {GODA}")}
    assert len({one["Message-ID"] for one in heads}) == 3
    assert heads[1]["In-Reply-To"] == heads[1]["References"] == heads[0]["Message-ID"]
    assert len({one.get_body(("plain",)).get_content() for one in heads}) == 1
    assert f"Kopia av brevet ”Svar på fråga” går till {ANNA}, {GODA}." in told(on_either, EventKind.NOTE)
    # What other systems are told names nobody.
    assert told(on_either, EventKind.LETTER_SENT)[-2:] == ["Kopia: Svar på fråga"] * 2


def test_a_refused_copy_is_seen_and_leaves_the_answer_as_it_is(house: SmallHouse) -> None:
    case = only(house).case
    answered(house, ANNA, GODA)
    assert [one.recipient for one in post(house, Server(ANNA))] == [case.sender.email, GODA]
    states = {address: one.status for address, one in letters(house).items()}
    assert states == {case.sender.email: "sent", ANNA: "failed", GODA: "sent"}
    assert told(house, EventKind.LETTER_FAILED) == [
        f"Kopia: Svar på fråga, till {ANNA}: Mottagaren avvisades: 550 no such user"
    ]
    with house.store.begin() as tx:
        resend_letter(tx, letters(house)[ANNA].id, house.handlaggare, house.office, house.now)
    assert told(house, EventKind.LETTER_QUEUED)[-1] == "Kopia: Svar på fråga"
    assert [one.recipient for one in post(house)] == [ANNA]


def test_a_copy_that_comes_back_says_nothing_of_the_senders_own_address(house: SmallHouse) -> None:
    case = only(house).case
    answered(house, ANNA)
    post(house)
    house.receive(bounce(letters(house)[ANNA].message_id))
    states = {address: one.status for address, one in letters(house).items()}
    assert states == {case.sender.email: OutboxStatus.SENT, ANNA: OutboxStatus.BOUNCED}
    assert only(house).case.mail_refused == ""
    assert told(house, EventKind.BOUNCED) == [f"Kopian till {ANNA} kom inte fram till mottagaren."]
    assert any(one.letter.kind is LetterKind.STUDS for one in only(house).letters)


def test_a_copy_that_did_not_come_is_sent_to_the_right_address(on_either: SmallHouse) -> None:
    house, case, right = on_either, only(on_either).case, "anna.ny@post.example"
    answered(house, ANNA, GODA)
    post(house, Server(ANNA, GODA))
    house.receive(bounce(letters(house)[case.sender.email].message_id))

    def put_right(address: str) -> OutboxEntry:
        with house.store.begin() as tx:
            return readdress_copy(tx, letters(house)[ANNA].id, address, house.handlaggare, house.office, house.now)

    for address, said in ((" ", "Skriv adressen"), ("anna@post", "går inte att skicka"), (GODA, "har redan en egen")):
        with pytest.raises(NotAllowed, match=said) as refused:
            put_right(address)
        assert refused.value.part == "copies"
    assert put_right(f" {right} ").recipient == right
    assert told(house, EventKind.CORRECTED) == [f"Kopian till {ANNA} går nu till {right}."]
    (sent,) = post(house)
    head = compose(sent, IDENTITY, house.now)
    assert (head["To"], head["Cc"]) == (case.sender.email, f"{right}, {GODA}")
    assert letters(house)[GODA].shown == sent.shown, "it has not left, and is to show the same"
    assert letters(house)[case.sender.email].shown == (case.sender.email, ANNA, GODA), "as it was sent"
    for one in (right, case.sender.email):
        with house.store.begin() as tx, pytest.raises(NotAllowed, match="inte en kopia som inte har kommit fram"):
            readdress_copy(tx, letters(house)[one].id, "annan@post.example", house.handlaggare, house.office, house.now)


def test_what_is_taken_back_is_copied_to_nobody(house: SmallHouse) -> None:
    entry = answered(house, ANNA)
    with house.store.begin() as tx:
        take_back(tx, entry.id, house.handlaggare, house.office, house.now)
    assert post(house) == []
    assert {one.status for one in letters(house).values()} == {OutboxStatus.CANCELLED}


def test_an_answer_somebody_has_a_copy_of_is_stopped_no_more(house: SmallHouse) -> None:
    """A server put the sender's own off until later and took the copy."""
    entry = answered(house, ANNA)
    with house.store.begin() as tx:
        tx.update_entry(replace(letters(house)[ANNA], status=OutboxStatus.SENT))
    with house.store.begin() as tx, pytest.raises(NotAllowed, match="har redan lämnat"):
        stop(tx, entry.id, house.handlaggare, house.office, house.now)


def test_one_that_no_server_takes_is_stopped_whoever_has_a_copy(house: SmallHouse) -> None:
    entry = answered(house, ANNA)
    with house.store.begin() as tx:
        tx.update_entry(replace(letters(house)[ANNA], status=OutboxStatus.SENT))
        tx.update_entry(replace(entry, status=OutboxStatus.FAILED))
    with house.store.begin() as tx:
        stop(tx, entry.id, house.handlaggare, house.office, house.now)
    assert only(house).case.outcome is None


def flag(house: SmallHouse) -> None:
    with house.store.begin() as tx:
        case = only(house).case
        set_flags(tx, case.id, case.version, frozenset({FlagKind.BARN}), "", house.registrator, house.office, house.now)


def test_a_copy_is_held_once_the_case_is_protected_and_undoes_nothing(house: SmallHouse) -> None:
    """Children are masked in what others see; the sender has the answer all the same."""
    case = only(house).case
    answered(house, ANNA)
    flag(house)
    assert [one.recipient for one in post(house)] == [case.sender.email]
    assert letters(house)[ANNA].status is OutboxStatus.WITHHELD
    assert only(house).case.status == "answered"


def test_a_copy_never_leaves_without_its_answer(house: SmallHouse) -> None:
    case = only(house).case
    answered(house, ANNA)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), mail_refused="Ett tidigare brev till adressen studsade."))
    assert post(house) == [] and post(house) == []
    assert {one.status for one in letters(house).values()} == {OutboxStatus.WITHHELD}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("anna@post", "går inte att skicka till"),
        ("anna", "går inte att skicka till"),
        ("anna\x00@post.example", "går inte att skicka till"),
        ("anna@post..example", "går inte att skicka till"),
        ("åsa@post.example", "går inte att skicka till"),
        ("noreply@post.example", "ingen läser"),
        ("BERIT@mejl.example", "avsändarens"),
        ("hans@ekdala.example", "är en kollega"),
    ],
)
def test_who_may_not_be_copied_in_is_told_of_and_nothing_is_sent(house: SmallHouse, address: str, said: str) -> None:
    assert only(house).case.sender.email == "berit@mejl.example"
    with pytest.raises(NotAllowed, match=said) as refused:
        answered(house, ANNA, address)
    assert refused.value.part == "copies"
    assert letters(house) == {}


def test_addresses_may_be_parted_in_any_way_and_count_once() -> None:
    assert read_addresses(f" {ANNA};{GODA},\n{ANNA.upper()} ") == (ANNA, GODA)


def test_a_protected_case_a_crowd_and_the_neutral_letter_are_copied_to_nobody(house: SmallHouse) -> None:
    with pytest.raises(NotAllowed, match="Högst 5"):
        answered(house, *(f"granne{number}@post.example" for number in range(MOST_COPIES + 1)))
    with pytest.raises(NotAllowed, match="neutrala meddelandet går ingen kopia"):
        answered(house, ANNA, kind=LetterKind.SEKRETESS_SAFE)
    flag(house)
    with pytest.raises(NotAllowed, match="Ärendet är skyddat"):
        answered(house, ANNA)
    assert letters(house) == {}


def test_no_copy_holds_the_link_that_is_the_senders_own(house: SmallHouse) -> None:
    house.office = replace(house.office, ask_if_helped=True, public_url="https://ekdala.example")
    answered(house, ANNA)
    answer, copy = letters(house).values()
    assert "https://ekdala.example/oppet/mitt/" in answer.letter.text
    assert "/oppet/mitt/" not in copy.letter.text + copy.letter.html
    assert ANSWER["svar"] in copy.letter.text


def arrives(house: SmallHouse, sender: str, **headers: str) -> None:
    house.receive(mail("Tack, jag hälsar henne det.", sender=sender, message_id="<k1@post.example>", **headers))


def test_who_was_copied_in_answers_in_the_case_and_never_as_its_sender(house: SmallHouse) -> None:
    case = only(house).case
    answered(house, ANNA)
    post(house)
    copy = letters(house)[ANNA]
    arrives(house, ANNA, subject="SV: Svar", Cc=case.sender.email, In_Reply_To=copy.message_id)
    stored = only(house).messages[-1]
    assert (stored.message.from_addr, stored.direction, stored.outsider) == (ANNA, "in", True)
    assert told(house, EventKind.REPLY_RECEIVED) == []
    assert told(house, EventKind.REOPENED) == ["Någon som har fått en kopia har svarat."]
    assert told(house, EventKind.ANSWERED_OUTSIDE) == [f"Från {ANNA}, som har fått en kopia av ett brev från oss."]
    with house.store.read() as tx:
        assert tx.case_by_number("EK-2026-00002") == ""
        assert not tx.has_sender(case.id, ANNA)


def test_mere_thanks_of_who_was_copied_in_give_nobody_anything_to_do(house: SmallHouse) -> None:
    answered(house, ANNA)
    post(house)
    before = len(only(house).letters)
    thanks = "Hej!\r\n\r\nTack så mycket för hjälpen.\r\n\r\nMvh Anna"
    house.receive(mail(thanks, sender=f"Anna Ek <{ANNA}>", message_id="<t@post.example>", subject="Om EK-2026-00001"))
    file = only(house)
    assert (file.case.status, len(file.messages), len(file.letters)) == ("answered", 2, before)
    assert told(house, EventKind.ANSWERED_OUTSIDE) == [f"Från {ANNA}, som har fått en kopia av ett brev från oss."]


def test_who_was_copied_in_is_known_by_the_number_in_a_mail_of_their_own(house: SmallHouse) -> None:
    answered(house, ANNA)
    arrives(house, ANNA, subject="Om EK-2026-00001")
    assert only(house).messages[-1].message.from_addr == ANNA
    arrives(house, GODA, subject="Om EK-2026-00001")
    assert only(house).messages[-1].message.from_addr == ANNA


def test_who_stood_beside_us_in_the_senders_own_letter_is_offered(sqlite_store: Store) -> None:
    house = SmallHouse(sqlite_store)
    beside = "noreply@post.example, feedback@ekdala.example, hans@ekdala.example, Berit <berit@mejl.example>"
    house.receive(mail(to=f"feedback@ekdala.example, {GODA}", Cc=f"Anna <{ANNA}>, {beside}"))
    with house.store.read() as tx:
        assert offered_copies(tx, only(house), house.office) == [GODA, ANNA]
    flag(house)
    with house.store.read() as tx:
        assert offered_copies(tx, only(house), house.office) == []

"""Two machines that answer each other: ours stops at the second letter, whatever the other one hides."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.people.access import SYSTEM
from cases.steps.joining.loops import looping
from tests.steps.house import START, SmallHouse, mail
from tests.steps.mails import take_in
from tests.steps.receiving.test_receive import events, files, kinds

ROBOT = "berit@mejl.example"
Answer = Callable[[OutboxEntry, int], bytes]


def _joined(entry: OutboxEntry, number: int) -> bytes:
    return mail(
        "Jag har fått ditt brev och hör av mig.",
        subject=f"SV: {entry.letter.subject}",
        message_id=f"<r{number}@mejl.example>",
        In_Reply_To=entry.message_id,
        References=entry.message_id,
    )


def _by_number(entry: OutboxEntry, number: int) -> bytes:
    text = f"Tack! Svar nummer {number}.\r\n> {entry.letter.text[:60]}"
    return mail(text, subject=f"SV: {entry.letter.subject}", message_id=f"<r{number}@mejl.example>")


def _same_words(_entry: OutboxEntry, number: int) -> bytes:
    return mail("Tack för ditt brev. Vi läser det.", subject="Tack!", message_id=f"<r{number}@mejl.example>")


def _other_words(_entry: OutboxEntry, number: int) -> bytes:
    text = f"Tack för ditt brev nummer {number}. Vi läser det."
    return mail(text, subject=f"Vi har fått brev {number}", message_id=f"<r{number}@mejl.example>")


@dataclass
class Responder:
    """A vacation program that answers every letter to its address and says nowhere that it is one."""

    house: SmallHouse
    answer: Answer
    got: list[OutboxEntry] = field(default_factory=list)

    def round(self) -> bool:
        """All that waits leaves, and each letter to the address is answered within a minute; whether any was."""
        with self.house.store.begin() as tx:
            waiting = [tx.get_entry(one.entry.id) for one in tx.entries([OutboxStatus.QUEUED], SYSTEM)]
            fresh = [entry for entry in waiting if entry.recipient == ROBOT]
            for entry in fresh:
                tx.update_entry(replace(entry, status=OutboxStatus.SENT, sent_at=self.house.now))
        for entry in fresh:
            self.got.append(entry)
            self.house.later(minutes=1)
            self.house.receive(self.answer(entry, len(self.got)))
        return bool(fresh)


@pytest.mark.parametrize(
    ("answer", "letters", "cases"),
    [(_joined, 1, 1), (_by_number, 1, 1), (_same_words, 2, 3), (_other_words, 2, 3)],
    ids=["with references", "with our number", "in the same words", "in other words"],
)
def test_two_robots_stop_at_the_second_letter(house: SmallHouse, answer: Answer, letters: int, cases: int) -> None:
    responder = Responder(take_in(house), answer)
    house.receive(mail())
    rounds = 0
    while responder.round():
        rounds += 1
        assert rounds <= letters
    assert [entry.letter.kind for entry in responder.got] == [LetterKind.MOTTAGNING] * letters
    found = files(house)
    assert len(found) == cases
    if cases > letters:
        # The letter without a receipt is a case like others, and its journal says why it got none.
        assert "maskin" in next(e.text for e in found[-1].events if e.kind is EventKind.LETTER_WITHHELD)


def test_a_machine_in_the_registrators_mailbox_answers_our_mails_of_its_own_letters_a_few_times(
    house: SmallHouse,
) -> None:
    """Each of its answers was a new letter, which made a new mail to it: that never ended."""
    answered = 0

    class Kansli:
        def send(self, entry: OutboxEntry, _files: object = ()) -> str:
            nonlocal answered
            if entry.recipient == (here := "registrator@ekdala.example"):
                answered += 1
                text = f"Tack för ditt mejl nummer {answered}."
                house.post(mail(text, subject="Tack", sender=here, message_id=f"<k{answered}@ekdala.example>"))
            return "250 taken"

    house.receive(mail())
    for _ in range(12):
        house.send(Kansli())
        house.later(minutes=40)
        house.run()
        house.stages.sweep(house.now)
    # The citizen's letter, two of its own, and the receipts.
    assert answered == 3 + house.office.letters.receipts_per_day
    assert any(e.text.startswith("Mejlet till registrator: brevet kom därifrån") for e in files(house)[-1].events)


def test_a_machine_that_answers_the_registrators_mail_from_another_address_is_not_told_of_for_ever(
    house: SmallHouse,
) -> None:
    """Its address is nobody's we write to, so only its words tell that it is one."""
    for number in range(4):
        house.receive(
            mail("Tack för ditt mejl.", subject="Tack", sender="svar@ekdala.example", message_id=f"<a{number}@x>")
        )
        house.later(minutes=40)
    told = [kinds(file).count(LetterKind.TILL_REGISTRATOR) for file in files(house)]
    assert sorted(told) == [0, 0, 1, 1]
    assert any("Troligen skriver en maskin" in event.text for event in files(house)[-1].events)
    house.receive(mail("Lampan är trasig.", subject="Lampa", sender="svar@ekdala.example", message_id="<a9@x>"))
    assert sum(kinds(file).count(LetterKind.TILL_REGISTRATOR) for file in files(house)) == 3, "new words are told of"


def test_the_loop_stays_stopped_and_a_person_may_write_again_later(house: SmallHouse) -> None:
    responder = Responder(take_in(house), _other_words)
    house.receive(mail())
    while responder.round():
        pass
    house.receive(mail("Ett brev till, genast.", message_id="<g@mejl.example>"))
    house.later(hours=1)
    house.receive(mail("Nu skriver jag själv om en bänk.", message_id="<p@mejl.example>"))
    assert LetterKind.MOTTAGNING in kinds(files(house)[-1])


def test_a_quick_writer_gets_a_receipt_for_each_of_two_letters(house: SmallHouse) -> None:
    take_in(house).receive(mail())
    house.later(minutes=2)
    house.receive(mail("Och bänken bredvid är trasig.", message_id="<m2@mejl.example>"))
    assert [kinds(file).count(LetterKind.MOTTAGNING) for file in files(house)] == [1, 1]


def test_the_same_letter_from_two_people_is_no_loop(house: SmallHouse) -> None:
    take_in(house).receive(mail())
    house.later(minutes=2)
    house.receive(mail(sender="Dana <dana@mejl.example>", message_id="<d@mejl.example>"))
    assert [kinds(file).count(LetterKind.MOTTAGNING) for file in files(house)] == [1, 1]


def test_a_parrot_neither_wakes_anybody_twice_nor_opens_a_closed_case(house: SmallHouse) -> None:
    take_in(house).receive(mail())
    receipt = files(house)[0].letters[0]
    for number in range(3):
        house.later(hours=3)
        with house.store.begin() as tx:
            case = files(house)[0].case
            tx.save_case(replace(case, status=CaseStatus.CLOSED, closed_at=house.now))
        house.receive(_joined(receipt, number))
    (file,) = files(house)
    # Of the letter, and once of its being open again.
    assert kinds(file).count(LetterKind.TILL_REGISTRATOR) == 2
    assert file.case.status is CaseStatus.CLOSED
    assert events(file).count(EventKind.AUTO_REPLY) == 2
    assert len(file.messages) == 4


def test_an_owner_is_told_of_five_replies_a_day_and_all_are_kept(house: SmallHouse) -> None:
    take_in(house).receive(mail())
    receipt = files(house)[0].letters[0]

    def reply(number: int) -> bytes:
        return mail(f"Svar {number}", message_id=f"<s{number}@mejl.example>", In_Reply_To=receipt.message_id)

    for number in range(9):
        house.later(minutes=10)
        house.receive(reply(number))
    (file,) = files(house)
    assert len(file.messages) == 10
    assert kinds(file).count(LetterKind.SVAR_INKOMMET) == 5
    house.later(days=1)
    house.receive(reply(10))
    assert kinds(files(house)[0]).count(LetterKind.SVAR_INKOMMET) == 6


class Told:
    """A store that tells when receipts left; nothing is said twice."""

    def __init__(self, *minutes: float) -> None:
        self.times = [START - timedelta(minutes=one) for one in minutes]

    def repeated(self, *_: object) -> bool:
        return False

    def receipts_between(self, *_: object) -> list[datetime]:
        return self.times


@pytest.mark.parametrize(
    ("minutes", "loops"), [((5, 10), True), ((5.1, 10), False), ((5, 10.1), False), ((5,), False), ((), False)]
)
def test_five_minutes_after_each_of_two_receipts_is_a_loop(minutes: tuple[float, ...], loops: bool) -> None:
    assert bool(looping(Told(*minutes), "c1", ROBOT, START)) is loops  # type: ignore[arg-type]

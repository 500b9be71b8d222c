"""What is done to an answer that has not left: taken back, stopped, changed as the outbox changes it."""

from dataclasses import replace

from cases.case import Case
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.steps.answering.send import Sending, send_answer
from cases.steps.answering.unsend import stop, take_back
from tests.steps.deciding import ANSWER
from tests.steps.house import SmallHouse
from tests.steps.together import case_of


def back(house: SmallHouse, entry: OutboxEntry, *, late: bool = False) -> OutboxStatus:
    with house.store.begin() as tx:
        (stop if late else take_back)(tx, entry.id, house.handlaggare, house.office, house.now)
    with house.store.read() as tx:
        return tx.get_entry(entry.id).status


def changed(house: SmallHouse, entry: OutboxEntry, **change: object) -> OutboxEntry:
    with house.store.begin() as tx:
        tx.update_entry(replace(entry, **change))  # type: ignore[arg-type]
        return tx.get_entry(entry.id)


def stopped(house: SmallHouse, entry: OutboxEntry) -> None:
    with house.store.begin() as tx:
        stop(tx, entry.id, house.registrator, house.office, house.now)


def waits(house: SmallHouse, case: Case, *along: Case) -> None:
    others = [(one.id, case_of(house, one).version) for one in along]
    wish = Sending(case.id, case_of(house, case).version, others, LetterKind.SVAR, ANSWER, ANSWER)
    with house.store.begin() as tx:
        send_answer(tx, wish, house.handlaggare, house.office, house.now)

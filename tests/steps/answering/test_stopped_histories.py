"""Letters that are written, leave or are stopped in any order: the case stands as if the stopped had never been."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from cases.case import Case, CaseStatus
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.promises import NEW_DAY_RULE, PromiseKind
from cases.steps.answering.send import Sending, send_answer
from cases.steps.answering.unsend import stop
from tests.steps.house import SmallHouse
from tests.steps.together import came, case_of, routed

TYPED = {
    LetterKind.KOMPLETTERA: {"fraga": "Vilken stolpe är det?", "svarsdatum": "11 december 2026"},
    LetterKind.LANGRE_TID: {"ny_tid": "18 december 2026", "skal": "Vi väntar på en reservdel."},
    LetterKind.STATUS: {
        "lage": "Vi letar efter felet.",
        "nasta_steg": "En montör kommer.",
        "svarsdatum": "18 december 2026",
    },
}
_WAITS = {LetterKind.KOMPLETTERA: CaseStatus.AWAITING_SENDER, LetterKind.LANGRE_TID: CaseStatus.DELAYED}


def write(house: SmallHouse, case: Case, kind: LetterKind) -> str:
    house.later(seconds=1)
    wish = Sending(case.id, case_of(house, case).version, (), kind, TYPED[kind], TYPED[kind], pause=timedelta(days=1))
    with house.store.begin() as tx:
        return send_answer(tx, wish, house.handlaggare, house.office, house.now).entry_id


def stopped(house: SmallHouse, entry_id: str) -> None:
    with house.store.begin() as tx:
        stop(tx, entry_id, house.handlaggare, house.office, house.now)


def leaves(house: SmallHouse, entry_id: str) -> None:
    with house.store.begin() as tx:
        entry = tx.get_entry(entry_id)
        tx.update_entry(replace(entry, status=OutboxStatus.SENT, sent_at=entry.not_before))


def told(case: Case) -> tuple[CaseStatus, str, bool, int]:
    """Where it stands, whose it is, whether its sender heard how it goes, and how many new days they were told."""
    heard = any(one.met_at for one in case.deadlines if one.kind is PromiseKind.STATUS)
    return case.status, case.assignee_id, heard, sum(one.rule == NEW_DAY_RULE for one in case.deadlines)


def meant(house: SmallHouse, standing: Sequence[LetterKind]) -> tuple[CaseStatus, str, bool, int]:
    """The same, told by the letters that stand alone."""
    waits = [_WAITS[kind] for kind in standing if kind in _WAITS]
    status = [CaseStatus.IN_PROGRESS if standing else CaseStatus.ROUTED, *waits][-1]
    days = sum(kind in (LetterKind.STATUS, LetterKind.LANGRE_TID) for kind in standing)
    return status, house.handlaggare.id if standing else "", days > 0, days


def live(house: SmallHouse, case: Case, dice: Random) -> None:
    standing, waiting, history = dict[str, LetterKind](), list[str](), list[str]()
    for _ in range(7):
        step = dice.choice(["write", "write", "stop", "leave"]) if waiting else "write"
        if step == "write":
            kind = dice.choice([*TYPED])
            waiting.append(write(house, case, kind))
            standing[waiting[-1]] = kind
        else:
            one = waiting.pop(dice.randrange(len(waiting)))
            (stopped if step == "stop" else leaves)(house, one)
            kind = standing.pop(one) if step == "stop" else standing[one]
        history.append(f"{step} {kind}")
        assert told(case_of(house, case)) == meant(house, [*standing.values()]), history


def test_in_whatever_order_letters_are_written_leave_and_are_stopped(sqlite_store: Store) -> None:
    house, dice = SmallHouse(sqlite_store), Random(30)
    for number in range(12):
        case = routed(house, came(house, number, f"Anna{number}", f"Lampan vid hus {number} är släckt."))
        live(house, case, dice)


def test_of_two_that_wait_for_the_sender_the_first_is_stopped(sqlite_store: Store) -> None:
    house = SmallHouse(sqlite_store)
    case = routed(house, came(house, 1, "Anna"))
    first, second = (write(house, case, LetterKind.KOMPLETTERA) for _ in range(2))
    stopped(house, first)
    assert case_of(house, case).status is CaseStatus.AWAITING_SENDER
    stopped(house, second)
    assert case_of(house, case).status is CaseStatus.ROUTED
    with house.store.read() as tx:
        assert tx.get_case(case.id, SYSTEM).assignee_id == ""

"""A part of a letter that was answered, what its sender is told of the new number, and replies to what was split."""

from dataclasses import replace
from datetime import date

import pytest

from cases.case import Case, CaseStatus, Outcome
from cases.errors import NotAllowed, NotFound
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.promises import PromiseKind, in_force
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity
from cases.steps.answering.answer import answer, answer_orally
from cases.steps.answering.closing import reopen
from cases.steps.answering.send import Sending, send_answer
from cases.steps.answering.unsend import take_back
from cases.steps.routing.merge import merge
from cases.steps.routing.split import Matter, split
from cases.store.views import CaseFile, ListFilter, ListKind
from storage.store import SqlStore
from tests.steps.deciding import assigned, only, route
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import with_files

HOME = Matter("Hemtjänsten kom sent", "Hemtjänsten kom sent.", "hemtjanst", Area.ALDREOMSORG, "Äldreomsorg")


def answered(house: SmallHouse) -> Case:
    """A case that was answered a day later, and five days after that."""
    case = assigned(house)
    house.later(days=1)
    with house.store.begin() as tx:
        values = {"svar": "Lampan byts i morgon."}
        answer(tx, case.id, case.version, LetterKind.SVAR, values, house.handlaggare, house.office, house.now)
    house.later(days=5)
    return only(house).case


def replied(house: SmallHouse, message_id: str = "<r1@mejl.example>") -> Case:
    house.receive(mail("Och hemtjänsten kom sent.", message_id=message_id, In_Reply_To="<m1@mejl.example>"))
    return only(house).case


def parted(house: SmallHouse, *, ends: bool = False) -> Case:
    with house.store.begin() as tx:
        case = only(house).case
        (new,) = split(tx, case.id, case.version, [HOME], house.registrator, house.office, house.now, ends=ends)
    return new


def owed(case: Case) -> dict[PromiseKind, date]:
    return {d.kind: d.due for d in in_force(case.deadlines)}


def test_a_new_matter_in_a_reply_has_promises_counted_from_the_reply(house: SmallHouse) -> None:
    """It took over those that the answer to the old matter had kept, and nobody was ever reminded of it."""
    answered(house)
    replied(house)
    new = parted(house)
    assert new.received_at == house.now
    assert owed(new) == {PromiseKind.ANSWER: date(2026, 12, 7), PromiseKind.STATUS: date(2026, 12, 11)}
    assert owed(only(house).case) == {}


def test_a_matter_that_the_answer_forgot_is_owed_one_since_the_letter(house: SmallHouse) -> None:
    case = answered(house)
    first = {d.kind: d.due for d in case.deadlines if d.kind is not PromiseKind.RECEIPT}
    with house.store.begin() as tx:
        reopen(tx, case.id, case.version, "En fråga är obesvarad", house.registrator, house.office, house.now)
    new = parted(house)
    assert (new.received_at, owed(new)) == (case.received_at, first)


def test_the_sender_is_told_of_the_new_number_once(house: SmallHouse) -> None:
    """The letter said that the number was the same as before."""
    house.receive(mail())
    new = parted(house)
    with house.store.read() as tx:
        (told,) = (e.letter for e in tx.letters_of(new.id) if e.letter.kind is LetterKind.VIDAREBEFORDRAD)
    for text in (told.text, told.html):
        assert "En del av det du skrev i ärende EK-2026-00001 är ett eget ärende nu" in text
        assert "numret EK-2026-00002" in text
        assert "detsamma" not in text


def test_a_part_that_nothing_holds_has_a_receipt_where_the_whole_letter_had_none(house: SmallHouse) -> None:
    """A threat held the letter's receipt; its sender was taken to have one, and the other matter got none either."""
    house.model.flags = (FlagKind.HOT_VALD,)
    house.receive(mail())
    house.model.flags = ()
    with house.store.begin() as tx:
        case, matters = only(house).case, [HOME, replace(HOME, text="Bänken är trasig.", guarded=False)]
        new = split(tx, case.id, case.version, matters, house.registrator, house.office, house.now, ends=True)
        kinds = [[e.letter.kind for e in tx.letters_of(one.id)].count(LetterKind.MOTTAGNING) for one in new]
    assert kinds == [0, 1]
    assert [one.deadline(PromiseKind.RECEIPT).met_at is not None for one in new] == [False, True]


def test_a_part_takes_the_attachments_that_belong_to_it_along_and_no_others(house: SmallHouse) -> None:
    """Its unit may not read the old case: the picture of what it was to see to stayed there."""
    house.receive(with_files(b"lampan", b"sopor"))
    _, picture = only(house).attachments
    with house.store.begin() as tx:
        case = only(house).case
        matters = [replace(HOME, files=(picture.id,))]
        (new,) = split(tx, case.id, case.version, matters, house.registrator, house.office, house.now)
    with house.store.read() as tx:
        file = tx.case_file(new.id, SYSTEM)
        (mine,) = file.attachments
        assert (mine.name, tx.attachment(mine.id, SYSTEM).content.strip()) == ("bild1.png", b"sopor")
    assert "Bilagor som är med hit: 1." in next(e.text for e in file.events if e.kind is EventKind.SPLIT)
    with house.store.begin() as tx, pytest.raises(NotFound):
        split(tx, new.id, new.version, matters, house.registrator, house.office, house.now)


def test_a_part_keeps_what_is_known_of_its_sender_and_what_holds_its_letters(house: SmallHouse) -> None:
    """Else mail left for an address that is doubted or dead, and in a language that its sender does not read."""
    house.receive(mail())
    known = {
        "mail_refused": "Adressen studsade.",
        "sender_doubt": "Brevet är vidarebefordrat.",
        "forwarded_by": "hans@ekdala.example",
        "registered_by": house.registrator.id,
        "language": "fi",
        "type": CaseType.KLAGOMAL,
        "severity": Severity.ALLVARLIG,
    }
    with house.store.begin() as tx:
        case = tx.save_case(replace(only(house).case, **known))
    new = parted(house)
    assert {name: getattr(new, name) for name in known} == known
    with house.store.read() as tx:
        assert [e for e in tx.letters_of(new.id) if not e.internal] == []
        (part,) = tx.case_file(new.id, SYSTEM).messages
    assert (part.message.from_name, part.message.from_addr) == (case.sender.name, case.sender.email)
    assert new.register_subject == HOME.register_subject


def test_a_letter_of_somebody_else_counts_no_promise_of_a_part_anew(house: SmallHouse) -> None:
    case = answered(house)
    house.receive(mail("Jag bor bredvid.", sender="Nils <nils@mejl.example>", message_id="<n@mejl.example>",
                       In_Reply_To="<m1@mejl.example>"))  # fmt: skip
    assert parted(house).received_at == case.received_at


def test_what_nobody_has_read_or_what_is_over_is_not_split(house: SmallHouse) -> None:
    house.receive(mail())
    for status in (CaseStatus.RECEIVED, CaseStatus.CLOSED):
        with house.store.begin() as tx:
            tx.save_case(replace(only(house).case, status=status))
        with pytest.raises(NotAllowed, match="kan delas upp när"):
            parted(house)


@pytest.mark.parametrize("unit", ["", "gata"])
def test_a_reply_to_what_was_split_has_its_own_time_and_somebody_who_routes_it(house: SmallHouse, unit: str) -> None:
    """It was late at once by the promise that its parts had kept, and the registrator was told as a handläggare."""
    house.receive(mail())
    if unit:
        with house.store.begin() as tx:
            case = only(house).case
            tx.save_case(replace(case, unit_id=unit))
    parted(house, ends=True)
    house.later(days=40)
    case = replied(house)
    assert (case.status, owed(case)[PromiseKind.ANSWER]) == (CaseStatus.REOPENED, date(2027, 1, 11))
    assert case.deadline(PromiseKind.RECEIPT).met_at is not None
    assert "räknas från det nya brevet" in next(e.text for e in only(house).events if e.kind is EventKind.REOPENED)
    last = only(house).letters[-1]
    kind = LetterKind.SVAR_INKOMMET if unit else LetterKind.TILL_REGISTRATOR
    assert (last.letter.kind, "Ett nytt brev har kommit" in last.letter.text) == (kind, not unit)


def test_a_reply_to_what_was_no_case_has_its_own_time(house: SmallHouse) -> None:
    """O12: general talk promises nothing, and a reply to it weeks later was late when it came."""
    house.receive(mail())
    route(house, choice=RoutingChoice.NOT_A_CASE, reason="Allmänt samtal")
    house.later(days=40)
    case = replied(house)
    assert (case.status, owed(case)[PromiseKind.ANSWER]) == (CaseStatus.REOPENED, date(2027, 1, 11))
    assert "räknas från det nya brevet" in next(e.text for e in only(house).events if e.kind is EventKind.REOPENED)


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_was_no_case_waits_to_be_routed_when_it_is_taken_up_again(house: SmallHouse, *, by_hand: bool) -> None:
    """It lay at the unit that the form had named, which was told of a reply to a letter it had never heard of."""
    house.receive(mail())
    case = route(house, choice=RoutingChoice.NOT_A_CASE, reason="Allmänt samtal").case
    if by_hand:
        with house.store.begin() as tx:
            reopen(tx, case.id, case.version, "Det är ett ärende.", house.registrator, house.office, house.now)
    else:
        replied(house)
        last = only(house).letters[-1]
        assert (last.letter.kind, last.recipient) == (LetterKind.TILL_REGISTRATOR, "registrator@ekdala.example")
    with house.store.read() as tx:
        viewer = house.office.viewer(house.registrator)
        assert [line.id for line in tx.lines(ListKind.TO_ROUTE, viewer, ListFilter())] == [case.id]


@pytest.fixture
def merged_back(sqlite_store: SqlStore) -> tuple[SmallHouse, Case]:
    """A house whose case has its split-off part back, and that part."""
    house = SmallHouse(sqlite_store)
    assigned(house)
    part = parted(house)
    with house.store.begin() as tx:
        merge(tx, part.id, part.version, only(house).case.id, house.registrator, house.office, house.now)
    return house, part


def part_file(house: SmallHouse, part: Case) -> CaseFile:
    with house.store.read() as tx:
        return tx.case_file(part.id, SYSTEM)


def kinds_of(file: CaseFile) -> list[LetterKind]:
    return [e.letter.kind for e in file.letters if not e.internal]


def test_a_part_merged_back_gives_its_sender_one_answer(merged_back: tuple[SmallHouse, Case]) -> None:
    """The same words came twice to the same person."""
    house, part = merged_back
    case = only(house).case
    with house.store.begin() as tx:
        values = {"svar": "Lampan byts i morgon."}
        answer(tx, case.id, case.version, LetterKind.SVAR, values, house.handlaggare, house.office, house.now)
    assert kinds_of(only(house)).count(LetterKind.SVAR) == 1
    file = part_file(house, part)
    assert kinds_of(file) == [LetterKind.VIDAREBEFORDRAD]
    assert (file.case.outcome, in_force(file.case.deadlines)) == (Outcome.ANSWERED, ())


def test_an_answer_taken_back_is_taken_back_from_the_part_too(merged_back: tuple[SmallHouse, Case]) -> None:
    house, part = merged_back
    case, before = only(house).case, part_file(house, part).case
    wish = Sending(case.id, case.version, (), LetterKind.SVAR, {}, {"svar": "Lampan byts i morgon."})
    with house.store.begin() as tx:
        done = send_answer(tx, wish, house.handlaggare, house.office, house.now)
    assert part_file(house, part).case.deadline(PromiseKind.ANSWER).met_at == done.leaves_at
    with house.store.begin() as tx:
        take_back(tx, done.entry_id, house.handlaggare, house.office, house.now)
    after = part_file(house, part).case
    assert (after.outcome, after.deadlines) == (None, before.deadlines)


def test_a_part_merged_back_is_answered_by_word_of_mouth_with_the_rest(merged_back: tuple[SmallHouse, Case]) -> None:
    house, part = merged_back
    case = only(house).case
    with house.store.begin() as tx:
        how = "På telefon i dag."
        answer_orally(tx, case.id, case.version, Outcome.ACTED, how, house.handlaggare, house.office, house.now)
    after = part_file(house, part).case
    assert (after.status, after.outcome) == (CaseStatus.MERGED, Outcome.ACTED)

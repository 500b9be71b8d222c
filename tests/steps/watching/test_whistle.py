"""A whistle-blower's case is named to its own receivers alone, whatever happens to it (lag 2021:890 5:5)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.calendar import local_day, months_after
from cases.case import Case, Outcome
from cases.errors import NotAllowed, NotFound
from cases.letters.letter import LetterKind, OutboxEntry, OutboxStatus
from cases.office import LetterRules
from cases.people.access import SYSTEM, Grant, Role, User
from cases.post.plan import alarmed
from cases.records.whistle import Told, WhistleDays, kept_until
from cases.routing.flags import FlagKind
from cases.routing.suggestion import Severity
from cases.steps.answering.answer import answer, answer_orally
from cases.steps.answering.closing import close
from cases.steps.routing.confirm import confirm
from cases.steps.watching.legal_days import days_of, law_days
from cases.steps.working.whistle import note_told
from cases.steps.working.work import accept, add_reader, assign, escalate, release_hold, send_back, set_flags
from service import sweeps
from tests.steps.deciding import bounce, only, request
from tests.steps.house import START, SmallHouse, mail

WHISTLE = frozenset({FlagKind.VISSELBLASNING})


@pytest.fixture
def receiver(house: SmallHouse) -> User:
    """Who receives them holds the role for one nämnd; the office tells the förvaltningschef of everything else."""
    house.office = replace(house.office, letters=LetterRules(department_head_copy=True))
    house.stages = replace(house.stages, office=house.office)
    house.model.flags, house.model.severity = tuple(WHISTLE), Severity.ALLVARLIG
    return house.person("vera@ekdala.example", "Vera Ö", Grant(Role.VISSELMOTTAGARE, "ks"))


def told(house: SmallHouse) -> list[OutboxEntry]:
    return [entry for entry in only(house).letters if entry.internal]


def whom(house: SmallHouse) -> set[str]:
    return {entry.recipient for entry in told(house)}


def routed(house: SmallHouse, receiver: User) -> Case:
    house.receive(mail())
    case = only(house).case
    with house.store.begin() as tx:
        decision = request(case, flags=WHISTLE, severity=Severity.ALLVARLIG)
        return confirm(tx, case.id, decision, receiver, house.office, house.now)


def test_its_receivers_hear_of_the_letter_and_of_its_lying_unopened(house: SmallHouse, receiver: User) -> None:
    house.receive(mail())
    assert whom(house) == {receiver.email}
    first = len(told(house))
    house.later(minutes=31)
    assert house.stages.sweep(house.now) == 1
    assert whom(house) == {receiver.email}
    assert len(told(house)) > first
    assert house.stages.sweep(house.now) == 0


def test_a_receiver_whose_last_day_has_been_hears_of_none(house: SmallHouse, receiver: User) -> None:
    viggo = house.person("viggo@ekdala.example", "Viggo Å", Grant(Role.VISSELMOTTAGARE))
    with house.store.begin() as tx:
        tx.add_user(replace(viggo, last_day=START.date() - timedelta(days=1)))
    house.receive(mail())
    assert whom(house) == {receiver.email}


def test_neither_the_units_people_nor_its_chefs_hear_where_it_went(house: SmallHouse, receiver: User) -> None:
    """Its receivers hear it once: that a serious letter waits to be routed, they heard as it came."""
    routed(house, receiver)
    assert whom(house) == {receiver.email}
    kinds = [LetterKind.TILL_REGISTRATOR, LetterKind.BEVAKNING]
    assert [entry.letter.kind for entry in told(house)] == kinds
    case, other = only(house).case, house.person("viktor@ekdala.example", "Viktor Ek", Grant(Role.VISSELMOTTAGARE))
    with house.store.begin() as tx:
        case = assign(tx, case.id, case.version, other, receiver, house.office, house.now)
        accept(tx, case.id, case.version, other, house.office, house.now)
    for days in (7, 11):
        reminded(house, days)
    assert alarmed(case) == "de som läser ärendet"
    mails = {one.letter.kind: one.letter.text for one in told(house)}
    assert {LetterKind.TILL_HANDLAGGARE, LetterKind.PAMINNELSE_FORE, LetterKind.PAMINNELSE_EFTER} <= mails.keys()
    # No registrator's words, nor a chef, who may be the one it is about, nor a letter that cannot leave.
    theirs = ("förslag", "er enhet", "Enhet:", "Registrera", "chef", "Vi behöver mer tid", "fördelas på nytt", "vissel")
    assert [(kind, word) for kind, text in mails.items() for word in theirs if word in text] == []


def test_whoever_receives_them_hears_at_once_of_one_that_a_registrator_saw_for_what_it_is(
    house: SmallHouse, receiver: User
) -> None:
    house.model.flags = ()
    house.receive(mail())
    case = only(house).case
    with house.store.begin() as tx:
        decision = request(case, flags=WHISTLE, severity=Severity.ALLVARLIG)
        confirm(tx, case.id, decision, house.registrator, house.office, house.now)
    alarm = [entry.letter.text for entry in told(house) if entry.letter.kind is LetterKind.TILL_REGISTRATOR][-1]
    assert "Öppna det genast" in alarm
    assert "redan fördelat" in alarm and "väntar på att bli fördelat" not in alarm


def test_what_waited_to_be_sent_when_the_flag_came_reaches_nobody_else(house: SmallHouse, receiver: User) -> None:
    """The mail server was away, or the flag was seen at once: number and unit left for everybody all the same."""
    house.model.flags = ()
    house.receive(mail())
    case, giver = only(house).case, house.person("viggo@ekdala.example", "Viggo Å", Grant(Role.VISSELMOTTAGARE))
    with house.store.begin() as tx:
        case = confirm(tx, case.id, request(case), house.registrator, house.office, house.now)
        assert len({one.recipient for one in tx.letters_of(case.id) if one.internal}) > 2
        set_flags(tx, case.id, case.version, WHISTLE, "", house.registrator, house.office, house.now)
        case = tx.get_case(case.id, SYSTEM)
        assign(tx, case.id, case.version, receiver, giver, house.office, house.now)
    house.send()
    assert {one.recipient for one in told(house) if one.status is OutboxStatus.SENT} == {receiver.email}
    assert {one.status for one in told(house)} == {OutboxStatus.SENT, OutboxStatus.WITHHELD}


def test_a_reply_and_a_bounce_are_told_to_them(house: SmallHouse, receiver: User) -> None:
    case = routed(house, receiver)
    house.receive(mail("En sak till.", message_id="<v@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    with house.store.begin() as tx:
        letter = next(e for e in tx.letters_of(case.id) if e.letter.kind is LetterKind.SVAR_INKOMMET)
        tx.update_entry(replace(letter, status=OutboxStatus.SENT))
    house.receive(bounce(letter.message_id))
    kinds = {entry.letter.kind for entry in told(house)}
    assert {LetterKind.SVAR_INKOMMET, LetterKind.STUDS} <= kinds
    assert whom(house) == {receiver.email}


def test_what_is_sent_back_and_answered_stays_with_them(house: SmallHouse, receiver: User) -> None:
    case = routed(house, receiver)
    with house.store.begin() as tx:
        answer_orally(tx, case.id, case.version, Outcome.ACTED, "Per telefon.", receiver, house.office, house.now)
    assert whom(house) == {receiver.email}
    house.model.flags = ()
    house.receive(mail("Jag är inte nöjd.", message_id="<v@mejl.example>", In_Reply_To="<m1@mejl.example>"))
    case = only(house).case
    with house.store.begin() as tx:
        send_back(tx, case.id, case.version, "Fel", receiver, house.office, house.now)
    assert whom(house) == {receiver.email}


def test_it_is_given_to_no_other_and_lifted_to_no_chef(house: SmallHouse, receiver: User) -> None:
    case = routed(house, receiver)
    with pytest.raises(NotAllowed, match="mottagare"), house.store.begin() as tx:
        assign(tx, case.id, case.version, house.handlaggare, receiver, house.office, house.now)
    with pytest.raises(NotAllowed, match="mottagare"), house.store.begin() as tx:
        escalate(tx, case.id, case.version, "Kört fast", receiver, house.office, house.now)
    other = house.person("viktor@ekdala.example", "Viktor Ek", Grant(Role.VISSELMOTTAGARE))
    with house.store.begin() as tx:
        assign(tx, case.id, case.version, other, receiver, house.office, house.now)
        assert tx.get_case(case.id, SYSTEM).assignee_id == other.id
    offered = [entry for entry in told(house) if entry.letter.kind is LetterKind.TILL_HANDLAGGARE]
    assert [entry.recipient for entry in offered] == [other.email]


def test_nobody_else_is_let_in_and_who_was_before_is_out(house: SmallHouse, receiver: User) -> None:
    case = routed(house, receiver)
    with house.store.begin() as tx:
        tx.add_reader(case.id, house.handlaggare.id, "Stod med sedan tidigare", house.now)
    with pytest.raises(NotAllowed, match="bara de läser"), house.store.begin() as tx:
        add_reader(tx, case.id, house.handlaggare, "Utreder", receiver, house.office, house.now)
    with pytest.raises(NotFound), house.store.read() as tx:
        tx.get_case(case.id, house.office.viewer(house.handlaggare))


def reminded(house: SmallHouse, days: int) -> list[tuple[str, str]]:
    """The reminders that this day's sweeps made, to whom and what; several sweeps make no more."""
    before = len(watched(house))
    house.now = START.replace(hour=9) + timedelta(days=days)
    for _ in range(3):
        house.stages.sweep(house.now)
        sweeps.promises(house.store, house.office, house.now)
    return watched(house)[before:]


def lists(house: SmallHouse) -> list[tuple[str, str]]:
    """To whom lists of late cases went, and what they say, the oldest first."""
    with house.store.read() as tx:
        ids = [one.entry.id for one in reversed(tx.entries(list(OutboxStatus), SYSTEM, 1000))]
        entries = [tx.get_entry(one) for one in ids]
    return [(e.recipient, e.letter.text) for e in entries if e.letter.kind is LetterKind.PAMINNELSE_LISTA]


def watched(house: SmallHouse) -> list[tuple[str, str]]:
    return [(one.recipient, one.letter.text) for one in told(house) if one.letter.kind is LetterKind.BEVAKNING]


def test_its_receivers_alone_are_reminded_of_the_seven_days_and_the_three_months(
    house: SmallHouse, receiver: User
) -> None:
    """Lag 2021:890 5 kap. 8 §: the page told it, and nothing watched that it was done. A mail says nothing of it."""
    routed(house, receiver)
    assert reminded(house, 4) == []
    ((to, text),) = reminded(house, 5)
    assert to == receiver.email
    assert "Senast den 3 december 2026 ska den som skrev ha fått veta att ni har tagit emot brevet." in text
    assert not any(word in text.lower() for word in ("vissel", "2021:890", "rapport"))
    house.send()
    assert reminded(house, 6) == []
    assert len(reminded(house, 7)) == 1, "what left to its receivers told the sender nothing"
    assert (reminded(house, 8), lists(house)[-1][0]) == ([], receiver.email), "late, it stands in their list alone"
    assert "Enligt lag borde det vara klart." in lists(house)[-1][1]
    assert {to for to, text in lists(house) if only(house).case.number in text} == {receiver.email}
    assert reminded(house, 9) == [], "nobody is written to on a Saturday"
    house.now += timedelta(hours=1)
    case = only(house).case
    with house.store.begin() as tx:
        release_hold(tx, case.id, case.version, "Säker adress", receiver, house.office, house.now)
    house.now = START.replace(hour=9) + timedelta(days=11)
    house.send()
    assert reminded(house, 11) == [], "the receipt has told it"
    ((_, text),) = reminded(house, 83)
    assert "Senast den 3 mars 2027 ska den som skrev få veta vad ni har gjort" in text
    assert whom(house) == {receiver.email}
    days = told_so_far(house)
    assert (days.confirm_by, days.confirmed) == (date(2026, 12, 3), date(2026, 12, 7))
    assert (days.feedback_by, days.next_day) == (date(2027, 3, 3), date(2027, 3, 3))
    ends = [date(2026, 11, 30), date(2027, 10, 31), date(2026, 12, 3)]
    assert [months_after(day, 3) for day in ends] == [date(2027, 2, 28), date(2028, 1, 31), date(2027, 3, 3)]


def told_so_far(house: SmallHouse) -> WhistleDays:
    with house.store.read() as tx:
        return days_of(tx, only(house).case)


def test_what_a_receiver_notes_ends_the_reminders_and_the_neutral_letter_does_not(
    house: SmallHouse, receiver: User
) -> None:
    """It said nothing of the report, and was taken for the word that it came; nobody could say that none is given."""
    case = routed(house, receiver)

    def noted(told: Told | None, how: str) -> WhistleDays:
        with house.store.begin() as tx:
            version = tx.get_case(case.id, SYSTEM).version
            note_told(tx, case.id, version, told, how, receiver, house.office, house.now)
        return told_so_far(house)

    with house.store.begin() as tx:
        version = tx.get_case(case.id, SYSTEM).version
        answer(tx, case.id, version, LetterKind.SEKRETESS_SAFE, {}, receiver, house.office, house.now)
    house.send()
    assert len(reminded(house, 5)) == 1
    for told, how in ((None, "Ringde"), (Told.ANSWERED, "Ringde"), (Told.CONFIRMED, " ")):
        with pytest.raises(NotAllowed):
            noted(told, how)
    days = noted(Told.REVEALING, "Delar brevlåda med chefen.")
    assert (days.confirm_waits, days.confirmed, days.next_day) == (False, None, date(2027, 3, 3))
    assert reminded(house, 8) == []
    days = noted(Told.CONFIRMED, "Ringde ändå, från ett annat nummer.")
    assert (days.confirmed, days.feedback_by) == (date(2026, 12, 4), date(2027, 3, 3)), "late, it gives no longer time"
    with house.store.read() as tx:
        assert law_days(tx, house.office.viewer(receiver)) == ((case.id, days.feedback_by),)
        assert law_days(tx, house.office.viewer(house.registrator)) == ()
    assert len(reminded(house, 83)) == 1
    with house.store.begin() as tx:
        held = tx.save_case(replace(tx.get_case(case.id, SYSTEM), deadlines=()))
    with pytest.raises(NotAllowed, match="väntar på svar"), house.store.begin() as tx:
        close(tx, case.id, held.version, "", receiver, house.office, house.now)
    assert noted(Told.FEEDBACK, "Träffades i dag.").next_day is None
    assert reminded(house, 97) == []


def test_nothing_is_to_be_told_to_whom_was_answered_or_to_nobody_known(house: SmallHouse, receiver: User) -> None:
    case = routed(house, receiver)
    with house.store.begin() as tx:
        case = assign(tx, case.id, case.version, receiver, receiver, house.office, house.now)
        case = accept(tx, case.id, case.version, receiver, house.office, house.now)
        tx.save_case(replace(case, sender=replace(case.sender, anonymous=True)))
    assert reminded(house, 7) == []
    with house.store.begin() as tx:
        case = tx.get_case(case.id, SYSTEM)
        case = tx.save_case(replace(case, sender=replace(case.sender, anonymous=False)))
    assert len(reminded(house, 8)) == 1
    with house.store.begin() as tx:
        case = tx.get_case(case.id, SYSTEM)
        answer_orally(tx, case.id, case.version, Outcome.ACTED, "Per telefon.", receiver, house.office, house.now)
    assert reminded(house, 99) == []
    with house.store.begin() as tx:
        # As it stood before, where the answer is taken back before it left.
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), outcome=None))
    assert len(reminded(house, 102)) == 1


def test_a_reminder_of_a_refusal_on_the_same_day_drops_none_of_these(house: SmallHouse, receiver: User) -> None:
    """Both are letters of one kind in one case: whichever left first was taken for the other, too."""
    case = routed(house, receiver)
    with house.store.begin() as tx:
        assert tx.mark(case.id, LetterKind.BEVAKNING, local_day(START) + timedelta(days=7), house.now)
    assert len(reminded(house, 7)) == 1


def test_its_receivers_are_asked_once_in_two_years_to_have_it_erased_or_archived(
    house: SmallHouse, receiver: User
) -> None:
    """Lag 2021:890 7 kap. 8 §: nothing knew of it. What is erased goes by the municipality's own decision alone."""
    case = routed(house, receiver)
    with house.store.begin() as tx:
        case = close(tx, case.id, case.version, "", receiver, house.office, house.now, why="Utrett.")
    assert kept_until(case) == date(2028, 11, 26)
    assert reminded(house, 715) == []
    ((to, text),) = reminded(house, 718)
    assert to == receiver.email and "till och med den 26 november 2028, två år efter avslutet." in text
    assert not any(word in text.lower() for word in ("vissel", "2021:890", "rapport"))
    assert reminded(house, 719) == reminded(house, 733) == []
    with house.store.read() as tx:
        assert tx.whistle_closed(house.now) == [case.id]
    with house.store.begin() as tx:
        tx.erase_case(case.id, "0" * 32, house.now)
        assert (tx.whistle_closed(house.now), kept_until(tx.get_case(case.id, SYSTEM))) == ([], None)

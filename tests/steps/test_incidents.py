"""Letters of one incident: found, merged and taken apart again, split, answered together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cases.case import Case, CaseStatus, Outcome
from cases.errors import NotAllowed, NotFound, StaleVersion
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM, Grant, Role
from cases.promises import PromiseKind, in_force
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.incidents import Imprint
from cases.routing.suggestion import CaseType, Severity
from cases.steps.answer import answer, answer_orally, close
from cases.steps.confirm import confirm
from cases.steps.merge import check_merge, merge, unmerge
from cases.steps.split import Matter, split
from cases.steps.together import Told, answer_together
from tests.cases.builders import a_case, flagged
from tests.steps.house import SmallHouse, mail

SVAR = {"svar": "Lampan byts i morgon."}


def came(house: SmallHouse, number: int, sender: str, body: str = "Lampan på Lingonstigen är släckt.") -> Case:
    raw = mail(body, sender=f"{sender} <{sender.lower()}@mejl.example>", message_id=f"<i{number}@mejl.example>")
    house.receive(raw)
    with house.store.read() as tx:
        return tx.get_case(tx.case_by_message_ids([f"i{number}@mejl.example"]), SYSTEM)


def case_of(house: SmallHouse, case: Case) -> Case:
    with house.store.read() as tx:
        return tx.get_case(case.id, SYSTEM)


def file_of(house: SmallHouse, case: Case):
    with house.store.read() as tx:
        return tx.case_file(case.id, SYSTEM)


def routed(house: SmallHouse, case: Case, unit: str = "gata", flags: frozenset[FlagKind] = frozenset()) -> Case:
    now = case_of(house, case)
    request = RoutingRequest(
        now.version, RoutingChoice.UNIT, unit, Area.GATA_PARK, CaseType.FELANMALAN, Severity.NORMAL, flags, "Belysning"
    )
    with house.store.begin() as tx:
        return confirm(tx, case.id, request, house.registrator, house.office, house.now)


def joined(house: SmallHouse, case: Case, into: Case) -> Case:
    with house.store.begin() as tx:
        version = tx.get_case(case.id, SYSTEM).version
        return merge(tx, case.id, version, into.id, house.registrator, house.office, house.now)


def replied(house: SmallHouse, case: Case, kind: LetterKind = LetterKind.SVAR, values=SVAR) -> None:
    with house.store.begin() as tx:
        version = tx.get_case(case.id, SYSTEM).version
        answer(tx, case.id, version, kind, values, house.handlaggare, house.office, house.now)


def answers(house: SmallHouse, case: Case) -> list:
    return [e for e in file_of(house, case).letters if e.letter.kind is LetterKind.SVAR]


@pytest.fixture
def two(house: SmallHouse) -> tuple[Case, Case]:
    first = routed(house, came(house, 1, "Anna"))
    house.later(days=3)
    return first, came(house, 2, "Bo")


def test_both_senders_get_the_answer_each_with_its_own_number(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    assert case_of(house, second).status is CaseStatus.MERGED
    replied(house, first)
    letters = [*answers(house, first), *answers(house, second)]
    assert [e.recipient for e in letters] == ["anna@mejl.example", "bo@mejl.example"]
    for case, entry in zip(two, letters, strict=True):
        assert case.number in entry.letter.subject + entry.letter.text
        assert "Lampan byts i morgon." in entry.letter.text
    other = case_of(house, second)
    assert (other.status, in_force(other.deadlines)) == (CaseStatus.MERGED, ())
    assert [e.kind for e in file_of(house, second).events if e.kind in (EventKind.MERGED, EventKind.ANSWERED)] == [
        EventKind.MERGED,
        EventKind.ANSWERED,
    ]


def test_the_earliest_promise_stands_until_they_are_taken_apart(house: SmallHouse, two) -> None:
    first, second = (case_of(house, one) for one in two)
    due = {d.kind: d.due for d in in_force(first.deadlines)}
    # The later letter goes in: nothing changes. The earlier into the later: its days come along.
    with house.store.begin() as tx:
        merge(tx, first.id, first.version, second.id, house.registrator, house.office, house.now)
    after = {d.kind: d.due for d in in_force(case_of(house, second).deadlines)}
    assert after[PromiseKind.ANSWER] == due[PromiseKind.ANSWER] < second.deadline(PromiseKind.ANSWER).due
    with house.store.begin() as tx:
        merged = tx.get_case(first.id, SYSTEM)
        unmerge(tx, first.id, merged.version, house.registrator, house.office, house.now)
    again, alone = case_of(house, second), case_of(house, first)
    assert again.deadlines == second.deadlines
    assert (alone.status, alone.unit_id, alone.deadlines) == (first.status, first.unit_id, first.deadlines)
    kinds = [e.kind for e in file_of(house, first).events]
    assert kinds.count(EventKind.MERGED) == kinds.count(EventKind.UNMERGED) == 1


def test_a_day_that_was_told_stands_when_they_are_taken_apart(house: SmallHouse, two) -> None:
    first, second = case_of(house, two[0]), routed(house, two[1])
    joined(house, first, second)
    values = {"ny_tid": "18 december 2026", "skal": "Vi väntar på en reservdel."}
    with house.store.begin() as tx:
        version = tx.get_case(second.id, SYSTEM).version
        answer(tx, second.id, version, LetterKind.LANGRE_TID, values, house.handlaggare, house.office, house.now)
    with house.store.begin() as tx:
        version = tx.get_case(first.id, SYSTEM).version
        unmerge(tx, first.id, version, house.registrator, house.office, house.now)
    for told in (first, second):
        assert [(d.kind, d.due) for d in in_force(case_of(house, told).deadlines)] == [
            (PromiseKind.ANSWER, date(2026, 12, 18))
        ]
        house.now = datetime(2026, 12, 4, 15, 30, tzinfo=UTC)
        house.stages.promises(house.now)
        told_of = [e.letter.kind for e in file_of(house, told).letters if not e.internal]
        assert told_of.count(LetterKind.LANGRE_TID) == 1, "nobody is told another day by itself"


def test_protected_cases_of_two_authorities_are_linked_and_not_merged() -> None:
    """OSL 8:2: to another nämnd it would be disclosed."""
    mine = a_case(status=CaseStatus.ROUTED, flags=flagged(FlagKind.HALSA))
    check_merge(mine, replace(mine, id="d" * 32))
    with pytest.raises(NotAllowed, match="olika nämnder"):
        check_merge(mine, replace(mine, id="d" * 32, authority_id="son"))


def test_an_answered_merger_cannot_be_undone(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    replied(house, first)
    with pytest.raises(NotAllowed, match="redan lämnat"), house.store.begin() as tx:
        unmerge(tx, second.id, tx.get_case(second.id, SYSTEM).version, house.registrator, house.office, house.now)
    # Nor does anything go into an answered case.
    third = came(house, 3, "Cia")
    with pytest.raises(NotAllowed, match="redan besvarat"):
        joined(house, third, first)


def test_what_is_flagged_is_never_shown_to_more_people(house: SmallHouse, two) -> None:
    first, _ = two
    house.model.flags = (FlagKind.HALSA,)
    secret = came(house, 4, "Dan")
    with pytest.raises(NotAllowed, match="Koppla"):
        joined(house, secret, first)
    assert case_of(house, secret).status is CaseStatus.SUGGESTED
    # The other way nothing gets out: who reads the protected case reads the plain one.
    joined(house, first, secret)
    assert case_of(house, first).status is CaseStatus.MERGED


def test_one_who_may_not_read_the_other_case_cannot_merge(house: SmallHouse, two) -> None:
    first, _ = two
    other = routed(house, came(house, 5, "Eva"), "hemtjanst")
    with pytest.raises(NotFound), house.store.begin() as tx:
        merge(tx, first.id, case_of(house, first).version, other.id, house.handlaggare, house.office, house.now)


def test_a_sender_whom_no_mail_reaches_is_not_forgotten(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), mail_refused="Adressen studsade."))
    replied(house, first)
    other = case_of(house, second)
    assert (other.status, other.unit_id, answers(house, second)) == (CaseStatus.REOPENED, "gata", [])
    assert "Adressen studsade." in file_of(house, second).events[-1].text


def test_an_answer_by_word_of_mouth_leaves_the_other_open(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    with house.store.begin() as tx:
        version = tx.get_case(first.id, SYSTEM).version
        args = (house.handlaggare, house.office, house.now)
        answer_orally(tx, first.id, version, Outcome.ANSWERED, "Ringde Anna.", *args)
    assert case_of(house, second).status is CaseStatus.REOPENED
    with house.store.begin() as tx:
        close(tx, first.id, tx.get_case(first.id, SYSTEM).version, "", house.handlaggare, house.office, house.now)


def test_a_reply_in_the_merged_case_wakes_the_other_and_stays_where_it_came(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    receipt = file_of(house, second).letters[0]
    house.receive(
        mail("Nu är grannens också släckt.", sender="Bo <bo@mejl.example>", message_id="<r1@mejl.example>",
             In_Reply_To=receipt.message_id)
    )  # fmt: skip
    assert len(file_of(house, second).messages) == 2
    assert case_of(house, second).status is CaseStatus.MERGED
    assert second.number in next(e.text for e in file_of(house, first).events if e.kind is EventKind.REPLY_RECEIVED)
    assert [e for e in file_of(house, first).letters if e.letter.kind is LetterKind.SVAR_INKOMMET]


def test_the_status_of_one_is_told_to_both(house: SmallHouse, two) -> None:
    first, second = two
    joined(house, second, first)
    due = max(d.due for d in case_of(house, first).deadlines)
    house.now = house.now.replace(hour=16) + (due - house.now.date())
    house.stages.promises(house.now)
    for case in two:
        kinds = [e.letter.kind for e in file_of(house, case).letters]
        assert LetterKind.STATUS in kinds, case.number


LETTER = "Lampan på Lingonstigen är släckt. Och hemtjänsten kom inte till min mor i lördags."
PARTS = (
    Matter("Släckt lampa", "Lampan på Lingonstigen är släckt.", "gata", Area.GATA_PARK, "Felanmälan: gata"),
    Matter("Hemtjänsten", "Hemtjänsten kom inte.", "hemtjanst", Area.ALDREOMSORG, "Klagomål: äldreomsorg"),
)


def parted(house: SmallHouse, case: Case, parts=PARTS, **more) -> list[Case]:
    with house.store.begin() as tx:
        version = tx.get_case(case.id, SYSTEM).version
        return split(tx, case.id, version, parts, house.registrator, house.office, house.now, **more)


def test_a_letter_with_two_matters_becomes_two_cases_and_one_receipt(house: SmallHouse) -> None:
    case = came(house, 1, "Anna", LETTER)
    new = parted(house, case, ends=True)
    house.run()
    assert case_of(house, case).status is CaseStatus.SPLIT
    assert [(one.unit_id, one.status) for one in new] == [
        ("gata", CaseStatus.ROUTED),
        ("hemtjanst", CaseStatus.ROUTED),
    ]
    assert [one.deadlines for one in new] == [case_of(house, case).deadlines] * 2
    sent = [e for one in (case, *new) for e in file_of(house, one).letters if not e.internal]
    assert [e.letter.kind for e in sent].count(LetterKind.MOTTAGNING) == 1
    (lamp,) = file_of(house, new[0]).messages
    assert "hemtjänsten" not in lamp.message.text.lower()
    for one in (case, *new):
        (event,) = [e for e in file_of(house, one).events if e.kind is EventKind.SPLIT]
        assert (new[0].number if one is case else case.number) in event.text
    house.later(hours=3)
    house.stages.sweep(house.now)
    assert [e.letter.kind for one in new for e in file_of(house, one).letters].count(LetterKind.MOTTAGNING) == 0


def test_a_units_registrator_parts_what_came_to_the_unit(house: SmallHouse) -> None:
    """A new case belongs to no unit until it is routed, so that its maker cannot read it just then."""
    case = routed(house, came(house, 1, "Anna", LETTER))
    gun = house.person("gun@ekdala.example", "Gun Ek", Grant(Role.REGISTRATOR, "gata"))
    with house.store.begin() as tx:
        (new,) = split(tx, case.id, case_of(house, case).version, [PARTS[1]], gun, house.office, house.now)
    assert (case_of(house, new).unit_id, case_of(house, new).status) == ("hemtjanst", CaseStatus.ROUTED)


def test_the_old_case_keeps_what_is_left_and_its_flags_follow_where_they_hold(house: SmallHouse) -> None:
    house.model.flags = (FlagKind.HALSA,)
    case = came(house, 1, "Anna", LETTER)
    house.model.flags = ()
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(case.id, SYSTEM), hold_released=True))
    lamp, home = parted(house, case, [replace(PARTS[0], guarded=False), PARTS[1]])
    assert (lamp.protected, home.protected) == (False, True)
    # What was released of one matter's hold says nothing of a threat in another.
    assert (lamp.hold_released, home.hold_released) == (False, True)
    assert case_of(house, case).status is CaseStatus.SUGGESTED
    # It was one matter after all: back again.
    joined(house, case_of(house, lamp), case)
    assert case_of(house, lamp).status is CaseStatus.MERGED


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ((), "minst ett"),
        ((replace(PARTS[0], text=" "),), "rubrik"),
        ((replace(PARTS[0], unit_id="ingen"),), "enhet"),
    ],
)
def test_a_part_needs_heading_text_and_unit(house: SmallHouse, parts, why: str) -> None:
    case = came(house, 1, "Anna", LETTER)
    with pytest.raises(NotAllowed, match=why):
        parted(house, case, parts)
    assert file_of(house, case).linked == ()


def told_together(house: SmallHouse, first: Case, others: list[tuple[str, int]]) -> list[Told]:
    with house.store.begin() as tx:
        version = tx.get_case(first.id, SYSTEM).version
        args = (LetterKind.SVAR, SVAR, house.registrator, house.office, house.now)
        return answer_together(tx, first.id, version, others, *args)


def test_linked_cases_are_answered_together_each_checked_by_its_own_flags(house: SmallHouse, two) -> None:
    first, second = two[0], routed(house, two[1])
    house.model.flags = (FlagKind.HALSA,)
    secret = routed(house, came(house, 3, "Cia"), flags=frozenset({FlagKind.HALSA}))
    told = told_together(house, first, [(one.id, case_of(house, one).version) for one in (second, secret)])
    assert [(t.number, bool(t.why)) for t in told] == [(second.number, False), (secret.number, True)]
    assert [len(answers(house, one)) for one in (first, second, secret)] == [1, 1, 0]
    assert second.number in answers(house, second)[0].letter.subject + answers(house, second)[0].letter.text
    assert [case_of(house, one).status for one in (first, second)] == [CaseStatus.ANSWERED] * 2
    assert case_of(house, secret).status not in (CaseStatus.ANSWERED, CaseStatus.CLOSED)


def test_none_is_answered_where_somebody_was_faster(house: SmallHouse, two) -> None:
    first, second = two[0], routed(house, two[1])
    with pytest.raises(StaleVersion):
        told_together(house, first, [(second.id, 0)])
    assert answers(house, first) == []


def print_of(*values: int, places: str = "", words: str = "", space: str = "e5") -> Imprint:
    vector = bytes(v % 256 for v in values)
    return Imprint(space, vector, frozenset(places.split()), frozenset(words.split()))


def offered(house: SmallHouse, case: Case, viewer=SYSTEM) -> list[str]:
    with house.store.read() as tx:
        return [one.line.number for one in tx.same_incident(case.id, viewer)]


def with_imprint(house: SmallHouse, case: Case, imprint: Imprint) -> None:
    message = file_of(house, case).messages[0]
    with house.store.begin() as tx:
        tx.add_imprint(case.id, message.id, imprint)


STREET = print_of(120, 40, 0, places="lingonstigen")


def test_a_letter_of_the_same_street_and_thing_is_offered_and_another_street_not(house: SmallHouse, two) -> None:
    first, second = two
    third = came(house, 3, "Cia")
    with_imprint(house, first, STREET)
    with_imprint(house, second, print_of(100, 60, 20, places="lingonstigen storgatan"))
    with_imprint(house, third, print_of(120, 40, 0, places="kråkvägen"))
    assert (offered(house, first), offered(house, third)) == ([second.number], [])
    with house.store.read() as tx:
        (one,) = tx.same_incident(first.id, SYSTEM)
    assert one.likeness.shared == ("Lingonstigen",)


def test_an_encoder_that_finds_all_letters_alike_needs_more_to_offer_one(house: SmallHouse, two) -> None:
    first, second = two
    for space, found in (("kb:0.310", [second.number]), ("kb:0.900", [])):
        with_imprint(house, first, print_of(120, 0, 0, space=space, words="vattenläcka"))
        with_imprint(house, second, print_of(120, 80, 0, space=space, words="vattenläcka"))
        assert offered(house, first) == found


@pytest.mark.parametrize("change", [{"space": "kb-sbert"}, {"vector": b"\x01"}])
def test_imprints_of_another_encoder_are_not_compared(house: SmallHouse, two, change) -> None:
    with_imprint(house, two[0], STREET)
    with_imprint(house, two[1], replace(STREET, **change))
    assert offered(house, two[0]) == []


def test_letters_far_apart_and_cases_put_together_are_not_offered(house: SmallHouse, two) -> None:
    first, second = two
    house.later(days=61)
    late = came(house, 3, "Cia")
    for case in (first, second, late):
        with_imprint(house, case, STREET)
    assert offered(house, first) == [second.number]
    joined(house, second, first)
    assert offered(house, first) == []


def test_a_letter_that_was_no_case_is_not_offered(house: SmallHouse, two) -> None:
    first, second = two
    for case in (first, second):
        with_imprint(house, case, STREET)
    assert offered(house, first) == [second.number]
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), status=CaseStatus.NOT_A_CASE))
    assert offered(house, first) == []


def test_a_protected_case_is_offered_to_its_readers_alone(house: SmallHouse, two) -> None:
    first, second = two[0], routed(house, two[1])
    outsider = house.person("olle@ekdala.example", "Olle Ek", Grant(Role.HANDLAGGARE, "hemtjanst"))
    for case in (first, second):
        with_imprint(house, case, STREET)
    worker, stranger = house.office.viewer(house.handlaggare), house.office.viewer(outsider)
    assert offered(house, first, worker) == [second.number]
    assert offered(house, first, stranger) == []
    flag = ConfidentialityFlag(FlagKind.HALSA, FlagState.CONFIRMED)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=(flag,)))
    assert offered(house, first, worker) == []
    assert offered(house, first, house.office.viewer(house.registrator)) == [second.number]


def test_what_a_letter_left_goes_with_its_case(house: SmallHouse, two) -> None:
    first, second = two
    for case in (first, second):
        with_imprint(house, case, STREET)
    engine = house.store.engine
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM cases WHERE id = '{second.id}'")
    assert offered(house, first) == []
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM imprints").scalar() == 1


def test_time_between_counts_both_ways(house: SmallHouse, two) -> None:
    first, second = two
    assert second.received_at - first.received_at == timedelta(days=3)
    for case in (first, second):
        with_imprint(house, case, STREET)
    assert (offered(house, first), offered(house, second)) == ([second.number], [first.number])


def readable(house: SmallHouse, case: Case, who) -> bool:
    try:
        with house.store.read() as tx:
            return tx.get_case(case.id, house.office.viewer(who)).id == case.id
    except NotFound:
        return False


def test_who_reads_a_case_reads_what_is_merged_into_it_as_long_as_it_is(house: SmallHouse, two) -> None:
    first, second = two
    outsider = house.person("olle@ekdala.example", "Olle Ek", Grant(Role.HANDLAGGARE, "hemtjanst"))
    assert not readable(house, second, house.handlaggare)
    joined(house, second, first)
    assert (readable(house, second, house.handlaggare), readable(house, second, outsider)) == (True, False)
    # A reply in it raises a flag that the other case does not have.
    with house.store.begin() as tx:
        flag = ConfidentialityFlag(FlagKind.HALSA, FlagState.SUGGESTED)
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=(flag,)))
    assert not readable(house, second, house.handlaggare)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=()))
        unmerge(tx, second.id, tx.get_case(second.id, SYSTEM).version, house.registrator, house.office, house.now)
    assert not readable(house, second, house.handlaggare)


def test_a_protected_case_is_read_with_the_protected_one_it_is_merged_into_within_one_namnd(house, two) -> None:
    """Else whoever answers for both sees half of what is asked; another nämnd's case is disclosure (OSL 8:1)."""
    first, second = two
    joined(house, second, first)

    def seen(main: dict[str, object], own: FlagKind | None) -> bool:
        with house.store.begin() as tx:
            tx.save_case(replace(tx.get_case(first.id, SYSTEM), assignee_id=house.handlaggare.id, **main))
            flags = (ConfidentialityFlag(own, FlagState.SUGGESTED),) if own else ()
            tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=flags))
        return readable(house, second, house.handlaggare)

    guarded = {"flags": (ConfidentialityFlag(FlagKind.SKOLA, FlagState.CONFIRMED),), "authority_id": "ks"}
    assert seen({"flags": ()}, None)
    assert not seen({"flags": ()}, FlagKind.HALSA)
    assert seen(guarded, FlagKind.HALSA)
    assert not seen(guarded | {"authority_id": "son"}, FlagKind.HALSA)
    assert not seen(guarded, FlagKind.VISSELBLASNING)

"""A flood of letters makes cases, and no flood of mails to the registrators: they are told of the rest in one list."""

from dataclasses import replace
from datetime import date, timedelta

from cases.case import Case
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.office import LetterRules
from cases.people.access import EVERYWHERE, SYSTEM, Grant, Role
from cases.ports import Store
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.store.views import ListFilter, ListKind
from tests.steps.house import SmallHouse, mail, route
from tests.steps.watching.test_late import ROUTER, at, named, sent

K = LetterKind


def write(house: SmallHouse, *letters: str, sender: str = "") -> None:
    for name in letters:
        who = sender or f"{name}@mejl.example"
        house.post(mail(f"{name} är trasig.", subject=name, message_id=f"<{name}@x.example>", sender=who))
    house.run()


def cases_of(house: SmallHouse, *subjects: str) -> list[Case]:
    with house.store.read() as tx:
        found = (tx.get_case(line.id, SYSTEM) for line in tx.lines(ListKind.ALL, SYSTEM, ListFilter()))
        by_subject = {case.subject: case for case in found}
    return [by_subject[one] for one in subjects]


def told_alone(house: SmallHouse) -> set[str]:
    return {entry.case_id for entry in sent(house, K.TILL_REGISTRATOR)}


def later(house: SmallHouse, **time: float) -> int:
    house.later(**time)
    return house.stages.sweep(house.now)


def test_one_senders_flood_is_a_few_mails_and_a_list_and_silences_nobody_else(store: Store) -> None:
    house = SmallHouse(store, office_changes={"letters": LetterRules(notices_per_sender=2)})
    flood = [f"ruta{n}" for n in range(6)]
    write(house, *flood, sender="Berit <Berit@mejl.example>")
    write(house, "annan")
    house.model.flags = (FlagKind.HALSA,)
    write(house, "hälsa", sender="berit@mejl.example")
    house.model.flags = (FlagKind.HOT_VALD,)
    write(house, "hot", sender="berit@mejl.example")
    house.model.flags = ()
    assert told_alone(house) == {case.id for case in cases_of(house, "ruta0", "ruta1", "annan", "hot")}
    held = cases_of(house, *flood[2:], "hälsa")
    with store.read() as tx:
        events = [event for event in tx.case_file(held[0].id, SYSTEM).events if event.kind is EventKind.LETTER_WITHHELD]
        assert tx.notices_held(SYSTEM) == len(held)
    assert [event.text for event in events][-1].startswith("Mejlet till registrator: så många brev")
    route(house, held[0])
    assert later(house, minutes=29) == 0
    assert later(house, minutes=2) == 2, "the list, and the chef of the threat"
    (entry,) = sent(house, K.NYA_LISTA)
    assert (entry.recipient, named(entry.letter)) == (ROUTER, [case.number for case in held[1:]])
    assert "ligger fyra ärenden till i kön. Alla kommer från samma avsändare." in entry.letter.text
    assert entry.letter.text.count("Skyddat ärende.") == 1
    assert "berit" not in entry.letter.text.lower()
    assert "ruta" not in entry.letter.text
    assert later(house, minutes=40) == 0
    with store.read() as tx:
        assert tx.notices_held(SYSTEM) == 0


def test_many_senders_flood_is_told_of_in_a_list_too_by_day(store: Store) -> None:
    house = SmallHouse(store, office_changes={"letters": LetterRules(notices_per_hour=3)})
    house.now = at(date(2026, 11, 26), 18, 30)
    write(house, *(f"lampa{n}" for n in range(5)))
    assert len(told_alone(house)) == 3
    house.later(minutes=61)
    write(house, "kväll")
    assert len(told_alone(house)) == 4, "an hour later there is room again"
    assert later(house, minutes=31) == 0, "nobody reads a list at night"
    house.now = at(date(2026, 11, 27), 7)
    assert house.stages.sweep(house.now) == 1
    (entry,) = sent(house, K.NYA_LISTA)
    assert "ligger två ärenden till i kön.\n" in entry.letter.text
    assert entry.not_before - house.now < timedelta(minutes=1)


def test_without_the_model_as_many_are_told_of_in_a_list(store: Store) -> None:
    house = SmallHouse(store, office_changes={"letters": LetterRules(notices_per_sender=1)})
    for n in range(3):
        house.post(mail(f"Lampa {n}.", message_id=f"<l{n}@x.example>"))
    house.stages.read(house.now)
    assert later(house, minutes=61) == 3
    assert len(told_alone(house)) == 1
    assert later(house, minutes=31) == 1
    assert len(sent(house, K.NYA_LISTA)) == 1


def test_the_list_names_no_case_that_its_reader_may_not_read_any_more_and_goes_to_no_leaver(
    sqlite_store: Store,
) -> None:
    house = SmallHouse(sqlite_store, office_changes={"letters": LetterRules(notices_per_sender=1)})
    write(house, "a0", "a1", "a2", sender="Ann <ann@mejl.example>")
    blow(house, "a1")
    assert later(house, minutes=31) == 1
    rut = house.person(ROUTER, "Rut Almgren", Grant(Role.REGISTRATOR, EVERYWHERE))
    write(house, "b0", "b1", "b2", sender="Bo <bo@mejl.example>")
    blow(house, "b1")
    assert later(house, minutes=31) == 1
    told = [named(entry.letter) for entry in sent(house, K.NYA_LISTA)]
    assert told == [[case.number] for case in cases_of(house, "a2", "b2")]
    write(house, "c0", "c1", sender="Cia <cia@mejl.example>")
    with sqlite_store.begin() as tx:
        tx.add_user(replace(rut, last_day=house.now.date() - timedelta(days=1)))
    assert later(house, minutes=31) == 0
    assert len(sent(house, K.NYA_LISTA)) == 2


def blow(house: SmallHouse, subject: str) -> None:
    """Somebody saw since that it is a whistle-blower's."""
    (case,) = cases_of(house, subject)
    with house.store.begin() as tx:
        tx.save_case(replace(case, flags=(ConfidentialityFlag(FlagKind.VISSELBLASNING, FlagState.SUGGESTED),)))

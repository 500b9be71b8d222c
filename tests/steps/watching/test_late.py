"""What is late is one letter a person and working day, tells nobody more than they may see, and forgets no case."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from cases.calendar import STOCKHOLM
from cases.case import Case
from cases.journal import EventKind
from cases.letters.letter import Letter, LetterContext, LetterKind, OutboxEntry, OutboxStatus
from cases.office import LetterRules
from cases.people.access import SYSTEM, Grant, Role
from cases.ports import Store
from cases.routing.flags import FlagKind
from cases.steps.answering import answer as answering
from cases.steps.watching import promises
from cases.steps.watching.list_rows import MOST_LISTED
from cases.steps.watching.reminders import days_late
from cases.steps.working.absence import name_substitute
from cases.store.views import ListFilter, ListKind
from tests.steps.house import SmallHouse, into_hands, mail, promises_at_once, route

# Received Thursday 26 November 2026 and owed an answer by Tuesday 1 December, a status by Friday 4 December.
LATE, NEXT = date(2026, 12, 2), date(2026, 12, 3)
CHEF, ROUTER = "gustav@ekdala.example", "registrator@ekdala.example"
K = LetterKind
MATTER = "Felanmälan – gata, trafik och park."
LISTED = "Med i nästa lista över försenade ärenden till"
LINK = "https://lyhord.ekdala.example/arenden/"
_NUMBER = re.compile(r"EK-2026-\d{5}")


def at(day: date, hour: int = 7, minute: int = 5) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)


def quiet(store: Store, **changes: object) -> SmallHouse:
    """A house that tells no citizen of a delay, so that an answer is owed until it is given."""
    return SmallHouse(
        store, office_changes={"letters": LetterRules(delay_notice=False), "secret": b"ekdala" * 6, **changes}
    )


def arrive(house: SmallHouse, letters: int) -> list[Case]:
    for number in range(1, letters + 1):
        house.post(
            mail(f"Bänk {number} är trasig.", message_id=f"<b{number}@mejl.example>", sender=f"p{number}@x.example")
        )
    house.stages.read(house.now)
    while house.stages.suggest(house.now):
        pass
    with house.store.read() as tx:
        lines = tx.lines(ListKind.OPEN, SYSTEM, ListFilter())
        return sorted((tx.get_case(line.id, SYSTEM) for line in lines), key=lambda case: case.number)


def sweep(house: SmallHouse, *moments: datetime) -> None:
    for moment in moments:
        house.now = moment
        house.stages.promises(moment)


def sent(house: SmallHouse, *kinds: LetterKind) -> list[OutboxEntry]:
    with house.store.read() as tx:
        found = [one.entry for one in reversed(tx.entries(list(OutboxStatus), SYSTEM, 1000))]
        return [tx.get_entry(entry.id) for entry in found if entry.letter.kind in kinds]


def list_to(house: SmallHouse, address: str) -> Letter:
    (one,) = (entry.letter for entry in sent(house, K.PAMINNELSE_LISTA) if entry.recipient == address)
    return one


def named(letter: Letter) -> list[str]:
    return _NUMBER.findall(letter.text)


def reminded(house: SmallHouse, cases: Sequence[Case]) -> list[list[str]]:
    with house.store.read() as tx:
        files = [tx.case_file(case.id, SYSTEM) for case in cases]
    return [[event.text for event in file.events if event.kind is EventKind.REMINDED] for file in files]


def test_on_a_saturday_what_was_due_on_friday_is_late_by_less_than_a_working_day() -> None:
    """As where the demonstration is tried on a Saturday: time had run out *för inga arbetsdagar sedan*."""
    assert [days_late(days) for days in (0, 1, 3)] == ["mindre än en arbetsdag", "en arbetsdag", "tre arbetsdagar"]


def test_thirty_cases_nobody_routed_are_one_letter_each_to_chef_and_registrator_a_day(store: Store) -> None:
    house = quiet(store)
    cases = arrive(house, 30)
    sweep(house, at(LATE, 6), *(at(day, hour) for day in (LATE, NEXT) for hour in (7, 8, 12, 17)))
    lists = sent(house, K.PAMINNELSE_LISTA)
    assert Counter((one.recipient, one.created_at.date()) for one in lists) == {
        (who, day): 1 for who in (CHEF, ROUTER) for day in (LATE, NEXT)
    }
    assert sent(house, K.PAMINNELSE_EFTER) == []
    first, last = lists[0].letter, lists[-1].letter
    assert named(first) == [case.number for case in cases[:MOST_LISTED]]
    assert "Svarstiden har gått ut i 30 ärenden." in first.text
    assert "Och tio ärenden till." in first.text
    assert "Försenat en arbetsdag. Inte fördelat än." in first.text
    assert "Försenat två arbetsdagar. Inte fördelat än." in last.text
    assert "https://lyhord.ekdala.example/forsenat" in first.text
    assert "Det som inte är fördelat måste få en enhet" in first.text
    told = reminded(house, cases)
    assert {len(texts) for texts in told} == {2}
    assert told[29][0] == (
        f"Svarstiden gick ut den 1 december 2026. {LISTED} registrator@ekdala.example, gustav@ekdala.example."
    )


def test_four_machines_at_once_send_each_list_once(store: Store) -> None:
    house = quiet(store)
    arrive(house, 2)
    house.now = at(LATE)
    promises_at_once(house)
    sweep(house, house.now)
    assert sorted(one.recipient for one in sent(house, K.PAMINNELSE_LISTA)) == [CHEF, ROUTER]


def test_a_handlaggare_is_written_to_of_each_case_and_the_chef_gets_one_list(house: SmallHouse) -> None:
    house = quiet(house.store)
    house.person(CHEF, "Gustav Vik", Grant(Role.CHEF, "gata"))
    open_one, hidden = arrive(house, 2)
    into_hands(house, open_one, house.handlaggare)
    into_hands(house, hidden, house.handlaggare, FlagKind.SOCIALTJANST)
    sweep(house, at(LATE), at(LATE, 8))
    own = sent(house, K.PAMINNELSE_EFTER)
    assert [one.recipient for one in own] == ["hans@ekdala.example"] * 2
    assert all(one.reply_to for one in own), "the handläggare can answer the citizen by replying"
    letter = list_to(house, CHEF)
    assert (
        f"- {open_one.number}\n"
        f"  Försenat en arbetsdag. {MATTER} Gatuenheten. Handläggare: Hans Vik.\n  {LINK}{open_one.id}\n"
        f"- {hidden.number}\n  Försenat en arbetsdag. Skyddat ärende. Gatuenheten. Handläggare: Hans Vik.\n"
    ) in letter.text
    assert f'href="{LINK}{hidden.id}"' in letter.html
    assert "till." not in letter.text.partition("Se alla")[0]
    assert "inte är fördelat" not in letter.text
    assert len(sent(house, K.PAMINNELSE_LISTA)) == 1, "who has a handläggare is no registrator's matter"
    assert reminded(house, [open_one]) == [
        [f"Svarstiden gick ut den 1 december 2026. Mejl till Hans Vik. {LISTED} gustav@ekdala.example."]
    ]


def test_nobody_is_told_more_than_they_may_see(store: Store) -> None:
    house = quiet(store)
    chef = house.person(CHEF, "Gustav Vik", Grant(Role.CHEF, "gata"))
    router = house.person(ROUTER, "Ruth By", Grant(Role.REGISTRATOR))
    unrouted, routed = arrive(house, 2)
    route(house, routed)
    sweep(house, at(LATE))
    chefs = list_to(house, CHEF)
    assert named(chefs) == [unrouted.number, routed.number]
    assert f"- {unrouted.number}\n  Försenat en arbetsdag. Inte fördelat än.\n- " in chefs.text, "it would not open"
    assert f"{MATTER} Gatuenheten.\n  {LINK}{routed.id}" in chefs.text
    routers = list_to(house, ROUTER)
    assert named(routers) == [unrouted.number]
    assert f"{LINK}{unrouted.id}" in routers.text, f"{router.name} may open it"
    mailbox = list_to(house, "gata@ekdala.example") if house.office.organisation.unit("gata").registrators else None
    assert mailbox is not None
    assert f"- {routed.number}\n  Försenat en arbetsdag. Gatuenheten.\n  {LINK}{routed.id}" in mailbox.text
    assert not any("trasig" in one.letter.text.lower() for one in sent(house, K.PAMINNELSE_LISTA))
    with store.begin() as tx:
        for person in (chef, router):
            tx.add_user(replace(person, last_day=LATE))
    sweep(house, at(NEXT))
    left = [one for one in sent(house, K.PAMINNELSE_LISTA)[3:] if one.recipient in (CHEF, ROUTER)]
    assert len(left) == 2
    assert not any(LINK in one.letter.text for one in left), "who has left is no mailbox of several"


def test_a_chef_with_the_case_in_hand_has_its_letter_and_no_list_and_who_stands_in_as_well(house: SmallHouse) -> None:
    house = quiet(house.store)
    chef = house.person("Gustav@Ekdala.example", "Gustav Vik", Grant(Role.CHEF, "gata"))
    (case,) = arrive(house, 1)
    into_hands(house, case, chef)
    sub = house.person("siv@ekdala.example", "Siv Ros", Grant(Role.HANDLAGGARE, "gata"))
    with house.store.begin() as tx:
        name_substitute(tx, chef, sub, LATE, LATE, chef, house.office, house.now)
    sweep(house, at(LATE))
    assert [one.recipient for one in sent(house, K.PAMINNELSE_EFTER)] == ["Gustav@Ekdala.example", "siv@ekdala.example"]
    assert sent(house, K.PAMINNELSE_LISTA) == []


def test_who_stands_in_for_a_chef_gets_the_list_of_what_they_may_read(house: SmallHouse) -> None:
    house = quiet(house.store)
    chef = house.person(CHEF, "Gustav Vik", Grant(Role.CHEF, "gata"))
    sub = house.person("siv@ekdala.example", "Siv Ros", Grant(Role.HANDLAGGARE, "gata"))
    plain, hidden = arrive(house, 2)
    route(house, plain)
    route(house, hidden, FlagKind.SOCIALTJANST)
    with house.store.begin() as tx:
        name_substitute(tx, chef, sub, LATE, LATE, chef, house.office, house.now)
    sweep(house, at(LATE), at(NEXT))
    assert named(list_to(house, "siv@ekdala.example")) == [plain.number]
    assert [named(one.letter) for one in sent(house, K.PAMINNELSE_LISTA) if one.recipient == CHEF] == [
        [plain.number, hidden.number]
    ] * 2


def test_the_list_comes_after_a_crash_between_marks_and_lists_and_leaves_out_what_was_answered(
    house: SmallHouse,
) -> None:
    house = quiet(house.store)
    kept, late = arrive(house, 2)
    kept = into_hands(house, kept, house.handlaggare)
    house.now = at(LATE)
    with house.store.begin() as tx:
        promises.keep_all(tx, [kept.id, late.id], house.office, house.now)
    assert sent(house, K.PAMINNELSE_LISTA) == []
    with house.store.begin() as tx:
        told = {"svar": "Bänken är lagad."}
        version = tx.get_case(kept.id, SYSTEM).version
        answering.answer(tx, kept.id, version, K.SVAR, told, house.handlaggare, house.office, house.now)
    sweep(house, at(LATE, 8), at(LATE, 9))
    assert [named(one.letter) for one in sent(house, K.PAMINNELSE_LISTA)] == [[late.number]] * 2


def test_a_list_that_cannot_be_written_keeps_no_other_back_and_comes_later(house: SmallHouse) -> None:
    house = quiet(house.store)
    unrouted, routed = arrive(house, 2)
    into_hands(house, routed, house.handlaggare)
    good = house.office

    class Broken:
        missing = good.renderer.missing

        def render(self, kind: LetterKind, language: str, context: LetterContext) -> Letter:
            if routed.number in context.values.get("arenden", ""):
                raise ValueError("trasig mall")
            return good.renderer.render(kind, language, context)

    house.stages = replace(house.stages, office=replace(good, renderer=Broken()))
    sweep(house, at(LATE))
    assert [one.recipient for one in sent(house, K.PAMINNELSE_LISTA)] == [ROUTER]
    house.stages = replace(house.stages, office=good)
    sweep(house, at(LATE, 9), at(LATE, 10))
    assert [one.recipient for one in sent(house, K.PAMINNELSE_LISTA)] == [ROUTER, CHEF]
    assert named(list_to(house, CHEF)) == [unrouted.number, routed.number]


def test_what_turns_up_late_in_the_day_stands_in_the_next_list(house: SmallHouse) -> None:
    house = quiet(house.store)
    sweep(house, at(LATE), at(LATE, 8))
    with house.store.read() as tx:
        assert tx.setting("late_lists_over") == LATE.isoformat(), "no pass of the day looks again"
    house.now = at(date(2026, 11, 26), 10)
    (case,) = arrive(house, 1)
    sweep(house, at(LATE, 10))
    assert sent(house, K.PAMINNELSE_LISTA) == []
    sweep(house, at(NEXT))
    assert named(list_to(house, CHEF)) == [case.number]


def test_a_whistle_blowers_case_stands_in_its_receivers_list_alone(house: SmallHouse) -> None:
    house = quiet(house.store)
    house.person("vera@ekdala.example", "Vera Ö", Grant(Role.VISSELMOTTAGARE))
    house.model.flags = (FlagKind.VISSELBLASNING,)
    (case,) = arrive(house, 1)
    assert case.whistle
    sweep(house, at(LATE))
    assert [one.recipient for one in sent(house, K.PAMINNELSE_LISTA)] == ["vera@ekdala.example"]
    assert "Skyddat ärende." in list_to(house, "vera@ekdala.example").text
    assert "visselblås" not in list_to(house, "vera@ekdala.example").text.lower()

"""The checker knows what a profile says of its own: closing days, whether a chef is told, and two promises at once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from service.simulate.checker import _after, _alarms, _before, _letters_allowed, _promises
from service.simulate.life import Life
from service.simulate.records import Event, Fact, History, Left, Promised, Rules
from tests.simulate.test_reminded_before import CAME, CASE, RULES, left

STATUS_DAY, ANSWER_DAY = date(2026, 11, 26), date(2026, 12, 7)
RECEIVED = Event(CAME, CASE, "system", "received", "")
ROUTED = Event(CAME + timedelta(hours=1), CASE, "u1", "confirmed", "Fördelat till Gatuenheten.")
CHEFS = {"Gatuenheten": "karin@ekdala.example"}


def at(day: date, hour: int) -> datetime:
    """So late on a winter's day."""
    return datetime(day.year, day.month, day.day, hour - 1, 5, tzinfo=UTC)


def lived(rules: Rules, *letters: Left, events: tuple[Event, ...] = (RECEIVED, ROUTED)) -> tuple[Life, History]:
    """A serious case from the routine's sixteenth of November on, and all that was seen of it."""
    fact = Fact(CASE, CAME, "p@x.example", False, True, True, False, False, "", frozenset())
    rules = replace(rules, chefs=CHEFS)
    history = History(rules, (fact,), letters, events, (), CAME + timedelta(days=30), 2026)
    return Life(fact, letters, events, rules), history


def test_a_closing_day_moves_letters_to_the_open_day_before_and_reminders_after_it() -> None:
    shut = replace(RULES, closed=frozenset({STATUS_DAY, date(2026, 11, 25)}))
    last = date(2026, 11, 24)
    told, reminded = left("status", at(last, 16), automatic=True), left("paminnelse_fore", at(last, 7), automatic=True)
    for check in (_before, _promises, _letters_allowed, _after):
        assert list(check(*lived(shut, told, reminded))) == [], check
    on_the_day = replace(told, at=at(STATUS_DAY, 16))
    assert list(_letters_allowed(*lived(shut, on_the_day))) == ["status left by itself at Thursday 26 November 16:05"]
    assert list(_promises(*lived(shut))) == [f"status promised by {STATUS_DAY}: nothing left"]
    late = [what for what in _after(*lived(RULES)) if "2026-11-27" in what]
    assert late == ["no reminder on 2026-11-27 though 2026-11-26 is past"]
    assert not any(
        "2026-11-27" in what for what in _after(*lived(replace(RULES, closed=frozenset({date(2026, 11, 27)}))))
    )


def test_a_chef_is_told_of_what_is_serious_where_the_profile_has_it_so() -> None:
    assert list(_alarms(*lived(RULES))) == ["serious, and no chef was told by 16 November 10:32"]
    assert list(_alarms(*lived(replace(RULES, serious_minutes=None)))) == []
    late = left("till_chef", CAME + timedelta(hours=4), automatic=True)
    unopened = (RECEIVED,)
    assert list(_alarms(*lived(replace(RULES, serious_minutes=200), late, events=unopened))) == []
    assert list(_alarms(*lived(RULES, late, events=unopened)))


def test_who_was_given_a_case_is_known_by_the_journal() -> None:
    given = [
        Event(CAME + timedelta(hours=n), CASE, "u1", kind, text)
        for n, (kind, text) in enumerate(
            (
                ("assigned", "Till Ada Gata, handläggare."),
                ("handed_over", "Från Ada Gata till Bo Gata, handläggare."),
                ("handed_over", "Från Bo Gata. Tillbaka hos enheten."),
            )
        )
    ]
    life, _ = lived(RULES, events=tuple(given))
    assert life.had(CAME) == {"Ada Gata"}
    assert life.had(given[-1].at) == {"Ada Gata", "Bo Gata"}


def test_neutral_letters_keep_the_status_first_and_tell_of_a_later_answer_after_it() -> None:
    both = replace(RULES, promises=(*RULES.promises, Promised("answer", 15, "working", "back")))
    first, second = (left("sekretess_safe", at(day, 16), automatic=True) for day in (STATUS_DAY, ANSWER_DAY))
    life, _ = lived(both, first, second)
    assert (life.told("status"), life.told("answer")) == (first.at, None)
    assert [told for told, _ in life.delays()] == [second.at]
    spoken = Event(CAME + timedelta(days=1), CASE, "u1", "note", "Besked om läget per telefon.")
    life, _ = lived(both, second, events=(RECEIVED, ROUTED, spoken))
    assert [told for told, _ in life.delays()] == [second.at]
    life, _ = lived(RULES, first)
    assert (life.told("status"), life.delays()) == (first.at, [])

"""The checker counts an answer that waits for another day when it leaves, and one that was taken back not at all."""

from datetime import timedelta

from service.simulate.checker import lives_of
from service.simulate.figures import figures_agree
from service.simulate.life import Life
from service.simulate.records import Compiled, Event, Fact, History
from tests.simulate.test_reminded_before import CAME, CASE, RULES, left

WRITTEN, LEAVES = CAME + timedelta(days=1), CAME + timedelta(days=4)
QUEUED = (Event(WRITTEN, CASE, "u1", "letter_queued", "Svar på fråga"), Event(WRITTEN, CASE, "u1", "answered", ""))
TAKEN_BACK = Event(WRITTEN + timedelta(seconds=9), CASE, "u1", "letter_cancelled", "Svar på fråga är ångrat.")
SPOKEN = (Event(LEAVES, CASE, "u1", "oral_answer", "per telefon"), Event(LEAVES, CASE, "u1", "answered", ""))


def history(*events: Event, answered: bool = True, days: float | None = None) -> History:
    fact = Fact(CASE, CAME, "p@x.example", False, True, False, False, False, "", frozenset())
    months = (0,) * 10 + (1, 0)
    return History(
        rules=RULES,
        facts=(fact,),
        letters=(left("svar", LEAVES, automatic=False),) if answered else (),
        events=events,
        outages=(),
        ended=CAME + timedelta(days=30),
        year=2026,
        compiled=Compiled(1, months, {}, {}, (1 if days is not None else 0, days)),
    )


def life_of(told: History) -> Life:
    (life,) = lives_of(told)
    return life


def test_an_answer_counts_from_the_day_on_which_it_leaves() -> None:
    told = history(*QUEUED, days=4.0)
    assert list(life_of(told).answers()) == [(WRITTEN, LEAVES)]
    assert not list(figures_agree([life_of(told)], told))
    too_soon = history(*QUEUED, days=1.0)
    assert list(figures_agree([life_of(too_soon)], too_soon)) == [
        "the compilation says median days to an answer: 1.0, the log 4.0"
    ]
    assert life_of(told).owed(WRITTEN) is None, "it keeps the promise from when it is written, so nobody is reminded"


def test_an_answer_that_was_taken_back_is_none_and_a_spoken_one_counts_at_once() -> None:
    told = history(*QUEUED, TAKEN_BACK, answered=False)
    assert list(life_of(told).answers()) == []
    assert life_of(told).owed(LEAVES) is not None
    again = history(*QUEUED, TAKEN_BACK, *SPOKEN, answered=False, days=4.0)
    assert list(life_of(again).answers()) == [(LEAVES, LEAVES)]
    waits = history(*QUEUED, answered=False)
    assert list(life_of(waits).answers()) == [(WRITTEN, WRITTEN)], "a year that ends before it leaves"

"""A simulated fortnight keeps every promise, and the checker that says so sees each kind of breach put into it."""

import sqlite3
import statistics
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cases.case import CHANNEL_NAMES
from cases.compilations import figures
from cases.compilations.compiled import Compilation
from cases.compilations.periods import read_period
from cases.people.access import SYSTEM
from cases.routing.areas import AREA_NAMES
from cases.routing.suggestion import CASE_TYPE_NAMES
from config import load
from service.bootstrap import build, swedish_days_off
from service.report_rules import compiler
from service.simulate.checker import breaches, lives_of
from service.simulate.days import day_of, days_off, due, moment_of, swedish, working_between
from service.simulate.late_lists import numbers_in
from service.simulate.life import DELAY_NOTICE, Life
from service.simulate.records import Away, Event, History, Left
from service.simulate.world import environment
from service.simulate.year import play


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("year")


@pytest.fixture(scope="module")
def month(folder: Path) -> History:
    history, _refused = play("rattvik", 2026, 40, 5, folder, days=14)
    return history


def without(history: History, *gone: Left) -> History:
    return replace(history, letters=tuple(left for left in history.letters if left not in gone))


def some(history: History, kind: str) -> Left:
    return next(left for left in history.letters if left.kind == kind and left.automatic)


def test_a_fortnight_of_letters_keeps_every_promise_and_rule(month: History) -> None:
    assert breaches(month) == []
    kinds = {left.kind for left in month.letters}
    assert {"mottagning", "langre_tid", "paminnelse_fore", "paminnelse_efter", "paminnelse_lista"} <= kinds
    assert "vidarebefordrad" in kinds
    assert len(month.facts) > 15


@pytest.mark.parametrize("kind", ["mottagning", "langre_tid", "paminnelse_fore"])
def test_a_letter_that_never_left_is_seen(month: History, kind: str) -> None:
    # A delay told for the second time or on the day of the answer may be missing; the first must not.
    gone = [left for left in month.letters if left.kind == kind and left.automatic]
    found = breaches(without(month, *gone))
    assert len({what.partition(":")[0] for what in found} & {left.case for left in gone}) > len(gone) / 3


def test_the_chefs_copy_that_never_left_is_seen(month: History) -> None:
    chefs = set(month.rules.chefs.values())
    copy = next(left for left in month.letters if left.kind == "paminnelse_lista" and left.to in chefs)
    assert any("did not reach the chef" in what for what in breaches(without(month, copy)))
    found = breaches(without(month, *(left for left in month.letters if left.kind == copy.kind and left.to == copy.to)))
    assert any(f"the journal says that {copy.to} has it in the list" in what for what in found)


def test_a_reminder_the_journal_tells_of_that_never_left_is_seen(month: History) -> None:
    gone = next(left for left in month.letters if left.kind == "paminnelse_efter")
    assert any(what.startswith(f"{gone.case}: the journal says that") for what in breaches(without(month, gone)))


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda text, number: text.replace(f"- {number}\n", "", 1), "a list of"),
        (lambda text, number: text.replace(f"- {number}\n", f"- {number}\n- {number}\n", 1), "a list of"),
        (lambda text, _number: text.replace("Se alla", "Och nio ärenden till.\n\nSe alla"), "a list names"),
    ],
    ids=["left out", "twice", "too short"],
)
def test_a_list_that_is_not_true_is_seen(month: History, change: Callable[[str, str], str], seen: str) -> None:
    left = next(left for left in month.letters if left.kind == "paminnelse_lista")
    assert any(seen in what for what in changed(month, left, text=change(left.text, numbers_in(left)[0])))


def test_two_lists_a_day_and_one_out_of_order_are_seen(month: History) -> None:
    lists = [left for left in month.letters if left.kind == "paminnelse_lista"]
    again = replace(lists[0], message_id="<again@rattvik.example>")
    assert any("got 2 lists" in what for what in breaches(replace(month, letters=(*month.letters, again))))
    owed = {life.fact.number: day for life in lives_of(month) if (day := life.owed(lists[-1].at))}
    newest, oldest = max(owed, key=owed.__getitem__), min(owed, key=owed.__getitem__)
    turned = f"Svarstiden har gått ut i två ärenden.\n\n- {newest}\n- {oldest}\n"
    assert any("the longest late" in what for what in changed(month, lists[-1], text=turned))


@pytest.mark.parametrize("change", [{}, {"message_id": "<another@rattvik.example>"}], ids=["same id", "other id"])
def test_a_letter_that_left_twice_is_seen(month: History, change: dict[str, str]) -> None:
    again = replace(some(month, "langre_tid"), **change)  # type: ignore[arg-type]
    assert any("times" in what for what in breaches(replace(month, letters=(*month.letters, again))))


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"to": "nagon.annan@mejl.example"}, "did not write"),
        ({"auto_submitted": ""}, "does not say so"),
        ({"at": moment_of(date(2026, 1, 10), 12)}, "left by itself at"),
        ({}, ""),
    ],
    ids=["astray", "unmarked", "saturday", "quoted"],
)
def test_a_letter_that_is_not_as_it_must_be_is_seen(month: History, change: dict[str, object], seen: str) -> None:
    left = some(month, "langre_tid")
    wrong = replace(left, **change)  # type: ignore[arg-type]
    if not seen:
        fact = next(fact for fact in month.facts if fact.number == left.case)
        wrong, seen = replace(left, text=f"Du skrev {fact.word}"), "citizen's words"
    history = replace(month, letters=tuple(wrong if one is left else one for one in month.letters))
    assert any(seen in what for what in breaches(history))


def test_what_leaves_under_a_flag_or_to_nobody_is_seen(month: History) -> None:
    left = some(month, "langre_tid")
    held = tuple(
        replace(fact, said_flags=frozenset({"hot_vald"})) if fact.number == left.case else fact for fact in month.facts
    )
    found = breaches(replace(month, facts=held))
    assert any("while held" in what for what in found)
    nobody = tuple(replace(fact, anonymous=True) if fact.number == left.case else fact for fact in month.facts)
    assert any("nothing may leave by mail" in what for what in breaches(replace(month, facts=nobody)))


def test_a_reminder_before_the_new_day_that_never_left_is_seen(month: History) -> None:
    gone = [left for left in month.letters if left.kind == "paminnelse_fore"]
    assert any("the new day told on" in what for what in breaches(without(month, *gone)))


def test_a_day_told_after_an_answer_is_owed_and_counted_anew(month: History) -> None:
    fact = next(fact for fact in month.facts if fact.by_mail and day_of(fact.received_at) < date(2026, 1, 12))
    told = moment_of(date(2026, 1, 19), 10)

    def event(day: date, kind: str) -> Event:
        return Event(moment_of(day, 9), fact.number, "", kind, "")

    events = (event(date(2026, 1, 12), "answered"), event(date(2026, 1, 16), "reopened"))
    notice = replace(
        some(month, "langre_tid"), case=fact.number, at=told, text="Du får svar senast den 26 januari 2026."
    )
    life = Life(fact, (notice,), events, month.rules)
    assert life.owed(told - timedelta(minutes=1)) is None
    assert life.owed(told) == date(2026, 1, 26)
    for text, owed in ((notice.text, date(2026, 1, 26)), ("Vi letar.", None)):
        status = replace(notice, kind="status", automatic=False, text=text)
        assert replace(life, letters=(status,)).owed(told) == owed, "a status that names a day promises it"
    assert [one.kept for one in life.rounds("answer")] == [events[0].at, None]
    again = replace(life, events=(*events, event(date(2026, 1, 27), "answered")))
    assert again.owed(moment_of(date(2026, 1, 27), 10)) is None
    assert [(one.last, day_of(one.kept)) for one in again.rounds("answer") if one.kept][1] == (
        date(2026, 1, 26),
        date(2026, 1, 27),
    )
    late = replace(life.letters[0], at=moment_of(date(2026, 1, 12), 9, 30))
    queued = replace(event(date(2026, 1, 12), "letter_queued"), at=moment_of(date(2026, 1, 12), 8), text=DELAY_NOTICE)
    assert len(replace(life, letters=(late,), events=(queued, *events)).rounds("answer")) == 1, "it left late"


def changed(history: History, left: Left, **change: object) -> list[str]:
    wrong = replace(left, **change)  # type: ignore[arg-type]
    return breaches(replace(history, letters=tuple(wrong if one is left else one for one in history.letters)))


def test_reminders_at_night_or_to_one_who_never_had_the_case_are_seen(month: History) -> None:
    left = next(one for one in month.letters if one.kind == "paminnelse_efter" and one.to in month.handlers)
    night = moment_of(day_of(left.at), 22)
    assert any("left at" in what for what in changed(month, left, at=night))
    other = next(one for one in sorted(month.handlers) if one[:3] != left.to[:3])
    assert any(f"reached {other}, who never had" in what for what in changed(month, left, to=other))


def test_a_full_list_may_leave_a_case_unnamed_but_never_uncounted(month: History) -> None:
    chefs = set(month.rules.chefs.values())
    copy = next(left for left in month.letters if left.kind == "paminnelse_lista" and left.to in chefs)
    others = [fact.number for fact in month.facts if fact.number not in numbers_in(copy)][:20]
    named = "".join(f"- {number}\n" for number in others)
    found = changed(month, copy, text=f"Svarstiden har gått ut i 22 ärenden.\n\n{named}\nOch två ärenden till.\n")
    missed = f"the reminder on {day_of(copy.at)} did not reach the chef"
    assert not any(what == f"{number}: {missed}" for what in found for number in numbers_in(copy))
    assert not any("a list of" in what or "leaves cases out" in what for what in found)
    none = "Svarstiden har gått ut i noll ärenden.\n\nOch ett ärende till.\n"
    assert any("leaves cases out" in what for what in changed(month, copy, text=none))


def test_a_reminder_that_goes_on_after_the_answer_is_seen(month: History) -> None:
    left = next(one for one in month.letters if one.kind == "paminnelse_efter")
    ended = next(e for e in reversed(month.events) if e.kind == "closed")
    again = replace(left, case=ended.case, at=ended.at + timedelta(days=3), message_id="<again@rattvik.example>")
    found = breaches(replace(month, letters=(*month.letters, again)))
    assert any("nobody expects anything more" in what for what in found)


def test_who_stands_in_must_get_what_the_absent_one_gets(month: History) -> None:
    flagged = {fact.number for fact in month.facts if fact.said_flags}
    mine = (x for x in month.letters if x.kind == "till_handlaggare" and x.to in month.handlers)
    left = next(x for x in mine if x.case not in flagged)
    day, other = day_of(left.at), next(one for one in sorted(month.handlers) if one != left.to)
    away = Away(left.to, other, day - timedelta(days=3), day + timedelta(days=1), left.at - timedelta(days=3))
    assert any(f"did not reach {other}" in what for what in breaches(replace(month, away=(away,))))
    copy = replace(left, to=other, message_id="<copy@rattvik.example>")
    told = breaches(replace(month, away=(away,), letters=(*month.letters, copy)))
    assert not any(left.case in what for what in told), "a substitute hears of what they stand in for"
    name = next(name for name, address in month.names.items() if address == other)
    own = replace(left, kind="kollega_svarat", text=f"{name}\nhar skickat brevet.", message_id="<own@rattvik.example>")
    told = breaches(replace(month, away=(away,), letters=(*month.letters, copy, own)))
    assert not any("did not reach" in what and left.case in what for what in told), "and not of what they did"


def test_a_figure_that_differs_from_the_log_is_seen(month: History) -> None:
    assert month.compiled is not None
    wrong = replace(month.compiled, total=(month.compiled.total or 0) + 1)
    assert any("the compilation says cases" in what for what in breaches(replace(month, compiled=wrong)))


_RECOUNT = """
    WITH told AS (
        SELECT j.case_id, MIN(CASE WHEN j.kind = 'answered' THEN j.at END) AS answered,
               MAX(CASE WHEN j.kind = 'closed' THEN j.at END) AS closed,
               MAX(CASE WHEN j.kind = 'reopened' THEN j.at END) AS reopened
        FROM journal j GROUP BY j.case_id),
    last AS (SELECT case_id, MAX(seq) AS seq FROM decisions GROUP BY case_id),
    ended AS (SELECT case_id, MAX(seq) AS seq FROM journal WHERE kind = 'answered' GROUP BY case_id)
    SELECT d.unit_id, d.area, c.type, c.channel, c.received_at, told.*, j.text AS outcome,
           f.agreed, f.unit_id AS first_unit
    FROM cases c JOIN told ON told.case_id = c.id LEFT JOIN last ON last.case_id = c.id
    LEFT JOIN decisions d ON d.seq = last.seq LEFT JOIN ended ON ended.case_id = c.id
    LEFT JOIN journal j ON j.seq = ended.seq
    LEFT JOIN decisions f
        ON f.seq = (SELECT MIN(seq) FROM decisions WHERE case_id = c.id AND suggested_area IS NOT NULL)
    WHERE d.choice = 'unit'
    AND NOT EXISTS (SELECT 1 FROM case_flags w WHERE w.case_id = c.id AND w.kind = 'visselblasning')"""


def test_every_table_of_the_compilation_equals_a_plain_count_of_the_journal(
    month: History, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "SMALLEST", 0)
    made, names = compiled_anew(month, folder)
    with closing(sqlite3.connect(folder / "year.sqlite")) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute(_RECOUNT).fetchall()
    assert made.total == len(rows) > 15
    for table, column, said in (
        (made.by_unit, "unit_id", names),
        (made.by_area, "area", AREA_NAMES),
        (made.by_type, "type", CASE_TYPE_NAMES),
        (made.by_channel, "channel", CHANNEL_NAMES),
    ):
        assert {f.label: f.count for f in table} == Counter(said[row[column]] for row in rows), column
    outcomes = Counter(row["outcome"] or "Ännu inte avgjort" for row in rows)
    assert {f.label: f.count for f in made.by_outcome} == outcomes
    ended = [row for row in rows if row["closed"] and row["closed"] > (row["reopened"] or "")]
    for median, which, of in ((made.answered, "answered", rows), (made.closed, "closed", ended)):
        days = [working_between(_day(row["received_at"]), _day(row[which])) for row in of if row[which]]
        assert (median.count, median.days) == (len(days), statistics.median(days)), which
    right = [row for row in rows if row["agreed"]]
    assert sum(one.count for one in made.agreed) == sum(row["agreed"] is not None for row in rows)
    assert sum(round(one.count * one.share) for one in made.agreed) == len(right)
    complaints = [row for row in rows if row["type"] in ("klagomal", "felanmalan")]
    assert (len(made.lines), made.years[0].complaints) == (len(complaints), len(complaints))


def compiled_anew(month: History, folder: Path) -> tuple[Compilation, dict[str, str]]:
    """The year's compilation with nothing withheld, by the service itself, and its units' names."""
    house = build(load("rattvik", environment(folder)), clock=lambda: month.ended, new_id=lambda: "")
    maker = compiler(house)
    try:
        with house.store.read() as tx:
            made = maker.compile(tx, SYSTEM, read_period("2026"), maker.scope(""), month.ended)
    finally:
        house.store.close()
    return made, {unit.id: unit.name for unit in house.office.organisation.units.values()}


def _day(stored: str) -> date:
    return day_of(datetime.fromisoformat(stored).replace(tzinfo=UTC))


def test_the_checkers_calendar_agrees_with_the_law_and_with_the_engines(month: History) -> None:
    assert due(date(2026, 4, 2), 3, "working", "back") == date(2026, 4, 9)
    assert due(date(2026, 12, 15), 10, "calendar", "back") == date(2026, 12, 23)
    for year in range(2005, 2060):
        weekdays = {day for day in swedish_days_off(year) if day.weekday() < 5}
        assert {day for day in days_off(year) if day.weekday() < 5} == weekdays
    assert swedish(datetime(2026, 3, 29, 1, tzinfo=UTC)).hour == 3
    assert swedish(datetime(2026, 10, 25, 1, tzinfo=UTC) - timedelta(seconds=1)).hour == 2
    assert len(lives_of(month)) == len(month.facts)

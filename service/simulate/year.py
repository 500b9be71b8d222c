"""Plays a year and gathers what it left behind."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from cases.case import Case, Channel
from cases.compilations.compiled import Compilation
from cases.compilations.figures import Figure
from cases.compilations.periods import read_period
from cases.people.access import SYSTEM
from cases.routing.flags import FLAG_RULES
from cases.store.views import ListFilter, ListKind
from config.layers import profile_text
from service.report_rules import compiler
from service.simulate.acts import People
from service.simulate.planned import Planner
from service.simulate.records import Compiled, Event, Fact, History, Promised, Rules
from service.simulate.world import World, open_world, word_in

_SETTLE_DAYS = 30


def play(
    profile: str, year: int, cases: int, seed: int, folder: Path, days: int = 365, *, planned: bool = False
) -> tuple[History, list[str]]:
    """A year, or its first days, of about so many letters, and a month for what is open then.

    ``planned`` lets some letters of the staff's wait for a later hour. What happened, and what people were refused.
    """
    world = open_world(profile, year, seed, folder)
    try:
        last = world.start + timedelta(days=days)
        until = last + timedelta(days=_SETTLE_DAYS)
        planner = Planner(seed, world.office, lambda at: world.later(at, lambda: None)) if planned else None
        People(world, planner).begin(year, round(cases * 365 / days), last, until)
        world.run(until)
        return _history(world, year), world.refused
    finally:
        world.store.close()


def _history(world: World, year: int) -> History:
    with world.store.read() as tx:
        lines = tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=1_000_000))
        files = [tx.case_file(line.id, SYSTEM) for line in lines]
        maker = compiler(world.house)
        made = maker.compile(tx, SYSTEM, read_period(str(year)), maker.scope(""), world.now)
    events = [Event(e.at, file.case.number, e.actor, str(e.kind), e.text) for file in files for e in file.events]
    return History(
        rules=_rules(world),
        facts=tuple(_fact(world, file.case) for file in files),
        letters=tuple(world.letters),
        events=tuple(sorted(events, key=lambda event: event.at)),
        outages=(*world.daemon_outages, *world.mail_outages),
        ended=world.now,
        year=year,
        compiled=_compiled(made),
        names={user.name: user.email for user in world.people.values()},
        handlers=frozenset(world.handlers),
        away=tuple(world.away),
    )


def _fact(world: World, case: Case) -> Fact:
    matter = world.matter(case)
    return Fact(
        number=case.number,
        received_at=case.received_at,
        sender=case.sender.email,
        anonymous=matter.anonymous if matter else False,
        by_mail=case.channel is Channel.EMAIL,
        serious=matter is not None and not matter.junk and matter.severity == "allvarlig",
        junk=matter is None or matter.junk,
        machine=matter is None,
        word=word_in(case.subject),
        said_flags=frozenset(map(str, matter.said_flags)) if matter and not matter.junk else frozenset(),
    )


def _rules(world: World) -> Rules:
    """The profile's own words; the engine's reading of them is not asked."""
    told = tomllib.loads(profile_text(world.profile))
    promises = [Promised(p["kind"], p["days"], p["counting"], p.get("rollover", "back")) for p in told["promises"]]
    units, alarms = told["units"], told.get("escalation", {})
    heads = {part["head"]["email"] for part in told["departments"]}
    staff = {user.email for user in world.people.values()} | heads
    staff |= {email for unit in units for email in unit["registrators"]}
    staff |= set(told["organisation"]["central_registrators"])
    return Rules(
        promises=tuple(promises),
        delay_notice=told["letters"]["delay_notice"],
        delay_days=told["letters"].get("delay_working_days", 10),
        opens=int(told["calendar"]["opens"][:2]),
        closes=int(told["calendar"]["closes"][:2]),
        chefs={unit["name"]: unit["manager"]["email"] for unit in units},
        staff=frozenset(staff),
        closed=frozenset(date.fromisoformat(str(day)) for day in told["calendar"].get("closing_days", ())),
        serious_minutes=alarms.get("serious_minutes", 30) if alarms.get("on_serious", True) else None,
        labels={str(kind): f"{rule.label} ({rule.ground})" for kind, rule in FLAG_RULES.items()},
    )


def _compiled(made: Compilation) -> Compiled:
    return Compiled(
        total=made.total,
        by_month=tuple(figure.count for figure in made.by_month),
        by_unit=_counts(made.by_unit),
        in_time={str(kept.kind): (kept.promised, kept.in_time, kept.as_told) for kept in made.kept},
        answered=(made.answered.count, made.answered.days),
    )


def _counts(rows: tuple[Figure, ...]) -> Mapping[str, int | None]:
    return {row.label: row.count for row in rows}

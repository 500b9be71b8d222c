"""Gallring in this installation: the file's rules, the night's pass, and the database written anew afterwards."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from cases.calendar import STOCKHOLM
from cases.records.disposal import Disposal
from cases.records.retention import RetentionRule, RetentionRules
from cases.steps.records.retention import SCRUB, disposal_sweep
from config import Settings
from service.bootstrap import House
from storage.database.scrub import scrub

LOG = logging.getLogger("lyhord.retention")
# Nobody works then, and letters can wait while the database's files are written anew.
_NIGHT = 3


def retention_rules(settings: Settings) -> RetentionRules:
    """The rules of ``[[retention_rules]]`` in their order, and ``[retention]`` for what none of them fits."""
    own = [
        RetentionRule(
            rule.id,
            rule.years,
            rule.decision,
            frozenset(rule.types),
            frozenset(rule.outcomes),
            registered=rule.registered,
            protected=rule.protected,
        )
        for rule in settings.retention_rules
    ]
    rest = settings.retention
    if rest.years:
        own.append(RetentionRule("övriga", rest.years, rest.decision))
    loose = RetentionRule("utan ärende", rest.loose_years, rest.decision) if rest.loose_years else None
    return RetentionRules(tuple(own), automatic=rest.automatic, loose=loose)


def scrub_now(house: House) -> None:
    """Take what was erased out of the database's files. Takes room and time as a copy does.

    What somebody erased meanwhile may still be there, and waits for the next time.
    """
    with house.store.read() as tx:
        erased = tx.setting(SCRUB)
    scrub(house.settings.database.url.reveal())
    with house.store.begin() as tx:
        if tx.held_setting(SCRUB) == erased:
            tx.save_setting(SCRUB, "")


def night_pass(house: House) -> Callable[[datetime], object]:
    """The hourly pass that works at night: disposes where the file says ``automatic``, and scrubs after anybody's."""
    rules = retention_rules(house.settings)

    def run(now: datetime) -> Sequence[Disposal]:
        if now.astimezone(STOCKHOLM).hour != _NIGHT:
            return ()
        with house.store.begin() as tx:
            made = disposal_sweep(tx, rules, house.office, now)
            waits = tx.setting(SCRUB)
        if waits:
            scrub_now(house)
        if made:
            LOG.info("disposed of %d cases", sum(len(one.lines) for one in made))
        return made

    return run

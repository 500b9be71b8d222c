"""Gallring carried out: by a person who confirmed the list, or by the service where the municipality says so."""

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from cases.calendar import STOCKHOLM, local_day, swedish_date
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import SYSTEM, Viewer
from cases.ports import Tx
from cases.post.citizen import note
from cases.records.disposal import Disposal, DisposalLine, Erased
from cases.records.retention import (
    DisposalPlan,
    DueCase,
    EndedCase,
    RetentionRule,
    RetentionRules,
    Spared,
    last_days,
    make_plan,
    verdict_of,
    whole,
    years_before,
)
from cases.routing.suggestion import CaseType

_CHANGED = "Listan har ändrats sedan du öppnade den. Läs den igen och bekräfta på nytt."
# So many at a time, or one transaction would hold the database for minutes.
MOST_AT_ONCE = 500
SCRUB = "retention:scrub"
"""A setting: cases were erased at that moment, and the database file still holds their bytes."""


def disposal_plan(tx: Tx, rules: RetentionRules, viewer: Viewer, now: datetime) -> DisposalPlan:
    """What would go now of the cases the viewer may read, at most ``MOST_AT_ONCE``; nothing is changed."""
    today = local_day(now)
    plan = _planned(tx, _old_enough(tx, rules, viewer, now), rules, viewer, now)
    spared = Counter[Spared]()
    for kind, count in tx.count_ended(viewer, last_days(rules, today)).items():
        if isinstance(why := verdict_of(kind, rules, today), Spared):
            spared[why] += count
    if tied := plan.spared.get(Spared.TIED):
        spared[Spared.TIED] = tied
    return DisposalPlan(plan.due, dict(spared), plan.loose)


def _old_enough(tx: Tx, rules: RetentionRules, viewer: Viewer, now: datetime) -> Sequence[EndedCase]:
    """The cases that a rule may take; the others, which are most, are only counted."""
    days = last_days(rules, local_day(now))
    if not days:
        return ()
    taking = [one for one in rules.rules if one.years > 0]
    return tx.ended_cases(
        viewer,
        datetime.combine(days[-1] + timedelta(days=1), time(), STOCKHOLM),
        100_000,
        protected=any(one.protected for one in taking),
        registered=any(one.registered for one in taking),
        types=_types(taking),
    )


def _types(rules: Sequence[RetentionRule]) -> Collection[CaseType]:
    """Those that the rules name, where each names some; else none, for any."""
    return {kind for one in rules for kind in one.types} if all(one.types for one in rules) else ()


def _planned(tx: Tx, found: Sequence[EndedCase], rules: RetentionRules, viewer: Viewer, now: datetime) -> DisposalPlan:
    plan = make_plan(found, rules, local_day(now))
    loose = tx.count_loose(_loose_before(rules.loose, now)) if rules.loose and _sees_loose(viewer) else 0
    return DisposalPlan(_some(plan.due), plan.spared, loose)


def _some(due: tuple[DueCase, ...]) -> tuple[DueCase, ...]:
    """The first of them, those that hang together in one go; more than go at once hang together nowhere."""
    first = due[:MOST_AT_ONCE]
    together = whole([one.case for one in first])
    return tuple(one for one in first if one.case.id in together) or first


def _sees_loose(viewer: Viewer) -> bool:
    """Loose mail belongs to nobody yet, so it is the central registrator's, and the service's."""
    return viewer.sees_unflagged or viewer.system


def _loose_before(rule: RetentionRule, now: datetime) -> datetime:
    return datetime.combine(years_before(local_day(now), rule.years), time(), STOCKHOLM)


def dispose(
    tx: Tx,
    rules: RetentionRules,
    viewer: Viewer,
    by: str,
    office: Office,
    now: datetime,
    stamp: str | None = None,
    keep: Collection[str] = (),
) -> Sequence[Disposal]:
    """Erase what the plan says and write a protocol for each rule.

    ``stamp`` is of the plan a person saw and confirmed. Raises NotAllowed where the plan is another by now; without a
    stamp a case that changes in this moment stays, with those that hang together with it. The cases whose ids a person
    wants to ``keep`` stay this time, and so do those that hang together with them.
    """
    plan = _planned(tx, _old_enough(tx, rules, viewer, now), rules, viewer, now)
    if stamp is not None and stamp != plan.stamp:
        raise NotAllowed(_CHANGED)
    due = _held(tx, plan.due)
    if stamp is not None and len(due) < len(plan.due):
        raise NotAllowed(_CHANGED)
    due = _but(tx, due, keep, by, office, now) if keep else due
    made = [_by_rule(tx, rule, due, by, office, now) for rule in dict.fromkeys(one.rule for one in due)]
    if rules.loose and plan.loose:
        made.append(_loose(tx, rules.loose, by, office, now))
    if made:
        tx.save_setting(SCRUB, now.isoformat())
    return made


def _held(tx: Tx, due: Sequence[DueCase]) -> Sequence[DueCase]:
    """Let nobody change them until they are gone: a reply that opens one in the same moment would go with its case.

    Those that nobody had changed.
    """
    tx.hold_cases([one.case.id for one in due])
    same = [one for one in due if tx.get_case(one.case.id, SYSTEM).version == one.case.version]
    together = whole([one.case for one in same])
    return due if len(same) == len(due) else [one for one in same if one.case.id in together]


def _but(
    tx: Tx, due: Sequence[DueCase], keep: Collection[str], by: str, office: Office, now: datetime
) -> Sequence[DueCase]:
    """Those that are not kept; the journal of each that is tells who kept it."""
    for one in due:
        if one.case.id in keep:
            note(tx, office, one.case.id, EventKind.SPARED, now, "Den här gången.", by)
    rest = [one for one in due if one.case.id not in keep]
    together = whole([one.case for one in rest])
    return [one for one in rest if one.case.id in together]


def _by_rule(tx: Tx, rule: RetentionRule, due: Sequence[DueCase], by: str, office: Office, now: datetime) -> Disposal:
    mine = [one.case for one in due if one.rule == rule]
    erased = Erased()
    for case in mine:
        erased += tx.erase_case(case.id, secrets.token_hex(16), now)
        text = f"Gallrat enligt beslut {rule.decision} ({rule.words}), den {swedish_date(local_day(now))}."
        note(tx, office, case.id, EventKind.DISPOSED, now, text, by)
    lines = [DisposalLine(c.number, c.registry_number, local_day(c.received_at), local_day(c.ended_at)) for c in mine]
    made = Disposal(office.new_id(), now, by, rule.id, rule.words, rule.decision, tuple(lines), erased)
    tx.add_disposal(made)
    return made


def _loose(tx: Tx, rule: RetentionRule, by: str, office: Office, now: datetime) -> Disposal:
    erased = tx.erase_loose(_loose_before(rule, now))
    words = f"{rule.years} år efter ankomst; meddelanden som inte blev ärenden"
    made = Disposal(office.new_id(), now, by, rule.id, words, rule.decision, (), erased)
    tx.add_disposal(made)
    return made


def disposal_sweep(tx: Tx, rules: RetentionRules, office: Office, now: datetime) -> Sequence[Disposal]:
    """The service's own pass: only where the municipality's file says ``automatic``."""
    return dispose(tx, rules, SYSTEM, "system", office, now) if rules.automatic else ()

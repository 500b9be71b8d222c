"""Drafts of compilations go to those responsible in time, once, with what is missing in them (R14, R20, R22)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cases.calendar import local_day, swedish_date
from cases.compilations.compilation import Compiler
from cases.compilations.compiled import Scope
from cases.compilations.periods import ChainStep, Hand, ReportRules, hands_due
from cases.letters.letter import LetterKind
from cases.office import Office
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.post.staff import queue_apart

DRAFT_SENT = "compilation:"
"""The setting that remembers a draft by its period's key."""


def compilation_sweep(tx: Tx, office: Office, now: datetime, rules: ReportRules) -> int:
    """Mail the drafts that are due to those who begin the chain; returns how many letters were queued.

    Safe to run twice, late, or on several machines at once: the period is claimed in the transaction of its letters.
    """
    due = [h for h in hands_due(rules, local_day(now)) if not tx.setting(DRAFT_SENT + h.period.key)]
    return sum(_send(tx, office, now, rules, hand) for hand in due)


def _send(tx: Tx, office: Office, now: datetime, rules: ReportRules, hand: Hand) -> int:
    if not tx.claim_setting(DRAFT_SENT + hand.period.key, now.isoformat()):
        return 0
    compiler = Compiler(rules, office.organisation, office.calendar, office.screen, office.mask)
    whole = compiler.cases(tx, SYSTEM, hand.period, compiler.scope(""))
    sent = 0
    for step, scope, recipients in responsible(office, compiler, hand):
        listed = compiler.listed([case for case in whole if scope.holds(case)])
        if step is ChainStep.CENTRAL or listed:
            values = draft_values(office, hand, step, scope, compiler.gaps(listed))
            sent += queue_draft(tx, office, now, recipients, values)
    return sent


def responsible(office: Office, compiler: Compiler, hand: Hand) -> Iterator[tuple[ChainStep, Scope, Sequence[str]]]:
    """Whom a draft goes to: managers of units, heads of förvaltningar, the kansli; the nämnd gets what they approved.

    Where units compile half-years, a whole year is put together of those by the kansli alone.
    """
    tree, rules = office.organisation, compiler.rules
    own_parts = bool(hand.period.half) or not rules.half_yearly_months
    if ChainStep.UNIT in rules.chain and own_parts:
        for unit in tree.units.values():
            if not unit.external:
                yield ChainStep.UNIT, compiler.scope(unit.id), [unit.manager.email]
    if ChainStep.DEPARTMENT in rules.chain and own_parts:
        for department in tree.departments.values():
            yield ChainStep.DEPARTMENT, compiler.scope(department.id), [department.head.email]
    yield (
        ChainStep.CENTRAL,
        compiler.scope(""),
        tree.central_registrators or [tree.unit(tree.central_unit).manager.email],
    )


def draft_values(office: Office, hand: Hand, step: ChainStep, scope: Scope, gaps: Sequence[str]) -> dict[str, str]:
    """What the letter of a draft says."""
    part = f"&enhet={scope.id}" if scope.id else ""
    return {
        "lank": f"{office.desk_url}/statistik?period={hand.period.key}{part}",
        "period": hand.period.name,
        "frist": swedish_date(hand.due(step, office.calendar)),
        "enhet": scope.name if scope.id else "",
        "saknas": "\n".join(gaps),
    }


def queue_draft(tx: Tx, office: Office, now: datetime, recipients: Sequence[str], values: dict[str, str]) -> int:
    """Queue a draft's letter to each of these; returns to how many."""
    return queue_apart(tx, office, LetterKind.HALVAR, recipients, values, now)

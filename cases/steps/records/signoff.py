"""The way of a compilation (R13, R20, R22): each part is approved by who answers for it, and then sent on."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.calendar import local_day, swedish_date
from cases.compilations.compilation import Compiler
from cases.compilations.compiled import Scope
from cases.compilations.periods import STEP_NAMES, ChainStep, Hand, Period, handed_in
from cases.errors import NotAllowed
from cases.office import Office
from cases.people.access import SYSTEM, User, Viewer
from cases.ports import Tx
from cases.steps.records.compilations import draft_values, queue_draft, responsible

APPROVED = "approved:"
"""The setting that remembers an approval, by period, step and part."""
_SENT_ON = "sent on:"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a compilation on its way: whose it is, and who approved it when (both empty: nobody yet)."""

    step: ChainStep
    scope: Scope
    approved_by: str = ""
    approved_at: datetime | None = None

    @property
    def approved(self) -> bool:
        """Whether somebody has."""
        return self.approved_at is not None


def parts(tx: Tx, office: Office, maker: Compiler, period: Period) -> tuple[Part, ...]:
    """Every part that has something to approve, first step first; none where the period is not handed in."""
    hand = hand_of(maker, period)
    if hand is None:
        return ()
    whole = maker.listed(maker.cases(tx, SYSTEM, period, maker.scope("")))
    return tuple(
        _part(tx, period, step, scope)
        for step, scope, _ in responsible(office, maker, hand)
        if step is ChainStep.CENTRAL or any(scope.holds(case) for case in whole)
    )


def hand_of(maker: Compiler, period: Period) -> Hand | None:
    """The handing in of a period, or None where the profile knows none."""
    for month in range(1, 13):
        year = period.last.year + (month <= period.last.month)
        if period in handed_in(maker.rules, year, month):
            first = period.last.replace(year=year, month=month, day=1)
            return Hand(period, first, first)
    return None


def _key(period: Period, step: ChainStep, scope: Scope) -> str:
    return f"{period.key}:{step}:{scope.id}"


def _part(tx: Tx, period: Period, step: ChainStep, scope: Scope) -> Part:
    kept = tx.setting(APPROVED + _key(period, step, scope))
    if not kept:
        return Part(step, scope)
    told = json.loads(kept)
    return Part(step, scope, told["name"], datetime.fromisoformat(told["at"]))


def may_approve(part: Part, office: Office, viewer: Viewer) -> bool:
    """A unit's chef or registrator its own; who is chef of all units of a förvaltning that; the kansli the whole."""
    if part.step is ChainStep.UNIT:
        return part.scope.id in viewer.chef_units | viewer.registrator_units
    if part.step is ChainStep.DEPARTMENT:
        return part.scope.units <= viewer.chef_units
    return viewer.sees_unflagged or office.organisation.central_unit in viewer.chef_units


def waiting_for(part: Part, others: Sequence[Part]) -> list[Part]:
    """The parts that must be approved before this one: those of earlier steps that lie within it."""
    return [other for other in _within(part, others) if not other.approved]


def _within(part: Part, others: Sequence[Part]) -> list[Part]:
    earlier = list(ChainStep)[: list(ChainStep).index(part.step)]
    return [other for other in others if other.step in earlier and other.scope.units <= part.scope.units]


def approve(
    tx: Tx, office: Office, maker: Compiler, period: Period, part_id: str, by: User, now: datetime
) -> tuple[Part, int]:
    """Approve a part and send it on; returns the part and how many letters told the next in the chain.

    Raises NotAllowed where it is not theirs, not yet time, waits for others, or is approved already.
    """
    # One after the other: of two who approve the last parts at once neither saw the other's, and nobody was told.
    tx.held_setting(APPROVED + period.key)
    known = parts(tx, office, maker, period)
    part = next((one for one in known if one.scope.id == part_id), None)
    if part is None:
        raise NotAllowed("Här finns ingen sammanställning att godkänna.")
    _check(part, known, office, period, by, now)
    told = json.dumps({"by": by.id, "name": by.name, "at": now.isoformat()})
    if not tx.claim_setting(APPROVED + _key(period, part.step, part.scope), told):
        raise NotAllowed("Någon annan hann före: sammanställningen är redan godkänd.")
    return _part(tx, period, part.step, part.scope), sum(_send_on(tx, office, maker, period, now))


def _check(part: Part, known: Sequence[Part], office: Office, period: Period, by: User, now: datetime) -> None:
    if not may_approve(part, office, office.viewer(by)):
        raise NotAllowed(f"Sammanställningen för {part.scope.name} godkänns av någon annan än du.")
    if local_day(now) <= period.last:
        raise NotAllowed(
            f"Perioden är inte slut. Sammanställningen kan godkännas efter den {swedish_date(period.last)}."
        )
    if part.approved_at is not None:
        raise NotAllowed(f"{part.approved_by} godkände sammanställningen den {swedish_date(part.approved_at)}.")
    waits = waiting_for(part, known)
    if waits:
        names = ", ".join(other.scope.name for other in waits)
        raise NotAllowed(f"Först ska den godkännas av {STEP_NAMES[waits[0].step]}: {names}.")


def _send_on(tx: Tx, office: Office, maker: Compiler, period: Period, now: datetime) -> Iterator[int]:
    """Tell those whose turn it is now, each once: everything within their part is approved."""
    hand = hand_of(maker, period)
    if hand is None:
        return
    known = parts(tx, office, maker, period)
    addresses = {(step, scope.id): recipients for step, scope, recipients in responsible(office, maker, hand)}
    for part in known:
        ready = _within(part, known) and not part.approved and not waiting_for(part, known)
        if ready and tx.claim_setting(_SENT_ON + _key(period, part.step, part.scope), now.isoformat()):
            listed = maker.listed(maker.cases(tx, SYSTEM, period, part.scope))
            values = draft_values(office, hand, part.step, part.scope, maker.gaps(listed))
            yield queue_draft(tx, office, now, addresses[part.step, part.scope.id], values)

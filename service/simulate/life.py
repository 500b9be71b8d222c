"""One case as the checker sees it: its letters and journal in order, and what stood at a given moment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise

from service.simulate.days import day_of, due, plus_working
from service.simulate.records import Event, Fact, Left, Rules

TO_STAFF = (
    "till_",
    "paminnelse_",
    "larm_",
    "svar_inkommet",
    "studs",
    "halvar",
    "mejlsvar_",
    "franvaro",
    "oversyn",
    "bevakning",
    "kollega_svarat",
)
_ANSWERS = frozenset({"beslut_atgard", "beslut_ingen", "svar", "ursakt", "berom", "ej_ansvar", "hanvisning"})
_NEVER = datetime.max.replace(tzinfo=UTC)
# What each kind of flag does, from the Rulings; the rest mask, and hinder no letter.
_SAFE = ("osl_", "orosanmalan", "upphandling")
_NO_MAIL = frozenset({"skyddad_identitet"})
HOLD = frozenset({"hot_vald", "visselblasning"})
_MONTHS = "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905


# Of what somebody leaves behind: "Från Ada till Bo, handläggare."
_GIVEN_TO = re.compile(r"^(?:Från .+? t|T)ill ([^,]+),")

DELAY_NOTICE = "Vi behöver mer tid"
"""How the journal calls the letter that tells of a later day."""
_TELL_A_DAY = {"langre_tid": DELAY_NOTICE, "status": "Besked om läget"}


def to_staff(kind: str) -> bool:
    """Whether a letter of this kind goes to staff."""
    return kind.startswith(TO_STAFF)


@dataclass(frozen=True)
class Round:
    """What was promised until one answer: each day with the moment it was told; ``kept`` None where none came."""

    days: list[tuple[datetime, date]]
    kept: datetime | None

    @property
    def last(self) -> date:
        """The day told last."""
        return max(day for _, day in self.days)


@dataclass(frozen=True)
class Life:
    """A case with what left and what was noted, each oldest first."""

    fact: Fact
    letters: tuple[Left, ...]
    events: tuple[Event, ...]
    rules: Rules
    full: Mapping[date, frozenset[str]] = field(default_factory=dict)
    """Who got a list of late cases, by day, that says there are more than it names."""

    def more(self, day: date) -> frozenset[str]:
        """In whose list of that day this case may stand without being named."""
        return self.full.get(day, frozenset())

    def late_by_law(self, day: date) -> bool:
        """Whether the journal of that day says that a day has been which the law gives; no promise tells of it."""
        told = (e for e in self.events if e.kind == "reminded" and day_of(e.at) == day)
        return any(e.text.startswith("Enligt lag borde") for e in told)

    @property
    def to_citizen(self) -> list[Left]:
        return [left for left in self.letters if not to_staff(left.kind)]

    def due(self, kind: str) -> date | None:
        """The last day of a promise to this case, counted from the profile's words."""
        promise = next((p for p in self.rules.promises if p.kind == kind), None)
        if promise is None:
            return None
        return due(day_of(self.fact.received_at), promise.days, promise.counting, promise.rollover)

    def flags(self, at: datetime) -> frozenset[str]:
        """The kinds that act at a moment: suggested until a person decides, then as the journal says."""
        kinds = set[str]()
        suggested = False
        for event in self._until(at):
            if event.kind == "suggested" and not suggested:
                suggested, kinds = True, kinds | self.fact.said_flags
            named = {kind for kind, label in self.rules.labels.items() if event.text.startswith(label)}
            if event.kind == "flagged":
                kinds |= named
            elif event.kind == "unflagged":
                kinds -= named
        return frozenset(kinds)

    def held(self, at: datetime) -> bool:
        """Whether nothing automatic may leave."""
        released = any(event.kind == "hold_released" for event in self._until(at))
        return bool(self.flags(at) & HOLD) and not released

    def no_mail(self, at: datetime) -> bool:
        """Whether nothing at all may leave by mail to the sender."""
        bounced = any(event.kind == "bounced" for event in self._until(at))
        nobody = self.fact.anonymous or not self.fact.sender
        return nobody or bounced or bool(self.flags(at) & _NO_MAIL)

    def safe_only(self, at: datetime) -> bool:
        """Whether only the neutral letter may leave."""
        flags = self.flags(at)
        return any(flag.startswith(_SAFE) for flag in flags) or "visselblasning" in flags or self.held(at)

    def unit(self, at: datetime) -> str:
        """The name of the unit a person has given the case, or empty."""
        unit = ""
        for event in self._until(at):
            if event.kind == "confirmed":
                unit = next((name for name in self.rules.chefs if f"ördelat till {name}." in event.text), unit)
            elif event.kind == "moved" and event.text.startswith("Tillbaka för ny fördelning"):
                unit = ""
        return unit

    def ended(self, at: datetime) -> bool:
        """Whether nobody expects anything more."""
        over = False
        for event in self._until(at):
            if event.kind == "closed" or (event.kind == "confirmed" and event.text.startswith("Blir inget ärende")):
                over = True
            elif event.kind == "reopened":
                over = False
        return over

    def no_case(self, at: datetime) -> bool:
        """Whether a person has said that it is no case, and nothing came after that."""
        decided = [e for e in self._until(at) if e.kind in ("confirmed", "reopened")]
        return bool(decided) and decided[-1].text.startswith("Blir inget ärende")

    def had(self, at: datetime) -> set[str]:
        """The names of all who were given the case until a moment."""
        given = [event.text for event in self._until(at) if event.kind in ("assigned", "handed_over")]
        return {found[1] for text in given if (found := _GIVEN_TO.search(text))}

    def told(self, kind: str) -> datetime | None:
        """When the promise was kept: by an answer, spoken or written, or by the letter it promises."""
        return min(self._tellings(kind), default=None)

    def answers(self) -> Iterator[tuple[datetime, datetime]]:
        """When each answer was given and when it reached whoever waits: a letter when it left, else at once.

        One that was taken back reached nobody, and was none.
        """
        given = [event.at for event in self.events if event.kind == "answered"]
        for at, after in pairwise([*given, _NEVER]):
            reached = self._left(at, after) if self._by_letter(at) else at
            if reached is not None:
                yield at, reached

    def _by_letter(self, at: datetime) -> bool:
        return any(event.kind == "letter_queued" and event.at == at for event in self.events)

    def _left(self, at: datetime, after: datetime) -> datetime | None:
        """When the letter written at a moment left, or will; None where it was taken back."""
        left = (one.at for one in self.to_citizen if one.kind in _ANSWERS and at <= one.at < after)
        taken_back = any(event.kind == "letter_cancelled" and at <= event.at < after for event in self.events)
        return min(left, default=None if taken_back else at)

    def reached(self, given: datetime) -> datetime:
        """When what was told then reached whoever waits."""
        return next((reached for at, reached in self.answers() if at == given), given)

    def _tellings(self, kind: str) -> Iterator[datetime]:
        yield from (at for at, _ in self.answers())
        for event in self.events:
            spoken = kind == "status" and event.kind == "note" and event.text.startswith("Besked om läget")
            if event.kind == "oral_answer" or spoken:
                yield event.at
        for left in self.to_citizen:
            if kind == "status" and left.kind == "langre_tid" and not left.automatic:
                yield self._written(left)
            letters = {"status": {"status"}, "receipt": {"mottagning"}}.get(kind, set())
            if left.kind in letters or (kind == "status" and self._stands_for(left) == "status"):
                yield left.at

    def _stands_for(self, left: Left) -> str:
        """Which promise a neutral letter that left by itself keeps, the first due first; empty for any other letter.

        Where a status and an answer are promised each has its own letter, unless a person told how it goes.
        """
        days = {kind: self.rules.open_until(day) for kind in ("status", "answer") if (day := self.due(kind))}
        if not (days and self._promised(left)):
            return ""
        come = [kind for kind in sorted(days, key=days.__getitem__) if days[kind] <= day_of(left.at)] or [*days]
        before = [one for one in self.to_citizen if one.at < left.at and self._promised(one)]
        spoken = any(e.kind == "note" and e.text.startswith("Besked om läget") for e in self._until(left.at))
        return come[-1] if before or spoken else come[0]

    def _promised(self, left: Left) -> bool:
        """Whether it is a neutral letter that stands for a promised one and not for a notice of who has the case."""
        near = [event for event in self.events if event.kind in ("confirmed", "escalated")]
        said = any(0 <= (left.at - event.at).total_seconds() < 1 for event in near)
        return left.kind == "sekretess_safe" and left.automatic and not said

    def delays(self) -> list[tuple[datetime, date]]:
        """When the citizen was told of a later day, and of which: that it takes longer, or how it goes until then."""
        found = []
        for left in self.to_citizen:
            day = _new_day(left.text) if left.kind in _TELL_A_DAY else None
            if left.kind == "langre_tid" or day:
                found.append((self._written(left), day or self._delayed(left)))
            elif self._stands_for(left) == "answer":
                found.append((left.at, self._delayed(left)))
        return found

    def _delayed(self, left: Left) -> date:
        return plus_working(day_of(left.at), self.rules.delay_days)

    def _written(self, left: Left) -> datetime:
        """When such a letter was written: a dead mail server may let it leave after the answer."""
        name = _TELL_A_DAY[left.kind]
        before = [e.at for e in self._until(left.at) if e.kind == "letter_queued" and e.text == name]
        return max(before, default=left.at)

    def rounds(self, kind: str) -> list[Round]:
        """The days that were promised, the first and those told later, each with the answer that kept it, if any.

        Who is told a day after an answer, because that was not enough, is promised something anew.
        """
        first = self.due(kind)
        promised = [(self.fact.received_at, first)] if first else []
        promised += sorted(self.delays()) if kind == "answer" else []
        tellings, found = sorted(self._tellings(kind)), list[Round]()
        for at, day in promised:
            if found and (found[-1].kept is None or at <= found[-1].kept):
                found[-1].days.append((at, day))
            else:
                found.append(Round([(at, day)], next((told for told in tellings if told >= at), None)))
        return found

    def owed(self, at: datetime) -> date | None:
        """The nearest day still owed at a moment, after delays that were told; None where all is kept."""
        return min((day for kind in ("status", "answer") if (day := self.owed_of(kind, at))), default=None)

    def owed_of(self, kind: str, at: datetime) -> date | None:
        """The day one promise is owed by at a moment; None where it is kept."""
        begun = [one for one in self.rounds(kind) if one.days[0][0] <= at]
        if not begun or (begun[-1].kept is not None and begun[-1].kept <= at):
            return None
        return [day for told, day in begun[-1].days if told <= at][-1]

    def _until(self, at: datetime) -> Iterator[Event]:
        return (event for event in self.events if event.at <= at)


def _new_day(text: str) -> date | None:
    """The day in ``Du får svar senast den 4 december 2026``."""
    words = text.partition("svar senast den ")[2].split()[:3]
    if len(words) < 3 or words[1] not in _MONTHS:
        return None
    return date(int(words[2].rstrip(".")), _MONTHS.index(words[1]) + 1, int(words[0]))

"""A line of a list made ready for the page: everything a template shows of a case, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.calendar import local_day
from cases.case import WAITING, Case
from cases.office import Office
from cases.routing.flags import FLAG_RULES, FlagRule
from cases.routing.suggestion import Severity
from cases.store.views import CaseLine
from desk import present
from desk.case.tracks import track_icon


@dataclass(frozen=True, slots=True)
class Row:
    """``unit`` names the unit, the suggested one while none is confirmed; ``sure``: may be confirmed with others.

    ``track`` is a special track that no flag shown names already; ``doubtful``: perhaps none of the suggested units is
    right. ``rule`` names the rule that put the unit first, where one did.
    """

    line: CaseLine
    unit: str
    unit_id: str
    suggested: bool
    due: present.Due
    when: str
    flags: tuple[FlagRule, ...]
    sure: bool
    who: str
    track: str = ""
    track_icon: str = ""
    doubtful: bool = False
    rule: str = ""

    @property
    def confirmable(self) -> bool:
        """Whether a press confirms it unopened: a unit is suggested that is likely right and has not given it back."""
        return self.suggested and bool(self.unit) and not self.doubtful

    @property
    def choosable(self) -> bool:
        """Whether it may be ticked: it may be confirmed unopened, or else sent elsewhere or put away with others."""
        return self.confirmable or self.plain

    @property
    def plain(self) -> bool:
        """Whether it may be decided with others, whatever becomes of them."""
        return self.suggested and bool(self.unit) and is_plain(self.line)

    @property
    def serious(self) -> bool:
        """Marked as serious."""
        return self.line.severity is Severity.ALLVARLIG


def is_plain(one: Case | CaseLine) -> bool:
    """Whether it may be decided with others, unopened: neither protected, serious nor on a special track."""
    return not one.protected and not one.track and one.severity is not Severity.ALLVARLIG


def make_rows(
    lines: Sequence[CaseLine], office: Office, now: datetime, law: Iterable[tuple[str, date]] = ()
) -> list[Row]:
    """The lines in their order, each ready to show; ``law`` are the days that count where they are nearer."""
    days = dict(law)
    return [_row(line, _nearer(line.due, days.get(line.id)), office, now) for line in lines]


def _nearer(promised: date | None, law: date | None) -> date | None:
    return min((day for day in (promised, law) if day is not None), default=None)


def _row(line: CaseLine, due: date | None, office: Office, now: datetime) -> Row:
    tree = office.organisation
    suggested = not line.unit_id
    meant = tree.unit_meant(line.area, line.suggested_unit) if line.area else None
    # A rule whose unit is gone says nothing any more.
    rule = line.rule if suggested and tree.unit_now(line.suggested_unit) in tree.units else ""
    unit = tree.units.get(line.unit_id) if line.unit_id else meant
    waiting = line.status in WAITING
    sure = line.area_confidence >= present.SURE and is_plain(line) and not line.doubted
    flags = tuple(dict.fromkeys(FLAG_RULES[f.kind] for f in line.flags if f.active))
    return Row(
        line=line,
        unit=unit.name if unit else "",
        unit_id=unit.id if unit else "",
        suggested=suggested,
        due=present.due_words(due, local_day(now), office.calendar),
        when=present.when_words(line.received_at, now),
        flags=flags,
        sure=waiting and sure and suggested and unit is not None and not rule,
        who=line.sender_name or present.NAMELESS,
        track="" if line.track in {rule.label for rule in flags} else line.track,
        track_icon=track_icon(line.track),
        doubtful=waiting and suggested and (line.doubted or line.area_confidence < present.DOUBTFUL) and not rule,
        rule=rule,
    )

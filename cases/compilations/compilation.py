"""Compilations (R13-R15, R20-R22, O26): what came in and what was done, what is missing, and figures."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from cases.calendar import WorkingCalendar, local_day, swedish_date
from cases.case import CHANNEL_NAMES, OUTCOME_NAMES
from cases.compilations.compiled import Compilation, ListLine, Scope, YearLine
from cases.compilations.figures import (
    Figure,
    agreement,
    figures,
    helpfulness,
    median_days,
    promises_kept,
    shown,
    shown_part,
)
from cases.compilations.halves import beside
from cases.compilations.periods import ListColumn, Period, PeriodError, ReportRules
from cases.compilations.reporting import REVIEW_DONE, Agreement, Asked, ReportCase, Reports
from cases.errors import NotFound
from cases.people.access import Viewer
from cases.people.organisation import Organisation
from cases.routing.areas import AREA_NAMES
from cases.routing.suggestion import CASE_TYPE_NAMES, CaseType

YEARS_BEFORE = 3
NO_UNIT = "Ännu inte fördelat"
NOT_JUDGED = "Ännu inte bedömt"
PROTECTED = "Skyddat ärende"
_Kind = TypeVar("_Kind", bound=str)
_OfUnit = TypeVar("_OfUnit", Agreement, Asked)
_Years = Mapping[Period, Sequence[ReportCase]]
_MONTHS = ("", "jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Compiler:
    """Makes compilations by the profile's rules; ``screen`` names what a free text must not hold.

    ``mask`` puts stand-ins for people's names and numbers in it.
    """

    rules: ReportRules
    organisation: Organisation
    calendar: WorkingCalendar
    screen: Callable[[str], Sequence[str]]
    mask: Callable[[str], str] = str

    def scope(self, part: str) -> Scope:
        """The scope of a unit's, förvaltning's or nämnd's id, or everything for none. Raises NotFound."""
        tree = self.organisation
        if not part:
            return Scope("", tree.name, frozenset(tree.units))
        if part in tree.units:
            return Scope(part, tree.units[part].name, frozenset({part}))
        if part in tree.departments:
            units = frozenset(u.id for u in tree.units.values() if u.department_id == part)
            return Scope(part, tree.departments[part].name, units)
        if part in tree.authorities:
            units = frozenset(u for u in tree.units if tree.authority_of(u).id == part)
            return Scope(part, tree.authorities[part].name, units, part)
        raise NotFound(f"{part!r} är varken en enhet, en förvaltning eller en nämnd i profilen.")

    def compile(self, asked: Reports, viewer: Viewer, period: Period, scope: Scope, now: datetime) -> Compilation:
        """The compilation of a part and a period, of the cases the viewer answers for.

        Where half-years are handed in (R14), a year withholds what they do. Raises PeriodError for a half-year where
        they are not.
        """
        if not self.rules.compiles(period):
            raise PeriodError(f"Kommunen sammanställer hela år. Välj året {period.year}.")
        years = self._years(asked, viewer, period, scope)
        made = self._counted(asked, viewer, period, scope, years, now)
        if period.halves and self.rules.half_yearly_months:
            made = beside(made, [self._half(asked, viewer, half, scope, years, now) for half in period.halves])
        return self._listed(made, years[period])

    def _half(
        self, asked: Reports, viewer: Viewer, half: Period, scope: Scope, years: _Years, now: datetime
    ) -> Compilation:
        """The figures of a half of a year whose cases are read already, beside the same halves of the years before."""
        within = {}
        for year, cases in years.items():
            part = year.halves[half.half - 1]
            within[part] = [case for case in cases if part.since <= case.received_at < part.until]
        return self._counted(asked, viewer, half, scope, within, now)

    def _listed(self, made: Compilation, found: Sequence[ReportCase]) -> Compilation:
        """With what is told line by line: each text is masked once, for that takes longer than all that is counted."""
        learnt = [self._learnt(case) for case in found]
        told = [(case, text) for case, text in zip(found, learnt, strict=True) if self._in_list(case)]
        return replace(
            made,
            lines=tuple(self._line(case, text) for case, text in told),
            gaps=self.gaps([case for case, _ in told]),
            causes=tuple((self._unit(case), text) for case, text in zip(found, learnt, strict=True) if text),
        )

    def _counted(
        self, asked: Reports, viewer: Viewer, period: Period, scope: Scope, years: _Years, now: datetime
    ) -> Compilation:
        """The figures alone."""
        today = local_day(now)
        found = years[period]
        made = self._now_of(asked.agreements(viewer, period.since, period.until), scope)
        told = self._now_of(asked.asked_if_helped(viewer, period.since, period.until), scope)
        units = self._names(found)
        return Compilation(
            period=period,
            scope=scope,
            made_on=today,
            columns=self.rules.columns,
            total=shown(len(found)),
            by_unit=figures((c.unit_id for c in found), units, self._department),
            by_type=figures((c.type or "" for c in found), _labels(CASE_TYPE_NAMES)),
            by_area=figures((c.area or "" for c in found), _labels(AREA_NAMES)),
            by_channel=figures((c.channel for c in found), _labels(CHANNEL_NAMES)),
            by_month=_months(found, period),
            by_outcome=figures((c.outcome or "" for c in found), _labels(OUTCOME_NAMES, "Ännu inte avgjort")),
            kept=promises_kept(found, today),
            answered=median_days(found, lambda case: case.answered_at, self.calendar),
            closed=median_days(found, lambda case: case.closed_at, self.calendar),
            agreed=agreement(made, units, self._department),
            years=tuple(self._year(one, cases, today) for one, cases in years.items() if cases),
            by_hallmark=figures((m for c in found for m in c.hallmarks), {m: m for c in found for m in c.hallmarks}),
            helped=helpfulness(told, units, self._department),
            review=_reviewed(asked, period.year),
            faults_are_complaints=self.rules.faults_are_complaints,
        )

    def cases(self, asked: Reports, viewer: Viewer, period: Period, scope: Scope) -> list[ReportCase]:
        """The cases a compilation counts."""
        return [case for case in asked.report_cases(viewer, period.since, period.until) if scope.holds(case)]

    def gaps(self, reported: Sequence[ReportCase]) -> tuple[str, ...]:
        """What is missing in the list, one sentence each (*halvår*: missing fields)."""
        missing = self._missing(reported)
        return tuple(f"{what} saknas i {_how_many(which)}." for what, which in missing.items() if any(which))

    def lacking(self, reported: Sequence[ReportCase]) -> dict[str, list[str]]:
        """The numbers of the cases of the list that lack something, by what it is, for whoever fills it in."""
        missing = self._missing(reported)
        found = {what: [c.number for c, lacks in zip(reported, w, strict=True) if lacks] for what, w in missing.items()}
        return {what: numbers for what, numbers in found.items() if numbers}

    def _missing(self, reported: Sequence[ReportCase]) -> dict[str, list[bool]]:
        missing = {
            "Enhet": [not case.unit_id for case in reported],
            "Vad det berör": [not case.register_subject.strip() for case in reported],
            "Åtgärd": [case.outcome is None for case in reported],
        }
        if self.rules.asks_cause:
            missing["Orsak och förbättring"] = [bool(c.closed_at) and not c.improvement.strip() for c in reported]
        return missing

    def listed(self, found: Sequence[ReportCase]) -> list[ReportCase]:
        """Those that stand in the list, line by line."""
        return [case for case in found if self._in_list(case)]

    def is_complaint(self, case: ReportCase) -> bool:
        """A klagomål, with felanmälningar where the profile counts them so (O4)."""
        return case.type is CaseType.KLAGOMAL or (self.rules.faults_are_complaints and case.type is CaseType.FELANMALAN)

    def _in_list(self, case: ReportCase) -> bool:
        # A list without the column of kinds could not tell praise from complaint, so it holds complaints (R15).
        viewpoint = ListColumn.KIND in self.rules.columns and case.type in (CaseType.BEROM, CaseType.FORSLAG)
        return self.is_complaint(case) or viewpoint

    def _line(self, case: ReportCase, learnt: str) -> ListLine:
        measure = OUTCOME_NAMES[case.outcome] if case.outcome else ""
        if ListColumn.CAUSE not in self.rules.columns and learnt:
            measure = f"{measure}. {learnt}" if measure else learnt
        kind = CASE_TYPE_NAMES[case.type] if case.type else ""
        return ListLine(self._unit(case), local_day(case.received_at), kind, self._concerns(case), measure, learnt)

    def _concerns(self, case: ReportCase) -> str:
        """The neutral subject a person confirmed; without one the area, and of a protected case not even that."""
        subject = case.register_subject.strip()
        if subject and not self.screen(subject):
            return self.mask(subject)
        return AREA_NAMES[case.area] if case.area and not case.protected else PROTECTED if case.protected else ""

    def _learnt(self, case: ReportCase) -> str:
        """Cause and improvement, which staff wrote freely: never of a protected case, nor with an identity number."""
        text = " ".join(case.improvement.split())
        return "" if case.protected or self.screen(text) else self.mask(text)

    def _now_of(self, found: Sequence[_OfUnit], scope: Scope) -> list[_OfUnit]:
        """What was of the part's units, or of one that they have taken over since."""
        now = [replace(one, unit_id=self.organisation.unit_now(one.unit_id)) for one in found]
        return [one for one in now if not scope.id or one.unit_id in scope.units]

    def _names(self, found: Sequence[ReportCase]) -> dict[str, str]:
        """Of each unit; one that was taken out of the profile has its id, or its cases would be in the sum alone."""
        names = {unit.id: unit.name for unit in self.organisation.units.values()}
        gone = sorted({case.unit_id for case in found} - {"", *names})
        return {**names, **{unit_id: unit_id for unit_id in gone}, "": NO_UNIT}

    def _unit(self, case: ReportCase) -> str:
        unit = self.organisation.units.get(case.unit_id)
        return unit.name if unit else case.unit_id

    def _department(self, unit_id: str) -> str:
        unit = self.organisation.units.get(unit_id)
        return unit.department_id if unit else ""

    def _years(self, asked: Reports, viewer: Viewer, period: Period, scope: Scope) -> _Years:
        """The cases of a period and of the same part of each year before, newest first."""
        compared = [period.years_before(years) for years in range(YEARS_BEFORE + 1)]
        return {one: self.cases(asked, viewer, one, scope) for one in compared}

    def _year(self, period: Period, found: Sequence[ReportCase], today: date) -> YearLine:
        return YearLine(
            period,
            shown(len(found)),
            self._complaints(found),
            median_days(found, lambda case: case.answered_at, self.calendar),
            promises_kept(found, today),
        )

    def _complaints(self, found: Sequence[ReportCase]) -> int | None:
        """How many; withheld where the year's total less them would tell of a single letter of praise."""
        kinds = {case.type or "" for case in found if self.is_complaint(case)}
        return shown_part(Counter(case.type or "" for case in found), kinds)


def _labels(names: Mapping[_Kind, str], missing: str = NOT_JUDGED) -> dict[str, str]:
    return {**{str(kind): name for kind, name in names.items()}, "": missing}


def _reviewed(asked: Reports, year: int) -> str:
    kept = asked.setting(f"{REVIEW_DONE}{year}")
    if not kept:
        return f"Ingen översyn av rutinen är noterad för {year}."
    said = json.loads(kept)
    return f"Rutinen sågs över den {swedish_date(date.fromisoformat(said['day']))}. {said['result']}"


def _months(found: Sequence[ReportCase], period: Period) -> tuple[Figure, ...]:
    labels = {str(month): _MONTHS[month] for month in period.months}
    return figures((str(local_day(case.received_at).month) for case in found), labels, zeros=True)


def _how_many(missing: Sequence[bool]) -> str:
    """In how many cases; no number where it would tell the few others, whose figure is withheld elsewhere."""
    others = len(missing) - sum(missing)
    return "nästan alla ärenden" if shown(others) is None and others < sum(missing) / 2 else _cases(sum(missing))


def _cases(count: int) -> str:
    return "ett ärende" if count == 1 else f"{count} ärenden"

"""Compilations for people: the desk's page *Statistik* and the files of ``lyhord report``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from cases.access import SYSTEM, Role, Viewer
from cases.calendar import local_day
from cases.errors import NotFound
from cases.periods import Period, PeriodError, latest_period, read_period
from desk.settings import ExtraPage, PageAnswer, PageQuestion
from reports.page import PageFrame, choices, report_fragment, report_html
from reports.pdf import report_pdf
from reports.sections import Report, report_of
from reports.spreadsheet import report_csv, report_xlsx
from service.bootstrap import House
from service.report_rules import compiler, report_rules

PATH = "/statistik"
_YEARS_BACK = 4
_EVERYTHING = "Alla enheter som du svarar för"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A file a report can be had as."""

    label: str
    ending: str
    content_type: str
    write: Callable[[Report], bytes]


def _html(report: Report) -> bytes:
    return report_html(report).encode()


FILES: Mapping[str, FileKind] = {
    "pdf": FileKind("PDF", "pdf", "application/pdf", report_pdf),
    "xlsx": FileKind("Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", report_xlsx),
    "csv": FileKind("listan som CSV", "csv", "text/csv; charset=utf-8", report_csv),
    "tal": FileKind("siffrorna som CSV", "csv", "text/csv; charset=utf-8", partial(report_csv, statistics=True)),
    "html": FileKind("HTML", "html", "text/html; charset=utf-8", _html),
}
_DOWNLOADS = ("pdf", "xlsx", "csv", "tal")


def make_report(house: House, viewer: Viewer, period: Period, part: str, scope_name: str = "") -> Report:
    """The report of a part (unit, förvaltning or nämnd by id; empty for all) for this viewer. Raises NotFound."""
    maker = compiler(house)
    scope = maker.scope(part)
    with house.store.read() as tx:
        made = maker.compile(tx, viewer, period, scope, house.clock())
    return report_of(made, house.settings.municipality.name, scope_name)


def whole_report(house: House, period: Period, part: str) -> Report:
    """The report over every case but a whistle-blower's, for whoever runs commands."""
    return make_report(house, SYSTEM, period, part)


def report_name(period: Period, part: str, kind: str) -> str:
    """A file's name."""
    return "-".join(word for word in ("sammanstallning", period.key, part) if word) + "." + FILES[kind].ending


def statistics_page(house: House) -> ExtraPage:
    """*Statistik*, for registrators and chefs, each over their own."""
    return ExtraPage(PATH, "Statistik", frozenset({Role.REGISTRATOR, Role.CHEF}), partial(_answer, house))


def _answer(house: House, asked: PageQuestion) -> PageAnswer:
    period = _period(house, asked.query.get("period", ""))
    part, parts = asked.query.get("enhet", ""), _parts(house, asked.viewer)
    if part and part not in dict(parts):
        raise NotFound("Du svarar inte för den enheten.")
    # A central registrator's whole is the municipality; anybody else's is their own.
    named = "" if part or asked.viewer.sees_unflagged else _EVERYTHING
    report = make_report(house, asked.viewer, period, part, named)
    kind = asked.query.get("fil", "")
    if kind in FILES:
        chosen = FILES[kind]
        return PageAnswer(
            report.title,
            content=chosen.write(report),
            content_type=chosen.content_type,
            filename=report_name(period, part, kind),
        )
    return PageAnswer(report.title, report_fragment(report, _frame(house, asked.viewer, period, part, parts)))


def _period(house: House, text: str) -> Period:
    try:
        return read_period(text)
    except PeriodError:
        return latest_period(report_rules(house.settings), local_day(house.clock()))


def _parts(house: House, viewer: Viewer) -> list[tuple[str, str]]:
    """The units, förvaltningar and nämnder this person may choose: those they answer for, or are a part of."""
    tree = house.office.organisation
    own = set(tree.units) if viewer.sees_unflagged else set(viewer.registrator_units | viewer.chef_units)
    own |= {unit for unit in tree.units if tree.authority_of(unit).id in viewer.diary_authorities}
    departments = {tree.units[unit].department_id for unit in own}
    whole = [d for d in departments if all(u.id in own for u in tree.units.values() if u.department_id == d)]
    units = sorted((unit.name, unit.id) for unit in tree.units.values() if unit.id in own)
    named = sorted((tree.departments[one].name, one) for one in whole)
    return [(identity, name) for name, identity in (*named, *units)]


def _frame(house: House, viewer: Viewer, period: Period, part: str, parts: list[tuple[str, str]]) -> PageFrame:
    whole = house.office.organisation.name if viewer.sees_unflagged else _EVERYTHING
    asked = {"period": period.key, "enhet": part}
    return PageFrame(
        path=PATH,
        periods=choices([(one.key, one.name) for one in _periods(house, period)], period.key),
        parts=choices([("", whole), *parts], part),
        downloads=tuple((FILES[k].label, f"{PATH}?{urlencode({**asked, 'fil': k})}") for k in _DOWNLOADS),
        note="Skyddade ärenden hos andra nämnder än din egen räknas inte med här." if viewer.sees_unflagged else "",
    )


def _periods(house: House, chosen: Period) -> list[Period]:
    today = local_day(house.clock())
    years = range(today.year, today.year - _YEARS_BACK, -1)
    found = {Period(year, half) for year in years for half in (0, 1, 2)} | {chosen}
    return sorted((one for one in found if one.first <= today or one == chosen), reverse=True)

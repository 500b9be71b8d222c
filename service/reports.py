"""Compilations for people: the desk's page *Statistik* and the files of ``lyhord report``."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from cases.alphabet import alphabetical
from cases.calendar import local_day, swedish_date
from cases.compilations.periods import STEP_NAMES, ChainStep, Period, PeriodError, latest_period, read_period
from cases.errors import NotFound
from cases.people.access import SYSTEM, Role, Viewer
from cases.steps.records import signoff
from cases.steps.records.signoff import Part
from desk.settings import ExtraPage, PageAnswer, PageForm, PageQuestion
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
    """A file's name; the list and the figures end alike and are told apart by a word."""
    words = ("sammanstallning", period.key, part, "siffror" if kind == "tal" else "")
    return "-".join(word for word in words if word) + "." + FILES[kind].ending


def statistics_page(house: House) -> ExtraPage:
    """*Statistik*, for registrators and chefs, each over their own."""
    roles = frozenset({Role.REGISTRATOR, Role.CHEF})
    return ExtraPage(PATH, "Statistik", roles, partial(_answer, house), partial(_act, house))


def _answer(house: House, asked: PageQuestion) -> PageAnswer:
    period = _period(house, asked.query.get("period", ""))
    part, parts = asked.query.get("enhet", ""), _parts(house, asked.viewer)
    if part and part not in dict(parts):
        raise NotFound("Du svarar inte för den enheten.")
    # A central registrator's whole is the municipality; anybody else's is their own.
    named = "" if part or asked.viewer.sees_unflagged else _everything(parts)
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
    maker = compiler(house)
    with house.store.read() as tx:
        chain = signoff.parts(tx, house.office, maker, period)
        asks = bool(asked.query.get("saknas"))
        found = maker.listed(maker.cases(tx, asked.viewer, period, maker.scope(part))) if asks else ()
    frame = _frame(house, asked.viewer, period, part, parts, chain, maker.lacking(found))
    return PageAnswer(
        report.title, report_fragment(report, frame), form=_form(house, asked.viewer, period, part, chain)
    )


def _act(house: House, asked: PageQuestion) -> tuple[str, str]:
    """Approve the part that was shown."""
    period, part = read_period(asked.query.get("period", "")), asked.query.get("enhet", "")
    with house.store.begin() as tx:
        done, _ = signoff.approve(tx, house.office, compiler(house), period, part, asked.user, house.clock())
    home = house.office.organisation.authorities[house.office.organisation.home_authority].name
    onwards = f" Nu kan den lämnas till {home}." if done.step is ChainStep.CENTRAL else ""
    return f"{PATH}?{urlencode({'period': period.key, 'enhet': part})}", f"Sammanställningen är godkänd.{onwards}"


def _form(house: House, viewer: Viewer, period: Period, part: str, chain: Sequence[Part]) -> PageForm | None:
    """The button, where this part is the viewer's to approve and its turn has come."""
    shown = next((one for one in chain if one.scope.id == part), None)
    if shown is None or shown.approved or period.last >= local_day(house.clock()):
        return None
    if not signoff.may_approve(shown, house.office, viewer) or signoff.waiting_for(shown, chain):
        return None
    text = f"Du godkänner sammanställningen för {shown.scope.name}, {period.name}. Den går då vidare till nästa led."
    return PageForm("Godkänn", text, {"period": period.key, "enhet": part})


def _period(house: House, text: str) -> Period:
    """The period in an address; the one shown first where it is none, or one that is not compiled here."""
    rules = report_rules(house.settings)
    with suppress(PeriodError):
        if rules.compiles(asked := read_period(text)):
            return asked
    return latest_period(rules, local_day(house.clock()))


def _parts(house: House, viewer: Viewer) -> list[tuple[str, str]]:
    """The units, förvaltningar and nämnder this person may choose: those they answer for, or are a part of."""
    tree = house.office.organisation
    own = set(tree.units) if viewer.sees_unflagged else set(viewer.registrator_units | viewer.chef_units)
    own |= {unit for unit in tree.units if tree.authority_of(unit).id in viewer.diary_authorities}
    departments = {tree.units[unit].department_id for unit in own}
    whole = [d for d in departments if all(u.id in own for u in tree.units.values() if u.department_id == d)]
    named = [(one, tree.departments[one].name) for one in whole]
    units = [(unit.id, unit.name) for unit in tree.units.values() if unit.id in own]
    return [*sorted(named, key=_by_name), *sorted(units, key=_by_name)]


def _everything(parts: Sequence[tuple[str, str]]) -> str:
    """What somebody's own whole is called, on paper for others too: by its name where it is one unit."""
    return parts[0][1] if len(parts) == 1 else _EVERYTHING


def _by_name(part: tuple[str, str]) -> tuple[str, str]:
    return alphabetical(part[1]), part[0]


def _frame(
    house: House,
    viewer: Viewer,
    period: Period,
    part: str,
    parts: list[tuple[str, str]],
    chain: Sequence[Part],
    lacking: Mapping[str, Sequence[str]],
) -> PageFrame:
    whole = house.office.organisation.name if viewer.sees_unflagged else _everything(parts)
    # Who answers for one unit alone would be asked to choose between it and itself.
    offered = parts if len(parts) == 1 else [("", whole), *parts]
    asked = {"period": period.key, "enhet": part}
    return PageFrame(
        path=PATH,
        periods=choices([(one.key, one.name) for one in _periods(house, period)], period.key),
        parts=choices(offered, part),
        downloads=tuple((FILES[k].label, f"{PATH}?{urlencode({**asked, 'fil': k})}") for k in _DOWNLOADS),
        chain=tuple(_told(one) for one in chain if viewer.sees_unflagged or one.scope.id in dict(parts)),
        note="Skyddade ärenden hos andra nämnder än din egen räknas inte med här." if viewer.sees_unflagged else "",
        lacking_path=f"{PATH}?{urlencode({**asked, 'saknas': 'ja'})}",
        lacking=tuple((what, tuple(numbers)) for what, numbers in lacking.items()),
    )


def _told(part: Part) -> tuple[str, str, str]:
    if part.approved_at is None:
        return STEP_NAMES[part.step], part.scope.name, "Inte godkänd än"
    return STEP_NAMES[part.step], part.scope.name, f"Godkänd av {part.approved_by} den {swedish_date(part.approved_at)}"


def _periods(house: House, chosen: Period) -> list[Period]:
    today = local_day(house.clock())
    years = range(today.year, today.year - _YEARS_BACK, -1)
    rules = report_rules(house.settings)
    possible = (Period(year, half) for year in years for half in (0, 1, 2))
    found = {one for one in possible if rules.compiles(one)} | {chosen}
    return sorted((one for one in found if one.first <= today or one == chosen), reverse=True)

"""Yes to everything that is suggested of a case: the routing that a registrator confirms with one key, or by mail."""

from cases.case import WAITING, Case
from cases.errors import NotAllowed
from cases.office import Office
from cases.routing.areas import AREA_NAMES, Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import active_kinds
from cases.routing.suggestion import CASE_TYPE_NAMES, CaseType, Severity, Suggestion


def as_suggested(case: Case, office: Office, suggestion: Suggestion | None = None) -> RoutingRequest:
    """The request that says yes to everything suggested.

    Raises NotAllowed where nothing was suggested yet, or the unit said that the case is not theirs.
    """
    if case.area is None:
        raise NotAllowed(f"Ärende {case.number} har inget förslag ännu. Öppna det och välj enhet själv.")
    if came_back(case):
        raise NotAllowed(f"Ärende {case.number} kom tillbaka från en enhet. Öppna det, läs varför och välj en annan.")
    kind, area = case.type or CaseType.OVRIGT, case.area
    named = suggestion.named_units if suggestion else ()
    return RoutingRequest(
        version=case.version,
        choice=RoutingChoice.UNIT,
        unit_id=case.unit_id or office.organisation.unit_meant(area, *named).id,
        area=area,
        type=kind,
        severity=case.severity or Severity.NORMAL,
        flags=active_kinds(case.flags),
        register_subject=case.register_subject or neutral_subject(kind, area),
        track=case.track,
    )


def came_back(case: Case) -> bool:
    """Whether the case waits to be routed anew because the unit that has it still by name gave it back."""
    return case.status in WAITING and bool(case.unit_id)


def neutral_subject(kind: CaseType | None, area: Area | None) -> str:
    """A subject for the register that tells the matter and nobody's secret (OSL 5:2): ``Klagomål: förskola``."""
    what = CASE_TYPE_NAMES[kind] if kind is not None and kind is not CaseType.OVRIGT else "Synpunkt"
    return f"{what} – {AREA_NAMES[area].lower()}" if area is not None else what


def area_of(unit_id: str, case: Case, suggestion: Suggestion | None, office: Office) -> Area:
    """The likeliest area of a unit: as suggested where the unit answers for it, else the first it answers for."""
    ranked = [r.area for r in suggestion.areas] if suggestion else []
    known = [case.area] if case.area is not None else []
    for area in (*ranked, *known, *office.organisation.area_units):
        if office.organisation.unit_for(area).id == unit_id:
            return area
    return case.area or Area.KANSLI

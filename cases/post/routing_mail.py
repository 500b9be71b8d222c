"""The registrator's ready-made replies by mail, *Bekräfta* and *Ändra*: their links, their codes, and reading them."""

import re
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from cases.case import Case, CaseStatus
from cases.errors import NotAllowed
from cases.people.organisation import Organisation
from cases.routing.suggestion import Suggestion

_CODE = re.compile(r"#(bekrafta|andra)-([0-9a-f]{8})\b", re.IGNORECASE)
NO_ROUTING_CODE = (
    "I ämnesraden fanns ingen kod, så ärendet väntar fortfarande på att bli fördelat. Välj Bekräfta eller Ändra i "
    "mejlet du svarade på, om det har de svaren. Fördela annars på ärendesidan."
)
"""What somebody is told whose reply about a case to route has no code."""
_HEADING = "Enhet:"
_MOST_UNITS = 60
_REPLIES = (("bekrafta", ""), ("andra", _HEADING))


@dataclass(frozen=True, slots=True)
class RoutingReply:
    """A code in a subject line: whether the unit shall be another one, and the mark of the suggestion that was seen."""

    changes: bool
    mark: str

    @property
    def label(self) -> str:
        """What it is called in the journal."""
        return "Ändra enhet" if self.changes else "Bekräfta förslaget"


def routable_by_mail(case: Case) -> bool:
    """Whether a case may be routed by mail: it waits for its first routing, and nothing speaks for care.

    A special track, an uncertain sender and anything that may be secret want a look at the letter itself.
    """
    waits = case.status is CaseStatus.SUGGESTED and not case.unit_id and case.disposed_at is None
    return waits and not (case.protected or case.track or case.sender_doubt)


def suggestion_mark(suggestion: Suggestion, organisation: Organisation) -> str:
    """Eight characters that differ where a suggestion means anything else: model, unit, area, type or flags."""
    area = suggestion.areas[0].area
    unit = organisation.unit_meant(area, *suggestion.named_units).id
    flags = ",".join(sorted(flag.kind for flag in suggestion.flags))
    said = [suggestion.model_version, unit, area, suggestion.type, suggestion.severity, flags, suggestion.text]
    return sha256("\x00".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def routing_links(case: Case, suggestion: Suggestion, organisation: Organisation, address: str) -> dict[str, str]:
    """The variables of *till registrator*: what is suggested, the two replies, and the units' codes."""
    unit = organisation.unit_meant(suggestion.areas[0].area, *suggestion.named_units)
    mark = suggestion_mark(suggestion, organisation)
    units = [one for one in organisation.units.values() if not one.external][:_MOST_UNITS]
    confirms, changes = (_link(code, mark, case.number, address, body) for code, body in _REPLIES)
    return {
        "forslag": unit.name,
        "svarslankar": "\n".join(
            (
                f"Bekräfta: {unit.name} – #bekrafta-{mark}|{confirms}",
                f"Ändra till en annan enhet – #andra-{mark}, med enhetens kod|{changes}",
            )
        ),
        "enhetskoder": "\n".join(f"{one.id} – {one.name}" for one in units),
    }


def _link(code: str, mark: str, number: str, address: str, body: str) -> str:
    subject = quote(f"#{code}-{mark} [{number}]", safe="")
    link = f"mailto:{quote(address, safe='@+')}?subject={subject}"
    return f"{link}&body={quote(f'{body} ', safe='')}" if body else link


def routing_reply_in(subject: str) -> RoutingReply | None:
    """The code that stands in a subject line; None where there is none, or more than one."""
    found = {(code.lower(), mark.lower()) for code, mark in _CODE.findall(subject)}
    if len(found) != 1:
        return None
    code, mark = found.pop()
    return RoutingReply(code == "andra", mark)


def read_unit(text: str, organisation: Organisation) -> str:
    """The id of the unit whose code or name somebody wrote. Raises NotAllowed, in words that say how to mend it."""
    lines = [line.strip().removeprefix("-").strip() for line in text.splitlines() if line.strip()]
    headed = [line[len(_HEADING) :].strip() for line in lines if line.lower().startswith(_HEADING.lower())]
    wanted = next((one for one in [*headed, *lines] if one and one.lower() != _HEADING.lower()), "")
    for unit in organisation.units.values():
        if wanted.casefold().strip(" .") in (unit.id.casefold(), unit.name.casefold()):
            return unit.id
    if not wanted:
        raise NotAllowed(f"Mejlet har ingen text. Skriv ”{_HEADING}” och sedan enhetens kod.")
    known = next((one.id for one in organisation.units.values() if not one.external), organisation.central_unit)
    raise NotAllowed(
        f"Det finns ingen enhet ”{wanted[:40]}”. Skriv en av koderna i mejlet du fick, till exempel {known}."
    )

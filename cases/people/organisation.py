"""The municipality as a tree: authority (nämnd) → förvaltning → enhet, and which unit answers for which area."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cases.errors import NotFound
from cases.routing.areas import Area


class Registration(StrEnum):
    """What an authority enters in its diary; everything else is kept ordered in this store (OSL 5:1, R26)."""

    ALL = "all"
    SEKRETESS = "sekretess"


@dataclass(frozen=True, slots=True)
class Official:
    """A named person in office, as a citizen may be told: name, befattning, address (R10)."""

    name: str
    title: str
    email: str


@dataclass(frozen=True, slots=True)
class Authority:
    """A nämnd: its own authority in law, with its own diary (``series``) and registry number pattern.

    ``diary_of`` names the authority in whose diary this one's cases are entered (R18, R28); empty means its own. Its
    registrators see the numbers, and read no case by that (docs/decisions/desk.md).
    """

    id: str
    name: str
    series: str
    registry_pattern: str
    registers: Registration = Registration.SEKRETESS
    plan_code: str = ""
    diary_of: str = ""

    def in_letters(self, municipality: str) -> dict[str, str]:
        """What its letters say of it: who answers for personal data (GDPR 13.1 a), how cases are kept (OSL 5:1)."""
        controller = f"{self.name} i {municipality}" if municipality else self.name
        return {"personuppgiftsansvarig": controller, "diarietext": self.register_text}

    @property
    def register_text(self) -> str:
        """How it keeps its cases (OSL 5:1), as its letters say it."""
        if self.registers is Registration.ALL:
            return "Vi registrerar ärendet i kommunens diarium."
        return "Kommunen håller ordning på ärendet, och det som omfattas av sekretess förs in i diariet."


@dataclass(frozen=True, slots=True)
class Department:
    """A förvaltning under an authority, with its head (R17)."""

    id: str
    name: str
    authority_id: str
    head: Official


@dataclass(frozen=True, slots=True)
class Unit:
    """An enhet that receives cases; ``registrators`` are addresses that are told of new cases (O18, R16)."""

    id: str
    name: str
    department_id: str
    manager: Official
    registrators: tuple[str, ...] = ()
    phone: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everything the profile says of who is who. Lookups raise NotFound with the id that was asked for."""

    name: str
    authorities: Mapping[str, Authority]
    departments: Mapping[str, Department]
    units: Mapping[str, Unit]
    area_units: Mapping[Area, str]
    home_authority: str
    central_unit: str
    central_registrators: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Ids that units had before a reorganisation, each with the id of the unit that took over."""

    def unit(self, unit_id: str) -> Unit:
        """The unit of that id."""
        if unit_id not in self.units:
            raise NotFound(f"There is no unit {unit_id!r} in the profile; known are {', '.join(sorted(self.units))}.")
        return self.units[unit_id]

    def unit_for(self, area: Area) -> Unit:
        """The unit that answers for a neutral area."""
        return self.unit(self.area_units.get(area, self.central_unit))

    def unit_meant(self, area: Area, *named: str) -> Unit:
        """The unit a suggestion means: the first it names (`Suggestion.named_units`) that there is, else the area's."""
        known = (self.units.get(self.unit_now(one)) for one in named)
        return next(filter(None, known), None) or self.unit_for(area)

    def unit_now(self, unit_id: str) -> str:
        """The id of the unit that does today what this one did then; a chain of reorganisations is followed."""
        for _ in self.renamed:
            if unit_id not in self.renamed:
                break
            unit_id = self.renamed[unit_id]
        return unit_id

    def department_of(self, unit_id: str) -> Department:
        """The förvaltning of a unit."""
        return self.departments[self.unit(unit_id).department_id]

    def authority_of(self, unit_id: str) -> Authority:
        """The authority of a unit."""
        return self.authorities[self.department_of(unit_id).authority_id]

    def diary_of(self, authority_id: str) -> Authority:
        """The authority in whose diary this one's documents are entered."""
        authority = self.authorities[authority_id]
        return self.authorities[authority.diary_of] if authority.diary_of else authority

    def officials(self) -> Iterator[Official]:
        """The head of each department and the manager of each unit."""
        yield from (department.head for department in self.departments.values())
        yield from (unit.manager for unit in self.units.values())

    def addresses(self) -> set[str]:
        """Where its officials and registrators get mail, as they are written."""
        lists = (one for unit in self.units.values() for one in unit.registrators)
        return {*(one.email for one in self.officials()), *lists, *self.central_registrators} - {""}

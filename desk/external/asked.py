"""What somebody asks the open register for: its filters and words, as the store, the links and the form have them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from cases.records.public import PublicFilter, PublicLine, Stage
from cases.steps.routing.suggested import neutral_subject
from desk.external.anybody import Outside
from desk.forms import one_of, parse_day

PAGE = 50
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a request as the store takes them, and as links and the form say them.

    ``words`` are looked for, each in lower case.
    """

    wanted: PublicFilter
    page: int
    words: tuple[str, ...] = ()
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def narrowed(self) -> bool:
        """Whether a filter besides the words is on."""
        return bool(self.chosen.keys() - {"sok"})

    @property
    def query(self) -> str:
        """A query string for the same; empty where nothing was chosen."""
        return urlencode(self.chosen)

    def link(self, page: int) -> str:
        """A query string for another page of the same."""
        return urlencode({**self.chosen, "sida": page})

    def fits(self, text: str) -> bool:
        """Whether every word stands in the text, in whatever case."""
        folded = text.casefold()
        return all(word in folded for word in self.words)


def read_asked(here: Outside, units: Mapping[str, str]) -> Asked:
    """The filters; what is none of ours counts as not given."""
    query = here.request.query_params
    unit, stage = query.get("enhet", ""), one_of(Stage, query.get("lage", ""))
    month, number = _month(query.get("manad", "")), query.get("sida", "")
    since, until = (_day(query.get(name, "")) for name in ("fran", "till"))
    sought = " ".join(query.get("sok", "")[:_LONGEST].split())
    page = min(max(int(number), 1), 1000) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    wanted = PublicFilter(
        unit_id=unit if unit in units else "",
        stage=stage,
        month=month,
        since=since,
        until=until,
        areas=here.settings.areas,
        limit=PAGE,
        offset=(page - 1) * PAGE,
    )
    days = {"fran": since.isoformat() if since else "", "till": until.isoformat() if until else ""}
    chosen = {"enhet": wanted.unit_id, "lage": stage or "", "manad": f"{month:%Y-%m}" if month else "", **days}
    given = {name: value for name, value in {"sok": sought, **chosen}.items() if value}
    return Asked(wanted, page, tuple(sought.casefold().split()), given)


def _day(text: str) -> date | None:
    day = parse_day(text) if len(text) == 10 else None
    return day if day and 2000 <= day.year < 2200 else None


def _month(text: str) -> date | None:
    return _day(f"{text}-01")


def units_shown(here: Outside) -> dict[str, str]:
    """The units a line of the register may name: those that answer for an area which is shown."""
    tree = here.desk.office.organisation
    found = (tree.unit_for(area) for area in sorted(here.settings.areas))
    return {unit.id: unit.name for unit in found}


def words(line: PublicLine) -> str:
    """What a case is about: the wording a person confirmed for this register, or its type and area."""
    return line.subject or neutral_subject(line.type, line.area)

"""Fördelningsregler: what the municipality says itself of which unit a letter is for, written and tried here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import Response

from cases.calendar import local_day, swedish_date
from cases.errors import NotAllowed, NotFound
from cases.numerals import count_words
from cases.ports import Tx
from cases.routing.areas import AREA_NAMES, Area
from cases.routing.rules import RoutingRule, RuleRecord
from cases.steps.routing.rules_speak import spoken
from cases.steps.settings.routing_rules import (
    TypedRule,
    keep_rule,
    may_keep_rules,
    move_up,
    read_rule,
    remove_rule,
    rule_as_seen,
)
from cases.store.rules import TriedLetter
from desk.case.page import unit_tree
from desk.case.rows import Row, make_rows
from desk.context import Asked, Keeper, NoRole
from desk.forms import Form, Posted
from desk.present import actor_name

router = APIRouter()
_PATH = "/fordelningsregler"
_NEW = "ny"
MOST_TRIED = 200
"""How many of the newest letters a rule is tried on: as many as a small municipality gets in half a year."""
_MOST_READ = 400_000
"""Signs in all, three times what so many letters hold: to look up words that are none takes long."""
_LISTS = {"words": "ord", "places": "platser", "domains": "domaner", "addresses": "adresser"}
_FIELDS = {"unit": "enhet", "name": "namn", **_LISTS}
# As they are told of a rule that is kept.
_TOLD = {
    "ord": "Något av orden",
    "platser": "Någon av platserna",
    "domaner": "Avsändarens domän",
    "adresser": "Skickat till",
}


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule as the page shows it; ``unit`` is empty where the unit is gone, ``fared`` where one may read no letter."""

    rule: RoutingRule
    unit: str
    asks: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    fared: str
    changed: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have hit of the newest letters somebody may read."""

    name: str
    count: int
    rows: list[Row]


@router.get(_PATH)
def rules(person: Keeper) -> Response:
    return _page(person)


@router.post(_PATH)
def act(person: Keeper, form: Form) -> Response:
    """Write, change, move or take away a rule, or try it; what is refused is shown again."""
    if not may_keep_rules(person.user):
        raise NoRole("Regler skrivs av en administratör eller av kommunens registrator.")
    try:
        if form.text("gor") == "prova":
            return _page(person, typed=form, trial=_tried(person, form))
        with person.desk.store.begin() as tx:
            said = _act(tx, person, form)
    except (NotAllowed, NotFound) as problem:
        form.blame(problem, _FIELDS)
        return _page(person, str(problem), form)
    return person.go(_PATH, said)


def _act(tx: Tx, person: Asked, form: Posted) -> str:
    old = None if form.text("form") == _NEW else rule_as_seen(tx, form.text("form"), form.text("sedd"))
    if old and form.text("gor") == "bort":
        remove_rule(tx, old, person.user)
        return f"Regeln ”{old.name}” är borttagen. Brev som redan har fått sitt förslag behåller det."
    if old and form.text("gor") == "upp":
        move_up(tx, old, person.user)
        return f"Regeln ”{old.name}” prövas nu före den som stod över."
    rule = read_rule(_typed(form), old, person.user, person.office, person.now)
    keep_rule(tx, rule, old)
    return f"Regeln ”{rule.name}” är sparad. Den gäller brev som kommer från och med nu."


def _typed(form: Posted) -> TypedRule:
    lists = {part: form.text(name) for part, name in _LISTS.items()}
    return TypedRule(form.text("namn"), form.text("enhet"), form.ticked("pa"), lists, form.choices("omrade", Area))


def _tried(person: Asked, form: Posted) -> Trial:
    """The letters a rule would hit, whether it is on or off; nothing is kept."""
    rule = read_rule(replace(_typed(form), active=True), None, person.user, person.office, person.now)
    with person.desk.store.read() as tx:
        letters = list(_soon_read(tx.letters_to_try(person.viewer, MOST_TRIED)))
        hit = [one.case_id for one in letters if spoken([rule], one.suggestion, one.message, person.office)]
        lines = tx.lines_by_id(hit, person.viewer)
    return Trial(rule.name, len(letters), make_rows(lines, person.office, person.now))


def _soon_read(letters: Iterable[TriedLetter]) -> Iterator[TriedLetter]:
    """The newest, as many as are read in a moment whatever somebody wrote."""
    read = 0
    for one in letters:
        read += len(one.suggestion.text)
        if read > _MOST_READ:
            return
        yield one


def _page(person: Asked, problem: str = "", typed: Posted | None = None, trial: Trial | None = None) -> Response:
    with person.desk.store.read() as tx:
        kept, records = tx.routing_rules(), tx.rule_records(person.viewer)
        names = {user.id: user.name for user in tx.users()}
    return person.page(
        "house/rules.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        trial=trial,
        rows=_shown(person, kept, records, names),
        tree=unit_tree(person.office),
        reads=person.user.may_read,
        keeps=may_keep_rules(person.user),
    )


def _shown(
    person: Asked, kept: Sequence[RoutingRule], records: Mapping[str, RuleRecord], names: Mapping[str, str]
) -> list[ShownRule]:
    tree, found = person.office.organisation, list[ShownRule]()
    for rule in kept:
        unit = tree.units.get(tree.unit_now(rule.unit_id))
        values = {name: ", ".join(getattr(rule.conditions, part)) for part, name in _LISTS.items()}
        fared = _fared(records.get(rule.id, RuleRecord())) if person.user.may_read else ""
        changed = f"{swedish_date(local_day(rule.changed_at))} av {actor_name(rule.changed_by, names)}"
        found.append(ShownRule(rule, unit.name if unit else "", tuple(_asks(rule, values)), values, fared, changed))
    return found


def _asks(rule: RoutingRule, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """The conditions of a rule in words."""
    found = [(told, values[name]) for name, told in _TOLD.items() if values[name]]
    areas = ", ".join(AREA_NAMES[area] for area in rule.conditions.areas)
    return [*found, ("Ämne enligt modellen", areas)] if areas else found


def _fared(record: RuleRecord) -> str:
    if not record.hits:
        return "Har inte träffat något brev du får läsa."
    hits = f"Har träffat {count_words(record.hits, 'ett brev', 'brev')} du får läsa."
    return f"{hits} Av {record.decided} fördelade gick {record.followed} dit regeln sa." if record.decided else hits

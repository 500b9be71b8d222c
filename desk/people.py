"""Persons in words, for pages and commands: what roles can be held for, what changed, what was handed over."""

from collections.abc import Mapping
from hashlib import sha256

from cases.calendar import swedish_date
from cases.numerals import count_words
from cases.office import Office
from cases.people.access import EVERYWHERE, ROLE_NAMES, Grant, User
from cases.steps.working.handover import HandedOver

_LABELS = {"name": "namn", "email": "e-postadress", "title": "befattning"}


def scopes(office: Office) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a role can be held for, grouped for a select: everywhere, authorities, departments, units."""
    tree = office.organisation
    return [
        ("Hela kommunen", [(EVERYWHERE, "Hela kommunen")]),
        ("Nämnder", [(a.id, a.name) for a in tree.authorities.values()]),
        ("Förvaltningar", [(d.id, d.name) for d in tree.departments.values()]),
        ("Enheter", [(u.id, u.name) for u in tree.units.values()]),
    ]


def scope_names(office: Office) -> Mapping[str, str]:
    """The name of every scope by its id."""
    return {identity: name for _, group in scopes(office) for identity, name in group}


def mark_of(user: User) -> str:
    """What the form of a person shows, as one word: another one where that was changed since the form was made."""
    shown = user.name, user.title, user.email, *(f"{one.role}:{one.scope}" for one in _sorted(user.grants))
    return sha256(repr(shown).encode()).hexdigest()[:16]


def what_changed(before: User, after: User, office: Office) -> str:
    """The change in words for the log: which fields, which roles came and went; empty where nothing did."""
    fields = [label for name, label in _LABELS.items() if getattr(before, name) != getattr(after, name)]
    names = scope_names(office)
    came = [f"ny roll {grant_words(g, names)}" for g in _sorted(after.grants - before.grants)]
    went = [f"inte längre {grant_words(g, names)}" for g in _sorted(before.grants - after.grants)]
    return ", ".join([*fields, *came, *went, *_state(before, after)])


def spoken_of(user: User, words: str, office: Office) -> bool:
    """Whether every word stands in the person's name, title, address or roles, as a list is searched."""
    names = scope_names(office)
    said = " ".join([user.name, user.title, user.email, *(grant_words(one, names) for one in user.grants)]).casefold()
    return all(word in said for word in words.casefold().split())


def _state(before: User, after: User) -> list[str]:
    said = []
    if before.active != after.active:
        said.append("får logga in igen" if after.active else "spärrad")
    if before.last_day != after.last_day:
        said.append(f"slutar {swedish_date(after.last_day)}" if after.last_day else "slutar inte")
    return said


def _sorted(grants: frozenset[Grant]) -> list[Grant]:
    return sorted(grants, key=lambda g: (g.role, g.scope))


def grant_words(grant: Grant, names: Mapping[str, str]) -> str:
    """``Chef: Gata och park``; the id itself where the configuration no longer knows it."""
    return f"{ROLE_NAMES[grant.role]}: {names.get(grant.scope, grant.scope)}"


def handed_over_words(done: HandedOver, to: User) -> str:
    """What a hand-over came to."""
    taken = count_words(done.taken, "ett ärende", "ärenden").capitalize()
    back = count_words(done.returned, "ett ärende", "ärenden")
    rest = f" Tillbaka till enheterna, där {to.name} inte arbetar: {back}." if done.returned else ""
    return f"{taken} är nu hos {to.name}.{rest}"

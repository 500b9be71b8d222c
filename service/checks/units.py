"""Looks for what stayed at a unit that was taken out of the settings: cases on no list, roles that give nothing."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from cases.numerals import count_words
from cases.people.access import EVERYWHERE
from cases.people.organisation import Organisation
from cases.ports import Store
from service.checks.line import CheckLine
from storage.database.engine import open_engine, reading

NAME = "Enheterna"
_OPEN = sa.text("SELECT unit_id, count(*) FROM cases WHERE open AND unit_id <> '' GROUP BY unit_id ORDER BY unit_id")


def check_units(url: str, store: Store, tree: Organisation) -> Iterator[CheckLine]:
    """A line for each unit that was taken out, with open cases or people's roles; one where there is none."""
    cases, roles = _open_cases(url), _roles(store)
    places = {*tree.units, *tree.departments, *tree.authorities, *tree.renamed, EVERYWHERE}
    gone = sorted(unit for unit in cases if unit not in tree.units)
    yield from (_left(unit, cases[unit], tree) for unit in gone)
    lost = sorted(scope for scope in roles if scope not in places)
    yield from (_role(scope, roles[scope]) for scope in lost)
    if not gone and not lost:
        yield CheckLine(NAME, True, "alla öppna ärenden och roller hör till enheter som finns")


def _open_cases(url: str) -> dict[str, int]:
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            return {str(unit): int(count) for unit, count in connection.execute(_OPEN)}
    finally:
        engine.dispose()


def _roles(store: Store) -> Counter[str]:
    with store.read() as tx:
        return Counter(scope for user in tx.users() if user.active for scope in {grant.scope for grant in user.grants})


def _left(unit: str, count: int, tree: Organisation) -> CheckLine:
    cases = count_words(count, "ett öppet ärende", "öppna ärenden")
    if unit in tree.renamed:
        text = f"{cases} ligger kvar hos {unit}, som {tree.unit_now(unit)} har tagit över"
        return CheckLine(NAME, False, text, "Kör lyhord reorganise, och med --now när det stämmer.")
    remedy = f'Skriv took_over = ["{unit}"] på den enhet som har tagit över, och kör lyhord reorganise.'
    return CheckLine(NAME, False, f"{cases} ligger hos {unit}, som inte finns i inställningarna", remedy)


def _role(scope: str, count: int) -> CheckLine:
    text = f"{count_words(count, 'en person', 'personer')} har en roll vid {scope}, som inte finns i inställningarna"
    remedy = "Se vilka med lyhord user list, och ge dem en ny med lyhord user add ADRESS --role ROLL:ENHET."
    return CheckLine(NAME, False, text, remedy)

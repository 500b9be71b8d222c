"""Public pages that are switched on, seen by a stranger."""

import re
from dataclasses import replace

from cases.people.access import SYSTEM
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from desk.outside import PublicSettings

URL = "https://arenden.ekdala.example"
PUBLIC = PublicSettings(register=True, case_page=True, url=URL, phone="0400-12 30 00", web="https://www.ekdala.example")


def link_of(house, case) -> str:
    """The path of the link in the case's receipt."""
    with house.store.read() as tx:
        texts = [e.letter.text for e in tx.letters_of(case.id) if e.letter.kind == "mottagning"]
    return re.search(rf"{URL}(/oppet/mitt/[A-Za-z]+)", texts[0])[1]


def flag(house, case, kind: FlagKind = FlagKind.HALSA, state: FlagState = FlagState.SUGGESTED):
    with house.store.begin() as tx:
        found = tx.get_case(case.id, SYSTEM)
        return tx.save_case(replace(found, flags=(ConfidentialityFlag(kind, state),)))


def moved(house, case, **changes):
    with house.store.begin() as tx:
        return tx.save_case(replace(tx.get_case(case.id, SYSTEM), **changes))

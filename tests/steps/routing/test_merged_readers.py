"""Who reads one case reads what is merged into it, and merging shows nothing to more people than may see it."""

from dataclasses import replace

import pytest

from cases.case import Case, CaseStatus
from cases.errors import NotAllowed, NotFound
from cases.people.access import SYSTEM, Grant, Role
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.steps.routing.merge import merge, unmerge
from cases.ties import CaseTie, TieKind
from tests.steps.house import SmallHouse
from tests.steps.together import came, case_of, joined, routed


def test_what_is_flagged_is_never_shown_to_more_people(house: SmallHouse, two) -> None:
    first, _ = two
    house.model.flags = (FlagKind.HALSA,)
    secret = came(house, 4, "Dan")
    with pytest.raises(NotAllowed, match="Koppla"):
        joined(house, secret, first)
    assert case_of(house, secret).status is CaseStatus.SUGGESTED
    # The other way nothing gets out: who reads the protected case reads the plain one.
    joined(house, first, secret)
    assert case_of(house, first).status is CaseStatus.MERGED


def test_one_who_may_not_read_the_other_case_cannot_merge(house: SmallHouse, two) -> None:
    first, _ = two
    other = routed(house, came(house, 5, "Eva"), "hemtjanst")
    with pytest.raises(NotFound), house.store.begin() as tx:
        merge(tx, first.id, case_of(house, first).version, other.id, house.handlaggare, house.office, house.now)


def readable(house: SmallHouse, case: Case, who) -> bool:
    try:
        with house.store.read() as tx:
            return tx.get_case(case.id, house.office.viewer(who)).id == case.id
    except NotFound:
        return False


def test_who_reads_a_case_reads_what_is_merged_into_it_as_long_as_it_is(house: SmallHouse, two) -> None:
    first, second = two
    outsider = house.person("olle@ekdala.example", "Olle Ek", Grant(Role.HANDLAGGARE, "hemtjanst"))
    assert not readable(house, second, house.handlaggare)
    joined(house, second, first)
    assert (readable(house, second, house.handlaggare), readable(house, second, outsider)) == (True, False)
    # A reply in it raises a flag that the other case does not have.
    with house.store.begin() as tx:
        flag = ConfidentialityFlag(FlagKind.HALSA, FlagState.SUGGESTED)
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=(flag,)))
    assert not readable(house, second, house.handlaggare)
    with house.store.begin() as tx:
        tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=()))
        unmerge(tx, second.id, tx.get_case(second.id, SYSTEM).version, house.registrator, house.office, house.now)
    assert not readable(house, second, house.handlaggare)


def test_a_protected_case_is_read_with_the_protected_one_it_is_merged_into_within_one_namnd(house, two) -> None:
    """Else whoever answers for both sees half of what is asked; another nämnd's case is disclosure (OSL 8:1)."""
    first, second = two
    joined(house, second, first)

    def seen(main: dict[str, object], own: FlagKind | None) -> bool:
        with house.store.begin() as tx:
            tx.save_case(replace(tx.get_case(first.id, SYSTEM), assignee_id=house.handlaggare.id, **main))
            flags = (ConfidentialityFlag(own, FlagState.SUGGESTED),) if own else ()
            tx.save_case(replace(tx.get_case(second.id, SYSTEM), flags=flags))
        return readable(house, second, house.handlaggare)

    guarded = {"flags": (ConfidentialityFlag(FlagKind.SKOLA, FlagState.CONFIRMED),), "authority_id": "ks"}
    assert seen({"flags": ()}, None)
    assert not seen({"flags": ()}, FlagKind.HALSA)
    assert seen(guarded, FlagKind.HALSA)
    assert not seen(guarded | {"authority_id": "son"}, FlagKind.HALSA)
    assert not seen(guarded, FlagKind.VISSELBLASNING)


def test_only_the_case_that_it_is_merged_into_lets_one_read_a_case(house: SmallHouse, two) -> None:
    """Not whatever else one reads, nor that others are merged into it, nor that it was once part of what one reads."""
    first, second = two
    joined(house, second, first)
    far = came(house, 3, "Cia")
    joined(house, far, routed(house, came(house, 4, "Dan"), "hemtjanst"))
    assert (readable(house, second, house.handlaggare), readable(house, far, house.handlaggare)) == (True, False)
    with house.store.begin() as tx:
        tx.add_tie(CaseTie(far.id, first.id, TieKind.SPLIT, far.status, house.now))
    assert not readable(house, far, house.handlaggare)

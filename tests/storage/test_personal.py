"""A person's cases are found whole, on both databases, however many they are and however the name is written."""

import pytest

from cases.case import Party
from cases.errors import NotAllowed
from cases.people.access import SYSTEM
from cases.records.registered import Person
from storage import SqlStore
from tests.storage.samples import case


def test_no_case_of_a_person_is_left_out_unsaid(store: SqlStore) -> None:
    berit = Party("Berit McAlm", "berit@mejl.example")
    with store.begin() as tx:
        for n in range(201):
            tx.add_case(case(f"c{n}", number=f"EK-{n}", sender=berit))
    with store.read() as tx:
        assert len(tx.cases_of(Person("berit@mejl.example", ""), SYSTEM)) == 201
        assert len(tx.cases_of(Person("", "berit mcalm"), SYSTEM, 201)) == 201
        with pytest.raises(NotAllowed, match="Fler än 200"):
            tx.cases_of(Person("", "berit"), SYSTEM, 200)

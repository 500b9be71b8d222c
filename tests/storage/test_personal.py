"""A person's cases are found whole, on both databases, however many they are and however the name is written."""

from dataclasses import replace

import pytest

from cases.case import Party
from cases.errors import NotAllowed
from cases.letters.letter import Letter, LetterKind
from cases.people.access import SYSTEM
from cases.records.registered import Person
from storage import SqlStore
from tests.storage.samples import case, entry, inbound, stored


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


@pytest.mark.parametrize(
    "written", ["Åsa.ÖBERG@Räksmörgås.example", "åsa.öberg@räksmörgås.example", "ÅSA.Öberg@RÄKSMÖRGÅS.EXAMPLE"]
)
def test_a_persons_letters_are_found_however_an_address_beyond_ascii_is_written(store: SqlStore, written: str) -> None:
    """An extract (GDPR art. 15) left out what Åsa had written from another case's view of the same address."""
    wrote = Party("ÅSA Öberg-Élan", written)
    with store.begin() as tx:
        tx.add_case(case("sender", sender=replace(wrote, anonymous=True)))
        tx.add_case(case("other", sender=Party("Bo Ek", "bo@mejl.example")))
        for case_id, addr in (("other", written), ("sender", "")):
            tx.add_message(stored(case_id, replace(inbound("Hej"), from_addr=addr)))
    asked = ["Åsa.Öberg@räksmörgås.example", "åsa.öberg@RÄKSMÖRGÅS.example"]
    with store.read() as tx:
        for email in asked:
            assert {line.id for line in tx.cases_of(Person(email, ""), SYSTEM)} == {"sender", "other"}
        assert [line.id for line in tx.cases_of(Person("", "öberg-élan åSa"), SYSTEM)] == ["sender"]
        assert list(tx.cases_of(Person("asa.oberg@raksmorgas.example", ""), SYSTEM)) == []


def test_who_was_copied_in_on_an_answer_or_asked_from_outside_is_told_of_its_case(store: SqlStore) -> None:
    question = Letter(LetterKind.FRAGA_UTANFOR, "sv", "Fråga från kommunen", "När byts lampan?", "")
    with store.begin() as tx:
        for case_id, changes in (("copied", {"copy_of": "e0"}), ("asked", {"letter": question}), ("told", {})):
            tx.add_case(case(case_id, number=case_id, sender=Party("Bo Ek", "bo@mejl.example")))
            tx.queue(entry(f"e-{case_id}", case_id, recipient="Anna@post.example", **changes))
        tx.add_case(case("tagged", number="tagged", sender=Party("Bo Ek", "bo@mejl.example")))
        tx.queue(entry("e-tagged", "tagged", recipient="anna+barnen@post.example", copy_of="e0"))
    with store.read() as tx:
        assert [line.id for line in tx.cases_of(Person("Anna+Barnen@post.example", ""), SYSTEM)] == ["tagged"]
        found = {line.id for line in tx.cases_of(Person("anna@post.example", ""), SYSTEM)}
    assert found == {"copied", "asked"}

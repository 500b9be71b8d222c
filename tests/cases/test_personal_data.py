"""What a register extract tells of a case."""

from datetime import UTC, datetime

import pytest

from cases.records.personal_data import told
from cases.records.registered import Person
from cases.store.views import CaseFile
from tests.cases.builders import a_case, an_organisation


def test_a_letter_of_the_night_came_on_the_day_it_was_in_sweden() -> None:
    late = a_case(received_at=datetime(2026, 11, 26, 23, 30, tzinfo=UTC))
    file = CaseFile(late, (), (), (), (), None, ())
    assert told(file, Person("berit@mejl.example"), an_organisation(), None)["inkom"] == "27 november 2026"


@pytest.mark.parametrize("asked", ["121212-1212", "19121212-1212", "191212121212", "121212+1212"])
@pytest.mark.parametrize("written", ["121212-1212", "19121212-1212", "1212121212", "191212121212", "121212+1212"])
def test_a_personnummer_is_known_however_it_is_written(asked: str, written: str) -> None:
    person = Person(number=asked)
    assert person.named_in(f"Hej. Det är {written}. Adjö.") == [f"Det är {written}."]
    written_so = written.replace("+", "-")
    assert f'"{written_so}"' in list(person.queries())
    assert person.named_in(f"9{written}") == []


def test_a_street_without_a_number_and_a_number_too_short_are_nobody() -> None:
    assert list(Person(name="Berit", number="1212", address="Ekgatan").queries()) == []
    assert not Person(number="1212", address="Ekgatan").known

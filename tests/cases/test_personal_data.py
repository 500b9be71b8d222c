"""What a register extract tells of a case."""

from datetime import UTC, datetime

from cases.personal_data import Person, told
from cases.views import CaseFile
from tests.cases.builders import a_case, an_organisation


def test_a_letter_of_the_night_came_on_the_day_it_was_in_sweden() -> None:
    late = a_case(received_at=datetime(2026, 11, 26, 23, 30, tzinfo=UTC))
    file = CaseFile(late, (), (), (), (), None, ())
    assert told(file, Person("berit@mejl.example"), an_organisation(), None)["inkom"] == "27 november 2026"

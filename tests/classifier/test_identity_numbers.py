"""Identity numbers: valid date and check digit, nothing else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.personal.identity_numbers import find_identity_numbers


def check_digit(nine: str) -> int:
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(nine)]
    return -sum(d // 10 + d % 10 for d in doubled) % 10


dates = st.dates(date(1930, 1, 1), date(2020, 12, 31))
serials = st.integers(1, 999).map("{:03d}".format)


@given(dates, serials, st.booleans(), st.booleans(), st.sampled_from(["-", "", " ", " - "]))
def test_finds_what_is_valid(born, serial, long, coordination, sign):
    day = born.day + 60 * coordination
    nine = f"{born:%y%m}{day:02d}{serial}"
    number = f"{born:%Y}"[:2] * long + nine[:6] + sign + serial + str(check_digit(nine))
    text = f"Hon heter Anna, {number}, och bor här."
    assert [text[a:b] for a, b in find_identity_numbers(text)] == [number]


@given(dates, serials, st.integers(1, 9))
def test_passes_over_a_wrong_check_digit(born, serial, off):
    nine = f"{born:%y%m%d}{serial}"
    wrong = (check_digit(nine) + off) % 10
    assert not list(find_identity_numbers(f"nr {nine[:6]}-{serial}{wrong}"))


@pytest.mark.parametrize(
    "text",
    [
        "orgnr 556016-0680",
        "811328-9874",
        "881128-98741",
        "ring 0701063239",
        "ärende 12345678901234567890",
        "telefon 8112289874",
    ],
)
def test_passes_over_other_numbers(text):
    assert not list(find_identity_numbers(text))


@pytest.mark.parametrize(
    "number",
    [
        "1912-12-12-1212",
        "1912-12-12 1212",
        "1912 12 12-1212",
        "19121212/1212",
        "12 12 12-1212",
        "12.12.12 - 1212",
        "121212\u20101212",
        "121212\u20111212",
        "121212\u20141212",
        "121212\u22121212",
        "12I212-1212",
        "l91212l2-1212",
    ],
)
def test_finds_it_however_it_is_written(number):
    text = f"Jag heter Tolvan och har {number} som nummer."
    assert [text[a:b] for a, b in find_identity_numbers(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "född 1912-12-12",
        "mellan 1912-12-12 och 1212",
        "12 12 12 1212",
        "ring 08 12 12 12-1212",
        "IOlIlO-IlOl",
        "1912-12-12-1213",
        "1912-12.12-1212",
    ],
)
def test_passes_over_dates_and_telephones(text):
    assert not list(find_identity_numbers(text))

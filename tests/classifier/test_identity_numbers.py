"""Identity numbers: valid date and check digit, nothing else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.identity_numbers import find_identity_numbers


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

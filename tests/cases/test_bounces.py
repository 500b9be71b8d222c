"""Delivery reports said in words."""

import pytest

from cases.inbound.bounces import bounce_words


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.1.1", "Adressen finns inte (5.1.1)."),
        ("5.1.2", "Mottagarens e-postserver finns inte (5.1.2)."),
        ("5.2.2", "Mottagarens brevlåda är full (5.2.2)."),
        ("4.4.7", "Mottagarens server gick inte att nå (4.4.7)."),
        ("5.7.26", "Mottagarens server släppte inte in brevet (5.7.26)."),
        ("5.0.0", "Brevet kom inte fram (5.0.0)."),
        ("okänd", "Brevet kom inte fram (okänd)."),
        ("", "Brevet kom inte fram."),
    ],
)
def test_a_code_is_said_in_words(status: str, said: str) -> None:
    assert bounce_words(status) == said

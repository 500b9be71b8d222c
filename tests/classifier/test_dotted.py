"""Letters whose writer had no keys for å, ä and ö, or whose program lost them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.dotted import dotted


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "Jag maste fa hjalp. Min granne ar ofta full och slar sonen, han grater pa natten.",
            "Jag måste få hjälp. Min granne är ofta full och slår sonen, han gråter på natten.",
        ),
        (
            "LAMPAN PA SKOLGARDEN AR SLACKT OCH BARNEN GAR I MORKRET",
            "LAMPAN PÅ SKOLGÅRDEN ÄR SLÄCKT OCH BARNEN GÅR I MÖRKRET",
        ),
        (
            "Barnen p? f?rskolan fryser. Vad ?r det s? h?r det ska vara?",
            "Barnen på förskolan fryser. Vad är det så här det ska vara?",
        ),
    ],
)
def test_words_get_their_dots_back(written: str, meant: str) -> None:
    assert dotted(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Hon sa att barnen har sand i skorna.",  # every word is one as it stands
        "Jag är från Malmo och bor pa Storgatan.",  # whoever wrote this had the keys
        "The lamp at the school is broken. Children go home in the dark. Can you mend it, please?",
        "Jeg skal flytte til jer. Hvorfor kan I ikke svare paa mit brev?",
        "Kommer bussen?eller inte. Vem svarar?ingen",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert dotted(text) == text


@given(st.text(st.sampled_from("aoåpnrsjg?� .A"), max_size=200))
def test_any_text_stays_as_long(text: str) -> None:
    assert len(dotted(f"jag och inte fran nar {text}")) == len(text) + 22

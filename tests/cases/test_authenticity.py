"""What is said of a sender's address is plain, and true."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.inbound.authenticity import INTERNAL_PASS, Trust, explain, failed, proven

FROM = ("header.from", "mejl.example")


@pytest.mark.parametrize(
    ("auth", "level", "words"),
    [
        ((), Trust.UNCERTAIN, "har inte kontrollerat"),
        ((("dmarc", "pass"), FROM), Trust.CONFIRMED, "kommer från mejl.example (DMARC)"),
        ((("dmarc", "pass"),), Trust.CONFIRMED, "inget om vilken person"),
        ((("dmarc", "fail"), FROM), Trust.FAILED, "kommer inte från mejl.example"),
        ((("dmarc", "pass"), ("dmarc", "fail")), Trust.FAILED, "Inget skickas dit"),
        ((("spf", "pass"), ("dkim", "pass"), ("dmarc", "none")), Trust.UNCERTAIN, "kontrollerat (SPF och DKIM)"),
        ((("spf", "softfail"), ("dkim", "none")), Trust.UNCERTAIN, "gick inte bra (SPF)"),
        ((("spf", "pass"), ("dkim", "fail")), Trust.UNCERTAIN, "gick inte bra (DKIM)"),
        ((("spf", "none"), ("dmarc", "temperror")), Trust.UNCERTAIN, "Det går inte att kontrollera"),
    ],
)
def test_each_verdict_is_told_in_words(auth: tuple[tuple[str, str], ...], level: Trust, words: str) -> None:
    explained = explain(auth)
    assert explained.level is level
    assert words in explained.text


_NAMES = st.sampled_from(["spf", "dkim", "dmarc", "header.from", "arc"])
_SAID = st.sampled_from(["pass", "fail", "none", "softfail", "temperror", "mejl.example", "annan.example"])


@given(st.lists(st.tuples(_NAMES, _SAID), max_size=6))
def test_it_is_always_whole_sentences_and_never_praises_a_forgery(auth: list[tuple[str, str]]) -> None:
    level, text = explain(auth)
    assert re.fullmatch(r"[A-ZÅÄÖ].*\.", text)
    assert (level is Trust.FAILED) == failed(auth)
    assert not (failed(auth) and proven(auth, "a@mejl.example"))
    if proven(auth, "a@mejl.example"):
        assert level is Trust.CONFIRMED
        assert ("header.from", "annan.example") not in auth


def test_a_proof_is_of_one_domain() -> None:
    assert proven((("dmarc", "pass"), FROM), "Berit@MEJL.example")
    assert not proven((("dmarc", "pass"), FROM), "berit@under.mejl.example")
    assert not proven((("dmarc", "pass"), FROM), "")
    assert not proven((("dmarc", "pass"),), "")
    assert proven((("dmarc", "Pass"), ("header.from", "Mejl.Example")), "berit@mejl.example")


@pytest.mark.parametrize("auth", [(), (("dmarc", "none"),), (("internal", "fail"),)])
def test_an_address_of_the_municipalitys_own_proves_nothing_without_that_mark(
    auth: tuple[tuple[str, str], ...],
) -> None:
    """Whoever commands by mail is known by what own servers said of the letter, not by what it says of itself."""
    assert not proven(auth, "hans@ekdala.example", {"ekdala.example"})


@pytest.mark.parametrize(
    ("auth", "address", "sure"),
    [
        ((), "hans@ekdala.example", True),
        ((("dmarc", "none"),), "Hans@EKDALA.example", True),
        ((("dmarc", "fail"),), "hans@ekdala.example", False),
        ((("dmarc", "quarantine"),), "hans@ekdala.example", False),
        ((), "hans@annan.example", False),
        ((), "", False),
    ],
)
def test_the_mark_of_own_servers_proves_the_municipalitys_own_domains_alone(
    auth: tuple[tuple[str, str], ...], address: str, sure: bool
) -> None:
    """Else whoever gets one letter through the town's own server writes as anybody in the world."""
    assert proven((INTERNAL_PASS, *auth), address, {"ekdala.example"}) is sure

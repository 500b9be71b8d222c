"""Whether a letter comes from whom it says: the own mail server's verdicts, and what they mean in plain Swedish."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

Verdicts = Sequence[tuple[str, str]]
"""What the own server wrote: methods with results, ``("dmarc", "pass")``, and properties, ``("header.from", ...)``."""


class Trust(StrEnum):
    """How far the sender's address may be believed."""

    CONFIRMED = "confirmed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


class Explanation(NamedTuple):
    """A level for the eye and a Swedish text for the reader."""

    level: Trust
    text: str


_BROKEN = frozenset({"fail", "softfail", "permerror", "hardfail"})
_PERSON = "Det säger inget om vilken person som skrev."
_ASK = "Fråga avsändaren på något annat sätt om det spelar roll vem som skrev."


def explain(auth: Verdicts) -> Explanation:
    """What SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) said of a letter, for who reads it on the desk."""
    if failed(auth):
        return Explanation(
            Trust.FAILED,
            f"Avsändarens adress stämmer inte: brevet kommer inte från {_domain(auth) or 'den domän som det uppger'} "
            "(DMARC underkänd). Någon kan ha förfalskat adressen. Inget skickas dit automatiskt eller med e-post.",
        )
    if _passed(auth, "dmarc"):
        where = _domain(auth) or "den domän som står i adressen"
        return Explanation(
            Trust.CONFIRMED, f"Kommunens e-postserver bekräftar att brevet kommer från {where} (DMARC). {_PERSON}"
        )
    return Explanation(Trust.UNCERTAIN, _uncertain(auth))


def _uncertain(auth: Verdicts) -> str:
    methods = {name for name, _ in auth} & {"spf", "dkim", "dmarc"}
    if not methods:
        return f"Kommunens e-postserver har inte kontrollerat avsändarens adress, så den kan vara påhittad. {_ASK}"
    good = [label for name, label in (("spf", "SPF"), ("dkim", "DKIM")) if _passed(auth, name)]
    bad = [label for name, label in (("spf", "SPF"), ("dkim", "DKIM")) if results(auth, name) & _BROKEN]
    if good and not bad:
        signs = " och ".join(good)
        return (
            f"Brevet är kontrollerat ({signs}), men domänen i adressen säger inte själv vad som gäller (DMARC). {_ASK}"
        )
    if bad:
        return (
            f"Kontrollen av avsändarens adress gick inte bra ({' och '.join(bad)}). Adressen kan vara påhittad. {_ASK}"
        )
    return f"Det går inte att kontrollera om avsändarens adress stämmer, så den kan vara påhittad. {_ASK}"


def failed(auth: Verdicts) -> bool:
    """Whether DMARC says that the letter does not come from where it claims; then nothing is mailed there."""
    return "fail" in results(auth, "dmarc")


INTERNAL_PASS = ("internal", "pass")
"""The verdict of a letter that a configured header of own servers marks as sent within the house."""


def proven(auth: Verdicts, address: str, internal_domains: Collection[str] = ()) -> bool:
    """Whether DMARC says that a letter comes from the domain of this very address, and nothing says otherwise.

    Mail within one Microsoft 365 tenant may carry no DKIM and so no DMARC: there the configured header of own servers
    does (``ingest.reading.trust.internal``), for the municipality's own domains alone.
    """
    domain = address.rpartition("@")[2].lower()
    named = results(auth, "header.from")
    if INTERNAL_PASS in auth and domain in internal_domains:
        return not ({"fail", "quarantine", "reject"} & results(auth, "dmarc"))
    return bool(domain) and results(auth, "dmarc") == {"pass"} and named <= {domain}


def results(auth: Verdicts, name: str) -> set[str]:
    """All that was said under one name, lower case."""
    return {value.lower() for method, value in auth if method == name}


def _passed(auth: Verdicts, name: str) -> bool:
    return "pass" in results(auth, name)


def _domain(auth: Verdicts) -> str:
    return next(iter(sorted(results(auth, "header.from"))), "")

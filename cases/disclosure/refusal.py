"""The formal decision not to hand out a document, wholly or in part, and how it is appealed (TF 2:19, OSL 6:3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.case import Case
from cases.disclosure.documents import GROUNDS
from cases.errors import NotAllowed
from cases.letters.press import PaperDocument
from cases.people.organisation import Authority
from cases.records.courts import COURT_NAMES, Court


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision as a person wrote it: what was asked for, what the law and the reasons are, and who decided.

    ``mandate`` is the delegation it rests on; ``asker`` may be empty, for nobody need say who they are (TF 2:18).
    """

    asked: str
    whole: bool
    grounds: Sequence[str]
    reasons: str
    decided_by: str
    mandate: str
    court: Court
    asker: str = ""


def checked(refusal: Refusal) -> Refusal:
    """The decision, if it is whole (FL 31–32 §§, OSL 6:3). Raises NotAllowed, by part, where it lacks something."""
    if not refusal.asked.strip():
        raise NotAllowed("Skriv vad den som frågar har begärt.", "asked")
    if not any(ground in GROUNDS for ground in refusal.grounds):
        raise NotAllowed("Välj det lagrum som hindrar att det lämnas ut.", "grounds")
    if not refusal.reasons.strip():
        raise NotAllowed("Skriv skälen. Den som får beslutet ska förstå varför.", "reasons")
    if not refusal.decided_by.strip():
        raise NotAllowed("Skriv vem som har fattat beslutet.", "decided_by")
    return refusal


def decision_paper(
    refusal: Refusal, case: Case, authority: Authority, day: str, contact: str, number: int
) -> PaperDocument:
    """The decision and how it is appealed, as it is set on paper; ``number`` is that of the handling in its case.

    ``contact`` is where an appeal is handed in.
    """
    facts = paper_facts(case, number, day, ("Till", refusal.asker), ("Beslutat av", _who(refusal)))
    text = f"{decision_text(refusal, authority)}\n\n{appeal_text(refusal, case, authority, day, contact)}"
    return PaperDocument("Beslut om att inte lämna ut allmän handling", facts, text)


def paper_facts(case: Case, number: int, day: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """What stands on top of a paper of the authority's own: the case's numbers and its own, the day, and ``more``.

    What is empty is left out.
    """
    numbers = (("Ärende", case.number), ("Diarienummer", case.registry_number), ("Handling", str(number)))
    return [one for one in (*numbers, ("Datum", day), *more) if one[1]]


def decision_text(refusal: Refusal, authority: Authority) -> str:
    """What is decided, by which law, and why."""
    what = "lämnar inte ut det" if refusal.whole else "lämnar inte ut en del av det"
    laws = "\n".join(f"– {GROUNDS[ground]}" for ground in refusal.grounds if ground in GROUNDS)
    return (
        f"BESLUT\n{authority.name} {what} som du har begärt.\n\nDET HAR DU BEGÄRT\n{refusal.asked.strip()}\n\n"
        f"UPPGIFTERNA OMFATTAS AV SEKRETESS ENLIGT\n{laws}\n\nSKÄL\n{refusal.reasons.strip()}"
    )


def appeal_text(refusal: Refusal, case: Case, authority: Authority, day: str, contact: str) -> str:
    """How the decision is appealed; nobody need say what they want the documents for (TF 2:18)."""
    law = " (2 kap. 19 § tryckfrihetsförordningen, 6 kap. 7 och 8 §§ offentlighets- och sekretesslagen)"
    own = "Du behöver inte säga vad du ska ha handlingarna till. "
    return how_to_appeal(refusal.court, case, authority, day, contact, law=law, own=own)


def how_to_appeal(
    court: Court, case: Case, authority: Authority, day: str, contact: str, *, law: str = "", own: str = ""
) -> str:
    """To which court a decision of that day is appealed, where that is handed in, within three weeks (FL 43–46 §§)."""
    number = case.registry_number or case.number
    return (
        f"SÅ ÖVERKLAGAR DU\nDu kan överklaga beslutet till {COURT_NAMES[court]}{law}.\n\n"
        f"Skriv till kammarrätten, men lämna eller skicka överklagandet till {authority.name}"
        f"{': ' + contact if contact else ''}. "
        "Det ska ha kommit dit inom tre veckor från den dag då du fick del av beslutet (43 och 44 §§ "
        f"förvaltningslagen).\n\nSkriv\n– vilket beslut du överklagar: {number}, beslut den {day}\n"
        "– hur du vill att beslutet ändras, och gärna varför\n– hur kammarrätten når dig.\n\n"
        f"{own}{authority.name} ser efter att överklagandet har kommit in i tid och skickar det sedan till "
        "kammarrätten (45 och 46 §§ förvaltningslagen)."
    )


def journal_text(refusal: Refusal, authority: Authority, number: int) -> str:
    """The whole decision as it is kept with the case: it is a document of the authority's own."""
    to = f" Till: {refusal.asker.strip()}." if refusal.asker.strip() else ""
    way = f"Överklagas till {COURT_NAMES[refusal.court]} inom tre veckor från att den som frågade fick del av det."
    return f"Handling {number}. Beslutat av {_who(refusal)}.{to} {way}\n\n{decision_text(refusal, authority)}"


def _who(refusal: Refusal) -> str:
    return f"{refusal.decided_by.strip()}{', ' + refusal.mandate.strip() if refusal.mandate.strip() else ''}"

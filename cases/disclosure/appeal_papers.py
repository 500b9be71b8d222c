"""The papers of an appeal: that it is turned down, that the decision is changed, and what goes with it to the court."""

from datetime import date

from cases.calendar import swedish_date
from cases.case import Case
from cases.disclosure.refusal import how_to_appeal, paper_facts
from cases.letters.press import PaperDocument
from cases.people.organisation import Authority
from cases.records.appeals import Refused, Review, Timely
from cases.records.courts import COURT_NAMES

_CAME = {
    Timely.IN_TIME: "Det är i rätt tid.",
    Timely.EXCUSED: "Det är efter de tre veckorna men ska inte avvisas (45 § förvaltningslagen).",
}


def turned_down(
    refused: Refused, case: Case, authority: Authority, who: str, last: date, day: str, contact: str, number: int
) -> PaperDocument:
    """The decision that an appeal came too late (FL 45 §), which can be appealed as well; ``last`` was the last day."""
    text = (
        f"BESLUT\n{authority.name} avvisar överklagandet.\n\nSKÄL\nDu har överklagat {_which(refused, authority)}. "
        f"Du fick del av beslutet den {_day(refused.handed_over)}. Ett överklagande ska ha kommit in inom tre veckor "
        f"från den dagen, alltså senast den {_day(last)} (44 § förvaltningslagen). Ditt överklagande kom in den "
        f"{_day(refused.appealed)}. Det är för sent, och då ska det avvisas (45 § förvaltningslagen)."
    )
    appeal = how_to_appeal(refused.court, case, authority, day, contact)
    facts = paper_facts(case, number, day, ("Beslutat av", who))
    return PaperDocument("Beslut om att avvisa ett överklagande", facts, f"{text}\n\n{appeal}")


def changed(
    refused: Refused, case: Case, authority: Authority, who: str, what: str, day: str, number: int
) -> PaperDocument:
    """The new decision where the first was plainly wrong (FL 38 and 39 §§); ``what`` tells how and why."""
    text = (
        f"BESLUT\n{authority.name} ändrar {_which(refused, authority)}.\n\n"
        f"SÅ ÄNDRAS DET, OCH VARFÖR\n{what.strip()}\n\n"
        f"DITT ÖVERKLAGANDE\nDitt överklagande gäller nu också det här beslutet. {authority.name} lämnar det till "
        f"{COURT_NAMES[refused.court]} tillsammans med båda besluten (46 § förvaltningslagen)."
    )
    return PaperDocument(
        "Beslut om ändring efter omprövning", paper_facts(case, number, day, ("Beslutat av", who)), text
    )


def handed_on(
    refused: Refused, case: Case, authority: Authority, who: str, opinion: str, day: str, number: int
) -> PaperDocument:
    """The letter that goes with an appeal to the court (FL 46 §); ``opinion`` is the authority's own, if any."""
    parts = [
        f"{authority.name} lämnar över ett överklagande av {_which(refused, authority)}.",
        f"{_how_it_came(refused)} {_reviewed(refused)}",
        f"YTTRANDE\n{opinion.strip()}" if opinion.strip() else "",
        "BILAGOR\n" + "\n".join(f"– {one}" for one in _enclosed(refused)),
    ]
    facts = [("Till", COURT_NAMES[refused.court]), *paper_facts(case, number, day, ("Handläggare", who))]
    return PaperDocument("Överlämnande av överklagande", facts, "\n\n".join(part for part in parts if part))


def _how_it_came(refused: Refused) -> str:
    got = f"Den som överklagar fick del av beslutet den {_day(refused.handed_over)}. " if refused.handed_over else ""
    came = f"Överklagandet kom in den {_day(refused.appealed)}."
    return f"{got}{came} {_CAME[refused.timely or Timely.IN_TIME]}"


def _reviewed(refused: Refused) -> str:
    again = "Beslutet har omprövats"
    return f"{again} och ändrats." if refused.review is Review.CHANGED else f"{again} och står fast."


def _enclosed(refused: Refused) -> list[str]:
    new = ["beslutet om ändring"] if refused.review is Review.CHANGED else []
    first = f"beslutet den {_day(refused.decided)} (handling {refused.number})"
    rest = _TURNED_DOWN if refused.turns_down else _ASKED_FOR
    return ["överklagandet", first, *new, *rest]


_ASKED_FOR = ("de begärda handlingarna, med det utmärkt som omfattas av sekretess",)
# The court tries whether the first appeal came in time, and nothing else.
_TURNED_DOWN = (
    "det överklagande som avvisades",
    "det beslut som det gällde",
    "det som visar när det beslutet lämnades och när överklagandet av det kom in",
)


def _which(refused: Refused, authority: Authority) -> str:
    day = _day(refused.decided)
    return f"{authority.name}s beslut den {day} (handling {refused.number}) att {refused.matter}"


def _day(day: date | None) -> str:
    return swedish_date(day) if day else ""

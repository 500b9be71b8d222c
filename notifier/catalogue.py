"""The letters as a list: to whom each goes, what causes it and when it must leave (domain.md §8)."""

from dataclasses import dataclass

from cases.letters.letter import LETTER_NAMES, LetterKind
from notifier.variables import NEEDS, Needs


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One letter for ``lyhord letters``; every text is Swedish."""

    kind: LetterKind
    name: str
    audience: str
    trigger: str
    deadline: str
    needs: Needs
    languages: tuple[str, ...]


_K = LetterKind
# (audience where it is not the sender, trigger, deadline)
_FACTS: dict[LetterKind, tuple[str, str, str]] = {
    _K.MOTTAGNING: ("", "meddelandet har kommit och är läst efter skyddsbehov", "en arbetsdag"),
    _K.STATUS: ("", "löftet om besked (O24), eller handläggaren väljer det", "profilens dag, Osby dag 10"),
    _K.VIDAREBEFORDRAD: ("", "ärendet har fått en annan mottagare (R9, R31)", "samma dag"),
    _K.LANGRE_TID: ("", "svaret hinner inte bli klart i tid (R5)", "innan svarstiden går ut"),
    _K.BESLUT_ATGARD: ("", "handläggaren svarar: åtgärd (O25)", "svarstiden"),
    _K.BESLUT_INGEN: ("", "handläggaren svarar: ingen åtgärd (O25)", "svarstiden"),
    _K.SVAR: ("", "handläggaren svarar på en fråga", "svarstiden"),
    _K.URSAKT: ("", "ett fel är erkänt (R3)", "svarstiden"),
    _K.KOMPLETTERA: ("", "något är oklart eller går inte att läsa", "innan svarstiden går ut"),
    _K.SEKRETESS_SAFE: ("", "ett annat brev får inte gå med e-post", "det andra brevets tid"),
    _K.HANVISNING: ("", "meddelande till någon som inte är i tjänst, eller i en dialog (O14, O15)", "svarstiden"),
    _K.EJ_ANSVAR: ("", "frågan hör till någon utanför kommunen", "svarstiden"),
    _K.BEROM: ("", "ärendet är beröm", "svarstiden"),
    _K.ESKALERAD: ("", "en chef tar över (R6, R30)", "samma dag"),
    _K.FRAGA_UTANFOR: ("någon utanför kommunen", "handläggaren behöver veta något", "genast"),
    _K.TILL_REGISTRATOR: (
        "registrator",
        "ett förslag finns att ta ställning till, ärendet är tillbaka, eller ingen enhet har det när löftet går ut",
        "nästa hämtning",
    ),
    _K.NYA_LISTA: (
        "registrator",
        "så många brev kommer att de nya ärendena samlas i ett mejl",
        "en halvtimme efter det första",
    ),
    _K.TILL_ENHETSREGISTRATOR: ("enhetens registrator", "ärendet är fördelat till enheten", "genast"),
    _K.TILL_HANDLAGGARE: ("handläggare", "ärendet är tilldelat", "genast"),
    _K.SVAR_INKOMMET: ("den som har ärendet", "ett nytt meddelande har kommit i ärendet", "genast"),
    _K.STUDS: ("den som har ärendet, kansliets registrator", "ett brev har studsat", "genast"),
    _K.TILL_FORVALTNINGSCHEF: ("förvaltningschef", "ärendet är registrerat eller besvarat (R17, R19)", "genast"),
    _K.TILL_CHEF: (
        "chef",
        "allvarligt ärende eller hot (R7, R8), lyft till chef (R6, R30), eller ingen enhet har det när löftet går ut",
        "genast, eller efter 30 minuter oöppnat",
    ),
    _K.PAMINNELSE_FORE: ("handläggare", "svarstiden går snart ut", "en arbetsdag före"),
    _K.PAMINNELSE_EFTER: ("handläggare", "svarstiden har gått ut", "varje arbetsdag efter"),
    _K.PAMINNELSE_LISTA: (
        "chef, och registrator där ingen handläggare finns",
        "svarstiden har gått ut",
        "varje arbetsdag efter, ett brev till var och en",
    ),
    _K.LARM_LISTA: (
        "registrator och chef",
        "ingen enhet har flera ärenden när löftet går ut",
        "svarstidens sista dag, ett brev till var och en",
    ),
    _K.HALVAR: (
        "enhetschef och förvaltning",
        "sammanställning väntar (R14, R20)",
        "två veckor före februari och augusti",
    ),
    _K.MEJLSVAR_SKICKAT: ("den som svarade med e-post", "svaret med e-post är skickat", "genast"),
    _K.FRANVARO: ("enhetens registrator", "handläggaren svarar automatiskt", "genast, en gång per frånvaro"),
    _K.OVERSYN: ("kansliets registrator", "rutinen ska ses över (O27)", "profilens månad, och påminnelse"),
    _K.BEVAKNING: (
        "den som har ärendet eller bad om det, och chefen när det är försenat; en visselblåsning bara dess mottagare",
        (
            "ett nej till utlämnande är olämnat eller kan överklagas; en visselblåsare ska få veta något; någon bad "
            "om det; något hände i ett ärende som man följer; någon flyttade det man hade"
        ),
        "en gång; ett överklagande en arbetsdag före och varje efter, en visselblåsning i god tid och från lagens dag",
    ),
    _K.KOLLEGA_SVARAT: (
        "den som har ärendet, och den som ersätter",
        "en kollega har svarat avsändaren med brev, på papper eller muntligt",
        "när brevet går, annars genast",
    ),
    _K.MEJLSVAR_STOPPAT: ("den som svarade med e-post", "svaret med e-post kunde inte skickas", "genast"),
}


def row(kind: LetterKind, languages: tuple[str, ...]) -> CatalogueRow:
    """The letter's row; ``languages`` are those it has templates in."""
    audience, trigger, due = _FACTS[kind]
    return CatalogueRow(kind, LETTER_NAMES[kind], audience or "den som skrev", trigger, due, NEEDS[kind], languages)

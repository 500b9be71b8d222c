"""Confidentiality flags: why something is kept back, what the law says, and what the flag changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class FlagKind(StrEnum):
    """A reason to keep something back (domain brief §4, labelling guide)."""

    SOCIALTJANST = "osl_26_socialtjanst"
    HALSA = "osl_25_halsa"
    SKOLA = "osl_23_skola"
    HALSA_SEXUALLIV = "osl_21_halsa_sexualliv"
    SKYDDAD_IDENTITET = "skyddad_identitet"
    PERSONNUMMER = "personnummer"
    BARN = "barn"
    OROSANMALAN = "orosanmalan"
    HOT_VALD = "hot_vald"
    ANSTALLD_UTPEKAD = "anstalld_utpekad"
    TREDJE_MAN = "tredje_man"
    VISSELBLASNING = "visselblasning"
    SAKERHET = "osl_18_sakerhet"
    UPPHANDLING = "upphandling"


class Effect(StrEnum):
    """What a flag does, weakest first (Rulings, Letters out)."""

    MASK = "mask"
    """Left out of register lines, notices and quotes; letters leave as usual."""
    SAFE = "safe"
    """Only ``sekretess_safe`` texts leave by mail; the answer itself by post, phone or secure mail."""
    NO_MAIL = "no_mail"
    """Nothing leaves by mail at all."""
    HOLD = "hold"
    """Nothing automatic leaves until a person decides."""


_READERS = "Läses av registrator, handläggare, deras chef och den som fått läsrätt med ett skäl. Varje läsning loggas."
_SAFE = "Svar går per brev, telefon eller säkert meddelande. Med e-post går bara en neutral hänvisning."
_MASK = "Uppgiften utelämnas ur register, aviseringar och citat. Breven går som vanligt."


@dataclass(frozen=True, slots=True)
class FlagRule:
    """What a registrator reads about a flag: Swedish label, legal ground, and the effect in plain words.

    ``why`` is what is protected, ``means`` what may be mailed and shown, ``readers`` who may read the case.
    """

    label: str
    ground: str
    effect: Effect
    means: str
    icon: str
    why: str
    readers: str = _READERS


FLAG_RULES: dict[FlagKind, FlagRule] = {
    FlagKind.SOCIALTJANST: FlagRule(
        "Socialtjänst och omsorg",
        "OSL 26 kap. 1 § (26:5 för den som lämnar uppgifter)",
        Effect.SAFE,
        _SAFE,
        "hand",
        "Brevet berättar om någons kontakt med socialtjänst, äldreomsorg eller LSS. Sådant är hemligt om det inte står "
        "klart att ingen lider men.",
    ),
    FlagKind.HALSA: FlagRule(
        "Kommunal hälso- och sjukvård",
        "OSL 25 kap. 1 §",
        Effect.SAFE,
        _SAFE,
        "cross",
        "Brevet berättar om någons hälsa i kommunens vård. Sådant är hemligt om det inte står klart att ingen lider "
        "men.",
    ),
    FlagKind.SKOLA: FlagRule(
        "Elev eller förskolebarn",
        "OSL 23 kap. 1–3 §§",
        Effect.SAFE,
        _SAFE,
        "book",
        "Brevet berättar om ett enskilt barns personliga förhållanden i skola, förskola eller fritidshem: stöd, hälsa, "
        "kränkningar, tillsägelser.",
    ),
    FlagKind.HALSA_SEXUALLIV: FlagRule(
        "Hälsa eller sexualliv",
        "OSL 21 kap. 1 §",
        Effect.SAFE,
        _SAFE,
        "heart",
        "Brevet berättar om sjukdom, missbruk, funktionsnedsättning, sexualliv eller könsidentitet hos någon som går "
        "att känna igen. Det är hemligt om någon kan lida betydande men.",
    ),
    FlagKind.SKYDDAD_IDENTITET: FlagRule(
        "Skyddad identitet",
        "OSL 21 kap. 3 och 3 a §§",
        Effect.NO_MAIL,
        "Ingenting skickas med e-post. Post går genom Skatteverkets förmedling. Kontaktuppgifterna visas bara på ett "
        "ställe, bakom ett klick.",
        "shield",
        "Någon lever med skyddad folkbokföring, sekretessmarkering eller gömd. Den som söker personen kan komma åt "
        "vanlig e-post.",
    ),
    FlagKind.PERSONNUMMER: FlagRule(
        "Personnummer",
        "Dataskyddslagen 3 kap. 10 §",
        Effect.MASK,
        _MASK,
        "id",
        "Brevet innehåller ett giltigt personnummer eller samordningsnummer. Det sprids inte mer än som behövs.",
    ),
    FlagKind.BARN: FlagRule(
        "Enskilt barn",
        "Barnkonventionen artikel 3 och 16; OSL efter innehåll",
        Effect.MASK,
        _MASK,
        "child",
        "Saken gäller ett barn som går att känna igen. Barnets bästa väger tungt.",
    ),
    FlagKind.OROSANMALAN: FlagRule(
        "Orosanmälan",
        "Socialtjänstlagen 19 kap. 1 och 4 §§, OSL 26 kap. 1 och 5 §§",
        Effect.SAFE,
        "Lämnas genast till socialtjänsten, per telefon eller säkert. Innehållet får inte spridas någon annanstans. "
        "Med e-post går bara en neutral hänvisning.",
        "alert",
        "Någon oroar sig för att ett barn eller en vuxen far illa. Den som anmäler kan också behöva skydd.",
    ),
    FlagKind.HOT_VALD: FlagRule(
        "Hot eller våld",
        "Kommunens policy om hot och våld; OSL 21 kap. 3 § för den som hotas",
        Effect.HOLD,
        "Chefen larmas. Inget skickas av sig självt förrän en person har bestämt det.",
        "bolt",
        "Brevet hotar någon, eller berättar om våld. Ett automatiskt svar kan göra saken värre.",
    ),
    FlagKind.ANSTALLD_UTPEKAD: FlagRule(
        "Utpekad anställd",
        "OSL 39 kap. 1–3 §§ där de är tillämpliga",
        Effect.MASK,
        _MASK,
        "badge",
        "En anställd som går att känna igen anklagas. Namnet är inte hemligt i sig, men hör inte hemma i registret.",
    ),
    FlagKind.TREDJE_MAN: FlagRule(
        "Uppgifter om någon annan",
        "OSL 21 eller 26 kap. efter innehåll",
        Effect.MASK,
        _MASK,
        "people",
        "Brevet berättar känsliga saker om någon som varken är avsändaren, en anhörig eller anställd.",
    ),
    FlagKind.VISSELBLASNING: FlagRule(
        "Visselblåsning",
        "Lag 2021:890, OSL 32 kap. 3 b § och 17 kap. 3 b §",
        Effect.HOLD,
        "Inget skickas av sig självt. Mottagandet bekräftas inom sju dagar, återkoppling ges inom tre månader.",
        "whistle",
        "Någon som arbetar i eller åt kommunen berättar om missförhållanden. Vem det är skyddas alltid.",
        "Läses bara av dem som är utsedda att ta emot visselblåsningar. Varje läsning loggas.",
    ),
    FlagKind.SAKERHET: FlagRule(
        "Säkerhetsuppgifter",
        "OSL 18 kap. 8 och 13 §§",
        Effect.SAFE,
        _SAFE,
        "lock",
        "Brevet berättar om koder, larm, lås, väktare eller hål i datasystem. Sprids det blir skyddet sämre.",
    ),
    FlagKind.UPPHANDLING: FlagRule(
        "Upphandling",
        "OSL 19 kap. 3 §",
        Effect.SAFE,
        _SAFE,
        "gavel",
        "Brevet berättar om anbud eller om en upphandling som inte är avgjord. Anbud är hemliga tills valet är gjort.",
    ),
}


class FlagState(StrEnum):
    """Where a flag stands. A suggested flag acts as if it were true; only a person clears it."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class ConfidentialityFlag:
    """One flag on one case, with the passage that raised it and who last decided on it.

    ``start`` and ``end`` are character positions in the message's text, -1 where a person raised the flag.
    """

    kind: FlagKind
    state: FlagState
    passage: str = ""
    start: int = -1
    end: int = -1
    confidence: float = 1.0
    decided_by: str = ""
    reason: str = ""

    @property
    def active(self) -> bool:
        """True while the flag acts: suggested or confirmed."""
        return self.state is not FlagState.CLEARED


def active_kinds(flags: Iterable[ConfidentialityFlag]) -> frozenset[FlagKind]:
    """The kinds of the flags that act."""
    return frozenset(f.kind for f in flags if f.active)


def effects(flags: Iterable[ConfidentialityFlag]) -> frozenset[Effect]:
    """Every effect the active flags have together."""
    return frozenset(FLAG_RULES[kind].effect for kind in active_kinds(flags))

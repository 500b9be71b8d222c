"""The special tracks: matters that law or routine takes another way than a synpunkt, and what to do with each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Track(StrEnum):
    """A special track (domain brief §5), the most pressing first."""

    AKUT_FARA = "akut_fara"
    OROSANMALAN = "orosanmalan"
    VISSELBLASNING = "visselblasning"
    LEX_SARAH = "lex_sarah"
    VARDSKADA = "vardskada"
    KRANKNING = "krankning"
    OVERKLAGANDE = "overklagande"
    ALLMAN_HANDLING = "allman_handling"
    GDPR = "gdpr"
    JO = "jo"
    SKADESTAND = "skadestand"
    BROTT = "brott"
    PARKERING = "parkering"
    MILJOANMALAN = "miljoanmalan"
    MEDBORGARFORSLAG = "medborgarforslag"
    SKOLKLAGOMAL = "skolklagomal"
    FELANMALAN = "felanmalan"


@dataclass(frozen=True, slots=True)
class TrackRule:
    """What a registrator reads about a track.

    ``sensitive``: to select cases by it would select people by sensitive facts (dataskyddslagen 3:3), so no list does.
    ``ordinary``: it follows from type and unit alone, so a case on it goes the usual way and is not marked.
    ``tell``: what the sender may be told; a person chooses the letter.
    """

    label: str
    do: str
    ground: str
    tell: str
    icon: str
    sensitive: bool = False
    ordinary: bool = False


_TELL = "Tala om för avsändaren vem som tar över."
_SILENT = "Skriv ingenting till avsändaren som avslöjar vad brevet handlar om."

TRACK_RULES: dict[Track, TrackRule] = {
    Track.AKUT_FARA: TrackRule(
        "Akut fara",
        "Pågår det nu? Ring 112. Larma sedan chefen i beredskap. E-post är ingen väg för nödläge.",
        "Lag om skydd mot olyckor 2 kap. 1 §",
        "Ring avsändaren om det går. Mottagningsbekräftelsen påminner om 112.",
        "alert",
    ),
    Track.OROSANMALAN: TrackRule(
        "Orosanmälan",
        "Lämna genast till socialnämnden, per telefon eller säkert meddelande. Innehållet får inte spridas någon "
        "annanstans. Socialnämnden beslutar inom 14 dagar om den ska utreda.",
        "Socialtjänstlagen 19 kap. 1 och 4 §§, 20 kap. 2 §",
        _SILENT,
        "child",
        sensitive=True,
    ),
    Track.VISSELBLASNING: TrackRule(
        "Visselblåsning",
        "Bara utsedda mottagare läser. Bekräfta inom sju dagar, återkoppla inom tre månader. Skydda vem som skrev.",
        "Lag 2021:890 5 kap. 5–8 §§",
        "Utsedda mottagare bekräftar. Ingen annan skriver till avsändaren.",
        "whistle",
        sensitive=True,
    ),
    Track.LEX_SARAH: TrackRule(
        "Lex Sarah",
        "Ett missförhållande i omsorgen rapporteras genast inom socialtjänsten av den som får veta det. Ett allvarligt "
        "anmäls till IVO.",
        "Socialtjänstlagen 27 kap. 2 och 6 §§",
        _TELL,
        "hand",
        sensitive=True,
    ),
    Track.VARDSKADA: TrackRule(
        "Vårdskada",
        "Vårdgivaren utreder och svarar med en förklaring. Berätta om patientnämnden. Verksamheten bedömer lex Maria.",
        "Patientsäkerhetslagen 3 kap. 5 och 8 b §§, lag 2017:372",
        _TELL,
        "cross",
        sensitive=True,
    ),
    Track.KRANKNING: TrackRule(
        "Kränkande behandling",
        "Till rektor i dag. Rektor anmäler till huvudmannen, som utreder skyndsamt.",
        "Skollagen 6 kap. 10 §",
        _TELL,
        "people",
        sensitive=True,
    ),
    Track.OVERKLAGANDE: TrackRule(
        "Överklagande",
        "Till den som beslutade, i dag, med uppgift om när brevet kom in. Läs välvilligt: ordet överklaga behöver inte "
        "stå där. Den som beslutade prövar om det kom i tid och lämnar det vidare.",
        "Förvaltningslagen 43–46 §§; kommunallagen 13 kap. 5 § för laglighetsprövning",
        _TELL,
        "gavel",
    ),
    Track.ALLMAN_HANDLING: TrackRule(
        "Begäran om allmän handling",
        "Till den som lämnar ut handlingar, genast. Fråga inte vem som begär eller varför.",
        "Tryckfrihetsförordningen 2 kap. 15–18 §§, OSL 6 kap. 3 §",
        _TELL,
        "document",
    ),
    Track.GDPR: TrackRule(
        "Begäran enligt GDPR",
        "Till nämnden och dataskyddsombudet. Svar inom en månad. Gäller det uppgifter som kommit i orätta händer: "
        "säg det genast, en incident anmäls inom 72 timmar.",
        "Dataskyddsförordningen artikel 12, 15–17 och 33",
        _TELL,
        "id",
    ),
    Track.JO: TrackRule(
        "Brev från JO",
        "Till kansliet, i dag. JO sätter egna svarstider: skriv dagen som en anteckning med påminnelse i journalen.",
        "Lag 2023:499 med instruktion för Riksdagens ombudsmän",
        "JO får svar av den som JO har frågat.",
        "gavel",
    ),
    Track.SKADESTAND: TrackRule(
        "Skadestånd",
        "Till jurist eller försäkringsbolag. Medge ingenting, lova ingenting.",
        "Skadeståndslagen 3 kap. 2 §",
        _TELL,
        "gavel",
    ),
    Track.BROTT: TrackRule(
        "Brott eller tips",
        "Hänvisa till polisen, 114 14, eller 112 om det pågår. Är det hot mot personal: följ policyn om hot och våld.",
        "Policy om hot och våld",
        _TELL,
        "bolt",
        sensitive=True,
    ),
    Track.PARKERING: TrackRule(
        "Parkeringsanmärkning",
        "Rättelse och bestridande hör till Polismyndigheten. En kontrollavgift bestrids hos bolaget som skrev den.",
        "Lag 1976:206 8 och 9 §§",
        "Tala om vart man vänder sig.",
        "id",
    ),
    Track.MILJOANMALAN: TrackRule(
        "Miljöanmälan",
        "Till tillsynen och miljödiariet. Misstänkt brott anmäls till polisen.",
        "Miljöbalken 26 kap. 1 och 2 §§",
        _TELL,
        "leaf",
    ),
    Track.MEDBORGARFORSLAG: TrackRule(
        "Medborgarförslag",
        "Till kommunfullmäktige, där fullmäktige har bestämt att sådana får väckas.",
        "Kommunallagen 8 kap. 1 §",
        _TELL,
        "people",
    ),
    Track.SKOLKLAGOMAL: TrackRule(
        "Skolklagomål",
        "Bekräfta, utred skyndsamt och återkoppla. Rektor och huvudman har egna rutiner för klagomål.",
        "Skollagen 4 kap. 8 §",
        _TELL,
        "book",
        ordinary=True,
    ),
    Track.FELANMALAN: TrackRule(
        "Felanmälan",
        "Lägg in i felanmälningssystemet.",
        "Kommunens rutin",
        _TELL,
        "wrench",
        ordinary=True,
    ),
}

_BY_LABEL = {rule.label: track for track, rule in TRACK_RULES.items()}
OWN_ROUTINE = "Följ kommunens rutin för den här ordningen."
_URGENCY = tuple(Track)


@dataclass(frozen=True, slots=True)
class SuggestedTrack:
    """A track a letter seems to belong to: the passage that says so, where it stands, and how sure, 0 to 1.

    ``start`` and ``end`` count in `Suggestion.text`.
    """

    track: Track
    passage: str
    start: int
    end: int
    confidence: float


def track_of(label: str) -> Track | None:
    """The track with this Swedish name, as a case keeps it; None for one of the municipality's own."""
    return _BY_LABEL.get(label)


def foremost(tracks: Iterable[SuggestedTrack]) -> str:
    """The name of the most pressing track that is not ordinary; empty where there is none."""
    marked = (one.track for one in tracks if not TRACK_RULES[one.track].ordinary)
    found = min(marked, key=_URGENCY.index, default=None)
    return TRACK_RULES[found].label if found else ""


def selectable() -> tuple[str, ...]:
    """The names by which a list may be narrowed: none that tells of people's sensitive facts (dataskyddslagen 3:3)."""
    return tuple(rule.label for rule in TRACK_RULES.values() if not rule.sensitive)

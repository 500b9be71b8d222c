"""What the letters' templates may name: each variable's meaning, who fills it, a sample, and which letters take it."""

from dataclasses import dataclass
from enum import StrEnum

from cases.letters.letter import LetterKind


class Filler(StrEnum):
    """Who fills a variable, and how much room the field needs on the desk."""

    SYSTEM = "system"
    SHORT = "short"
    """A person, on one line."""
    TEXT = "text"
    """A person, in paragraphs."""
    DATE = "date"
    """A person picks a day; it arrives written as ``4 december 2026``."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One name a template may use. ``meaning`` is Swedish, for the desk's form and for ``lyhord letters``."""

    name: str
    meaning: str
    filler: Filler
    sample: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What one letter takes: without a ``required`` value it is not rendered, an ``optional`` one may be empty."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the required ones first."""
        return (*self.required, *self.optional)


_S, _SHORT, _TEXT, _DATE = Filler.SYSTEM, Filler.SHORT, Filler.TEXT, Filler.DATE
_ALL = (
    Variable("arende_id", "Ärendenummer", _S, "EK-2026-00001"),
    Variable("registry_number", "Diarienummer", _S, "KS 2026/118"),
    Variable("mottagen_datum", "Dagen då kommunen tog emot meddelandet", _S, "21 november 2026"),
    Variable("enhet", "Enheten som har ärendet", _S, "Gata och park"),
    Variable("forvaltning", "Förvaltningen som har ärendet", _S, "Samhällsbyggnadsförvaltningen"),
    Variable("handlaggare", "Den som svarar eller har hand om ärendet, med namn", _S, "Maja Ek"),
    Variable("titel", "Handläggarens befattning", _S, "trafikingenjör"),
    Variable("kontakt", "Hur handläggaren nås", _S, "0400-12 34 56, maja.ek@ekdala.example"),
    Variable("chef", "Chefens namn", _S, "Anders Lind"),
    Variable("chef_titel", "Chefens befattning", _S, "gatuchef"),
    Variable("chef_kontakt", "Hur chefen nås", _S, "0400-12 34 57, anders.lind@ekdala.example"),
    Variable(
        "lank",
        "Länk till ärendet eller underlaget på skrivbordet, bara i interna brev",
        _S,
        "https://lyhord.ekdala.example/arende/1",
    ),
    Variable("status_lank", "Länk till avsändarens egen sida om ärendet", _S, "https://www.ekdala.example/mitt-arende"),
    Variable(
        "hjalpt_lank",
        "Länk till sidan där avsändaren säger om svaret hjälpte, när kommunen frågar det",
        _S,
        "https://www.ekdala.example/mitt-arende",
    ),
    Variable("frist", "Dagen då svaret eller underlaget senast ska vara klart", _S, "4 december 2026"),
    Variable("alder", "Hur länge svarstiden har varit ute", _S, "två arbetsdagar"),
    Variable("dag", "Dagen då brevet skrevs", _S, "4 december 2026"),
    Variable("antal", "Hur många ärenden brevet handlar om", _S, "17 ärenden"),
    Variable("fler", "Hur många av ärendena som inte ryms i brevet", _S, "14 ärenden"),
    Variable("ofordelat", "”ja” när något av ärendena inte är fördelat, annars tomt", _S, "ja"),
    Variable(
        "arenden",
        "Ärenden, ett på varje rad: numret, vad som får sägas och en länk, med lodräta streck emellan",
        _S,
        "EK-2026-00001|Försenat fem arbetsdagar. Inte fördelat än.|https://lyhord.ekdala.example/arenden/1\n"
        "EK-2026-00004|Försenat tre arbetsdagar. Felanmälan – gata, trafik och park. Gata och park. "
        "Handläggare: Maja Ek.|https://lyhord.ekdala.example/arenden/4\n"
        "EK-2026-00007|Försenat en arbetsdag. Skyddat ärende. Gata och park. Handläggare: Maja Ek."
        "|https://lyhord.ekdala.example/arenden/7",
    ),
    Variable("period", "Tiden som en sammanställning gäller", _S, "andra halvåret 2026"),
    Variable(
        "saknas",
        "Uppgifter som saknas i underlaget, en på varje rad",
        _S,
        "Åtgärd saknas i tre ärenden\nOrsak saknas i ett ärende",
    ),
    Variable(
        "svarslankar",
        "Färdiga svar med e-post, ett på varje rad: hur det skrivs, ett lodrätt streck och en länk",
        _S,
        "Svar på fråga – #svar, med din text|mailto:svar+abc@ekdala.example?subject=%23svar",
    ),
    Variable("forslag", "Enheten som föreslås för ärendet, bara när inget hindrar det", _S, "Gata och park"),
    Variable("enhetskoder", "Enheternas koder, en på varje rad", _S, "gata – Gata och park\nva – Vatten och avfall"),
    Variable("rutin", "Rutinens namn", _S, "Synpunkter och klagomål"),
    Variable("gjort", "Vad ett svar med e-post ledde till", _S, "Brevet ”Svar på fråga” går nu till den som skrev."),
    Variable("hinder", "Varför ett svar med e-post inte skickades", _S, "Det här saknas: ”När:”."),
    Variable("skyddat", '"ja" när ärendet är skyddat, annars tomt; sorten nämns aldrig', _S, "ja"),
    Variable("utsedda", '"ja" när bara de som är utsedda läser ärendet, annars tomt; varför nämns aldrig', _S, "ja"),
    Variable(
        "anledning",
        "Varför brevet kommer, en eller två meningar, när det inte är som vanligt",
        _S,
        "Ärendet är lyft till dig.",
    ),
    Variable("bradskande", "”ja” när ärendet ser allvarligt ut, annars tomt", _S, "ja"),
    Variable("mottagare_namn", "Namnet på den som har tagit över ärendet", _SHORT, "Karin Berg"),
    Variable("mottagare_befattning", "Befattningen hos den som har tagit över ärendet", _SHORT, "enhetschef"),
    Variable("delat_fran", "Numret på ärendet som det här är en del av, när brevet är uppdelat", _S, "EK-2026-00002"),
    Variable("ratt_instans", "Vem som har hand om frågan i stället för kommunen", _SHORT, "Trafikverket"),
    Variable("ratt_kontakt", "Hur den som har hand om frågan nås", _SHORT, "Telefon 0771-921 921"),
    Variable("vem", "Vem som gör det", _SHORT, "vår driftgrupp för gatubelysning"),
    Variable("nar", "När det blir gjort", _SHORT, "senast den 4 december 2026"),
    Variable("ny_tid", "Den nya dagen då svaret senast kommer", _DATE, "4 december 2026"),
    Variable("svarsdatum", "Dagen då svar senast behövs eller lämnas", _DATE, "4 december 2026"),
    Variable("skal", "Varför det är så", _TEXT, "Vi behöver mäta ljuset på plats innan vi kan svara."),
    Variable("fraga", "Det vi behöver veta", _TEXT, "Vilken lykta gäller det? Numret står på stolpen."),
    Variable("lage", "Vad som är gjort så här långt", _TEXT, "Vi har varit på platsen och beställt en ny armatur."),
    Variable("nasta_steg", "Vad som händer nu", _TEXT, "Armaturen byts när den har kommit."),
    Variable("atgard", "Vad som görs", _TEXT, "Vi byter lampan och ser över de andra längs vägen."),
    Variable("motivering", "Hur vi har resonerat", _TEXT, "Belysningen uppfyller de krav som gäller för vägen."),
    Variable("svar", "Själva svaret", _TEXT, "Ja, lyktorna tänds i skymningen och släcks klockan sex."),
    Variable("fel", "Vad som blev fel", _TEXT, "Felanmälan blev liggande hos oss."),
    Variable("rattelse", "Hur felet rättas till", _TEXT, "Vi lagar lyktan och ändrar vår rutin."),
)
VARIABLES: dict[str, Variable] = {v.name: v for v in _ALL}

_K = LetterKind
_CASE = ("arende_id", "mottagen_datum")
# R10: whoever answers gives name and title. Under threat the unit's name is filled in (domain.md §3, SFS 2025:582).
_PERSON = (*_CASE, "enhet", "handlaggare", "titel", "kontakt")
_MORE = ("registry_number", "forvaltning")
_ASKS = (*_MORE, "hjalpt_lank")
_STAFF = (*_CASE, "lank")
_DESK = ("registry_number", "enhet", "frist", "skyddat")

NEEDS: dict[LetterKind, Needs] = {
    # The receipt names no unit and quotes nothing (Rulings, Letters out).
    _K.MOTTAGNING: Needs(_CASE, ("status_lank",)),
    _K.STATUS: Needs((*_PERSON, "lage", "nasta_steg"), (*_MORE, "svarsdatum")),
    _K.VIDAREBEFORDRAD: Needs(
        (*_CASE, "mottagare_namn", "mottagare_befattning", "enhet"),
        ("registry_number", "forvaltning", "kontakt", "skal", "delat_fran"),
    ),
    _K.LANGRE_TID: Needs((*_CASE, "ny_tid", "skal", "handlaggare", "enhet", "kontakt"), (*_MORE, "titel")),
    _K.BESLUT_ATGARD: Needs(
        (*_PERSON, "atgard", "nar", "vem"), (*_ASKS, "motivering", "chef", "chef_titel", "chef_kontakt")
    ),
    _K.BESLUT_INGEN: Needs((*_PERSON, "motivering", "chef", "chef_titel", "chef_kontakt"), _ASKS),
    _K.SVAR: Needs((*_PERSON, "svar"), _ASKS),
    _K.URSAKT: Needs((*_PERSON, "rattelse", "nar"), (*_ASKS, "fel")),
    _K.KOMPLETTERA: Needs((*_PERSON, "fraga", "svarsdatum"), _MORE),
    _K.SEKRETESS_SAFE: Needs(("arende_id",)),
    # A message to staff off duty may never have become a case.
    _K.HANVISNING: Needs((), _CASE),
    _K.EJ_ANSVAR: Needs((*_PERSON, "ratt_instans"), (*_MORE, "ratt_kontakt", "motivering")),
    _K.BEROM: Needs((*_PERSON, "vem"), _MORE),
    _K.ESKALERAD: Needs((*_CASE, "chef", "chef_titel"), (*_MORE, "enhet", "chef_kontakt", "svarsdatum")),
    # Nothing of whoever wrote, not even when.
    _K.FRAGA_UTANFOR: Needs(("arende_id", *_PERSON[len(_CASE) :], "fraga"), (*_MORE, "svarsdatum")),
    _K.TILL_REGISTRATOR: Needs(
        _STAFF, (*_DESK, "utsedda", "anledning", "bradskande", "forslag", "svarslankar", "enhetskoder")
    ),
    _K.NYA_LISTA: Needs(("lank", "dag", "antal", "arenden"), ("fler", "anledning")),
    _K.TILL_ENHETSREGISTRATOR: Needs((*_STAFF, "enhet", "frist"), ("registry_number", "skyddat")),
    _K.TILL_HANDLAGGARE: Needs((*_STAFF, "frist"), ("registry_number", "enhet", "skyddat", "utsedda", "svarslankar")),
    _K.SVAR_INKOMMET: Needs(_STAFF, _DESK),
    _K.STUDS: Needs(_STAFF, _DESK),
    _K.TILL_FORVALTNINGSCHEF: Needs((*_STAFF, "enhet"), ("registry_number", "frist", "skyddat", "lage")),
    _K.TILL_CHEF: Needs(_STAFF, (*_DESK, "anledning")),
    _K.PAMINNELSE_FORE: Needs((*_STAFF, "frist", "lage"), ("registry_number", "enhet", "skyddat", "utsedda")),
    _K.PAMINNELSE_EFTER: Needs(
        (*_STAFF, "frist", "alder"), ("registry_number", "enhet", "skyddat", "utsedda", "handlaggare")
    ),
    _K.PAMINNELSE_LISTA: Needs(("lank", "dag", "antal", "arenden"), ("fler", "ofordelat")),
    _K.LARM_LISTA: Needs(("dag", "antal", "arenden"), ("lank", "fler")),
    _K.HALVAR: Needs(("lank", "period", "frist"), ("enhet", "saknas")),
    _K.MEJLSVAR_SKICKAT: Needs((*_STAFF, "gjort"), _DESK),
    # What was written as a new mail may name no case.
    _K.MEJLSVAR_STOPPAT: Needs(("lank", "hinder"), (*_CASE, *_DESK)),
    _K.FRANVARO: Needs((*_STAFF, "handlaggare"), _DESK),
    _K.OVERSYN: Needs(("lank", "rutin", "frist")),
    _K.BEVAKNING: Needs((*_STAFF, "anledning"), _DESK),
    _K.KOLLEGA_SVARAT: Needs((*_STAFF, "gjort"), _DESK),
}


# What the renderer itself adds: the subject without the case number, as the heading; whether it is printed; the logo.
RENDERED = frozenset({"rubrik", "papper", "logotyp"})


# Where a variable's own sample would be another letter's.
_OWN_SAMPLES: dict[tuple[LetterKind, str], str] = {
    (_K.PAMINNELSE_LISTA, "lank"): "https://lyhord.ekdala.example/forsenat",
    (_K.NYA_LISTA, "lank"): "https://lyhord.ekdala.example/att-fordela",
    (_K.NYA_LISTA, "anledning"): "Alla kommer från samma avsändare.",
    # What is listed and what is not are together as many as the letter says.
    (_K.NYA_LISTA, "fler"): "15 ärenden",
    (_K.NYA_LISTA, "arenden"): (
        "EK-2026-00031|Kom in den 4 december 2026.|https://lyhord.ekdala.example/arenden/31\n"
        "EK-2026-00032|Kom in den 4 december 2026. Skyddat ärende.|https://lyhord.ekdala.example/arenden/32"
    ),
    (_K.LARM_LISTA, "lank"): "https://lyhord.ekdala.example/att-fordela",
    (_K.LARM_LISTA, "fler"): "15 ärenden",
    (_K.LARM_LISTA, "arenden"): (
        "EK-2026-00011|Svarstiden går ut den 4 december 2026.|https://lyhord.ekdala.example/arenden/11\n"
        "EK-2026-00012|Svarstiden går ut den 4 december 2026. Skyddat ärende."
        "|https://lyhord.ekdala.example/arenden/12"
    ),
    (_K.TILL_REGISTRATOR, "anledning"): "Ärendet är tillbaka för ny fördelning.",
    (_K.BEVAKNING, "anledning"): "Ett överklagande ska vara hos kammarrätten senast den 4 december 2026.",
    (_K.KOLLEGA_SVARAT, "gjort"): "Siv Ros har skickat brevet ”Svar på fråga” till avsändaren.",
    (_K.TILL_REGISTRATOR, "svarslankar"): (
        "Bekräfta: Gata och park – #bekrafta-1a2b3c4d|mailto:svar+abc@ekdala.example?subject=%23bekrafta-1a2b3c4d\n"
        "Ändra till en annan enhet – #andra-1a2b3c4d, med enhetens kod"
        "|mailto:svar+abc@ekdala.example?subject=%23andra-1a2b3c4d"
    ),
    (_K.VIDAREBEFORDRAD, "kontakt"): "0400-12 34 58, karin.berg@ekdala.example",
    (_K.VIDAREBEFORDRAD, "skal"): "De har hand om all belysning längs cykelvägarna.",
    (_K.BESLUT_ATGARD, "motivering"): "Lampan är trasig, och de andra längs vägen är lika gamla.",
    (_K.EJ_ANSVAR, "motivering"): "Vägen är statens, och belysningen längs den också.",
}


OWN_MEANINGS: dict[tuple[LetterKind, str], str] = {
    (_K.BEROM, "vem"): "Vem som har fått tacket",
    (_K.KOLLEGA_SVARAT, "gjort"): "Vad kollegan har gjort",
}
"""Where a variable means another thing in one letter."""


def meaning(kind: LetterKind, name: str) -> str:
    """What a variable means in this letter, in Swedish."""
    return OWN_MEANINGS.get((kind, name), VARIABLES[name].meaning)


def sample_values(kind: LetterKind, *, optional: bool = True) -> dict[str, str]:
    """Sample values for a letter, each variable set, for lint."""
    names = NEEDS[kind].names if optional else NEEDS[kind].required
    return {name: _OWN_SAMPLES.get((kind, name), VARIABLES[name].sample) for name in names}


def preview_values(kind: LetterKind) -> dict[str, str]:
    """Sample values of an ordinary case, for previews: a protected one never has the sender's text or reply links."""
    return {
        name: value for name, value in sample_values(kind).items() if name not in ("skyddat", "utsedda", "delat_fran")
    }

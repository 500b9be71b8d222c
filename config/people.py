"""The keys of who is who: the municipality, its nämnder, förvaltningar and enheter, the areas, and what is promised."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cases.people.organisation import Registration
from cases.promises import Counting, PromiseKind, Rollover
from cases.routing.areas import AREA_NAMES, Area
from config.kinds import (
    BOOLEAN,
    FILE,
    LINE,
    ORGANISATION_NUMBER,
    REGISTRY_PATTERN,
    SLUG,
    integer,
    list_of,
    one_of,
    optional,
)
from config.places import EMAIL, URL
from config.schema import Key, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalitySettings:
    """The municipality as a citizen meets it; name, contact and whom to ask about personal data."""

    name: Annotated[str, Key(LINE, "Kommunens namn, som det står i brev.", example="Ekdala kommun")]
    organisation_number: Annotated[
        str, Key(optional(ORGANISATION_NUMBER), "Organisationsnummer. Står på de öppna sidorna.", default="")
    ]
    web: Annotated[str, Key(URL, "Kommunens webbplats.", example="https://www.kommunen.example")]
    phone: Annotated[str, Key(LINE, "Växelns nummer.", example="0123-456 00")]
    visiting_address: Annotated[str, Key(LINE, "Besöksadress.", example="Storgatan 1, Ekdala")]
    postal_address: Annotated[str, Key(optional(LINE), "Postadress, om den är en annan.", default="")]
    dpo_name: Annotated[
        str,
        Key(LINE, "Dataskyddsombudets namn eller titel. Står på de öppna sidorna.", default="Dataskyddsombudet"),
    ]
    dpo_contact: Annotated[str, Key(EMAIL, "Dataskyddsombudets e-postadress.", example="dataskydd@kommunen.example")]
    logo: Annotated[
        Path | Literal[""],
        Key(
            optional(FILE),
            "Kommunens logotyp, PNG eller SVG, högst 200 kB. Syns i breven, på skrivbordet och på de öppna sidorna.",
            default="",
            example="logotyp.svg",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationTable:
    """Where matters without a given unit go, and whose the installation is."""

    home_authority: Annotated[
        str, Key(SLUG, "Id för den nämnd som kansliet hör till, oftast kommunstyrelsen.", example="ks")
    ]
    central_unit: Annotated[
        str,
        Key(
            SLUG,
            "Id för enheten som tar emot det som ingen annan har pekats ut för, oftast kansliet.",
            rules="O17",
            example="kansli",
        ),
    ]
    central_registrators: Annotated[
        tuple[str, ...],
        Key(
            list_of(EMAIL),
            "Adresser till kansliets registratorer.",
            default=(),
            rules="O17, R18",
            example=["registrator@kommunen.example"],
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityTable:
    """A nämnd."""

    id: Annotated[str, Key(SLUG, "Nämndens id.", example="ks")]
    name: Annotated[str, Key(LINE, "Nämndens namn.", example="Kommunstyrelsen")]
    series: Annotated[str, Key(LINE, "Diariets serie; varje nämnd med eget diarium har sin.", example="KS")]
    registry_pattern: Annotated[
        str,
        Key(
            REGISTRY_PATTERN,
            "Mönster för diarienummer: {year}, {serial} och om ni vill {plan}.",
            example="KS/{year}:{serial}",
        ),
    ]
    registers: Annotated[
        Registration,
        Key(
            one_of(Registration),
            "Vad som diarieförs: sekretess (det andra hålls ordnat här) eller all.",
            default=Registration.SEKRETESS,
            rules="R18, R26, R27",
        ),
    ]
    plan_code: Annotated[str, Key(optional(LINE), "Kod i diarieplanen för synpunkter.", default="", example="003")]
    diary_of: Annotated[
        str,
        Key(
            optional(SLUG),
            "Id för nämnden vars registratorer för diariet; tomt betyder den egna. De ser numren, inte ärendena.",
            default="",
            rules="R18, R28",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialTable:
    """A person in office."""

    name: Annotated[str, Key(LINE, "Namn.", rules="R10", example="Karin Exempel")]
    title: Annotated[str, Key(LINE, "Befattning.", rules="R10", example="Förvaltningschef")]
    email: Annotated[str, Key(EMAIL, "E-postadress.", example="karin.exempel@kommunen.example")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentTable:
    """A förvaltning."""

    id: Annotated[str, Key(SLUG, "Förvaltningens id.", example="samhalle")]
    name: Annotated[str, Key(LINE, "Förvaltningens namn.", example="Samhällsbyggnadsförvaltningen")]
    authority: Annotated[str, Key(SLUG, "Id för dess nämnd.", example="ks")]
    head: Annotated[OfficialTable, Table(OfficialTable, "Förvaltningschefen (R17).")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTable:
    """An enhet."""

    id: Annotated[str, Key(SLUG, "Enhetens id.", example="gata")]
    name: Annotated[str, Key(LINE, "Enhetens namn.", example="Gata och park")]
    department: Annotated[str, Key(SLUG, "Id för dess förvaltning.", example="samhalle")]
    manager: Annotated[OfficialTable, Table(OfficialTable, "Enhetens chef (R6, R7).")]
    registrators: Annotated[
        tuple[str, ...],
        Key(
            list_of(EMAIL),
            "Adresser till enhetens registratorer, som får veta om nya ärenden.",
            default=(),
            rules="O18, R16",
        ),
    ]
    phone: Annotated[str, Key(optional(LINE), "Enhetens telefon.", default="")]
    took_over: Annotated[
        tuple[str, ...],
        Key(
            list_of(SLUG),
            "Id:n som enheter hade före en omorganisation, vars ärenden den här enheten har tagit över.",
            default=(),
            example=["gata_norr", "gata_soder"],
        ),
    ]
    external: Annotated[bool, Key(BOOLEAN, "Enheten ligger utanför kommunen, till exempel ett förbund.", default=False)]


def _area(area: Area) -> Key:
    return Key(optional(SLUG), f"Id för enheten som svarar för ämnet {AREA_NAMES[area]}.", default="", example="kansli")


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTable:
    """Which unit answers for each neutral area; the fields are the areas' ids."""

    default: Annotated[
        bool,
        Key(BOOLEAN, "Låt ämnen som saknas nedan gå till organisation.central_unit.", default=False, rules="O17"),
    ]
    kansli: Annotated[str, _area(Area.KANSLI)]
    gata_park: Annotated[str, _area(Area.GATA_PARK)]
    va_avfall: Annotated[str, _area(Area.VA_AVFALL)]
    bygglov: Annotated[str, _area(Area.BYGGLOV)]
    miljo_halsa: Annotated[str, _area(Area.MILJO_HALSA)]
    forskola: Annotated[str, _area(Area.FORSKOLA)]
    grundskola: Annotated[str, _area(Area.GRUNDSKOLA)]
    gymnasium_vux: Annotated[str, _area(Area.GYMNASIUM_VUX)]
    aldreomsorg: Annotated[str, _area(Area.ALDREOMSORG)]
    funktionsstod: Annotated[str, _area(Area.FUNKTIONSSTOD)]
    ifo: Annotated[str, _area(Area.IFO)]
    halso_sjukvard: Annotated[str, _area(Area.HALSO_SJUKVARD)]
    kultur_fritid: Annotated[str, _area(Area.KULTUR_FRITID)]
    raddning: Annotated[str, _area(Area.RADDNING)]
    fastighet_lokal: Annotated[str, _area(Area.FASTIGHET_LOKAL)]
    kost: Annotated[str, _area(Area.KOST)]
    naringsliv: Annotated[str, _area(Area.NARINGSLIV)]
    personal: Annotated[str, _area(Area.PERSONAL)]
    extern: Annotated[str, _area(Area.EXTERN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseTable:
    """What is promised, and when it falls due."""

    kind: Annotated[
        PromiseKind,
        Key(one_of(PromiseKind), "receipt (mottagning), status (besked) eller answer (svar).", example="answer"),
    ]
    days: Annotated[
        int, Key(integer(1, 365, "dagar"), "Antal dagar efter den dag brevet kom in.", rules="O24, R2, R4", example=3)
    ]
    counting: Annotated[
        Counting,
        Key(one_of(Counting), "Räkna kalenderdagar (calendar) eller arbetsdagar (working).", default=Counting.WORKING),
    ]
    rollover: Annotated[
        Rollover,
        Key(
            one_of(Rollover),
            "När en kalenderdag faller på en ledig dag: back (före) eller forward (efter).",
            default=Rollover.BACK,
        ),
    ]
    rule: Annotated[
        str, Key(optional(LINE), "Regeln i rutinen, som visas i ärendets journal.", default="", example="R4")
    ]

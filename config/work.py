"""The keys of how the work is done: cases, escalation, reports, the routine, the classifier, retention."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cases.case import Channel, Outcome
from cases.people.access import Role
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType
from config.kinds import (
    BOOLEAN,
    DATE,
    FOLDER,
    LINE,
    PLACE,
    SHARE,
    SLUG,
    choice,
    integer,
    list_of,
    one_of,
    optional,
)
from config.schema import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSettings:
    """What is a case, how it comes in, who registers it and how it may end."""

    channels: Annotated[
        tuple[Channel, ...],
        Key(
            list_of(one_of(Channel), least=1),
            "Vägar in att välja bland i Nytt ärende.",
            default=tuple(Channel),
            rules="O9, O10, R26, R29",
        ),
    ]
    refused_channels: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            "Vägar som inte blir ärenden. Nytt ärende säger det, och hänvisar till webben eller blanketten.",
            default=("andra sociala medier",),
            rules="O13",
        ),
    ]
    not_a_case_reasons: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE, least=1),
            "Skäl att välja bland när ett brev inte blir något ärende. Den som väljer kan skriva egna ord också.",
            default=("Allmänt samtal om samhället", "Inte en synpunkt eller ett klagomål"),
            rules="O12",
        ),
    ]
    sender_types: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            "Avsändare att välja bland i Nytt ärende, frivilligt.",
            default=("Invånare", "Närstående", "Myndighet", "Förening", "Besökare"),
            rules="O2, R24",
        ),
    ]
    fault_report_is_complaint: Annotated[
        bool, Key(BOOLEAN, "Räkna en felanmälan som klagomål.", default=True, rules="O4, O5")
    ]
    first_receiver: Annotated[
        Literal["central", "unit"],
        Key(
            choice("central", "unit"),
            "Vem som registrerar: central (kansliets registrator, om ingen enhet är utpekad) eller unit (enheten som "
            "tar emot).",
            default="central",
            rules="O17, O18, R16",
        ),
    ]
    quick_close: Annotated[
        bool, Key(BOOLEAN, "Låt enheten lösa och avsluta småsaker i ett steg.", default=False, rules="R25")
    ]
    improvement: Annotated[
        bool,
        Key(BOOLEAN, "Fråga efter orsak och förbättring när ett ärende avslutas.", default=True, rules="O1, O3, R12"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSettings:
    """One way a case may end and who may choose it (O23)."""

    outcome: Annotated[Outcome, Key(one_of(Outcome), "Utfallet.", rules="O19, O20, O21, O22, O25", example="acted")]
    roles: Annotated[
        tuple[Role, ...],
        Key(
            list_of(one_of(Role), least=1),
            "Vilka roller som får välja utfallet.",
            rules="O23",
            example=["handlaggare", "chef"],
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationSettings:
    """When the chef is told or takes over."""

    on_unhappy: Annotated[bool, Key(BOOLEAN, "När avsändaren inte är nöjd med svaret.", default=True, rules="R6")]
    on_request: Annotated[
        bool, Key(BOOLEAN, "När avsändaren ber om det, eller handläggaren kört fast.", default=True, rules="R30")
    ]
    on_serious: Annotated[bool, Key(BOOLEAN, "När det som hänt är allvarligt.", default=True, rules="R7")]
    on_threat: Annotated[bool, Key(BOOLEAN, "När brevet innehåller hot eller våld.", default=True, rules="R8")]
    serious_minutes: Annotated[
        int,
        Key(
            integer(1, 1440, "minuter"),
            "Hur länge ett allvarligt brev får ligga oöppnat innan chefen larmas.",
            default=30,
            rules="R7, R8",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettings:
    """Which compilations are made, when, of what and for whom."""

    half_yearly_months: Annotated[
        tuple[int, ...],
        Key(
            list_of(integer(1, 12)),
            "Månader då sammanställningen ska lämnas, till exempel [2, 8]; tomt om den bara görs varje år.",
            default=(),
            rules="R13, R14, R20",
            example=[2, 8],
        ),
    ]
    yearly_month: Annotated[
        int, Key(integer(1, 12), "Månad då årets sammanställning ska vara klar.", default=2, rules="O26")
    ]
    weeks_before: Annotated[
        int, Key(integer(0, 12, "veckor"), "Hur långt före ett utkast går till de ansvariga.", default=2, rules="R14")
    ]
    chain: Annotated[
        tuple[Literal["unit", "department", "central", "authority"], ...],
        Key(
            list_of(choice("unit", "department", "central", "authority"), least=1),
            "Vägen som sammanställningen går: enhet, förvaltning, kansli, hemnämnd.",
            default=("central", "authority"),
            rules="R13, R20, R22",
        ),
    ]
    columns: Annotated[
        tuple[Literal["unit", "date", "concerns", "measure", "kind", "cause"], ...],
        Key(
            list_of(choice("unit", "date", "concerns", "measure", "kind", "cause"), least=1),
            "Kolumner i sammanställningen.",
            default=("unit", "date", "concerns", "measure"),
            rules="O26, R15, R21",
        ),
    ]
    hallmarks: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            "Kännetecken som ärenden kan märkas med.",
            default=(),
            rules="R23",
            example=["Tillgänglighet", "Förtroende", "Kompetens"],
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineSettings:
    """The adopted routine the profile follows: where it was decided and when it is looked over."""

    name: Annotated[str, Key(LINE, "Rutinens namn.", default="Synpunkter och klagomål")]
    adopted_by: Annotated[
        str,
        Key(
            optional(LINE),
            "Vem som antog rutinen. Står under Hjälp, som de två följande.",
            default="",
            rules="O28",
            example="Kommunfullmäktige",
        ),
    ]
    adopted_on: Annotated[
        date | Literal[""], Key(optional(DATE), "När den antogs.", default="", rules="O28", example=date(2017, 2, 13))
    ]
    reference: Annotated[
        str, Key(optional(LINE), "Diarienummer för beslutet.", default="", rules="O28", example="KS/2016:597 003")
    ]
    review_month: Annotated[
        int, Key(integer(1, 12), "Månad då rutin och introduktion ses över varje år.", default=1, rules="O27")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierSettings:
    """The model, and what it may do without a person; never anything where a flag is set."""

    model_folder: Annotated[
        Path | Literal[""], Key(optional(FOLDER), "Mapp med egen modell; tomt betyder den som följer med.", default="")
    ]
    embedder: Annotated[
        Path | Literal[""],
        Key(
            optional(FOLDER),
            "Mapp med egen kodare (sentence-transformers) att träna modellen med; tomt betyder den som följer med.",
            default="",
        ),
    ]
    auto_confirm: Annotated[bool, Key(BOOLEAN, "Fördela säkra ärenden utan att en människa bekräftar.", default=False)]
    auto_confirm_areas: Annotated[
        tuple[Area, ...],
        Key(
            list_of(one_of(Area), name="lista av ämnen"),
            "Ämnen där det får ske.",
            default=(),
            example=["gata_park"],
        ),
    ]
    auto_confirm_confidence: Annotated[float, Key(SHARE, "Lägsta säkerhet för det.", default=0.95)]
    local_training: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Låt modellen lära av bekräftade brev utan markering. Modellmappen blir då lika hemlig som databasen.",
            default=False,
        ),
    ]
    local_folder: Annotated[
        Path | Literal[""],
        Key(
            optional(PLACE),
            "Mapp för modeller som lärt av kommunens egna brev; tomt betyder mappen modeller bredvid SQLite-databasen.",
            default="",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """How long letters are kept; never disposed of without a decision (arkivlagen 1990:782)."""

    years: Annotated[
        int, Key(integer(0, 100, "år"), "Gallra avslutade ärenden efter så många år; 0 betyder aldrig.", default=0)
    ]
    decision: Annotated[
        str,
        Key(
            optional(LINE),
            "Diarienummer för gallringsbeslutet; krävs när years eller loose_years inte är 0.",
            default="",
            example="KS/2020:12 004",
        ),
    ]
    loose_years: Annotated[
        int,
        Key(
            integer(0, 100, "år"),
            "Gallra meddelanden som inte blev ärenden (skräppost, automatsvar) efter så många år; 0 betyder aldrig.",
            default=0,
        ),
    ]
    automatic: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Låt tjänsten gallra själv, varje natt, det som reglerna säger. Annars gör en person det på skrivbordet.",
            default=False,
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRuleSettings:
    """A rule of its own for some cases; the first that fits counts, and ``[retention]`` for the rest."""

    id: Annotated[str, Key(SLUG, "Regelns namn i protokollet.", example="berom")]
    years: Annotated[int, Key(integer(1, 100, "år"), "Gallra så många år efter att ärendet har avslutats.", example=2)]
    decision: Annotated[str, Key(LINE, "Diarienummer för gallringsbeslutet.", example="KS/2020:12 004")]
    types: Annotated[
        tuple[CaseType, ...],
        Key(list_of(one_of(CaseType)), "Vilka slag av ärenden; tomt betyder alla.", default=(), example=["berom"]),
    ]
    outcomes: Annotated[
        tuple[Outcome, ...],
        Key(list_of(one_of(Outcome)), "Vilka utfall; tomt betyder alla.", default=(), example=["answered"]),
    ]
    registered: Annotated[
        bool, Key(BOOLEAN, "Beslutet gäller även diarieförda ärenden. Annars är de kvar.", default=False)
    ]
    protected: Annotated[bool, Key(BOOLEAN, "Beslutet gäller även skyddade ärenden. Annars är de kvar.", default=False)]

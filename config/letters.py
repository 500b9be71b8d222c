"""The keys of letters out: which, when, in what language, with what number and links."""

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from config.kinds import (
    BOOLEAN,
    CASE_PATTERN,
    CLOCK,
    DATE,
    FOLDER,
    LANGUAGE,
    TEXT,
    integer,
    list_of,
    optional,
)
from config.places import HOST, URL
from config.schema import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSettings:
    """Which letters leave by themselves, in which languages, and how often."""

    languages: Annotated[
        tuple[str, ...],
        Key(
            list_of(LANGUAGE, least=1),
            "Språk som brev får skrivas på, det vanliga först. Kräver godkända mallar.",
            default=("sv",),
        ),
    ]
    template_folder: Annotated[
        Path | Literal[""],
        Key(
            optional(FOLDER),
            "Mapp med egna mallar, som går före Lyhörds; tomt om det inte finns några.",
            default="",
            example="mallar",
        ),
    ]
    forward_notice: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Berätta för avsändaren när ärendet lämnas vidare, och till vem.",
            default=True,
            rules="R9, R10, R31",
        ),
    ]
    delay_notice: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Berätta före svarstidens slut att svaret dröjer, och vem som har ärendet.",
            default=True,
            rules="R5",
        ),
    ]
    delay_reason: Annotated[
        str,
        Key(
            TEXT,
            "Vad beskedet säger om skälet när handläggaren inte har skrivit något. Hitta aldrig på ett skäl.",
            default="Vi behöver mer tid för att gå igenom ditt ärende.",
            rules="R5",
        ),
    ]
    delay_working_days: Annotated[
        int,
        Key(
            integer(1, 60, "arbetsdagar"),
            "Hur långt fram nytt besked utlovas när handläggaren inte har satt ett datum.",
            default=10,
            rules="R5",
        ),
    ]
    department_head_copy: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Låt förvaltningschefen veta när ett ärende är registrerat och när det är besvarat.",
            default=False,
            rules="R17, R19",
        ),
    ]
    receipts_per_day: Annotated[
        int, Key(integer(1, 50, "brev"), "Högsta antal mottagningsbekräftelser till samma adress per dygn.", default=3)
    ]
    notices_per_sender: Annotated[
        int,
        Key(
            integer(1, 1000, "mejl"),
            "Högsta antal mejl i timmen till en registrator om nya ärenden från samma avsändare. Vad som är mer samlas "
            "i ett mejl, efter en halvtimme. Om det som är brådskande går alltid ett eget mejl.",
            default=5,
        ),
    ]
    notices_per_hour: Annotated[
        int,
        Key(
            integer(1, 1000, "mejl"),
            "Högsta antal mejl i timmen till en registrator om nya ärenden, vem de än kommer från. Sedan samlas de på "
            "samma sätt.",
            default=30,
        ),
    ]
    receipt_wait_minutes: Annotated[
        int,
        Key(
            integer(1, 1440, "minuter"),
            "Hur länge mottagningsbekräftelsen väntar på klassificeringen innan den går ändå.",
            default=60,
        ),
    ]
    remind_working_days: Annotated[
        int, Key(integer(0, 20, "arbetsdagar"), "Hur långt före svarstidens slut handläggaren påminns.", default=1)
    ]
    internal_domains: Annotated[
        tuple[str, ...],
        Key(
            list_of(HOST),
            "Kommunens egna domäner. Den som skriver därifrån räknas som medarbetare, och när hen vidarebefordrar ett "
            "brev är avsändaren den som skrev det.",
            default=(),
            example=["kommunen.example"],
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """When letters to citizens may leave. Holidays are known; none of this moves a promise."""

    opens: Annotated[time, Key(CLOCK, "Tidigast på dagen som brev till medborgare går iväg.", default=time(7, 0))]
    closes: Annotated[time, Key(CLOCK, "Senast på dagen som brev till medborgare går iväg.", default=time(18, 0))]
    closing_days: Annotated[
        tuple[date, ...],
        Key(
            list_of(DATE),
            "Kommunens egna stängda dagar. Då går inga brev, men inget löfte flyttas.",
            default=(),
            example=[date(2026, 12, 23)],
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingSettings:
    """How case numbers look; registry numbers are each authority's."""

    case: Annotated[
        str, Key(CASE_PATTERN, "Mönster för ärendenummer, med {year} och {serial}.", example="EK-{year}-{serial:05d}")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """Public pages that letters and the desk refer to; an empty one is left out."""

    information: Annotated[str, Key(optional(URL), "Sidan om att lämna synpunkter.", default="", rules="O8")]
    form: Annotated[str, Key(optional(URL), "Webbformuläret.", default="", rules="O9, O14")]
    paper_form: Annotated[str, Key(optional(URL), "Blanketten att skriva ut.", default="", rules="O14, O15")]
    fault_report: Annotated[str, Key(optional(URL), "Felanmälan. Står på de öppna sidorna.", default="", rules="O4")]
    privacy: Annotated[str, Key(optional(URL), "Hur personuppgifter behandlas.", default="")]
    accessibility: Annotated[
        str, Key(optional(URL), "Tillgänglighetsredogörelsen. Står på de öppna sidorna.", default="")
    ]
    staff_guide: Annotated[str, Key(optional(URL), "Personalens sida om rutinen.", default="", rules="O6, O7, R1, R32")]
    threat_policy: Annotated[
        str,
        Key(
            optional(URL),
            "Policyn om hot och våld, för personalen. Står under Hjälp, och i ärenden som är markerade för hot.",
            default="",
            rules="R8",
        ),
    ]

"""The keys of what is open to others than staff: the public pages, and the API for other systems."""

from dataclasses import dataclass
from typing import Annotated, Literal

from cases.records.public import OPEN_AREAS
from cases.routing.areas import Area
from config.kinds import BOOLEAN, choice, integer, list_of, one_of, optional
from config.places import NETWORK, SECURE_URL
from config.schema import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSettings:
    """The open register and the citizen's own page; both are off until switched on."""

    register: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Visa ett öppet register över pågående ärenden på /oppet/arenden, utan inloggning. Bara oskyddade ärenden "
            "som en människa har fördelat; aldrig avsändare eller brev.",
            default=False,
        ),
    ]
    case_page: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Låt mottagningsbekräftelsen ha en hemlig länk där avsändaren ser hur långt det egna ärendet har kommit.",
            default=False,
        ),
    ]
    ask_if_helped: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Fråga i brevet med svaret om det hjälpte, med en länk till avsändarens sida, där man svarar ja eller nej. "
            "Ett nej med några ord öppnar ärendet igen. Aldrig i skyddade ärenden. Kräver case_page.",
            default=False,
        ),
    ]
    base_url: Annotated[
        str,
        Key(
            optional(SECURE_URL),
            "Adressen som invånare når de öppna sidorna på; tomt betyder skrivbordets. Släpp då bara fram /oppet/, "
            "/static/ och /robots.txt till den.",
            default="",
            example="https://arenden.kommunen.example",
        ),
    ]
    indexable: Annotated[
        bool, Key(BOOLEAN, "Låt sökmotorer ta upp det öppna registret. Avsändarens sida tas aldrig upp.", default=False)
    ]
    areas: Annotated[
        tuple[Area, ...],
        Key(
            list_of(one_of(Area), name="lista av ämnen"),
            "Ämnen som får synas i det öppna registret. En enhet nämns på avsändarens sida bara om den svarar för "
            "något av dem, och inte för något annat.",
            default=OPEN_AREAS,
        ),
    ]
    link_days: Annotated[
        int, Key(integer(1, 1825, "dagar"), "Hur länge länken i bekräftelsen går att öppna.", default=365)
    ]
    cache_minutes: Annotated[
        int,
        Key(
            integer(0, 1440, "minuter"),
            "Hur länge en mellanserver får visa det öppna registret utan att fråga om något har ändrats. Så länge kan "
            "ett ärende synas efter att det har fått en markering; med 0 försvinner det genast.",
            default=0,
        ),
    ]
    requests_per_minute: Annotated[
        int, Key(integer(10, 10_000, "frågor"), "Hur många sidor en adress får hämta i minuten.", default=60)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """The API at /api/v1 and webhooks; off until switched on."""

    enabled: Annotated[
        bool, Key(BOOLEAN, "Svara andra system på /api/v1, som docs/admin/api.md beskriver.", default=False)
    ]
    description: Annotated[
        Literal["token", "open", "none"],
        Key(
            choice("token", "open", "none"),
            "Vem som får läsa /api/v1/openapi.json: den som har en nyckel, alla, eller ingen.",
            default="token",
        ),
    ]
    requests_per_minute: Annotated[
        int, Key(integer(10, 10_000, "frågor"), "Hur många frågor ett system får ställa i minuten.", default=120)
    ]
    max_letter_bytes: Annotated[
        int,
        Key(
            integer(100_000, 50_000_000, "byte"),
            "Hur stort ett inlämnat brev med bilagor får vara.",
            default=15_000_000,
        ),
    ]
    webhook_networks: Annotated[
        tuple[str, ...],
        Key(
            list_of(NETWORK),
            "Egna nät som händelser får skickas till. Annars bara till adresser på det öppna nätet.",
            default=(),
            example=["10.20.0.0/16"],
        ),
    ]
    webhook_tries: Annotated[
        int,
        Key(integer(1, 50, "försök"), "Hur många gånger en händelse skickas innan Lyhörd ger upp.", default=12),
    ]

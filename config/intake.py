"""The keys of known forms' mails, and of the virus scanner."""

from dataclasses import dataclass
from typing import Annotated, Literal

from cases.case import Channel
from config.kinds import LINE, SLUG, choice, integer, list_of, optional
from config.places import EMAIL, NETWORK, SCANNER
from config.schema import Key

_TOLD = "Frågor i formuläret vars svar är"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMailSettings:
    """One form, e-service or app that mails in citizens' names: how it is known, and what its questions are called."""

    id: Annotated[str, Key(SLUG, "Formulärets id.", example="e-tjanst")]
    senders: Annotated[
        tuple[str, ...],
        Key(
            list_of(EMAIL, least=1),
            "Adresserna som formuläret skickar från. Medborgaren är den som står i formuläret, inte de.",
            rules="O9",
            example=["noreply@e-tjanster.kommunen.example"],
        ),
    ]
    subject: Annotated[
        str,
        Key(
            optional(LINE),
            "Hur ämnesraden börjar, om samma adress skickar annat också.",
            default="",
            example="Ny synpunkt",
        ),
    ]
    machines: Annotated[
        tuple[str, ...],
        Key(
            list_of(NETWORK),
            "Ip-adresser eller nät som formuläret och era egna e-postservrar finns på. Ett brev som bara har gått "
            "genom dem gäller även utan DMARC. Ett brev som varken DMARC eller de här styrker väntar på att en "
            "registrator bekräftar avsändaren.",
            default=(),
            example=["10.20.0.0/16"],
        ),
    ]
    channel: Annotated[
        Literal["web", "form", "app"],
        Key(choice("web", "form", "app"), "Vägen in som ärendet får.", default="web", rules="O9"),
    ]
    name: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            f"{_TOLD} hela namnet. I JSON och XML är en fråga ett namn eller en väg med punkter.",
            default=("Namn", "Ditt namn", "För- och efternamn", "Förnamn och efternamn", "Avsändare"),
        ),
    ]
    first_name: Annotated[
        tuple[str, ...], Key(list_of(LINE), f"{_TOLD} förnamnet.", default=("Förnamn", "firstname", "first_name"))
    ]
    last_name: Annotated[
        tuple[str, ...], Key(list_of(LINE), f"{_TOLD} efternamnet.", default=("Efternamn", "lastname", "last_name"))
    ]
    email: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            f"{_TOLD} e-postadressen.",
            default=("E-post", "E-postadress", "Epost", "Din e-post", "Din e-postadress", "Mejladress", "email"),
        ),
    ]
    phone: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            f"{_TOLD} telefonnumret.",
            default=("Telefon", "Telefonnummer", "Mobil", "Mobiltelefon", "Mobilnummer", "phone"),
        ),
    ]
    address: Annotated[
        tuple[str, ...],
        Key(list_of(LINE), f"{_TOLD} postadressen.", default=("Adress", "Postadress", "Din adress")),
    ]
    anonymous: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            f"{_TOLD} ja om avsändaren vill vara anonym.",
            default=("Anonym", "Vill du vara anonym", "Jag vill vara anonym", "anonymous"),
            rules="O11",
        ),
    ]
    answer_wanted: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            f"{_TOLD} nej om avsändaren inte vill ha svar.",
            default=("Vill du ha svar", "Jag vill ha svar", "Vill du ha återkoppling", "Återkoppling önskas"),
        ),
    ]
    place: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            f"{_TOLD} platsen.",
            default=("Plats", "Var", "Var gäller det", "Gata eller plats", "Position", "place"),
        ),
    ]
    category: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            f"{_TOLD} vad saken hör till.",
            default=("Kategori", "Ärendetyp", "Typ av ärende", "Vad gäller det", "Område", "category"),
        ),
    ]
    title: Annotated[
        tuple[str, ...],
        Key(list_of(LINE), f"{_TOLD} rubriken.", default=("Rubrik", "Ämne", "subject")),
    ]
    text: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE, least=1),
            f"{_TOLD} själva synpunkten.",
            default=("Beskrivning", "Meddelande", "Synpunkt", "Din synpunkt", "Dina synpunkter", "message", "text"),
        ),
    ]
    ends: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE),
            "Frågor vars svar inte behövs, men som avslutar svaret före dem.",
            default=("Ärendenummer", "Referensnummer", "Skickat", "Inskickat", "Datum", "Bilagor", "Bifogade filer"),
        ),
    ]

    @property
    def channel_in(self) -> Channel:
        """The way in as the rules know it."""
        return Channel(self.channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class AntivirusSettings:
    """ClamAV's daemon, where the municipality has one."""

    socket: Annotated[
        str,
        Key(
            optional(SCANNER),
            "Sockeln till clamd på den egna maskinen: en fil, eller värd och port. Tomt betyder att bilagor inte "
            "kontrolleras.",
            default="",
            example="/run/clamav/clamd.ctl",
        ),
    ]
    timeout_seconds: Annotated[
        int,
        Key(
            integer(1, 300, "sekunder"),
            "Hur länge clamd får dröja med en bilaga. Sedan märks den som inte kontrollerad.",
            default=20,
        ),
    ]
    max_bytes: Annotated[
        int,
        Key(
            integer(100_000, 4_000_000_000, "byte"),
            "Större bilagor skickas inte till clamd; samma gräns som StreamMaxLength där.",
            default=25_000_000,
        ),
    ]

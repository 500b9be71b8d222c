"""The keys of letters on paper: the scanner's folder, the limits of reading, and the headings of printed blanketter."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from config.kinds import BOOLEAN, LINE, PLACE, SLUG, integer, list_of, optional
from config.schema import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSettings:
    """Where scanned letters are fetched and how documents are read."""

    drop_folder: Annotated[
        Path | Literal[""],
        Key(
            optional(PLACE),
            "Mappen som skannern lägger brev i (PDF, TIFF, JPEG, PNG); tomt betyder ingen.",
            default="",
            example="brev-in",
        ),
    ]
    done_folder: Annotated[
        Path | Literal[""],
        Key(
            optional(PLACE),
            "Mappen dit filerna flyttas när de är omhändertagna; krävs med drop_folder. Breven finns då i databasen.",
            default="",
            example="brev-klart",
        ),
    ]
    settle_seconds: Annotated[
        int,
        Key(
            integer(1, 3600, "sekunder"),
            "Hur länge en fil i mappen ska ligga oförändrad innan den räknas som klar.",
            default=5,
        ),
    ]
    split_on_blank: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Dela en inskannad bunt vid tomma sidor, inte bara vid skiljeblad. Stäng av om enkelsidiga brev skannas "
            "dubbelsidigt.",
            default=True,
        ),
    ]
    tesseract: Annotated[
        bool,
        Key(
            BOOLEAN,
            "Läs bilder av brev med Tesseract, om det är installerat. Annars läser en människa dem.",
            default=True,
        ),
    ]
    max_pages: Annotated[
        int, Key(integer(1, 200, "sidor"), "Så många sidor av ett dokument läses av maskin.", default=30)
    ]
    max_seconds: Annotated[
        int, Key(integer(10, 900, "sekunder"), "Så länge får läsningen av ett dokument hålla på.", default=120)
    ]


_HEADINGS = list_of(LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankettSettings:
    """A printed form: what it is known by, and the headings it has above each answer."""

    id: Annotated[str, Key(SLUG, "Blankettens id.", example="synpunkt")]
    marks: Annotated[
        tuple[str, ...],
        Key(
            list_of(LINE, least=1),
            "Tryckt text som bara den blanketten har, till exempel dess rubrik; all ska finnas.",
            example=["Blankett för synpunkter"],
        ),
    ]
    name: Annotated[tuple[str, ...], Key(_HEADINGS, "Ledtexter till avsändarens namn.", default=(), example=["Namn"])]
    email: Annotated[tuple[str, ...], Key(_HEADINGS, "Ledtexter till e-postadressen.", default=(), example=["E-post"])]
    phone: Annotated[tuple[str, ...], Key(_HEADINGS, "Ledtexter till telefonnumret.", default=(), example=["Telefon"])]
    address: Annotated[tuple[str, ...], Key(_HEADINGS, "Ledtexter till postadressen.", default=(), example=["Adress"])]
    place: Annotated[
        tuple[str, ...], Key(_HEADINGS, "Ledtexter till platsen det gäller.", default=(), example=["Plats"])
    ]
    subject: Annotated[
        tuple[str, ...], Key(_HEADINGS, "Ledtexter till vad det gäller.", default=(), example=["Det gäller"])
    ]
    text: Annotated[
        tuple[str, ...], Key(_HEADINGS, "Ledtexter till själva synpunkten.", default=(), example=["Min synpunkt"])
    ]
    other: Annotated[
        tuple[str, ...],
        Key(
            _HEADINGS,
            "Övriga ledtexter, så att det som följer dem inte hamnar i fältet före.",
            default=(),
            example=["Datum", "Underskrift"],
        ),
    ]

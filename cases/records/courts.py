"""The courts that try a decision not to hand out a document (OSL 6:8)."""

from enum import StrEnum


class Court(StrEnum):
    """The administrative courts of appeal (kammarrätter)."""

    GOTEBORG = "goteborg"
    JONKOPING = "jonkoping"
    STOCKHOLM = "stockholm"
    SUNDSVALL = "sundsvall"


COURT_NAMES: dict[Court, str] = {
    Court.GOTEBORG: "Kammarrätten i Göteborg",
    Court.JONKOPING: "Kammarrätten i Jönköping",
    Court.STOCKHOLM: "Kammarrätten i Stockholm",
    Court.SUNDSVALL: "Kammarrätten i Sundsvall",
}

"""Standard texts of the demonstration: what its street unit, and everybody, would write again and again."""

from datetime import datetime

from cases.letters.standard_texts import StandardText
from cases.ports import NewId, Tx

_TEXTS = (
    (
        "gata",
        "Gatlampa",
        "Vi byter trasiga gatlampor en gång i veckan, på tisdagar. Är kabeln av tar det oftast tre veckor.",
    ),
    ("gata", "Potthål", "Mindre hål lagar vi inom fem arbetsdagar. Större lagar vi när vi ändå asfalterar gatan."),
    ("", "Kontaktcenter", "Har du frågor når du kontaktcenter på 0400-12 30 00, vardagar klockan 8 till 16."),
)


def add_texts(tx: Tx, new_id: NewId, now: datetime) -> None:
    """Keep them as the system's own."""
    for unit, name, text in _TEXTS:
        tx.save_standard_text(StandardText(new_id(), unit, name, text, now, "system"))

"""Ekdala's forms, as its settings would name them, and the reading of a sample mail."""

from dataclasses import replace
from pathlib import Path

from cases.case import Channel
from cases.inbound.messages import InboundMessage
from ingest.forms.source import FormSource
from ingest.intake import Intake

MAILS = Path(__file__).parents[2] / "mails" / "forms"
LABELS = {
    "name": ("Namn", "Ditt namn", "reporter.name"),
    "first_name": ("Förnamn",),
    "last_name": ("Efternamn",),
    "email": ("E-post", "E-postadress", "reporter.email"),
    "phone": ("Telefon",),
    "anonymous": ("Vill du vara anonym", "anonymous"),
    "answer_wanted": ("Vill du ha svar",),
    "place": ("Plats", "Var gäller det", "street"),
    "category": ("Kategori", "Typ av ärende", "category"),
    "text": ("Beskrivning", "Beskriv din synpunkt", "Meddelande", "Din synpunkt", "description"),
}
WEB = FormSource(
    "e-tjanst",
    frozenset({"noreply@e-tjanster.ekdala.example"}),
    Channel.WEB,
    LABELS,
    machines=("203.0.113.0/24",),
    ends=("Referensnummer", "Skickat"),
)
APP = replace(WEB, id="app", channel=Channel.APP, subject="Fel anmält")
OWN = ("mx.ekdala.example",)


def intake(*sources: FormSource) -> Intake:
    return Intake(own_servers=OWN, forms=sources or (WEB, APP))


def raw(name: str) -> bytes:
    return (MAILS / name).read_bytes()


def read(name: str, *sources: FormSource) -> InboundMessage:
    return intake(*sources)(raw(name))

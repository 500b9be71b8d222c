"""Letters out: which kinds there are, to whom each goes, and where one stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class LetterKind(StrEnum):
    """The letters of domain.md §8; ids are ASCII and name the template's folder."""

    MOTTAGNING = "mottagning"
    STATUS = "status"
    VIDAREBEFORDRAD = "vidarebefordrad"
    LANGRE_TID = "langre_tid"
    BESLUT_ATGARD = "beslut_atgard"
    BESLUT_INGEN = "beslut_ingen"
    SVAR = "svar"
    URSAKT = "ursakt"
    KOMPLETTERA = "komplettera"
    SEKRETESS_SAFE = "sekretess_safe"
    HANVISNING = "hanvisning"
    EJ_ANSVAR = "ej_ansvar"
    BEROM = "berom"
    ESKALERAD = "eskalerad"
    FRAGA_UTANFOR = "fraga_utanfor"
    TILL_REGISTRATOR = "till_registrator"
    NYA_LISTA = "nya_lista"
    TILL_ENHETSREGISTRATOR = "till_enhetsregistrator"
    TILL_HANDLAGGARE = "till_handlaggare"
    SVAR_INKOMMET = "svar_inkommet"
    STUDS = "studs"
    TILL_FORVALTNINGSCHEF = "till_forvaltningschef"
    TILL_CHEF = "till_chef"
    PAMINNELSE_FORE = "paminnelse_fore"
    PAMINNELSE_EFTER = "paminnelse_efter"
    PAMINNELSE_LISTA = "paminnelse_lista"
    LARM_LISTA = "larm_lista"
    HALVAR = "halvar"
    MEJLSVAR_SKICKAT = "mejlsvar_skickat"
    MEJLSVAR_STOPPAT = "mejlsvar_stoppat"
    FRANVARO = "franvaro"
    OVERSYN = "oversyn"
    BEVAKNING = "bevakning"
    KOLLEGA_SVARAT = "kollega_svarat"


_K = LetterKind
LETTER_NAMES: dict[LetterKind, str] = {
    _K.MOTTAGNING: "Mottagningsbekräftelse",
    _K.STATUS: "Besked om läget",
    _K.VIDAREBEFORDRAD: "Lämnat vidare",
    _K.LANGRE_TID: "Vi behöver mer tid",
    _K.BESLUT_ATGARD: "Svar: vi gör en åtgärd",
    _K.BESLUT_INGEN: "Svar: ingen åtgärd",
    _K.SVAR: "Svar på fråga",
    _K.URSAKT: "Vi ber om ursäkt",
    _K.KOMPLETTERA: "Vi behöver mer uppgifter",
    _K.SEKRETESS_SAFE: "Neutralt meddelande",
    _K.HANVISNING: "Så lämnar du synpunkter",
    _K.EJ_ANSVAR: "Vi har inte hand om frågan",
    _K.BEROM: "Tack för ditt beröm",
    _K.ESKALERAD: "Chefen tar över",
    _K.FRAGA_UTANFOR: "Fråga till någon utanför",
    _K.TILL_REGISTRATOR: "Till registrator: ärende att fördela",
    _K.NYA_LISTA: "Till registrator: lista över nya ärenden",
    _K.TILL_ENHETSREGISTRATOR: "Till enhetens registrator: ärende till er",
    _K.TILL_HANDLAGGARE: "Till handläggare: nytt ärende",
    _K.SVAR_INKOMMET: "Till handläggare: nytt meddelande i ärendet",
    _K.STUDS: "Till handläggare: ett brev kom inte fram",
    _K.TILL_FORVALTNINGSCHEF: "Till förvaltningschef: för kännedom",
    _K.TILL_CHEF: "Till chef: brådskande",
    _K.PAMINNELSE_FORE: "Påminnelse före svarstid",
    _K.PAMINNELSE_EFTER: "Påminnelse efter svarstid",
    _K.PAMINNELSE_LISTA: "Påminnelse: lista över försenade ärenden",
    _K.LARM_LISTA: "Larm: lista över ärenden utan enhet",
    _K.HALVAR: "Dags för sammanställning",
    _K.MEJLSVAR_SKICKAT: "Till handläggare: ditt svar med e-post är skickat",
    _K.MEJLSVAR_STOPPAT: "Till handläggare: ditt svar med e-post stoppades",
    _K.FRANVARO: "Till registrator: handläggaren är borta",
    _K.OVERSYN: "Till kansliet: dags att se över rutinen",
    _K.BEVAKNING: "Till medarbetare: ett ärende att bevaka",
    _K.KOLLEGA_SVARAT: "Till handläggare: en kollega har svarat",
}

INTERNAL = frozenset(
    {
        _K.TILL_REGISTRATOR,
        _K.NYA_LISTA,
        _K.TILL_ENHETSREGISTRATOR,
        _K.TILL_HANDLAGGARE,
        _K.SVAR_INKOMMET,
        _K.STUDS,
        _K.TILL_FORVALTNINGSCHEF,
        _K.TILL_CHEF,
        _K.PAMINNELSE_FORE,
        _K.PAMINNELSE_EFTER,
        _K.PAMINNELSE_LISTA,
        _K.LARM_LISTA,
        _K.HALVAR,
        _K.MEJLSVAR_SKICKAT,
        _K.MEJLSVAR_STOPPAT,
        _K.FRANVARO,
        _K.OVERSYN,
        _K.BEVAKNING,
        _K.KOLLEGA_SVARAT,
    }
)
# What a handläggare chooses among under Svara, in the order of the list there.
ANSWERS = (
    _K.BESLUT_ATGARD,
    _K.BESLUT_INGEN,
    _K.SVAR,
    _K.STATUS,
    _K.LANGRE_TID,
    _K.KOMPLETTERA,
    _K.URSAKT,
    _K.BEROM,
    _K.EJ_ANSVAR,
    _K.VIDAREBEFORDRAD,
    _K.HANVISNING,
    _K.SEKRETESS_SAFE,
)
# The letters that are an answer, after which the case stands as answered.
FINAL = frozenset({_K.BESLUT_ATGARD, _K.BESLUT_INGEN, _K.SVAR, _K.URSAKT, _K.BEROM, _K.EJ_ANSVAR, _K.HANVISNING})


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter: what will be sent, to the character. ``subject`` is one line; ``html`` may be empty."""

    kind: LetterKind
    language: str
    subject: str
    text: str
    html: str


class OutboxStatus(StrEnum):
    """Where a letter out stands."""

    QUEUED = "queued"
    INFLIGHT = "inflight"
    AWAITING_RETRY = "awaiting_retry"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"
    UNCERTAIN = "uncertain"
    BOUNCED = "bounced"
    CANCELLED = "cancelled"
    POSTED = "posted"
    """On paper: a person put it in the post."""


NEVER_LEFT = (OutboxStatus.WITHHELD, OutboxStatus.CANCELLED)
"""The states of a letter that nobody got and nobody will."""

WAITS = (OutboxStatus.QUEUED, OutboxStatus.AWAITING_RETRY)
"""The states of a letter that is still to be sent and that no sender has."""

LEFT = (OutboxStatus.SENT, OutboxStatus.POSTED, OutboxStatus.BOUNCED, OutboxStatus.UNCERTAIN)
"""The states of a letter that left the municipality, or may have: a document of the case from then on (TF 2:10)."""

OUTBOX_NAMES: dict[OutboxStatus, str] = {
    OutboxStatus.QUEUED: "Väntar",
    OutboxStatus.INFLIGHT: "Skickas",
    OutboxStatus.AWAITING_RETRY: "Försöker igen",
    OutboxStatus.SENT: "Skickat",
    OutboxStatus.FAILED: "Misslyckades",
    OutboxStatus.WITHHELD: "Hålls inne",
    OutboxStatus.UNCERTAIN: "Ovisst",
    OutboxStatus.BOUNCED: "Studsade",
    OutboxStatus.CANCELLED: "Stoppat",
    OutboxStatus.POSTED: "Postat på papper",
}


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A rendered letter waiting, in flight, sent or failed.

    ``message_id`` is stable from the moment it is queued. ``not_before`` is when it may leave, ``retry_at`` the next
    try after a soft failure. ``automatic`` is true where no person pressed send. ``case_id`` may be empty for a letter
    about no case. ``in_reply_to`` and ``references`` are Message-IDs with angle brackets, for threading.
    ``enclosures`` are the ids of attachments that go along. ``copy_of`` is the letter that this is somebody's copy of;
    both show the addresses ``shown``, the citizen's first, where anybody is copied in.
    """

    id: str
    case_id: str
    recipient: str
    letter: Letter
    message_id: str
    created_at: datetime
    not_before: datetime
    status: OutboxStatus = OutboxStatus.QUEUED
    automatic: bool = True
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attempts: int = 0
    retry_at: datetime | None = None
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    error: str = ""
    created_by: str = "system"
    enclosures: tuple[str, ...] = ()
    copy_of: str = ""
    shown: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What staff and other systems call it; never to whom it goes."""
        name = LETTER_NAMES[self.letter.kind]
        return f"Kopia: {name}" if self.copy_of else name

    @property
    def internal(self) -> bool:
        """Whether it goes to staff."""
        return self.letter.kind in INTERNAL

    @property
    def waits(self) -> bool:
        """Whether it is still to be sent, and no sender has it."""
        return self.status in WAITS

    @property
    def leaves_at(self) -> datetime:
        """When a sender may claim it: at its time, or at that of the next try."""
        return self.retry_at or self.not_before

    @property
    def for_citizen(self) -> bool:
        """Whether it is for whoever wrote, by mail or on paper."""
        return not (self.internal or self.copy_of) and self.letter.kind is not LetterKind.FRAGA_UTANFOR

    @property
    def to_citizen(self) -> bool:
        """Whether it goes by mail to the address of whoever wrote."""
        return self.for_citizen and bool(self.recipient)


@dataclass(frozen=True, slots=True)
class LetterContext:
    """What a template may use. ``values`` are plain strings; the renderer adds the municipality's own constants."""

    values: Mapping[str, str] = field(default_factory=dict)

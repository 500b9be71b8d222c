"""Documents handed out on request (TF 2): what is in a case, what is masked in it, and the law that lets it be.

Masking takes the words away. Everything handed out is set anew from the text that is left.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from cases.calendar import swedish_time
from cases.flags import FLAG_RULES, ConfidentialityFlag, FlagKind
from cases.journal import EVENT_NAMES
from cases.letters import LETTER_NAMES, OutboxStatus
from cases.masking import Masker, PersonalKind
from cases.messages import ScanState
from cases.views import AttachmentFile, CaseFile

GROUNDS: Mapping[str, str] = {
    "21:1": "OSL 21 kap. 1 § (hälsa och sexualliv)",
    "21:3": "OSL 21 kap. 3 § (den som riskerar hot eller våld)",
    "21:3a": "OSL 21 kap. 3 a § (skyddad folkbokföring)",
    "21:7": "OSL 21 kap. 7 § (behandling i strid med dataskyddet)",
    "23:1": "OSL 23 kap. 1–3 §§ (förskola och skola)",
    "25:1": "OSL 25 kap. 1 § (hälso- och sjukvård)",
    "26:1": "OSL 26 kap. 1 § (socialtjänst)",
    "26:5": "OSL 26 kap. 5 § (den som har gjort en anmälan)",
    "18:8": "OSL 18 kap. 8 § (säkerhetsåtgärder)",
    "18:13": "OSL 18 kap. 13 § (risk- och sårbarhetsanalyser)",
    "19:3": "OSL 19 kap. 3 § (upphandling)",
    "32:3b": "OSL 32 kap. 3 b § (visselblåsning)",
    "39:3": "OSL 39 kap. 3 § (anställds personliga uppgifter)",
}
"""The grounds a registrator chooses among: what OSL calls for in a municipality's letters (domain.md §4)."""

DEFAULT_GROUND = "21:1"
JOURNAL = "journal"
"""The id of the document that the journal makes."""
_BY_FLAG = {
    "osl_26_socialtjanst": "26:1",
    "osl_25_halsa": "25:1",
    "osl_23_skola": "23:1",
    "osl_21_halsa_sexualliv": "21:1",
    "skyddad_identitet": "21:3",
    "orosanmalan": "26:1",
    "visselblasning": "32:3b",
    "osl_18_sakerhet": "18:8",
    "upphandling": "19:3",
    "anstalld_utpekad": "39:3",
    "personnummer": "21:7",
}
_KINDS = {
    PersonalKind.NAME: "Namn",
    PersonalKind.ADDRESS: "Adress",
    PersonalKind.PHONE: "Telefon",
    PersonalKind.EMAIL: "E-post",
    PersonalKind.IDENTITY_NUMBER: "Personnummer",
    PersonalKind.PROPERTY: "Fastighet",
    PersonalKind.PLATE: "Registreringsnummer",
    PersonalKind.NUMBER: "Nummer",
}
_LEFT = (OutboxStatus.SENT, OutboxStatus.POSTED, OutboxStatus.BOUNCED, OutboxStatus.UNCERTAIN)
# A shorter string stands inside many words that have nothing to do with it.
_SHORT = 4
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


class HandOver(StrEnum):
    """How a document is handed out."""

    WHOLE = "hel"
    """As it came; somebody has looked at it."""
    TEXT = "text"
    """Its text, set anew without what is masked."""
    LEAVE = "nej"


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """One document of a case. ``text`` is empty where no machine could read it; ``file`` is an attachment's."""

    id: str
    title: str
    date: datetime
    facts: tuple[tuple[str, str], ...]
    text: str
    file: AttachmentFile | None = None

    @property
    def ways(self) -> tuple[HandOver, ...]:
        """How it can be handed out; an attachment with a virus or a program not at all."""
        if self.file is None:
            return (HandOver.TEXT, HandOver.LEAVE)
        bad = self.file.scan is ScanState.INFECTED or self.file.risk == "program"
        whole = () if bad else (HandOver.WHOLE,)
        return (*whole, *((HandOver.TEXT,) if self.text.strip() else ()), HandOver.LEAVE)


@dataclass(frozen=True, slots=True)
class Masking:
    """Words to take away wherever they stand, and the key in ``GROUNDS`` of the law that says so."""

    words: str
    ground: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words somebody may want to mask: what they are, and the likeliest ground.

    ``always`` is true of what a protected identity can be found by: it is masked unasked, and shown on no page.
    """

    words: str
    kind: str
    ground: str
    always: bool = False

    @property
    def id(self) -> str:
        """The same for the same words, and tells nothing of them."""
        return sha256(self.words.casefold().encode()).hexdigest()[:16]


@dataclass(slots=True)
class Censor:
    """Takes words away from one text after another, and counts how often for each ground."""

    maskings: Sequence[Masking]
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The longest first, so that a name inside an address does not leave the rest of it.
        whole = [Masking(_plain(m.words), m.ground) for m in self.maskings]
        ordered = sorted(_with_names(whole), key=lambda m: -len(m.words))
        self._grounds = [m.ground for m in ordered]
        parts = [f"(?P<m{n}>{_pattern(m.words)})" for n, m in enumerate(ordered)]
        self._find = re.compile("|".join(parts), re.IGNORECASE) if parts else None

    _grounds: list[str] = field(init=False, default_factory=list)
    _find: re.Pattern[str] | None = field(init=False, default=None)

    def __call__(self, text: str) -> str:
        """The text with a stand-in for each masked stretch; nothing of it is left, nor its length."""
        plain = _plain(text)
        return self._find.sub(self._stand_in, plain) if self._find else plain

    def _stand_in(self, found: re.Match[str]) -> str:
        ground = self._grounds[int((found.lastgroup or "m0")[1:])]
        self.counts[ground] = self.counts.get(ground, 0) + 1
        return f"[maskat {ground}]"

    def holds(self, text: str) -> bool:
        """Whether something to be masked stands in the text."""
        return bool(self._find and self._find.search(_plain(text)))


def _plain(text: str) -> str:
    """The text without invisible characters that would part a word, and with each letter in its one form."""
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE)


def _with_names(maskings: Iterable[Masking]) -> dict[Masking, None]:
    """Of a name of several words each is masked alone too: ``Berit Alm`` signs as ``Berit``."""
    found: dict[Masking, None] = {}
    for one in maskings:
        words = one.words.split()
        if words:
            found[one] = None
        if len(words) in (2, 3) and all(w[:1].isupper() and w.replace("-", "").isalpha() for w in words):
            found |= dict.fromkeys(Masking(w, one.ground) for w in words if len(w) >= _SHORT - 1)
    return found


def _pattern(words: str) -> str:
    """The words with any blanks between them, also across a line's end."""
    body = r"\s+".join(re.escape(w) for w in words.split())
    if len(words) >= _SHORT and len(words.split()) > 1:
        return body
    # One word stands for itself and its genitive.
    start = r"(?<!\w)" if words[:1].isalnum() else ""
    end = r"s?(?!\w)" if words[-1:].isalnum() else ""
    return f"{start}{body}{end}"


def case_documents(file: CaseFile, texts: Mapping[str, str]) -> list[CaseDocument]:
    """The documents of a case in the order they came to be: letters in, letters out, attachments, journal.

    ``texts`` is what a machine read out of attachments, by attachment id. Letters that never left are none.
    """
    found: list[CaseDocument] = []
    for stored in file.messages:
        msg = stored.message
        title = {"in": "Brev till kommunen", "staff": "Svar från medarbetare"}.get(stored.direction, "Meddelande")
        sender = " ".join(x for x in (msg.from_name, f"<{msg.from_addr}>" if msg.from_addr else "") if x)
        facts = tuple((k, v) for k, v in (("Från", sender), ("Ämne", msg.subject)) if v)
        found.append(CaseDocument(stored.id, title, stored.received_at, facts, msg.text or msg.message))
        mine = [a for a in file.attachments if a.message_id == stored.id]
        found += [_attachment(a, stored.received_at, texts.get(a.id, "")) for a in mine]
    for entry in file.letters:
        if entry.internal or entry.status not in _LEFT:
            continue
        facts = tuple((k, v) for k, v in (("Till", entry.recipient), ("Ämne", entry.letter.subject)) if v)
        title, sent = f"Brev från kommunen: {LETTER_NAMES[entry.letter.kind]}", entry.sent_at or entry.created_at
        found.append(CaseDocument(entry.id, title, sent, facts, entry.letter.text))
    return [*sorted(found, key=lambda d: d.date), *_journal(file)]


def _journal(file: CaseFile) -> Iterable[CaseDocument]:
    """What was done in the case and when, without who did it."""
    lines = [f"{swedish_time(e.at)}: {EVENT_NAMES[e.kind]}. {e.text}".strip() for e in file.events]
    if lines:
        yield CaseDocument(JOURNAL, "Journal", file.events[-1].at, (), "\n".join(lines))


def _attachment(file: AttachmentFile, at: datetime, text: str) -> CaseDocument:
    return CaseDocument(file.id, "Bilaga", at, (("Filnamn", file.name or "utan namn"),), text, file)


def proposals(file: CaseFile, documents: Sequence[CaseDocument], masker: Masker | None) -> list[Proposal]:
    """What a machine would mask: the passages of the flags, the sender, and personal details in any document."""
    flags = [f for f in file.case.flags if f.active]
    ground = likely_ground(flags)
    found: dict[str, Proposal] = {}

    def add(words: str, kind: str, ground: str, *, always: bool = False) -> None:
        flat = " ".join(words.split())
        if flat:
            found.setdefault(flat.casefold(), Proposal(flat, kind, ground, always=always))

    hidden = any(f.kind is FlagKind.SKYDDAD_IDENTITET for f in flags)
    for words, kind in _contacts(file):
        add(words, kind, ground, always=hidden)
    add(file.case.sender.name, "Namn", ground)
    for flag in flags:
        add(flag.passage, FLAG_RULES[flag.kind].label, _BY_FLAG.get(flag.kind, ground))
    for text in _texts(documents):
        for span in masker.find(text) if masker is not None else ():
            own = "21:7" if span.kind is PersonalKind.IDENTITY_NUMBER and ground == DEFAULT_GROUND else ground
            add(text[span.start : span.end], _KINDS[span.kind], own)
    return list(found.values())


def _contacts(file: CaseFile) -> Iterable[tuple[str, str]]:
    """What the sender can be found by, as the case and the forms that came in tell it, with its kind."""
    forms = [m.message.form for m in file.messages if m.message.form is not None]
    sender = file.case.sender
    told = [(sender.email, sender.phone, sender.address), *((f.email, f.phone, f.address) for f in forms)]
    for email, phone, address in told:
        yield email, "E-post"
        yield phone, "Telefon"
        yield from ((line, "Adress") for line in address.splitlines())


def _texts(documents: Sequence[CaseDocument]) -> Iterable[str]:
    for document in documents:
        yield from (value for _, value in document.facts)
        yield document.text


def likely_ground(flags: Iterable[ConfidentialityFlag]) -> str:
    """The ground of the first flag that has one; the general one where none has."""
    return next((_BY_FLAG[f.kind] for f in flags if f.kind in _BY_FLAG), DEFAULT_GROUND)

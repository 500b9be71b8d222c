"""Documents handed out on request (TF 2): what is in a case, what is masked in it, and the law that lets it be.

Masking takes the words away. Everything handed out is set anew from the text that is left.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from cases.calendar import swedish_time
from cases.disclosure.censor import Censor, Masking
from cases.disclosure.municipal import Municipal
from cases.inbound.messages import ScanState
from cases.journal import EVENT_NAMES
from cases.letters.letter import LEFT
from cases.records.masking import Masker, PersonalKind
from cases.routing.flags import FLAG_RULES, ConfidentialityFlag, FlagKind
from cases.store.views import AttachmentFile, CaseFile

GROUNDS: Mapping[str, str] = {
    "21:1": "OSL 21 kap. 1 § (hälsa och sexualliv)",
    "21:3": "OSL 21 kap. 3 § (den som riskerar hot eller våld)",
    "21:3a": "OSL 21 kap. 3 a § (skyddad folkbokföring)",
    "21:5": "OSL 21 kap. 5 § (utlänning som kan drabbas av en främmande stat)",
    "21:7": "OSL 21 kap. 7 § (behandling i strid med dataskyddet)",
    "23:1": "OSL 23 kap. 1–3 §§ (förskola och skola)",
    "23:5": "OSL 23 kap. 5 § (vuxenutbildning)",
    "25:1": "OSL 25 kap. 1 § (hälso- och sjukvård)",
    "26:1": "OSL 26 kap. 1 § (socialtjänst)",
    "26:5": "OSL 26 kap. 5 § (den som har gjort en anmälan)",
    "26:11": "OSL 26 kap. 11 § (kommunens hyresgäster)",
    "29:6": "OSL 29 kap. 6 § (färdtjänst)",
    "17:3b": "OSL 17 kap. 3 b § (utredning av visselblåsning)",
    "18:8": "OSL 18 kap. 8 § (säkerhetsåtgärder)",
    "18:13": "OSL 18 kap. 13 § (risk- och sårbarhetsanalyser)",
    "19:1": "OSL 19 kap. 1 § (kommunens affärsverksamhet)",
    "19:3": "OSL 19 kap. 3 § (upphandling)",
    "19:9": "OSL 19 kap. 9 § (kommunens rättstvister)",
    "31:16": "OSL 31 kap. 16 § (affärsförbindelse med kommunen)",
    "32:3b": "OSL 32 kap. 3 b § (visselblåsning)",
    "39:1": "OSL 39 kap. 1–2 §§ (personalsociala ärenden och anställdas hälsa)",
    "39:3": "OSL 39 kap. 3 § (anställds personliga uppgifter)",
    "40:3": "OSL 40 kap. 3 § (bibliotekets låntagare)",
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
# Whoever has the address sees how the case stands and answers in the sender's place whether a reply helped.
_OWN_PAGE = re.compile(r"/oppet/mitt/([\w-]+)")
_MAY_ENTER = "18:8"
"""OSL 18:8 item 3: what lets one in to a recording for automated processing."""


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
class Proposal:
    """Words somebody may want to mask: what they are, and the likeliest ground.

    ``always`` is true of what a protected identity can be found by: it is masked unasked, and shown on no page.
    ``ours`` is true of what belongs to the municipality: it can be masked, but is not proposed. ``key`` is true of what
    lets one in on the sender's own page of the case: it is proposed also where nothing else is secret.
    """

    words: str
    kind: str
    ground: str
    always: bool = False
    ours: bool = False
    key: bool = False

    @property
    def masking(self) -> Masking:
        """What takes them away by the likeliest ground."""
        return Masking(self.words, self.ground, self.kind == _KINDS[PersonalKind.NAME])

    @property
    def id(self) -> str:
        """The same for the same words, and tells nothing of them."""
        return sha256(self.words.casefold().encode()).hexdigest()[:16]


def case_documents(file: CaseFile, texts: Mapping[str, str]) -> list[CaseDocument]:
    """The documents of a case in the order they came to be: letters in, letters out, attachments, decisions, journal.

    ``texts`` is what a machine read out of attachments, by attachment id. Letters that never left are none.
    """
    found: list[CaseDocument] = []
    for stored in file.messages:
        msg = stored.message
        title = {"in": "Brev till kommunen", "staff": "Svar från medarbetare", "outside": "Svar utifrån"}.get(
            stored.direction, "Meddelande"
        )
        sender = " ".join(x for x in (msg.from_name, f"<{msg.from_addr}>" if msg.from_addr else "") if x)
        facts = tuple((k, v) for k, v in (("Från", sender), ("Ämne", msg.subject)) if v)
        found.append(CaseDocument(stored.id, title, stored.received_at, facts, msg.text or msg.message))
        mine = [a for a in file.attachments if a.message_id == stored.id]
        found += [_attachment(a, stored.received_at, texts.get(a.id, "")) for a in mine]
    left = {one.id: one for one in file.letters if not one.internal and one.status in LEFT}
    for entry in left.values():
        if entry.copy_of in left:
            continue
        copied = ", ".join(one.recipient for one in left.values() if one.copy_of == entry.id)
        told = (("Till", entry.recipient), ("Kopia till", copied), ("Ämne", entry.letter.subject))
        facts = tuple((k, v) for k, v in told if v)
        title, sent = f"Brev från kommunen: {entry.name}", entry.sent_at or entry.created_at
        found.append(CaseDocument(entry.id, title, sent, facts, entry.letter.text))
    found += [
        CaseDocument(one.id, one.paper.title, one.at, tuple(one.paper.facts), one.paper.text) for one in file.papers
    ]
    return [*sorted(found, key=lambda d: d.date), *_journal(file)]


def next_number(file: CaseFile) -> int:
    """The number of the handling that comes next in a case; the journal, which grows with it, has none."""
    return sum(one.id != JOURNAL for one in case_documents(file, {})) + 1


def _journal(file: CaseFile) -> Iterable[CaseDocument]:
    """What was done in the case and when, without who did it."""
    lines = [f"{swedish_time(e.at)}: {EVENT_NAMES[e.kind]}. {e.text}".strip() for e in file.events]
    if lines:
        yield CaseDocument(JOURNAL, "Journal", file.events[-1].at, (), "\n".join(lines))


def _attachment(file: AttachmentFile, at: datetime, text: str) -> CaseDocument:
    return CaseDocument(file.id, "Bilaga", at, (("Filnamn", file.name or "utan namn"),), text, file)


def proposals(
    file: CaseFile, documents: Sequence[CaseDocument], masker: Masker | None, municipal: Municipal | None = None
) -> list[Proposal]:
    """What a machine would mask: the passages of the flags, the sender, and personal details in any document.

    What ``municipal`` owns is found too, as ``ours``; an official whom a flag points out is no exception to secrecy.
    """
    flags = [f for f in file.case.flags if f.active]
    ground = likely_ground(flags)
    hidden = any(f.kind is FlagKind.SKYDDAD_IDENTITET for f in flags)
    contacts = list(_contacts(file))
    contacts += [(street, kind) for words, kind in contacts if hidden and (street := _street(words, kind))]
    known = Censor([Masking(words, ground) for words, _ in contacts] if hidden else [])
    links = (link[1] for one in documents for link in _OWN_PAGE.finditer(one.text))
    return _each_once(
        [
            *(Proposal(words, kind, ground, always=hidden) for words, kind in contacts),
            Proposal(file.case.sender.name, "Namn", ground),
            *(Proposal(words, "Avsändarens länk till ärendet", _MAY_ENTER, key=True) for words in links),
            *(Proposal(f.passage, FLAG_RULES[f.kind].label, _BY_FLAG.get(f.kind, ground)) for f in flags),
            *(_personal(flags, documents, masker, municipal, known) if masker is not None else ()),
        ]
    )


def _each_once(proposed: Iterable[Proposal]) -> list[Proposal]:
    """Each words once, as what they were first proposed as; those that are no words left out."""
    found: dict[str, Proposal] = {}
    for one in proposed:
        if flat := " ".join(one.words.split()):
            found.setdefault(flat.casefold(), replace(one, words=flat))
    return list(found.values())


def _personal(
    flags: Sequence[ConfidentialityFlag],
    documents: Sequence[CaseDocument],
    masker: Masker,
    municipal: Municipal | None,
    known: Censor,
) -> Iterable[Proposal]:
    """Personal details in the documents; those that ``known`` holds are always masked."""
    ground = likely_ground(flags)
    accused = any(f.kind is FlagKind.ANSTALLD_UTPEKAD for f in flags)
    for text in _texts(documents):
        for span in masker.find(text):
            words = text[span.start : span.end]
            own = "21:7" if span.kind is PersonalKind.IDENTITY_NUMBER and ground == DEFAULT_GROUND else ground
            named = accused and span.kind is PersonalKind.NAME
            ours = municipal is not None and not named and municipal.owns(words, span.kind)
            yield Proposal(words, _KINDS[span.kind], own, always=known.holds(words), ours=ours)


def _contacts(file: CaseFile) -> Iterable[tuple[str, str]]:
    """What the sender can be found by, as the case and the forms that came in tell it, with its kind."""
    forms = [m.message.form for m in file.messages if m.message.form is not None]
    sender = file.case.sender
    told = [(sender.email, sender.phone, sender.address), *((f.email, f.phone, f.address) for f in forms)]
    for email, phone, address in told:
        yield email, "E-post"
        yield phone, "Telefon"
        yield from ((line, "Adress") for line in address.splitlines())


def _street(words: str, kind: str) -> str:
    """The street of an address without its number: it tells where somebody lives nearly as well."""
    found = re.match(r"([^\W\d_][^\d]{3,80}?)\s{1,9}\d", words) if kind == "Adress" else None
    return found[1] if found else ""


def _texts(documents: Sequence[CaseDocument]) -> Iterable[str]:
    for document in documents:
        yield from (value for _, value in document.facts)
        yield document.text


def likely_ground(flags: Iterable[ConfidentialityFlag]) -> str:
    """The ground of the first flag that has one; the general one where none has."""
    return next((_BY_FLAG[f.kind] for f in flags if f.kind in _BY_FLAG), DEFAULT_GROUND)

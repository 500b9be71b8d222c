"""A registered person's own data (GDPR art. 15): whose cases, what of them is told, and how other people are masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cases.calendar import swedish_date, swedish_time
from cases.case import CHANNEL_NAMES, OUTCOME_NAMES, STATUS_NAMES, Case
from cases.journal import EVENT_NAMES, CaseEvent
from cases.letters.letter import OUTBOX_NAMES, OutboxEntry
from cases.letters.papers import KeptPaper
from cases.people.access import Viewer
from cases.people.organisation import Organisation
from cases.records.masking import Masker, PersonalKind, replaced
from cases.records.registered import Person, digits, stands_in
from cases.routing.areas import AREA_NAMES
from cases.routing.suggestion import CASE_TYPE_NAMES
from cases.store.views import AttachmentFile, CaseFile, CaseLine, StoredMessage

Told = dict[str, Any]
"""What is told, as JSON knows it: text, numbers, lists and objects with Swedish names."""


OTHERS = "Uppgifter om någon annan. Be kommunen om dem om du behöver dem."
"""What stands where a case, or a letter in it, is somebody else's (GDPR art. 15.4)."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One extract: what it says of each case, and the files that go along (none where others are masked)."""

    person: Person
    cases: Sequence[Told]
    about: Mapping[str, str]
    files: Mapping[str, bytes]
    masked: bool


class PersonalData(Protocol):
    """What the store knows of one person."""

    def cases_of(self, person: Person, viewer: Viewer, limit: int = 1000) -> Sequence[CaseLine]:
        """Cases the viewer may read whose sender, or the sender of a letter in them, has this address or name.

        By the address also those in which the person was copied in on an answer, or asked from outside.
        A name finds whoever is called so; the registrator picks out who it is. Raises NotAllowed where there are more
        than ``limit``: an extract must be whole (GDPR art. 15), so nothing is left out unsaid.
        """


def mask_others(text: str, own: frozenset[str], masker: Masker | None) -> str:
    """The text with stand-ins for other people's details; the person's own stay."""
    if masker is None:
        return text
    return replaced(text, [s for s in masker.find(text) if not _theirs(text[s.start : s.end], s.kind, own)])


def _theirs(found: str, kind: PersonalKind, own: frozenset[str]) -> bool:
    whole = found.casefold().strip()
    if kind is PersonalKind.IDENTITY_NUMBER:
        return digits(whole) in own
    if kind is PersonalKind.ADDRESS:
        return any(stands_in(whole, one) for one in own)
    return whole in own or (kind is PersonalKind.NAME and all(word in own for word in whole.split()))


def told(file: CaseFile, person: Person, tree: Organisation, masker: Masker | None) -> Told:
    """What an extract says of one case; ``masker`` None tells all as it stands.

    Staff are told by what they did, not by name: whom the case passed is not the person's data.
    """
    case = file.case
    theirs = masker is None or person.is_called(case.sender.name, case.sender.email)
    own = person.words | (_party_words(case) if theirs else frozenset())
    unit, authority = tree.units.get(case.unit_id), tree.authorities.get(case.authority_id)
    return {
        "ärendenummer": case.number,
        "diarienummer": case.registry_number,
        "personuppgiftsansvarig": authority.name if authority else "",
        "enhet": unit.name if unit else "",
        "inkom": swedish_date(case.received_at),
        "väg in": CHANNEL_NAMES[case.channel],
        "läge": STATUS_NAMES[case.status],
        "slag": CASE_TYPE_NAMES[case.type] if case.type else "",
        "ämne": AREA_NAMES[case.area] if case.area else "",
        "utfall": OUTCOME_NAMES[case.outcome] if case.outcome else "",
        "skyddat ärende": "ja" if case.protected else "nej",
        "avsändare": _party(case) if theirs else OTHERS,
        "brev in": [
            _letter(
                one, file.attachments, own, masker, person, theirs=masker is None or _wrote(one, case, person, theirs)
            )
            for one in file.messages
        ],
        "brev ut": [
            _letter_out(one, own, masker, theirs=theirs or person.is_called("", one.recipient))
            for one in file.letters
            if not one.internal
        ],
        "beslut": [_decision(one, own, masker) for one in file.papers if theirs],
        "händelser": [_event(one, own, masker, theirs=theirs) for one in file.events],
    }


def _party_words(case: Case) -> frozenset[str]:
    party = case.sender
    texts = (party.name, party.email, party.phone, party.address, *party.name.split())
    return frozenset(text.casefold() for text in texts if text)


def _party(case: Case) -> Told:
    party = case.sender
    return {"namn": party.name, "e-post": party.email, "telefon": party.phone, "adress": party.address}


def _wrote(stored: StoredMessage, case: Case, person: Person, theirs: bool) -> bool:
    """Whether a letter is the person's, or to be told as part of their case: staff answer whoever the sender is."""
    name, email = stored.message.from_name, stored.message.from_addr
    ours = not stored.outsider and (stored.direction == "staff" or not email or email == case.sender.email)
    return person.is_called(name, email) or (theirs and ours)


def _letter(
    stored: StoredMessage,
    files: Sequence[AttachmentFile],
    own: frozenset[str],
    masker: Masker | None,
    person: Person,
    *,
    theirs: bool,
) -> Told:
    message = stored.message
    if not theirs:
        named = [mask_others(one, own, masker) for one in person.named_in(message.message or message.text)]
        told: Told = {"mottaget": swedish_time(stored.received_at), "text": OTHERS}
        return told | ({"här är du nämnd": " […] ".join(named)} if named else {})
    return {
        "mottaget": swedish_time(stored.received_at),
        "ämne": mask_others(message.subject, own, masker),
        "text": mask_others(message.message or message.text, own, masker),
        "bilagor": [
            {"namn": mask_others(one.name, own, masker), "typ": one.content_type, "byte": one.size}
            for one in files
            if one.message_id == stored.id
        ],
    }


def _letter_out(entry: OutboxEntry, own: frozenset[str], masker: Masker | None, *, theirs: bool) -> Told:
    if not theirs:
        return {"skrivet": swedish_time(entry.created_at), "till": "någon annan"}
    return {
        "skrivet": swedish_time(entry.created_at),
        "läge": OUTBOX_NAMES[entry.status],
        # A copy or a question went to somebody else.
        "till": mask_others(entry.recipient, own, masker),
        "ämne": mask_others(entry.letter.subject, own, masker),
        "text": mask_others(entry.letter.text, own, masker),
    }


def _decision(kept: KeptPaper, own: frozenset[str], masker: Masker | None) -> Told:
    return {"fattat": swedish_time(kept.at), "text": mask_others(kept.text, own, masker)}


def _event(event: CaseEvent, own: frozenset[str], masker: Masker | None, *, theirs: bool) -> Told:
    return {
        "när": swedish_time(event.at),
        "vad": EVENT_NAMES[event.kind],
        "text": mask_others(event.text, own, masker) if theirs else "",
    }


def about(facts: Mapping[str, str]) -> dict[str, str]:
    """What art. 15.1 asks besides the data: who answers for it, why, for how long, and what the person can ask.

    ``facts`` are the municipality's constants, as its letters use them.
    """
    rights = (
        "Du kan begära att uppgifter rättas, att användningen begränsas eller att uppgifter raderas där lagen "
        "tillåter det. Du kan klaga hos Integritetsskyddsmyndigheten (IMY)."
    )
    return {
        "Personuppgiftsansvarig": facts.get("personuppgiftsansvarig", ""),
        "Dataskyddsombud": facts.get("dso", ""),
        "Ändamål": "Ta emot, handlägga och svara på synpunkter och klagomål.",
        "Rättslig grund": "Uppgift av allmänt intresse och myndighetsutövning (GDPR artikel 6.1 e).",
        "Mottagare": "Enheten som har ärendet. Handlingar kan lämnas ut till den som begär det om inget är hemligt.",
        "Lagringstid": facts.get("gallring", ""),
        "Automatiskt beslut": "Nej. En dator föreslår enhet, en människa bestämmer.",
        "Dina rättigheter": rights,
    }

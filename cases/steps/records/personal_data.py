"""A register extract (GDPR art. 15) and a correction (art. 16): each stands in the journal, nothing is erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.case import Case, Party
from cases.disclosure.municipal import Municipal
from cases.errors import NotAllowed
from cases.inbound.messages import ScanState
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import Role, User, Viewer
from cases.ports import Tx
from cases.post.citizen import note
from cases.records.masking import Masker, PersonalSpan, replaced
from cases.records.personal_data import Extract, about, told
from cases.records.registered import Person
from cases.routing.flags import Effect, effects
from cases.steps.routing.confirm import open_for
from cases.steps.sender import checked_address
from cases.store.reads import ReadPart
from cases.store.views import CaseFile, CaseLine

MOST_MENTIONED = 100
"""So many cases at most are looked up for each way somebody may be mentioned."""


def mentioned(tx: Tx, person: Person, viewer: Viewer) -> Sequence[CaseLine]:
    """Cases of others, of those the viewer may read, in whose words the person seems to stand: somebody must look."""
    own = {line.id for line in tx.cases_of(person, viewer)}
    hits = [hit.line for query in person.queries() for hit in tx.search(query, viewer, limit=MOST_MENTIONED)]
    return list({line.id: line for line in hits if line.id not in own}.values())


def extract(
    tx: Tx,
    case_ids: Sequence[str],
    person: Person,
    masker: Masker | None,
    reason: str,
    by: User,
    office: Office,
    now: datetime,
) -> Extract:
    """Gather what is kept of a person in the cases a registrator picked out as theirs, and note it in each.

    ``masker`` None leaves other people in, and files along, and wants a ``reason``. Raises NotFound for a case the
    registrator may not read, NotAllowed for anybody else or without a reason.
    """
    if not by.has(Role.REGISTRATOR):
        raise NotAllowed("Ett registerutdrag lämnas av en registrator.")
    if not case_ids or not person.known:
        raise NotAllowed("Kryssa i vilka ärenden som är personens. Inget utdrag är gjort.")
    if masker is None and not reason.strip():
        raise NotAllowed("Skriv varför uppgifter om andra personer får lämnas ut.")
    files = [tx.case_file(case_id, office.viewer(by)) for case_id in case_ids]
    for file in files:
        _note_extract(tx, file.case, masker, reason, by, office, now)
    kept = {} if masker else {name: content for file in files for name, content in _attached(tx, file, by, office)}
    spared = sparing(masker, office.constants) if masker else None
    return Extract(
        person,
        [told(one, person, office.organisation, spared) for one in files],
        about(office.constants),
        kept,
        masker is not None,
    )


@dataclass(frozen=True, slots=True)
class _Sparing:
    """A masker that leaves what the municipality says of itself in every letter: that is no person's."""

    masker: Masker
    ours: Municipal

    def find(self, text: str) -> Sequence[PersonalSpan]:
        return [one for one in self.masker.find(text) if not self.ours.owns(text[one.start : one.end], one.kind)]

    def mask(self, text: str) -> str:
        return replaced(text, self.find(text))


def sparing(masker: Masker, constants: Mapping[str, str]) -> Masker:
    """The masker, but for addresses and telephones among the municipality's own words in letters."""
    said = tuple(word for word in constants.values() if word)
    emails = frozenset(word.casefold() for word in said)
    return _Sparing(masker, Municipal(said, frozenset(), emails, frozenset()))


def _note_extract(
    tx: Tx, case: Case, masker: Masker | None, reason: str, by: User, office: Office, now: datetime
) -> None:
    if case.protected:
        tx.note_read(case.id, by.id, now, ReadPart.EXTRACT)
    how = "andra personer är maskerade" if masker else f"andra personer är kvar: {reason.strip()}"
    text = f"Lämnat till den som uppgifterna rör (GDPR artikel 15), {how}."
    note(tx, office, case.id, EventKind.EXTRACTED, now, text, by.id)


def _attached(tx: Tx, file: CaseFile, by: User, office: Office) -> Sequence[tuple[str, bytes]]:
    viewer = office.viewer(by)
    fine = [one for one in file.attachments if one.scan is not ScanState.INFECTED]
    return [
        (f"{file.case.number}/{i} {one.name}", tx.attachment(one.id, viewer).content) for i, one in enumerate(fine, 1)
    ]


class Corrected(StrEnum):
    """What can be corrected."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    REGISTER_SUBJECT = "register_subject"
    OTHER = "other"
    """Something in a letter or the journal: the note tells what is right, the text stays as it came."""


CORRECTED_NAMES: dict[Corrected, str] = {
    Corrected.NAME: "Avsändarens namn",
    Corrected.EMAIL: "Avsändarens e-postadress",
    Corrected.PHONE: "Avsändarens telefon",
    Corrected.ADDRESS: "Avsändarens postadress",
    Corrected.REGISTER_SUBJECT: "Ärendemeningen",
    Corrected.OTHER: "Något i ett brev eller i journalen",
}
_WHERE = (Corrected.EMAIL, Corrected.PHONE, Corrected.ADDRESS)


def correct(
    tx: Tx,
    case_id: str,
    version: int,
    what: Corrected,
    value: str,
    reason: str,
    by: User,
    office: Office,
    now: datetime,
) -> Case:
    """Put a detail right, visibly: what stood there before and why it was wrong stay in the journal (JO 4639-2007).

    Raises NotAllowed without a reason or a value that will do, StaleVersion, NotFound.
    """
    case = open_for(tx, case_id, version, by, office)
    if not value.strip() or not reason.strip():
        raise NotAllowed("Skriv vad som är rätt och varför det rättas.")
    right = checked_address(value, office) if what is Corrected.EMAIL else value.strip()
    before = _before(case, what)
    if what is Corrected.REGISTER_SUBJECT:
        case = tx.save_case(replace(case, register_subject=office.mask(right)))
    elif what is not Corrected.OTHER:
        # A new address has not refused anything yet.
        refused = "" if what is Corrected.EMAIL else case.mail_refused
        case = tx.save_case(replace(case, sender=_put_right(case.sender, what, right), mail_refused=refused))
        if what is Corrected.EMAIL:
            _send_on(tx, case)
    note(tx, office, case.id, EventKind.CORRECTED, now, _correction(case, what, before, right, reason), by.id)
    return case


def _send_on(tx: Tx, case: Case) -> None:
    """Let letters that still wait leave for the address as it is now: the one before may be another person's."""
    for one in tx.letters_of(case.id):
        if one.to_citizen and one.waits and tx.hold_entry(one.id).waits:
            tx.redirect_entry(one.id, case.sender.email)


def _put_right(party: Party, what: Corrected, right: str) -> Party:
    named: dict[str, str] = {what.value: right}
    return replace(party, **named)  # type: ignore[arg-type] # mypy cannot tell which fields are text


def _before(case: Case, what: Corrected) -> str:
    if what is Corrected.OTHER:
        return ""
    return case.register_subject if what is Corrected.REGISTER_SUBJECT else str(getattr(case.sender, what))


def _correction(case: Case, what: Corrected, before: str, right: str, reason: str) -> str:
    name = CORRECTED_NAMES[what]
    if what in _WHERE and Effect.NO_MAIL in effects(case.flags):
        # Where somebody with protected identity can be found stands in one place only.
        return f"{name} är rättad. Skäl: {reason.strip()}"
    if what is Corrected.OTHER:
        return f"Rätt är: {right} Skäl: {reason.strip()}"
    return f"{name}: ”{before or 'inget'}” är rättat till ”{right}”. Skäl: {reason.strip()}"

"""One letter with several matters becomes several cases: each with its own unit and number, and one receipt for all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.case import Case, CaseStatus, check_move
from cases.errors import NotAllowed, NotFound
from cases.inbound.messages import Attachment, not_by_mail
from cases.journal import EventKind
from cases.office import Office
from cases.people.access import SYSTEM, User
from cases.ports import Tx
from cases.post.citizen import note
from cases.promises import Deadline, PromiseKind, counted_anew, in_force
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.flags import active_kinds
from cases.routing.suggestion import CaseType, Severity
from cases.steps.joining.opening import open_case
from cases.steps.routing.confirm import carry_out, demand_alone, open_for
from cases.store.views import StoredMessage
from cases.ties import CaseTie, TieKind


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of a letter: what of it concerns that unit, and nothing more.

    ``register_subject`` is the neutral heading for the diary; ``guarded`` says that the letter's flags hold for this
    part of it too; ``files`` are the ids of the letter's attachments that belong to it.
    """

    subject: str
    text: str
    unit_id: str
    area: Area
    register_subject: str
    guarded: bool = True
    files: Sequence[str] = ()


def split(
    tx: Tx,
    case_id: str,
    version: int,
    matters: Sequence[Matter],
    by: User,
    office: Office,
    now: datetime,
    *,
    ends: bool = False,
) -> list[Case]:
    """Open a case for each of these matters of a letter and give it to its unit; returns the new cases.

    The clock of each is the letter's, so no promise gets longer; where its sender was answered since, that of what came
    after the answer. No new receipt leaves; each unit's letter tells the
    sender the new number. ``ends``: nothing is left in the old case. A new case is undone by merging it back. Raises
    NotFound, StaleVersion, IllegalMove, NotAllowed; the ``part`` of that is as ``text_2`` for the second's text.
    """
    case = open_for(tx, case_id, version, by, office)
    _check(case, matters, office)
    if ends:
        demand_alone(tx, case)
    new = [_open(tx, case, matter, by, office, now) for matter in matters]
    numbers = ", ".join(one.number for one in new)
    if ends:
        check_move(case, CaseStatus.SPLIT)
        tx.save_case(replace(case, status=CaseStatus.SPLIT))
    left = "Inget är kvar i det här ärendet." if ends else "Resten av brevet är kvar här."
    note(tx, office, case.id, EventKind.SPLIT, now, f"Nya ärenden: {numbers}. {left}", by.id)
    return new


def _check(case: Case, matters: Sequence[Matter], office: Office) -> None:
    if case.ended or case.status is CaseStatus.RECEIVED:
        raise NotAllowed("Ärendet kan delas upp när det finns ett förslag och innan det är avslutat.")
    if not matters:
        raise NotAllowed("Skriv rubrik och text för minst ett nytt ärende.", "subject_1")
    for number, matter in enumerate(matters, 1):
        lacking = "subject" if not matter.subject.strip() else "text" if not matter.text.strip() else ""
        if lacking:
            ask = "Varje nytt ärende behöver en rubrik och den del av brevet som det gäller."
            raise NotAllowed(ask, f"{lacking}_{number}")
        if matter.unit_id not in office.organisation.units:
            raise NotAllowed("Välj enhet för varje nytt ärende.", f"unit_id_{number}")


def _open(tx: Tx, case: Case, matter: Matter, by: User, office: Office, now: datetime) -> Case:
    received_at, deadlines = _clock(tx, case, office)
    bare = open_case(tx, office, received_at, case.channel, case.sender, matter.subject.strip())
    new = replace(
        bare,
        status=CaseStatus.SUGGESTED,
        authority_id=case.authority_id,
        type=case.type,
        severity=case.severity,
        area=matter.area,
        language=case.language,
        registered_by=case.registered_by,
        mail_refused=case.mail_refused,
        hold_released=case.hold_released and matter.guarded,
        sender_doubt=case.sender_doubt,
        forwarded_by=case.forwarded_by,
        flags=case.flags if matter.guarded else (),
        deadlines=deadlines,
    )
    tx.add_case(new)
    tx.add_tie(CaseTie(new.id, case.id, TieKind.SPLIT, case.status, now))
    tx.link_cases(new.id, case.id, f"Uppdelat av {by.name}", now)
    files = taken_along(tx, case, matter.files, by, office)
    _extract(tx, new, matter, files, office)
    text = f"En del av brevet i {case.number}. Resten finns där."
    along = f" Bilagor som är med hit: {len(files)}." if files else ""
    note(tx, office, new.id, EventKind.SPLIT, now, f"{text}{along}", by.id)
    # Until it has a unit its maker, a registrator of the old one, may not read it; the letter was theirs to part.
    return carry_out(tx, new, _request(new, matter), by, office, now)


def _clock(tx: Tx, case: Case, office: Office) -> tuple[datetime, tuple[Deadline, ...]]:
    """When the new case was received and what its sender was promised.

    Where all of it was kept already, an answer was about the rest, and a status about what had come until then.
    """
    if any(d.kind is not PromiseKind.RECEIPT for d in in_force(case.deadlines)):
        return case.received_at, case.deadlines
    kept = max((d.met_at for d in case.deadlines if d.kind is not PromiseKind.RECEIPT and d.met_at), default=None)
    if kept is None:
        return case.received_at, case.deadlines
    told = (m for m in tx.case_file(case.id, SYSTEM).messages if m.direction == "in" and not m.outsider)
    later = next((m.received_at for m in told if m.received_at > kept), None)
    if later is not None:
        return later, counted_anew(case.deadlines, office.promises, later, office.calendar)
    owed = (d if d.kind is PromiseKind.RECEIPT else replace(d, met_at=None) for d in case.deadlines)
    return case.received_at, case.deadlines if case.outcome is None else tuple(owed)


def taken_along(tx: Tx, case: Case, ids: Sequence[str], by: User, office: Office) -> tuple[Attachment, ...]:
    """These attachments of a case, with their bytes. Raises NotFound for one that is not the case's."""
    own = {one.id for one in tx.case_file(case.id, SYSTEM).attachments}
    if not own.issuperset(ids):
        raise NotFound("Bilagan finns inte i ärendet.")
    found = (tx.attachment(one, office.viewer(by)) for one in ids)
    return tuple(
        Attachment(f.name, f.content_type, f.size, f.sha256, f.content, risk=f.risk, scan=f.scan) for f in found
    )


def _extract(tx: Tx, new: Case, matter: Matter, files: tuple[Attachment, ...], office: Office) -> None:
    """The part of the letter, as a message of the new case; its readers see no other part."""
    sender = new.sender
    text = matter.text.strip()
    part = not_by_mail(
        new.subject,
        text,
        new.received_at,
        sender_name=sender.name,
        sender_addr=sender.email,
        attachments=files,
    )
    tx.add_message(StoredMessage(office.new_id(), new.id, new.received_at, part, ""))


def _request(new: Case, matter: Matter) -> RoutingRequest:
    return RoutingRequest(
        version=new.version,
        choice=RoutingChoice.UNIT,
        unit_id=matter.unit_id,
        area=matter.area,
        type=new.type or CaseType.OVRIGT,
        severity=new.severity or Severity.NORMAL,
        flags=active_kinds(new.flags),
        register_subject=matter.register_subject,
    )

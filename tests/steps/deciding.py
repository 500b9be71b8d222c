"""The one case of a house, routed and in hand, for tests."""

from cases.case import Case
from cases.letters.letter import LetterKind, OutboxEntry
from cases.people.access import SYSTEM
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingRequest
from cases.routing.suggestion import CaseType, Severity
from cases.steps.answering.send import Sending, send_answer
from cases.steps.routing.confirm import confirm
from cases.steps.working.work import assign
from cases.store.views import CaseFile
from tests.steps.house import SmallHouse, mail

ANSWER = {"svar": "Lampan byts i morgon."}


def only(house: SmallHouse) -> CaseFile:
    with house.store.read() as tx:
        case_id = tx.case_by_number("EK-2026-00001")
        return tx.case_file(case_id, SYSTEM)


def request(case: Case, **changes) -> RoutingRequest:
    values = {
        "version": case.version,
        "choice": RoutingChoice.UNIT,
        "unit_id": "gata",
        "area": Area.GATA_PARK,
        "type": CaseType.FELANMALAN,
        "severity": Severity.NORMAL,
        "flags": frozenset(f.kind for f in case.flags if f.active),
        "register_subject": "Felanmälan – gata",
    }
    return RoutingRequest(**{**values, **changes})


def route(house: SmallHouse, **changes) -> CaseFile:
    case = only(house).case
    with house.store.begin() as tx:
        confirm(tx, case.id, request(case, **changes), house.registrator, house.office, house.now)
    return only(house)


def sent(file: CaseFile) -> list[tuple[LetterKind, str]]:
    return [(e.letter.kind, e.recipient) for e in file.letters]


def assigned(house: SmallHouse) -> Case:
    house.receive(mail())
    case = route(house).case
    with house.store.begin() as tx:
        assign(tx, case.id, case.version, house.handlaggare, house.registrator, house.office, house.now)
    return only(house).case


def waiting_answer(house: SmallHouse) -> OutboxEntry:
    """An answer that waits half a minute before it leaves."""
    case = assigned(house)
    wish = Sending(case.id, case.version, (), LetterKind.SVAR, ANSWER, ANSWER)
    with house.store.begin() as tx:
        made = send_answer(tx, wish, house.handlaggare, house.office, house.now)
        return tx.get_entry(made.entry_id)


def bounce(message_id: str) -> bytes:
    """A mail server says that the letter with this Message-ID reached nobody."""
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.mejl.example",
            "To: feedback@ekdala.example",
            "Subject: Undelivered Mail Returned to Sender",
            "Message-ID: <b1@mx.mejl.example>",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="gr"',
            "",
            "--gr",
            "Content-Type: text/plain",
            "",
            "Mailboxen finns inte.",
            "--gr",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.mejl.example",
            "",
            "Final-Recipient: rfc822; berit@mejl.example",
            "Action: failed",
            "Status: 5.1.1",
            "",
            "--gr",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {message_id}",
            "Subject: Vi har tagit emot",
            "",
            "--gr--",
            "",
        ]
    ).encode()

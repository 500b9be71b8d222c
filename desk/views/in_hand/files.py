"""What hangs on a case: attachments, the letters' HTML, and the mail as it came."""

from fastapi import APIRouter
from markupsafe import escape
from starlette.responses import HTMLResponse, Response

from cases.errors import NotAllowed, NotFound
from cases.inbound.messages import ScanState
from cases.store.views import AttachmentFile, CaseFile, StoredMessage
from desk.case.opening import note_shown, open_file
from desk.context import Asked, CaseWorker
from desk.logo import with_logo
from desk.mailhtml import letter_document
from desk.rights import Action, rights
from desk.security import LETTER_CSP, PDF_CSP, disposition

router = APIRouter()
# What a browser may show, told by the file's own first bytes; whatever its name or sender claims (an SVG is a program).
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


def shown_type(content: bytes) -> str:
    """The type in which a file may be shown in the page, or empty where it may only be downloaded."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _MAGIC if content.startswith(magic)), "")


@router.get("/arenden/{case_id}/bilagor/{attachment_id}")
def download(case_id: str, attachment_id: str, person: CaseWorker) -> Response:
    file = _attachment(person, case_id, attachment_id)
    headers = {"Content-Disposition": disposition(file.name), "Content-Security-Policy": LETTER_CSP}
    return Response(file.content, media_type="application/octet-stream", headers=headers)


@router.get("/arenden/{case_id}/bilagor/{attachment_id}/visa")
def show(case_id: str, attachment_id: str, person: CaseWorker) -> Response:
    file = _attachment(person, case_id, attachment_id)
    kind = shown_type(file.content)
    if not kind:
        return download(case_id, attachment_id, person)
    policy = PDF_CSP if kind == "application/pdf" else LETTER_CSP
    headers = {"Content-Disposition": disposition(file.name, inline=True), "Content-Security-Policy": policy}
    return Response(file.content, media_type=kind, headers=headers)


def _attachment(person: Asked, case_id: str, attachment_id: str) -> AttachmentFile:
    """An attachment of this very case; the reading of a protected one is logged like that of its page."""
    with person.desk.store.read() as tx:
        case_file = tx.case_file(case_id, person.viewer)
        if attachment_id not in {a.id for a in case_file.attachments}:
            raise NotFound("No such attachment in this case.")
        file = tx.attachment(attachment_id, person.viewer)
    if file.scan is ScanState.INFECTED:
        raise NotAllowed("Filen innehåller virus och kan inte hämtas.")
    _log_reading(person, case_file)
    return file


def _log_reading(person: Asked, file: CaseFile) -> None:
    if file.case.protected:
        note_shown(person, file.case)


@router.get("/arenden/{case_id}/bilagor/{attachment_id}/sida/{number}")
def page_picture(case_id: str, attachment_id: str, number: int, person: CaseWorker) -> Response:
    """The picture of a scanned page, beside what a machine read in it."""
    with person.desk.store.read() as tx:
        file = tx.case_file(case_id, person.viewer)
        if attachment_id not in {a.id for a in file.attachments}:
            raise NotFound("No such attachment in this case.")
        content = tx.page_image(attachment_id, number, person.viewer)
    _log_reading(person, file)
    return Response(content, media_type="image/jpeg", headers={"Content-Security-Policy": LETTER_CSP})


@router.get("/arenden/{case_id}/meddelanden/{message_id}/html")
def message_html(case_id: str, message_id: str, person: CaseWorker) -> Response:
    """The sender's HTML, washed; it can do nothing even when opened by itself."""
    stored = _message(open_file(person, case_id), message_id)
    page, policy = letter_document(stored.message.html)
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


@router.get("/arenden/{case_id}/meddelanden/{message_id}/original")
def original(case_id: str, message_id: str, person: CaseWorker) -> Response:
    """The mail as it came, to the byte, for those who keep the case."""
    file = open_file(person, case_id)
    stored = _message(file, message_id)
    rights(file.case, person.user, person.viewer).demand(Action.ORIGINAL)
    if not stored.raw_id:
        raise NotFound("Nothing came by mail.")
    if any(file.scan is ScanState.INFECTED for file in stored.message.attachments):
        raise NotAllowed("Brevet har en bilaga med virus, så originalet kan inte hämtas. Texten står i ärendet.")
    with person.desk.store.read() as tx:
        content = tx.raw_content(stored.raw_id)
    headers = {"Content-Disposition": disposition(f"{file.case.number}.eml"), "Content-Security-Policy": LETTER_CSP}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/arenden/{case_id}/brev/{entry_id}/html")
def letter_html(case_id: str, entry_id: str, person: CaseWorker) -> Response:
    """A letter we sent, as it left."""
    file = open_file(person, case_id)
    entry = next((e for e in file.letters if e.id == entry_id and not e.internal), None)
    if entry is None:
        raise NotFound("No such letter in this case.")
    page = with_logo(entry.letter.html, person.desk.settings.logo) or f"<pre>{escape(entry.letter.text)}</pre>"
    return HTMLResponse(page, headers={"Content-Security-Policy": LETTER_CSP})


def _message(file: CaseFile, message_id: str) -> StoredMessage:
    found = next((m for m in file.messages if m.id == message_id), None)
    if found is None:
        raise NotFound("No such message in this case.")
    return found

"""What a person can read in a mail, in its order, and what is attached to it."""

import re
from itertools import filterfalse

from ingest.reading.attachments import make_attachment
from ingest.reading.calendars import invitation_text, is_answer
from ingest.reading.decoding import decode_body, find_uu, find_yenc, unlabelled
from ingest.reading.encoding.words import decode_header
from ingest.reading.found import Body, Nested
from ingest.reading.limits import MAX_DEPTH
from ingest.reading.markup.flowed import enriched_to_text, plain_lines, unflow
from ingest.reading.markup.html import html_to_text
from ingest.reading.markup.htmltree import is_page
from ingest.reading.markup.links import readable
from ingest.reading.matter import described_name, is_calendar, is_reading_matter, may_be_letter
from ingest.reading.microsoft import read_outlook_file, take_tnef
from ingest.reading.notes import Notes
from ingest.reading.outlook import is_outlook_file
from ingest.reading.packed.packedrtf import rtf_text
from ingest.reading.packed.tnefstream import SIGNATURE
from ingest.reading.parttext import part_text, text_of
from ingest.reading.secure import signed_content, without_armour
from ingest.reading.structure import Part, encoded_whole, preamble, read_part
from ingest.reading.versions import VARIANT_TYPES, is_plain, is_stub, is_version, same_words

_TNEF_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_SMIME_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_REPORT_TYPES = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
)
_HEADER_TYPES = ("text/rfc822-headers", "message/rfc822-headers", "text/rfc822-header", "message/global-headers")
_NOT_ENCODED = ("", "7bit", "8bit", "binary")
_FIELDS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,50}){3}")
_SHOWN_INLINE = 20_000


def read_body(root: Part, notes: Notes) -> Body:
    """Walk the parts of a mail and collect what it holds."""
    body = Body()
    _walk(root, body, notes, root=True)
    if any(text.strip() for text in body.texts):
        body.answered = False
    else:
        body.texts += body.inline_texts or _preamble_text(root, notes)
    return body


def _preamble_text(root: Part, notes: Notes) -> list[str]:
    """Read what stands above the parts, which mail programs do not show: a letter whose boundary was forgotten."""
    above = preamble(root)
    if not above.strip():
        return []
    notes.add("text before the parts")
    return [text_of(root, above, notes)]


def _walk(part: Part, body: Body, notes: Notes, *, root: bool = False) -> None:
    kind = part.content_type
    if part.is_multipart:
        _walk_multipart(part, body, notes)
    elif kind in _REPORT_TYPES:
        body.reports.append(part_text(part, notes))
    elif kind in _HEADER_TYPES:
        body.returned.append(part_text(part, notes))
    elif part.is_message:
        _walk_message(part, body, notes)
    elif kind in _TNEF_TYPES or (part.filename.lower() == "winmail.dat" and not kind.startswith("text/")):
        take_tnef(part, decode_body(part, notes), body, notes)
    elif (
        kind in _SMIME_TYPES
        or part.filename.lower() == "smime.p7m"
        or (root and part.filename.lower().endswith(".p7m"))
    ):
        _walk_smime(part, body, notes)
    elif kind.startswith("text/") and is_reading_matter(part, root=root):
        _walk_text(part, body, notes)
    elif kind in ("application/plain", "application/text") and not part.filename:
        _walk_plain(part, body, notes)
    else:
        _attach(part, body, notes)
        if may_be_letter(part, root=root):
            _read_inline_file(part, body, notes)


def _read_inline_file(part: Part, body: Body, notes: Notes) -> None:
    """Read a text file that mail programs show below the letter; unless it says *inline*, only if it is the letter."""
    raw = decode_body(part, notes)
    if raw.startswith(b"{\\rtf"):
        body.inline_texts.append(plain_lines(rtf_text(notes.take_text(raw))))
        return
    if not part.content_type.startswith(("text/", "multipart/")) and b"\x00" in raw:
        return
    html = part.content_type == "text/html"
    text = text_of(part, raw, notes, html=html)
    readable = html_to_text(text, notes) if html else text
    if part.disposition == "inline" and not html and len(text) < _SHOWN_INLINE:
        body.texts.append(readable)
    else:
        body.inline_texts.append(readable)


def _walk_multipart(part: Part, body: Body, notes: Notes) -> None:
    if part.content_type == "multipart/alternative":
        _walk_alternative(part, body, notes)
        return
    if part.content_type == "multipart/encrypted":
        body.encrypted = part.params.get("protocol", "") or "pgp"
    if part.content_type == "multipart/signed":
        body.signed = "pgp" if "pgp" in part.params.get("protocol", "") else "smime"
    for child in part.children:
        _walk(child, body, notes)


def _walk_alternative(part: Part, body: Body, notes: Notes) -> None:
    """Read the plain version when there is one worth reading, else the HTML; files lying among them are kept."""
    plain, rich = Body(), Body()
    versions = [c for c in part.children if c.content_type not in VARIANT_TYPES] or part.children
    for child in filter(is_plain, versions):
        _walk(child, plain, notes)
    said = "\n".join(plain.texts)
    usable = bool(said.strip()) and not is_stub(said)
    rich.plain_known = usable
    for child in filterfalse(is_plain, versions):
        _walk(child, rich, notes)
    if usable and not is_version(said, rich.htmls):
        notes.add("plain text and HTML differ")
        rich.texts = plain.texts + [html_to_text(html, notes) for html in rich.htmls]
        usable = False
    body.texts += plain.texts if usable or not any(text.strip() for text in rich.texts) else rich.texts
    body.htmls += plain.htmls
    body.htmls += rich.htmls
    for side in (plain, rich):
        body.attachments += side.attachments
        body.nested += side.nested
        body.reports += side.reports
        body.returned += side.returned
        body.answered = body.answered or side.answered
        body.encrypted = body.encrypted or side.encrypted
        body.signed = body.signed or side.signed
        body.inline_texts += side.inline_texts


def _walk_message(part: Part, body: Body, notes: Notes) -> None:
    """Open a mail that was attached; it stays a file as well, for the desk to hand out."""
    raw = decode_body(part, notes)
    if part.depth >= MAX_DEPTH or not notes.take_part():
        notes.add("nested deeper than is read")
        return
    source, start, end = (part.source, part.start, part.end) if raw == part.body else (raw, 0, len(raw))
    inner = read_part(source, start, end, notes, depth=part.depth + 1, top=True)
    inside = Body()
    _walk(inner, inside, notes, root=True)
    body.nested.append(Nested(inner, inside))
    name = part.filename or _subject_name(inner, notes)
    body.attachments.append(make_attachment(name, "message/rfc822", raw, inline=part.disposition == "inline"))


def _subject_name(inner: Part, notes: Notes) -> str:
    subject = decode_header(inner.headers.first("subject"), notes).replace("/", "-")
    return f"{subject[:100] or 'meddelande'}.eml"


def _walk_smime(part: Part, body: Body, notes: Notes) -> None:
    """Open an S/MIME signed mail (its content lies in the clear inside); an encrypted one is a file and a state."""
    content = decode_body(part, notes)
    inside = signed_content(content)
    if inside is None or part.depth >= MAX_DEPTH:
        body.encrypted = body.encrypted or "smime"
        body.attachments.append(make_attachment(part.filename or "smime.p7m", part.content_type, content))
        return
    body.signed = "smime"
    _walk(read_part(inside, 0, len(inside), notes, depth=part.depth + 1), body, notes, root=True)


def _walk_text(part: Part, body: Body, notes: Notes) -> None:
    kind = part.content_type
    if kind in ("text/html", "text/x-html"):
        html = part_text(part, notes, html=True)
        body.htmls.append(html)
        if not body.plain_known:
            readable = html_to_text(html, notes)
            if not body.texts or not same_words(body.texts[-1], readable):  # plain and HTML, called *mixed*
                body.texts.append(readable)
    elif kind == "text/calendar":
        _attach(part, body, notes)
    elif kind in ("text/enriched", "text/richtext"):
        body.texts.append(enriched_to_text(part_text(part, notes)))
    else:
        _walk_plain(part, body, notes)


def _walk_plain(part: Part, body: Body, notes: Notes) -> None:
    """Read plain text; uuencoded and yEnc files written into it become attachments."""
    raw = decode_body(part, notes)
    if part.encoding not in _NOT_ENCODED and (whole := encoded_whole(part, raw, notes)) is not None:
        _walk(whole, body, notes)
        return
    raw = unlabelled(raw, notes)  # or encoded a second time
    written = sorted(find_uu(raw) + find_yenc(raw), key=lambda file: -file[2]) if b"begin" in raw else []
    for _, _, start, end in written:
        raw = raw[:start] + raw[end:]
    text = text_of(part, raw, notes)
    if part.params.get("format", "").lower() == "flowed":
        text = unflow(text, delsp=part.params.get("delsp", "").lower() == "yes")
    if "-----BEGIN PGP MESSAGE-----" in text[:2000]:
        body.encrypted = "pgp"
    if (inside := without_armour(text)) is not None:
        text, body.signed = inside, body.signed or "pgp"
    looks_html = is_page(text)
    if looks_html:
        body.htmls.append(text)
    body.texts.append(html_to_text(text, notes) if looks_html else readable(text))
    for name, content, _, _ in reversed(written):
        if content.startswith(SIGNATURE):
            take_tnef(part, content, body, notes)
        else:
            body.attachments.append(make_attachment(name, "", content))


def _attach(part: Part, body: Body, notes: Notes) -> None:
    content = decode_body(part, notes)
    if content.startswith(SIGNATURE):
        take_tnef(part, content, body, notes)
        return
    if part.depth < MAX_DEPTH and part.filename.lower().endswith(".eml") and _FIELDS.match(content):
        _walk_message(part, body, notes)
        return
    if is_outlook_file(content, part.filename):
        read_outlook_file(content, part.depth, body, notes)
    content_id = part.headers.text("content-id")
    name = part.filename or described_name(part, notes)
    if part.content_type == "application/applefile" and name:
        name = f"._{name}"  # what a Mac keeps beside the file of that name (RFC 1740), as it calls it on others' disks
    inline = part.disposition == "inline" or (bool(content_id) and part.disposition != "attachment")
    body.attachments.append(make_attachment(name, part.content_type, content, content_id=content_id, inline=inline))
    if is_calendar(part):
        _read_calendar(part, body, notes)


def _read_calendar(part: Part, body: Body, notes: Notes) -> None:
    """Read an invitation, which is the letter where nothing else is; two versions of one are read once."""
    calendar = part_text(part, notes)
    body.answered = body.answered or is_answer(calendar)
    told = invitation_text(calendar)
    if told not in body.inline_texts:
        body.inline_texts.append(told)

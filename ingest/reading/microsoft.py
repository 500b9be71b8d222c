"""What Outlook packs a mail into, opened into what was found: winmail.dat and .msg."""

from ingest.reading.attachments import make_attachment
from ingest.reading.found import Body, Nested
from ingest.reading.markup.flowed import plain_lines
from ingest.reading.markup.html import html_to_text
from ingest.reading.notes import Notes
from ingest.reading.outlook import open_outlook_file
from ingest.reading.packed.tnef import open_tnef
from ingest.reading.structure import Part, read_part


def take_tnef(part: Part, content: bytes, body: Body, notes: Notes) -> None:
    """Read a winmail.dat, whatever it is called; one that holds nothing stays a file."""
    opened = open_tnef(content, notes)
    body.answered = body.answered or bool(opened and opened.pressed)
    if opened is None or not (opened.text.strip() or opened.html or opened.attachments or opened.attached):
        body.attachments.append(make_attachment(part.filename or "winmail.dat", "application/ms-tnef", content))
        return
    body.attachments += opened.attachments
    if opened.html:
        body.htmls.append(opened.html)
    text = opened.text or (html_to_text(opened.html, notes) if opened.html else "")
    if text.strip() and not any(kept.strip() for kept in body.texts):
        body.texts.append(plain_lines(text))
    if opened.attached:
        body.texts.append(plain_lines(opened.attached))


def read_outlook_file(content: bytes, depth: int, body: Body, notes: Notes) -> None:
    """Read an attached .msg as the mail it is; it stays a file as well."""
    opened = open_outlook_file(content, notes)
    if opened is None or not notes.take_part():
        return
    text = opened.text or (html_to_text(opened.html, notes) if opened.html else "")
    inner = read_part(opened.headers, 0, len(opened.headers), notes, depth=depth + 1, top=True)
    body.nested.append(Nested(inner, Body(texts=[plain_lines(text)], attachments=list(opened.attachments))))

"""Turns a mail in a box into what the page of the citizens' mailboxes shows. Standard library only."""

from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from typing import TypedDict

from service.demo.boxes import StoredMail

_KEPT = frozenset(
    "a b blockquote br div em h1 h2 h3 h4 hr i li ol p span strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
_EMPTY = frozenset({"br", "hr"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "svg", "math", "iframe", "object", "noscript"})
_SCHEMES = ("https://", "http://", "mailto:")


class ShownMail(TypedDict):
    """One mail as a page shows it; ``html`` is safe to print as it is, empty where the mail has none."""

    subject: str
    sender: str
    to: str
    received_at: datetime
    message_id: str
    text: str
    html: str
    auto_submitted: str


# The page reads every box for each frame, and without scripts a browser asks for all frames at once.
@lru_cache(maxsize=1000)
def shown_mail(mail: StoredMail) -> ShownMail:
    """What a citizen sees of a mail. Never raises: what cannot be decoded is shown as well as it can be."""
    parsed = mail.parsed()
    return {
        "subject": _header(parsed, "Subject"),
        "sender": _header(parsed, "From") or mail.envelope_from,
        "to": mail.rcpt,
        "received_at": mail.received_at,
        "message_id": _header(parsed, "Message-ID"),
        "text": _body(parsed, "plain"),
        "html": safe_html(_body(parsed, "html")),
        "auto_submitted": _header(parsed, "Auto-Submitted"),
    }


def safe_html(html: str) -> str:
    """The same text with plain tags only: no scripts, styles or attributes but links to the web and mail.

    Of pictures there is what is read where they cannot be seen.
    """
    cleaner = _Cleaner()
    try:
        cleaner.feed(html)
        cleaner.close()
    except AssertionError:
        # Python's parser asserts on marked sections it does not know, such as <![x[; show the source instead.
        return escape(html)
    return cleaner.result()


class _Cleaner(HTMLParser):
    """Writes every piece anew, so that nothing can pass which it does not know."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[str] = []
        self._silenced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            # Mail often opens a head that it never closes.
            self._silenced.clear()
        elif tag in _SILENT:
            self._silenced.append(tag)
        elif tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")
        elif not self._silenced and tag in _KEPT:
            self._out.append(f"<{tag}{_link(tag, attrs)}>")
            if tag not in _EMPTY:
                self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silenced:
            while self._silenced.pop() != tag:
                pass
        elif not self._silenced and tag in self._open:
            self._close_until(tag)

    def handle_data(self, data: str) -> None:
        if not self._silenced:
            self._out.append(escape(data))

    def result(self) -> str:
        """What was written, with every open tag closed."""
        while self._open:
            self._out.append(f"</{self._open.pop()}>")
        return "".join(self._out)

    def _close_until(self, tag: str) -> None:
        closed = ""
        while closed != tag:
            closed = self._open.pop()
            self._out.append(f"</{closed}>")


def _link(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    href = (dict(attrs).get("href") or "").strip()
    if tag != "a" or not href.lower().startswith(_SCHEMES):
        return ""
    return f' href="{escape(href)}" rel="noopener noreferrer"'


def _header(parsed: EmailMessage, name: str) -> str:
    return str(parsed[name] or "")


def _body(parsed: EmailMessage, subtype: str) -> str:
    try:
        part = parsed.get_body((subtype,))
        return str(part.get_content()) if part else ""
    except (MessageError, LookupError, ValueError):
        # An unknown charset or a broken transfer encoding; the bytes that can be read are better than nothing.
        payload = parsed.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""

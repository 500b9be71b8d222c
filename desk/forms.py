"""What a person sent in a form, read carefully: every value is text until it is one of ours."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.types import Message

from cases.calendar import STOCKHOLM, swedish_date
from cases.errors import NotAllowed
from cases.letters.enclosures import MOST_ENCLOSED_BYTES, MOST_ENCLOSURES
from desk.security import csrf_fits
from desk.typed import read_typed

_E = TypeVar("_E", bound=StrEnum)
# Years that no letter and no promise is of: at both ends of the calendar no day can be reckoned on from.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
# A letter is answered in far less; a longer text is a mistake or an attack.
_LONGEST = 100_000
# Gallring lists 500 cases, each with a box to tick.
_MOST_FIELDS = 600
FILES = "filer"
"""The field of files that go along with a letter."""
# Bytes of a form with files; below it a page says at the field what is too much.
_MOST_SENT = 100_000_000
# Bytes of a form of words alone: several of the longest texts, however a browser writes them. Signs that part fields
# and hold none are counted by nobody, and each costs half a microsecond.
_MOST_TYPED = 5_000_000
_TOO_MUCH = "Det är mer text än någon sida tar emot. Dela den och skicka en del i taget. Ingenting ändrades."
# What a form holds besides what a person fills in.
_OURS = frozenset({"csrf", "version", "form", "gang", "nasta"})
_NEVER_SHOWN = frozenset({"csrf", "version", "losenord", "losenord_igen", "nuvarande", "kod", "hemlighet"})


class TooLong(NotAllowed):
    """What was typed is longer than anything we take."""


class FormRefused(NotAllowed):
    """The form did not come from our own page, or the session it was made for has ended."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form, by what the browser says of it; ``size`` is in bytes."""

    name: str
    declared: str
    content: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A form that was sent from our own page. Missing values are empty; ``files`` only where a page takes any."""

    data: FormData
    blamed: list[str] = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)

    def text(self, name: str) -> str:
        """One value without the blanks around it, line ends made plain."""
        value = self.data.get(name, "")
        return plain(value)[:_LONGEST] if isinstance(value, str) else ""

    def secret(self, name: str) -> str:
        """One value as it was typed, to the blank: a password."""
        value = self.data.get(name, "")
        return value[:1000] if isinstance(value, str) else ""

    def once(self, user_id: str) -> str:
        """An id that this form has again where the same person sends it again as it was: a double click, a reload.

        It follows from the page that was shown and from all that was filled in; empty where the page had no such form.
        """
        page = self.text("gang")
        return sha256(repr((page, user_id, self.pairs())).encode()).hexdigest()[:32] if page else ""

    def many(self, name: str) -> tuple[str, ...]:
        """All values of a name."""
        return tuple(v for v in self.data.getlist(name) if isinstance(v, str))

    def number(self, name: str) -> int:
        """A whole number; -1 where it is none, which fits no version."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    @property
    def wrong(self) -> str:
        """The field that a refusal is about: the one that was blamed, or the only one there is; empty for none."""
        own = {name for name, _ in self.data.multi_items()} - _OURS
        return self.blamed[-1] if self.blamed else own.pop() if len(own) == 1 else ""

    def refusal(self, name: str, text: str) -> NotAllowed:
        """What to raise where the field of that name is not fit; the page marks it and says why."""
        self.blamed.append(name)
        return NotAllowed(text)

    def blame(self, problem: Exception, fields: Mapping[str, str]) -> None:
        """Mark the field in which what a step could not take was written: ``fields`` has its name by the part's."""
        name = fields.get(problem.part) if isinstance(problem, NotAllowed) else None
        if name:
            self.blamed.append(name)

    def choice(self, name: str, kind: type[_E]) -> _E | None:
        """One of our words, or None."""
        return one_of(kind, self.text(name))

    def need(self, name: str, kind: type[_E], ask: str) -> _E:
        """One of our words. Raises NotAllowed with ``ask`` where none was chosen."""
        found = self.choice(name, kind)
        if found is None:
            raise self.refusal(name, ask)
        return found

    def choices(self, name: str, kind: type[_E]) -> frozenset[_E]:
        """All of our words among the values of a name."""
        return frozenset(found for v in self.many(name) if (found := one_of(kind, v)) is not None)

    def why_no_case(self, reasons: Sequence[str]) -> str:
        """Why a letter is no case: one of these reasons of the routine, one's own words, or both."""
        chosen = [reason for reason in reasons if reason == self.text("skal")]
        return ". ".join([*chosen, *filter(None, [self.text("orsak")])])

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.text(name))

    def pairs(self) -> list[tuple[str, str]]:
        """Everything typed, for showing it again: neither the token nor a password or code is among it."""
        return [(k, v) for k, v in self.data.multi_items() if isinstance(v, str) and k not in _NEVER_SHOWN]


def plain(text: str) -> str:
    """A text without the blanks around it, line ends made plain."""
    return text.replace("\r\n", "\n").strip()


def one_of(kind: type[_E], text: str) -> _E | None:
    """The member of that value, or None."""
    return next((member for member in kind if member.value == text), None)


def parse_day(text: str) -> date | None:
    """An ISO day from a date field, of a year that may be meant, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def in_words(text: str) -> str:
    """A day from a date field as letters write it; other text unchanged."""
    day = parse_day(text)
    return swedish_date(day) if day else text


def parse_moment(text: str) -> datetime | None:
    """The moment, in UTC, that a local one from a ``datetime-local`` field means; None where it is none.

    Two moments of one zone are compared by what its clocks show (PEP 495), and those go back in October. What they show
    twice then means the first time.
    """
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=STOCKHOLM)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def flatten(lines: Iterable[str]) -> str:
    """Several values on one line, with nothing that could end it."""
    return " ".join(" ".join(lines).split())


async def typed_too_late(request: Request) -> Posted:
    """What was typed in a form that is not taken: nobody is logged in any more, or it is too much. No file is kept."""
    if not _has_parts(request):
        try:
            return Posted(await _no_more_of(request, _MOST_TYPED).form(max_files=0, max_fields=_MOST_FIELDS))
        except TooLong:
            return Posted(FormData())
    kind = request.headers["content-type"]
    typed = await read_typed(kind, _beginning(request), most=_MOST_FIELDS, longest=2 * _LONGEST)
    return Posted(FormData([*typed]))


def _has_parts(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/form-data")


def _no_more_of(request: Request, most: int) -> Request:
    """The same request to read. Raises TooLong where more comes, unread where its length is told, as browsers do."""
    left = most
    if int(request.headers.get("content-length") or 0) > most:
        raise TooLong(_TOO_MUCH)

    async def receive() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLong(_TOO_MUCH)
        return message

    return Request(request.scope, receive)


async def _beginning(request: Request) -> AsyncGenerator[bytes, None]:
    """As much of what was sent as any page would take."""
    left = _MOST_SENT
    async for piece in request.stream():
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


async def posted(request: Request) -> Posted:
    """The form of a request. Raises FormRefused where its token is not this session's, TooLong where it is too much."""
    return await _posted(request, _no_more_of(request, _MOST_TYPED), max_files=0)


async def posted_with_files(request: Request) -> Posted:
    """The same where files may come along; what is too much together is left unread, so that its sizes alone count."""
    if int(request.headers.get("content-length") or 0) > _MOST_SENT:
        request.state.posted = await typed_too_late(request)
        raise TooLong("Filerna är för stora. Gå tillbaka och välj mindre filer. Ingenting ändrades.")
    sent = _no_more_of(request, _MOST_SENT if _has_parts(request) else _MOST_TYPED)
    try:
        form = await _posted(request, sent, max_files=10 * MOST_ENCLOSURES)
        chosen = [one for one in form.data.getlist(FILES) if isinstance(one, UploadFile) and one.filename]
        fits = sum(one.size or 0 for one in chosen) <= MOST_ENCLOSED_BYTES
        for one in chosen:
            content = await one.read() if fits else b""
            form.files.append(Upload(one.filename or "", one.content_type or "", content, one.size or 0))
    finally:
        # What a browser sent lies in files of their own until then.
        await sent.close()
    return form


async def _posted(request: Request, sent: Request, *, max_files: int) -> Posted:
    form = Posted(await sent.form(max_files=max_files, max_fields=_MOST_FIELDS, max_part_size=_LONGEST * 2))
    # Kept first, so that what was typed can be shown again whatever is refused.
    request.state.posted = form
    if not csrf_fits(request, form.secret("csrf")):
        raise FormRefused("Sidan hade legat öppen för länge eller kom från ett annat håll. Ingenting ändrades.")
    if any(len(plain(value)) > _LONGEST for _, value in form.pairs()):
        raise TooLong("Texten är längre än 100 000 tecken. Dela den i två och skicka en i taget. Ingenting ändrades.")
    return form


Form = Annotated[Posted, Depends(posted)]
"""A sent form. Where a page needs nothing of it but that its token is ours, the page calls it ``_form``."""
FormWithFiles = Annotated[Posted, Depends(posted_with_files)]

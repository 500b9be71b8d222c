"""The letters' texts as people change them on the desk: who wrote what when, what is in force, and who approved it.

A text of the desk wins over the municipality's folder, which wins over the shipped one. A translation is off until a
person has approved it; the approval is of exactly that text.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from cases.letters.letter import Letter, LetterKind


class Origin(StrEnum):
    """Where the text in force comes from; the later in this list wins."""

    SHIPPED = "shipped"
    FOLDER = "folder"
    DESK = "desk"


ORIGIN_NAMES: dict[Origin, str] = {
    Origin.SHIPPED: "Lyhörds text",
    Origin.FOLDER: "Kommunens mapp",
    Origin.DESK: "Ändrad på skrivbordet",
}
LETTER_LANGUAGES: dict[str, str] = {
    "sv": "Svenska",
    "en": "Engelska",
    "fi": "Finska",
    "ar": "Arabiska",
    "so": "Somaliska",
    "uk": "Ukrainska",
    "pl": "Polska",
    "se": "Nordsamiska",
}
READ_LANGUAGES = frozenset({"sv", "en"})
"""Languages whose shipped texts have been read by their makers; every other is a draft until a person approves it."""


@dataclass(frozen=True, slots=True)
class LetterSource:
    """A letter's three templates as they are written, in Jinja."""

    subject: str
    text: str
    html: str

    @property
    def digest(self) -> str:
        """Tells whether what was approved is what would be sent; blanks around a part count for nothing."""
        parts = (self.subject.strip(), self.text.strip(), self.html.strip())
        return sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


class TextAct(StrEnum):
    """What somebody did with a letter's text."""

    SAVED = "saved"
    """A draft; letters go out as before."""
    APPROVED = "approved"
    """In force from now on."""
    WITHDRAWN = "withdrawn"
    """Back to the text without the desk's; a translation is off."""


TEXT_ACT_NAMES: dict[TextAct, str] = {
    TextAct.SAVED: "Sparade ett utkast",
    TextAct.APPROVED: "Godkände",
    TextAct.WITHDRAWN: "Gick tillbaka till texten utan ändringar",
}


@dataclass(frozen=True, slots=True)
class TextEvent:
    """One line of a text's history. ``source`` is None where the folder's or the shipped text is meant.

    ``digest`` is of the text that was approved, whosever it is.
    """

    id: str
    kind: LetterKind
    language: str
    at: datetime
    by: str
    act: TextAct
    source: LetterSource | None = None
    digest: str = ""


class LetterTexts(Protocol):
    """The history of the letters' texts in the store."""

    def add_text_event(self, event: TextEvent) -> None:
        """Append to the history."""

    def text_events(self, kind: LetterKind, language: str) -> Sequence[TextEvent]:
        """The whole history of one text, newest first."""

    def texts_standing(self) -> Sequence[TextEvent]:
        """The latest approval or withdrawal of each text."""

    def texts_stamp(self) -> int:
        """Grows with every line of any history."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the desk has put in force: template files by name, and which texts a person has approved."""

    files: Mapping[str, str] = field(default_factory=dict)
    approved: frozenset[tuple[LetterKind, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class TextTrial:
    """A text rendered with sample data, and what is wrong with it; no letter where it cannot be rendered."""

    letter: Letter | None
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextVariable:
    """A name that a letter's text may use."""

    name: str
    meaning: str
    sample: str
    required: bool


class LetterWorkshop(Protocol):
    """Reads, tries and lints letters' texts. Trying is bounded in time and size, whatever somebody wrote."""

    def kinds(self) -> Sequence[tuple[LetterKind, Sequence[str]]]:
        """Every letter with the languages it has a text in."""

    def below(self, kind: LetterKind, language: str) -> tuple[Origin, LetterSource] | None:
        """The folder's or the shipped text, under whatever the desk has put over it."""

    def variables(self, kind: LetterKind) -> Sequence[TextVariable]:
        """What the letter's text may name, its own first, then the municipality's facts."""

    def trial(self, kind: LetterKind, language: str, source: LetterSource) -> TextTrial:
        """The text with sample data, and every fault lint finds."""


def in_force(events: Sequence[TextEvent]) -> TextEvent | None:
    """The approval that counts among the events of one text, newest first; None where none, or withdrawn."""
    latest = next((one for one in events if one.act is not TextAct.SAVED), None)
    return latest if latest is not None and latest.act is TextAct.APPROVED else None


def standing(latest: Sequence[TextEvent], workshop: LetterWorkshop) -> Standing:
    """What is in force, of the latest approval or withdrawal of each text.

    An approval of the shipped or the folder's text lapses when that text changes.
    """
    files: dict[str, str] = {}
    approved: set[tuple[LetterKind, str]] = set()
    for one in latest:
        if one.act is not TextAct.APPROVED:
            continue
        if one.source is not None:
            files |= source_files(one.kind, one.language, one.source)
        else:
            under = workshop.below(one.kind, one.language)
            if under is None or under[1].digest != one.digest:
                continue
        approved.add((one.kind, one.language))
    return Standing(files, frozenset(approved))


@dataclass(frozen=True, slots=True)
class TextState:
    """How one text stands: where it comes from, whether it goes out, why not, and whether a draft waits."""

    language: str
    name: str
    origin: str
    used: bool
    note: str = ""
    draft: bool = False


def text_state(
    language: str,
    events: Sequence[TextEvent],
    under: tuple[Origin, LetterSource] | None,
    switched_on: Collection[str],
) -> TextState:
    """What is to be said of a text: of its events, newest first, and of the text under the desk's."""
    approved = in_force(events)
    own = approved is not None and approved.source is not None
    origin = Origin.DESK if own else under[0] if under else Origin.SHIPPED
    note = ""
    if language not in switched_on:
        note = "Språket är inte påslaget i kommunens inställningar."
    elif language not in READ_LANGUAGES and not own:
        note = _lacks_approval(approved, under)
    draft = bool(events) and events[0].act is TextAct.SAVED
    return TextState(language, LETTER_LANGUAGES[language], ORIGIN_NAMES[origin], not note, note, draft)


def _lacks_approval(approved: TextEvent | None, under: tuple[Origin, LetterSource] | None) -> str:
    if approved is None:
        return "Utkast. Skickas inte förrän en person har godkänt den."
    if under is None or approved.digest != under[1].digest:
        return "Texten har ändrats sedan den godkändes. Godkänn den igen."
    return ""


def source_files(kind: LetterKind, language: str, source: LetterSource) -> dict[str, str]:
    """The template files of a source by name."""
    parts = (("subject.txt", source.subject), ("body.txt", source.text), ("body.html", source.html))
    return {f"{language}/{kind}/{name}": text for name, text in parts}

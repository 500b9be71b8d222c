"""The sample letters of the demonstration, with what a good registrator would make of each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import parseaddr
from importlib.resources import files
from importlib.resources.abc import Traversable

from cases.inbound.messages import MessageKind
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType, Severity


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """One letter file and its label.

    ``slug`` names it; ``area``, ``type`` and ``severity`` are None where no case comes of it; the ``_alt`` fields hold
    what else is right. ``case`` says whether it opens one, ``joins`` the slug whose case it is added to instead,
    ``duplicate_of`` the slug it repeats; ``receipt`` whether a receipt must leave by itself; ``after`` the slugs whose
    receipts must have arrived before it can be written.
    """

    slug: str
    file: str
    raw: bytes
    kind: MessageKind
    area: Area | None
    area_alt: tuple[Area, ...]
    type: CaseType | None
    type_alt: tuple[CaseType, ...]
    flags: frozenset[FlagKind]
    flags_alt: frozenset[FlagKind]
    severity: Severity | None
    language: str
    case: bool
    receipt: bool
    joins: str
    duplicate_of: str
    after: tuple[str, ...]
    note: str

    @property
    def message_id(self) -> str:
        """The letter's Message-ID, with its angle brackets."""
        return str(message_from_bytes(self.raw)["Message-ID"]).strip()

    @property
    def sender(self) -> str:
        """The address in ``From:``, lower case."""
        return parseaddr(str(message_from_bytes(self.raw)["From"]))[1].lower()

    @property
    def envelope_from(self) -> str:
        """Where bounces go: ``Return-Path:`` where the file has one (empty for a bounce), else the sender."""
        path = message_from_bytes(self.raw)["Return-Path"]
        return self.sender if path is None else str(path).strip().strip("<>")

    def area_is_right(self, area: Area) -> bool:
        """True for the label's area and for the others a good registrator would accept."""
        return area == self.area or area in self.area_alt


def sample_letters(folder: Traversable | None = None) -> list[SampleLetter]:
    """The letters of a folder in the order of its ``labels.jsonl``; those shipped with Lyhörd where none is given.

    Raises ValueError for a label with an unknown area, type, flag or kind, and FileNotFoundError for a missing letter.
    """
    source = folder or files("config").joinpath("demo", "letters")
    lines = source.joinpath("labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [_letter(json.loads(line), source) for line in lines]


def _letter(label: dict[str, object], folder: Traversable) -> SampleLetter:
    def text(key: str) -> str:
        return str(label[key])

    def several(key: str) -> Sequence[str]:
        values = label[key]
        assert isinstance(values, list)
        return values

    return SampleLetter(
        slug=text("slug"),
        file=text("file"),
        raw=folder.joinpath(text("file")).read_bytes(),
        kind=MessageKind(text("kind")),
        area=Area(text("area")) if label["area"] else None,
        area_alt=tuple(map(Area, several("area_alt"))),
        type=CaseType(text("type")) if label["type"] else None,
        type_alt=tuple(map(CaseType, several("type_alt"))),
        flags=frozenset(map(FlagKind, several("flags"))),
        flags_alt=frozenset(map(FlagKind, several("flags_alt"))),
        severity=Severity(text("severity")) if label["severity"] else None,
        language=text("language"),
        case=bool(label["case"]),
        receipt=bool(label["receipt"]),
        joins=text("joins"),
        duplicate_of=text("duplicate_of"),
        after=tuple(several("after")),
        note=text("note"),
    )

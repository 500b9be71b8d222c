"""A form whose mails we know: who sends them, and what its questions are called."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from cases.case import Channel

_REMARK = re.compile(r"\([^()]{0,100}\)")
_EDGES = " \t\r\n:*?.!–—-_|•>\xa0\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class FormSource:
    """One form. ``senders`` are its addresses in lower case; ``subject`` is how its subjects begin, or empty for all.

    ``machines`` are addresses or networks: a mail that own servers got from these alone is the form's also without
    DMARC. ``labels`` are the questions of each field (``FIELDS``); in JSON and XML a name or a dotted path.
    ``ends`` are questions whose answers are of no use, but end the one before.
    """

    id: str
    senders: frozenset[str]
    channel: Channel
    labels: Mapping[str, tuple[str, ...]]
    subject: str = ""
    machines: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    def known(self) -> dict[str, str]:
        """Each question, folded, with its field; those that only end another have an empty one."""
        named = {fold(label): name for name, labels in self.labels.items() for label in labels}
        return {**{fold(label): "" for label in self.ends}, **named}


FIELDS = (
    "name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "address",
    "anonymous",
    "answer_wanted",
    "place",
    "category",
    "subject",
    "text",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One question as it may be called, folded, the likeliest first, and its answer."""

    labels: tuple[str, ...]
    value: str


def fold(label: str) -> str:
    """A question as it is compared: no case, no remarks in brackets, no colon or star at its end."""
    plain = _REMARK.sub(" ", unicodedata.normalize("NFC", label[:300]))
    return " ".join(plain.split()).strip(_EDGES).casefold()

"""The letters of the soak: new ones, replies, twins, a large one, and those that crash what reads them."""

from dataclasses import dataclass, field
from enum import StrEnum

from tests.steps.house import mail


class Kind(StrEnum):
    """What a letter is for."""

    NEW = "new"
    REPLY = "reply"
    RAISES = "raises"
    CRASHES = "crashes"


@dataclass
class Written:
    """Every letter that was sent, by the number in its Message-ID, and its bytes for a twin."""

    kinds: list[Kind] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)

    def write(self, kind: Kind = Kind.NEW, *, answers: int = 0, size: int = 0) -> bytes:
        """One more letter; a reply ``answers`` an earlier one; ``size`` is bytes of text."""
        number = len(self.kinds)
        more = {} if kind in (Kind.NEW, Kind.REPLY) else {"X_Gift": str(kind)}
        sender = number
        if kind is Kind.REPLY:
            sender, more = answers, {"In_Reply_To": id_of(answers)}
        body = f"Lampa nummer {number} lyser inte. " + "Det är mörkt här. \r\n" * (size // 20)
        raw = mail(body, subject=f"Lampa {number}", sender=address_of(sender), message_id=id_of(number), **more)
        self.kinds.append(kind)
        self.raws.append(raw)
        return raw

    def of(self, *kinds: Kind) -> list[int]:
        """Numbers of the letters of these kinds."""
        return [number for number, kind in enumerate(self.kinds) if kind in kinds]


def id_of(number: int) -> str:
    """The Message-ID of a letter."""
    return f"<l{number}@mejl.example>"


def address_of(number: int) -> str:
    """Who wrote a letter; each new letter has a writer of its own."""
    return f"p{number}@mejl.example"

"""Challenger against champion: what each got right of letters it has not learnt from, and who takes over."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from cases.routing.flags import FlagKind
from cases.routing.suggestion import Classifier
from classifier.heads.labels import TrainingLetter

_LOCKED_SHARE = 10  # one letter in ten
_CRITICAL = {FlagKind.SKYDDAD_IDENTITET, FlagKind.OROSANMALAN, FlagKind.HOT_VALD, FlagKind.PERSONNUMMER}
_NAMES = {
    "area": "rätt ämne",
    "type": "rätt typ",
    "severity": "rätt allvar",
    "flags": "markeringar",
    "critical": "de viktigaste markeringarna",
}


def is_locked(letter_id: str) -> bool:
    """Whether a shipped letter belongs to the locked validation part: a fixed tenth, by the digest of its id."""
    return int(hashlib.sha256(letter_id.encode()).hexdigest()[:8], 16) % _LOCKED_SHARE == 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a model got right of the locked letters, each a row of ``1`` and ``0`` in a fixed order.

    ``flags`` and ``critical`` have one sign for each flag a letter truly has: whether it was raised.
    """

    area: str
    type: str
    severity: str
    flags: str
    critical: str

    @classmethod
    def of(cls, model: Classifier, letters: Sequence[TrainingLetter]) -> "Sheet":
        """The sheet of a model; ``letters`` in the same order as for the model it is compared with."""
        made = model.suggest_many([_parts(letter.text) for letter in letters])
        pairs = list(zip(letters, made, strict=True))
        raised = [(kind, kind in {f.kind for f in said.flags}) for x, said in pairs for kind in sorted(x.flags)]
        return cls(
            area=bits([said.areas[0].area in {x.area, *x.alternates} for x, said in pairs]),
            type=bits([said.type is x.type for x, said in pairs]),
            severity=bits([said.severity is x.severity for x, said in pairs]),
            flags=bits([found for _, found in raised]),
            critical=bits([found for kind, found in raised if kind in _CRITICAL]),
        )

    def as_dict(self) -> dict[str, str]:
        """For keeping as JSON."""
        return asdict(self)


def _parts(text: str) -> tuple[str, str]:
    subject, _, body = text.partition("\n")
    return subject, body


def bits(right: Sequence[bool]) -> str:
    """A row of ``1`` and ``0``."""
    return "".join("1" if one else "0" for one in right)


def share(row: str) -> float:
    """The share of ``1`` in a row."""
    return row.count("1") / len(row) if row else 0.0


def worse(new: Sheet, old: Sheet) -> str:
    """Why the new model is worse than the old one on the locked letters, in Swedish; empty where it is not.

    Two models that are equally good still answer some letters differently. The new one is worse where it lost more
    than it won by more than one standard error (the square root of the letters they differ on, as in McNemar's test).
    Of the flags whose miss can cost a life none may be lost on balance.
    """
    for field in fields(Sheet):
        mine, theirs = getattr(new, field.name), getattr(old, field.name)
        lost, won = _moved(mine, theirs), _moved(theirs, mine)
        chance = 0 if field.name == "critical" else lost + won
        if lost > won and (lost - won) ** 2 > chance:
            return f"Den missade mer av {_NAMES[field.name]} i den låsta delen: {lost} sämre, {won} bättre."
    return ""


def _moved(new: str, old: str) -> int:
    return sum(a == "0" and b == "1" for a, b in zip(new, old, strict=True))


def better(new: str, old: str) -> bool:
    """Whether the new model got more of the recent confirmations right."""
    return new.count("1") > old.count("1")

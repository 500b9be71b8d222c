"""From questions and answers to what the desk needs: who, how to reach them, where, and what it is about."""

import re
from collections.abc import Mapping, Sequence

from cases.inbound.forms import FormAnswers
from ingest.forms.source import FormSource, Pair, fold

_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9ÅÄÖåäö.-]{1,190}\.[A-Za-z]{2,24}")
_NO = frozenset({"nej", "no", "false", "0", "ingen", "inte", "off", "nej tack"})
_YES = frozenset({"ja", "yes", "true", "1", "x", "on", "på", "ja tack"})
_MAX_SHORT = 300


def answers(source: FormSource, pairs: Sequence[Pair], *, proven: bool) -> FormAnswers:
    """The answers of one form. Where two differ that can only be one, ``proven`` is false: somebody must look."""
    known = source.known()
    given = _by_field(pairs, known)
    one = {name: _short(values[0]) for name, values in given.items()}
    name = one.get("name", "") or " ".join(n for n in (one.get("first_name", ""), one.get("last_name", "")) if n)
    emails = _emails(given.get("email", ()))
    return FormAnswers(
        source=source.id,
        channel=source.channel,
        proven=proven and len({email.lower() for email in emails}) <= 1,
        name=name,
        email=emails[0] if emails else "",
        phone=one.get("phone", ""),
        address=_short(" ".join(given.get("address", ("",))[0].split("\n"))),
        anonymous=any(_is_yes(value) for value in given.get("anonymous", ())),
        answer_wanted=not any(_is_no(value) for value in given.get("answer_wanted", ())),
        place=one.get("place", ""),
        category=one.get("category", ""),
        subject=one.get("subject", ""),
        text="\n\n".join(dict.fromkeys(value.strip() for value in given.get("text", ()))),
    )


def recognised(pairs: Sequence[Pair], source: FormSource) -> int:
    """How many different fields these pairs answer."""
    return len(_by_field(pairs, source.known()))


def _by_field(pairs: Sequence[Pair], known: Mapping[str, str]) -> dict[str, list[str]]:
    """The answers given to each field, in the order of the mail; empty ones are none."""
    given: dict[str, list[str]] = {}
    for pair in pairs:
        name = next((known[label] for label in pair.labels if known.get(label)), "")
        if name and pair.value.strip():
            given.setdefault(name, []).append(pair.value.strip())
    return given


def _short(value: str) -> str:
    return " ".join(value.split())[:_MAX_SHORT]


def _emails(values: Sequence[str]) -> list[str]:
    found = (_EMAIL.search(value[:1000]) for value in values)
    return [match.group(0).strip("'.") for match in found if match]


def _is_yes(value: str) -> bool:
    """Yes, a cross in a box, or the box's own words: *jag vill vara anonym*."""
    said = fold(value)
    return said in _YES or ("anonym" in said and not re.search(r"\b(?:inte|ej|nej)\b", said))


def _is_no(value: str) -> bool:
    said = fold(value)
    return said in _NO or bool(re.match(r"(?:nej|inte|ej|no)\b", said))

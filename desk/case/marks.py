"""From a letter and its suggestion to safe HTML in which the words that mattered are marked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from cases.inbound.documents import ReadPage
from cases.routing.flags import FLAG_RULES, ConfidentialityFlag
from cases.routing.suggestion import Suggestion
from cases.routing.tracks import SuggestedTrack

_HIT = re.compile("\ue000(.*?)\ue001", re.DOTALL)
_PRIVATE = str.maketrans("", "", "\ue000\ue001")
# Two strengths are told apart by eye; more would only look restless.
_STRONG = 0.5


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text shown.

    ``flag`` or ``track`` is the id of what it raised; both are empty where it spoke for the area.
    """

    start: int
    end: int
    flag: str = ""
    strong: bool = False
    track: str = ""


def letter_spans(
    text: str,
    suggestion: Suggestion | None,
    flags: Sequence[ConfidentialityFlag],
    tracks: Sequence[SuggestedTrack] = (),
) -> tuple[Span, ...]:
    """Where in this text the evidence and the passages of the active flags and of special tracks stand.

    The positions count in ``suggestion.text``, which may hold the subject before the body, or belong to another
    letter of the case; so each stretch is looked up where it should be, and searched for where it is not.
    """
    base = suggestion.text if suggestion else ""
    shift = base.find(text) if text and base else -1
    found = [
        Span(*at, strong=e.weight >= _STRONG)
        for e in (suggestion.evidence if suggestion else ())
        if (at := _place(text, e.text, e.start - shift if shift >= 0 else -1))
    ]
    found += [
        Span(*at, flag=f.kind.value)
        for f in flags
        if f.active and (at := _place(text, f.passage, f.start - shift if shift >= 0 else -1))
    ]
    found += [
        Span(*at, track=t.track.value)
        for t in tracks
        if (at := _place(text, t.passage, t.start - shift if shift >= 0 else -1))
    ]
    return tuple(sorted(found, key=lambda s: (s.start, s.end)))


def _place(text: str, passage: str, start: int) -> tuple[int, int] | None:
    if not passage:
        return None
    if start >= 0 and text[start : start + len(passage)] == passage:
        return start, start + len(passage)
    at = text.find(passage)
    return (at, at + len(passage)) if at >= 0 else None


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """The text as safe HTML with its stretches marked; overlapping ones are cut where they meet."""
    kept = [s for s in spans if 0 <= s.start < s.end <= len(text)]
    cuts = sorted({0, len(text), *(s.start for s in kept), *(s.end for s in kept)})
    pieces: list[Markup] = []
    named: set[str] = set()
    for start, end in pairwise(cuts):
        here = [s for s in kept if s.start <= start and end <= s.end]
        pieces.append(_piece(text[start:end], here, named))
    return Markup("").join(pieces)


def _piece(text: str, spans: Sequence[Span], named: set[str]) -> Markup:
    if not spans:
        return escape(text)
    flag = next((s.flag for s in spans if s.flag), "")
    track = next((s.track for s in spans if s.track and f"ordning-{s.track}" not in named), "")
    if track:
        return _anchor(track, named) + _piece(text, [s for s in spans if not s.track], named)
    if not flag:
        strength = "ord stark" if any(s.strong for s in spans) else "ord"
        return Markup('<mark class="{}">{}</mark>').format(strength, text)
    label = next(rule.label for kind, rule in FLAG_RULES.items() if kind.value == flag)
    identity = "" if flag in named else Markup(' id="stalle-{}"').format(flag)
    named.add(flag)
    return Markup('<mark class="flagga"{} title="{}">{}</mark>').format(identity, label, text)


def _anchor(track: str, named: set[str]) -> Markup:
    """Where a track's passage begins: a place to jump to, for the passage itself may be marked for a flag."""
    named.add(f"ordning-{track}")
    return Markup('<span class="ordningsstalle" id="stalle-ordning-{}"></span>').format(track)


def read_page(page: ReadPage) -> Markup:
    """A page that a machine read, as safe HTML in which the words it was unsure of are marked."""
    pieces: list[Markup] = []
    at = 0
    for word in sorted((w for w in page.words if w.unsure), key=lambda w: w.start):
        if not at <= word.start < word.end <= len(page.text):
            continue
        pieces += [escape(page.text[at : word.start]), _doubted(page.text[word.start : word.end])]
        at = word.end
    pieces.append(escape(page.text[at:]))
    return Markup("").join(pieces)


def _doubted(word: str) -> Markup:
    return Markup('<mark class="osaker">{}</mark>').format(word)


def snippet(text: str) -> Markup:
    """A search result's snippet with its hits marked; the store puts them between U+E000 and U+E001."""
    pieces: list[Markup] = []
    at = 0
    for hit in _HIT.finditer(text):
        pieces += [escape(text[at : hit.start()]), Markup("<mark>{}</mark>").format(hit.group(1))]
        at = hit.end()
    pieces.append(escape(text[at:].translate(_PRIVATE)))
    return Markup("").join(pieces)

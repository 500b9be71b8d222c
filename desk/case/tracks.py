"""The special tracks as the case page shows them: what to do first, where the letter says so, and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.case import Case, CaseStatus
from cases.journal import CaseEvent
from cases.routing.suggestion import Suggestion
from cases.routing.tracks import OWN_ROUTINE, TRACK_RULES, SuggestedTrack, track_of
from cases.steps.working.track import only_heard

TRACKS: tuple[str, ...] = tuple(rule.label for rule in TRACK_RULES.values())
"""The names a registrator chooses among."""
_OPEN = frozenset({CaseStatus.RECEIVED, CaseStatus.SUGGESTED})


@dataclass(frozen=True, slots=True)
class ShownTrack:
    """A track to handle by: ``suggested`` until a person has decided; ``confidence`` 0 where a person chose it."""

    key: str
    label: str
    do: str
    ground: str
    tell: str
    icon: str
    suggested: bool
    calm: bool
    passage: str = ""
    confidence: float = 0.0


def shown_tracks(case: Case, suggestion: Suggestion | None, events: Sequence[CaseEvent] = ()) -> list[ShownTrack]:
    """While nobody has decided, all that the model suggests, the most pressing first; then the one that was chosen.

    One that a later letter raised is suggested, too, until a person has said that it holds.
    """
    made = suggestion.tracks if suggestion else ()
    waiting = case.status in _OPEN
    if waiting:
        named = {TRACK_RULES[one.track].label for one in made}
        own = [_chosen(case.track, None, suggested=True)] if case.track and case.track not in named else []
        return [*own, *(_shown(one) for one in made)]
    return [_chosen(case.track, made, suggested=only_heard(case, events))] if case.track else []


def _shown(one: SuggestedTrack) -> ShownTrack:
    rule = TRACK_RULES[one.track]
    return ShownTrack(
        one.track.value,
        rule.label,
        rule.do,
        rule.ground,
        rule.tell,
        rule.icon,
        suggested=True,
        calm=rule.ordinary,
        passage=one.passage,
        confidence=one.confidence,
    )


def _chosen(label: str, made: tuple[SuggestedTrack, ...] | None, *, suggested: bool) -> ShownTrack:
    track = track_of(label)
    if track is None:
        return ShownTrack("egen", label, OWN_ROUTINE, "", "", "alert", suggested=suggested, calm=False)
    rule = TRACK_RULES[track]
    said = next((one.passage for one in made or () if one.track is track), "")
    return ShownTrack(
        track.value, label, rule.do, rule.ground, rule.tell, rule.icon, suggested=suggested, calm=False, passage=said
    )


def track_icon(label: str) -> str:
    """The icon of a track in a list."""
    track = track_of(label)
    return TRACK_RULES[track].icon if track else "alert"


def marked_tracks(case: Case, suggestion: Suggestion | None) -> tuple[SuggestedTrack, ...]:
    """The suggested tracks whose passages are marked in the letter: those shown now that are not ordinary."""
    shown = {one.key for one in shown_tracks(case, suggestion) if not one.calm}
    return tuple(one for one in (suggestion.tracks if suggestion else ()) if one.track.value in shown)

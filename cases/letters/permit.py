"""Whether a letter may leave: what a flag, a doubtful sender, a missing address or a later letter forbids."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from cases.case import Case, CaseStatus
from cases.letters.letter import FINAL, INTERNAL, WAITS, LetterKind, OutboxEntry, OutboxStatus
from cases.routing.flags import Effect, FlagKind, active_kinds, effects

# These say who has the case, which is no longer so once it is merged into another, handed on again or answered.
_SAY_WHO = frozenset({LetterKind.VIDAREBEFORDRAD, LetterKind.ESKALERAD})
_LEAVES = (*WAITS, OutboxStatus.INFLIGHT)


class Verdict(StrEnum):
    """What may happen to a letter just now."""

    SEND = "send"
    SAFE_ONLY = "safe_only"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Permit:
    """A verdict with its reason in words a registrator understands."""

    verdict: Verdict
    reason: str = ""


_NEVER_TO = "Ärendet är anonymt, så ingen återkoppling är möjlig."
_NOTHING_OUT = (
    "Ärendet är skyddat, så ingenting ur det lämnas med e-post till någon utanför. Pröva sekretessen först. "
    "Då kan frågan ställas per telefon, eller handlingarna lämnas ut."
)


def permit(case: Case, kind: LetterKind, *, automatic: bool) -> Permit:
    """Whether this letter may go by mail for this case as it stands now (Rulings, Letters out).

    Asked when a letter is queued and again at the instant of sending.
    """
    if kind in INTERNAL:
        return Permit(Verdict.SEND)
    if kind is LetterKind.FRAGA_UTANFOR:
        return Permit(Verdict.WITHHOLD, _NOTHING_OUT) if case.protected else Permit(Verdict.SEND)
    return _blocked(case, kind) or _flagged(case, kind, automatic=automatic)


def overtaken(entry: OutboxEntry, letters: Callable[[], Iterable[OutboxEntry]]) -> str:
    """Why a letter that by itself tells who has the case, and waited for the morning, is too late; empty for others.

    ``letters`` gives all of the case, and is asked where it matters.
    An answer that has not left may still be taken back, so only one that has overtakes, or that leaves no later.
    """
    if not entry.automatic or entry.letter.kind not in _SAY_WHO:
        return ""
    later = [one for one in letters() if one.created_at > entry.created_at and not one.copy_of]
    answers = [one for one in later if one.letter.kind in FINAL]
    if any(one.status is OutboxStatus.SENT for one in answers):
        return "Avsändaren har redan fått svar i ärendet."
    if any(one.status in _LEAVES and one.leaves_at <= entry.leaves_at for one in answers):
        return "Svaret i ärendet går före eller samtidigt."
    if any(one.letter.kind is entry.letter.kind and one.automatic for one in later):
        return "Ärendet är lämnat vidare igen, och ett nyare brev säger till vem."
    return ""


def _blocked(case: Case, kind: LetterKind) -> Permit | None:
    if case.sender.anonymous:
        return Permit(Verdict.WITHHOLD, _NEVER_TO)
    if case.sender_doubt:
        return Permit(Verdict.WITHHOLD, f"{case.sender_doubt} En registrator behöver bekräfta avsändaren först.")
    if not case.sender.email:
        return Permit(Verdict.WITHHOLD, "Avsändaren har ingen e-postadress. Svara per brev eller telefon.")
    if case.mail_refused:
        return Permit(Verdict.WITHHOLD, case.mail_refused)
    if case.status is CaseStatus.MERGED and kind in _SAY_WHO:
        return Permit(Verdict.WITHHOLD, "Ärendet är ihopslaget med ett annat, och hör inte längre till den enheten.")
    return None


def _flagged(case: Case, kind: LetterKind, *, automatic: bool) -> Permit:
    found = effects(case.flags)
    if Effect.NO_MAIL in found:
        return Permit(Verdict.WITHHOLD, "Skyddad identitet: ingenting skickas med e-post.")
    if case.on_hold and automatic:
        return Permit(Verdict.WITHHOLD, "Ärendet är spärrat: en person måste bestämma innan något skickas.")
    # A receipt names no unit and quotes nothing, so it is safe by its making.
    safe_only = Effect.SAFE in found or case.on_hold or case.whistle
    if safe_only and kind not in (LetterKind.SEKRETESS_SAFE, LetterKind.MOTTAGNING):
        return Permit(Verdict.SAFE_ONLY, "Sekretess: med e-post får bara det neutrala meddelandet gå.")
    return Permit(Verdict.SEND)


def receipt_held(case: Case) -> bool:
    """Whether the flags hold the receipt (hot_vald, skyddad_identitet, visselblasning)."""
    held = {FlagKind.HOT_VALD, FlagKind.SKYDDAD_IDENTITET, FlagKind.VISSELBLASNING}
    return bool(active_kinds(case.flags) & held) and not case.hold_released

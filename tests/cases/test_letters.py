"""What a flag, a missing address or anonymity forbids (Rulings, Letters out)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.case import CaseStatus, Party
from cases.letters.letter import INTERNAL, LETTER_NAMES, Letter, LetterKind, OutboxEntry, OutboxStatus
from cases.letters.permit import Verdict, overtaken, permit, receipt_held
from cases.routing.flags import FLAG_RULES, Effect, FlagKind, FlagState
from tests.cases.builders import NOW, a_case, flagged

SAFE = [k for k, r in FLAG_RULES.items() if r.effect is Effect.SAFE]
MASK = [k for k, r in FLAG_RULES.items() if r.effect is Effect.MASK]


def test_every_flag_and_letter_is_described() -> None:
    assert set(FLAG_RULES) == set(FlagKind)
    assert set(LETTER_NAMES) == set(LetterKind)


@pytest.mark.parametrize("state", [FlagState.SUGGESTED, FlagState.CONFIRMED])
@pytest.mark.parametrize("kind", SAFE)
def test_safe_flags_let_only_the_neutral_letter_go(kind: FlagKind, state: FlagState) -> None:
    case = a_case(flags=flagged(kind, state=state))
    assert permit(case, LetterKind.BESLUT_ATGARD, automatic=False).verdict is Verdict.SAFE_ONLY
    assert permit(case, LetterKind.SEKRETESS_SAFE, automatic=False).verdict is Verdict.SEND
    assert permit(case, LetterKind.MOTTAGNING, automatic=True).verdict is Verdict.SEND


@pytest.mark.parametrize("kind", MASK)
def test_masking_flags_let_letters_go(kind: FlagKind) -> None:
    assert permit(a_case(flags=flagged(kind)), LetterKind.SVAR, automatic=False).verdict is Verdict.SEND


def test_a_cleared_flag_forbids_nothing() -> None:
    case = a_case(flags=flagged(*FlagKind, state=FlagState.CLEARED))
    assert permit(case, LetterKind.SVAR, automatic=True).verdict is Verdict.SEND
    assert not case.protected
    assert not receipt_held(case)


@pytest.mark.parametrize("kind", sorted(set(LetterKind) - INTERNAL))
def test_nothing_goes_by_mail_to_a_protected_identity(kind: LetterKind) -> None:
    case = a_case(flags=flagged(FlagKind.SKYDDAD_IDENTITET))
    assert permit(case, kind, automatic=False).verdict is Verdict.WITHHOLD


@pytest.mark.parametrize("kind", [FlagKind.HOT_VALD, FlagKind.VISSELBLASNING, FlagKind.SKYDDAD_IDENTITET])
def test_these_flags_hold_the_receipt(kind: FlagKind) -> None:
    assert receipt_held(a_case(flags=flagged(kind)))
    assert permit(a_case(flags=flagged(kind)), LetterKind.MOTTAGNING, automatic=True).verdict is Verdict.WITHHOLD


def test_of_a_held_case_a_person_may_send_the_neutral_letter_alone() -> None:
    case = a_case(flags=flagged(FlagKind.HOT_VALD))
    assert permit(case, LetterKind.SVAR, automatic=False).verdict is Verdict.SAFE_ONLY
    assert permit(case, LetterKind.SEKRETESS_SAFE, automatic=False).verdict is Verdict.SEND
    assert permit(case, LetterKind.SEKRETESS_SAFE, automatic=True).verdict is Verdict.WITHHOLD


def test_a_released_hold_lets_letters_go_again() -> None:
    case = a_case(flags=flagged(FlagKind.HOT_VALD), hold_released=True)
    assert not receipt_held(case)
    assert permit(case, LetterKind.SVAR, automatic=False).verdict is Verdict.SEND


@pytest.mark.parametrize(
    "case",
    [
        a_case(sender=Party(email="nina@mejl.example", anonymous=True)),
        a_case(sender=Party("Utan adress")),
        a_case(mail_refused="Studsade."),
        a_case(sender_doubt="Brevet är vidarebefordrat."),
    ],
)
def test_nothing_goes_where_nobody_can_be_reached(case) -> None:
    refused = permit(case, LetterKind.SVAR, automatic=False)
    assert refused.verdict is Verdict.WITHHOLD
    assert refused.reason
    assert permit(case, LetterKind.TILL_REGISTRATOR, automatic=True).verdict is Verdict.SEND


def test_a_whistle_blower_is_written_to_neutrally_even_when_the_hold_is_released() -> None:
    """Lag 2021:890: what a mail says of the matter tells who it was."""
    case = a_case(flags=flagged(FlagKind.VISSELBLASNING), hold_released=True)
    assert permit(case, LetterKind.SVAR, automatic=False).verdict is Verdict.SAFE_ONLY
    assert permit(case, LetterKind.SEKRETESS_SAFE, automatic=False).verdict is Verdict.SEND


def test_of_a_merged_case_only_who_has_it_is_no_longer_told() -> None:
    case = a_case(status=CaseStatus.MERGED)
    assert permit(case, LetterKind.VIDAREBEFORDRAD, automatic=True).verdict is Verdict.WITHHOLD
    assert permit(case, LetterKind.SVAR, automatic=False).verdict is Verdict.SEND
    assert permit(a_case(), LetterKind.VIDAREBEFORDRAD, automatic=True).verdict is Verdict.SEND


def sent(kind: LetterKind, minute: int, status: OutboxStatus = OutboxStatus.QUEUED, **changes: Any) -> OutboxEntry:
    at = NOW + timedelta(minutes=minute)
    return OutboxEntry(
        kind, "c1", "b@mejl.example", Letter(kind, "sv", "", "", ""), f"<{kind}>", at, at, status, **changes
    )


HANDED_ON = sent(LetterKind.VIDAREBEFORDRAD, 1)


def test_only_what_says_by_itself_who_has_the_case_can_come_too_late() -> None:
    answered = sent(LetterKind.SVAR, 60, OutboxStatus.SENT)
    assert overtaken(HANDED_ON, lambda: [answered])
    for other in (replace(HANDED_ON, automatic=False), sent(LetterKind.MOTTAGNING, 1)):
        assert not overtaken(other, lambda: [answered])


@pytest.mark.parametrize(
    ("other", "late"),
    [
        (sent(LetterKind.SVAR, 2, OutboxStatus.SENT), True),
        (sent(LetterKind.SVAR, 2), False),
        (replace(sent(LetterKind.SVAR, 2), not_before=HANDED_ON.not_before), True),
        (replace(sent(LetterKind.SVAR, 2, OutboxStatus.CANCELLED), not_before=HANDED_ON.not_before), False),
        (sent(LetterKind.SVAR, 0, OutboxStatus.SENT), False),
        (sent(LetterKind.SVAR, 2, OutboxStatus.SENT, copy_of="svar"), False),
        (sent(LetterKind.STATUS, 2, OutboxStatus.SENT), False),
        (sent(LetterKind.VIDAREBEFORDRAD, 2), True),
        (sent(LetterKind.ESKALERAD, 2), False),
    ],
    ids=[
        "answered",
        "answer waits",
        "leaves with it",
        "taken back",
        "answered before",
        "a copy",
        "status",
        "handed on again",
        "lifted",
    ],
)
def test_an_answer_that_left_or_a_newer_notice_comes_before_it(other: OutboxEntry, late: bool) -> None:
    assert bool(overtaken(HANDED_ON, lambda: [HANDED_ON, other])) is late

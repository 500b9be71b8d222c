"""A handläggare who answers the mail they got, for tests: what they write, and what came of it."""

from cases.case import CaseStatus
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxEntry
from tests.steps.deciding import only
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import PASS

HANS = "Hans Vik <hans@ekdala.example>"


def internal(house: SmallHouse, kind: LetterKind = LetterKind.TILL_HANDLAGGARE) -> OutboxEntry:
    return [e for e in only(house).letters if e.letter.kind is kind][-1]


def reply(house: SmallHouse, body: str, code: str = "#svar", **changes: str) -> None:
    """Hans writes to the address of the letter he got, or what the test changes of that."""
    values = {
        "sender": HANS,
        "to": internal(house).reply_to,
        "subject": f"{code} [EK-2026-00001]",
        "message_id": "<h1@ekdala.example>",
        "Authentication_Results": PASS,
        **changes,
    }
    house.receive(mail(body, **values))


def kinds(house: SmallHouse) -> list[LetterKind]:
    return [e.letter.kind for e in only(house).letters]


def journal(house: SmallHouse) -> str:
    return [e.text for e in only(house).events if e.kind is EventKind.STAFF_REPLY][-1]


def nothing_done(house: SmallHouse) -> None:
    """Nothing went to the citizen and the case stands where it stood."""
    file = only(house)
    assert [e.letter.kind for e in file.letters if e.recipient == "berit@mejl.example"] == [
        LetterKind.MOTTAGNING,
        LetterKind.VIDAREBEFORDRAD,
    ]
    assert file.case.status is CaseStatus.ASSIGNED
    assert "gjorde ingenting" in journal(house)


def explained(house: SmallHouse, words: str) -> None:
    nothing_done(house)
    told = internal(house, LetterKind.MEJLSVAR_STOPPAT)
    assert told.recipient == "hans@ekdala.example"
    assert words in told.letter.text
    assert words in told.letter.html


def silent(house: SmallHouse, words: str) -> None:
    nothing_done(house)
    assert words in journal(house)
    assert LetterKind.MEJLSVAR_STOPPAT not in kinds(house)

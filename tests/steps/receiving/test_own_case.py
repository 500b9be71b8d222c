"""A neighbour who answers all in another's case gets a case of their own, and nothing of the other comes along."""

import pytest

from cases.case import Case, CaseStatus
from cases.errors import NotAllowed
from cases.inbound.messages import ScanState
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.routing.flags import FlagKind, active_kinds
from cases.steps.receiving.own_case import part_from
from cases.steps.working.work import set_flags
from cases.store.views import CaseFile
from tests.steps.deciding import assigned, only
from tests.steps.house import SmallHouse, mail
from tests.steps.mails import FAIL, take_in, with_files

QUOTED = """\
Jag bor bredvid, och min brunn är tom.

Den 26 nov. 2026 skrev Berit Alm:
> Lampan utanför skolan är trasig. Kan ni laga den?
"""


@pytest.fixture
def house(sqlite_store: Store) -> SmallHouse:
    house = take_in(SmallHouse(sqlite_store))
    assigned(house)
    return house


def answers_all(house: SmallHouse, body: str = QUOTED, **changes: str) -> None:
    """Nils, to whom Berit had sent her letter too, writes to everybody on it."""
    values = {
        "sender": "Nils Nord <nils@mejl.example>",
        "subject": "Sv: Trasig lampa [EK-2026-00001]",
        "message_id": "<n1@mejl.example>",
        "In_Reply_To": "<m1@mejl.example>",
        **changes,
    }
    house.later(hours=1)
    house.receive(mail(body, **values))


def made(house: SmallHouse) -> Case:
    with house.store.begin() as tx:
        file = only(house)
        return part_from(tx, file.case.id, file.messages[-1].id, house.registrator, house.office, house.now)


def file_of(house: SmallHouse, case: Case) -> CaseFile:
    with house.store.read() as tx:
        return tx.case_file(case.id, SYSTEM)


def test_a_neighbours_letter_becomes_a_case_with_the_neighbour(house: SmallHouse) -> None:
    answers_all(house)
    received = house.now
    house.later(days=1)
    new = made(house)
    house.run()
    file = file_of(house, new)
    assert (file.case.number, file.case.status) == ("EK-2026-00002", CaseStatus.SUGGESTED)
    assert (file.case.sender.name, file.case.sender.email) == ("Nils Nord", "nils@mejl.example")
    assert file.case.received_at == received, "its promises count from when the letter came"
    (letter,) = file.messages
    assert letter.message.text == file.case.subject == "Jag bor bredvid, och min brunn är tom."
    assert [e.recipient for e in file.letters if e.letter.kind is LetterKind.MOTTAGNING] == ["nils@mejl.example"]
    old = only(house)
    assert len(old.messages) == 2, "the letter stays where it came in"
    assert "EK-2026-00002" in next(e.text for e in old.events if e.kind is EventKind.SPLIT)
    assert [line.id for line in old.linked] == [new.id]


def test_what_the_case_is_flagged_for_acts_in_the_new_one_until_a_person_has_looked(house: SmallHouse) -> None:
    answers_all(house)
    with house.store.begin() as tx:
        case, flags = only(house).case, frozenset({FlagKind.HALSA})
        set_flags(tx, case.id, case.version, flags, "", house.registrator, house.office, house.now)
    new = made(house)
    assert active_kinds(new.flags) == {FlagKind.HALSA}
    assert "Lampan" not in repr(file_of(house, new))


def test_a_file_with_a_virus_stays_behind_and_the_letter_is_a_case_all_the_same(house: SmallHouse) -> None:
    take_in(house, scan={b"SJUK": ScanState.INFECTED, b"OVISS": ScanState.UNCHECKED})
    raw = with_files(b"SJUK", b"OVISS").replace(b"Berit Alm <berit@", b"Nils Nord <nils@")
    house.receive(raw.replace(b"Message-ID:", b"In-Reply-To: <m1@mejl.example>\r\nMessage-ID:"))
    (file,) = file_of(house, made(house)).attachments
    assert (file.name, file.scan) == ("bild1.png", ScanState.UNCHECKED)


def test_asked_twice_it_is_one_case(house: SmallHouse) -> None:
    answers_all(house)
    assert made(house).id == made(house).id
    assert len(file_of(house, made(house)).messages) == 1


def test_a_forged_neighbour_is_written_to_by_nobody(house: SmallHouse) -> None:
    answers_all(house, Authentication_Results=FAIL)
    house.run()
    new = made(house)
    house.run()
    assert [e for e in file_of(house, new).letters if not e.internal] == []


@pytest.mark.parametrize(
    "body", [QUOTED.split("\n", 1)[1], "Se under.\n\nLampan utanför skolan är\ntrasig. Kan ni laga den?"]
)
def test_what_others_wrote_in_the_case_is_not_taken_along(house: SmallHouse, body: str) -> None:
    """Where nothing new was written the whole mail counts as newly written, the quote too."""
    answers_all(house, body)
    with pytest.raises(NotAllowed, match="som andra har skrivit"):
        made(house)


def test_the_senders_own_letter_is_split_instead(house: SmallHouse) -> None:
    answers_all(house, sender="Berit Alm <berit@mejl.example>", message_id="<b2@mejl.example>")
    with pytest.raises(NotAllowed, match="Dela upp"):
        made(house)

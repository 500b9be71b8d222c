"""A letter that is read after the reply to it, most often from quarantine: the two are one case."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from cases.calendar import local_day
from cases.case import CaseStatus, Outcome
from cases.inbound.messages import InboundMessage
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import SYSTEM
from cases.ports import Store
from cases.promises import PromiseKind
from cases.routing.areas import Area
from cases.routing.flags import FlagKind
from cases.routing.suggestion import Severity
from cases.steps.receiving.by_hand import adopt
from cases.store.views import CaseFile
from ingest.parse import parse
from tests.steps.house import START, SmallHouse, mail
from tests.steps.receiving.test_receive import events, files, kinds

FIRST = "<forst@mejl.example>"
ORIGINAL = mail("Gatlyktan är söndrig, och tråden hänger. GIFT", message_id=FIRST)


@dataclass
class Reader:
    """Cannot read what holds one of these words, until it is mended; ``auth`` is what the own server said."""

    poisons: set[bytes] = field(default_factory=lambda: {b"GIFT"})
    auth: tuple[tuple[str, str], ...] = ()

    def __call__(self, content: bytes) -> InboundMessage:
        if any(word in content for word in self.poisons):
            raise ValueError("a letter nobody can read")
        return replace(parse(content), auth=self.auth)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def house(store: Store, reader: Reader) -> SmallHouse:
    """A house in which a first letter came on the 26th and waits in quarantine since."""
    house = SmallHouse(store)
    house.stages = type(house.stages)(house.store, house.office, reader, lambda: house.model)
    put_aside(house, ORIGINAL)
    return house


def put_aside(house: SmallHouse, raw: bytes) -> None:
    house.post(raw)
    for _ in range(3):
        house.run()
        house.later(minutes=30)


def reply(text: str = "Har ni fått mitt brev?", message_id: str = "<svar@mejl.example>", **headers: str) -> bytes:
    said = {"In_Reply_To": FIRST, "References": FIRST, "subject": "Sv: Trasig lampa"} | headers
    return mail(text, message_id=message_id, **said)


def let_out(house: SmallHouse, reader: Reader) -> None:
    reader.poisons.clear()
    with house.store.begin() as tx:
        for row in tx.quarantined():
            tx.retry_quarantined(row.raw_id, house.now)
    house.run()


def save(house: SmallHouse, file: CaseFile, **changes: object) -> None:
    with house.store.begin() as tx:
        case = tx.get_case(file.case.id, SYSTEM)
        tx.save_case(type(case)(**{name: getattr(case, name) for name in case.__slots__} | changes))


def test_the_letter_joins_the_case_that_its_reply_opened(house: SmallHouse, reader: Reader) -> None:
    house.later(days=1)
    house.receive(reply())
    house.model.area, house.model.severity = Area.VA_AVFALL, Severity.ALLVARLIG
    house.later(days=3)
    let_out(house, reader)
    (file,) = files(house)
    assert [one.message.message_id for one in file.messages] == ["forst@mejl.example", "svar@mejl.example"]
    assert kinds(file) == [LetterKind.MOTTAGNING, LetterKind.TILL_REGISTRATOR, LetterKind.SVAR_INKOMMET]
    stuck, note = (event.text for event in file.events if event.kind is EventKind.NOTE)
    assert stuck.startswith("Brevet fastnade på vägen.")
    assert note.startswith("Brevet från 26 november 2026, som ärendets första svarar på, kunde läsas först nu.")
    assert (file.case.number, file.case.status) == ("EK-2026-00001", CaseStatus.SUGGESTED)
    # The matter is the first letter's, and so are the days.
    assert (file.case.area, file.case.severity) == (Area.VA_AVFALL, Severity.ALLVARLIG)
    assert file.suggestion.areas[0].area is Area.VA_AVFALL
    assert file.case.received_at == START
    assert file.case.deadline(PromiseKind.STATUS).due.isoformat() == "2026-12-04"


def test_of_both_let_out_at_once_there_is_one_case_and_one_receipt(house: SmallHouse, reader: Reader) -> None:
    put_aside(house, reply("Har ni fått mitt brev? GIFT"))
    let_out(house, reader)
    (file,) = files(house)
    assert len(file.messages) == 2
    assert kinds(file).count(LetterKind.MOTTAGNING) == 1


def test_the_reply_let_out_first_waits_for_its_letter(house: SmallHouse, reader: Reader) -> None:
    reader.poisons.add(b"FEL")
    put_aside(house, reply("Har ni fått mitt brev? FEL"))
    reader.poisons.discard(b"FEL")
    with house.store.begin() as tx:
        tx.retry_quarantined(tx.quarantined()[1].raw_id, house.now)
    house.run()
    assert len(files(house)) == 1
    let_out(house, reader)
    (file,) = files(house)
    assert kinds(file).count(LetterKind.MOTTAGNING) == 1
    assert file.case.received_at == START


def test_a_letter_let_out_before_the_reply_comes_is_the_case(house: SmallHouse, reader: Reader) -> None:
    let_out(house, reader)
    house.receive(reply())
    (file,) = files(house)
    assert len(file.messages) == 2
    assert events(file).count(EventKind.NOTE) == 1, "that it had been stuck, and nothing else"


def test_two_replies_and_their_letter_are_linked_where_they_are_not_one(house: SmallHouse, reader: Reader) -> None:
    house.receive(reply())
    house.later(hours=1)
    house.receive(reply("Hallå?", "<svar2@mejl.example>"))
    house.later(hours=1)
    let_out(house, reader)
    first, second = files(house)
    assert (len(first.messages), len(second.messages)) == (2, 1)
    assert [line.number for line in first.linked] == [second.case.number]
    assert EventKind.NOTE in events(second)


def test_an_answer_to_the_reply_stands_and_the_case_is_opened_again(house: SmallHouse, reader: Reader) -> None:
    house.later(days=1)
    house.receive(reply())
    before = files(house)[0]
    save(house, before, status=CaseStatus.CLOSED, outcome=Outcome.ANSWERED, unit_id="gata", closed_at=house.now)
    let_out(house, reader)
    (file,) = files(house)
    assert (file.case.status, file.case.closed_at) == (CaseStatus.REOPENED, None)
    assert EventKind.REOPENED in events(file)
    # What was promised was kept; the clock of an answered case is not set back.
    assert file.case.received_at == before.case.received_at
    assert file.case.deadlines == before.case.deadlines
    assert EventKind.UNHAPPY not in events(file)


def test_a_day_that_the_sender_was_told_stands(house: SmallHouse, reader: Reader) -> None:
    house.later(days=1)
    house.receive(reply())
    (file,) = files(house)
    answer = file.case.deadline(PromiseKind.ANSWER)
    later = type(answer)(PromiseKind.ANSWER, answer.due + timedelta(days=9), "R5")
    save(house, file, deadlines=(*file.case.deadlines, later))
    let_out(house, reader)
    (after,) = files(house)
    assert [d.due for d in after.case.deadlines if d.kind is PromiseKind.ANSWER] == [answer.due, later.due]


def test_what_a_person_has_decided_is_not_decided_anew(house: SmallHouse, reader: Reader) -> None:
    house.receive(reply())
    (file,) = files(house)
    save(house, file, status=CaseStatus.IN_PROGRESS, unit_id="gata", assignee_id=house.handlaggare.id)
    house.model.area = Area.VA_AVFALL
    let_out(house, reader)
    (after,) = files(house)
    assert (after.case.status, after.case.area) == (CaseStatus.IN_PROGRESS, file.case.area)
    assert after.letters[-1].recipient == house.handlaggare.email
    assert after.letters[-1].letter.kind is LetterKind.SVAR_INKOMMET


def test_a_threat_in_the_letter_holds_the_case(house: SmallHouse, reader: Reader) -> None:
    house.receive(reply())
    house.model.flags = (FlagKind.HOT_VALD,)
    let_out(house, reader)
    (file,) = files(house)
    assert file.case.on_hold
    assert LetterKind.TILL_CHEF in kinds(file)


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "Granne <granne@mejl.example>"},
        {"Reply_To": "annan@mejl.example"},
        {"sender": "noreply@mejl.example"},
    ],
)
def test_somebody_elses_reply_stays_theirs_and_is_linked(
    house: SmallHouse, reader: Reader, headers: dict[str, str]
) -> None:
    house.receive(reply("Jag håller med.", **headers))
    house.later(hours=1)
    let_out(house, reader)
    by_number = {file.case.number: file for file in files(house)}
    mine, theirs = by_number["EK-2026-00002"], by_number["EK-2026-00001"]
    assert (len(mine.messages), len(theirs.messages)) == (1, 1)
    assert mine.case.sender.email == "berit@mejl.example"
    assert [line.number for line in mine.linked] == [theirs.case.number]
    assert LetterKind.MOTTAGNING in kinds(mine)
    assert [events(file).count(EventKind.NOTE) for file in (mine, theirs)] == [2, 1], (
        "of mine, that it had been stuck too"
    )


@pytest.mark.parametrize("doubt", [{"sender_doubt": "Kanske."}, {"mail_refused": "Underkänd."}])
def test_no_letter_joins_a_case_whose_sender_is_in_doubt(
    house: SmallHouse, reader: Reader, doubt: dict[str, str]
) -> None:
    """Whoever forged the reply would read the letter, and the receipt for it would go to nobody."""
    house.receive(reply())
    save(house, files(house)[0], **doubt)
    let_out(house, reader)
    assert [len(file.messages) for file in files(house)] == [1, 1]


def test_a_forged_letter_joins_no_case_that_a_reply_to_its_like_opened(house: SmallHouse, reader: Reader) -> None:
    """It would stand in her case as her own words."""
    house.receive(reply())
    reader.auth = (("dmarc", "fail"),)
    let_out(house, reader)
    assert [len(file.messages) for file in files(house)] == [1, 1]


def test_a_letter_made_a_case_by_hand_is_linked_to_its_reply(house: SmallHouse) -> None:
    house.receive(mail(message_id="<skrap@mejl.example>", X_Spam_Flag="YES"))
    house.receive(reply(In_Reply_To="<skrap@mejl.example>", References="<skrap@mejl.example>"))
    with house.store.begin() as tx:
        adopt(tx, tx.loose_messages()[0].id, house.registrator, house.office, house.now)
    assert [len(file.linked) for file in files(house)] == [1, 1]


def test_a_letter_that_names_thousands_is_remembered_for_few(house: SmallHouse) -> None:
    many = " ".join(f"<{number}@mejl.example>" for number in range(3000))
    house.receive(reply(References=many))
    with house.store.read() as tx:
        waited = [number for number in range(3000) if tx.cases_awaiting(f"<{number}@mejl.example>")]
    assert 0 < len(waited) < 40
    assert local_day(house.now)

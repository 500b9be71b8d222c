"""A letter of ours that came back."""

from dataclasses import replace

import pytest

from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.steps.working.work import confirm_sender
from tests.steps.deciding import assigned, bounce, only, sent
from tests.steps.house import SmallHouse, mail


def test_a_bounce_finds_its_letter_and_the_owner_is_told(house: SmallHouse) -> None:
    case = assigned(house)
    receipt = only(house).letters[0]
    with house.store.begin() as tx:
        from_queue = tx.get_entry(receipt.id)
        tx.update_entry(type(from_queue)(**{**_fields(from_queue), "status": OutboxStatus.SENT}))
    house.receive(bounce(receipt.message_id))
    file = only(house)
    assert file.letters[0].status is OutboxStatus.BOUNCED
    assert file.letters[0].error == "Adressen finns inte (5.1.1)."
    assert "studsade" in file.case.mail_refused
    assert (LetterKind.STUDS, "hans@ekdala.example") in sent(file)
    assert case.version < file.case.version


@pytest.mark.parametrize(
    ("stood", "status"),
    [
        (OutboxStatus.INFLIGHT, OutboxStatus.BOUNCED),
        (OutboxStatus.UNCERTAIN, OutboxStatus.BOUNCED),
        (OutboxStatus.QUEUED, OutboxStatus.QUEUED),
        (OutboxStatus.CANCELLED, OutboxStatus.CANCELLED),
    ],
)
def test_a_letter_that_comes_back_before_its_sender_has_said_so_has_bounced(
    house: SmallHouse, stood: OutboxStatus, status: OutboxStatus
) -> None:
    """A server answers at once, and the sender may have died after handing the letter over."""
    assigned(house)
    receipt = only(house).letters[0]
    with house.store.begin() as tx:
        tx.update_entry(replace(receipt, status=stood, claimed_at=house.now))
    house.receive(bounce(receipt.message_id))
    assert only(house).letters[0].status is status
    assert bool(only(house).case.mail_refused) is (status is OutboxStatus.BOUNCED)


def test_what_comes_back_from_an_address_that_was_put_right_leaves_the_new_one_open(house: SmallHouse) -> None:
    """A server gives up after days, when a registrator has long seen the slip of the pen."""
    case = assigned(house)
    receipt = only(house).letters[0]
    with house.store.begin() as tx:
        tx.update_entry(replace(receipt, status=OutboxStatus.SENT))
        right = replace(case.sender, email="berit@post.example")
        confirm_sender(tx, case.id, case.version, right, house.registrator, house.office, house.now)
    house.receive(bounce(receipt.message_id))
    file = only(house)
    assert (file.letters[0].status, file.case.mail_refused) == (OutboxStatus.BOUNCED, "")
    assert (LetterKind.STUDS, "hans@ekdala.example") in sent(file)


def test_what_tells_of_a_bounce_may_bounce_itself_without_end(house: SmallHouse) -> None:
    """Two registrators whose addresses are dead would else write to each other for ever."""
    tree = replace(house.office.organisation, central_registrators=("rut@ekdala.example", "ada@ekdala.example"))
    house.office = replace(house.office, organisation=tree)
    house.stages = replace(house.stages, office=house.office)
    house.receive(mail())
    with house.store.begin() as tx:
        asked = next(e for e in tx.letters_of(only(house).case.id) if e.recipient == "rut@ekdala.example")
        tx.update_entry(replace(asked, status=OutboxStatus.SENT))
    house.receive(bounce(asked.message_id))
    told = [e for e in only(house).letters if e.letter.kind is LetterKind.STUDS]
    assert [e.recipient for e in told] == ["ada@ekdala.example"]
    with house.store.begin() as tx:
        tx.update_entry(replace(told[0], status=OutboxStatus.SENT))
    house.receive(bounce(told[0].message_id).replace(b"<b1@", b"<b2@"))
    file = only(house)
    assert [e.kind for e in file.events].count(EventKind.BOUNCED) == 2
    assert len([e for e in file.letters if e.letter.kind is LetterKind.STUDS]) == 1


@pytest.mark.parametrize("action", [b"delayed", b"relayed", b"delivered"])
def test_a_report_that_tells_of_no_failure_leaves_the_letter_sent(house: SmallHouse, action: bytes) -> None:
    assigned(house)
    receipt = only(house).letters[0]
    with house.store.begin() as tx:
        tx.update_entry(replace(receipt, status=OutboxStatus.SENT))
    house.receive(bounce(receipt.message_id).replace(b"Action: failed", b"Action: " + action))
    file = only(house)
    assert (file.letters[0].status, file.case.mail_refused) == (OutboxStatus.SENT, "")
    assert [m.direction for m in file.messages] == ["in", "robot"]


def counted(house: SmallHouse) -> tuple[int, int]:
    with house.store.read() as tx:
        counts = tx.state_counts()
    return counts["raw_quarantined"], counts["loose"]


def test_a_bounce_of_nothing_of_ours_is_kept_without_a_case(house: SmallHouse) -> None:
    house.receive(bounce("<nobody@ekdala.example>"))
    assert counted(house) == (0, 1)


def test_a_bounce_of_a_letter_about_no_case_is_noted_with_the_letter(house: SmallHouse) -> None:
    """A list of late cases is about many, and nobody is told of it in one of them."""
    assigned(house)
    own = replace(only(house).letters[0], id="f" * 32, case_id="", message_id="<list@ekdala.example>")
    with house.store.begin() as tx:
        tx.queue(replace(own, status=OutboxStatus.SENT))
    house.receive(bounce(own.message_id))
    with house.store.read() as tx:
        assert tx.get_entry(own.id).status is OutboxStatus.BOUNCED
    assert (counted(house), LetterKind.STUDS in [kind for kind, _ in sent(only(house))]) == ((0, 1), False)


def _fields(entry):
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}

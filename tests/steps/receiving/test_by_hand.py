"""What people write down for others: phone calls, visits, and loose messages that are cases after all."""

import pytest

from cases.case import Channel, Party
from cases.errors import NotAllowed, StaleVersion
from cases.people.access import SYSTEM
from cases.ports import Tx
from cases.steps.joining.linking import link
from cases.steps.receiving.by_hand import Spoken, adopt, enter
from cases.store.views import ListFilter, ListKind, StoredMessage
from tests.steps.house import SmallHouse, mail


def spoken(house: SmallHouse, **changes) -> Spoken:
    values = {
        "channel": Channel.PHONE,
        "sender": Party("Nils Nord", "nils@mejl.example", "0490-1"),
        "subject": "",
        "text": "Bänken vid dammen är sönder.\nRinger igen.",
        "received_at": house.now,
    }
    return Spoken(**{**values, **changes})


def entered(house: SmallHouse, **changes):
    with house.store.begin() as tx:
        case = enter(tx, spoken(house, **changes), house.registrator, house.office, house.now)
    house.run()
    with house.store.read() as tx:
        return tx.case_file(case.id, SYSTEM)


def test_a_phone_call_becomes_a_case_with_a_receipt(house: SmallHouse) -> None:
    file = entered(house)
    assert file.case.channel is Channel.PHONE
    assert file.case.subject == "Bänken vid dammen är sönder."
    assert file.case.registered_by == house.registrator.id
    assert [e.recipient for e in file.letters if not e.internal] == ["nils@mejl.example"]


def test_an_anonymous_person_is_kept_nowhere_and_gets_nothing(house: SmallHouse) -> None:
    file = entered(house, sender=Party("Nils Nord", "nils@mejl.example", anonymous=True))
    assert [e for e in file.letters if not e.internal] == []
    assert "nils" not in repr(file).lower()
    with house.store.read() as tx:
        assert tx.search("nils", SYSTEM) == []


def test_nothing_said_is_no_case(house: SmallHouse) -> None:
    with pytest.raises(NotAllowed), house.store.begin() as tx:
        enter(tx, spoken(house, text=" \n"), house.registrator, house.office, house.now)


def test_spam_that_was_a_letter_is_adopted_and_answered(house: SmallHouse) -> None:
    house.receive(mail(X_Spam_Flag="YES"))
    with house.store.read() as tx:
        (loose,) = tx.loose_messages()
    with house.store.begin() as tx:
        case = adopt(tx, loose.id, house.registrator, house.office, house.now)
    house.run()
    with house.store.read() as tx:
        assert tx.loose_messages() == []
        file = tx.case_file(case.id, SYSTEM)
    assert [e.recipient for e in file.letters if not e.internal] == ["berit@mejl.example"]
    with pytest.raises(NotAllowed, match="redan"), house.store.begin() as tx:
        adopt(tx, loose.id, house.registrator, house.office, house.now)


def test_two_cases_are_linked_both_ways(house: SmallHouse) -> None:
    one = entered(house).case
    other = entered(house, text="Samma bänk.").case
    with house.store.begin() as tx:
        link(tx, one.id, other.id, house.registrator, house.office, house.now)
    with house.store.read() as tx:
        assert [line.id for line in tx.case_file(one.id, SYSTEM).linked] == [other.id]
        assert [line.id for line in tx.case_file(other.id, SYSTEM).linked] == [one.id]
    with pytest.raises(NotAllowed), house.store.begin() as tx:
        link(tx, one.id, one.id, house.registrator, house.office, house.now)


def test_of_two_who_adopt_a_message_at_once_one_makes_the_case(house: SmallHouse) -> None:
    house.receive(mail(X_Spam_Flag="YES"))
    with house.store.read() as tx:
        (loose,) = tx.loose_messages()
        first_seen = tx.get_message(loose.id)
    with house.store.begin() as tx:
        case = adopt(tx, loose.id, house.registrator, house.office, house.now)

    class Earlier:
        """A transaction that saw the message before the other one was done."""

        def __init__(self, tx: Tx) -> None:
            self._tx = tx

        def get_message(self, _row_id: str) -> StoredMessage:
            return first_seen

        def __getattr__(self, name: str) -> object:
            return getattr(self._tx, name)

    with pytest.raises(StaleVersion), house.store.begin() as tx:
        adopt(Earlier(tx), loose.id, house.registrator, house.office, house.now)  # type: ignore[arg-type]
    with house.store.read() as tx:
        assert [line.id for line in tx.lines(ListKind.ALL, SYSTEM, ListFilter())] == [case.id]
        assert tx.get_message(loose.id).case_id == case.id

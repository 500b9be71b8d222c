"""Users with their grants, and kept facts."""

import pytest

from cases.errors import NotFound
from cases.people.access import Grant, Role, User
from storage import SqlStore

ANNA = User(
    "u1",
    "Anna.Ek@osby.example",
    "Anna Ek",
    "registrator",
    frozenset({Grant(Role.REGISTRATOR), Grant(Role.CHEF, "gata")}),
    "$argon2id$hash",
)
BO = User("u2", "bo@osby.example", "bo Al", "gatuingenjör", frozenset({Grant(Role.REGISTRATOR)}), active=False)


def test_users_come_back_and_are_replaced(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_user(BO)
        tx.add_user(ANNA)
        assert tx.user("u1") == ANNA
        assert tx.users() == [ANNA, BO]
        newer = User("u1", "anna@osby.example", "Anna Ek-Ros", "", frozenset({Grant(Role.GRANSKARE)}))
        tx.add_user(newer)
        assert tx.user("u1") == newer
        with pytest.raises(NotFound, match="u9"):
            tx.user("u9")


def test_people_stand_in_the_order_of_the_swedish_alphabet(store: SqlStore) -> None:
    names = ["Zack Ek", "Åsa Ek", "Ärla Ek", "Örjan Ek"]
    with store.begin() as tx:
        for number, name in enumerate(reversed(names)):
            tx.add_user(User(f"u{number}", f"{number}@osby.example", name, "", frozenset()))
        assert [user.name for user in tx.users()] == names


def test_an_address_is_the_same_in_any_case(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_user(ANNA)
        assert tx.user_by_email("ANNA.ek@Osby.Example") == ANNA
        assert tx.user_by_email("bo@osby.example") is tx.user_by_email("") is None


def test_facts_are_kept_and_replaced(store: SqlStore) -> None:
    with store.begin() as tx:
        assert tx.setting("last poll") == ""
        tx.save_setting("last poll", "a")
        tx.save_setting("last poll", "b")
        tx.save_setting("other", "c")
        assert tx.setting("last poll") == "b"

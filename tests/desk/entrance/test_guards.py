"""The parts that guard the door, each by itself: sealing, weak passwords, codes, tries, sessions on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.people.access import User
from desk.login.agents import agent_words
from desk.login.passwords import hash_password, one_time_password, right_password
from desk.login.sealing import Sealer
from desk.login.sessions import Lifetime, Sessions
from desk.login.throttle import Throttle
from desk.login.totp import matching_step, new_secret
from desk.login.weak import is_weak
from tests.desk import house as h

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SEALER = Sealer("a secret of the tests")
# RFC 6238, appendix B, SHA-1: its eight digits end in our six.
VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(("second", "code"), VECTORS.items())
def test_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    now = datetime.fromtimestamp(second, UTC)
    assert matching_step(RFC_SECRET, code[2:], now) == second // 30
    assert matching_step(RFC_SECRET, f"{code[2:5]} {code[5:]}", now + timedelta(seconds=30)) == second // 30
    assert matching_step(RFC_SECRET, code[2:], now + timedelta(seconds=90)) == 0


@given(st.text(max_size=40))
def test_no_text_is_a_code_by_accident_or_an_error(text: str) -> None:
    if not text.strip().isdecimal():
        assert matching_step(new_secret(), text, NOW) == 0


@pytest.mark.parametrize(
    "password",
    [
        "Sommaren2026!", "lösenord123456", "P4ssw0rd12345", "aaaaaaaaaaaa", "abcabcabcabc", "198012121212",
        "qwertyuiopå", "1q2w3e4r5t6y", "majaek-ekdala1", "Välkommen2026", "LyhördLyhörd1", "!!!!????....",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_weak(password: str) -> None:
    assert is_weak(password, ("Maja Ek", "maja.ek", "Ekdala kommun"))


@pytest.mark.parametrize(
    "password", ["lingon och blåbär 26", "tolv gröna äpplen i ett fat", "k7fm-29xp-tq4w-8hrd", "sommaren på slottet"]
)
def test_a_sentence_of_ones_own_will_do(password: str) -> None:
    assert not is_weak(password, ("Maja Ek", "maja.ek", "Ekdala kommun"))


@given(st.text(max_size=60))
def test_any_text_is_weighed_without_an_error(text: str) -> None:
    assert is_weak(text) in (True, False)


def test_one_time_passwords_pass_the_rules_and_differ() -> None:
    words = {one_time_password() for _ in range(200)}
    assert len(words) == 200
    assert not any(is_weak(word) for word in words)


def test_the_same_letter_typed_in_two_ways_is_the_same_password() -> None:
    user = User("u", "u@ekdala.example", "U", "", frozenset(), hash_password("blåbärspaj i ugnen"))
    assert right_password(user, "bla\u030aba\u0308rspaj i ugnen")


@given(st.text(max_size=50), st.text(max_size=50))
def test_what_is_sealed_comes_back_to_its_own_purpose_alone(text: str, other: str) -> None:
    sealed = SEALER.seal("one", [text], NOW)
    assert SEALER.open("one", sealed, NOW, 60) == [text]
    assert SEALER.open("two", sealed, NOW, 60) is None
    assert SEALER.open("one", sealed, NOW + timedelta(seconds=61), 60) is None
    assert Sealer("another").open("one", sealed, NOW, 60) is None
    assert SEALER.open("one", other, NOW, 60) is None
    assert SEALER.kept("one", SEALER.keep("one", text)) == text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge på Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0", "Firefox på Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", "Chrome på Android"),
        ("curl/8", "Okänd webbläsare"),
        ("", "Okänd webbläsare"),
    ],
)
def test_a_browser_in_two_words(header: str, words: str) -> None:
    assert agent_words(header) == words


def test_each_wait_is_longer_and_none_longer_than_a_quarter_of_an_hour(store) -> None:
    throttle, now, waits = Throttle(store, SEALER), NOW, []
    for _ in range(5):
        assert throttle.take("a@b.example", "192.0.2.1", now)
    for _ in range(7):
        began = now
        while not throttle.take("A@B.example ", "192.0.2.9", now):
            now += timedelta(seconds=30)
        waits.append((now - began).total_seconds() / 60)
    assert waits == [1, 2, 4, 8, 15, 15, 15]
    assert throttle.take("annan@b.example", "192.0.2.1", now), "others go on"
    throttle.succeeded("a@b.example", "192.0.2.1", now)
    assert throttle.take("a@b.example", "192.0.2.1", now)


def test_one_address_that_tries_many_accounts_must_wait_too(store) -> None:
    throttle = Throttle(store, SEALER)
    tries = [throttle.take(f"{n}@b.example", "192.0.2.1", NOW) for n in range(101)]
    assert tries == [True] * 100 + [False]
    assert not throttle.take("ny@b.example", "::ffff:192.0.2.1", NOW), "an address of IPv4 is that in either form"
    assert throttle.take("ny@b.example", "192.0.2.2", NOW)
    assert throttle.take("ny@b.example", "192.0.2.1", NOW + timedelta(minutes=2))
    assert throttle.take("0@b.example", "192.0.2.1", NOW + timedelta(hours=2)), "and an hour later it is forgotten"
    household = [throttle.take(f"{n}@c.example", f"2001:db8:1:2::{n:x}", NOW) for n in range(101)]
    assert household == [True] * 100 + [False], "who has a million million addresses is still one"
    assert throttle.take("ny@c.example", "2001:db8:1:3::1", NOW)


def test_a_hundred_tries_at_once_gain_nothing(store) -> None:
    throttles = [Throttle(store, SEALER) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda n: throttles[n % 2].take("a@b.example", f"192.0.2.{n % 3}", NOW), range(40)))
    assert sum(taken) == 5


def test_an_unknown_proxy_on_the_machine_itself_holds_nobody_back(store) -> None:
    throttle = Throttle(store, SEALER)
    assert all(throttle.take(f"{n}@b.example", ("127.0.0.1", "::1")[n % 2], NOW) for n in range(120))


def test_who_gets_in_gives_back_the_one_try_and_no_more(store) -> None:
    throttle = Throttle(store, SEALER)
    for n in range(60):
        throttle.take(f"{n}@b.example", "192.0.2.1", NOW)
        throttle.take("egen@b.example", "192.0.2.1", NOW)
        throttle.succeeded("egen@b.example", "192.0.2.1", NOW)
    tries = [throttle.take(f"ny{n}@b.example", "192.0.2.1", NOW) for n in range(41)]
    assert tries == [True] * 40 + [False], "an account of one's own does not wash the address clean"


def test_tries_are_forgotten_after_a_day(store) -> None:
    throttle = Throttle(store, SEALER)
    for _ in range(4):
        throttle.take("a@b.example", "", NOW)
    later = NOW + timedelta(hours=25)
    assert [throttle.take("a@b.example", "", later) for _ in range(6)] == [True] * 5 + [False]


def test_a_session_lives_on_every_process_and_ends_on_every_one(store) -> None:
    watch = h.Watch()
    life = Lifetime(timedelta(minutes=30), timedelta(hours=12))
    one, two = (Sessions(store, SEALER, life, watch, secure=False) for _ in range(2))
    user = h.PEOPLE["registrator"]
    with store.begin() as tx:
        tx.add_user(user)
        token = one.begin(tx, user, watch.now).token
    sent = {"lyhord": token}
    assert two.load(sent, touch=True).user_id == "registrator"
    for _ in range(3):
        watch.pass_minutes(20)
        assert two.load(sent, touch=True).user_id == "registrator"
    watch.pass_minutes(20)
    assert one.load(sent, touch=False).user_id == "registrator"
    watch.pass_minutes(20)
    assert one.load(sent, touch=True).user_id == "", "what the page asks by itself keeps nothing alive"
    with store.begin() as tx:
        session = one.begin(tx, user, watch.now)
        assert tx.session(two.load(sent, touch=True).key) is None, "and what timed out is forgotten"
        one.end(tx, session, watch.now)
    assert two.load({"lyhord": session.token}, touch=True).user_id == ""


def test_a_text_too_long_is_said_to_be_so_and_given_back_whole(house, surf) -> None:
    page = surf("registrator")
    page.get("/nytt")
    text = "Lång text. " * 10_000
    answer = page.post("/nytt", kanal="phone", text=text)
    assert answer.status_code == 413
    assert "längre än 100 000 tecken" in answer.text
    assert answer.text.count("Lång text.") == 10_000, "cut, its end would be lost unseen"
    assert house.waiting() == 0
    assert page.post("/nytt", kanal="phone", text="lampa " * 16_000 + "\r\n").status_code == 303


def test_what_is_far_too_much_is_not_read_whether_or_not_it_says_how_much_it_is(surf) -> None:
    """Thirty megabytes of signs that part no fields took fifteen seconds of the processor, of a stranger too."""
    kind, much = {"Content-Type": "application/x-www-form-urlencoded"}, b"&" * 5_000_001
    stranger, page = surf().client, surf("registrator").client
    began = process_time()
    for body, status in ((much, 413), (iter([much[:9], much[9:]]), 413), (iter([b"&", b"&"]), 303)):
        assert stranger.post("/logga-in", content=body, headers=kind).status_code == status
    assert stranger.post("/nytt", content=iter([much]), headers=kind).status_code == 401
    assert page.post("/nytt", content=much, headers=kind).status_code == 413
    assert process_time() - began < 1.5


def test_a_form_that_is_none_is_refused_without_a_word_in_the_log(surf, caplog) -> None:
    for path, status in (("/logga-in", 400), ("/nytt", 401)):
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        assert surf().client.post(path, content=b"abc", headers=headers).status_code == status
    assert caplog.records == []

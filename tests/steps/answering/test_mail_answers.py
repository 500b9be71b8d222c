"""What is read in the mail by which a handläggare answers, and in the address it was sent to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import NotAllowed
from cases.post.mail_answers import FORMS, read_answer
from cases.post.reply_token import read_capability, staff_reply_to
from notifier.variables import NEEDS, VARIABLES, Filler
from tests.steps.house import START


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        ("4 december", "4 december 2026"),
        ("den 4 december.", "4 december 2026"),
        ("Fredag den 4 December 2026", "4 december 2026"),
        ("fredagen den 4 december, 2026", "4 december 2026"),
        ("8 januari", "8 januari 2027"),
    ],
)
def test_a_day_is_read_as_people_write_it(day: str, meant: str) -> None:
    assert read_answer(FORMS["mertid"], f"Ny dag: {day}\nVarför: x", START)["ny_tid"] == meant


def test_a_leap_day_is_next_years_where_this_year_has_none() -> None:
    """Written in November before a leap year it was said to be no day at all."""
    answer = read_answer(FORMS["mertid"], "Ny dag: 29 februari\nVarför: x", datetime(2027, 11, 26, 9, 0, tzinfo=UTC))
    assert answer["ny_tid"] == "29 februari 2028"


@pytest.mark.parametrize("greeting", ["Hej!", "Hej Berit!", "hej Berit Alm,", "God dag", "Hej igen!"])
def test_a_greeting_is_left_to_the_letter_which_has_its_own(greeting: str) -> None:
    assert read_answer(FORMS["svar"], f"{greeting}\n\nLampan byts.", START) == {"svar": "Lampan byts."}
    answer = read_answer(FORMS["mertid"], f"{greeting}\nNy dag: 2026-12-04\nVarför: x", START)
    assert answer == {"ny_tid": "4 december 2026", "skal": "x"}


@pytest.mark.parametrize("first", ["Hej och tack för brevet!", "Hej Berit, lampan byts.", "Hejdå till den lampan."])
def test_a_greeting_that_says_more_stays(first: str) -> None:
    assert read_answer(FORMS["svar"], f"{first}\nDet gick bra.", START) == {"svar": f"{first}\nDet gick bra."}


def test_a_list_under_a_heading_keeps_its_lines_in_line() -> None:
    body = "Vad som görs:\n\n  * Vi byter lampan.\n  * Vi sandar.\nNär: nu\nVem: vi"
    assert read_answer(FORMS["atgard"], body, START)["atgard"] == "* Vi byter lampan.\n* Vi sandar."


@pytest.mark.parametrize("form", [form for form in FORMS.values() if form.kind], ids=lambda form: form.code)
def test_each_reply_asks_for_what_its_letter_needs(form) -> None:
    needs = NEEDS[form.kind]
    wanted = {name for name in needs.required if VARIABLES[name].filler is not Filler.SYSTEM}
    assert {f.variable for f in form.fields if not f.optional} - {"svarsdatum"} == wanted - {"svarsdatum"}
    assert {f.variable for f in form.fields} <= set(needs.names)
    days = {f.variable for f in form.fields if f.is_day}
    assert days == {f.variable for f in form.fields if VARIABLES[f.variable].filler is Filler.DATE}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Hej och tack!\nVarför: x\nNy dag: 4 december 2026", "ovanför"),
        ("Varför: x\nVarför: y\nNy dag: 4 december 2026", "mer än en gång"),
        ("Varför: x\nNy dag: på fredag", "går inte att läsa"),
        ("Varför: x\nNy dag: 25 november 2026", "har redan varit"),
        ("Varför: x\nNy dag: 25 november", "har redan varit"),
        ("Varför: x\nNy dag: onsdag den 4 december", "går inte att läsa"),
        ("Varför: x\nNy dag: 29 februari", "går inte att läsa"),
    ],
)
def test_what_cannot_be_read_is_never_guessed(body: str, words: str) -> None:
    with pytest.raises(NotAllowed, match=words):
        read_answer(FORMS["mertid"], body, START)


@given(st.sampled_from(list(FORMS.values())), st.text(max_size=200))
def test_any_text_is_read_or_refused(form, text: str) -> None:
    try:
        values = read_answer(form, text, START)
    except NotAllowed:
        assert len(form.fields) > 1 or not text.strip()
    else:
        assert all(values.get(f.variable) for f in form.fields if not f.optional)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=45, max_size=45) | st.text(max_size=60))
def test_no_word_that_we_did_not_sign_is_genuine(house_office, word: str) -> None:
    found = read_capability(word, house_office)
    assert found is None or not found.genuine


@pytest.fixture(scope="module")
def house_office():
    class Plain:
        secret, reply_pattern = b"hemlig" * 6, "feedback+{token}@ekdala.example"

    return Plain()


def test_an_address_holds_sixty_days_and_fits_a_local_part(house_office) -> None:
    address = staff_reply_to(house_office, "0f" * 16, START)
    local = address.partition("@")[0]
    assert len(local) <= 64
    assert address == address.lower()
    found = read_capability(local.removeprefix("feedback+"), house_office)
    assert found.genuine
    assert found.entry_id == "0f" * 16
    assert not found.expired(START + timedelta(days=60))
    assert found.expired(START + timedelta(days=61))
    house_office.reply_pattern = "en.alldeles.for.lang.adress+{token}@ekdala.example"
    assert staff_reply_to(house_office, "0f" * 16, START) == ""

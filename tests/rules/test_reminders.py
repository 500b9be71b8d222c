"""Reminders of Osby's status (O24): they name the letter that leaves, and a day told is a promise too."""

from datetime import date

from cases.case import Channel, Party
from cases.letters.letter import LetterKind
from cases.promises import in_force
from cases.routing.flags import FlagKind
from cases.steps.answering.by_post import letter_posted
from tests.rules.town import Town

PROFILE = "osby"
K = LetterKind
STATUS_DUE = date(2026, 12, 4)


def test_the_reminder_names_the_letter_that_leaves_of_a_protected_case(town: Town) -> None:
    letter = town.write()
    letter.route("gata", FlagKind.SOCIALTJANST)
    letter.assign()
    town.at(date(2026, 12, 3), 8)
    reminder = letter.told(town.handlaggare.email)[-1]
    assert "Brevet Neutralt meddelande går annars av sig självt den 4 december 2026 kl. 16.00." in reminder
    town.at(STATUS_DUE, 16)
    assert str(letter.answers[-1]["Subject"]).startswith("Meddelande från kommunen")


def test_a_day_told_to_the_citizen_is_reminded_of(town: Town) -> None:
    letter = town.write()
    letter.route()
    letter.assign()
    letter.answer(K.LANGRE_TID, ny_tid="11 december 2026", skal="Vi mäter ljuset.")
    assert "Du får svar senast den 11 december 2026." in letter.last
    before = len(letter.answers)
    town.at(STATUS_DUE, 16)
    assert len(letter.answers) == before, "that letter said how it goes"
    town.at(date(2026, 12, 10), 8)
    assert "senast den 11 december 2026" in letter.told(town.handlaggare.email)[-1]
    town.at(date(2026, 12, 11), 17)
    town.at(date(2026, 12, 14), 9)
    assert len(letter.answers) == before
    assert "Svarstiden gick ut för en arbetsdag sedan." in letter.told(town.handlaggare.email)[-1]
    letter.answer(K.SVAR, svar="Nu är det mätt.")
    assert in_force(letter.case.deadlines) == ()


def test_who_posted_a_new_day_is_not_told_to_send_one(town: Town) -> None:
    """No status leaves by itself to who has no address for mail, so that nothing else would end the reminders."""
    letter = town.spoken(Channel.LETTER, Party("Bo Ek", address="Storgatan 1, 280 60 Osby"))
    letter.route()
    letter.assign()
    values = {"ny_tid": "18 december 2026", "skal": "Vi mäter ljuset."}
    with town.store.begin() as tx:
        version = letter.case.version
        letter_posted(tx, letter.id, version, K.LANGRE_TID, values, town.handlaggare, town.office, town.now)
    told = len(letter.told(town.handlaggare.email))
    for day in (date(2026, 12, 3), date(2026, 12, 7), date(2026, 12, 8)):
        town.at(day, 8)
    assert len(letter.told(town.handlaggare.email)) == told
    town.at(date(2026, 12, 21), 8)
    assert "senast den 18 december 2026" in letter.told(town.handlaggare.email)[-1]

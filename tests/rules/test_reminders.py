"""Reminders of Osby's status (O24): they name the letter that leaves, and a day told is a promise too."""

from datetime import date

from cases.letters.letter import LetterKind
from cases.promises import in_force
from cases.routing.flags import FlagKind
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
    town.at(STATUS_DUE, 16)
    assert "Du får svar senast den 11 december 2026." in letter.last
    town.at(date(2026, 12, 10), 8)
    assert "senast den 11 december 2026" in letter.told(town.handlaggare.email)[-1]
    before = len(letter.answers)
    town.at(date(2026, 12, 11), 17)
    town.at(date(2026, 12, 14), 9)
    assert len(letter.answers) == before
    assert "Svarstiden gick ut för en arbetsdag sedan." in letter.told(town.handlaggare.email)[-1]
    letter.answer(K.SVAR, svar="Nu är det mätt.")
    assert in_force(letter.case.deadlines) == ()

"""`lyhord letters` says where each text comes from and whether it is approved."""

import pytest

from cases.letter_texts import LetterSource, TextAct, TextEvent
from cases.letters import LetterKind
from service.cli import main
from tests.storage.samples import NOW


def test_it_tells_source_and_approval_of_each_language(environ, sqlite_store, capsys, monkeypatch) -> None:
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    own = LetterSource("Svar", "Hej", "<p>Hej</p>")
    with sqlite_store.begin() as tx:
        tx.add_text_event(TextEvent("1", LetterKind.SVAR, "sv", NOW, "ada", TextAct.APPROVED, own, own.digest))
    assert main(["letters", "--config", "demo"]) == 0
    said = capsys.readouterr().out
    assert "sv: Ändrad på skrivbordet, används" in said
    assert "en: Lyhörds text, används" in said
    assert "fi: Lyhörds text, används inte: språket är inte påslaget" in said


def test_without_a_municipality_it_lists_the_shipped_letters(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LYHORD_CONFIG", raising=False)
    assert main(["letters"]) == 0
    said = capsys.readouterr().out
    assert "mottagning" in said
    assert "Lyhörds text" not in said

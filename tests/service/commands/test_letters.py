"""`lyhord letters` says where each text comes from and whether it is approved."""

from dataclasses import replace

import pytest

from cases.letters.letter import LetterContext, LetterKind
from cases.letters.texts import LetterSource, TextAct, TextEvent
from config import load
from notifier.variables import sample_values
from service.bootstrap import build
from service.cli import main
from tests.storage.samples import NOW

DRAFTS = ("fi", "ar", "so", "uk", "pl", "se")


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


@pytest.mark.parametrize("approved", [False, True])
def test_the_service_sends_no_translation_that_nobody_has_approved(environ, approved: bool) -> None:
    """Though its language is switched on: the receipt of somebody who writes in Finnish is then the Swedish one."""
    settings = load("demo", environ)
    kind, languages = LetterKind.MOTTAGNING, ("sv", "en", *DRAFTS)
    house = build(replace(settings, letters=replace(settings.letters, languages=languages)))
    if approved:
        with house.store.begin() as tx:
            for language in DRAFTS:
                _, source = house.workshop.below(kind, language) or (None, None)
                tx.add_text_event(
                    TextEvent(language, kind, language, NOW, "ada", TextAct.APPROVED, None, source.digest)
                )
    values = LetterContext(sample_values(kind, optional=False))
    used = [house.office.renderer.render(kind, language, values).language for language in DRAFTS]
    house.store.close()
    assert used == (list(DRAFTS) if approved else ["sv"] * len(DRAFTS))

"""A letter that is filled in is the letter that would have been written, whatever a municipality's templates do."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from jinja2 import Environment

from cases.errors import TemplateError
from cases.letters.letter import LetterContext, LetterKind
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from notifier.moulds import Moulds
from notifier.renderer import LANGUAGES

RECEIPT, ROUTING = LetterKind.MOTTAGNING, LetterKind.TILL_REGISTRATOR
CASE = {
    "mottagen_datum": "21 november 2026",
    "frist": "3 december 2026",
    "enhet": "Gata & park",
    "svarslofte": "Vi svarar.",
}
FIRST = {
    "arende_id": "EK-2026-00001",
    "lank": "https://x.example/arenden/1",
    "status_lank": "https://x.example/m/a?b=1&c=2",
}
SECOND = {"arende_id": "<EK>-2 & 3", "lank": "https://x.example/arenden/2", "status_lank": "https://x.example/m/z"}
PLACES = [(RECEIPT, "sv"), (RECEIPT, "ar"), (ROUTING, "sv")]
SHIPPED = TemplateRenderer(sample_constants(), approved_languages=LANGUAGES)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[LetterKind]:
    """The letters that were written from their templates rather than filled in."""
    kinds: list[LetterKind] = []
    part = TemplateRenderer._part

    def noting(self: TemplateRenderer, kind: LetterKind, language: str, name: str, words: Mapping[str, object]) -> str:
        if name == "subject.txt":
            kinds.append(kind)
        return part(self, kind, language, name, words)

    monkeypatch.setattr(TemplateRenderer, "_part", noting)
    return kinds


def _renderer(tmp_path: Path, templates: Mapping[str, str]) -> TemplateRenderer:
    for name, source in templates.items():
        file = tmp_path / "sv" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return TemplateRenderer(sample_constants(), overrides=[tmp_path], approved_languages=LANGUAGES)


def _same(renderer: TemplateRenderer, kind: LetterKind, language: str, **own: str) -> None:
    """Asserts that the letter is the one that would have been written."""
    values = {**CASE, **own}
    plain = renderer.compose(kind, language, values, renderer.constants)
    assert renderer.render(kind, language, LetterContext(values)) == plain
    assert own["arende_id"] in plain.subject


@pytest.mark.parametrize(("kind", "language"), PLACES)
def test_each_case_gets_its_own_letter_from_one_mould(kind, language, written):
    for own in (FIRST, SECOND):
        _same(SHIPPED, kind, language, **own)
    written.clear()
    SHIPPED.render(kind, language, LetterContext({**CASE, **FIRST}))
    assert not written


@pytest.mark.parametrize("own", [{"lank": "x.example/arenden/1"}, {"arende_id": "EK  1"}, {"forslag": "Gata\nPark"}])
def test_what_may_come_out_otherwise_than_it_went_in_is_written(own, written):
    for _ in range(2):
        written.clear()
        letter = SHIPPED.render(ROUTING, "sv", LetterContext({**CASE, **FIRST, **own}))
        assert written == [ROUTING]
        assert letter == SHIPPED.compose(ROUTING, "sv", {**CASE, **FIRST, **own}, SHIPPED.constants)


@pytest.mark.parametrize(
    "body",
    [
        "{% if arende_id == 'EK-2026-00001' %}först{% else %}sedan{% endif %} {{ arende_id }}",
        "{{ arende_id | versal }}",
        "{{ (arende_id or kommun) | versal }}",
        "{% for rad in arende_id | rader %}{{ rad }}{% endfor %}",
    ],
)
def test_a_template_that_does_more_than_show_is_written_for_each_case(body, tmp_path, written):
    renderer = _renderer(tmp_path, {"mottagning/body.txt": body})
    for own in (FIRST, SECOND):
        _same(renderer, RECEIPT, "sv", **own)
    assert len(written) == 4


def test_a_template_that_is_changed_is_seen_at_once(tmp_path):
    renderer = _renderer(
        tmp_path, {"mottagning/body.txt": "{% extends 'sv/eget.txt' %}", "eget.txt": "Ett {{ arende_id }}"}
    )
    _same(renderer, RECEIPT, "sv", **FIRST)
    longer = "Ett helt annat brev om {{ arende_id or kommun }}, {{ 'tack' if arende_id else '' }}"
    (tmp_path / "sv" / "eget.txt").write_text(longer, encoding="utf-8")
    _same(renderer, RECEIPT, "sv", **SECOND)
    assert renderer.render(RECEIPT, "sv", LetterContext({**CASE, **FIRST})).text.startswith("Ett helt annat")


def test_a_fault_is_told_as_ever(tmp_path):
    renderer = _renderer(tmp_path, {"mottagning/body.txt": "{{ okand }} {{ arende_id }}"})
    with pytest.raises(TemplateError, match="okand"):
        renderer.render(RECEIPT, "sv", LetterContext({**CASE, **FIRST}))
    with pytest.raises(TemplateError, match="ingen adress"):
        SHIPPED.render(ROUTING, "sv", LetterContext({**CASE, **FIRST, "lank": "javascript:1"}))


def test_prepared_letters_need_no_template_compiled(tmp_path, monkeypatch):
    renderer = _renderer(tmp_path, {f"{ROUTING}/body.txt": "{% bruten"})
    renderer.prepare()
    compiled: list[object] = []
    monkeypatch.setattr(Environment, "_compile", lambda *_: compiled.append(1))
    monkeypatch.setattr(Environment, "_parse", lambda *_: compiled.append(1))
    for kind, language in ((RECEIPT, "sv"), (RECEIPT, "en"), (LetterKind.SVAR_INKOMMET, "sv")):
        assert renderer.render(kind, language, LetterContext({**CASE, **FIRST})).html
    assert not compiled


def test_moulds_do_not_pile_up():
    for day in range(70):
        SHIPPED.render(ROUTING, "sv", LetterContext({**CASE, **FIRST, "frist": f"dag {day}"}))
    moulds = SHIPPED._moulds
    assert isinstance(moulds, Moulds)
    assert len(moulds._known) <= 64


def test_what_a_template_extends_may_hang_on_its_words(tmp_path: Path, written: list[LetterKind]) -> None:
    """The service looks at every template when it starts, and did not start with this one."""
    base = "sv/_base/body.txt"
    reckoned = (
        f'{{% extends "{base}" if kommun else "{base}" %}}{{% block innehall %}}{{{{ arende_id }}}}{{% endblock %}}'
    )
    renderer = _renderer(tmp_path, {"mottagning/body.txt": reckoned})
    renderer.prepare()
    _same(renderer, RECEIPT, "sv", **FIRST)
    written.clear()
    _same(renderer, RECEIPT, "sv", **SECOND)
    assert written == [RECEIPT, RECEIPT]

"""Reads, tries and lints the letters' texts for whoever changes them: the same sandbox and lint as for the post."""

from collections.abc import Iterator, Mapping, Sequence

from jinja2 import TemplateNotFound, TemplateSyntaxError

from cases.errors import TemplateError
from cases.letters.letter import Letter, LetterKind
from cases.letters.texts import LetterSource, Origin, Standing, TextTrial, TextVariable, source_files
from notifier.constants import CONSTANTS, REQUIRED_CONSTANTS
from notifier.environment import MAX_SOURCE, CheckedLoader
from notifier.renderer import LANGUAGES, PARTS, TemplateRenderer
from notifier.variables import NEEDS, VARIABLES, meaning

# A text somebody types is far shorter than what a file may be.
_LONGEST = MAX_SOURCE // 2
_EMPTY = ("Ämnesraden är tom.", "Texten är tom.", "HTML-delen är tom.")


class TemplateWorkshop:
    """Implements ``cases.letters.texts.LetterWorkshop`` over a renderer's folders and constants."""

    def __init__(self, renderer: TemplateRenderer) -> None:
        self._plain = TemplateRenderer(
            renderer.constants, overrides=renderer.overrides, approved_languages=LANGUAGES, logo=renderer.logo
        )
        self._own = CheckedLoader(renderer.overrides)
        self._shipped = CheckedLoader(())

    def kinds(self) -> Sequence[tuple[LetterKind, Sequence[str]]]:
        """Every letter with the languages it has a text in."""
        return [(kind, self._plain.languages(kind)) for kind in LetterKind]

    def below(self, kind: LetterKind, language: str) -> tuple[Origin, LetterSource] | None:
        """The folder's or the shipped text, under whatever the desk has put over it."""
        found = _read(self._own, kind, language)
        if found is None:
            return None
        return Origin.SHIPPED if found == _read(self._shipped, kind, language) else Origin.FOLDER, found

    def variables(self, kind: LetterKind) -> Sequence[TextVariable]:
        """What the letter's text may name, its own first, then the municipality's facts."""
        needs = NEEDS[kind]
        own = [
            TextVariable(name, meaning(kind, name), VARIABLES[name].sample, name in needs.required)
            for name in needs.names
        ]
        facts = [
            TextVariable(one.name, one.meaning, one.sample, one.name in REQUIRED_CONSTANTS)
            for one in CONSTANTS.values()
        ]
        return [*own, *facts]

    def trial(self, kind: LetterKind, language: str, source: LetterSource) -> TextTrial:
        """The text with sample data, and every fault lint finds."""
        blank = [said for said, part in zip(_EMPTY, _parts(source), strict=True) if not part.strip()]
        if language not in LANGUAGES:
            return TextTrial(None, ("Språket finns inte i Lyhörd.",))
        if blank or max(map(len, _parts(source))) > _LONGEST:
            return TextTrial(None, tuple(blank) or (f"Texten är längre än {_LONGEST} tecken.",))
        trying = self._with(source_files(kind, language, source))
        letter: Letter | None = None
        broken: tuple[str, ...] = ()
        try:
            letter = trying.preview(kind, language)
        except TemplateError as error:
            broken = (str(error),)
        return TextTrial(letter, tuple(dict.fromkeys(_faults(trying, kind, language, whole=not broken))) or broken)

    def _with(self, files: Mapping[str, str]) -> TemplateRenderer:
        tried = Standing(files)
        return TemplateRenderer(
            self._plain.constants,
            overrides=self._plain.overrides,
            approved_languages=LANGUAGES,
            texts=lambda: tried,
            logo=self._plain.logo,
        )


def _parts(source: LetterSource) -> tuple[str, str, str]:
    return source.subject, source.text, source.html


def _read(loader: CheckedLoader, kind: LetterKind, language: str) -> LetterSource | None:
    parts = []
    for part in PARTS:
        try:
            parts.append(loader.raw(f"{language}/{kind}/{part}"))
        except (TemplateNotFound, TemplateSyntaxError):
            return None
    return LetterSource(*parts)


def _faults(trying: TemplateRenderer, kind: LetterKind, language: str, *, whole: bool) -> Iterator[str]:
    """What lint finds, by the page's fields. A letter that cannot be written has faults in its fields alone."""
    names = {"subject.txt": "Ämnesraden", "body.txt": "Texten", "body.html": "HTML-delen"}
    for finding in trying.lint(kind):
        place = finding.where.split("/")
        if place[:2] != [language, str(kind)]:
            continue
        where = names.get(place[2], "") if len(place) > 2 else ""
        line = f", rad {finding.line}" if finding.line and where else ""
        if where or whole:
            yield f"{where}{line}: {finding.message}" if where else _sentence(finding.message)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

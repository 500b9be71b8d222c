"""Turns a letter's three templates into the text that is sent: pure, strict, and the same for preview and post."""

import re
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from jinja2 import Template, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cases.errors import TemplateError
from cases.letters.letter import LETTER_NAMES, Letter, LetterContext, LetterKind
from cases.letters.texts import READ_LANGUAGES, Standing
from notifier.catalogue import CatalogueRow, row
from notifier.constants import CONSTANTS, OF_AUTHORITY, REQUIRED_CONSTANTS, sample_constants
from notifier.environment import MAX_OUTPUT, letter_environment
from notifier.faults import in_swedish
from notifier.lint import Finding, lint_files, lint_letter
from notifier.logo import Logo
from notifier.moulds import Moulds, Written
from notifier.variables import NEEDS, preview_values, sample_values

DEFAULT_LANGUAGE = "sv"
LANGUAGES = ("sv", "en", "fi", "ar", "so", "uk", "pl", "se")
# Translations a native speaker has not read are drafts: shipped, and off until the municipality approves them.
APPROVED = ("sv", "en")
PARTS = ("subject.txt", "body.txt", "body.html")
_NO_FILE = "<template>"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")


class TemplateRenderer:
    """Implements ``cases.ports.Renderer``.

    ``constants`` are the municipality's own facts (``notifier.constants.CONSTANTS``). ``overrides`` are folders laid
    out as ``templates/mail`` (``sv/status/body.txt``): a file there wins over the shipped one, file by file, the first
    folder first. ``texts`` tells what the desk has put over both, the same object until that changes; with it, a
    translation goes out only where a person has approved it. ``logo`` stands over the letters in the place of the
    municipality's name. Raises TemplateError where a required constant is missing.
    """

    def __init__(
        self,
        constants: Mapping[str, str],
        *,
        overrides: Sequence[Path] = (),
        approved_languages: Collection[str] = APPROVED,
        texts: Callable[[], Standing] | None = None,
        logo: Logo | None = None,
    ) -> None:
        absent = sorted(name for name in REQUIRED_CONSTANTS if not constants.get(name, "").strip())
        if absent:
            raise TemplateError(
                f"Kommunens uppgifter till breven saknas: {', '.join(absent)}. Skriv in dem i profilen."
            )
        self._constants = {name: str(constants.get(name, "")) for name in CONSTANTS}
        self._overrides = tuple(overrides)
        self._texts = texts
        self._logo = logo
        self._shown = (Standing(), letter_environment(overrides))
        self._approved = frozenset(approved_languages) | {DEFAULT_LANGUAGE}
        self._moulds = Moulds(self._written)

    @property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        """The templates as they stand now; built anew where the desk has changed any."""
        standing, environment = self._shown
        if self._texts is None or (now := self._texts()) is standing:
            return environment
        environment = letter_environment(self._overrides, now.files)
        self._shown = (now, environment)
        return environment

    @property
    def constants(self) -> Mapping[str, str]:
        """The municipality's own facts."""
        return self._constants

    @property
    def overrides(self) -> Sequence[Path]:
        """The municipality's folders."""
        return self._overrides

    @property
    def logo(self) -> Logo | None:
        """The picture over the letters; whoever sends or shows one has to bring it."""
        return self._logo

    def usable(self, kind: LetterKind, language: str) -> bool:
        """Whether a letter may go out in this language: switched on, there, and approved where it must be."""
        if language not in self._approved or not self._exists(kind, language):
            return False
        if self._texts is None or language in READ_LANGUAGES:
            return True
        return (kind, language) in self._texts().approved

    def prepare(self) -> None:
        """Compile the templates now: each takes milliseconds at its first letter, in the transaction of its cause."""
        for kind in LetterKind:
            for language in filter(partial(self.usable, kind), self._approved):
                # What is wrong with a template is told where somebody writes by it, or looks it through.
                with suppress(TemplateError):
                    self.preview(kind, language)
                    self._moulds.prepare(self._environment, kind, language)

    def render(self, kind: LetterKind, language: str, context: LetterContext) -> Letter:
        """The letter, in Swedish where the language has no approved template. Raises TemplateError."""
        lacking = self.missing(kind, language, context)
        if lacking:
            raise TemplateError(f"Brevet ”{LETTER_NAMES[kind]}” saknar {', '.join(lacking)}. Fyll i och försök igen.")
        chosen = self._choose(kind, language)
        words = self._words(kind, chosen, context.values, self._constants)
        return _letter(kind, chosen, words, self._moulds.write(self._environment, kind, chosen, words))

    def missing(self, kind: LetterKind, language: str, context: LetterContext) -> Sequence[str]:
        """The names of required variables that are empty; the same in every ``language``."""
        del language
        return [name for name in NEEDS[kind].required if not context.values.get(name, "").strip()]

    def preview(self, kind: LetterKind, language: str = DEFAULT_LANGUAGE) -> Letter:
        """The letter with sample values, drafts included. Raises TemplateError where there is no such template."""
        return self.compose(kind, language, preview_values(kind), self._constants)

    def languages(self, kind: LetterKind) -> tuple[str, ...]:
        """The languages a letter has templates in, approved or not."""
        return tuple(code for code in LANGUAGES if self._exists(kind, code))

    def catalogue(self) -> tuple[CatalogueRow, ...]:
        """Every letter with audience, trigger, deadline, variables and languages."""
        return tuple(row(kind, self.languages(kind)) for kind in LetterKind)

    def lint(self, only: LetterKind | None = None) -> tuple[Finding, ...]:
        """What is wrong in any template, or in one letter's: files first, then the letters rendered with samples."""
        kinds = tuple(LetterKind) if only is None else (only,)
        return (*lint_files(self._environment, kinds), *self._lint_letters(kinds))

    def _lint_letters(self, kinds: Sequence[LetterKind]) -> Iterator[Finding]:
        trial = _Trial(self, {**sample_constants(), **{k: v for k, v in self._constants.items() if v}})
        for kind in kinds:
            for language in self.languages(kind):
                for optional in (True, False):
                    yield from trial.findings(kind, language, optional=optional)

    def compose(
        self, kind: LetterKind, language: str, values: Mapping[str, str], constants: Mapping[str, str]
    ) -> Letter:
        """Render with other constants, for lint. Raises TemplateError."""
        words = self._words(kind, language, values, constants)
        return _letter(kind, language, words, self._written(kind, language, words))

    def _words(
        self, kind: LetterKind, language: str, values: Mapping[str, str], constants: Mapping[str, str]
    ) -> dict[str, object]:
        """All that a template may name."""
        names = {name: _clean(values.get(name, "")) for name in NEEDS[kind].names}
        # Set where the letter is printed: it then says ”brevet” of itself, and its head tells number and sender.
        its_own = {name: _clean(values[name]) for name in OF_AUTHORITY if values.get(name)}
        words: dict[str, object] = {
            **constants,
            **its_own,
            **names,
            "sprak": language,
            "papper": values.get("papper", ""),
        }
        words["logotyp"] = self._logo.image(constants.get("kommun", "")) if self._logo else ""
        return words

    def _written(self, kind: LetterKind, language: str, words: Mapping[str, object]) -> Written:
        subject = _one_line(self._part(kind, language, "subject.txt", words))
        headed = {**words, "rubrik": subject}
        text = _tidy(self._part(kind, language, "body.txt", headed))
        return Written(subject, text, _tidy(self._part(kind, language, "body.html", headed)))

    def _choose(self, kind: LetterKind, language: str) -> str:
        code = language.lower().partition("-")[0]
        return code if self.usable(kind, code) else DEFAULT_LANGUAGE

    def _exists(self, kind: LetterKind, language: str) -> bool:
        try:
            self._environment.get_template(f"{language}/{kind}/subject.txt")
        except TemplateNotFound:
            return False
        except TemplateSyntaxError:
            return True
        return True

    def _part(self, kind: LetterKind, language: str, part: str, words: Mapping[str, object]) -> str:
        name = f"{language}/{kind}/{part}"
        try:
            return _bounded(self._environment.get_template(name), words)
        except TemplateNotFound as error:
            raise TemplateError(f"Brevet ”{LETTER_NAMES[kind]}”: mallen {error.name or name} finns inte.") from error
        except TemplateSyntaxError as error:
            where = f"”{LETTER_NAMES[kind]}”: {error.name or name}, rad {error.lineno}"
            raise TemplateError(f"Brevet {where}: {in_swedish(error.message or '')}") from error
        # Whatever else goes wrong (an unknown name, a bad link, endless inheritance) is the template's fault.
        except Exception as error:
            raise TemplateError(f"Brevet ”{LETTER_NAMES[kind]}”: {_where(error, name)}: {_what(error)}") from error


class _Trial:
    """Renders a letter with samples for lint."""

    def __init__(self, renderer: TemplateRenderer, constants: Mapping[str, str]) -> None:
        self._renderer = renderer
        self._constants = constants

    def findings(self, kind: LetterKind, language: str, *, optional: bool) -> Sequence[Finding]:
        """What is wrong with one letter, with and without its optional values and constants."""
        kept = {k: v if optional or k in REQUIRED_CONSTANTS else "" for k, v in self._constants.items()}
        try:
            letter = self._renderer.compose(kind, language, sample_values(kind, optional=optional), kept)
        except TemplateError as error:
            return (Finding(f"{language}/{kind}", 0, str(error)),)
        return lint_letter(letter, self._constants)


def _letter(kind: LetterKind, language: str, words: Mapping[str, object], written: Written) -> Letter:
    subject, number = written.subject, words.get("arende_id", "")
    subject = _one_line(f"{subject} [{number}]" if number else subject)
    return Letter(kind, language, subject, written.text, written.html)


def _bounded(template: Template, words: Mapping[str, object]) -> str:
    size, pieces = 0, []
    for piece in template.generate(words):
        size += len(piece)
        if size > MAX_OUTPUT:
            raise ValueError(f"Brevet blir längre än {MAX_OUTPUT} tecken.")
        pieces.append(piece)
    return "".join(pieces)


def _clean(value: str) -> str:
    return _CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _tidy(text: str) -> str:
    """No trailing blanks, at most one empty line in a row, one newline at the end."""
    kept = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", kept).strip("\n") + "\n"


def _where(error: BaseException, name: str) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith((".txt", ".html", _NO_FILE))]
    if not frames:
        return name
    # What was typed on the desk lies in no file.
    if frames[-1].filename == _NO_FILE:
        return f"{name}, rad {frames[-1].lineno}"
    return f"{'/'.join(Path(frames[-1].filename).parts[-3:])}, rad {frames[-1].lineno}"


def _what(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "mallen bygger på sig själv."
    return in_swedish(str(error))

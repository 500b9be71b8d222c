"""Language of the body, ISO 639-1, by py3langid restricted to what is written to a Swedish municipality."""

from copy import copy
from functools import lru_cache

from py3langid import langid
from spacy.language import Language
from spacy.tokens import Doc

Doc.set_extension("language", default="sv", force=True)

_LANGUAGES = [
    "sv",
    "en",
    "ar",
    "fi",
    "pl",
    "uk",
    "so",
    "ru",
    "fa",
    "no",
    "da",
    "de",
    "es",
    "fr",
    "tr",
    "ku",
    "ps",
    "ro",
    "hr",
    "bs",
    "nl",
    "it",
]
_ETHIOPIC = range(0x1200, 0x1380)
_READ = 2_000  # characters are plenty to tell a language
_CERTAIN = 0.8
# The body is Swedish unless its words say otherwise; this is how many nats they must say it with.
_HOME_ADVANTAGE = 6.0


@lru_cache(maxsize=1)
def _unpacked() -> langid.LanguageIdentifier:
    """Unpacking takes a second, and a process may hold several models."""
    return langid.LanguageIdentifier.from_modelpath(langid.MODEL_DIR / langid.MODEL_FILE)


@Language.factory("lyhord_language", default_config={"languages": _LANGUAGES, "advantage": _HOME_ADVANTAGE})
class LanguagePipe:
    """Sets ``doc._.language``."""

    def __init__(self, nlp: Language, name: str, languages: list[str], advantage: float) -> None:
        self.name = name
        self._advantage = advantage
        self._home = str(nlp.lang)
        self._identifier = copy(_unpacked())
        self._identifier.set_languages(languages)

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text  # put together from its words each time it is asked for
        _, _, body = text.partition("\n")
        doc._.language = self._guess((body.strip() or text.strip())[:_READ])
        return doc

    def _guess(self, text: str) -> str:
        letters = [sign for sign in text if sign.isalpha()]
        if not letters:
            return self._home
        if sum(ord(sign) in _ETHIOPIC for sign in letters) > len(letters) / 2:
            # Tigrinya and Amharic share the script; Tigrinya is what Swedish municipalities receive.
            return "ti"
        scores = dict(self._identifier.rank(text))
        scores[self._home] += self._advantage
        return str(max(scores, key=lambda code: scores[code]))

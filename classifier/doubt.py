"""When none of the suggested areas may be right: nothing to read, hardly words, a foreign language, no area ahead."""

from spacy.tokens import Doc

from classifier.swedish import is_known

HOME = "sv"
# Of letters the model had not seen and whose best area is below this, more than half belong elsewhere
# (docs/classifier.md).
LEAST_SHARE = 0.3
LEAST_FOREIGN_SHARE = 0.4
_LEAST_LETTERS = 12
_LEAST_WORDS = 4
_LEAST_KNOWN = 0.35
_ENOUGH = 200  # words are plenty to tell text from noise


def doubt(doc: Doc, best: float, language: str) -> str:
    """Why the suggestion should not be trusted, in Swedish; empty where it may. ``best`` is the first area's share."""
    words = [token.lower_ for token in doc if token.is_alpha][:_ENOUGH]
    if sum(map(len, words)) < _LEAST_LETTERS:
        return "Brevet har nästan ingen text."
    if language == HOME and len(words) >= _LEAST_WORDS and _known(words) < _LEAST_KNOWN:
        return "Brevet går knappt att läsa som text."
    if language != HOME and best < LEAST_FOREIGN_SHARE:
        return "Brevet är på ett språk som modellen kan dåligt."
    return "Inget ämne sticker ut." if best < LEAST_SHARE else ""


def _known(words: list[str]) -> float:
    """The share of the letter's words that are in the Swedish word list; many repeats of one word are one word."""
    different = set(words)
    return sum(map(is_known, different)) / len(different)

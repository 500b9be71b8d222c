"""Flags that words alone raise: identity numbers exactly, the rest by patterns over tokens and wordings."""

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Token

from cases.flags import FlagKind
from classifier.flag_words import find_flag_words
from classifier.identity_numbers import find_identity_numbers
from classifier.passage import Passage
from classifier.rules import RULES

Doc.set_extension("rule_hits", default=None, force=True)


_PARAGRAPH = "\n\n"


def _unbroken(doc: Doc, words: list[Token]) -> Doc:
    """These words of a doc as one: a mail program's line breaks and doubled spaces part no wording."""
    if len(words) == len(doc):
        return doc
    return Doc(doc.vocab, words=["\n" if token.is_space else token.text for token in words])


@Language.factory("lyhord_flag_rules")
class FlagRulesPipe:
    """Sets ``doc._.rule_hits``: flag kind → the first passage that raised it."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._matcher = Matcher(nlp.vocab)
        for kind, patterns in RULES.items():
            self._matcher.add(kind.value, patterns)

    def __call__(self, doc: Doc) -> Doc:
        hits: dict[FlagKind, Passage] = {}
        words = [token for token in doc if not token.is_space or _PARAGRAPH in token.text]
        spans = self._matcher(_unbroken(doc, words), as_spans=True)
        for span in sorted(spans, key=lambda s: (s.start, -s.end)):
            last = words[span.end - 1]
            hits.setdefault(FlagKind(span.label_), Passage(words[span.start].idx, last.idx + len(last)))
        for kind, passage in find_flag_words(doc.text).items():
            hits.setdefault(kind, passage)
        for start, end in find_identity_numbers(doc.text):
            hits.setdefault(FlagKind.PERSONNUMMER, Passage(start, end))
        doc._.rule_hits = hits
        return doc

"""Flags that words alone raise: identity numbers exactly, the rest by patterns over tokens and wordings."""

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

from cases.flags import FlagKind
from classifier.flag_words import find_flag_words
from classifier.identity_numbers import find_identity_numbers
from classifier.passage import Passage
from classifier.rules import RULES

Doc.set_extension("rule_hits", default=None, force=True)


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
        for span in sorted(self._matcher(doc, as_spans=True), key=lambda s: (s.start_char, -s.end_char)):
            hits.setdefault(FlagKind(span.label_), Passage(span.start_char, span.end_char))
        for kind, passage in find_flag_words(doc.text).items():
            hits.setdefault(kind, passage)
        for start, end in find_identity_numbers(doc.text):
            hits.setdefault(FlagKind.PERSONNUMMER, Passage(start, end))
        doc._.rule_hits = hits
        return doc

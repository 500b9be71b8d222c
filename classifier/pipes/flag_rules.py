"""Flags that words alone raise: identity numbers exactly, the rest by patterns over tokens and wordings."""

import re
from typing import cast

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span, Token
from spacy.vocab import Vocab

from cases.routing.flags import FlagKind
from classifier.personal.identity_numbers import find_identity_numbers
from classifier.words.flags import find_flag_words
from classifier.words.passage import Passage
from classifier.words.rules import RULES, Pattern

Doc.set_extension("rule_hits", default=None, force=True)


_PARAGRAPH = "\n\n"


def _unbroken(doc: Doc, words: list[Token]) -> Doc:
    """These words of a doc as one: a mail program's line breaks and doubled spaces part no wording."""
    if len(words) == len(doc):
        return doc
    return Doc(doc.vocab, words=["\n" if token.is_space else token.text for token in words])


class _Rule:
    """One pattern of a flag. Most letters lack a word that it wants, which is found out far sooner than by matching."""

    def __init__(self, vocab: Vocab, kind: FlagKind, pattern: Pattern) -> None:
        self._matcher = Matcher(vocab)
        self._matcher.add(kind.value, [pattern])
        asked = [cast("dict[str, object]", token["LOWER"]) for token in pattern if "OP" not in token]
        self._one_of = [frozenset(cast("list[str]", one["IN"])) for one in asked if "IN" in one]
        self._like = [re.compile(str(one["REGEX"]), re.MULTILINE) for one in asked if "REGEX" in one]

    def find(self, doc: Doc, words: frozenset[str], listed: str) -> list[Span]:
        """Where it stands in a doc of these lower-case words, ``listed`` one a line."""
        if any(some.isdisjoint(words) for some in self._one_of) or not all(one.search(listed) for one in self._like):
            return []
        return list(self._matcher(doc, as_spans=True))


@Language.factory("lyhord_flag_rules")
class FlagRulesPipe:
    """Sets ``doc._.rule_hits``: flag kind → the first passage that raised it."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._rules = [_Rule(nlp.vocab, kind, pattern) for kind, patterns in RULES.items() for pattern in patterns]

    def __call__(self, doc: Doc) -> Doc:
        hits: dict[FlagKind, Passage] = {}
        words = [token for token in doc if not token.is_space or _PARAGRAPH in token.text]
        for span in sorted(self._matches(_unbroken(doc, words)), key=lambda s: (s.start, -s.end)):
            last = words[span.end - 1]
            hits.setdefault(FlagKind(span.label_), Passage(words[span.start].idx, last.idx + len(last)))
        text = doc.text
        for kind, passage in find_flag_words(text).items():
            hits.setdefault(kind, passage)
        for start, end in find_identity_numbers(text):
            hits.setdefault(FlagKind.PERSONNUMMER, Passage(start, end))
        doc._.rule_hits = hits
        return doc

    def _matches(self, doc: Doc) -> list[Span]:
        words = frozenset(token.lower_ for token in doc)
        listed = "\n".join(words)
        return [span for rule in self._rules for span in rule.find(doc, words, listed)]

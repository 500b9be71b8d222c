"""Lemmas on ``token.lemma_`` and the parts of compounds on ``token._.parts``."""

from spacy.language import Language
from spacy.tokens import Doc, Token

from classifier.heads.features import traces
from classifier.swedish import compound_parts, lemma

Doc.set_extension("traces", default=None, force=True)
Token.set_extension("parts", default=(), force=True)


@Language.factory("lyhord_words")
class WordsPipe:
    """Sets lemmas and compound parts of every word, and ``doc._.traces``: what the lexical views see."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            token.lemma_ = lemma(token.lower_) if token.is_alpha else token.lower_
            if token.is_alpha:
                token._.parts = compound_parts(token.lemma_)
        doc._.traces = traces(doc)
        return doc

"""Normalise: spaCy's Swedish tokenizer over the letter made plain, sign for sign; ``doc._.said`` is its own words."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol, cast

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry

from classifier.dotted import dotted
from classifier.framing import unframed
from classifier.text import readable, with_fewer_signs

Doc.set_extension("said", default="", force=True)


class Inner(Protocol):
    """What is used of spaCy's own tokenizer, which carries no types."""

    def __call__(self, text: str) -> Doc: ...

    def to_disk(self, path: str | Path, *, exclude: list[str]) -> None: ...

    def from_disk(self, path: str | Path, *, exclude: list[str]) -> object: ...


class ReadableTokenizer:
    """Tokenises the letter made plain (`readable`, `with_fewer_signs`, `dotted`).

    Token positions are positions in the letter as given. ``doc._.said`` is as long, and spaces where something
    stands about the letter (`unframed`).
    """

    def __init__(self, inner: Inner) -> None:
        self.inner = inner

    def __call__(self, text: str) -> Doc:
        doc = self.inner(dotted(with_fewer_signs(readable(text))))
        doc._.said = unframed(doc.text)
        return doc

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        self.inner.to_disk(path, exclude=list(exclude))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "ReadableTokenizer":
        self.inner.from_disk(path, exclude=list(exclude))
        return self


@registry.tokenizers("lyhord.readable.v1")  # type: ignore[untyped-decorator]  # catalogue has no types
def create_tokenizer() -> Callable[[Language], ReadableTokenizer]:
    """The factory the config names."""

    def create(nlp: Language) -> ReadableTokenizer:
        return ReadableTokenizer(cast("Inner", spacy.blank(str(nlp.lang), vocab=nlp.vocab).tokenizer))

    return create

"""Finds a component of a pipeline by its class: names are the config's, classes are ours."""

from typing import TypeVar

from spacy.language import Language

P = TypeVar("P")


def find_pipe(nlp: Language, kind: type[P]) -> P:
    """The pipeline's component of this class."""
    return next(pipe for _, pipe in nlp.pipeline if isinstance(pipe, kind))

"""The special tracks as a component: ``doc._.tracks``."""

from spacy.language import Language
from spacy.tokens import Doc

from classifier.track_finder import Letter, find_tracks

Doc.set_extension("tracks", default=(), force=True)


@Language.factory("lyhord_tracks")
class TracksPipe:
    """Sets ``doc._.tracks`` (`cases.routing.tracks.SuggestedTrack`); reads what heads, flag rules and evidence left."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        own = doc._
        doc._.tracks = find_tracks(Letter(doc.text, own.reading, own.rule_hits, own.passages, own.evidence))
        return doc

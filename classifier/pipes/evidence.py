"""Which words spoke for the area, and which passage for each flag the heads raised."""

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Token

from cases.routing.flags import FlagKind
from cases.routing.suggestion import Evidence
from classifier.arrays import Array
from classifier.doubt import is_struck
from classifier.finding import find_pipe
from classifier.heads.calibration import Reading
from classifier.heads.labels import AREAS, FLAGS
from classifier.heads.weights import AREA_AT, FLAG_AT, OUTPUTS
from classifier.pipes.heads import HeadsPipe
from classifier.swedish import is_common
from classifier.text import SENTENCE
from classifier.words.courtesies import COURTESIES, stop_words
from classifier.words.passage import Passage

Doc.set_extension("evidence", default=(), force=True)
Doc.set_extension("passages", default=None, force=True)

_LONGEST_PASSAGE = 240


@Language.factory("lyhord_evidence", default_config={"words": 6})
class EvidencePipe:
    """Sets ``doc._.evidence`` (tuple of `Evidence`) and ``doc._.passages`` (flag kind → `Passage`)."""

    def __init__(self, nlp: Language, name: str, words: int) -> None:
        self.name = name
        self._words = words
        self._nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        heads = find_pipe(self._nlp, HeadsPipe)
        reading = doc._.reading
        shares = heads.learnt.weights.shares(doc, doc._.rows, _asked(reading))
        doc._.evidence = self._spoke_for(doc, shares[:, 0])
        doc._.passages = _passages(doc, reading.raised, shares[:, 1:])
        return doc

    def _spoke_for(self, doc: Doc, lead: Array) -> tuple[Evidence, ...]:
        """The tokens that told the first area from the others, best first; weights relative to the best."""
        common = COURTESIES | stop_words(doc._.language)
        order = [int(i) for i in np.argsort(-lead, kind="stable") if lead[i] > 0 and _telling(doc[int(i)], common)]
        best = order[: self._words]
        top = float(lead[best[0]]) if best else 1.0
        return tuple(
            Evidence(doc[i].idx, doc[i].idx + len(doc[i]), doc[i].text, round(float(lead[i]) / top, 3)) for i in best
        )


def _telling(token: Token, common: frozenset[str]) -> bool:
    word = token.lower_
    return token.is_alpha and not is_common(word) and word not in common and not is_struck(word)


def _asked(reading: Reading) -> Array:
    """The scores whose reasons are asked: the first area less the mean of the others, then each raised flag."""
    asked = np.zeros((OUTPUTS, 1 + len(reading.raised)))
    asked[AREA_AT, 0] = -1 / (len(AREAS) - 1)
    asked[AREA_AT.start + AREAS.index(next(iter(reading.areas))), 0] = 1
    for column, kind in enumerate(reading.raised, 1):
        asked[FLAG_AT.start + FLAGS.index(kind), column] = 1
    return asked


def _passages(doc: Doc, raised: tuple[FlagKind, ...], shares: Array) -> dict[FlagKind, Passage]:
    """For each raised flag the sentence that added most to it."""
    if not raised:
        return {}
    starts = np.array([token.idx for token in doc])
    text = doc.text
    spans = [Passage(*_trimmed(text, *m.span())) for m in SENTENCE.finditer(text) if m.group().strip()]
    return {kind: _strongest(spans, starts, shares[:, i]) for i, kind in enumerate(raised) if spans}


def _strongest(spans: list[Passage], starts: Array, share: Array) -> Passage:
    return max(spans, key=lambda s: float(share[(starts >= s.start) & (starts < s.end)].sum()))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch without surrounding space, of bounded length."""
    whole = text[start:end]
    start += len(whole) - len(whole.lstrip())
    return start, min(end - (len(whole) - len(whole.rstrip())), start + _LONGEST_PASSAGE)

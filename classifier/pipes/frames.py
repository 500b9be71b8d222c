"""What stands about the letter, as far as its meaning tells, is heard no more: ``doc._.said`` and its embedding."""

from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from classifier.finding import find_pipe
from classifier.framing import blanked
from classifier.heads.frames import Frames
from classifier.pipes.embedding import EmbeddingPipe

_LOOKS = 2  # what is left is seen more plainly, and may have a frame of its own


@Language.factory("lyhord_frames")
class FramesPipe:
    """Blanks frames in ``doc._.said`` and has what is left embedded anew; does nothing where none are learnt."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self._nlp = nlp
        self.learnt: Frames | None = None

    def __call__(self, doc: Doc) -> Doc:
        for _ in range(_LOOKS):
            if not self._blank(doc):
                break
        return doc

    def _blank(self, doc: Doc) -> bool:
        """Whether something stood about what is left; it is heard no more."""
        if self.learnt is None or not doc._.embedding.spans:
            return False
        found = self.learnt.find(doc._.said, doc._.embedding)
        if found:
            doc._.said = blanked(doc._.said, found)
            # Its pieces alone would not do: each has heard the frame.
            find_pipe(self._nlp, EmbeddingPipe)(doc)
        return bool(found)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        if self.learnt is not None:
            self.learnt.save(Path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "FramesPipe":
        self.learnt = Frames.load(Path(path))
        return self

"""The sentence encoder as a component: ``doc._.embedding``."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from cases.errors import ModelError
from classifier.encoder.folder import Middle, open_encoder, read_middle, space_of_folder
from classifier.encoder.port import Embedder, Embedding
from classifier.heads.tuned import TunedHead
from classifier.imprint import space_of

Doc.set_extension("embedding", default=None, force=True)


@Language.factory("lyhord_embedding", default_config={"folder": "", "threads": 1})
class EmbeddingPipe:
    """Embeds the letter with the encoder folder named in the config, or the one saved inside the model."""

    def __init__(self, nlp: Language, name: str, folder: str, threads: int) -> None:
        self.name = name
        self._threads = threads
        self._folder = Path(folder) if folder else None
        self._encoder: Embedder | None = None
        self._encoder_given = False
        self.at_once = 1
        """How many texts are embedded side by side. More than one is for training: a daemon shares its cores."""

    @property
    def encoder(self) -> Embedder:
        """The encoder, opened at first use. Raises `ModelError` where no folder is known."""
        if self._encoder is None:
            if self._folder is None:
                raise ModelError("Ingen kodarmapp är angiven: bygg modellen igen (make install)")
            self._encoder = open_encoder(self._folder, threads=self._threads)
        return self._encoder

    @encoder.setter
    def encoder(self, encoder: Embedder) -> None:
        self._encoder = encoder
        self._encoder_given = True

    @property
    def space(self) -> str:
        """The name of this encoder's vectors: those of another name must not be compared with them."""
        if self._folder is not None and self._encoder_given is False:
            return space_of_folder(self._folder)
        return space_of(f"{type(self.encoder).__name__} {self.encoder.dimension}".encode())

    @property
    def middle(self) -> Middle | None:
        """What all letters have in common for this encoder, where its folder says it."""
        return None if self._folder is None or self._encoder_given else read_middle(self._folder)

    @property
    def head(self) -> TunedHead | None:
        """The head the encoder was tuned with, where it was."""
        return None if self._folder is None or self._encoder_given else TunedHead.load(self._folder)

    def __call__(self, doc: Doc) -> Doc:
        (doc._.embedding,) = self.encoder.embed([doc._.said])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = 32) -> Iterator[Doc]:
        stream = iter(stream)
        while batch := list(islice(stream, batch_size)):
            for doc, found in zip(batch, self._embed([doc._.said for doc in batch]), strict=True):
                doc._.embedding = found
                yield doc

    def _embed(self, texts: Sequence[str]) -> Iterable[Embedding]:
        encoder = self.encoder
        if self.at_once == 1:
            return encoder.embed(texts)
        with ThreadPoolExecutor(self.at_once) as pool:
            return list(pool.map(lambda text: next(iter(encoder.embed([text]))), texts))

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Copies the encoder folder into the model, so that the model can be moved as one."""
        if self._folder is not None and self._folder.resolve() != Path(path).resolve():
            shutil.copytree(self._folder, path, dirs_exist_ok=True)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "EmbeddingPipe":
        if (Path(path) / "encoder.json").is_file():
            self._folder = Path(path)
            self._encoder = None
            self._encoder_given = False
        return self

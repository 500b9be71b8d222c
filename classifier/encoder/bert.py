"""BERT, RoBERTa and XLM-R weights of a safetensors file, as the tensors that our graph is built of."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from cases.errors import ModelError
from classifier.arrays import Array
from classifier.encoder.weights import Shape

KINDS = frozenset({"bert", "roberta", "xlm-roberta", "camembert"})
# These count positions from the padding's id, plus one.
_AFTER_PADDING = frozenset({"roberta", "xlm-roberta", "camembert"})
_PREFIXES = ("", "bert.", "roberta.", "0.auto_model.")
_NAMES = {
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_ENDS = {"w": "weight", "b": "bias"}


class BertWeights:
    """The tensors of a Hugging Face folder, by the names that `EncoderGraph` asks for; float32.

    Raises `ModelError` where the architecture is another than these, which are all one graph.
    """

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.kind = str(config.get("model_type", ""))
        _check(folder, config)
        tensors = load_file(str(folder / "model.safetensors"))
        self._prefix = next((p for p in _PREFIXES if f"{p}embeddings.word_embeddings.weight" in tensors), None)
        if self._prefix is None:
            raise ModelError(f"{folder / 'model.safetensors'} saknar embeddings.word_embeddings.weight")
        self._tensors = tensors
        self._skipped = int(config.get("pad_token_id") or 0) + 1 if self.kind in _AFTER_PADDING else 0
        self.shape = Shape(
            hidden=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            feed_forward=config["intermediate_size"],
            positions=config["max_position_embeddings"] - self._skipped,
            epsilon=config.get("layer_norm_eps", 1e-12),
        )

    def vector(self, name: str, length: int) -> Array:
        """A tensor of ``length`` numbers, flat."""
        if name == "emb.pos":
            found = self._get("embeddings.position_embeddings.weight")[self._skipped :]
        elif name == "emb.type":
            found = self._get("embeddings.token_type_embeddings.weight")[0]
        else:
            found = self._get(_theirs(name))
        return np.asarray(found.reshape(-1)[:length], np.float32)

    def matrix(self, name: str, rows: int, columns: int) -> Array:
        """A tensor of shape (rows, columns)."""
        found: Array = self._get(_theirs(name)).reshape(rows, columns)
        return found

    def words(self) -> Array:
        """The word table, shape (words, hidden)."""
        return self._get("embeddings.word_embeddings.weight")

    def _get(self, name: str) -> Array:
        found: Array = np.asarray(self._tensors[f"{self._prefix}{name}"], np.float32)
        return found


def _theirs(name: str) -> str:
    """``l3.q.w`` is ``encoder.layer.3.attention.self.query.weight``."""
    stem, _, end = name.rpartition(".")
    if stem in _NAMES:
        return f"{_NAMES[stem]}.{_ENDS[end]}"
    layer, _, part = stem.partition(".")
    return f"encoder.layer.{layer[1:]}.{_NAMES[part]}.{_ENDS[end]}"


def _check(folder: Path, config: dict[str, object]) -> None:
    act, positions = config.get("hidden_act", "gelu"), config.get("position_embedding_type") or "absolute"
    if config.get("model_type") not in KINDS or act != "gelu" or positions != "absolute":
        raise ModelError(
            f"{folder / 'config.json'}: {config.get('model_type')} med {act} och positioner {positions} kan inte läsas "
            f"ur safetensors. Lägg en ONNX-fil i mappen: optimum-cli export onnx --model {folder} "
            f"--task feature-extraction {folder / 'onnx'}"
        )

"""Makes an encoder folder of a sentence-transformers folder on disk, without torch; needs the extra ``embedder``."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import onnxruntime as ort
from tokenizers import BertWordPieceTokenizer, Tokenizer

from cases.errors import ModelError
from classifier.encoder.bert import BertWeights
from classifier.encoder.build import peaks, quantise, write_rows
from classifier.encoder.folder import KIND
from classifier.encoder.graph import EncoderGraph
from classifier.encoder.sentence import GRAPH, TOKENIZER
from classifier.encoder.weights import Weights

_ONNX = ("onnx/model.onnx", "model.onnx")
_OLD_WEIGHTS = ("pytorch_model.bin", "tf_model.h5", "flax_model.msgpack")
_LONGEST = 512  # where nothing in the folder says how long a text may be
_SAMPLE_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``modules.json`` and its like say of a folder; ``longest`` counts pieces, the frame's two included."""

    transformer: Path
    pooling: str
    longest: int
    lower: bool
    name: str


def prepare_encoder(source: Path, out: Path, sample: Iterable[str]) -> None:
    """Writes the encoder folder ``out``; ``sample`` is some typical texts, for the int8 statistics.

    An ONNX file in the folder is taken as it is. Weights of BERT, RoBERTa or XLM-R in ``model.safetensors`` become our
    own int8 graph. Raises `ModelError`, with what to do, where the folder holds neither or is no such folder.
    """
    plan = read_plan(source)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = _write_tokenizer(plan.transformer, out)
    graph = next((found for name in _ONNX if (found := plan.transformer / name).is_file()), None)
    if graph is not None:
        dimension, longest = _copy_graph(graph, out), plan.longest
    elif (plan.transformer / "model.safetensors").is_file():
        dimension, longest = _build_graph(plan, tokenizer, out, sample)
    else:
        raise ModelError(_no_weights(plan.transformer))
    settings: dict[str, Any] = {"kind": KIND, "name": plan.name, "dimension": dimension, "pooling": plan.pooling}
    settings |= {"longest": longest, "lower": plan.lower, "graph": "onnx" if graph else "int8"}
    text = json.dumps(settings, indent=2, ensure_ascii=False)
    (out / "encoder.json").write_text(text + "\n", encoding="utf-8")


def read_plan(source: Path) -> Plan:
    """What the folder says of itself. Raises `ModelError`."""
    if not (source / "modules.json").is_file():
        raise ModelError(
            f"{source} är ingen sentence-transformers-mapp: modules.json saknas. Peka på modellens egen mapp."
        )
    modules = {str(m["type"]).rpartition(".")[2]: source / m["path"] for m in _read(source / "modules.json")}
    strange = set(modules) - {"Transformer", "Pooling", "Normalize"}
    if strange or not {"Transformer", "Pooling"} <= set(modules):
        raise ModelError(
            f"{source / 'modules.json'}: lagren {sorted(modules)} stöds inte, bara Transformer, Pooling, Normalize."
        )
    transformer = modules["Transformer"]
    config = _read(transformer / "config.json")
    own = _read(transformer / "sentence_bert_config.json")
    longest = own.get("max_seq_length") or min(_LONGEST, config.get("max_position_embeddings", _LONGEST))
    name = str(config.get("_name_or_path") or source.name).rstrip("/").rpartition("/")[2]
    return Plan(transformer, _pooling(modules["Pooling"]), int(longest), bool(own.get("do_lower_case")), name)


def _pooling(folder: Path) -> str:
    config = _read(folder / "config.json")
    chosen = [name.removeprefix("pooling_mode_") for name, on in config.items() if on is True]
    modes = {"cls_token": "cls", "mean_tokens": "mean", "cls": "cls", "mean": "mean"}
    named = [modes.get(one, one) for one in chosen if one != "include_prompt"]
    found = [str(config["pooling_mode"])] if isinstance(config.get("pooling_mode"), str) else named
    if found not in (["cls"], ["mean"]):
        raise ModelError(f"{folder / 'config.json'}: sammanvägningen {found} stöds inte, bara mean eller cls.")
    return str(found[0])


def _read(path: Path) -> Any:  # noqa: ANN401 - what JSON holds
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _write_tokenizer(folder: Path, out: Path) -> Tokenizer:
    if (folder / TOKENIZER).is_file():
        shutil.copyfile(folder / TOKENIZER, out / TOKENIZER)
    elif (folder / "vocab.txt").is_file():
        config = _read(folder / "tokenizer_config.json")
        lower = bool(config.get("do_lower_case", False))
        made = BertWordPieceTokenizer(
            str(folder / "vocab.txt"), lowercase=lower, strip_accents=config.get("strip_accents")
        )
        made.save(str(out / TOKENIZER))
    else:
        raise ModelError(f"{folder} saknar {TOKENIZER} och vocab.txt: spara modellen igen med en snabb tokenizer.")
    return Tokenizer.from_file(str(out / TOKENIZER))


def _copy_graph(graph: Path, out: Path) -> int:
    shutil.copyfile(graph, out / GRAPH)
    for beside in graph.parent.glob(f"{graph.name}?data"):
        shutil.copyfile(beside, out / beside.name)
    session = ort.InferenceSession(str(out / GRAPH), providers=["CPUExecutionProvider"])
    dimension = session.get_outputs()[0].shape[-1]
    if not isinstance(dimension, int) or len(session.get_outputs()[0].shape) != 3:
        raise ModelError(
            f"{graph}: första utdata har formen {session.get_outputs()[0].shape}, väntade (batch, längd, mått)."
        )
    return dimension


def _build_graph(plan: Plan, tokenizer: Tokenizer, out: Path, sample: Iterable[str]) -> tuple[int, int]:
    """Our own int8 graph of the weights, smoothed on the sample; the word table beside it, mapped at run time."""
    bert = BertWeights(plan.transformer)
    # It has what the graph asks for: shape, vector and matrix.
    weights = cast("Weights", bert)
    words, scales = write_rows(out, bert.words())
    longest = min(plan.longest, bert.shape.positions)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        rows = (words[ids] * scales[ids] for ids in _ids(tokenizer, sample, longest))
        high = peaks(weights, plain, rows)
        onnx.save(EncoderGraph(weights, high).model(), str(plain))
        quantise(plain, out / GRAPH)
    return bert.shape.hidden, longest


def _ids(tokenizer: Tokenizer, sample: Iterable[str], longest: int) -> Iterator[np.ndarray]:
    tokenizer.no_truncation()
    tokenizer.no_padding()
    for text in sample:
        yield np.array(tokenizer.encode(text).ids[: min(longest, _SAMPLE_LONGEST)])


def _no_weights(folder: Path) -> str:
    old = next((name for name in _OLD_WEIGHTS if (folder / name).is_file()), "")
    held = f"bara {old}" if old else "inga vikter"
    return (
        f"{folder} har {held}. Lägg dit en ONNX-fil, en gång, på en dator med torch: "
        f"optimum-cli export onnx --model {folder} --task feature-extraction {folder / 'onnx'}"
    )

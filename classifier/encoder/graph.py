"""Writes the encoder as an ONNX graph, with a probe of what flows into each matrix or smoothed for int8."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from classifier.arrays import Array
from classifier.encoder.weights import Weights

_OPSET = 20
_ALPHA = 0.75  # how much of the activations' spread moves into the weights (SmoothQuant, Xiao et al. 2023)


@dataclass
class _Tape:
    """Collects nodes and constants, handing out names."""

    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def constant(self, value: npt.ArrayLike, kind: type[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, kind, order="C"), name))
        return name

    def run(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:  # noqa: ANN401 - as in ONNX
        names = [f"v{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0]


def _smoothing(activation: Array, weight: Array) -> Array:
    """Per input channel, the factor that takes outliers out of the activations and into the weights."""
    reach = np.maximum(activation, 1e-4) ** _ALPHA / np.maximum(np.abs(weight).max(axis=1), 1e-5) ** (1 - _ALPHA)
    reach = np.clip(reach, 1e-3, 1e3)
    return np.asarray(reach / np.exp(np.log(reach).mean()), np.float32)


class EncoderGraph:
    """Builds the graph: input ``words`` and output ``states``, both (batch, length, hidden); every row is a piece.

    ``peaks`` holds the largest absolute activation per channel before each matrix; without it, each of those
    activations becomes an output named after its matrix, so that the peaks can be gathered.
    """

    def __init__(self, weights: Weights, peaks: Mapping[str, Array] | None = None) -> None:
        self._weights = weights
        self._peaks = peaks
        self._tape = _Tape()
        self.probes: dict[str, str] = {}

    def model(self) -> ModelProto:
        """The finished model."""
        state = self._embed()
        for layer in range(self._weights.shape.layers):
            state = self._layer(state, f"l{layer}.")
        self._tape.nodes.append(helper.make_node("Identity", [state], ["states"]))
        return self._finish()

    def _finish(self) -> ModelProto:
        dims = ["batch", "length"]
        outputs = [helper.make_tensor_value_info("states", TensorProto.FLOAT, [*dims, self._weights.shape.hidden])]
        for key, name in self.probes.items():
            self._tape.nodes.append(helper.make_node("Identity", [name], [key]))
            outputs.append(helper.make_tensor_value_info(key, TensorProto.FLOAT, [*dims, None]))
        inputs = [helper.make_tensor_value_info("words", TensorProto.FLOAT, [*dims, self._weights.shape.hidden])]
        graph = helper.make_graph(self._tape.nodes, "encoder", inputs, outputs, self._tape.constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9)

    def _embed(self) -> str:
        """Word rows plus positions, normalised."""
        tape, shape = self._tape, self._weights.shape
        positions = self._weights.vector("emb.pos", shape.positions * shape.hidden).reshape(-1, shape.hidden)
        table = tape.constant(positions + self._weights.vector("emb.type", shape.hidden), np.float32)
        zero, one = tape.constant([0], np.int64), tape.constant([1], np.int64)
        length = tape.run("Gather", tape.run("Shape", "words"), one)
        used = tape.run("Slice", table, zero, length, zero)
        return self._normalise(tape.run("Add", "words", used), "emb.ln")

    def _normalise(self, state: str, name: str) -> str:
        hidden = self._weights.shape.hidden
        gain = self._tape.constant(self._weights.vector(name + ".w", hidden), np.float32)
        shift = self._tape.constant(self._weights.vector(name + ".b", hidden), np.float32)
        return self._tape.run("LayerNormalization", state, gain, shift, axis=-1, epsilon=self._weights.shape.epsilon)

    def _multiply(self, state: str, key: str, weight: Array, shift: Array) -> str:
        """``state @ weight + shift``; ``weight`` is (inputs, outputs)."""
        tape = self._tape
        if self._peaks is None:
            self.probes[key] = state
        else:
            factor = _smoothing(self._peaks[key], weight)
            state = tape.run("Mul", state, tape.constant(1 / factor, np.float32))
            weight = weight * factor[:, None]
        product = tape.run("MatMul", state, tape.constant(weight, np.float32))
        return tape.run("Add", product, tape.constant(shift, np.float32))

    def _dense(self, state: str, name: str, outputs: int, inputs: int) -> str:
        weight = self._weights.matrix(name + ".w", outputs, inputs).T
        return self._multiply(state, name, weight, self._weights.vector(name + ".b", outputs))

    def _attend(self, state: str, layer: str) -> str:
        """Self-attention with query, key and value in one product; the query is scaled beforehand."""
        tape, shape = self._tape, self._weights.shape
        hidden, size = shape.hidden, shape.hidden // shape.heads
        scale = {"q": 1 / np.sqrt(size), "k": 1.0, "v": 1.0}
        weight = np.concatenate([self._weights.matrix(f"{layer}{n}.w", hidden, hidden) * s for n, s in scale.items()])
        shift = np.concatenate([self._weights.vector(f"{layer}{n}.b", hidden) * s for n, s in scale.items()])
        joint = self._multiply(state, layer + "qkv", weight.T.astype(np.float32), shift.astype(np.float32))
        split = tape.run("Reshape", joint, tape.constant([0, 0, 3, shape.heads, size], np.int64))
        turned = tape.run("Transpose", split, perm=[2, 0, 3, 1, 4])
        query, key, value = (tape.run("Gather", turned, tape.constant(i, np.int64), axis=0) for i in range(3))
        scores = tape.run("MatMul", query, tape.run("Transpose", key, perm=[0, 1, 3, 2]))
        shares = tape.run("Softmax", scores, axis=-1)
        mixed = tape.run("Transpose", tape.run("MatMul", shares, value), perm=[0, 2, 1, 3])
        return tape.run("Reshape", mixed, tape.constant([0, 0, hidden], np.int64))

    def _layer(self, state: str, layer: str) -> str:
        tape, shape = self._tape, self._weights.shape
        mixed = self._dense(self._attend(state, layer), layer + "ao", shape.hidden, shape.hidden)
        state = self._normalise(tape.run("Add", state, mixed), layer + "aln")
        inner = tape.run("Gelu", self._dense(state, layer + "fi", shape.feed_forward, shape.hidden))
        outer = self._dense(inner, layer + "fo", shape.hidden, shape.feed_forward)
        return self._normalise(tape.run("Add", state, outer), layer + "oln")

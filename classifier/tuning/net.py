"""The encoder's transformer in torch: lower layers as published, low-rank changes (LoRA, Hu et al. 2021) above."""

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from classifier.arrays import Array
from classifier.encoder.tuning import Tuning
from classifier.encoder.weights import Weights
from classifier.heads.tuned import TunedHead
from classifier.heads.weights import OUTPUTS

RANK = 16
FIRST = 6
"""The first layer that is tuned; what those below make of a letter is computed once."""
_LOUDNESS = 8.0  # vectors have unit length: their differences are small beside the head's weights
_NORMS = ("aln.w", "aln.b", "oln.w", "oln.b")


class Matrix(nn.Module):
    """A published matrix, (outputs, inputs), with its shift; where ``tuned``, a product of rank `RANK` is added."""

    def __init__(self, weight: Array, shift: Array, *, tuned: bool) -> None:
        super().__init__()
        outputs, inputs = weight.shape
        self.weight = nn.Parameter(torch.tensor(weight), requires_grad=False)
        self.shift = nn.Parameter(torch.tensor(shift), requires_grad=tuned)
        self.down = nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs), requires_grad=tuned)
        self.up = nn.Parameter(torch.zeros(outputs, RANK), requires_grad=tuned)

    def forward(self, state: Tensor) -> Tensor:
        weight = self.weight + self.up @ self.down if self.up.requires_grad else self.weight
        return functional.linear(state, weight.to(state.dtype), self.shift.to(state.dtype))


class Layer(nn.Module):
    """One layer of BERT, as `classifier.encoder.graph` has it."""

    def __init__(self, weights: Weights, number: int) -> None:
        super().__init__()
        self.name, self.shape, tuned = f"l{number}.", weights.shape, number >= FIRST
        hidden, inner = weights.shape.hidden, weights.shape.feed_forward

        def matrix(name: str, outputs: int, inputs: int) -> tuple[Array, Array]:
            at = self.name + name
            return weights.matrix(at + ".w", outputs, inputs), weights.vector(at + ".b", outputs)

        parts = [matrix(name, hidden, hidden) for name in "qkv"]
        self.qkv = Matrix(*(np.concatenate(each) for each in zip(*parts, strict=True)), tuned=tuned)
        self.ao = Matrix(*matrix("ao", hidden, hidden), tuned=tuned)
        self.fi = Matrix(*matrix("fi", inner, hidden), tuned=tuned)
        self.fo = Matrix(*matrix("fo", hidden, inner), tuned=tuned)
        norms = [torch.tensor(weights.vector(self.name + name, hidden)) for name in _NORMS]
        self.norms = nn.ParameterList([nn.Parameter(norm, requires_grad=tuned) for norm in norms])

    def forward(self, state: Tensor, mask: Tensor | None) -> Tensor:
        count, length, hidden = state.shape
        split = self.qkv(state).view(count, length, 3, self.shape.heads, hidden // self.shape.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        mixed = self._attend(query, key, value, mask).transpose(1, 2).reshape(count, length, hidden)
        state = self._normalise(state + self.ao(mixed), 0)
        return self._normalise(state + self.fo(functional.gelu(self.fi(state))), 2)

    def _attend(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        if mask is not None:
            return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        # Torch's own is several times slower on the way back where there is no mask.
        likeness = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
        return likeness.softmax(-1) @ value

    def _normalise(self, state: Tensor, at: int) -> Tensor:
        gain, shift = (self.norms[i].to(state.dtype) for i in (at, at + 1))
        return functional.layer_norm(state, (self.shape.hidden,), gain, shift, self.shape.epsilon)

    def changes(self) -> Tuning:
        """What tuning changed here."""
        shares = np.split(_array(self.qkv.up), 3)
        factors = {f"{self.name}{n}.w": (up, _array(self.qkv.down)) for n, up in zip("qkv", shares, strict=True)}
        shifts = np.split(_array(self.qkv.shift), 3)
        vectors = {f"{self.name}{n}.b": shift for n, shift in zip("qkv", shifts, strict=True)}
        for name in ("ao", "fi", "fo"):
            one = getattr(self, name)
            factors[f"{self.name}{name}.w"] = (_array(one.up), _array(one.down))
            vectors[f"{self.name}{name}.b"] = _array(one.shift)
        vectors |= {self.name + name: _array(norm) for name, norm in zip(_NORMS, self.norms, strict=True)}
        return Tuning(factors, vectors)


class Net(nn.Module):
    """The transformer and one linear head for all outputs on the mean of a letter's pieces."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        shape = weights.shape
        positions = weights.vector("emb.pos", shape.positions * shape.hidden).reshape(-1, shape.hidden)
        self.positions = torch.tensor(positions + weights.vector("emb.type", shape.hidden))
        self.gain, self.shift = (torch.tensor(weights.vector(f"emb.ln.{n}", shape.hidden)) for n in "wb")
        self.epsilon = shape.epsilon
        self.layers = nn.ModuleList([Layer(weights, number) for number in range(shape.layers)])
        self.head = nn.Linear(shape.hidden, OUTPUTS)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("mean", torch.zeros(shape.hidden))

    def lower(self, words: Tensor, inside: Tensor) -> Tensor:
        """States below the tuned layers, of word rows (letters, length, d); ``inside`` says which are pieces."""
        placed = words + self.positions[: words.shape[1]]
        state = functional.layer_norm(placed, (words.shape[2],), self.gain, self.shift, self.epsilon)
        return self._run(state.to(torch.bfloat16), inside, self.layers[:FIRST])

    def vectors(self, lower: Tensor, inside: Tensor | None = None) -> Tensor:
        """The letters' vectors, (letters, d), of unit length."""
        state = self._run(lower, inside, self.layers[FIRST:]).float()
        if inside is not None:
            state = state * inside[..., None]
        return functional.normalize(state.sum(1), dim=-1)

    def scores(self, vectors: Tensor) -> Tensor:
        """The head's scores, (letters, outputs)."""
        found: Tensor = self.head((vectors - self.mean) * _LOUDNESS)
        return found

    @staticmethod
    def _run(state: Tensor, inside: Tensor | None, layers: nn.ModuleList) -> Tensor:
        mask = None
        if inside is not None:
            mask = torch.zeros(inside.shape, dtype=state.dtype).masked_fill(~inside, -1e4)[:, None, None, :]
        for layer in layers:
            state = layer(state, mask)
        return state

    def tuning(self) -> Tuning:
        """What tuning changed in all layers."""
        found = [layer.changes() for layer in self.layers[FIRST:]]
        factors = {name: pair for one in found for name, pair in one.factors.items()}
        return Tuning(factors, {name: vector for one in found for name, vector in one.vectors.items()})

    def own_head(self) -> TunedHead:
        """The head, as numbers."""
        return TunedHead(_array(self.mean), _LOUDNESS * _array(self.head.weight).T, _array(self.head.bias))


def _array(tensor: Tensor) -> Array:
    return np.asarray(tensor.detach().numpy(), np.float32)

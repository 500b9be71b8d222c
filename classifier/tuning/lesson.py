"""One tuning: a net learns all heads at once from some letters, and tells of others."""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from classifier.arrays import Array
from classifier.encoder.weights import Weights
from classifier.heads.weights import AREA_AT, FLAG_AT, SEVERITY_AT, TYPE_AT
from classifier.tuning.net import Net

_log = logging.getLogger(__name__)
EPOCHS, BATCH, READ = 3, 16, 32
_WARM_STEPS, _WARM_RATE = 400, 0.02
_RATE, _HEAD_RATE, _WARM_UP, _LEAST = 1e-3, 2e-3, 0.06, 0.02
_DECAY = 0.01
_FLAG_WEIGHT = 2.0  # a flag that is there counts double: most letters have none
_AREA_RIDGE, _OTHER_RIDGE = 2e-3, 2e-4
_VECTOR_DROP, _PIECE_DROP = 0.1, 0.1


@dataclass(frozen=True, slots=True)
class Lower:
    """What the untuned layers make of each letter: bfloat16, shape (pieces, d)."""

    states: list[Tensor]

    @classmethod
    def read(cls, net: Net, words: Sequence[Array]) -> "Lower":
        """Of each letter's word rows, shape (pieces, d)."""
        states: list[Tensor] = [torch.empty(0)] * len(words)
        with torch.no_grad():
            for rows in _like_long([len(one) for one in words], READ):
                padded, inside = _padded([torch.tensor(words[i]) for i in rows])
                for i, state in zip(rows, net.lower(padded, inside), strict=True):
                    states[i] = state[: len(words[i])].clone()
        return cls(states)

    def vectors(self, net: Net, rows: Array) -> Tensor:
        """The letters' vectors by the whole net."""
        found = torch.empty(len(rows), len(net.mean))
        with torch.no_grad():
            for at in _like_long([len(self.states[i]) for i in rows], READ):
                found[at] = net.vectors(*_padded([self.states[i] for i in rows[at]]))
        return found

    def cut(self, rows: Array, random: np.random.Generator) -> Tensor:
        """A batch of equally long letters: of each as many of its pieces, by chance, as the shortest keeps."""
        shortest = min(len(self.states[i]) for i in rows)
        kept = min(shortest, max(8, int(shortest * (1 - _PIECE_DROP * random.random()))))
        places = [np.sort(random.permutation(len(self.states[i]))[:kept]) for i in rows]
        return torch.stack([self.states[i][torch.tensor(at)] for i, at in zip(rows, places, strict=True)])


def tune(weights: Weights, lower: Lower, goals: Array, rows: Array, *, seed: int) -> Net:
    """The net tuned to the letters in ``rows``; ``goals`` is what each output is asked, (letters, outputs)."""
    torch.manual_seed(seed)
    net, asked = Net(weights), torch.tensor(goals, dtype=torch.float32)
    _warm(net, lower.vectors(net, rows), asked[rows])
    random = np.random.default_rng(seed)
    optimiser = torch.optim.AdamW(_groups(net), betas=(0.9, 0.98))
    steps = EPOCHS * math.ceil(len(rows) / BATCH)
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, steps))
    for epoch in range(EPOCHS):
        total = 0.0
        for at in _like_long([len(lower.states[i]) for i in rows], BATCH, random):
            vectors = net.vectors(lower.cut(rows[at], random))
            vectors = functional.dropout(vectors - net.mean, _VECTOR_DROP) + net.mean
            loss = _loss(net.scores(vectors), asked[rows[at]])
            optimiser.zero_grad()
            (loss + _ridge(net)).backward()
            nn.utils.clip_grad_norm_([p for p in net.parameters() if p.requires_grad], 1.0)
            optimiser.step()
            pace.step()
            total += loss.item() * len(at)
        _log.info("epoch %d of %d: loss %.3f", epoch + 1, EPOCHS, total / len(rows))
    return net


def _warm(net: Net, vectors: Tensor, asked: Tensor) -> None:
    """The head alone first: a head of noughts would shake the layers below it."""
    net.mean.copy_(vectors.mean(0))
    optimiser = torch.optim.Adam(net.head.parameters(), _WARM_RATE)
    for _ in range(_WARM_STEPS):
        optimiser.zero_grad()
        (_loss(net.scores(vectors), asked) + _ridge(net)).backward()
        optimiser.step()


def _groups(net: Net) -> list[dict[str, object]]:
    """Matrices are drawn towards nought, vectors are not; the head learns faster."""
    layers = [p for p in net.layers.parameters() if p.requires_grad]
    return [
        {"params": list(net.head.parameters()), "lr": _HEAD_RATE, "weight_decay": 0.0},
        {"params": [p for p in layers if p.dim() > 1], "lr": _RATE, "weight_decay": _DECAY},
        {"params": [p for p in layers if p.dim() == 1], "lr": _RATE, "weight_decay": 0.0},
    ]


def _pace(step: int, steps: int) -> float:
    """Up at first, then down along half a cosine."""
    wave = 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, (step + 1) / (_WARM_UP * steps)) * (wave * (1 - _LEAST) + _LEAST)


def _loss(scores: Tensor, asked: Tensor) -> Tensor:
    """The heads' losses together, areas counting double."""
    areas, types = (-(asked[:, at] * scores[:, at].log_softmax(1)).sum(1).mean() for at in (AREA_AT, TYPE_AT))
    doubled = torch.full((FLAG_AT.stop - FLAG_AT.start,), _FLAG_WEIGHT)
    each = functional.binary_cross_entropy_with_logits
    steps = each(scores[:, SEVERITY_AT], asked[:, SEVERITY_AT], reduction="none").sum(1).mean()
    flags = each(scores[:, FLAG_AT], asked[:, FLAG_AT], pos_weight=doubled, reduction="none").sum(1).mean()
    return areas + 0.5 * (types + steps + flags)


def _ridge(net: Net) -> Tensor:
    weight = net.head.weight
    return _AREA_RIDGE * weight[AREA_AT].square().sum() + _OTHER_RIDGE * weight[AREA_AT.stop :].square().sum()


def _like_long(lengths: Sequence[int], size: int, random: np.random.Generator | None = None) -> Iterator[Array]:
    """Batches of letters about as long as each other; with ``random``, another draw and order each time."""
    keys = np.array(lengths, float)
    if random is not None:
        keys *= 1 + 0.05 * random.standard_normal(len(keys))
    order = np.argsort(keys, kind="stable")
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    if random is not None:
        random.shuffle(batches)
    return iter(batches)


def _padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Letters side by side, and which of it are pieces; (letters, longest, d) and (letters, longest)."""
    padded = nn.utils.rnn.pad_sequence(list(rows), batch_first=True)
    lengths = torch.tensor([len(row) for row in rows])
    return padded, torch.arange(padded.shape[1])[None] < lengths[:, None]

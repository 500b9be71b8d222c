"""Logistic regression over several views at once: sparse tables of words and signs beside a dense one of meanings.

The usual limited-memory BFGS (Nocedal & Wright, *Numerical Optimization*, 2006, algorithms 7.4 and 3.1), in single
precision and over matrices that scipy keeps sparse. scipy's own L-BFGS-B spends nine tenths of its time here on its
vectors of three million doubles. Time grows with the letters' words, not with the square of the letters.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack, issparse

from classifier.arrays import Array

_MEMORY = 8
_ENOUGH = 1e-4  # of the fall that the slope promises
_SHORTEST = 1e-4
Loss = Callable[[Array, Array], tuple[float, Array]]
Tables = dict[str, Array]


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights on each view's features, and a constant: scores are their sum over the views."""

    weights: Tables
    constant: Array

    def __call__(self, tables: Tables) -> Array:
        parts = [np.asarray(table @ self.weights[view], np.float64) for view, table in tables.items()]
        return np.asarray(sum(parts) + self.constant)

    def beside(self, other: "Fit") -> "Fit":
        """These outputs, then those."""
        weights = {view: np.hstack([table, other.weights[view]]) for view, table in self.weights.items()}
        return Fit(weights, np.concatenate([self.constant, other.constant]))


def softmax(scores: Array) -> Array:
    """Array that add up to one."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def sigmoid(scores: Array) -> Array:
    """Each number between nought and one."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * scores)))


def one_of(scores: Array, targets: Array) -> tuple[float, Array]:
    """Cross-entropy of the softmax with soft targets, and its slope."""
    top = scores - scores.max(axis=1, keepdims=True)
    logs = top - np.log(np.exp(top).sum(axis=1, keepdims=True))
    return float(-(targets * logs).sum()), np.exp(logs) * targets.sum(axis=1, keepdims=True) - targets


def each_of(scores: Array, targets: Array, shares: Array | float = 1.0) -> tuple[float, Array]:
    """Sum of the binary cross-entropies, each counted by its share, and its slope."""
    loss = shares * (np.logaddexp(0, scores) - targets * scores)
    return float(loss.sum()), shares * (sigmoid(scores) - targets)


class Problem:
    """Fits heads on one set of rows, given each view's table of them, shape (rows, features)."""

    def __init__(self, tables: Tables) -> None:
        self._sparse_views = [view for view, table in tables.items() if issparse(table)]
        self._dense_views = [view for view in tables if view not in self._sparse_views]
        self._widths = {view: table.shape[1] for view, table in tables.items()}
        self._sparse = csr_matrix(hstack([tables[view] for view in self._sparse_views]), dtype=np.float32)
        self._turned = csr_matrix(self._sparse.T)
        none = np.zeros((self._sparse.shape[0], 0))
        self._dense = np.hstack([none, *(tables[view] for view in self._dense_views)]).astype(np.float32)

    def fit(self, targets: Array, loss: Loss, penalty: float, *, steps: int = 60) -> Fit:
        """The weights that minimise ``loss`` + penalty/2 · squared norm; ``targets`` has shape (rows, outputs)."""
        (count, outputs), sparse = targets.shape, self._sparse.shape[1]
        width = sparse + self._dense.shape[1]
        cut = width * outputs

        def slope(values: Array) -> tuple[float, Array]:
            weights, slopes = values[:cut].reshape(width, outputs), np.empty_like(values)
            scores = self._sparse @ weights[:sparse] + self._dense @ weights[sparse:] + values[cut:]
            cost, back = loss(scores.astype(np.float64), targets)
            back = (back / count).astype(np.float32)
            table = slopes[:cut].reshape(width, outputs)
            table[:sparse], table[sparse:] = self._turned @ back, self._dense.T @ back
            table += penalty / count * weights
            slopes[cut:] = back.sum(axis=0)
            return (cost + 0.5 * penalty * float(values[:cut] @ values[:cut])) / count, slopes

        found = descend(slope, np.zeros(cut + outputs, np.float32), steps)
        return Fit(self._by_view(found[:cut].reshape(width, outputs)), found[cut:].astype(np.float64))

    def _by_view(self, weights: Array) -> Tables:
        names = [*self._sparse_views, *self._dense_views]
        ends = np.cumsum([self._widths[view] for view in names])[:-1]
        return dict(zip(names, np.split(weights, ends), strict=True))


def descend(slope: Callable[[Array], tuple[float, Array]], values: Array, steps: int) -> Array:
    """At most so many steps of L-BFGS downhill; ``slope`` gives height and gradient at a place."""
    moves: deque[tuple[Array, Array, float]] = deque(maxlen=_MEMORY)
    height, back = slope(values)
    for _ in range(steps):
        way = _direction(back, moves)
        fall, length = float(way @ back), 1.0
        new, (new_height, new_back) = values - way, slope(values - way)
        while new_height > height - _ENOUGH * length * fall and length > _SHORTEST:
            length /= 2
            new = values - np.float32(length) * way
            new_height, new_back = slope(new)
        if new_height >= height:
            break
        move, turn = new - values, new_back - back
        if (along := float(move @ turn)) > 0:
            moves.append((move, turn, along))
        values, height, back = new, new_height, new_back
    return values


def _direction(back: Array, moves: deque[tuple[Array, Array, float]]) -> Array:
    """The gradient, stretched by what the last moves have told of the slope's own slope."""
    way, shares = back.copy(), []
    for move, turn, along in reversed(moves):
        share = np.float32(move @ way / along)
        way -= share * turn
        shares.append(share)
    if not moves:
        return np.asarray(way / max(float(np.linalg.norm(way)), np.finfo(np.float32).tiny))
    _, turn, along = moves[-1]
    way *= np.float32(along / (turn @ turn))
    for (move, turn, along), share in zip(moves, reversed(shares), strict=True):
        way += (share - np.float32(turn @ way / along)) * move
    return np.asarray(way)

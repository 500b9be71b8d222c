"""Logistic regression over several views at once, solved in the space of the letters instead of the features.

With some thousand letters and some hundred thousand features, the letters' Gram matrix is the smaller side; one
Cholesky factor of it serves every head. Linear views let the weights be taken back to the features afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.linalg.blas import strmm
from scipy.optimize import minimize

from classifier.arrays import Array

_JITTER = 1e-4
_STEPS = 60
Loss = Callable[[Array, Array], tuple[float, Array]]


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights on the letters and a constant: scores are ``gram(new, letters) @ weights + constant``."""

    weights: Array
    constant: Array

    def __call__(self, gram: Array) -> Array:
        return np.asarray(gram @ self.weights + self.constant)


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


class Machine:
    """Fits heads on one set of letters, given their Gram matrix (n, n), whose room it takes for its factor."""

    def __init__(self, gram: Array) -> None:
        gram[np.diag_indices(len(gram))] += _JITTER
        # Symmetric, so the transpose is the same matrix in the order that can be overwritten.
        self._factor = cholesky(gram.T, lower=True, overwrite_a=True)
        # BLAS multiplies a triangle by its transpose twice as fast as any other way, so both ways round are kept.
        self._lower = np.asfortranarray(self._factor, np.float32)
        self._upper = np.asfortranarray(self._lower.T)

    def fit(self, targets: Array, loss: Loss, penalty: float) -> Fit:
        """The weights that minimise ``loss`` + penalty/2 · squared norm; ``targets`` has shape (n, outputs)."""
        count, outputs = targets.shape
        cut = count * outputs

        def slope(values: Array) -> tuple[float, Array]:
            weights = values[:cut].reshape(count, outputs).astype(np.float32)
            cost, back = loss(strmm(1.0, self._upper, weights, trans_a=1) + values[cut:], targets)
            pull = strmm(1.0, self._lower, back, lower=1, trans_a=1) + penalty * weights
            cost += 0.5 * penalty * float((weights**2).sum())
            return cost / count, np.concatenate([pull.ravel(), back.sum(axis=0)]).astype(np.float64) / count

        found = minimize(slope, np.zeros(cut + outputs), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
        inner = found.x[:cut].reshape(count, outputs)
        return Fit(solve_triangular(self._factor, inner, lower=True, trans="T"), found.x[cut:])

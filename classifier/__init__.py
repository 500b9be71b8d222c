"""The spaCy pipeline that suggests unit, type, flags and severity, with reasons."""

import os

# Letters and heads are already learnt side by side, and the matrices are narrow: OpenBLAS's own threads would wait for
# each other several times as long as one alone needs.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from classifier.model import SpacyClassifier

__all__ = ["SpacyClassifier"]

"""The spaCy pipeline that suggests unit, type, flags and severity, with reasons: ``classifier.model.SpacyClassifier``.

The package itself loads nothing, so that its names and numbers can be masked, and its folder be named, without spaCy.
"""

import os

# Before anything here loads numpy. Letters and heads are already learnt side by side, and the matrices are narrow:
# OpenBLAS's own threads would wait for each other several times as long as one alone needs.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

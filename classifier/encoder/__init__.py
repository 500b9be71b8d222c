"""The sentence encoder: a seam (`Embedder`), the bundled ONNX one, and how that one is built."""

import os

# onnxruntime's wheels report sessions to Microsoft unless this stands before they are loaded (its Privacy.md; seen in
# 1.32). A municipality's service tells nobody, whatever the environment says. Only this package loads onnxruntime.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

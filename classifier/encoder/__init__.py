"""The sentence encoder: a seam (`Embedder`), the bundled ONNX one, and how that one is built."""

"""How a graph is run: on one processor unless told otherwise, with little memory held."""

from pathlib import Path

import onnxruntime as ort

# Fused, adding and normalising takes ten times as long as apart (onnxruntime 1.32: 4.4 and 0.6 of 20 ms a letter).
_SLOWER_FUSED = ["SkipLayerNormFusion"]


def open_session(path: Path, threads: int) -> ort.InferenceSession:
    """The graph of this file, ready to run on ``threads`` threads."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The arena keeps the largest letter's memory for ever; without it a letter costs a hair more.
    options.enable_cpu_mem_arena = False
    return ort.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER_FUSED
    )

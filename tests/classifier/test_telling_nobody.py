"""The library that runs the encoder reports to its maker unless it is told not to before it is loaded."""

import re
import subprocess
import sys
from pathlib import Path

from tests.tools.tree import ROOT, sources

LOADS = re.compile(r"^\s*(?:import|from) onnxruntime\b", re.MULTILINE)


def test_nothing_is_kept_to_be_told_to_the_librarys_maker(tmp_path: Path) -> None:
    """onnxruntime that may tell leaves the device's id and its events in the user's home as soon as it is loaded."""
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "ORT_DISABLE_TELEMETRY": "0"}
    load = [sys.executable, "-B", "-c", "import classifier.encoder.onnx_encoder"]
    subprocess.run(load, cwd=ROOT, env=environment, check=True, timeout=120)
    assert list(tmp_path.rglob("*")) == []


def test_only_the_encoders_package_loads_the_library() -> None:
    """Its ``__init__`` forbids the telling, and is run before any of its modules."""
    files = [path for path in sources() if LOADS.search(path.read_text("utf-8"))]
    assert {path.parent for path in files} == {ROOT / "classifier" / "encoder"}

"""The letters that the bench works on."""

import subprocess
import sys
from pathlib import Path

from service.demo.letters import sample_letters

GENERATOR = Path(__file__).parents[3] / "shared" / "bench" / "gen_corpus.py"


def corpus(folder: Path, count: int) -> list[bytes]:
    """The shared generator's letters where it is there, else the demonstration's, over and over."""
    if GENERATOR.exists():
        subprocess.run(
            [sys.executable, str(GENERATOR), "--n", str(count), "--seed", "1", "--out", str(folder / "c")],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return [file.read_bytes() for file in sorted((folder / "c").rglob("*.eml"))]
    ours = [letter.raw for letter in sample_letters()]
    return [ours[n % len(ours)].replace(b"Message-ID: <", b"Message-ID: <%d." % n) for n in range(count)]

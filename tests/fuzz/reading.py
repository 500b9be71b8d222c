"""Fuzzes ``ingest.parse``: ``python -m tests.fuzz.reading CORPUS [libFuzzer's options]``.

Any exception but UnreadableMessage, an input that takes more than two seconds, or more than 300 MB above the start are
findings; libFuzzer writes the input to a file, and its cause becomes a small mail of our own in tests/mails/weird.
"""

import resource
import sys
import time

import atheris

with atheris.instrument_imports(include=["ingest", "email", "mailparser"]):
    from cases.errors import UnreadableMessage
    from ingest.parse import parse

_SECONDS = 2.0
_KILOBYTES = 300 * 1024
_base = 0


def test_one_input(data: bytes) -> None:
    """Read one input within its bounds."""
    global _base  # noqa: PLW0603 - libFuzzer calls a bare function
    began = time.process_time()
    try:
        parse(data, own_servers=("mx.ekdala.example",))
    except UnreadableMessage as error:
        if error.__cause__ is not None:  # reading broke off where no rule foresaw it: the finding itself
            raise error.__cause__ from error
        return
    took = time.process_time() - began
    if took > _SECONDS:
        raise RuntimeError(f"took {took:.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _base = _base or peak
    if peak - _base > _KILOBYTES:
        raise RuntimeError(f"peak memory rose by {(peak - _base) // 1024} MB")


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()

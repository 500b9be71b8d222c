"""Gives memory back to the system: some hundred letters of different lengths leave holes that add up to 200 MB."""

import ctypes
import sys


def give_back() -> None:
    """Returns freed memory to the system where the C library can (glibc); elsewhere does nothing. Milliseconds."""
    if not sys.platform.startswith("linux"):
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

"""Loads a module once, then runs its ``main`` in a new process for each line on stdin.

``python -m tests.servers.nursery MODULE [ARGUMENT …]``; the module's ``prepare``, if it has one, runs once as well.
Loading the daemon takes seconds, far longer than a test lets it work before it is killed. ``born PID`` and ``died``
tell of each process; in between it speaks for itself.
"""

import importlib
import os
import sys


def main(name: str, *arguments: str) -> None:
    """Fork one process after the other; here are no other threads and no connections, so that each begins clean."""
    module = importlib.import_module(name)
    getattr(module, "prepare", lambda: None)()
    child = 0
    for _ in sys.stdin:
        if child:
            os.waitpid(child, 0)
        child = os.fork()
        if child == 0:
            _say(f"born {os.getpid()}")
            sys.exit(module.main(*arguments))
        # Until the next is wanted its number is nobody else's: who is about to kill it hits no stranger.
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        _say("died")


def _say(words: str) -> None:
    # In one piece, and at once.
    os.write(1, f"{words}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])

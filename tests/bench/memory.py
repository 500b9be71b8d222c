"""How much memory a process has held at most."""

from pathlib import Path


def most_resident_mb() -> float:
    """Megabytes that were resident in this process at most (Linux).

    ``ru_maxrss`` will not do: a process that was begun by a large one is said to have been as large (getrusage(2)).
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    [most] = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(most) / 1024

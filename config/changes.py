"""What changed among the keys between two versions of Lyhörd, for those who upgrade."""

from collections.abc import Mapping

from config.reference import describe

Keys = dict[str, str]
"""Each key of the file to its default as one reads it."""


def known_keys() -> Keys:
    """The keys of this version."""
    return {doc.key: doc.default for doc in describe()}


def changes(before: Mapping[str, str]) -> list[str]:
    """One line in Swedish for each key that is new, gone, or has another default than ``before``."""
    now, told = known_keys(), {doc.key: doc for doc in describe()}
    lines = [f"Ny nyckel {key} ({_default(now[key])}): {told[key].meaning}" for key in now if key not in before]
    lines += [
        f"Ändrat förval för {key}: förut {before[key]}, nu {now[key]}. Skriv det gamla värdet om det ska gälla."
        for key in now
        if key in before and before[key] != now[key]
    ]
    lines += [f"Nyckeln {key} finns inte längre. Står den i filen, ta bort den." for key in before if key not in now]
    return lines


def _default(default: str) -> str:
    # Secrets come in two spellings, of which the second is told so.
    return default if default.startswith(("krävs", "ingen", "i stället")) else f"förval {default}"

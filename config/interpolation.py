"""``${NAME}`` and ``${NAME:-default}`` in any string value, filled from the environment."""

import re
from collections.abc import Mapping

_PIECE = re.compile(
    r"\$\$(?=\{)|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}|(?P<broken>\$\{)",
)


class UnsetVariable(ValueError):
    """A variable without a default is not set in the environment; ``name`` is its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class BrokenReference(ValueError):
    """A ``${`` that neither names a variable nor is closed."""


def interpolate(text: str, environ: Mapping[str, str]) -> str:
    """Fill the references in a text; ``$${`` stands for a literal ``${``.

    As in a shell, the default is taken where the variable is unset or empty. What comes from the environment is not
    read again for references. Raises UnsetVariable or BrokenReference.
    """
    return _PIECE.sub(lambda match: _fill(match, environ), text)


def _fill(match: re.Match[str], environ: Mapping[str, str]) -> str:
    if match["broken"]:
        raise BrokenReference
    name, default = match["name"], match["default"]
    if name is None:
        return "$"
    if default is not None:
        return environ.get(name) or default
    if name not in environ:
        raise UnsetVariable(name)
    return environ[name]

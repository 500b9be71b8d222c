"""An environment in which every shipped profile loads, and a small municipality to break on purpose."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from config import InvalidSettings, Problem, load
from config.layers import profile_text
from config.writing import to_toml

ENVIRON = {
    "LYHORD_IMAP_PASSWORD": "imap-hemligt",
    "LYHORD_SMTP_PASSWORD": "smtp-hemligt",
    "LYHORD_OAUTH_SECRET": "oauth-hemligt",
    "LYHORD_DATABASE_PASSWORD": "db-hemligt/@:",
    "LYHORD_METRICS_TOKEN": "matvarden-hemligt",
    "LYHORD_DESK_SECRET": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture
def environ() -> dict[str, str]:
    return dict(ENVIRON)


@pytest.fixture
def tree() -> dict[str, Any]:
    """A valid tree to break: Rättvik's, as it is written."""
    return tomllib.loads(profile_text("rattvik"))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a tree, or a text, to a file and return its path."""

    def write(content: dict[str, Any] | str, name: str = "kommun.toml") -> Path:
        text = content if isinstance(content, str) else "\n".join(f"{k} = {to_toml(v)}" for k, v in content.items())
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(path: Path | str, environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """The faults of a file, of which there must be some."""
    with pytest.raises(InvalidSettings) as caught:
        load(path, environ)
    assert caught.value.problems
    return caught.value.problems

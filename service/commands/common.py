"""Arguments that several commands share."""

import argparse
import os
from pathlib import Path

from cases.errors import LyhordError
from cases.faults import os_words
from config import Settings
from config import load as load_settings


class OutFileError(LyhordError):
    """The file asked for could not be written."""


def add_config(parser: argparse.ArgumentParser) -> None:
    """``--config FILE``: the municipality's file, or the name of a shipped profile."""
    parser.add_argument(
        "--config",
        "-c",
        default=os.environ.get("LYHORD_CONFIG") or "lyhord.toml",
        metavar="FIL",
        help="kommunens fil, eller osby, rattvik eller demo (annars LYHORD_CONFIG, annars lyhord.toml)",
    )


def settings_of(asked: argparse.Namespace) -> Settings:
    """The settings asked for. Raises ConfigError."""
    return load_settings(asked.config, os.environ)


def write_out(out: Path, content: bytes) -> None:
    """Write what names persons: a new file is its owner's alone. Raises OutFileError."""
    try:
        out.touch(mode=0o600, exist_ok=True)
        out.write_bytes(content)
    except OSError as error:
        raise OutFileError(f"Filen {out} gick inte att skriva: {os_words(error)}. Välj en annan med --out.") from error

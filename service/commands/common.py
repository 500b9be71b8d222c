"""Arguments that several commands share."""

import argparse
import os

from config import Settings
from config import load as load_settings


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

"""``lyhord config keys|diff``: the keys of the settings, and what changed among them since another version."""

import argparse
import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from cases.errors import ConfigError
from config.changes import changes, known_keys
from service.commands.common import add_config, refuse_out_of_place, settings_of
from service.config_record import recorded_keys
from service.late import analyse
from storage import SqlStore


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to tell, and of which version."""
    add_config(parser)
    parser.add_argument("what", choices=("keys", "diff"), help="skriv nycklarna som JSON, eller vad som ändrats")
    parser.add_argument(
        "--since", type=Path, metavar="FIL", help="nycklarna från en annan version (annars från senaste db upgrade)"
    )


def run(asked: argparse.Namespace) -> int:
    """Print it."""
    refuse_out_of_place(asked, {"--since": ("diff",)})
    if asked.what == "keys":
        print(json.dumps(known_keys(), ensure_ascii=False, indent=1))
        return 0
    lines = changes(_before(asked))
    print("\n".join(lines) if lines else "Inga nycklar har ändrats.")
    return 0


def _before(asked: argparse.Namespace) -> Mapping[str, str]:
    if asked.since is not None:
        return _read(asked.since)
    with closing(SqlStore(settings_of(asked).database.url.reveal(), analyser=analyse)) as store:
        kept = recorded_keys(store)
    if not kept:
        raise ConfigError(
            "Databasen minns inga nycklar. Skriv den gamla versionens med `lyhord config keys > gamla.json` "
            "och ange filen med --since."
        )
    return kept


def _read(file: Path) -> Mapping[str, str]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(
            f"{file} går inte att läsa. Skriv om den med `lyhord config keys` i den andra versionen."
        ) from error
    if not isinstance(found, dict):
        raise ConfigError(f"{file} är inte nycklar från `lyhord config keys`.")
    return {str(key): str(value) for key, value in found.items()}

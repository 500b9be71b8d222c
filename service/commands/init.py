"""``lyhord init``: write a commented settings file to begin with, and say what comes next."""

import argparse
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

from cases.errors import ConfigError
from cases.faults import os_words
from config import PROFILES, template

_DEFAULT = "lyhord.toml"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which profile, and where to."""
    parser.add_argument("--profile", choices=PROFILES, default="osby", help="profilen att börja från (annars osby)")
    parser.add_argument("--out", type=Path, default=Path(_DEFAULT), metavar="FIL", help=f"annars {_DEFAULT}")
    parser.add_argument("--force", action="store_true", help="skriv över en fil som redan finns")


def run(asked: argparse.Namespace) -> int:
    """Write the file and print the next steps."""
    text = template(asked.profile)
    _write(asked.out, text, force=asked.force)
    print(f"{asked.out} är skriven från profilen {asked.profile}. Så här går du vidare:\n")
    for number, step in enumerate(_steps(asked.out, text), start=1):
        print(f"{number}. {step}")
    return 0


def _write(path: Path, text: str, *, force: bool) -> None:
    """Write a new file. Raises ConfigError where one is there already or it cannot be written."""
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ConfigError(
            f"{path} finns redan och skrivs inte över. Välj ett annat namn med --out, eller skriv över den med --force."
        ) from None
    except OSError as error:
        raise ConfigError(
            f"{path} kan inte skrivas ({os_words(error)}). Välj en mapp som finns och som du får skriva i, med --out."
        ) from error


def _steps(path: Path, text: str) -> Iterator[str]:
    config = "" if str(path) == _DEFAULT else f" --config {shlex.quote(str(path))}"
    person = f"lyhord user add{config} ADRESS --name NAMN --title BEFATTNING"
    names = list(dict.fromkeys(_secrets(tomllib.loads(text))))
    exports = "".join(f'\n     export {name}="…"' for name in names)
    yield f"Öppna {path} och byt ut de påhittade servrarna, adresserna och personerna mot era egna."
    yield (
        f"Sätt hemligheterna som miljövariabler, eller peka ut filer med …_file i stället för …_env:{exports}\n"
        "   En ny nyckel för skrivbordet får du med: python3 -c 'import secrets; print(secrets.token_hex(32))'"
    )
    yield f"Gör databasen i ordning:\n     lyhord db upgrade{config}"
    yield (
        "Lägg till de första personerna; minst en registrator, en administratör och en mottagare av visselblåsning:"
        f"\n     {person} --role registrator\n     {person} --role admin\n     {person} --role visselmottagare"
    )
    yield f"Pröva allt:\n     lyhord check{config}"
    yield f"Starta:\n     lyhord run{config}"


def _secrets(tree: object) -> Iterator[str]:
    """The environment variables that the file takes its secrets from."""
    if isinstance(tree, list):
        for item in tree:
            yield from _secrets(item)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if isinstance(value, str) and key.endswith("_env"):
                yield value
            else:
                yield from _secrets(value)

"""The command line: ``lyhord COMMAND``. Each command is a module of its own, loaded only when it is asked for."""

import argparse
import errno
import gc
import importlib
import io
import logging
import sys
from collections.abc import Sequence
from typing import Protocol

from cases.errors import LyhordError
from cases.faults import machines_way_out, os_words
from service.logs import TextLines
from service.usage import SwedishParser
from service.version import version_words


class Command(Protocol):
    """What a module in ``service.commands`` offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments."""

    def run(self, asked: argparse.Namespace) -> int:
        """Do it; returns the exit status. Raises LyhordError."""


COMMANDS: dict[str, str] = {
    "demo": "visa allt på exempelbrev, inbäddat",
    "run": "kör tjänsten och skrivbordet",
    "daemon": "kör bara tjänsten: hämta, läsa, föreslå, skicka",
    "desk": "kör bara skrivbordet",
    "init": "skriv en konfigurationsfil att börja med",
    "check": "pröva konfiguration, brevlådor, SMTP, databas, modell, disk och klocka",
    "user": "lägg till, ändra och lista användare",
    "reorganise": "flytta ärenden från enheter som har gått upp i andra",
    "api-client": "ge andra system nycklar till API:et, och säg vart händelser skickas",
    "db": "pröva, uppgradera eller backa databasen",
    "backup": "gör en krypterad säkerhetskopia medan allt är igång",
    "restore": "återställ en säkerhetskopia",
    "mailbox": "hitta brev igen efter en återställning",
    "doctor": "berätta vad som är fel, varför, och vad du ska göra",
    "config": "visa inställningarnas nycklar, och vad som ändrats sedan en annan version",
    "paper": "skriv skiljeblad, läs ett dokument, läs om olästa",
    "parse": "läs ett brev och skriv vad som stod där, som JSON",
    "suggest": "föreslå ämne, typ och markeringar för brev i en JSONL-fil",
    "train": "bygg modellen, eller låt den lära av kommunens egna brev",
    "model": "visa vilken modell som föreslår, dess historik, och gå tillbaka",
    "evaluate": "korsvalidera modellen på träningsbreven",
    "jobs": "visa när varje schemalagt jobb gick, hur länge, med vilket resultat, och när det går igen",
    "simulate": "spela ett år på minuter och pröva att varje löfte hölls",
    "plan": "visa vad ett ärendes löften skickar, när och varför",
    "report": "skriv en sammanställning: PDF, Excel, CSV eller HTML",
    "gdpr": "hitta en persons ärenden och skriv ett registerutdrag",
    "archive": "skriv avslutade ärenden som leveranser till arkivet (METS och ERMS)",
    "retention": "visa vad som skulle gallras, gallra det, skriv protokollen",
    "letters": "lista breven: vad som utlöser dem, mottagare, variabler",
    "preview": "visa ett brev med exempeldata",
}


_FULL = ("disk is full", "No space left on device")


class _Version(argparse.Action):
    """Looks only when asked: every command builds the parser."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        _namespace: argparse.Namespace,
        _values: str | Sequence[object] | None,
        _option: str | None = None,
    ) -> None:
        print(version_words())
        parser.exit()


def build_parser(command: str | None) -> argparse.ArgumentParser:
    """The parser; only the asked command's module is loaded, so that ``lyhord parse`` never loads a model."""
    parser = SwedishParser(prog="lyhord", description="Lyhörd: synpunkter som blir ärenden och får svar.")
    parser.add_argument("--version", action=_Version, nargs=0, help="skriv version och modell")
    parser.add_argument("--verbose", "-v", action="store_true", help="berätta mer i loggen")
    commands = parser.add_subparsers(dest="command", metavar="KOMMANDO", required=True)
    for name, summary in COMMANDS.items():
        sub = commands.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".")
        if name == command:
            load(name).arguments(sub)
    return parser


def load(name: str) -> Command:
    """The module of a command."""
    # Nothing that is loaded here is ever let go, and to look it through for that took a fifth of the time.
    gc.disable()
    try:
        module: Command = importlib.import_module(f"service.commands.{name.replace('-', '_')}")
    finally:
        gc.enable()
    return module


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``lyhord``.

    An error we understand is one line on stderr and status 1, never a traceback; nor is a file that cannot be used.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # As on stderr: a locale like ISO-8859-1 has no ✔, and no word is worth a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except LyhordError as error:
        print(f"lyhord: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"lyhord: {_refused(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        said = _database_said(error)
        if not said:
            raise
        print(f"lyhord: {said}", file=sys.stderr)
        return 1


def _run(words: Sequence[str]) -> int:
    """Load the command, which takes a second that somebody may break off, read its words, and do it."""
    command = next((word for word in words if word in COMMANDS), None)
    asked = build_parser(command).parse_args(words)
    level = logging.INFO if asked.verbose else logging.WARNING
    told = logging.StreamHandler()
    told.setFormatter(TextLines())
    logging.basicConfig(level=level, handlers=[told])
    # A pass that outlasts its interval is skipped by design; APScheduler warns of each.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return load(asked.command).run(asked)


def _database_said(error: Exception) -> str:
    """What a database would not do while a command used it; empty for every other error, which is a fault of ours.

    SQLAlchemy's errors are known by name (DatabaseError: a damaged file): many commands never load the library, which
    takes a while.
    """
    if type(error).__name__ not in ("OperationalError", "DatabaseError") or not hasattr(error, "orig"):
        return ""
    said = " ".join(str(error.orig).split())
    if any(words in said for words in _FULL):
        return "Databasens disk är full. Frigör utrymme och gör om det; det som inte fick plats är inte gjort."
    return "Databasen svarade inte som den ska. `lyhord doctor` säger vad som är fel; gör om det sedan."


def _refused(error: OSError) -> str:
    """What the system would not do, and to which file; its own words, which quote nothing of what was in it."""
    said = os_words(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{error.filename or 'Filen'} får inte plats: disken är full. Frigör utrymme och gör om det."
    if way_out := machines_way_out(error):
        return f"{f'{error.filename} går inte att använda: ' if error.filename else ''}{said}. {way_out}"
    if error.filename is None:
        return f"{said}."
    return f"{error.filename} går inte att använda ({said}). Kontrollera namnet och rättigheterna."

"""``lyhord backup``: one encrypted file of database, settings and own templates, made while everybody works."""

import argparse
import os
from contextlib import closing, suppress
from pathlib import Path

import sqlalchemy as sa

from cases.numerals import size_words
from config import Settings
from service.backup.archive import new_key
from service.backup.create import Made, make_backup
from service.checks.copies import note_failed, note_made
from service.checks.database import has_shape
from service.clock_and_ids import utc_now
from service.commands.common import add_config, settings_of
from service.late import analyse
from storage import SqlStore


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and with which key it is proven."""
    add_config(parser)
    parser.add_argument("--folder", type=Path, metavar="MAPP", help="mappen för kopior (annars backup.folder)")
    parser.add_argument(
        "--verify-with", type=Path, metavar="NYCKELFIL", help="dekryptera kopian med den här nyckeln och jämför allt"
    )
    parser.add_argument("--new-key", type=Path, metavar="FIL", help="gör bara ett nyckelpar: den hemliga i FIL")


def run(asked: argparse.Namespace) -> int:
    """Make a key pair or a backup."""
    if asked.new_key is not None:
        print(f"Publik nyckel, att skriva i backup.recipients: {new_key(asked.new_key)}")
        print(f"Flytta {asked.new_key} till ett säkert ställe utanför servern. Utan den går kopiorna inte att öppna.")
        return 0
    settings = settings_of(asked)
    made = _made(settings, asked)
    letters = made.manifest.tables.get("raw_messages", [0])[0]
    cases = made.manifest.tables.get("cases", [0])[0]
    print(f"{made.file} ({size_words(made.size)}): {cases} ärenden, {letters} brev.")
    print(
        "Dekrypterad och jämförd." if made.whole else "Läst igenom före krypteringen; filen på disken är den skrivna."
    )
    if made.manifest.note:
        print(made.manifest.note)
    if not settings.backup.with_secrets:
        print("Hemligheterna är inte med. Förvara dem på annat håll, framför allt desk.secret.")
    for path in made.removed:
        print(f"Borttagen: {path.name}")
    return 0


def _made(settings: Settings, asked: argparse.Namespace) -> Made:
    """The copy; the database is told of it, or that there is none, so that an alarm can be raised."""
    now = utc_now()
    with closing(SqlStore(settings.database.url.reveal(), analyser=analyse)) as store:
        try:
            made = make_backup(settings, os.environ, now, folder=asked.folder, verify_with=asked.verify_with)
        except Exception as error:
            with suppress(sa.exc.SQLAlchemyError):
                if has_shape(settings.database.url.reveal()):
                    note_failed(store, now, error)
            raise
        note_made(store, now)
    return made

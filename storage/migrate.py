"""Brings a database to the shape this version needs, by Alembic."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError

from storage.database.engine import open_engine, writing
from storage.errors import NewerDatabase

# Any number nobody else in the database takes for an advisory lock.
_LOCK = 20_261_121
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Run every migration the database lacks, all in one transaction; nothing where it lacks none."""
    engine = open_engine(url)
    try:
        with writing(engine) as connection:
            _wait_our_turn(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def downgrade(url: str, revision: str) -> None:
    """Take back every migration after ``revision``, in one transaction: what only they knew is forgotten.

    Raises NotImplementedError where one cannot be taken back; then nothing is.
    """
    engine = open_engine(url)
    try:
        with writing(engine) as connection:
            _wait_our_turn(connection)
            config = _config()
            config.attributes["connection"] = connection
            command.downgrade(config, revision)
    finally:
        engine.dispose()


def newest() -> str:
    """The revision that this version of the program works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head() or "")


def revisions() -> list[str]:
    """Every revision, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [step.revision for step in reversed(list(scripts.walk_revisions()))]


def _wait_our_turn(connection: sa.Connection) -> None:
    """Let one of several daemons that start together migrate; on SQLite the transaction is alone from its beginning."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def current(url: str) -> str:
    """The revision the database stands at; empty for a new one."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return _current(connection)
    finally:
        engine.dispose()


def pending(url: str) -> list[str]:
    """The revisions the database still lacks, in the order they would run. Raises NewerDatabase."""
    scripts = ScriptDirectory.from_config(_config())
    here = current(url) or "base"
    try:
        return [step.revision for step in reversed(list(scripts.iterate_revisions("head", here)))]
    except (CommandError, RevisionError) as error:
        raise NewerDatabase(
            f"Databasen står på {here}, som den här versionen av Lyhörd inte känner. Installera en nyare version."
        ) from error


def _current(connection: sa.Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config

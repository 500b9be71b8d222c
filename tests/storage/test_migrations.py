"""Migrations: a new database becomes what the tables say, on both databases, once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import SqlStore, migrate
from storage.database.engine import open_engine
from storage.search.analyse import analyse
from storage.tables import cases as tables
from storage.tables import mail as mail_tables
from storage.tables.columns import metadata
from tests.storage.samples import case


def _ours(thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    # The search index is DDL of its own on each database, and an index over an expression is read back otherwise.
    del thing
    by_hand = ("search_fts", "alembic_version", "ix_cases_work", "ix_cases_by_number")
    return not (
        str(name).startswith(by_hand) or (kind, name) == ("column", "vector") or name == "ix_search_docs_vector"
    )


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index ix_cases_")
def test_the_migrated_schema_is_that_of_the_tables(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        options = {"include_object": _ours, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_links_wait_for_the_end_of_the_transaction_and_follow(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.tables.values():
            made = {key["constrained_columns"][0]: key["options"] for key in inspector.get_foreign_keys(table.name)}
            for key in table.foreign_keys:
                options = made[key.parent.name]
                assert (options.get("deferrable"), options.get("initially"), options.get("ondelete")) == (
                    key.deferrable,
                    key.initially,
                    key.ondelete,
                )
    engine.dispose()


def test_upgrading_a_new_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    steps = [step.revision for step in ScriptDirectory(migrate._SCRIPTS).walk_revisions()][::-1]
    assert (migrate.current(url), migrate.pending(url)) == ("", steps)
    migrate.upgrade(url)
    assert (migrate.current(url), migrate.pending(url)) == (steps[-1], [])


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    store = SqlStore(database_url, analyser=analyse)
    with store.begin() as tx:
        tx.add_case(case())
    migrate.upgrade(database_url)
    with store.read() as tx:
        assert tx.case_by_token("tokenc1") == "c1"
    store.close()
    assert migrate.pending(database_url) == []


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_daemons_that_start_together_migrate_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    if kind == "postgresql":
        cluster = request.getfixturevalue("postgres")
        cluster.execute("CREATE DATABASE started_together")
        request.addfinalizer(lambda: cluster.execute("DROP DATABASE started_together WITH (FORCE)"))
        url = cluster.url("started_together")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate.upgrade, [url] * 3))
    assert migrate.pending(url) == []


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    migrate.upgrade(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_upgrade_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE search_docs (x)"))
    with pytest.raises(sa.exc.OperationalError):
        migrate.upgrade(url)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["search_docs"]
    engine.dispose()


def test_the_bytes_are_not_compressed_twice(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        query = "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attstorage = 'e' AND attnum > 0"
        external = {tuple(row) for row in connection.execute(sa.text(query))}
    engine.dispose()
    assert {
        (mail_tables.raw_contents.name, "content"),
        (mail_tables.attachment_contents.name, "content"),
        (mail_tables.messages.name, "html"),
    } <= external


def test_every_table_belongs_to_the_metadata() -> None:
    assert tables.cases.metadata is mail_tables.messages.metadata is metadata

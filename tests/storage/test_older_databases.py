"""What a database from before is to say and to keep quiet about, once it is upgraded."""

import hashlib
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from cases.inbound.messages import Attachment, ScanState
from cases.journal import NAMES_ANOTHER, CaseEvent, EventKind
from cases.people.access import SYSTEM
from storage import SqlStore, migrate
from storage.database.engine import open_engine, writing
from storage.search.analyse import analyse
from storage.tables.cases import search_docs
from tests.storage.samples import NOW, case, inbound, stored


def _step(url: str, direction: str, revision: str) -> None:
    engine = open_engine(url)
    with writing(engine) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        getattr(command, direction)(config, revision)
    engine.dispose()


def test_cases_and_files_from_before_are_in_no_doubt_and_not_scanned(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    migrate.upgrade(url)
    content = b"bild"
    file = Attachment("b.png", "image/png", 4, hashlib.sha256(content).hexdigest(), content, scan=ScanState.UNCHECKED)
    store = SqlStore(url, analyser=analyse)
    with store.begin() as tx:
        tx.add_case(case(sender_doubt="Någon tvivlar.", forwarded_by="hans@ekdala.example"))
        tx.add_message(stored("c1", replace(inbound(), attachments=(file,)), id="m1"))
    store.close()
    _step(url, "downgrade", "0002")
    _step(url, "upgrade", "head")
    store = SqlStore(url, analyser=analyse)
    with store.read() as tx:
        found = tx.case_file("c1", SYSTEM)
    store.close()
    assert (found.case.sender_doubt, found.case.forwarded_by) == ("", "")
    assert [a.scan for a in found.attachments] == [ScanState.NONE]
    assert found.case.sender == case().sender


def test_lines_that_name_another_case_are_found_no_more(database_url: str) -> None:
    migrate.upgrade(database_url)
    store = SqlStore(database_url, analyser=analyse)
    with store.begin() as tx:
        tx.add_case(case())
        for kind in (*NAMES_ANOTHER, EventKind.NOTE):
            tx.add_event(CaseEvent(kind.value, "c1", NOW, "u1", kind, "Gäller DEMO-2026-00099."))
            # As the version before wrote it.
            tx.connection.execute(sa.delete(search_docs).where(search_docs.c.source_id == kind.value))
            row = {"case_id": "c1", "kind": "journal", "source_id": kind.value, "plain": "", "terms": "demo-2026-00099"}
            tx.connection.execute(sa.insert(search_docs).values(row))
    store.close()
    _step(database_url, "downgrade", "0034")
    _step(database_url, "upgrade", "head")
    store = SqlStore(database_url, analyser=analyse)
    with store.read() as tx:
        kept = tx.connection.execute(sa.select(search_docs.c.source_id).where(search_docs.c.kind == "journal"))
        assert kept.scalars().all() == ["note"]
    store.close()

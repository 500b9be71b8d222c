"""A database from before a column was thought of says that nothing was in doubt and nothing scanned."""

import hashlib
from dataclasses import replace
from pathlib import Path

from alembic import command

from cases.inbound.messages import Attachment, ScanState
from cases.people.access import SYSTEM
from storage import SqlStore, migrate
from storage.database.engine import open_engine, writing
from storage.search.analyse import analyse
from tests.storage.samples import case, inbound, stored


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

"""The administrator's page of keys is current, and every key of the schema is told of."""

from pathlib import Path

import config
from config.schema import REQUIRED, Key, Table, slots
from config.settings import ConfigFile

PAGE = Path(__file__).parents[2] / "docs" / "admin" / "configuration.md"


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == config.reference_markdown(), (
        'make it again: python -c "import config; print(config.reference_markdown(), end=str())" '
        "> docs/admin/configuration.md"
    )


def test_every_key_is_described_once_with_type_default_and_meaning():
    docs = config.describe()
    assert len({doc.key for doc in docs}) == len(docs)
    assert all(doc.key and doc.type and doc.default and doc.meaning.endswith(".") for doc in docs)
    assert {"extends", "mailboxes[].oauth2.client_secret_env", "areas.gata_park", "units[].manager.name"} <= {
        doc.key for doc in docs
    }


def test_every_row_of_the_page_has_five_cells():
    rows = [line for line in config.reference_markdown().splitlines() if line.startswith("| `")]
    assert len(rows) == len(config.describe()) - 1
    assert all(row.replace(r"\|", "").count("|") == 6 for row in rows)


def _keys(holder):
    for slot in slots(holder):
        if isinstance(slot.what, Table):
            yield from _keys(slot.what.holds)
        elif isinstance(slot.what, Key):
            yield slot.what


def test_every_default_and_example_is_a_value_its_key_may_have(tmp_path):
    (tmp_path / "mallar").mkdir()
    (tmp_path / "logotyp.svg").touch()
    checked = 0
    for key in _keys(ConfigFile):
        if key.example is not None:
            key.kind.read(key.example, tmp_path)
            checked += 1
        if key.default is not REQUIRED and key.default is not None:
            raw = list(key.default) if isinstance(key.default, tuple) else key.default
            assert key.kind.read(raw, tmp_path) == key.default
            checked += 1
    assert checked > 100

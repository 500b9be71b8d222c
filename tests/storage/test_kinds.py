"""Words of enumerations that stand in the database: a version that does not know one ends each page that meets it."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from cases.case import CaseStatus, Channel
from cases.inbound.messages import MessageKind
from cases.journal import EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.promises import PromiseKind
from cases.routing.flags import FlagKind, FlagState
from cases.ties import TieKind
from storage import SqlStore, migrate
from storage.database.engine import open_engine, writing
from tests.storage.samples import case

# Where each stands, and the words that every version knows which the way back from migration 0026 leads to.
STORED: dict[str, type[StrEnum]] = {
    "journal.kind": EventKind,
    "outbox.kind": LetterKind,
    "outbox.status": OutboxStatus,
    "cases.status": CaseStatus,
    "cases.channel": Channel,
    "case_flags.kind": FlagKind,
    "case_flags.state": FlagState,
    "case_deadlines.kind": PromiseKind,
    "case_ties.kind": TieKind,
    "messages.kind": MessageKind,
}
FROM_BEFORE = {
    "journal.kind": """
        received reply_received staff_reply duplicate suggested suggestion_failed confirmed flagged
        unflagged registered assigned accepted moved note answered oral_answer closed reopened escalated
        letter_queued letter_sent letter_failed letter_withheld letter_uncertain letter_cancelled
        letter_posted bounced auto_reply read reader_added reader_removed hold_released alarm linked merged
        unmerged split read_receipt sender_confirmed virus disclosed refused handed_out appealed
        appeal_tried reconsidered handed_on appeal_time disposed extracted corrected archived unhappy
        chef_asked not_lifted handed_over away tagged reminded
    """,
    "outbox.kind": """
        mottagning status vidarebefordrad langre_tid beslut_atgard beslut_ingen svar ursakt komplettera
        sekretess_safe hanvisning ej_ansvar berom eskalerad till_registrator till_enhetsregistrator
        till_handlaggare svar_inkommet studs till_forvaltningschef till_chef paminnelse_fore
        paminnelse_efter paminnelse_lista larm_lista halvar mejlsvar_skickat mejlsvar_stoppat franvaro
        oversyn bevakning
    """,
    "outbox.status": """
        queued inflight awaiting_retry sent failed withheld uncertain bounced cancelled posted
    """,
    "cases.status": """
        received suggested special_track not_a_case routed registered assigned in_progress awaiting_sender
        escalated delayed decided answered closed reopened merged split
    """,
    "cases.channel": "email letter phone visit web form app facebook dialogue",
    "case_flags.kind": """
        osl_26_socialtjanst osl_25_halsa osl_23_skola osl_21_halsa_sexualliv skyddad_identitet personnummer
        barn orosanmalan hot_vald anstalld_utpekad tredje_man visselblasning osl_18_sakerhet upphandling
    """,
    "case_flags.state": "suggested confirmed cleared",
    "case_deadlines.kind": "receipt status answer",
    "case_ties.kind": "merged split",
    "messages.kind": "citizen auto_reply bounce list spam empty",
}
_OF_A_TYPE: dict[type, Any] = {
    str: "x",
    int: 1,
    float: 1.0,
    bool: False,
    bytes: b"",
    date: date(2026, 11, 27),
    datetime: datetime(2026, 11, 27, 9),  # noqa: DTZ001 - as SQLite keeps it
}


def _steps() -> Iterator[ModuleType]:
    """The migrations that bring a word, newest first."""
    for step in ScriptDirectory(migrate._SCRIPTS).walk_revisions():
        if hasattr(step.module, "BRINGS"):
            yield step.module


def test_each_word_is_told_of_by_the_migration_that_brings_it() -> None:
    told = {place: set(words.split()) for place, words in FROM_BEFORE.items()}
    for step in _steps():
        for place, words in step.BRINGS.items():
            told[place] |= set(words)
    untold = {place: sorted(set(kinds) - told[place]) for place, kinds in STORED.items()}
    assert not any(untold.values()), f"name it in a migration's BRINGS, whose downgrade takes it back: {untold}"


def test_a_downgrade_leaves_no_word_that_the_version_before_does_not_know(sqlite_url: str) -> None:
    store = SqlStore(sqlite_url, analyser=str.split)
    with store.begin() as tx:
        tx.add_case(case())
    store.close()
    engine = open_engine(sqlite_url)
    for step in _steps():
        _down(engine, step.revision)
        for place, words in step.BRINGS.items():
            _write(engine, place, words)
        assert _left(engine, step.BRINGS) == {place: set(words) for place, words in step.BRINGS.items()}
        _down(engine, step.down_revision)
        assert not any(_left(engine, step.BRINGS).values()), step.__doc__
    engine.dispose()


def _down(engine: sa.Engine, revision: str) -> None:
    with writing(engine) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def _write(engine: sa.Engine, place: str, words: tuple[str, ...]) -> None:
    """A row for each word, with anything in all other columns."""
    name, _, column = place.partition(".")
    with writing(engine) as connection:
        table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        plain = {one.name: _OF_A_TYPE[one.type.python_type] for one in table.c if not (one.nullable or one.primary_key)}
        plain |= {"case_id": "c1"} if "case_id" in table.c else {}
        for number, word in enumerate(words):
            own = {"id": f"{word}-{number}"} if "id" in table.c else {}
            connection.execute(table.insert(), plain | own | {column: word})


def _left(engine: sa.Engine, brings: dict[str, tuple[str, ...]]) -> dict[str, set[str]]:
    found = {}
    with engine.connect() as connection:
        for place, words in brings.items():
            name, _, column = place.partition(".")
            there = connection.execute(sa.select(sa.column(column)).select_from(sa.table(name))).scalars()
            found[place] = set(there) & set(words)
    return found

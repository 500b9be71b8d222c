"""Gallring through the whole system: what goes, what stays, and that no byte of a letter is left anywhere."""

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from cases.case import CaseStatus, Outcome
from cases.errors import NotAllowed
from cases.journal import EventKind
from cases.letters.letter import LetterKind
from cases.people.access import EVERYWHERE, SYSTEM, Grant, Role
from cases.post.citizen import note
from cases.records.retention import RetentionRule, RetentionRules, Spared, years_before
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType
from cases.steps.records.retention import SCRUB, disposal_sweep, dispose
from cases.steps.working.work import add_note
from cases.store.views import ListFilter, ListKind
from cases.ties import CaseTie, TieKind
from storage import SqlStore
from storage.database import sqlite_file
from storage.database.engine import open_engine
from storage.database.scrub import scrub
from storage.errors import NotScrubbed
from storage.retention import RetentionPart
from storage.tables.columns import metadata
from tests.steps.house import SmallHouse, mail
from tests.steps.records.disposing import RULE, RULES, SECRET, YEARS, ended, go, letter, plan_of


def everything(url: str) -> str:
    """Every cell of every table, as text."""
    engine = open_engine(url)
    with engine.connect() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(sa.select(table))]
    engine.dispose()
    return repr(rows)


def of_case(url: str, case_id: str) -> dict[str, list[str]]:
    """The lines of each table that has some of the case."""
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [repr(row) for row in connection.execute(sa.select(table).where(table.c.case_id == case_id))]
            for table in metadata.sorted_tables
            if "case_id" in table.c
        }
    engine.dispose()
    return {name: rows for name, rows in found.items() if rows}


def test_nothing_is_left_of_the_letter_in_any_table_or_in_the_file(house, database_url: str) -> None:
    case = ended(house, letter())
    other = ended(house, mail(message_id="<m2@mejl.example>"))
    house.later(days=2 * 366)
    before = everything(database_url)
    assert all(word in before for word in ("Tuvelinda", "Beritta Alminge", "mossrunda"))
    (protocol,) = go(house, RetentionRules((replace(RULE, types=frozenset({case.type})),)))
    assert [line.number for line in protocol.lines] == [case.number, other.number]
    assert (protocol.erased.letters, protocol.erased.files) == (2, 1)
    assert (protocol.decision, protocol.by) == ("KS/2026:9 004", house.registrator.id)
    after = everything(database_url)
    for word in SECRET:
        assert word.lower() not in after.lower(), word
    house.store.close()
    scrub(database_url)
    if database_url.startswith("sqlite"):
        file = Path(database_url.removeprefix("sqlite:///"))
        bytes_left = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        for word in SECRET:
            assert re.search(re.escape(word.encode()), bytes_left, re.IGNORECASE) is None, word


def test_a_log_that_somebody_reads_is_not_said_to_be_emptied(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy being made, perhaps: it keeps the letter in the log, and SQLite calls that no error."""
    monkeypatch.setattr(sqlite_file, "_BUSY_SECONDS", 0.01)
    file = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as reads:
        reads.execute("BEGIN")
        reads.execute("SELECT count(*) FROM cases").fetchone()
        with pytest.raises(NotScrubbed, match="scrub igen"):
            scrub(sqlite_url)
        reads.execute("COMMIT")
        scrub(sqlite_url)
        assert Path(f"{file}-wal").stat().st_size == 0


def test_nothing_of_another_case_goes_along(house, database_url: str) -> None:
    """However old: it was never closed, and both tell of the same person."""
    gone = ended(house, letter())
    house.model.flags = (FlagKind.SKOLA,)
    house.receive(letter().replace(b"<zinkglimma", b"<zinkskimmer"))
    with house.store.begin() as tx:
        kept = tx.lines(ListKind.TO_ROUTE, SYSTEM, ListFilter())[0].id
        add_note(tx, kept, "Ringde Beritta Alminge.", house.registrator, house.office, house.now)
        tx.add_reader(kept, house.handlaggare.id, "vikarie", house.now)
        tx.link_cases(kept, gone.id, "samma lampa", house.now)
        case = tx.get_case(kept, SYSTEM)
    before = of_case(database_url, kept)
    assert {"journal", "messages", "outbox", "case_flags", "case_readers", "suggestions", "search_docs"} <= {*before}
    house.later(days=2 * 366)
    (protocol,) = go(house, RetentionRules((replace(RULE, protected=True),)))
    assert [line.number for line in protocol.lines] == [gone.number]
    # That they were linked told of the letter that went.
    assert before.pop("case_links")
    assert of_case(database_url, kept) == before
    with house.store.read() as tx:
        file = tx.case_file(kept, SYSTEM)
        assert file.case == case
        assert b"mossrunda" in tx.attachment(file.attachments[0].id, SYSTEM).content
        assert b"harvspindel" in tx.raw_content(file.messages[0].raw_id)


@pytest.mark.postgres
def test_a_letter_that_opens_a_case_in_the_same_moment_does_not_go_with_it(
    postgres_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the question of what is to go and its going, on PostgreSQL a reply came and was erased."""
    store = SqlStore(postgres_url, analyser=str.split)
    request.addfinalizer(store.close)
    house = SmallHouse(store)
    case = ended(house, letter())
    house.later(days=2 * 366)
    asked = RetentionPart.ended_cases

    def and_then_a_reply(tx, *of, **but):
        found = asked(tx, *of, **but)
        house.receive(
            mail("Den är trasig igen.", message_id="<m3@m.example>", In_Reply_To="<zinkglimma@kvastharkel.example>")
        )
        return found

    monkeypatch.setattr(RetentionPart, "ended_cases", and_then_a_reply)
    assert not go(house)
    with store.read() as tx:
        assert tx.get_case(case.id, SYSTEM).status is CaseStatus.REOPENED
        assert len(tx.messages_of(case.id)) == 2


def test_number_days_outcome_and_protocol_stay_and_the_number_is_never_given_again(house) -> None:
    case = ended(house, letter(), track="Orosanmälan")
    house.later(days=2 * 366)
    go(house)
    with house.store.read() as tx:
        left, file = tx.get_case(case.id, SYSTEM), tx.case_file(case.id, SYSTEM)
        assert tx.disposals()[0].lines[0].number == case.number
        assert tx.case_by_number(case.number) == ""
        assert tx.case_by_token(case.token) == ""
        assert tx.setting(SCRUB) == house.now.isoformat()
        hits = tx.search(case.number, SYSTEM)
    assert (left.number, left.received_at, left.closed_at) == (case.number, case.received_at, case.closed_at)
    assert (left.outcome, left.area, left.type) == (case.outcome, case.area, case.type)
    assert (left.sender.name, left.subject, left.disposed_at) == ("", "", house.now)
    assert left.track == "", "it tells what the letter was about as a flag does"
    assert (file.messages, file.letters, file.attachments) == ((), (), ())
    assert [e.text for e in file.events if e.text] == [
        "Gallrat enligt beslut KS/2026:9 004 (2 år efter avslut; alla slag; alla utfall), den 27 november 2028."
    ]
    assert [hit.line.number for hit in hits] == [case.number]
    house.receive(mail(message_id="<ny@mejl.example>"))
    with house.store.read() as tx:
        assert tx.lines(ListKind.ALL, SYSTEM, ListFilter(limit=1))[0].number != case.number


def test_a_later_letter_with_the_old_number_becomes_a_case_of_its_own(house) -> None:
    case = ended(house, letter())
    house.later(days=2 * 366)
    go(house)
    house.receive(mail(subject=f"SV: Lampan [{case.number}]", message_id="<sent@mejl.example>"))
    with house.store.read() as tx:
        assert tx.get_case(case.id, SYSTEM).status is CaseStatus.CLOSED
        assert tx.count(ListKind.TO_ROUTE, SYSTEM, ListFilter()) == 1


def test_what_must_be_kept_is_kept_and_counted(house) -> None:
    young = ended(house, mail(message_id="<a@x.example>"))
    house.later(minutes=1)
    plan = plan_of(house)
    assert (plan.due, plan.spared) == ((), {Spared.TOO_YOUNG: 1})
    house.later(days=2 * 366)
    ended(house, mail(message_id="<b@x.example>"), registry_number="KS 2026/7")
    house.model.flags = (FlagKind.SKOLA,)
    ended(house, mail(message_id="<c@x.example>"), registry_number="KS 2026/8")
    house.later(days=2 * 366)
    plan = plan_of(house)
    assert [one.case.number for one in plan.due] == [young.number]
    assert plan.spared == {Spared.REGISTERED: 1, Spared.PROTECTED: 1}
    with house.store.read() as tx:
        read = tx.ended_cases(SYSTEM, house.now, 9, protected=False, registered=False)
        assert [one.number for one in read] == [young.number], "those that no rule takes are counted and not read"
        assert tx.ended_cases(SYSTEM, house.now, 9, types={CaseType.BEROM}) == []
        assert len(tx.ended_cases(SYSTEM, house.now, 9, types={young.type})) == 3
    wide = plan_of(house, RetentionRules((replace(RULE, registered=True, protected=True),)))
    assert (len(wide.due), wide.spared) == (3, {})
    assert plan_of(house, RetentionRules()).spared == {Spared.NO_RULE: 3}


@pytest.mark.parametrize("way", [1, -1], ids=["into the young one", "the young one into it"])
@pytest.mark.parametrize("kind", list(TieKind))
def test_a_letter_answered_in_another_case_is_kept_as_long_as_that_one(house, kind: TieKind, way: int) -> None:
    """Erased alone, the letter of a case in the diary would be gone before its answer (arkivlagen 10 §, OSL 5:1)."""
    ids = [ended(house, mail(message_id=f"<{one}@x.example>")).id for one in "abc"]
    house.later(days=366)
    ids.append(ended(house, mail(message_id="<d@x.example>")).id)
    chain = [(ids[0], ids[1])[::way], (ids[1], ids[3])[::way]]
    with house.store.begin() as tx:
        for one, other in chain:
            tx.add_tie(CaseTie(one, other, kind, CaseStatus.CLOSED, house.now, {}))
    house.later(days=366)
    plan = plan_of(house)
    assert [due.case.id for due in plan.due] == [ids[2]]
    assert plan.spared == {Spared.TOO_YOUNG: 1, Spared.TIED: 2}
    go(house)
    assert plan_of(house).spared == plan.spared, "what another case went with unties nothing"
    house.later(days=400)
    assert {due.case.id for due in plan_of(house).due} == {ids[0], ids[1], ids[3]}
    with house.store.begin() as tx:
        stamp = plan_of(house).stamp
        assert dispose(tx, RULES, SYSTEM, "rut", house.office, house.now, stamp, [ids[0]]) == []
    assert len(plan_of(house).due) == 3, "what hangs with the one a person keeps is kept with it"
    go(house)
    assert plan_of(house).due == ()


def test_the_first_rule_that_fits_counts(house) -> None:
    case = ended(house, letter())
    house.later(days=2 * 366)
    long = RetentionRule("felanmälan", 10, "KS 1", types=frozenset({case.type or CaseType.FRAGA}))
    assert plan_of(house, RetentionRules((long, RULE))).spared == {Spared.TOO_YOUNG: 1}
    other = replace(long, outcomes=frozenset({Outcome.ACTED}))
    assert plan_of(house, RetentionRules((other, RULE))).due[0].rule == RULE
    praise = RetentionRule("beröm", 1, "KS 2", frozenset({CaseType.BEROM}), frozenset({Outcome.ANSWERED}))
    thanks = ended(house, mail(message_id="<b@x.example>"), type=CaseType.BEROM)
    house.later(days=366)
    made = go(house, RetentionRules((praise, RULE)))
    assert {one.decision: [line.number for line in one.lines] for one in made} == {
        "KS 2": [thanks.number],
        RULE.decision: [case.number],
    }
    assert {one.rule for one in made} == {"1 år efter avslut; beröm; frågan besvarad", RULE.words}
    assert all(one.erased.lines > 0 for one in made)


def test_what_was_confirmed_must_be_what_was_shown(house) -> None:
    ended(house, letter())
    house.later(days=2 * 366)
    stamp = plan_of(house).stamp
    ended(house, mail(message_id="<b@x.example>"), received_at=house.now - 3 * YEARS)
    house.later(days=2 * 366)
    with pytest.raises(NotAllowed, match="ändrats"), house.store.begin() as tx:
        dispose(tx, RULES, SYSTEM, "rut", house.office, house.now, stamp)
    assert len(plan_of(house).due) == 2


def test_a_person_disposes_only_of_what_they_may_read_and_the_service_only_where_told(house) -> None:
    ended(house, letter())
    house.later(days=2 * 366)
    stranger = house.person("o@ekdala.example", "Olle Ek", Grant(Role.REGISTRATOR, "skola"))
    with house.store.begin() as tx:
        assert dispose(tx, RULES, house.office.viewer(stranger), stranger.id, house.office, house.now) == []
        assert disposal_sweep(tx, RULES, house.office, house.now) == ()
        assert len(disposal_sweep(tx, replace(RULES, automatic=True), house.office, house.now)) == 1
        assert disposal_sweep(tx, replace(RULES, automatic=True), house.office, house.now) == []


def test_an_erased_whistle_blowers_case_is_still_nobodys_elses(house) -> None:
    """Its unit, day and journal would stand in everybody's lists, and in the half-year's (lag 2021:890 5:5)."""
    house.model.flags = (FlagKind.VISSELBLASNING,)
    house.receive(mail())
    vera = house.person("vera@ekdala.example", "Vera Ö", Grant(Role.VISSELMOTTAGARE, EVERYWHERE))
    with house.store.begin() as tx:
        case = tx.get_case(tx.lines(ListKind.ALL, SYSTEM, ListFilter())[0].id, SYSTEM)
        tx.save_case(replace(case, status=CaseStatus.CLOSED, closed_at=house.now, type=CaseType.KLAGOMAL))
    since, until = house.now - YEARS, house.now + YEARS
    house.later(days=2 * 366)
    with house.store.begin() as tx:
        wide = RetentionRules((replace(RULE, protected=True),))
        assert len(dispose(tx, wide, SYSTEM, "system", house.office, house.now)) == 1
    for person, count in ((house.registrator, 0), (vera, 1)):
        with house.store.read() as tx:
            assert tx.count(ListKind.ALL, house.office.viewer(person), ListFilter()) == count
    with house.store.read() as tx:
        assert list(tx.report_cases(SYSTEM, since, until)) == []
        assert "visselblasning" not in repr(tx.get_case(case.id, SYSTEM))


def test_an_erased_protected_case_is_still_for_those_alone_who_might_read_it(house) -> None:
    """Its unit, area, day and diary number stood in the lists of the whole unit and of every nämnd's registrator."""
    house.model.flags = (FlagKind.SKOLA,)
    case = ended(house, letter(), registry_number="KS 2026/7", assignee_id=house.handlaggare.id)
    asking = (house.registrator, house.handlaggare, house.person("o@ekdala.example", "Olle", Grant(Role.HANDLAGGARE)))
    since, until = house.now - YEARS, house.now + YEARS

    def told() -> list[object]:
        with house.store.read() as tx:
            seen = [tx.count(ListKind.ALL, house.office.viewer(who), ListFilter()) for who in asking]
            return [*seen, *((one.number, one.protected) for one in tx.report_cases(SYSTEM, since, until))]

    before = told()
    assert before == [1, 1, 0, (case.number, True)]
    house.later(days=2 * 366)
    with house.store.begin() as tx:
        wide = RetentionRules((replace(RULE, registered=True, protected=True),))
        assert len(dispose(tx, wide, SYSTEM, "system", house.office, house.now)) == 1
    assert told() == before


def test_handing_out_a_case_that_was_none_does_not_make_it_young_again(house) -> None:
    house.receive(mail())
    with house.store.begin() as tx:
        case = tx.get_case(tx.lines(ListKind.ALL, SYSTEM, ListFilter())[0].id, SYSTEM)
        tx.save_case(replace(case, status=CaseStatus.NOT_A_CASE))
    house.later(days=2 * 366)
    with house.store.begin() as tx:
        for kind in (EventKind.DISCLOSED, EventKind.CORRECTED, EventKind.SPARED):
            note(tx, house.office, case.id, kind, house.now, "2 av 2 handlingar.", house.registrator.id)
    assert [due.case.number for due in plan_of(house).due] == [case.number]


def test_leap_days_and_letters_out(house) -> None:
    assert years_before(house.now.date().replace(2028, 2, 29), 1).isoformat() == "2027-02-28"
    case = ended(house, letter())
    with house.store.read() as tx:
        assert LetterKind.MOTTAGNING in {one.letter.kind for one in tx.letters_of(case.id)}
        assert EventKind.NOTE in {event.kind for event in tx.case_file(case.id, SYSTEM).events}
    house.later(days=2 * 366)
    (protocol,) = go(house)
    assert protocol.erased.letters_out >= 1


def test_messages_without_a_case_go_by_age_alone(house, database_url: str) -> None:
    house.receive(mail("Kvastharkel till salu!", subject="Rabatt", message_id="<s@x.example>", X_Spam_Flag="YES"))
    house.receive(mail("Jag är borta.", message_id="<b@x.example>", Auto_Submitted="auto-replied"))
    with house.store.read() as tx:
        loose = len(tx.loose_messages())
    assert loose >= 1
    rules = replace(RULES, loose=RetentionRule("utan ärende", 1, "KS 3"))
    assert plan_of(house, rules).loose == 0
    house.later(days=367)
    assert plan_of(house, rules).count == loose
    (protocol,) = go(house, rules)
    assert (protocol.lines, protocol.erased.letters, protocol.decision) == ((), loose, "KS 3")
    assert "Jag är borta." not in everything(database_url)
    with house.store.read() as tx:
        assert tx.loose_messages() == []
        assert list(tx.disposals()) == [protocol]
        assert tx.setting(SCRUB) == house.now.isoformat()
    emptied = house.now
    house.later(days=1)
    assert go(house, rules) == []
    with house.store.read() as tx:
        assert tx.setting(SCRUB) == emptied.isoformat(), "nothing was erased, so no file is written anew for it"

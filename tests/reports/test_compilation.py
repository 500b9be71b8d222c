"""The figures equal an independent count over the tables; the list is whole and neutral."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from cases.case import CaseStatus, Party
from cases.compilations.compilation import Compiler
from cases.compilations.compiled import Compilation
from cases.compilations.periods import ListColumn, Period, PeriodError, ReportRules, read_period
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.promises import Deadline, PromiseKind
from cases.records.public import new_link
from cases.routing.flags import FlagKind
from cases.routing.suggestion import CaseType
from cases.steps.answering.send import Sending, send_answer
from cases.steps.answering.unsend import take_back
from reports.page import report_html
from reports.sections import report_of
from reports.words import Share
from tests.reports import town
from tests.steps.house import SmallHouse, into_hands, mail
from tests.storage.samples import entry as outbox_entry

H1 = read_period("2026-H1")
RULES = ReportRules(half_yearly_months=(2, 8))
OSBY = replace(RULES, columns=tuple(ListColumn), half_yearly_months=())


def compiled(store, *, rules=RULES, period: Period = H1, part: str = "", viewer=SYSTEM, tree=None) -> Compilation:
    office = town.OFFICE
    maker = Compiler(rules, tree or office.organisation, office.calendar, office.screen)
    with store.read() as tx:
        return maker.compile(tx, viewer, period, maker.scope(part), town.NOW)


def rows(url: str) -> list[dict]:
    """The cases as they lie in the database, read by other code than the store's."""
    engine = sa.create_engine(url)
    query = """
        SELECT c.*, (SELECT MIN(j.at) FROM journal j WHERE j.case_id = c.id AND j.kind = 'answered') AS answered,
               EXISTS (SELECT 1 FROM case_flags f WHERE f.case_id = c.id AND f.kind = 'visselblasning') AS whistles
        FROM cases c"""
    with engine.connect() as connection:
        found = [dict(row) for row in connection.execute(sa.text(query)).mappings()]
    engine.dispose()
    return [r for r in found if not r["whistles"] and r["status"] not in ("not_a_case", "merged", "split")]


@pytest.fixture
def filled(sqlite_store, sqlite_url):
    town.fill(sqlite_store, seed=7, cases=220)
    return rows(sqlite_url)


def test_the_figures_equal_the_rows(sqlite_store, filled) -> None:
    made = compiled(sqlite_store)
    assert made.total == len(filled) > 150
    types = Counter(row["type"] for row in filled)
    for figure in made.by_type:
        kind = {"Klagomål": "klagomal", "Felanmälan": "felanmalan", "Beröm": "berom", "Förslag": "forslag"}
        kind |= {"Fråga": "fraga", "Övrigt": "ovrigt", "Ännu inte bedömt": None}
        assert figure.count == types[kind[figure.label]]
    channels = Counter(row["channel"] for row in filled)
    assert {f.label: f.count for f in made.by_channel} == {
        "E-post": channels["email"],
        "Telefon": channels["phone"],
        "Besök": channels["visit"],
    }
    assert sum(f.count for f in made.by_month) == made.total
    units = Counter(row["unit_id"] for row in filled)
    assert next(f.count for f in made.by_unit if f.label == "Gata och park") == units["gata"]
    assert len(made.lines) == types["klagomal"] + types["felanmalan"]


def test_a_year_less_one_half_tells_no_small_count_of_the_other(sqlite_store) -> None:
    """Two letters of praise in spring and six in autumn: eight in the year, six in autumn, and two were told."""
    with sqlite_store.begin() as tx:
        for month, kind, many in (
            (3, "berom", 2),
            (3, "klagomal", 20),
            (3, "fraga", 7),
            (9, "berom", 6),
            (9, "klagomal", 20),
        ):
            for minute in range(many):
                received = datetime(2026, month, 12, 8, minute, tzinfo=UTC)
                town.add(tx, town.case(received_at=received, type=CaseType(kind)))
    spring, autumn, year = (
        {f.label: f.count for f in compiled(sqlite_store, period=read_period(key)).by_type}
        for key in ("2026-H1", "2026-H2", "2026")
    )
    assert (spring["Beröm"], spring["Fråga"]) == (None, None)
    assert (autumn["Beröm"], year["Beröm"], year["Fråga"], year["Klagomål"]) == (6, None, None, 40)
    yearly = replace(RULES, half_yearly_months=())
    alone = {f.label: f.count for f in compiled(sqlite_store, rules=yearly, period=read_period("2026")).by_type}
    assert alone["Beröm"] == 8, "where no half-years are compiled there is nothing to subtract"
    for half in ("2026-H1", "2026-H2"):
        with pytest.raises(PeriodError, match="hela år"):
            compiled(sqlite_store, rules=yearly, period=read_period(half))


@pytest.mark.parametrize("seed", range(3))
def test_a_year_shows_nothing_its_halves_do_not(sqlite_store, seed: int) -> None:
    town.fill(sqlite_store, seed=seed, cases=120)
    first, second, year = (compiled(sqlite_store, period=read_period(key)) for key in ("2026-H1", "2026-H2", "2026"))
    for table in ("by_unit", "by_type", "by_area", "by_channel", "by_month", "by_outcome"):
        for figure in (one for one in getattr(year, table) if one.count is not None):
            halves = [
                one.count for half in (first, second) for one in getattr(half, table) if one.label == figure.label
            ]
            assert None not in halves
            assert sum(halves) == figure.count


def test_a_year_beside_its_halves_masks_each_text_once(sqlite_store) -> None:
    """Masking takes longer than all that is counted, and what a half-year lists is not shown with its year."""
    with sqlite_store.begin() as tx:
        town.add(tx, town.case(improvement="Lampan är lagad."))
    masked = list[str]()
    maker = Compiler(
        RULES,
        town.OFFICE.organisation,
        town.OFFICE.calendar,
        town.OFFICE.screen,
        lambda text: masked.append(text) or text,
    )
    with sqlite_store.read() as tx:
        maker.compile(tx, SYSTEM, read_period("2026"), maker.scope(""), town.NOW)
    assert sorted(masked) == ["Gatubelysning", "Lampan är lagad."]


def test_months_are_swedish(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for minute in range(5):
            # 31 March 22.30 UTC is April in Sweden; 31 December 23.30 UTC of the year before is January.
            town.add(tx, town.case(received_at=datetime(2026, 3, 31, 22, 30 + minute, tzinfo=UTC)))
            town.add(tx, town.case(received_at=datetime(2025, 12, 31, 23, 30 + minute, tzinfo=UTC)))
    made = compiled(sqlite_store)
    assert {f.label: f.count for f in made.by_month if f.count} == {"jan": 5, "april": 5}


def test_the_shares_and_medians_equal_the_rows(sqlite_store, sqlite_url, filled) -> None:
    made = compiled(sqlite_store)
    with sa.create_engine(sqlite_url).connect() as connection:
        found = connection.execute(sa.text("SELECT case_id, due, met_at FROM case_deadlines ORDER BY position")).all()
    by_case: dict[str, list] = {}
    for case_id, due, met in found:
        by_case.setdefault(case_id, []).append((due, met))
    ids = {row["id"] for row in filled}
    due = [days for case_id, days in by_case.items() if case_id in ids and (days[0][1] or days[0][0] < "2026-07-20")]
    # The deadlines lie in summer and winter: an hour or two tell Sweden's day from UTC's.
    in_time = sum(1 for days in due if days[0][1] and _swedish(days[0][1]) <= days[0][0])
    (kept,) = made.kept
    assert (kept.promised, kept.in_time) == (len(due), in_time / len(due))
    assert made.answered.count == sum(1 for row in filled if row["answered"])


def test_nothing_was_promised_to_the_anonymous_nor_a_receipt_to_who_has_no_address(sqlite_store) -> None:
    """O11: a call whose caller gave no name is answered by nobody, and was no promise broken."""
    due = date(2026, 5, 15)
    days = tuple(Deadline(kind, due) for kind in (PromiseKind.RECEIPT, PromiseKind.ANSWER))
    with sqlite_store.begin() as tx:
        for sender in [Party("Bo", "bo@mejl.example")] * 5 + [Party("Bo", phone="1")] * 6 + [Party(anonymous=True)] * 7:
            town.add(tx, town.case(deadlines=days, sender=sender))
    kept = {one.kind: one.promised for one in compiled(sqlite_store).kept}
    assert kept == {PromiseKind.RECEIPT: 5, PromiseKind.ANSWER: 11}


def test_an_answer_counts_when_its_letter_leaves_and_never_when_it_was_taken_back(sqlite_store) -> None:
    """Written on Friday to leave on Monday: one working day more."""
    house = SmallHouse(sqlite_store)
    house.now = datetime(2026, 5, 8, 9, tzinfo=UTC)
    monday, tuesday = (datetime(2026, 5, day, 9, tzinfo=UTC) for day in (11, 12))
    for number in range(6):
        house.receive(mail(message_id=f"<m{number}@mejl.example>", sender=f"p{number}@mejl.example"))
        with house.store.read() as tx:
            case = tx.get_case(tx.case_by_number(f"EK-2026-{number + 1:05d}"), SYSTEM)
        case = into_hands(house, case, house.handlaggare)
        values = {"svar": "Lampan är bytt."}
        wish = Sending(case.id, case.version, (), LetterKind.SVAR, values, values, tuesday if number else monday)
        with house.store.begin() as tx:
            sent = send_answer(tx, wish, house.handlaggare, house.office, house.now)
            if number == 5:
                take_back(tx, sent.entry_id, house.handlaggare, house.office, house.now)
    made = compiled(sqlite_store)
    assert (made.answered.count, made.answered.days) == (5, 2)


def _swedish(stored: str) -> str:
    return (
        datetime.fromisoformat(stored).replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Stockholm")).date().isoformat()
    )


def test_parts_add_up_to_the_whole(sqlite_store, filled) -> None:
    whole, parts = compiled(sqlite_store), [compiled(sqlite_store, part=one) for one in ("klf", "sbf", "buf", "sof")]
    homeless = sum(1 for row in filled if not row["unit_id"])
    assert sum(part.total for part in parts) + homeless == whole.total
    assert sum(len(part.lines) for part in parts) <= len(whole.lines)
    assert compiled(sqlite_store, part="son").total == sum(1 for row in filled if row["authority_id"] == "son")


def test_small_counts_are_withheld_in_figures_never_in_the_list(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for unit, count in {"gata": 12, "va": 2, "skola": 9}.items():
            for _ in range(count):
                town.add(tx, town.case(unit_id=unit))
    made = compiled(sqlite_store)
    assert {f.label: f.count for f in made.by_unit} == {
        "Gata och park": None,
        "Vatten och avfall": None,
        "Grundskolan": 9,
    }, "va's two could be worked out from sbf's fourteen, so gata is withheld too"
    assert Counter(line.unit for line in made.lines)["Vatten och avfall"] == 2


def test_a_protected_case_is_neutral_and_nobody_is_named(sqlite_store) -> None:
    secret = {"register_subject": "", "improvement": "Sigrids dotter fick byta skola.", "unit_id": "skola"}
    with sqlite_store.begin() as tx:
        town.add(tx, town.flagged(town.case(**secret), FlagKind.SKOLA))
        town.add(tx, town.case(register_subject="Anmälan av 121212-1212", improvement="Ring 121212-1212."))
        town.add(tx, town.case(register_subject=""))
    for rules, period in ((RULES, H1), (OSBY, Period(2026))):
        made = compiled(sqlite_store, rules=rules, period=period)
        assert [line.concerns for line in made.lines] == [
            "Skyddat ärende",
            "Gata, trafik och park",
            "Gata, trafik och park",
        ]
        page = report_html(report_of(made, "Ekdala kommun"))
        for word in (town.SENDER, town.SUBJECT, "berit@", "Sigrid", "dotter", "121212"):
            assert word not in page, word


def test_a_whistle_blower_and_what_was_no_case_are_nowhere(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        town.add(tx, town.flagged(town.case(), FlagKind.VISSELBLASNING), suggested="gata")
        for status in (CaseStatus.NOT_A_CASE, CaseStatus.MERGED, CaseStatus.SPLIT):
            town.add(tx, town.case(status=status), suggested="gata")
    made = compiled(sqlite_store)
    assert (made.total, made.lines, made.agreed, made.causes, made.years) == (0, (), (), (), ())


def test_a_fault_report_counts_as_the_profile_says(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for kind in CaseType:
            town.add(tx, town.case(type=kind))
    assert len(compiled(sqlite_store).lines) == 2
    assert len(compiled(sqlite_store, rules=replace(RULES, faults_are_complaints=False)).lines) == 1
    # O26: with a column that tells kinds apart, praise and proposals stand there too; questions never.
    assert {line.kind for line in compiled(sqlite_store, rules=OSBY, period=Period(2026)).lines} == {
        "Klagomål",
        "Felanmälan",
        "Beröm",
        "Förslag",
    }


def test_what_is_missing_does_not_tell_a_figure_that_is_withheld(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for unit in ("", "", "", "", "", "", "", "gata"):
            town.add(tx, town.case(unit_id=unit))
    assert "Enhet saknas i nästan alla ärenden." in compiled(sqlite_store).gaps


def test_the_list_says_what_is_missing(sqlite_store) -> None:
    closed = datetime(2026, 5, 20, tzinfo=UTC)
    with sqlite_store.begin() as tx:
        town.add(tx, town.case(outcome=None, closed_at=closed))
        town.add(tx, town.case(outcome=None, unit_id="", register_subject=" ", improvement="Lampan byttes."))
    assert compiled(sqlite_store).gaps == (
        "Enhet saknas i ett ärende.",
        "Vad det berör saknas i ett ärende.",
        "Åtgärd saknas i 2 ärenden.",
        "Orsak och förbättring saknas i ett ärende.",
    )
    assert len(compiled(sqlite_store, rules=replace(RULES, asks_cause=False)).gaps) == 3


def test_agreement_is_of_the_first_routing(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for number in range(6):
            made = town.case()
            town.add(tx, made, suggested="gata" if number else "va")
            # Moved on later, which says nothing of the suggestion.
            tx.add_decision(town.decision(made, "gata", unit_id="skola"))
    (agreed,) = compiled(sqlite_store).agreed
    assert (agreed.label, agreed.count, agreed.share) == ("Gata och park", 6, 5 / 6)


def test_a_compilation_tells_whether_those_who_were_asked_were_helped(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for number in range(9):
            town.add(tx, made := town.case())
            entry = replace(outbox_entry(f"svar-{number}", made.id), status=OutboxStatus.SENT, sent_at=made.received_at)
            tx.queue(replace(entry, status=OutboxStatus.BOUNCED) if number == 8 else entry)
            link = new_link(f"{number}", made.id, made.received_at, 365, entry.id, "gata")
            tx.add_citizen_link(replace(link, helped=None if number > 5 else number > 0))
    (told,) = compiled(sqlite_store).helped
    assert (told.label, told.asked, told.answered, told.share) == ("Gata och park", 8, 6, 5 / 6)
    section = next(one for one in report_of(compiled(sqlite_store), "Ekdala").statistics if one.id == "hjalpt")
    assert section.rows == (("Gata och park", 8, 6, Share(5 / 6)),)


def test_what_a_unit_has_taken_over_counts_as_its_own(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for number in range(6):
            town.add(tx, made := town.case(), suggested="gata")
            town.add(tx, earlier := town.case())
            tx.add_decision(town.decision(earlier, "gamla", "gamla"))
            entry = replace(outbox_entry(f"svar-{number}", made.id), status=OutboxStatus.SENT, sent_at=made.received_at)
            tx.queue(entry)
            tx.add_citizen_link(
                replace(new_link(f"{number}", made.id, made.received_at, 365, entry.id, "gamla"), helped=True)
            )
    tree = replace(town.OFFICE.organisation, renamed={"gamla": "gata"})
    for part in ("", "gata"):
        made = compiled(sqlite_store, part=part, tree=tree)
        assert [(one.label, one.count) for one in made.agreed] == [("Gata och park", 12)]
        assert [(one.label, one.answered) for one in made.helped] == [("Gata och park", 6)]


def test_a_unit_that_is_no_more_has_its_row(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for unit in ("gata", "nedlagd", ""):
            for _ in range(6):
                town.add(tx, town.case(unit_id=unit))
    made = compiled(sqlite_store)
    rows = [("Gata och park", 6), ("nedlagd", 6), ("Ännu inte fördelat", 6)]
    assert [(one.label, one.count) for one in made.by_unit] == rows
    assert made.total == 18


def test_earlier_years_stand_beside_this_one(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for year, count in {2026: 7, 2025: 6, 2024: 3}.items():
            for _ in range(count):
                town.add(tx, town.case(received_at=datetime(year, 5, 12, 8, tzinfo=UTC)))
        town.add(tx, town.case(received_at=datetime(2025, 9, 1, tzinfo=UTC)))
    made = compiled(sqlite_store)
    assert [(year.period.key, year.total) for year in made.years] == [("2026-H1", 7), ("2025-H1", 6), ("2024-H1", None)]


def test_the_complaints_of_a_year_tell_no_single_letter_of_praise(sqlite_store) -> None:
    with sqlite_store.begin() as tx:
        for kind, count in {CaseType.KLAGOMAL: 9, CaseType.BEROM: 1}.items():
            for _ in range(count):
                town.add(tx, town.case(received_at=datetime(2026, 5, 12, 8, tzinfo=UTC), type=kind))
    (year,) = compiled(sqlite_store).years
    assert (year.total, year.complaints) == (10, None)
    with sqlite_store.begin() as tx:
        for _ in range(5):
            town.add(tx, town.case(received_at=datetime(2026, 5, 12, 8, tzinfo=UTC), type=CaseType.BEROM))
    (year,) = compiled(sqlite_store).years
    assert (year.total, year.complaints) == (15, 9)

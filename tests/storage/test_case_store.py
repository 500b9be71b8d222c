"""Cases: saved, numbered, versioned, journalled."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.case import CaseStatus, Outcome, Party
from cases.errors import NotFound, StaleVersion
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.promises import Deadline, PromiseKind
from cases.records.appeals import Refused
from cases.records.courts import Court
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingDecision
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import RankedArea, Severity
from cases.store.reads import ReadFilter, ReadPart
from cases.store.views import ListFilter, ListKind
from storage import SqlStore
from storage.errors import NumberTaken
from tests.storage.samples import NOW, case, entry, flag, inbound, later, stored, suggestion, viewer


def test_a_case_comes_back_as_it_was_saved(store: SqlStore) -> None:
    kept = case(flags=(flag(), flag(FlagKind.BARN)), registry_number="KS/2026:12 003", opened_at=NOW)
    with store.begin() as tx:
        tx.add_case(kept)
    with store.read() as tx:
        assert tx.get_case("c1", SYSTEM) == kept


def test_saving_counts_the_version_and_replaces_flags_and_deadlines(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case(flags=(flag(), flag(FlagKind.BARN))))
    with store.begin() as tx:
        changed = replace(tx.get_case("c1", SYSTEM), flags=(flag(FlagKind.HOT_VALD),), deadlines=(), unit_id="kansli")
        saved = tx.save_case(changed)
    assert saved.version == 1
    with store.read() as tx:
        assert tx.get_case("c1", SYSTEM) == saved == replace(changed, version=1)


def test_an_old_version_is_refused_and_nothing_is_overwritten(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
    old = case()
    with store.begin() as tx:
        newer = tx.save_case(replace(old, unit_id="kansli"))
    with pytest.raises(StaleVersion, match="EK-2026-c1"), store.begin() as tx:
        tx.save_case(replace(old, unit_id="skola", flags=(flag(),)))
    with store.read() as tx:
        assert tx.get_case("c1", SYSTEM) == newer


def test_the_first_opening_is_kept_and_leaves_the_version(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.note_opened("c1", later(1))
        tx.note_opened("c1", later(2))
    with store.read() as tx:
        assert tx.get_case("c1", SYSTEM) == case(opened_at=later(1))


def test_a_missing_case_is_not_found(store: SqlStore) -> None:
    with store.read() as tx, pytest.raises(NotFound):
        tx.get_case("c9", SYSTEM)


def test_an_exception_rolls_back_everything(store: SqlStore) -> None:
    def fail() -> None:
        with store.begin() as tx:
            tx.add_case(case())
            assert tx.next_serial("EK", 2026) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.begin() as tx:
        assert tx.next_serial("EK", 2026) == 1
        assert tx.case_by_token("tokenc1") == ""


def test_series_and_years_count_apart(store: SqlStore) -> None:
    with store.begin() as tx:
        drawn = [tx.next_serial(*pair) for pair in [("EK", 2026), ("EK", 2026), ("EK", 2027), ("KS", 2026)]]
    assert drawn == [1, 2, 1, 1]


def test_a_case_is_found_by_token_and_by_every_number_it_had(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case(registry_number="KS/2026:12 003"))
        tx.save_case(case(registry_number="BUN/2026:1"))
    with store.read() as tx:
        assert tx.case_by_token("TokenC1") == "c1"
        found = [tx.case_by_number(n) for n in ("ek-2026-c1", "ks/2026:12 003", "BUN/2026:1", "KS/2026:13")]
    assert found == ["c1", "c1", "c1", ""]


def test_a_number_belongs_to_one_case(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case(registry_number="KS/2026:12"))
    with pytest.raises(NumberTaken, match="ks/2026:12"), store.begin() as tx:
        tx.add_case(case("c2", registry_number="ks/2026:12"))
    with store.read() as tx, pytest.raises(NotFound):
        tx.get_case("c2", SYSTEM)


def test_messages_to_suggest_are_citizens_letters_the_model_has_not_seen(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case("c1"))
        tx.add_case(case("c2", status=CaseStatus.RECEIVED))
        for message in (
            stored("c1", id="reply", received_at=later(2)),
            stored("c1", id="first", received_at=later(1)),
            stored("c1", id="staff", direction="staff"),
            stored("", id="loose"),
            stored("c2", id="other"),
        ):
            tx.add_message(message)
        assert tx.messages_to_suggest(10) == [("c2", "other"), ("c1", "first"), ("c1", "reply")]
        assert tx.messages_to_suggest(1) == [("c2", "other")]
        tx.add_suggestion("c1", "first", suggestion(), NOW)
        tx.attach_message("loose", "c2")
        assert tx.messages_to_suggest(10) == [("c2", "loose"), ("c2", "other"), ("c1", "reply")]


def test_the_latest_suggestion_is_the_cases(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", id="m"))
        assert tx.suggestion("c1") is None
        tx.add_suggestion("c1", "m", suggestion(), NOW)
        tx.add_suggestion("c1", "m", suggestion(model_version="2"), NOW)
        assert tx.suggestion("c1") == suggestion(model_version="2")


def test_a_reply_changes_nothing_of_what_is_suggested_for_the_case(store: SqlStore) -> None:
    other = suggestion(areas=(RankedArea(Area.KANSLI, 0.9), RankedArea(Area.GATA_PARK, 0.1)))
    with store.begin() as tx:
        tx.add_case(case(area=Area.GATA_PARK, status=CaseStatus.SUGGESTED))
        for name in ("m", "reply"):
            tx.add_message(stored("c1", id=name))
        tx.add_suggestion("c1", "m", suggestion(), NOW)
        tx.add_suggestion("c1", "reply", other, NOW)
        assert tx.suggestion("c1") == suggestion()
        (line,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
        # Whatever the letter quotes, only what the model itself says is its doubt.
        tx.add_suggestion("c1", "m", suggestion(text='"doubt":"x"'), NOW)
        (plain,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
        tx.add_suggestion("c1", "m", suggestion(doubt="Inget ämne sticker ut.", text='"doubt":""'), NOW)
        (doubted,) = tx.lines(ListKind.ALL, SYSTEM, ListFilter())
    assert line.area_confidence == 0.75
    assert (line.doubted, plain.doubted, doubted.doubted) == (False, False, True)


def test_the_whole_file_of_a_case(store: SqlStore) -> None:
    decision = RoutingDecision(
        "d1", "c1", "u1", NOW, RoutingChoice.UNIT, "gata", Area.GATA_PARK, Area.KANSLI, "kansli", "1", agreed=False
    )
    events = tuple(CaseEvent(f"e{i}", "c1", NOW, "system", EventKind.NOTE, f"Rad {i}") for i in range(3))
    letter, message = entry("out", "c1"), stored("c1")
    with store.begin() as tx:
        for other in ("c1", "c2", "c3"):
            tx.add_case(case(other, sender=case().sender))
        tx.add_message(message)
        tx.add_suggestion("c1", message.id, suggestion(), NOW)
        tx.add_decision(decision)
        tx.queue(letter)
        tx.link_cases("c1", "c3", "samma lampa", NOW)
        tx.link_cases("c1", "c3", "samma lampa", NOW)
        for event in events:
            tx.add_event(event)
    with store.read() as tx:
        file = tx.case_file("c1", SYSTEM)
        assert [line.id for line in tx.case_file("c3", SYSTEM).linked] == ["c1"]
    assert (file.messages, file.letters, file.events, file.decisions) == ((message,), (letter,), events, (decision,))
    assert file.suggestion == suggestion()
    assert [line.id for line in file.linked] == ["c3"]
    assert sorted(line.id for line in file.same_sender) == ["c2", "c3"]


def test_the_anonymous_have_no_other_cases(store: SqlStore) -> None:
    with store.begin() as tx:
        for one in ("c1", "c2"):
            tx.add_case(case(one, sender=replace(case().sender, anonymous=True)))
        tx.add_case(case("c3", sender=replace(case().sender, email="")))
        assert tx.case_file("c1", SYSTEM).same_sender == ()
        assert tx.case_file("c3", SYSTEM).same_sender == ()


def test_receipts_are_counted_by_address_and_time(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.queue(entry("e1", recipient="Karin@Medborgare.example"))
        tx.queue(entry("e2", created_at=later(-60)))
        tx.queue(entry("e3", status=OutboxStatus.WITHHELD))
        tx.queue(entry("e4", recipient="nils@medborgare.example"))
        tx.queue(entry("e5", letter=replace(entry().letter, kind=LetterKind.STATUS)))
        assert tx.receipts_since("karin@medborgare.example", later(-1)) == 1
        assert tx.receipts_since("karin@medborgare.example", later(-60)) == 2


def test_unopened_serious_cases_and_threats_until_the_chef_is_alarmed(store: SqlStore) -> None:
    serious = {"severity": Severity.ALLVARLIG, "received_at": NOW}
    threat = ConfidentialityFlag(FlagKind.HOT_VALD, FlagState.SUGGESTED)
    with store.begin() as tx:
        tx.add_case(case("c1", **serious))
        tx.add_case(case("c2", **serious, opened_at=later(1)))
        tx.add_case(case("c3", severity=Severity.ALLVARLIG, received_at=later(20)))
        tx.add_case(case("c4"))
        tx.add_case(case("c5", **serious, status=CaseStatus.CLOSED))
        tx.add_case(case("c6", received_at=later(-1), flags=(threat,)))
        tx.add_case(case("c7", received_at=NOW, flags=(replace(threat, state=FlagState.CLEARED),)))
        assert tx.unopened(later(10), serious=True, threats=True) == ["c6", "c1"]
        assert tx.unopened(later(10), serious=True, threats=False) == ["c1"]
        assert tx.unopened(later(10), serious=False, threats=True) == ["c6"]
        tx.queue(entry("e1", "c1", letter=replace(entry().letter, kind=LetterKind.TILL_CHEF)))
        assert tx.unopened(later(10), serious=True, threats=False) == []


def test_cases_without_receipt_and_suggestion(store: SqlStore) -> None:
    with store.begin() as tx:
        for one in ("c1", "c2", "c3"):
            tx.add_case(case(one, status=CaseStatus.RECEIVED))
        tx.add_case(case("c4", status=CaseStatus.RECEIVED, received_at=later(5)))
        tx.add_message(stored("c2", id="m2"))
        tx.add_suggestion("c2", "m2", suggestion(), NOW)
        tx.queue(entry("e3", "c3"))
        assert tx.without_receipt(later(1)) == ["c1"]


def test_who_let_an_offered_case_lie_is_found_by_its_own_last_offer(sqlite_store: SqlStore) -> None:
    """Neither another case's offer nor anything else that happened to it counts, nor one that was accepted."""
    offered = (("c1", 20), ("c2", 10), ("c3", 0), ("c4", 40))
    with sqlite_store.begin() as tx:
        for name, minutes in offered:
            status = CaseStatus.IN_PROGRESS if name == "c3" else CaseStatus.ASSIGNED
            tx.add_case(case(name, status=status))
            tx.add_event(CaseEvent(f"a-{name}", name, later(minutes), "u1", EventKind.ASSIGNED, ""))
            tx.add_event(CaseEvent(f"n-{name}", name, later(90), "u1", EventKind.NOTE, ""))
        tx.add_event(CaseEvent("before", "c4", later(1), "u1", EventKind.ASSIGNED, ""))
        assert tx.assigned_before(later(40), "") == ["c2", "c1"], "c4 was offered anew, and not before then"
        assert (tx.assigned_before(later(41), "c1"), tx.assigned_before(later(20), "c1")) == (["c1"], [])


def test_a_day_is_claimed_once_and_never_backwards(store: SqlStore) -> None:
    day = NOW.date()
    with store.begin() as tx:
        tx.save_setting("another", "x")
        days = (day, day, day + timedelta(days=1), day)
        assert [tx.claim_day("lists", one) for one in days] == [True, False, True, False]
        assert (tx.claim_day("reminders", day), tx.setting("another")) == (True, "x")


def test_those_of_some_cases_that_one_may_read(sqlite_store: SqlStore) -> None:
    with sqlite_store.begin() as tx:
        for name, changes in (("c1", {}), ("c2", {"flags": (flag(),)}), ("c3", {})):
            tx.add_case(case(name, **changes))
        central = viewer(sees_unflagged=True)
        assert (tx.readable(["c1", "c2"], central), tx.readable(["c1", "c2"], SYSTEM)) == ({"c1"}, {"c1", "c2"})


def test_whose_whistle_still_waits_for_a_word(sqlite_store: SqlStore) -> None:
    whistle = (flag(FlagKind.VISSELBLASNING, FlagState.CONFIRMED),)
    with sqlite_store.begin() as tx:
        for name, changes in (
            ("c1", {}),
            ("c2", {"flags": ()}),
            ("c3", {"sender": Party(anonymous=True)}),
            ("c4", {"outcome": Outcome.ANSWERED}),
            ("c5", {"status": CaseStatus.CLOSED}),
        ):
            tx.add_case(case(name, **({"flags": whistle} | changes)))
            tx.save_case(replace(tx.get_case(name, SYSTEM), track="Överklagande"))
        assert tx.whistle_waiting() == ["c1", "c4"], "an outcome is no answer: the journal tells of that"
        assert tx.on_tracks(["Överklagande"]) == ["c1", "c2", "c3"]
        assert tx.on_tracks([]) == []
        ended = Refused("r1", "c2", 1, NOW.date(), Court.JONKOPING, appealed=NOW.date(), appeal_case="c1", settled=True)
        tx.save_refused(ended)
        assert tx.on_tracks(["Överklagande"]) == ["c3"], "with its decision it is watched, and a decided one, too"
        tx.save_case(replace(tx.get_case("c2", SYSTEM), track="Begäran enligt GDPR"))
        assert tx.on_tracks(["Begäran enligt GDPR"]) == ["c2"], "a decision not to hand out is no answer to that"


def test_the_nearest_promise_not_kept_orders_the_list(store: SqlStore) -> None:
    met = Deadline(PromiseKind.RECEIPT, date(2026, 11, 22), met_at=NOW)
    far = Deadline(PromiseKind.ANSWER, date(2026, 12, 24))
    near = Deadline(PromiseKind.STATUS, date(2026, 12, 1))
    with store.begin() as tx:
        tx.add_case(case(deadlines=(met, far, near)))
        assert tx.case_file("c1", SYSTEM).case.deadlines == (met, far, near)


def test_reads_name_the_reader_and_the_case(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.note_read("c1", "u1", NOW)
        tx.note_read("c1", "u2", later(1), ReadPart.FILE)
        found = [(line.user_id, line.case_number, line.part) for line in tx.reads()]
        assert found == [("u2", "EK-2026-c1", ReadPart.FILE), ("u1", "EK-2026-c1", ReadPart.CASE)]
        assert len(tx.reads(limit=1)) == 1


def test_reads_of_a_case_are_found_by_any_number_it_has(store: SqlStore) -> None:
    """A municipality's own letters stand in its numbers, and the auditor types them in whatever case."""
    with store.begin() as tx:
        for case_id, number, dnr in (("c1", "ÄÖ-2026-1", "BÅN 2026/7"), ("c2", "ÄÖ-2026-11", "")):
            tx.add_case(case(case_id, number=number, registry_number=dnr))
            tx.note_read(case_id, "rut", NOW, ReadPart.CASE)
        for asked in ("ÄÖ-2026-1", "äö-2026-1", "Äö-2026-1", "bån 2026/7"):
            assert [read.case_number for read in tx.reads(9, ReadFilter(number=asked))] == ["ÄÖ-2026-1"], asked
        assert tx.reads(9, ReadFilter(number="-2026-1")) == []


def test_the_viewer_is_asked(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound()))
        assert tx.get_case("c1", viewer(member_units={"gata"})).id == "c1"
        for ask in (tx.get_case, tx.case_file):
            with pytest.raises(NotFound):
                ask("c1", viewer(member_units={"kansli"}))

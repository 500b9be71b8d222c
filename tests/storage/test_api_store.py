"""Clients, the feed and the open register in both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cases.api import ApiClient, ApiScope, HandedIn
from cases.case import CaseStatus
from cases.errors import NotFound
from cases.journal import CaseEvent, EventKind
from cases.letters.letter import LetterKind, OutboxStatus
from cases.people.access import SYSTEM
from cases.records.public import CitizenLink, PublicFilter, Stage, own_case
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingDecision
from cases.webhooks import Webhook
from storage import SqlStore
from storage.search.analyse import analyse
from tests.storage.samples import case, entry, later

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
TO_GATA = (RoutingChoice.UNIT, "gata", Area.GATA_PARK, None, "", "", False)


def client(**changes) -> ApiClient:
    scopes, units = frozenset({ApiScope.CASES_READ, ApiScope.EVENTS_READ}), frozenset({"gata", "*"})
    return replace(ApiClient("c1", "Appen", "nyckel", scopes, units, NOW, NOW + timedelta(days=9)), **changes)


def event(n: int, case_id: str) -> CaseEvent:
    return CaseEvent(f"e{n}", case_id, NOW, "system", EventKind.LETTER_SENT, "Svar")


def test_a_client_comes_back_as_it_was(store) -> None:
    with store.begin() as tx:
        tx.save_client(client())
        tx.save_client(client(revoked_at=NOW, seen_at=NOW))
        assert tx.client_by_key("nyckel") == tx.client("c1") == client(revoked_at=NOW, seen_at=NOW)
        assert tx.client_by_key("annan") is None
        with pytest.raises(NotFound):
            tx.client("c2")


@pytest.mark.postgres
def test_a_key_revoked_while_its_client_asks_stays_revoked(postgres_url: str) -> None:
    person, asks = (SqlStore(postgres_url, analyser=analyse) for _ in range(2))
    with person.begin() as tx:
        tx.save_client(client())
    with asks.begin() as tx:
        assert tx.client("c1").revoked_at is None
        with person.begin() as meanwhile:
            meanwhile.save_client(client(revoked_at=NOW))
        tx.client_asked("c1", NOW)
    with person.read() as tx:
        assert tx.client("c1") == client(revoked_at=NOW, seen_at=NOW)
    for opened in (person, asks):
        opened.close()


def test_a_webhook_is_never_moved_back_to_events_it_has_had(store) -> None:
    """Two processes look at the feed: the slower one has seen less of it."""
    with store.begin() as tx:
        tx.save_client(client())
        tx.save_webhook(Webhook("w1", "c1", "https://system.example/h", "", 5, NOW))
        tx.move_webhook("w1", 9)
        tx.move_webhook("w1", 7)
        assert tx.webhook("w1").position == 9


def test_a_key_is_used_once_for_each_client(store) -> None:
    with store.begin() as tx:
        tx.save_client(client())
        tx.save_client(client(id="c2", key="annan"))
        tx.add_case(case())
        first = HandedIn("c1", "k1", "d", case().id, "N-1", NOW)
        assert tx.keep_handed_in(first) and not tx.keep_handed_in(replace(first, digest="x"))
        assert tx.handed_in("c1", "k1") == first
        assert tx.keep_handed_in(replace(first, client_id="c2"))
        assert tx.handed_in("c2", "k2") is None


def test_the_feed_numbers_each_line_once(store) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        assert (tx.unfed(), tx.feed(NOW), tx.feed_end()) == (False, 0, 0)
        for n in range(5):
            tx.add_event(event(n, case().id))
        assert tx.unfed()
        assert [tx.feed(NOW, 2) for _ in range(4)] == [2, 2, 1, 0]
        assert [e.id for e in tx.feed_after(0, SYSTEM, 99)] == ["e0", "e1", "e2", "e3", "e4"]
        assert [e.position for e in tx.feed_after(2, SYSTEM, 2)] == [3, 4]
        assert (tx.feed_end(), tx.unfed()) == (5, False)
    with store.begin() as tx:
        tx.add_event(event(9, case().id))
        assert tx.feed(NOW + timedelta(days=3)) == 1
        tx.add_event(event(10, case().id))
        assert tx.feed(NOW + timedelta(days=6)) == 1
        assert tx.feed_end() == 7


@pytest.mark.postgres
def test_a_transaction_that_commits_late_is_not_missed(postgres_url: str) -> None:
    slow, quick = (SqlStore(postgres_url, analyser=analyse) for _ in range(2))
    with slow.begin() as tx:
        tx.add_case(case())
    with slow.begin() as late:
        late.add_event(event(1, case().id))
        late.flush()
        with quick.begin() as tx:
            tx.add_event(event(2, case().id))
        with quick.begin() as tx:
            assert tx.feed(NOW) == 1
            assert [e.id for e in tx.feed_after(0, SYSTEM, 9)] == ["e2"]
            seen = tx.feed_end()
    with quick.begin() as tx:
        assert tx.feed(NOW) == 1
        assert [e.id for e in tx.feed_after(seen, SYSTEM, 9)] == ["e1"], "though the journal numbered it before"
    for opened in (slow, quick):
        opened.close()


def test_the_register_is_read_by_page_month_and_unit(store) -> None:
    october, november = date(2026, 10, 1), date(2026, 11, 1)
    with store.begin() as tx:
        for name, at in (("c1", NOW), ("c2", NOW - timedelta(days=1)), ("c3", NOW - timedelta(days=40))):
            tx.add_case(case(name, received_at=at, unit_id="park" if name == "c2" else "gata"))
            tx.add_decision(RoutingDecision(f"d-{name}", name, "u1", NOW, *TO_GATA))

        def shown(**asked: object) -> list[str]:
            return [line.number.rpartition("-")[2] for line in tx.public_lines(PublicFilter(**asked))]

        assert shown() == ["c1", "c2", "c3"]
        assert (shown(limit=2), shown(limit=2, offset=2)) == (["c1", "c2"], ["c3"])
        assert (shown(month=october), shown(month=november)) == (["c3"], ["c1", "c2"])
        assert (shown(unit_id="park"), shown(unit_id="gata")) == (["c2"], ["c1", "c3"])
        assert tx.public_count(PublicFilter(month=october, limit=1)) == 1
        assert tx.public_months(PublicFilter()) == [november, october]


_S, _SVAR, _FRAGA, _LAGE = OutboxStatus, LetterKind.SVAR, LetterKind.KOMPLETTERA, LetterKind.STATUS
_ANSWERED, _WAITING, _HANDLED = Stage.ANSWERED, Stage.WAITING, Stage.HANDLED
# The letters of a case: what each is, its moment, how it stands and whose copy it is; then what anybody is told.
TOLD: tuple[tuple[CaseStatus, tuple[tuple[LetterKind, int, OutboxStatus, str], ...], Stage], ...] = (
    (CaseStatus.ANSWERED, (), _ANSWERED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.QUEUED, ""),), _HANDLED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.AWAITING_RETRY, ""),), _HANDLED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.INFLIGHT, ""),), _ANSWERED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.FAILED, ""),), _ANSWERED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.SENT, ""), (_SVAR, 0, _S.QUEUED, "en kopia")), _ANSWERED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.QUEUED, ""), (_SVAR, 1, _S.SENT, "en kopia")), _HANDLED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.SENT, ""), (_LAGE, 1, _S.QUEUED, "")), _ANSWERED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.SENT, ""), (_SVAR, 1, _S.QUEUED, "")), _HANDLED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.QUEUED, ""), (_SVAR, 1, _S.POSTED, "")), _ANSWERED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.QUEUED, ""), (_SVAR, 1, _S.CANCELLED, "")), _HANDLED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.SENT, ""), (_SVAR, 0, _S.QUEUED, "")), _HANDLED),
    (CaseStatus.ANSWERED, ((_SVAR, 0, _S.QUEUED, ""), (_SVAR, 0, _S.SENT, "")), _HANDLED),
    (CaseStatus.AWAITING_SENDER, ((_FRAGA, 0, _S.SENT, ""),), _WAITING),
    (CaseStatus.AWAITING_SENDER, ((_FRAGA, 0, _S.QUEUED, ""),), _HANDLED),
    (CaseStatus.AWAITING_SENDER, ((_FRAGA, 0, _S.SENT, ""), (_SVAR, 1, _S.QUEUED, "")), _WAITING),
)


def test_the_open_register_and_the_senders_own_page_tell_the_same_stage(store) -> None:
    """An answer that waits has told nobody, unless a later one has; a copy, or another letter, tells of no stage."""
    pages, told = {}, {}
    with store.begin() as tx:
        for number, (status, letters, stage) in enumerate(TOLD):
            tx.add_case(one := case(f"c{number}", status=status))
            tx.add_decision(RoutingDecision(f"d{number}", one.id, "u1", NOW, *TO_GATA))
            for nth, (kind, minutes, state, of) in enumerate(letters):
                base = entry(f"e{number}-{nth}", one.id, created_at=later(minutes), status=state, copy_of=of)
                tx.queue(replace(base, letter=replace(base.letter, kind=kind)))
            pages[one.number] = own_case(one, {}, NOW, letters=tx.letters_of(one.id)).stage
            told[one.number] = stage
        assert {line.number: line.stage for line in tx.public_lines(PublicFilter())} == told
    assert pages == told


def test_a_link_opens_until_it_ends_or_is_closed(store) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_case(other := case("c2"))
        tx.add_citizen_link(CitizenLink("a", case().id, NOW, NOW + timedelta(days=1)))
        for key in ("y", "z"):
            tx.add_citizen_link(CitizenLink(key, other.id, NOW, NOW + timedelta(days=1)))
        assert tx.citizen_case("a", NOW).id == case().id
        assert tx.citizen_case("b", NOW) is None
        assert tx.citizen_case("a", NOW + timedelta(days=1)) is None
        assert (tx.citizen_links(case().id, NOW), tx.citizen_links(case().id, NOW + timedelta(days=1))) == (1, 0)
        assert (tx.close_citizen_links(case().id), tx.close_citizen_links(case().id)) == (1, 0)
        assert tx.citizen_case("a", NOW) is None
        assert tx.citizen_case("z", NOW) == other, "another case's link stays open"


def test_a_subject_is_published_word_for_word_and_taken_back(store) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_case(other := case("c2"))
        tx.publish_subject(other.id, "En annan", "u1", NOW)
        tx.publish_subject(case().id, "Rubrik", "u1", NOW)
        tx.publish_subject(case().id, "Rubriken", "u1", NOW)
        assert tx.public_subject(case().id) == "Rubriken"
        tx.publish_subject(case().id, "", "u1", NOW)
        assert (tx.public_subject(case().id), tx.public_subject(other.id)) == ("", "En annan")
        assert (tx.public_lines(PublicFilter()), tx.public_count(PublicFilter())) == ([], 0)

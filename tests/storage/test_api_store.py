"""Clients, the feed and the open register in both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cases.api import ApiClient, ApiScope, HandedIn
from cases.errors import NotFound
from cases.journal import CaseEvent, EventKind
from cases.people.access import SYSTEM
from cases.records.public import CitizenLink, PublicFilter
from cases.routing.areas import Area
from cases.routing.decisions import RoutingChoice, RoutingDecision
from cases.webhooks import Webhook
from storage import SqlStore
from storage.search.analyse import analyse
from tests.storage.samples import case

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


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
            choice = (RoutingChoice.UNIT, "gata", Area.GATA_PARK, None, "", "", False)
            tx.add_decision(RoutingDecision(f"d-{name}", name, "u1", NOW, *choice))

        def shown(**asked: object) -> list[str]:
            return [line.number.rpartition("-")[2] for line in tx.public_lines(PublicFilter(**asked))]

        assert shown() == ["c1", "c2", "c3"]
        assert (shown(limit=2), shown(limit=2, offset=2)) == (["c1", "c2"], ["c3"])
        assert (shown(month=october), shown(month=november)) == (["c3"], ["c1", "c2"])
        assert (shown(unit_id="park"), shown(unit_id="gata")) == (["c2"], ["c1", "c3"])
        assert tx.public_count(PublicFilter(month=october, limit=1)) == 1
        assert tx.public_months(PublicFilter()) == [november, october]


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

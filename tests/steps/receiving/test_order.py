"""Letters are read in the order they came, however they were fetched: a reply is not read before its original."""

from datetime import timedelta
from hashlib import sha256

from cases.inbound.messages import RawMessage
from storage import SqlStore
from tests.steps.house import SmallHouse, mail


def test_a_reply_fetched_before_its_original_joins_it(store: SqlStore) -> None:
    house = SmallHouse(store)
    original = mail(message_id="<m1@mejl.example>")
    added = mail("Det är den vid skolan.", message_id="<m2@mejl.example>", In_Reply_To="<m1@mejl.example>")
    with house.store.begin() as tx:
        # Two mailboxes, or a folder that is read after another: the later letter is kept first.
        for uid, (raw, ago) in enumerate(((added, 1), (original, 2)), 1):
            came = house.now - timedelta(minutes=ago)
            kept = RawMessage(f"box{uid}", "INBOX", 1, uid, came, raw, sha256(raw).hexdigest())
            tx.keep_raw(kept, house.office.new_id(), house.now)
    house.run()
    with house.store.read() as tx:
        case_id = tx.case_by_number("EK-2026-00001")
        assert tx.case_by_number("EK-2026-00002") == ""
        assert len(tx.thread(case_id)) == 2

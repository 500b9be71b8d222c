"""Messages read from mail: found again by id, sender, token; their files; those without a case."""

import hashlib

import pytest
import sqlalchemy as sa

from cases.errors import DamagedContent, NotFound
from cases.inbound.digest import content_digest
from cases.inbound.messages import Attachment, MessageKind
from cases.people.access import SYSTEM
from cases.store.mail_store import Twin
from storage import SqlStore
from tests.storage.samples import NOW, case, entry, inbound, later, raw, stored, viewer

PNG, TEXT = b"\x89PNG" * 100, "Räksmörgås ".encode() * 100


def attachment(content: bytes, name: str = "bild.png", content_type: str = "image/png") -> Attachment:
    return Attachment(name, content_type, len(content), hashlib.sha256(content).hexdigest(), content)


def test_attachments_come_back_apart_from_lists(store: SqlStore) -> None:
    files = (attachment(PNG), attachment(TEXT, "brev.txt", "text/plain"), attachment(PNG, "igen.png"))
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound(attachments=files), id="m"))
        assert tx.connection.execute(sa.text("SELECT count(*) FROM attachment_contents")).scalar() == 2
    with store.read() as tx:
        file = tx.case_file("c1", SYSTEM)
        assert [(a.name, a.content, a.message_id) for a in file.attachments] == [
            ("bild.png", b"", "m"),
            ("brev.txt", b"", "m"),
            ("igen.png", b"", "m"),
        ]
        assert [a.content for a in file.messages[0].message.attachments] == [b""] * 3
        whole = [tx.attachment(a.id, SYSTEM) for a in file.attachments]
    assert [(a.content, a.sha256, a.size) for a in whole] == [(f.content, f.sha256, f.size) for f in files]


def test_what_letters_say_is_had_without_what_weighs(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        heavy = inbound(text="Lampan är trasig.", html="<p>Lampan</p>", attachments=(attachment(PNG),))
        tx.add_message(stored("c1", heavy, id="m1"))
        tx.add_message(stored("c1", inbound(text="Än en gång."), id="m2"))
        said = tx.said_in(["m2", "borta", "m1"])
    assert {key: one.text for key, one in said.items()} == {"m1": "Lampan är trasig.", "m2": "Än en gång."}
    assert (said["m1"].html, said["m1"].attachments) == ("", ())


def test_a_file_cannot_stand_in_for_another_by_claiming_its_digest(store: SqlStore) -> None:
    honest = attachment(PNG)
    false = Attachment("falsk.png", "image/png", 4, honest.sha256, b"evil")
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound(attachments=(false, honest))))
        file = tx.case_file("c1", SYSTEM)
        assert [tx.attachment(a.id, SYSTEM).content for a in file.attachments] == [b"evil", PNG]


@pytest.mark.parametrize("content_type", ["image/png", "text/plain"])
def test_a_damaged_file_is_noticed(store: SqlStore, content_type: str) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound(attachments=(attachment(PNG, content_type=content_type),))))
        tx.connection.execute(sa.text("UPDATE attachment_contents SET content = :c"), {"c": b"broken"})
        (one,) = tx.case_file("c1", SYSTEM).attachments
        with pytest.raises(DamagedContent, match=one.id):
            tx.attachment(one.id, SYSTEM)


def test_attachments_are_for_the_readers_of_the_case(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound(attachments=(attachment(PNG),)), id="m1"))
        tx.add_message(stored("", inbound(attachments=(attachment(PNG),)), id="m2"))
        assert tx.attachment("m1-0", viewer(member_units={"gata"})).content == PNG
        assert tx.attachment("m2-0", SYSTEM).content == PNG
        for wanted, asker in (
            ("m1-0", viewer(member_units={"kansli"})),
            ("m2-0", viewer(sees_unflagged=True, diary_authorities={"ks"}, whistle=True)),
            ("m9-0", SYSTEM),
        ):
            with pytest.raises(NotFound):
                tx.attachment(wanted, asker)


def test_twins_have_the_id_with_or_without_brackets(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        one = inbound(message_id="<Ab@x.example>")
        two = inbound("En annan text.", message_id="Ab@x.example")
        tx.add_message(stored("c1", one, id="m1", received_at=later(1)))
        tx.add_message(stored("", two, id="m2"))
        tx.add_message(stored("", inbound(message_id=""), id="m3"))
        assert tx.twins("<Ab@x.example>") == [
            Twin("m2", "", "karin@medborgare.example", content_digest(two)),
            Twin("m1", "c1", "karin@medborgare.example", content_digest(one)),
        ]
        assert tx.twins("<ab@x.example>") == tx.twins("") == tx.twins("<>") == []


def test_a_message_id_longer_than_an_index_entry(store: SqlStore) -> None:
    long = f"<{'ä' * 20_000}@x.example>"
    with store.begin() as tx:
        tx.add_message(stored("", inbound(message_id=long, from_addr="x" * 20_000), id="m"))
        assert [twin.message_row_id for twin in tx.twins(long)] == ["m"]
        assert tx.twins(long.replace("@x", "@y")) == []


def test_the_case_of_the_first_known_id(store: SqlStore) -> None:
    with store.begin() as tx:
        for one in ("c1", "c2"):
            tx.add_case(case(one))
        tx.add_message(stored("c1", inbound(message_id="<in@x.example>")))
        tx.add_message(stored("", inbound(message_id="<loose@x.example>")))
        tx.queue(entry("e1", "c2", message_id="<out@osby.example>"))
        tx.queue(entry("e2", "", message_id="<nocase@osby.example>"))
        ask = tx.case_by_message_ids
        assert ask(["<unknown@x.example>", "<out@osby.example>", "<in@x.example>"]) == "c2"
        assert ask(["in@x.example", "<out@osby.example>"]) == "c1"
        assert ask(["<loose@x.example>", "<nocase@osby.example>", ""]) == ask([]) == ""
        assert tx.outbox_by_message_id("out@osby.example") == tx.get_entry("e1")
        assert tx.outbox_by_message_id("<in@x.example>") is tx.outbox_by_message_id("") is None


def test_the_thread_is_what_the_citizen_wrote(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        for name, minutes, other in (
            ("second", 2, {}),
            ("first", 1, {}),
            ("staff", 0, {"direction": "staff"}),
            ("stranger", 0, {"outsider": True}),
        ):
            message = inbound(message_id=f"{name}@x.example")
            tx.add_message(stored("c1", message, received_at=later(minutes), **other))
        tx.add_message(stored("c1", inbound(message_id="")))
        tx.add_message(stored("c1", inbound(message_id="<last@x.example>"), received_at=later(3)))
        assert tx.thread("c1") == ["<first@x.example>", "<second@x.example>", "<last@x.example>"]


@pytest.mark.parametrize(
    ("email", "known"),
    [
        ("karin.C1@medborgare.example", True),
        ("Partner@medborgare.example", True),
        ("stranger@x.example", False),
        ("anna@osby.example", False),
        ("", False),
    ],
)
def test_who_has_written_in_a_case(store: SqlStore, email: str, known: bool) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound(from_addr="partner@medborgare.example")))
        tx.add_message(stored("c1", inbound(from_addr="stranger@x.example"), outsider=True))
        tx.add_message(stored("c1", inbound(from_addr="anna@osby.example"), direction="staff"))
        tx.add_message(stored("c1", inbound(from_addr="")))
        assert tx.has_sender("c1", email) is known


def test_loose_messages_say_why_and_can_be_given_a_case(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.keep_raw(raw(), "r1", NOW)
        spam = inbound(kind=MessageKind.SPAM, from_name="", subject="Vinn!")
        tx.add_message(stored("", spam, id="m1", raw_id="r1", direction="robot"))
        sealed = inbound(unreadable="Meddelandet är krypterat.")
        tx.add_message(stored("", sealed, id="m2", received_at=later(1)))
        newest, oldest = tx.loose_messages()
        assert (newest.id, newest.reason, newest.sender) == ("m2", "Meddelandet är krypterat.", "Karin Exempel")
        assert (oldest.raw_id, oldest.kind, oldest.sender) == ("r1", "spam", "karin@medborgare.example")
        assert (oldest.subject, oldest.reason) == ("Vinn!", "Bedömt som skräppost.")
        assert len(tx.loose_messages(limit=1)) == 1
        assert tx.state_counts()["loose"] == 2
        tx.add_case(case())
        tx.attach_message("m1", "c1")
        assert [one.id for one in tx.loose_messages()] == ["m2"]
        assert [hit.line.id for hit in tx.search("vinn", SYSTEM)] == ["c1"]
        assert tx.get_message("m1").direction == "in"


@pytest.mark.parametrize("kind", list(MessageKind))
def test_every_kind_of_loose_message_has_its_reason(store: SqlStore, kind: MessageKind) -> None:
    with store.begin() as tx:
        tx.add_message(stored("", inbound(kind=kind)))
        assert tx.loose_messages()[0].reason


def test_a_missing_message(store: SqlStore) -> None:
    with store.read() as tx, pytest.raises(NotFound, match="m9"):
        tx.get_message("m9")


def test_a_message_may_be_written_before_its_case_but_not_without(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_message(stored("c1"))
        tx.add_case(case())
    with pytest.raises(sa.exc.IntegrityError), store.begin() as tx:
        tx.add_message(stored("nowhere"))

"""Letters handed in by the interface become cases like any other."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cases.api import ApiScope
from cases.inbound.messages import ScanState
from cases.journal import EventKind
from cases.people.access import SYSTEM
from ingest.reading.attachments import make_attachment
from tests.desk.asking import KEY, LETTER, WRITE, Asker
from tests.desk.conftest import Surfer


def test_a_letter_becomes_a_case_like_any_other(house) -> None:
    one = Asker(house, WRITE)
    sender = {"name": "Anna", "email": "anna@mejl.example", "phone": "070-000 00 00"}
    picture = {"name": "../../bild\u202egnp.exe", "content": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()}
    body = {**LETTER, "sender": sender, "subject": "Skräp", "attachments": [picture]}
    answer = one.ask("/letters", "POST", headers=KEY, json=body)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/cases/{answer.json()['id']}"
    with house.store.read() as tx:
        file = tx.case_file(answer.json()["id"], SYSTEM)
        waiting = tx.messages_to_suggest(10)
    assert (file.case.number, file.case.channel, file.case.sender.email) == (
        answer.json()["number"],
        "app",
        "anna@mejl.example",
    )
    assert file.messages[0].message.text == LETTER["body"]
    assert (file.attachments[0].content_type, "/" in file.attachments[0].name) == ("image/png", False)
    assert [case_id for case_id, _ in waiting] == [file.case.id], "the model looks at it next"
    assert file.events[0].actor == one.made.actor


def test_a_letter_without_a_sender_is_anonymous(house) -> None:
    one = Asker(house, WRITE)
    answer = one.ask("/letters", "POST", headers=KEY, json={**LETTER, "sender": None})
    assert house.case(answer.json()["id"]).sender.anonymous


def test_a_virus_is_not_kept_and_is_told_of(house) -> None:
    def attach(name: str, declared: str, content: bytes):
        return replace(make_attachment(name, declared, content), content=b"", scan=ScanState.INFECTED)

    one = Asker(house, WRITE, attach=attach)
    files = [{"name": "x.pdf", "content": base64.b64encode(b"EICAR").decode()}]
    case_id = one.ask("/letters", "POST", headers=KEY, json={**LETTER, "attachments": files}).json()["id"]
    with house.store.read() as tx:
        events = tx.case_file(case_id, SYSTEM).events
    assert EventKind.VIRUS in {e.kind for e in events}


def test_a_letter_sent_again_is_one_case(house) -> None:
    one, other = Asker(house, WRITE), Asker(house, WRITE, name="Annan")
    first = one.ask("/letters", "POST", headers=KEY, json=LETTER)
    again = one.ask("/letters", "POST", headers=KEY, json=LETTER)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    changed = one.ask("/letters", "POST", headers=KEY, json={**LETTER, "body": "Något annat."})
    assert (changed.status_code, house.waiting()) == (422, 1)
    assert other.ask("/letters", "POST", headers=KEY, json=LETTER).json()["number"] != first.json()["number"]


def test_the_same_letter_from_many_threads_is_one_case(house) -> None:
    one = Asker(house, WRITE)
    with ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(one.ask, "/letters", "POST", KEY, json=LETTER) for _ in range(6)]
    assert len({s.result().json()["number"] for s in sent}) == 1
    assert house.waiting() == 1


UNFIT: tuple[dict[str, object], ...] = (
    {"body": "  \n"},
    {"body": ""},
    {"body": " \x1c\x1f"},
    {"channel": "email"},
    {"channel": "fax"},
    {"subject": "Rad\r\nBcc: ond@mejl.example"},
    {"sender": {"email": "a@b.example\r\nBcc: ond@mejl.example"}},
    {"subject": "Rad\u2028rad"},
    {"sender": {"name": "Anna \u202eelpmaxe.aladke@snah"}},
    {"sender": {"email": "inte en adress"}},
    {"sender": {"email": "Synpunkter@ekdala.example"}},
    {"sender": {"role": "admin"}},
    {"received_at": "2027-01-01T00:00:00Z"},
    {"received_at": "2026-11-20T00:00:00"},
    {"attachments": [{"name": "x", "content": "inte base64!"}]},
    {"attachments": [{"name": "x", "content": "", "content_type": "text/html\r\nX: y"}]},
    {"extra": 1},
)


def test_what_is_not_as_described_is_refused_and_not_repeated(house) -> None:
    one = Asker(house, WRITE)
    for changes in UNFIT:
        answer = one.ask("/letters", "POST", headers=KEY, json={**LETTER, **changes})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), changes
        assert "ond@mejl.example" not in answer.text
        assert answer.text.isascii(), "what is said of it is English"
        assert "Channel." not in answer.text, "what may be written stands as it is written"
    assert house.waiting() == 0


WRONG = (
    "/cases?limit=0",
    "/cases?limit=201",
    "/cases?offset=-1",
    "/cases?status=x",
    "/cases?since=i+går",
    "/cases/å",
    "/events?after=-1",
    "/events?limit=501",
    "/events?after=x",
    f"/events?after={2**70}",
)


def test_what_is_asked_wrongly_is_refused(house) -> None:
    one = Asker(house, *ApiScope)
    for path in WRONG:
        answer = one.ask(path)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), path


def test_too_much_is_refused_before_it_is_read(house) -> None:
    one = Asker(house, WRITE)
    huge = json.dumps({**LETTER, "body": "x" * 300_000}).encode()
    kinds = {"Content-Type": "application/json", **KEY}

    def pieces():
        yield from (huge[n : n + 50_000] for n in range(0, len(huge), 50_000))

    for content in (huge, pieces()):
        answer = one.ask("/letters", "POST", headers=kinds, content=content)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert one.ask("/letters", "POST", headers=kinds, content=b"{").status_code == 422


def test_the_case_page_and_logs_say_who_handed_it_in(house) -> None:
    one = Asker(house, WRITE)
    case_id = one.ask("/letters", "POST", headers=KEY, json=LETTER).json()["id"]
    text = Surfer(one.client.app, "registrator").get(f"/arenden/{case_id}").text
    assert "Inlämnat genom Appen." in text
    assert "Ett annat system" in text

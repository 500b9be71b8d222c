"""Outlook's own files dragged into a mail: the citizen inside is seen, his files too."""

import base64

from ingest.parse import parse
from tests.ingest.parse.compound import compound_file

WORDS = {
    "__substg1.0_0037001F": "Hål i vägen",
    "__substg1.0_0C1A001F": "Bo Ek",
    "__substg1.0_5D01001F": "bo@medborgare.example",
    "__substg1.0_0E04001F": "Karin Berg",
    "__substg1.0_1000001F": "Det är ett djupt hål på Ringvägen.",
    "__attach_version1.0_#00000000/__substg1.0_3707001F": "hål.pdf",
}
FILE = {name: text.encode("utf-16-le") for name, text in WORDS.items()} | {
    "__attach_version1.0_#00000000/__substg1.0_37010102": b"%PDF-1.4 x",
}


def carrier(content: bytes) -> bytes:
    head = "From: Karin Berg <karin.berg@alvsby.example>\nMessage-ID: <k@alvsby.example>\nSubject: VB: vag\n"
    part = 'Content-Type: multipart/mixed; boundary="b1"\n\n--b1\nContent-Type: text/plain\n\nTill er!\n--b1\n'
    file = 'Content-Type: application/octet-stream; name="brev.msg"\nContent-Transfer-Encoding: base64\n\n'
    return (head + part + file).encode() + base64.encodebytes(content) + b"--b1--\n"


def test_the_writer_inside_is_seen():
    message = parse(carrier(compound_file(FILE)))
    assert message.defects == ()
    assert message.forwarded_from is not None
    assert (message.forwarded_from.name, message.forwarded_from.addr) == ("Bo Ek", "bo@medborgare.example")
    assert message.forwarded_text == "Det är ett djupt hål på Ringvägen."
    assert [a.name for a in message.attachments] == ["brev.msg", "hål.pdf"]
    assert message.message == "Till er!"


def test_kept_headers_are_read():
    kept = "From: Eva Ek <eva@medborgare.example>\r\nSubject: Bänken\r\n"
    message = parse(carrier(compound_file(FILE | {"__substg1.0_007D001F": kept.encode("utf-16-le")})))
    assert message.forwarded_from is not None
    assert message.forwarded_from.addr == "eva@medborgare.example"


def test_a_broken_file_stays_a_file():
    message = parse(carrier(compound_file(FILE)[:700]))
    assert message.defects == ("Outlook file that cannot be opened",)
    assert [a.name for a in message.attachments] == ["brev.msg"]

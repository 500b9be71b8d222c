"""Mails for the tests of senders: what an employee passes on, what a form sends, what own servers wrote on it."""

from collections.abc import Sequence

from cases.inbound.messages import ScanState
from cases.ports import Store
from ingest.forms.source import FormSource
from ingest.intake import Intake
from service.stages import Stages
from tests.steps.house import SmallHouse, mail

OWN = ("mx.ekdala.example",)
PASS = "mx.ekdala.example; dmarc=pass header.from=ekdala.example"
FAIL = "mx.ekdala.example; dmarc=fail header.from=ekdala.example"
FORWARDED = """\
Hej, den här kom till mig. Kan ni ta den?

Mvh Hans

-----Ursprungligt meddelande-----
Från: Berit Alm <berit@mejl.example>
Skickat: den 25 november 2026 10:12
Till: Hans Vik <hans@ekdala.example>
Ämne: Trasig lampa

Lampan utanför skolan är trasig. Kan ni laga den?
"""


def forwarded(sender: str = "Hans Vik <hans@ekdala.example>", verdict: str = PASS, body: str = FORWARDED) -> bytes:
    """An employee passes a citizen's letter on, as Outlook writes it."""
    return mail(
        body,
        subject="VB: Trasig lampa",
        sender=sender,
        message_id="<v1@ekdala.example>",
        Authentication_Results=verdict,
    )


def attached(sender: str = "Hans Vik <hans@ekdala.example>") -> bytes:
    """An employee passes a citizen's letter on as an attached mail."""
    inner = mail(message_id="<inre@mejl.example>").decode()
    lines = [
        f"From: {sender}",
        "To: feedback@ekdala.example",
        "Subject: VB: Trasig lampa",
        "Message-ID: <v2@ekdala.example>",
        f"Authentication-Results: {PASS}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Se bifogat.",
        "--b",
        "Content-Type: message/rfc822",
        "",
        inner,
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()


def with_files(*contents: bytes) -> bytes:
    """A letter with files attached, named bild0.png and so on."""
    lines = [
        "From: Berit Alm <berit@mejl.example>",
        "To: feedback@ekdala.example",
        "Subject: Trasig lampa",
        "Message-ID: <fil@mejl.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Lampan är trasig. Se bilden.",
    ]
    for number, content in enumerate(contents):
        name = f'Content-Disposition: attachment; filename="bild{number}.png"'
        lines += ["--b", "Content-Type: image/png", name, "", content.decode("ascii")]
    return "\r\n".join([*lines, "--b--", ""]).encode()


def take_in(
    house: SmallHouse, *, forms: Sequence[FormSource] = (), scan: dict[bytes, ScanState] | None = None
) -> SmallHouse:
    """The house with a whole intake: own servers, these forms, and a scanner that says this of these contents."""
    scanner = None if scan is None else lambda content: scan.get(content.strip(), ScanState.CLEAN)
    read = Intake(own_servers=OWN, spam_headers=("X-Kommun-Filter: skrap",), forms=forms, scan=scanner)
    house.stages = Stages(house.store, house.office, read, lambda: house.model)
    return house


def signing(store: Store) -> SmallHouse:
    """A house with a whole intake that signs the addresses which its mails are answered to."""
    return take_in(SmallHouse(store, office_changes={"secret": b"ekdala" * 6}))

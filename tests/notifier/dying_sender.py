"""Sends what is due from a process of its own, to be killed: ``python -m tests.notifier.dying_sender URL PORT``."""

import sys
from datetime import UTC, datetime
from uuid import uuid4

from cases.letters.permit import Permit, Verdict
from notifier.mime import Identity
from notifier.outbox import send_due
from notifier.smtp import SmtpSender, SmtpServer
from storage import SqlStore
from storage.search.analyse import analyse


def main(url: str, port: int) -> None:
    now = datetime.now(UTC)
    identity = Identity("Ekdala kommun", "synpunkter@ekdala.example")
    with SmtpSender(SmtpServer("127.0.0.1", port, tls="none"), identity, lambda: now) as sender:
        send_due(
            SqlStore(url, analyser=analyse),
            sender,
            now=now,
            clock=lambda: now,
            new_id=lambda: uuid4().hex,
            check=lambda _tx, _entry: Permit(Verdict.SEND),
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

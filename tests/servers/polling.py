"""A program that takes a mailbox in until it is killed, for ``tests.servers.killing``.

``SLOW`` is a wait in seconds before each IMAP command, which makes the instants between two commands wide enough to be
hit by a kill from outside.
"""

import imaplib
import sys
import uuid
from datetime import UTC, datetime
from threading import Event
from typing import Any

from ingest.mailbox import ImapMailbox
from ingest.poller import poll_once
from storage import SqlStore
from tests.servers.dovecot import Box, Dovecot

BATCH = 5
NEVER = Event()


def main(url: str, port: str, user: str, slow: str = "0") -> None:
    """Poll for ever, in small batches so that there are many instants to be killed at."""
    slow_down(float(slow))
    box = Box(Dovecot(port=int(port)), user)
    store = SqlStore(url, analyser=str.split)
    with ImapMailbox(box.address(batch_count=BATCH, junk="Skräppost")) as mailbox:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            report = poll_once(mailbox, store, now=datetime.now(UTC), new_id=lambda: uuid.uuid4().hex)
            if not report.kept + report.known:
                NEVER.wait(0.02)


def slow_down(seconds: float) -> None:
    """Wait before each IMAP command of this process."""
    send = imaplib.IMAP4._command

    def slowly(self: imaplib.IMAP4, *arguments: Any) -> Any:
        NEVER.wait(seconds)
        return send(self, *arguments)

    imaplib.IMAP4._command = slowly

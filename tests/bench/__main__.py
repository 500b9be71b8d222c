"""Prints how fast letters are read, suggested and taken in, beside what stands on the same machine in the same run."""

import argparse
import logging
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from email import message_from_bytes, policy
from pathlib import Path

import mailparser

from ingest.parse import parse
from tests.bench.chain import chain_table
from tests.bench.classifying import table
from tests.bench.corpus import corpus
from tests.bench.memory import most_resident_mb
from tests.bench.workers import workers_table


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=2000, help="size of the corpus")
    parser.add_argument("--only-chain", action="store_true", help="leave out reading and suggesting")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        mails = corpus(Path(folder), asked.letters)
        size = sum(map(len, mails)) / len(mails)
        say(f"{len(mails)} letters, {size / 1000:.1f} kB on average")
        if not asked.only_chain:
            reading(mails)
    say("\nthe whole chain but the model, from a mailbox on Dovecot; in brackets against the yardstick")
    say(chain_table(mails))
    say("\ndaemons that read and suggest on one PostgreSQL")
    say(workers_table(mails))
    if asked.only_chain:
        return
    say(f"peak memory {most_resident_mb():.0f} MB")
    say("\nsuggesting, processor time on one core; areas learnt from 811 letters, tried on 203 others")
    say(table())


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def rate(work: Callable[[bytes], object], mails: Iterable[bytes]) -> float:
    """Letters a second of this process's own time."""
    began, count = time.process_time(), 0
    for mail in mails:
        work(mail)
        count += 1
    return count / (time.process_time() - began)


def reading(mails: list[bytes]) -> None:
    """Parse alone, beside mail-parser and the standard library."""
    for mail in mails[:20]:
        parse(mail)
    ours = rate(parse, mails)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("mailparser").setLevel(logging.CRITICAL)
        theirs = rate(_mail_parser, mails)
    stdlib = rate(_stdlib, mails)
    say(
        f"reading        {ours:8.0f} letters/s   {ours / theirs:.2f} x mail-parser   "
        f"{ours / stdlib:.2f} x email.policy.default"
    )


def _mail_parser(mail: bytes) -> None:
    try:
        parsed = mailparser.parse_from_bytes(mail)
        _ = (parsed.subject, parsed.body, parsed.attachments)
    except Exception:  # noqa: BLE001 - it raises on some; that is its time too
        pass


def _stdlib(mail: bytes) -> None:
    try:
        message = message_from_bytes(mail, policy=policy.default)
        _ = (message["subject"], [part.get_content() for part in message.walk() if not part.is_multipart()])
    except Exception:  # noqa: BLE001
        pass


if __name__ == "__main__":
    main()

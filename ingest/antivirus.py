"""Attachments shown to ClamAV's daemon, byte by byte over its own protocol (clamd(8), INSTREAM)."""

import logging
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cases.faults import os_words
from cases.inbound.messages import Attachment, InboundMessage, ScanState

LOG = logging.getLogger("lyhord.antivirus")
_CHUNK = 64 * 1024
_MAX_ANSWER = 4_096
_REST_SECONDS = 60.0


@dataclass(slots=True)
class Clamd:
    """A scanner behind a socket: an absolute path, or ``host:port`` on this machine.

    ``max_bytes`` is the daemon's ``StreamMaxLength``; larger files are not sent. After a failure the daemon is left
    alone for a minute, so that its absence costs each letter nothing. ``monotonic`` is the clock of that wait.
    """

    address: str
    timeout: float
    max_bytes: int
    monotonic: Callable[[], float]
    _rests_until: float = field(default=float("-inf"), init=False)

    def scan(self, content: bytes) -> ScanState:
        """What the daemon says of some bytes; ``UNCHECKED`` where it is down, slow, or did not understand."""
        if not content:
            return ScanState.CLEAN
        if len(content) > self.max_bytes or self.monotonic() < self._rests_until:
            return ScanState.UNCHECKED
        try:
            answer = self._ask(content)
        except (BrokenPipeError, ConnectionResetError):
            # The daemon is there and hung up on this one file, too long for it, say: the next may do.
            return ScanState.UNCHECKED
        except OSError as error:
            self._rests_until = self.monotonic() + _REST_SECONDS
            LOG.warning("clamd did not answer: %s", type(error).__name__)
            return ScanState.UNCHECKED
        return _verdict(answer)

    def ping(self) -> str:
        """What is wrong with the daemon, in Swedish; empty where it answers."""
        try:
            with self._connect() as line:
                line.sendall(b"zPING\0")
                return "" if _read(line) == "PONG" else "Något annat än clamd svarar där."
        except OSError as error:
            return f"Ingen svarar ({os_words(error)})."

    def _ask(self, content: bytes) -> str:
        with self._connect() as line:
            try:
                line.sendall(b"zINSTREAM\0")
                for at in range(0, len(content), _CHUNK):
                    chunk = content[at : at + _CHUNK]
                    line.sendall(struct.pack("!L", len(chunk)) + chunk)
                line.sendall(struct.pack("!L", 0))
            except (BrokenPipeError, ConnectionResetError):
                # The daemon hangs up on what is too long for it, and says so first.
                return _read(line)
            return _read(line)

    def _connect(self) -> socket.socket:
        if self.address.startswith("/"):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(self.timeout)
            try:
                line.connect(self.address)
            except OSError:
                line.close()
                raise
            return line
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), self.timeout)


def _read(line: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _MAX_ANSWER:
        piece = line.recv(_MAX_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str) -> ScanState:
    """``stream: OK``, ``stream: <name> FOUND``, or an error."""
    if answer.endswith("FOUND"):
        return ScanState.INFECTED
    if answer.endswith(": OK"):
        return ScanState.CLEAN
    LOG.warning("clamd could not scan a file of a letter")
    return ScanState.UNCHECKED


def scanned(message: InboundMessage, scan: Callable[[bytes], ScanState]) -> InboundMessage:
    """The message with each attachment marked; the letter itself is always kept."""
    marked = tuple(_marked(attachment, scan) for attachment in message.attachments)
    return replace(message, attachments=marked)


def _marked(attachment: Attachment, scan: Callable[[bytes], ScanState]) -> Attachment:
    return replace(attachment, scan=scan(attachment.content))

"""Letters are read by a process of their own: beside the others, and one that kills its reader kills nothing else."""

import json
import logging
import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, NoReturn, Self

from cases.errors import LyhordError
from cases.inbound.messages import InboundMessage
from cases.steps.receiving.receive import Outcome
from service.stopping import STOPS

LOG = logging.getLogger("lyhord.reading")
_KEEPER = 0
"""What no question is numbered: with it the keeper says that a reader died."""


_SECONDS = 60.0
"""Of processor, for one letter. The longest there can be takes three."""


def ending(parse: Callable[[bytes], InboundMessage], seconds: float = _SECONDS) -> Callable[[bytes], InboundMessage]:
    """``parse`` as a reader's: a letter whose reading comes to no end ends the reader, as one does that crashes it.

    The kernel ends it, also in the midst of a regular expression; time in which it waits does not count.
    """

    def read(content: bytes) -> InboundMessage:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        try:
            return parse(content)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    return read


class ReaderDied(LyhordError):
    """The process that read is gone; what it had not written will be read again by the next one."""


class ReadingFailed(LyhordError):
    """The pass ended with an error, of the kind it names."""


class ReadingRoom:
    """Makes the passes of ``read`` (``Stages.read``) in another process, for one caller at a time.

    Entered, it forks a keeper, which has no other thread and whose one task is to fork the reader, and another where
    that died: what is loaded before (word lists) is in memory once. No connection of the database may be open then.
    Both end with us, however we end. ``lost`` is called where the keeper is gone, and nobody can read any more.
    """

    def __init__(self, read: Callable[[datetime, int], Counter[Outcome]], lost: Callable[[], None]) -> None:
        self._read = read
        self._lost = lost
        self._asked = _KEEPER
        self._keeper = 0
        self._line: Connection[bytes, bytes] | None = None
        self.alive = False

    def __enter__(self) -> Self:
        ours, theirs = Pipe()
        self._keeper = os.fork()
        if self._keeper == 0:
            ours.close()
            _keep(theirs, self._read)
        theirs.close()
        self._line, self.alive = ours, True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None:
            self._line.close()
            os.waitpid(self._keeper, 0)
        self._line = None

    def read(self, now: datetime, limit: int) -> Counter[Outcome]:
        """As ``Stages.read``. Raises ReaderDied, ReadingFailed."""
        self._asked += 1
        answer = self._answered({"asked": self._asked, "now": now.isoformat(), "limit": limit})
        if "error" in answer:
            raise ReadingFailed(f"Läsningen av brev misslyckades ({answer['error']}). Den görs om strax.")
        return Counter({Outcome(name): count for name, count in answer["outcomes"].items()})

    def _answered(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer to this very question: one may be on its way that a reader gave before we heard that it died."""
        try:
            assert self._line is not None
            self._line.send_bytes(json.dumps(question).encode())
            answer = json.loads(self._line.recv_bytes())
            while answer["asked"] not in (question["asked"], _KEEPER):
                answer = json.loads(self._line.recv_bytes())
        except (EOFError, OSError) as error:
            self.alive = False
            self._lost()
            raise ReaderDied("Tjänsten som läser brev är borta. Starta om.") from error
        if answer["asked"] == _KEEPER:
            raise ReaderDied("Processen som läser brev dog. En annan har tagit dess plats.")
        return dict(answer)


def _keep(line: "Connection[bytes, bytes]", read: Callable[[datetime, int], Counter[Outcome]]) -> NoReturn:
    """The whole life of the keeper: there is a reader until the line is cut."""
    # Whoever stops the service tells all its processes, and ours ends the passes in their order.
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    code = 1
    try:
        while code:
            reader = os.fork()
            if reader == 0:
                _serve(line, read)
            code = os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])
            if code:
                LOG.error("the process that reads letters ended (%s), another takes its place", code)
                _forget(line)
                line.send_bytes(json.dumps({"asked": _KEEPER}).encode())
    except OSError:
        # The one who asked is gone as well.
        pass
    finally:
        os._exit(code)


def _forget(line: "Connection[bytes, bytes]") -> None:
    """Throw away what nobody took of the question: the rest of one begun would be taken for the beginning of the next.

    Whoever asked is told that the reader died, and asks anew.
    """
    while line.poll() and os.read(line.fileno(), 65_536):
        pass


def _serve(line: "Connection[bytes, bytes]", read: Callable[[datetime, int], Counter[Outcome]]) -> NoReturn:
    """The whole life of a reader: answers what it is asked."""
    code = 1
    try:
        while True:
            question = json.loads(line.recv_bytes())
            line.send_bytes(json.dumps(_answer(question, read)).encode())
    except (EOFError, OSError):
        code = 0
    finally:
        # Never back into what the keeper was doing.
        os._exit(code)


def _answer(question: dict[str, Any], read: Callable[[datetime, int], Counter[Outcome]]) -> dict[str, Any]:
    try:
        outcomes = read(datetime.fromisoformat(question["now"]), int(question["limit"]))
    except Exception as failure:  # noqa: BLE001 - the one who asked is told; the next pass must come
        return {"asked": question["asked"], "error": type(failure).__name__}
    return {"asked": question["asked"], "outcomes": {outcome.value: count for outcome, count in outcomes.items()}}

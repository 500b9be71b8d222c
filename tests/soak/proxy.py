"""A TCP proxy on loopback that delays, cuts, resets, half-closes, swallows and mutes connections when asked to."""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from typing import Self

LOOPBACK = "127.0.0.1"
_LONGEST_DELAY = 0.15
# A poll of a few letters is some thousand bytes, a letter out some ten thousand.
_USUAL_BYTES = 2_000


class Trouble(StrEnum):
    """What happens to a connection after a random number of bytes; ``mute`` loses the server's answers alone."""

    DELAY = "delay"
    CUT = "cut"
    RESET = "reset"
    HALF_CLOSE = "half-close"
    BLACK_HOLE = "black hole"
    MUTE = "mute"


class _Link:
    """One connection: both ends, and how many bytes it has left before its trouble."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter, left: int) -> None:
        self.near, self.far, self.left = near, far, left
        self.spoilt = False

    def end(self, *, hard: bool) -> None:
        for writer in (self.near, self.far):
            sock = writer.get_extra_info("socket")
            if hard and sock is not None:
                with suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.close()


class Proxy:
    """Stands before ``target`` (a port on loopback) at ``port``; a context manager. Call it from one thread."""

    def __init__(self, target: int, dice: random.Random) -> None:
        self._target, self._dice = target, dice
        self._links: set[_Link] = set()
        self._trouble: Trouble | None = None
        self._closed = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, LOOPBACK, 0), self._loop
        ).result()
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(self, *_exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def begin(self, trouble: Trouble) -> None:
        """From now on each connection, also one that is open, meets this after some bytes of its own."""
        self._call(lambda: self._begin(trouble))

    def heal(self) -> None:
        """All is well again; connections that were spoilt are reset, as by a firewall that has forgotten them."""
        self._call(self._heal)

    def lead_to(self, target: int) -> None:
        """Stand before another port; connections that are open are reset."""
        self._target = target
        self.close_off()
        self.heal()

    def close_off(self) -> None:
        """Reset all connections and let nobody in, until ``heal``."""
        self._call(self._close_off)

    def _call(self, work: Callable[[], None]) -> None:
        async def run() -> None:
            work()

        asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _begin(self, trouble: Trouble) -> None:
        self._trouble = trouble
        for link in self._links:
            link.left = self._draw()

    def _heal(self) -> None:
        self._trouble, self._closed = None, False
        for link in self._links:
            if link.spoilt:
                link.end(hard=True)

    def _close_off(self) -> None:
        self._closed = True
        for link in self._links:
            link.end(hard=True)

    def _draw(self) -> int:
        return int(self._dice.expovariate(1 / _USUAL_BYTES))

    async def _stop(self) -> None:
        self._server.close()
        self._close_off()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._closed:
                raise ConnectionRefusedError
            back, forth = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:
            writer.close()
            return
        link = _Link(writer, forth, self._draw())
        self._links.add(link)
        try:
            await asyncio.gather(
                self._pump(reader, forth, link, answers=False), self._pump(back, writer, link, answers=True)
            )
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            link.end(hard=False)
            self._links.discard(link)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: _Link, *, answers: bool
    ) -> None:
        while data := await reader.read(65536):
            kept = await self._through(data, link, answers=answers)
            if kept:
                writer.write(kept)
                await writer.drain()
        if not link.spoilt:
            writer.write_eof()

    async def _through(self, data: bytes, link: _Link, *, answers: bool) -> bytes:
        """What of this goes through, once what was to happen has happened."""
        trouble = self._trouble
        if trouble is Trouble.DELAY:
            await asyncio.sleep(self._dice.random() * _LONGEST_DELAY)
            return data
        if trouble is None and not link.spoilt:
            return data
        whole, link.left = data, link.left - len(data)
        if link.left > 0:
            return whole
        first = not link.spoilt
        link.spoilt = True
        part = data[: len(data) + link.left] if first else b""
        if trouble is Trouble.MUTE:
            return part if answers else data
        if trouble in (Trouble.CUT, Trouble.RESET):
            self._loop.call_later(0.01, lambda: link.end(hard=trouble is Trouble.RESET))
        if trouble is Trouble.HALF_CLOSE and first:
            self._loop.call_later(0.01, lambda: _half_close(link))
        return part


def _half_close(link: _Link) -> None:
    with suppress(OSError, RuntimeError):
        link.near.write_eof()

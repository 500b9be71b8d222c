"""A server that says what the test tells it to, for what no real server can be made to do."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def talking(lines: Sequence[bytes | None]) -> Iterator[int]:
    """A port where a server says these lines and then hangs up.

    None hears one line from the client; ``T1`` in what follows becomes that command's tag. The question for
    capabilities that every client begins with is answered by itself.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_talk, args=(listener, lines))
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def _talk(listener: socket.socket, lines: Sequence[bytes | None]) -> None:
    connection, _ = listener.accept()
    tag, greeted = b"?", False
    with connection, connection.makefile("rb") as heard:
        for line in lines:
            if line is not None:
                connection.sendall(line.replace(b"T1", tag))
                continue
            words = heard.readline().split() or [b"?"]
            if words[1:] == [b"CAPABILITY"] and not greeted:
                connection.sendall(b"* CAPABILITY IMAP4rev1\r\n" + words[0] + b" OK done\r\n")
                words = heard.readline().split() or [b"?"]
            greeted = True
            tag = tag if words == [b"DONE"] else words[0]

"""One line of ``lyhord check``, and how an error becomes one."""

import re
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cases.errors import LyhordError, MailboxError
from cases.faults import machines_way_out, os_words

_ADDRESS = re.compile(r"\S+@\S+")
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class CheckLine:
    """What was tried, whether it is well, what was seen, and the way out where it is not."""

    name: str
    ok: bool
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        """The line as it is printed, always one."""
        said = f"{self.name}: {self.text}." + (f" {self.remedy}" if self.remedy else "")
        return f"{'✔' if self.ok else '✘'} {' '.join(said.split())}"


def failed(name: str, error: LyhordError, remedy: str, *, place: str = "") -> CheckLine:
    """An error of ours as a line. Its last sentence is the way out; ``remedy`` stands in where it has only one.

    ``place`` is how the error names what ``name`` says already.
    """
    # The service would try again by itself; here nobody does.
    told = error.worded("Försök igen") if isinstance(error, MailboxError) else str(error)
    said = told.removeprefix(f"{place}: ")
    text, _, way_out = said.rpartition(". ")
    return CheckLine(name, False, text or said.removesuffix("."), way_out if text else remedy)


def guarded(name: str, check: Callable[[], Iterable[CheckLine]], remedy: str) -> Iterator[CheckLine]:
    """The lines of a check; whatever it raises is a line too, so that one failure never stops the next check.

    Of an error that is not ours only the kind is told, since its text may quote a secret or a letter.
    """
    try:
        yield from check()
    except LyhordError as error:
        yield failed(name, error, remedy)
    except OSError as error:
        yield CheckLine(name, False, f"oväntat fel ({_named(error)})", machines_way_out(error) or remedy)
    except Exception as error:  # noqa: BLE001 - the next check must be made whatever happened
        yield CheckLine(name, False, f"oväntat fel ({type(error).__name__})", remedy)


def _named(error: OSError) -> str:
    return os_words(error) if machines_way_out(error) else type(error).__name__


def network_fault(error: BaseException | None) -> str:
    """Why a server was not reached at all, in words; empty where it was, or where nobody knows."""
    if isinstance(error, socket.gaierror | ConnectionRefusedError | TimeoutError):
        return os_words(error)
    return os_words(error) if isinstance(error, OSError) and machines_way_out(error) else ""


def named_way_out(error: BaseException | None, setting: str, host: str) -> str:
    """What to do where DNS has no answer for a server's name, which no firewall is to blame for; empty for others."""
    if not isinstance(error, socket.gaierror):
        return ""
    if error.errno == socket.EAI_AGAIN:
        return "Kontrollera maskinens namnserver (/etc/resolv.conf) och att brandväggen släpper fram till den."
    return f"Rätta {setting}, eller lägg in {host} i er DNS; getent hosts {host} ska svara."


def redacted(said: object, *secrets: str) -> str:
    """A server's own words on one short line, without addresses and without these secrets."""
    line = " ".join(str(said).split())
    for secret in filter(None, secrets):
        line = line.replace(secret, "…")
    return _ADDRESS.sub("…", line)[:_LONGEST].rstrip(".")

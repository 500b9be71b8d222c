"""The kinds of value that name a place in a network: servers, addresses, pages and databases."""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from cases.post.reply_token import LOCAL_PART, TOKEN_LENGTH
from config.kinds import Kind, Wrong, one_line, optional, required_text
from config.schema import Key

_SQLITE = "sqlite:///"
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?", re.IGNORECASE)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_MAX_LOCAL, _MAX_HOST = 64, 253


def is_host(text: str) -> bool:
    """Whether a text is a host name (IDN as written or in punycode) or an IP address."""
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        pass
    else:
        return True
    try:
        ascii_name = text.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(ascii_name) <= _MAX_HOST and _HOST.fullmatch(ascii_name) is not None


def _host(value: object, base: Path) -> str:
    text = required_text(value, base)
    if "://" in text or not is_host(text):
        raise Wrong("Det är inget servernamn.", "Skriv bara namnet eller ip-adressen, till exempel imap.kommunen.se.")
    return text


def _own_server(value: object, base: Path) -> str:
    text = required_text(value, base)
    if text.startswith(".") and text.count(".") > 1:
        return f".{_host(text[1:], base)}"
    return _host(value, base)


def _network(value: object, base: Path) -> str:
    text = required_text(value, base)
    try:
        return str(ip_network(text)) if "/" in text else str(ip_address(text))
    except ValueError as error:
        raise Wrong("Det är ingen ip-adress.", "Skriv en adress eller ett nät: 127.0.0.1 eller 10.0.0.0/8.") from error


def is_email(text: str) -> bool:
    """Whether a text is an address that can be written in a mail without quoting."""
    local, at, domain = text.rpartition("@")
    return bool(at) and len(local) <= _MAX_LOCAL and _LOCAL.fullmatch(local) is not None and is_host(domain)


def _email(value: object, base: Path) -> str:
    text = required_text(value, base)
    if not is_email(text):
        raise Wrong("Det är ingen e-postadress.", "Skriv den som namn@kommunen.se, utan namn och vinkelparenteser.")
    return text


def _url_parts(text: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(text)
        return parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        return "", "", None


def _url(value: object, base: Path) -> str:
    text = one_line(value, base)
    scheme, host, _port = _url_parts(text)
    if scheme not in {"http", "https"} or not host or not is_host(host) or " " in text:
        raise Wrong("Det är ingen webbadress.", "Skriv hela adressen, till exempel https://www.kommunen.se/synpunkter.")
    return text


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, which no network can overhear."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _secure_url(value: object, base: Path) -> str:
    text = _url(value, base)
    scheme, host, _port = _url_parts(text)
    if scheme == "http" and not is_loopback(host):
        raise Wrong("Adressen är inte krypterad.", "Skriv https:// i början; http:// går bara till den egna maskinen.")
    return text


def _reply_address(value: object, base: Path) -> str:
    text = required_text(value, base)
    if text.count("{token}") != 1 or not is_email(text.replace("{token}", "a" * TOKEN_LENGTH)):
        raise Wrong(
            "Svarsadressen går inte att använda.",
            f"Skriv {{token}} en gång, före @, och högst {LOCAL_PART - TOKEN_LENGTH} tecken till där: "
            "svar+{token}@kommunen.se.",
        )
    return text


def _database_url(value: object, base: Path) -> str:
    text = one_line(value, base)
    scheme = text.partition(":")[0].lower()
    if scheme not in {"sqlite", "postgresql", "postgresql+psycopg"} or "://" not in text:
        raise Wrong(
            "Det är ingen databas som Lyhörd känner.",
            "Skriv sqlite:////var/lib/lyhord/lyhord.sqlite eller postgresql+psycopg://användare@server/databas.",
        )
    if scheme == "sqlite":
        return _sqlite_url(text, base)
    if not _url_parts(text)[0]:
        raise Wrong(
            "Databasens adress går inte att läsa.", "Kontrollera porten; procentkoda tecken som @ och / i namn."
        )
    return text


def _sqlite_url(text: str, base: Path) -> str:
    """With its file from the settings' folder, as every path: else the folder one stands in would choose the database.

    ``sqlite:////file`` is a whole path, ``sqlite:///file`` one from the folder, ``sqlite://`` none (in memory).
    """
    head, file = text[: len(_SQLITE)], text[len(_SQLITE) :]
    if head.lower() == _SQLITE and file and not file.startswith(("/", ":memory:", "file:")):
        return f"{_SQLITE}{base / file}"
    if head.lower() in {_SQLITE, "sqlite://"}:
        return text
    raise Wrong(
        "Adressen till SQLite-databasen går inte att läsa.",
        "Skriv sqlite:/// och sedan filen: sqlite:////var/lib/lyhord/lyhord.sqlite.",
    )


def _scanner(value: object, base: Path) -> str:
    text = one_line(value, base)
    host, _, port = text.rpartition(":")
    local = is_loopback(host) and port.isascii() and port.isdigit() and 0 < int(port) < 65_536
    # Attachments would go open to another machine.
    if not text.startswith("/") and not local:
        raise Wrong(
            "Det är ingen sockel på den egna maskinen.",
            "Skriv filen, till exempel /run/clamav/clamd.ctl, eller 127.0.0.1:3310.",
        )
    return text


HOST = Kind("servernamn", _host)
SCANNER = Kind("fil eller värd:port", _scanner)
OWN_SERVER = Kind("servernamn, eller .domän för alla i den", _own_server)
NETWORK = Kind("ip-adress eller nät", _network)
EMAIL = Kind("e-postadress", _email)
URL = Kind("webbadress", _url)
SECURE_URL = Kind("webbadress (https)", _secure_url)
DATABASE_URL = Kind("databasadress", _database_url)
REPLY_ADDRESS = Kind("adress med {token}", _reply_address)

WEB_PROXY = Key(
    optional(URL),
    "Mellanserver ut; tomt betyder den som miljövariabeln HTTPS_PROXY säger.",
    default="",
    example="http://proxy.kommunen.example:3128",
)
"""The key of every part that goes out by HTTP: log-in and tokens."""

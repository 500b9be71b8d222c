"""Rules of our own that no linter has: what the code may never do, and what may never lie in the repository."""

import re
from math import log2
from pathlib import Path

import pytest

from tests.tools.tree import ROOT, sources, tracked

# Whatever a module calls its log.
_LOG = r"\b_?(?:LOG|log|logger)\."
# Pattern, why, and the files where it is right.
FORBIDDEN: tuple[tuple[str, str, frozenset[str]], ...] = (
    (r"(?<![\w.])(eval|exec|compile|__import__)\((?!self)", "runs text as code", frozenset()),
    (r"\bpickle\.|\bmarshal\.|\bshelve\.|yaml\.load\(|joblib\.load", "runs what it reads", frozenset()),
    (r"shell=True|os\.system\(|os\.popen\(", "a shell reads words from outside", frozenset()),
    (r"verify\s*=\s*False|CERT_NONE|check_hostname\s*=\s*False|_create_unverified", "believes any server", frozenset()),
    (
        r"\|\s*safe\b|autoescape\s*=\s*False|\bMarkup\(",
        "puts unescaped text on a page",
        frozenset({"desk", "notifier"}),
    ),
    (r"\.expunge\(\s*\)|\.close_folder\(", "deletes what colleagues marked (Rulings, Mailbox)", frozenset()),
    (r"xml\.(etree|dom|sax)\b", "an XML reader that follows entities", frozenset({"reports", "service", "desk"})),
    (r"random\.(choice|randint|random)\(.*(token|secret|password)", "guessable secrets", frozenset()),
    (r"hashlib\.(md5|sha1)\(", "a broken digest", frozenset({"desk/login/totp.py"})),
    (_LOG + r"\w+\(.*\.(email|from_addr|sender|subject|recipient|text)\b", "personal data in a log", frozenset()),
    (
        r"traceback\.(print|format(?!_tb))|exc_info=True|" + _LOG + "exception",
        "a traceback quotes letters",
        frozenset(),
    ),
)
SECRETS = (
    r"-----BEGIN (RSA |EC |OPENSSH |)PRIVATE KEY-----",
    r"AGE-SECRET-KEY-1[0-9A-Z]{20}",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\bghp_[A-Za-z0-9]{36}\b",
    r"\bxox[abp]-[0-9A-Za-z-]{20}",
    r"postgres(ql)?(\+psycopg)?://[^\s:@/\"'{}<>]+:[^\s@/\"'{}<>]+@(?!.*example)",
    r"eyJhbGciOi[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.",
)
# Binary, or lists of digests.
_NOT_READ = {".png", ".pdf", ".docx", ".jpg", ".gz", ".zst", ".woff2", ".ico", ".bin", ".npz"}
_DIGESTS = {"requirements.txt", "requirements-dev.txt"}
# Tests of how secrets are refused and hidden have some to show; none opens anything.
_PLAYED = {
    "tests/config/test_profiles.py",
    "tests/config/test_secrets.py",
    "tests/ingest/mailbox/test_oauth.py",
    "tests/service/checks/test_database.py",
    "tests/test_code_rules.py",
}
# A key of 32 bytes as one writes it: this long and this mixed (bits for each sign), not a digest's plain hexadecimal.
_LONG, _MIXED = 40, 4.6


@pytest.mark.parametrize(("pattern", "why", "right"), FORBIDDEN, ids=[why for _, why, _ in FORBIDDEN])
def test_the_code_never_does(pattern: str, why: str, right: frozenset[str]) -> None:
    del why
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in sources()
        if not _among(file, right)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line) and "# rule:" not in line and not line.strip().startswith("#")
    ]
    assert found == []


def _among(file: Path, right: frozenset[str]) -> bool:
    name = str(file.relative_to(ROOT))
    return any(name == one or name.startswith(f"{one}/") for one in right)


def secrets_in(text: str) -> list[str]:
    """Lines that hold something which opens a door, or looks like it."""
    return [line.strip()[:60] for line in text.splitlines() if _tells(line)]


def _tells(line: str) -> bool:
    if any(re.search(pattern, line) for pattern in SECRETS):
        return True
    named = re.search(r"(?i)(secret|password|token|api_?key)\w*[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/_=-]{40,})[\"']", line)
    return named is not None and len(named[2]) >= _LONG and _mixture(named[2]) > _MIXED


def _mixture(text: str) -> float:
    shares = [text.count(sign) / len(text) for sign in set(text)]
    return -sum(share * log2(share) for share in shares)


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN PRIVATE " + "KEY-----",
        "AGE-SECRET-" + "KEY-1QQQQQQQQQQQQQQQQQQQQQQ",
        "url = 'postgresql://lyhord:" + "hemligt@db.kommunen.se/lyhord'",
        "desk_secret = '" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY-zZqXwV" + "uTsR'",
    ],
)
def test_a_secret_would_be_seen(line: str) -> None:
    assert secrets_in(line)


def test_no_secret_lies_in_the_repository() -> None:
    found = {
        str(file.relative_to(ROOT)): lines
        for file in tracked()
        if file.suffix not in _NOT_READ and file.name not in _DIGESTS and str(file.relative_to(ROOT)) not in _PLAYED
        if (lines := secrets_in(file.read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}


def test_every_dependency_is_pinned_with_its_digest() -> None:
    for name in _DIGESTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(r"^([A-Za-z0-9_.\[\]-]+)==\S+ \\\n\s+--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        named = re.findall(r"^([A-Za-z0-9_.\[\]-]+)==", text, re.MULTILINE)
        assert pinned == named
        assert "://" not in re.sub(r"#.*", "", text)

"""Reading bounces that are only prose: whom they name, which code they give, where the returned mail begins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cases.inbound.messages import Bounce
from ingest.reading.around.disclaimers import is_small_print
from ingest.reading.automatic.bouncestatus import is_delayed, meant_status, says_why
from ingest.reading.patterns import alternatives

# Latin letters beyond ASCII may be in one (RFC 6531); signs of other scripts stand beside it without a space.
_LETTER = "A-Za-z0-9À-ÖØ-öø-ɏ"
_ADDRESS = re.compile(
    rf"[{_LETTER}_.+=&'/#!*^~-]{{1,128}}@"
    rf"(?:\[[{_LETTER}.:-]{{1,200}}\]|[{_LETTER}-](?:[{_LETTER}.-]{{0,200}}[{_LETTER}])?)"
)
_MARKER_WORDS = alternatives(r"""
    (?:original|returned|unsent|undelivered|source|attached|rejected|failed) (?:e-?mail|message|mail)
    copy of (?:the|your) (?:\w{1,10} ){0,3}message|old message
    (?:message|mail) (?:header|text|body|content|follow)|(?:mail|message) (?:was|is|below)|below (?:this line|is)
    headers? (?:of|follow|from)
    start of (?:returned|original)|begin(?:ning)? of|returned mail|failed mail|copia del mensaje|ursprungligt
    ursprüngliche|message d'origine
    copy of the (?:first part|message)|including all (?:the )?headers|(?:here|this) is a copy|first \d{1,3} lines
    unsent
""")
_MARKER = re.compile(rf"^[^\n]{{0,80}}(?:{_MARKER_WORDS})[^\n]{{0,90}}$", re.IGNORECASE | re.MULTILINE)
_HEADER_LINE = re.compile(
    r"^[> \t]{0,6}(?:return-path|received|from|to|date|subject|message-id|mime-version|x-[\w-]{2,40}"
    r"|reply-to|content-type|sender|delivered-to)[ \t]?:",
    re.IGNORECASE,
)
_FIELD_OR_EMPTY = re.compile(r"[> \t]{0,6}(?:[\w-]{2,40}[ \t]?:|$)")
_LABEL = re.compile(
    r"(?:rcpt to|recipients?|address(?:ed|es|\(es\))?|mailbox|users?|account|deliver\w{0,5}(?: to)?|to"
    r"|for|för|til|an|à|mottagare|reach)\b[^@]{0,25}$",
    re.IGNORECASE,
)
_NOT_LABEL = re.compile(
    r"(?<!\w)(?:mail from|from|sender|contact|reply to|e-?mail(?: us| me)? at|help|questions?|assistance"
    r"|forwarded? (?:to|by)|by|accepting mail from|via|id|reporting-mta|envelope-from|avsändare)"
    r"[^@]{0,25}$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[\s>*<\"'\[(\-•·:|]{0,12}(?:mailto:|smtp:|rfc822;)?$", re.IGNORECASE)
_REASON = re.compile(
    r"[>\"'\])]{0,3}\s{0,6}(?:[:;.,\-–…(=]|on |unknown|was|does|is |\d{3}|user|no such|not|$)", re.IGNORECASE
)
_MACHINES = re.compile(
    r"srs[01][=+-]|(?:mailer-?daemon|post-?master|abuse|daemon|no-?reply|do-?not-?reply|support|helpdesk|hostmaster|root)@",
    re.IGNORECASE,
)
# The sentence after which the failed addresses are listed.
_INTRODUCTION = re.compile(
    r"following|did not reach|recipients?\b|address(?:es|\(es\)|ees)?\b|deliver\w{0,3} to|intended for"
    r"|failed|mottagare|empfänger|destinatar",
    re.IGNORECASE,
)
# Postfix and qmail begin a paragraph with each address that failed; the returned mail's headers need not name it.
_LISTED = re.compile(r"^<([^<>\s]{1,128}@[^<>\s]{1,255})>:(?=\s)", re.MULTILINE)
_SOURCE = re.compile(r"(?:generated|expanded|derived|originally|resent) (?:from|to):? ?<?$", re.IGNORECASE)
_X400 = re.compile(r"^(?:smtp|rfc-?822|internet)=", re.IGNORECASE)
_BARE = re.compile(r"[ \t]{1,8}[\"'<]?([A-Za-z0-9][A-Za-z0-9_.+-]{1,63})[\"'>]?[ \t]*")
_RULE = re.compile(r"_{20,120}|-- ?|-{20,120}|={20,120}")
_LIST_NAME = re.compile(r"\bmailing list\b|^[^\n]{0,60}\be-?postlista\b", re.IGNORECASE)
_MAX_LINES = 400
_FOOTER_LINES = 12
_MAX_EACH = 50
_MAX_CHARS = 50_000
_ACTIONS = ("failed", "delayed")


@dataclass(frozen=True, slots=True)
class Returned:
    """A bounce's text in two: the words of the bounce itself, and the headers (and text) of the mail it returns."""

    words: str
    headers: str

    def field(self, name: str) -> str:
        """The value of a header of the returned mail, its folded lines joined."""
        found = re.search(
            rf"^[> \t]{{0,6}}{name}[ \t]?:((?:.*)(?:\n[ \t]+\S.*){{0,20}})", self.headers, re.IGNORECASE | re.MULTILINE
        )
        return found.group(1).strip() if found else ""


def split_returned(text: str) -> Returned:
    """Cut a bounce's text where the returned mail begins: at a line that says so, or at a block of mail headers."""
    lines = text.split("\n")[:_MAX_LINES]
    for number, line in enumerate(lines):
        if not _HEADER_LINE.match(line) or not _block_follows(lines, number):
            continue
        marked = any(
            _MARKER.match(before) or re.match(r"[\s>]{0,4}[-=_*+#]{4}", before)
            for before in lines[max(0, number - 6) : number]
        )
        full = re.match(r"[> \t]{0,6}(?:return-path|received|message-id|mime-version|x-)", line, re.IGNORECASE)
        if marked or full or _has_id(lines, number):
            end = _end_of_indented(lines, number)
            return Returned("\n".join([*lines[:number], *lines[end:]]), "\n".join(lines[number:end]))
    return Returned("\n".join(lines), "")


def _end_of_indented(lines: list[str], at: int) -> int:
    """Return where the bounce's own words go on behind a few headers that it cites indented, else the end."""
    if not lines[at].startswith("  "):
        return len(lines)
    rest = enumerate(lines[at:], start=at)
    return next((number for number, line in rest if line.strip() and not line.startswith("  ")), len(lines))


def _block_follows(lines: list[str], at: int) -> bool:
    return sum(bool(_HEADER_LINE.match(line)) for line in _block(lines, at, 12)) >= 3


def _has_id(lines: list[str], at: int) -> bool:
    return any(
        re.match(r"[> \t]{0,6}(?:message-id|received|mime-version)[ \t]?:", line, re.IGNORECASE)
        for line in _block(lines, at, 15)
    )


def _block(lines: list[str], at: int, most: int) -> list[str]:
    """Return the lines of a block of headers: it ends where no field follows an empty line."""
    end = min(len(lines), at + most)
    ends = (n for n in range(at + 1, end - 1) if not lines[n].strip() and not _FIELD_OR_EMPTY.match(lines[n + 1]))
    return lines[at : next(ends, end)]


def own_words(text: str) -> str:
    """Return the bounce's own words, without quoted lines and the mail it returns."""
    return "\n".join(line for line in split_returned(text).words.split("\n") if not line.startswith("> >"))


def read_prose(words: str, *, own: Sequence[str], recipients: Sequence[str], failed: Sequence[str]) -> list[Bounce]:
    """Return the recipients a bounce's words name, each with the status that stands with it, else that of all.

    ``own`` are addresses that cannot be meant, ``recipients`` those the returned mail went to, ``failed`` those an
    ``X-Failed-Recipients`` header names (they end the search).
    """
    words = _without_footer(words)
    addresses = [address for address in failed if "@" in address] or _ranked(words, own, recipients)
    addresses = addresses or _bare_names(words, own)
    status = meant_status(words)
    delayed = is_delayed(words, status)
    own_status = _status_of_each(words[:_MAX_CHARS], addresses[:_MAX_EACH]) if len(addresses) > 1 else {}
    return [
        Bounce(address, _fitting(own_status.get(address) or status, delayed=delayed), _ACTIONS[delayed], "")
        for address in addresses or [""]
    ]


def _without_footer(words: str) -> str:
    """Return words without what a list through which the bounce came wrote below them: its address failed nowhere."""
    lines = words.split("\n")
    for number in range(max(1, len(lines) - _FOOTER_LINES), len(lines) - 1):
        if _RULE.fullmatch(lines[number]) and (
            is_small_print(lines[number + 1]) or _LIST_NAME.search(lines[number + 1][:200])
        ):
            return "\n".join(lines[:number])
    return words


def _fitting(status: str, *, delayed: bool) -> str:
    """Return a status whose class does not say that a delay is final."""
    return f"4{status[1:]}" if delayed and status.startswith("5") else status


def _status_of_each(words: str, addresses: Sequence[str]) -> dict[str, str]:
    """Return the status of each address that what stands behind it, up to the next one, gives a reason for."""
    pieces = re.split("(" + "|".join(map(re.escape, addresses)) + ")", words)
    behind: dict[str, str] = {}
    for address, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        behind[address] = f"{behind.get(address, '')}\n{piece}"
    found = {address: meant_status(piece) for address, piece in behind.items()}
    return {address: status for address, status in found.items() if says_why(status)}


def _ranked(words: str, own: Sequence[str], recipients: Sequence[str]) -> list[str]:
    """Return the addresses that most probably failed: those ranked highest by where and how they stand."""
    scores: dict[str, int] = {}
    ours, sent_to = {a.lower() for a in own}, {a.lower() for a in recipients}
    introduced = 0
    for line in words.split("\n"):
        for found in _ADDRESS.finditer(line[:1000]):
            address = _X400.sub("", found.group(0)).strip(".'/#*=")
            if "@" not in address or address.startswith("@"):
                continue
            score = _score(line, found.start(), found.end()) + introduced
            score += 4 * (address.lower() in sent_to) - 4 * (address.lower() in ours)
            score -= 5 * bool(_MACHINES.match(address))
            scores[address] = max(score, scores.get(address, -99))
        introduced = 4 if _INTRODUCTION.search(line[:300]) else introduced
    best = max(scores.values(), default=-99)
    if best >= 0:
        ranked = [address for address, score in scores.items() if score == best]
        listed = [address for address in _LISTED.findall(words) if address in scores and address.lower() not in ours]
        return list(dict.fromkeys([*ranked, *listed])) if set(ranked) & set(listed) else ranked
    return list(recipients[:1]) if len(sent_to) == 1 else []


def _bare_names(words: str, own: Sequence[str]) -> list[str]:
    """Return the names a provider lists without its own domain (AOL did), completed from the bounce's sender."""
    domain = own[0].partition("@")[2] if own else ""
    lines = words.split("\n")
    start = next((number for number, line in enumerate(lines) if _INTRODUCTION.search(line[:300])), len(lines))
    names = [found.group(1) for line in lines[start + 1 : start + 30] if (found := _BARE.fullmatch(line))]
    return [f"{name}@{domain}" for name in names[:20]] if domain else []


def _score(line: str, start: int, end: int) -> int:
    """Rate how an address stands in its line: alone, after a word like *recipient*, before a reason."""
    before, after = line[max(0, start - 80) : start], line[end : end + 40]
    score = 0
    if _ALONE.fullmatch(before) or _X400.match(line[start:end]):
        score += 4 if _REASON.match(after) else 2
    elif _SOURCE.search(before):
        score += 3
    elif _NOT_LABEL.search(before):
        score -= 4
    elif _LABEL.search(before):
        score += 1 if re.fullmatch(r"\s{0,10}(?:to|till|an|cc)\s?:.*", before, re.IGNORECASE) else 3
    if re.search(r"rcpt to:?\s?<?$", before, re.IGNORECASE):
        score += 2
    if re.search(r"message-?id|qmail|\bid\b", before, re.IGNORECASE):
        score -= 6
    return score

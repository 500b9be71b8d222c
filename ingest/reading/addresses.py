"""Reading address headers as people's programs write them: names with commas, groups, no brackets, no address."""

import re
from itertools import islice

from cases.inbound.messages import Mailaddress
from ingest.reading.encoding.words import decode_words, eight_bit, tidy
from ingest.reading.limits import MAX_ADDRESSES, MAX_HEADER_BYTES, MAX_TOKENS
from ingest.reading.notes import Notes

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,128}@(?:[^\s<>()\[\],;:\"@]{1,255}|\[[0-9A-Fa-f.:IPv]{2,60}\])")
_QUOTED_LOCAL = re.compile(r'"[^"@<>]{1,64}"@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}')
_MAILTO = re.compile(r"[\[<]mailto:([^\[\]<>\s]{3,250})[\]>]")
# Addresses and nothing else, with spaces where commas belong.
_BARE_ROW = re.compile(
    r"\s{0,9}[^\s<>()\",;:@]{1,128}@[^\s<>()\",;:@]{1,255}(?:\s{1,9}[^\s<>()\",;:@]{1,128}@[^\s<>()\",;:@]{1,255}){1,200}"
)
_WHOLE = re.compile(r"([^<>]{0,250}?)\s{0,3}<([^\s<>,;:@]{1,128}@[^\s<>,;:@]{1,255})>")
_REMARK = re.compile(r"\([^()]{0,200}\)")
# One mailbox as nearly every header has it: an address alone, or in brackets behind a name that has no sign with a
# meaning in a header, or is in quotes, or is one encoded word.
_NAME = r"[A-Za-z0-9.&_+-]{1,60}(?: [A-Za-z0-9.&_+-]{1,60}){0,9}"
_IN_QUOTES = r"[A-Za-z0-9.,&_+-]{1,60}(?: [A-Za-z0-9.,&_+-]{1,60}){0,9}"
_CODED = r"=\?[\w-]{2,40}\?[bBqQ]\?[!-;=@-~]{1,400}\?="
_USUAL = re.compile(
    rf"(?:(?:({_NAME})|\"({_IN_QUOTES})\"|({_CODED})) ?(?=<))?"
    r"(<)?(\w[\w.+-]{0,63}@\w[\w-]{0,62}(?:\.[\w-]{1,63}){0,8})(?(4)>)".encode()
)
# Bounded: a quote or comment without end must not be searched to the end from each of its characters.
_TOKEN = re.compile(
    r'=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]{0,500}\?=|"(?:[^"\\]|\\.){0,999}"'
    r"|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,99}\)){0,300}\)|<[^<>]*>|[,;:]|[^\",;:()<>=]+|.",
    re.DOTALL,
)


def read_addresses(raw: bytes, notes: Notes) -> tuple[Mailaddress, ...]:
    """Return the mailboxes of an address header, group members included; what is no address is left out."""
    if not raw:
        return ()
    usual = _USUAL.fullmatch(raw)
    return (_by_standard(usual, notes),) if usual else _read(raw, notes)


def _by_standard(found: re.Match[bytes], notes: Notes) -> Mailaddress:
    plain, quoted, coded, _, addr = found.groups()
    name = (
        _unquoted(tidy(decode_words(coded.decode("ascii"), notes)))
        if coded
        else (plain or quoted or b"").decode("ascii")
    )
    return Mailaddress(name, addr.decode("ascii"))


def _read(raw: bytes, notes: Notes) -> tuple[Mailaddress, ...]:
    """Read a header of several mailboxes, or one written in another way."""
    text = eight_bit(raw[:MAX_HEADER_BYTES], notes)
    if "mailto:" in text:
        text = _MAILTO.sub(r"<\1>", text)
    found: list[Mailaddress] = []
    waiting = ""
    if "," not in text and text.count("@") > 1 and _BARE_ROW.fullmatch(text):
        text = ",".join(text.split())
    for tokens in _entries([found.group(0) for found in islice(_TOKEN.finditer(text), MAX_TOKENS)]):
        name, addr = _one(tokens, notes)
        if not addr:
            # "Smith, Ann <ann@…>" without quotes: the piece without an address belongs to the next one's name.
            waiting = f"{waiting}, {name}" if waiting and name else waiting or name
            continue
        if waiting:
            name = f"{waiting}, {name}" if name else name
            notes.add("comma in an unquoted name")
        waiting = ""
        found.append(Mailaddress(name, addr))
        if len(found) >= MAX_ADDRESSES:
            notes.add("more addresses than are read")
            break
    if waiting and not found:
        found.append(_inside_words(waiting, notes))
    return tuple(found)


def _inside_words(name: str, notes: Notes) -> Mailaddress:
    """Return a mailbox whose address was encoded together with its name, which no standard allows."""
    whole = _WHOLE.fullmatch(name)
    if not whole:
        return Mailaddress(name, "")
    notes.add("address inside an encoded name")
    return Mailaddress(_unquoted(whole.group(1)), whole.group(2))


def _entries(tokens: list[str]) -> list[list[str]]:
    """Split the tokens of a header into one list for each mailbox, dropping the names of groups."""
    entries: list[list[str]] = [[]]
    addressed = False
    for number, sign in enumerate(tokens):
        if sign in ",;":
            entries.append([])
            addressed = False
        elif sign == ":" and not addressed and _is_group(tokens, number):
            entries[-1] = []
        else:
            entries[-1].append(sign)
            addressed = addressed or "<" in sign or "@" in sign
    return [entry for entry in entries if "".join(entry).strip()]


def _is_group(tokens: list[str], colon: int) -> bool:
    """Whether a colon begins a group: a semicolon ends it, or nothing but addresses follow."""
    rest = tokens[colon + 1 : colon + 100]
    return ";" in rest or any("@" in token for token in rest)


def _one(tokens: list[str], notes: Notes) -> tuple[str, str]:
    """Return name and address of one mailbox."""
    bracket = next((t for t in reversed(tokens) if t.startswith("<") and t.endswith(">") and "@" in t), "")
    words = [_plain(t) for t in tokens if not t.startswith(("<", "(")) and t not in (">", '"')]
    name = tidy(decode_words("".join(words), notes))
    comment = next((tidy(decode_words(_plain(t[1:-1]), notes)) for t in tokens if t.startswith("(") and len(t) > 1), "")
    if bracket:
        addr = _address_in(bracket[1:-1])
        return _unquoted(name) or comment, addr
    joined = "".join(t for t in tokens if not t.startswith("("))
    if quoted := _QUOTED_LOCAL.search(joined):
        return comment, quoted.group(0)
    return _bare(joined, name, comment, notes)


def _bare(joined: str, name: str, comment: str, notes: Notes) -> tuple[str, str]:
    """Read a mailbox without brackets: ``a@b (Name)``, ``a@b``, or a name and no address at all."""
    found = _ADDRESS.search(joined)
    if not found:
        empty = joined.strip().strip("<>")
        return (_unquoted(name) or comment, "") if empty != joined.strip() or " " in empty else (_unquoted(name), "")
    rest = tidy(decode_words((joined[: found.start()] + joined[found.end() :]).strip("<>[]\"' \t"), notes)).strip(
        "<>[] "
    )
    if rest and not comment:
        notes.add("address without brackets")
    return comment or rest, found.group(0).strip(".'")


def _address_in(inside: str) -> str:
    """Return the address inside angle brackets, without a source route, spaces or ``mailto:``."""
    text = inside.strip() if '"' in inside else _REMARK.sub("", inside).strip()
    if text.startswith("@") and ":" in text:
        text = text.split(":", 1)[1]
    text = text.removeprefix("mailto:").removeprefix("MAILTO:")
    compact = re.sub(r"\s+", "", text) if text.count("@") == 1 and '"' not in text else text
    found = _ADDRESS.search(compact)
    if compact.startswith('"'):
        return compact
    if compact.startswith("'") and compact.endswith("'"):  # Outlook's, of a contact that was typed in
        found = _ADDRESS.search(compact[1:-1])
    return found.group(0).rstrip(".") if found else compact


def _plain(token: str) -> str:
    if token.startswith('"') and token.endswith('"') and len(token) > 1:
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token


def _unquoted(name: str) -> str:
    """Strip quotes that were written inside an encoded word or doubled."""
    stripped = name.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        return stripped[1:-1].strip()
    return stripped

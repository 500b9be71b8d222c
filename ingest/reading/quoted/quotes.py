"""What the sender newly wrote, told from the thread quoted below, above or around it."""

import re
from dataclasses import dataclass, field

from ingest.reading.limits import MAX_LINES, MAX_LINES_QUOTED
from ingest.reading.markup.html import MARKS, QUOTE_BEGINS, QUOTE_ENDS
from ingest.reading.patterns import alternatives
from ingest.reading.quoted.attribution import (
    find_attribution,
    has_verb,
    introduces_signed,
    is_dashed_words,
    may_hold_attribution,
    may_hold_sender,
    names_moment,
    prose_before,
)
from ingest.reading.quoted.foreignblocks import find_foreign_block, find_unannounced_block
from ingest.reading.quoted.greeted import above_greeted
from ingest.reading.quoted.markers import (
    is_groupwise,
    is_original_marker,
    is_reply_line,
    is_separator,
    may_hold_reply_line,
)
from ingest.reading.quoted.quoteblocks import (
    bare_label,
    find_header_block,
    find_notes_block,
    find_run_together,
    past_named,
)

_QUOTED = re.compile(
    r"[ \t]{0,4}(?!>>[^<>\n]{1,200}<<\s{0,9}$)(?:>|＞|&gt;|\|(?:\s|$)(?![^\n|]*\|)|[A-Z]{1,3}> )"
)  # two bars in a line are a table's
_MORE_THAN = re.compile(r"[ \t]{0,4}> ?\d{1,9}(?:[.,]\d{1,4})? ?[%°\w]")  # "> 30 grader"
# "Se mina svar i texten nedan." What is meant stands in the quote, where nothing tells it from what is quoted.
_ANSWERS_WORDS = alternatives(r"""
    (?:se (?:mina )?|mina |våra |^\W{0,3}|\bhej\W{1,3})(?:svar(?:en|ar)?|kommentarer(?:na)?) \
    (?:(?:står|finns|kommer|är|direkt|inne|här) ){0,3}\
    (?:nedan(?:för)?|i (?:texten|mejlet|mailet|ert mejl|ditt mejl|ert brev)|i (?:rött|blått|grönt|fetstil|röd text))
    mine? (?:svar|kommentarer) (?:(?:står|er|her) ){0,2}(?:nedenfor|under|i (?:teksten|rødt|blåt?t?))
    (?:see |my |see my )(?:answers|replies|comments|responses) (?:are )?(?:below|in-?line|in (?:red|blue|bold|the text))
    (?:meine )?antworten (?:stehen )?(?:unten|im text|in rot)|vastaukse(?:t|ni|mme) (?:alla|tekstissä|punaisella)
""")
_ANSWERS_WITHIN = re.compile(rf"(?<![^\W_])(?:{_ANSWERS_WORDS})\b(?! ?\?)", re.IGNORECASE | re.MULTILINE)
_FEW_WORDS = 400
_FULL_LINE = 60
_SHORT_LINE = 40
_TELLING = re.compile(r"[:：@<>|_=*‐–~\d]|--")
_LINK = re.compile(r"\s{0,3}[<(]?https?://[^\s<>]{1,2000}>?[).,]?\s{0,3}")
_ENDS_SENTENCE = re.compile(r"[.!?:;>)]\s{0,3}$")


@dataclass(slots=True)
class _Kept:
    """The lines that are new, and how many of them say something."""

    lines: list[str] = field(default_factory=list)
    said: int = 0

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.said += _says_something(line)

    def drop_separators(self) -> None:
        """Take back the empty lines and separators at the end: they belong to the quote below them."""
        while self.lines and (not self.lines[-1].strip() or is_separator(self.lines[-1])):
            self.said -= _says_something(self.lines.pop())


@dataclass(frozen=True, slots=True)
class _Signs:
    """What stands anywhere in a text; what does not is looked for in none of its lines."""

    marked: bool
    """One of the HTML reader's marks."""
    ended: bool
    """A sign that the line above signed quoted lines ends in or holds."""
    attributed: bool
    """That, and a word or sign that names somebody as the sender of what is quoted."""
    ticketed: bool
    """What a ticket system's line cannot be without."""

    @classmethod
    def of(cls, text: str) -> "_Signs":
        ended = may_hold_attribution(text)
        attributed = ended and may_hold_sender(text)
        return cls(bool(MARKS.search(text)), ended, attributed, may_hold_reply_line(text))


def _says_something(line: str) -> bool:
    return bool(line.strip(" -_=*>"))


def without_marks(text: str) -> str:
    """Return text as people read it, without the quote marks that the HTML reader set."""
    if not MARKS.search(text):
        return text
    return re.sub(r"\n{3,}", "\n\n", re.sub("[\ue0f0-\ue0f3]\n?", "", text)).strip("\n")


def new_lines(text: str, sender: str = "") -> str:
    """Return the lines that are not quoted, in order; when nothing would be left, everything.

    So it is when somebody says that his answers stand within the quote and has written nothing below it.
    A quote introduced by an attribution reaches over the quoted lines after it, or, when they carry no signs (as with
    Outlook), to the end of the text: new text between signed quotes stays. ``sender`` is the name the mail came under.
    """
    lines = text.split("\n")
    kept = _Kept()
    signs = _Signs.of(text)
    at = 0
    while at < min(len(lines), MAX_LINES):
        after = _quote_end(lines, at, kept, signs)
        if after is None:
            kept.add(lines[at])
            at += 1
        else:
            at = after
    kept.lines += lines[at:]
    result = above_greeted("\n".join(kept.lines).strip("\n "), sender)
    if len(result) < _FEW_WORDS and _ANSWERS_WITHIN.search(result) and text.lstrip("\n ").startswith(result):
        return text
    return result if without_marks(result).strip(" \n-_>*=") else text


def _quote_end(lines: list[str], at: int, kept: _Kept, signs: _Signs) -> int | None:
    """Return the line past the quote that begins at a line, or nothing; separators already kept are taken back."""
    line = lines[at]
    if signs.marked and QUOTE_BEGINS in line:
        return _marked_end(lines, at)
    if not line.strip() or (signs.marked and MARKS.search(line)):
        return None
    reply_line = signs.ticketed and is_reply_line(line)
    if reply_line or is_groupwise(line):
        kept.drop_separators()
        # With nothing above it, a ticket system itself wrote what stands below.
        return len(lines) if kept.said else at + 1 if reply_line else None
    if _QUOTED.match(line) and not _is_more_than(lines, at):
        named = line.startswith(">>>") and find_attribution(lines, at) == at + 1
        return _rest(lines, at + 1) if named and kept.said else _signed_end(lines, at)
    if at > MAX_LINES_QUOTED or not _may_introduce(line, signs):
        return None  # most lines of a letter end here
    return _introduced_end(lines, at, kept, signs)


def _may_introduce(line: str, signs: _Signs) -> bool:
    """Whether a line may introduce a quote: it has a sign of those that do, or it is short and has one of the words."""
    if _TELLING.search(line):
        return True
    if len(line) > _SHORT_LINE:
        return False
    return is_original_marker(line) or bool(bare_label(line)) or (signs.attributed and has_verb(line))


def _is_more_than(lines: list[str], at: int) -> bool:
    """Whether the sign means *more than*: figures follow it, here and in lines beside, and nobody is quoted above."""
    if not _MORE_THAN.match(lines[at]):
        return False
    above = [line for line in lines[max(0, at - 2) : at] if line.strip()]
    if not all(map(_MORE_THAN.match, filter(_QUOTED.match, above + lines[at + 1 : at + 3]))):
        return False
    return not any(line.rstrip().endswith((":", "：")) or "@" in line for line in above)


def _introduced_end(lines: list[str], at: int, kept: _Kept, signs: _Signs) -> int | None:
    """Return the line past a quote that a marker, an attribution or a block of headers introduces, or nothing."""
    if is_original_marker(lines[at]):
        return _behind(lines, _past_headers(lines, at + 1), kept)
    after = find_attribution(lines, at) if signs.attributed else None
    if after is not None and not names_moment("\n".join(lines[at:after])) and _rest(lines, after) == len(lines):
        after = None  # "The newspaper wrote on 3 November:", and no quoted lines below it
    below = at + 1 < len(lines) and _rest(lines, at + 1) == at + 1
    if after is None and signs.ended and below and introduces_signed(lines[at]):
        after = at + 1
    if after is None:
        after = find_foreign_block(lines, at + 1) if is_dashed_words(lines[at]) else find_header_block(lines, at)
    if after is None and kept.said:
        after = find_notes_block(lines, at)
        after = find_run_together(lines, at) if after is None else after
        after = find_unannounced_block(lines, at) if after is None else after
    if after is None:
        return None
    kept.drop_separators()
    if above := prose_before(lines[at]):
        kept.add(above)
    return _behind(lines, after, kept)


def _behind(lines: list[str], at: int, kept: _Kept) -> int:
    """Return where to read on behind an introduction: with nothing above it, what it introduces is the message itself.

    So a mail passed on without a word of comment is read as the mail that was passed on.
    """
    return _rest(lines, at) if kept.said else at


def _past_headers(lines: list[str], at: int) -> int:
    """Return the line past the headers or the attribution that follow a marker like *Original Message*."""
    following = next((number for number in range(at, min(at + 3, len(lines))) if lines[number].strip()), at)
    if following >= len(lines):
        return at
    return (
        find_header_block(lines, following) or find_attribution(lines, following) or past_named(lines, following) or at
    )


def _signed_end(lines: list[str], at: int) -> int:
    """Return the line past a run of ``>`` lines, with the tails of quoted lines that a program wrapped anew.

    A link too long for a line stands on one of its own then.
    """
    number = at
    while number < len(lines) and _QUOTED.match(lines[number]):
        full = len(lines[number]) >= _FULL_LINE and not _ENDS_SENTENCE.search(lines[number])
        number += 1
        tail = number + 1 < len(lines) and lines[number].strip() and not _QUOTED.match(lines[number])
        if tail and (full or _LINK.fullmatch(lines[number])) and _QUOTED.match(lines[number + 1]):
            number += 1
    return number


def _rest(lines: list[str], at: int) -> int:
    """Return where new text may begin again: behind signed quote lines, else never."""
    following = at
    while following < len(lines) and not lines[following].strip():
        following += 1
    if following < len(lines) and (_QUOTED.match(lines[following]) or QUOTE_BEGINS in lines[following]):
        return at
    return len(lines)


def _marked_end(lines: list[str], at: int) -> int:
    """Return the line past a quote the HTML reader marked; one without an end goes to the end of the text."""
    depth = 0
    for number in range(at, len(lines)):
        depth += lines[number].count(QUOTE_BEGINS) - lines[number].count(QUOTE_ENDS)
        if depth <= 0:
            return number + 1
    return len(lines)

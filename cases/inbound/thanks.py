"""Whether a reply is nothing but thanks; cheap rules, no model, and one word more is something else."""

import re

from cases.inbound.messages import Attachment, InboundMessage

_FOR = r"(?:svaret|svar|ert svar|ditt svar|hjälpen|er hjälp|din hjälp|beskedet|informationen|info|kopian|det)"
_THANKFUL = re.compile(
    rf"(?:stort |tusen |hjärtligt )?tack(?:ar)?(?: (?:så (?:väldigt |jätte)?mycket|igen|snälla))?(?: för {_FOR})?"
    r"|(?:many )?(?:thanks|thank you|thx)(?: (?:so much|very much|again|a lot))?"
    r"(?: for (?:the|your) (?:answer|reply|help|information))?",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?:hej(?:san)?|hello|hi)(?: [^\W\d_][\w'’-]{0,25})?"
    r"|(?:så |vad )?(?:bra|fint)|toppen|perfekt|great|perfect|ha (?:det|en) (?:så )?(?:bra|fint)|trevlig helg",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:med )?(?:vänliga? |bästa |många )?hälsning(?:ar)?|mvh|vh|(?:best |kind )?regards)\b *", re.IGNORECASE
)
# A question mark parts nothing: what is asked is no thanks.
_SENTENCE = re.compile(r"[.!,:)]+(?:\s|$)|\n")
_LONGEST = 300


def mere_thanks(message: InboundMessage) -> bool:
    """Whether it asks and tells nothing: thanks, at most with a greeting and the writer's name, and no file."""
    text = message.message.strip()
    if message.unreadable or message.forwarded_from or len(text) > _LONGEST or any(map(_is_file, message.attachments)):
        return False
    parts = [" ".join(one.split()) for one in _SENTENCE.split(text) if one.strip()]
    own = set(re.split(r"[\W_]+", f"{message.from_name} {message.from_addr}".lower()))
    said = [one for one in parts if not (_BESIDE.fullmatch(one) or set(_unsigned(one).lower().split()) <= own)]
    return bool(said) and all(map(_THANKFUL.fullmatch, said))


def _unsigned(part: str) -> str:
    closing = _CLOSING.match(part)
    return part[closing.end() :] if closing else part


def _is_file(attachment: Attachment) -> bool:
    """Whether it was sent along: a logo under the name is none."""
    return not attachment.inline

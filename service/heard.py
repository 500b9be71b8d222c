"""Letters as the model hears them: their words, their documents', and what a colleague wrote who passed them on."""

from collections.abc import Mapping, Sequence

from cases.inbound.documents import SHORT_LETTER
from cases.inbound.messages import InboundMessage
from cases.office import Office
from cases.ports import Tx
from cases.steps.sender import passed_on
from classifier.framing import SIGNATURE_SIGN

# A long letter's documents are looked through for what must be protected; they must not drown what it is about.
_DOCUMENT_CHARS, _BESIDE_CHARS = 20_000, 3_000


def letters_heard(
    tx: Tx, message_ids: Sequence[str], said: Mapping[str, InboundMessage], office: Office
) -> list[tuple[str, str]]:
    """Subject and words of letters as the model sees them: what was written first, then what their documents say."""
    texts = tx.texts_of(message_ids)
    found = ((said[one], texts.get(one, ())) for one in message_ids if one in said)
    return [letter_heard(message, passed_on(tx, message, office), documents) for message, documents in found]


def letter_heard(message: InboundMessage, carried: bool, texts: Sequence[str]) -> tuple[str, str]:
    """Subject and words of one letter; ``carried`` says that a colleague passed it on."""
    words, note = _apart(message, beside=bool(texts)) if carried else (message.words, "")
    most = _DOCUMENT_CHARS if len(words) < SHORT_LETTER else _BESIDE_CHARS
    documents = "\n\n".join(texts)[:most]
    return message.subject, "\n\n".join(part for part in (words, documents) if part) + note


def _apart(message: InboundMessage, *, beside: bool) -> tuple[str, str]:
    """The letter that a colleague passed on, and his note about it; ``beside`` says that documents tell of it, too.

    His note says nothing of the matter, but may tell a secret: flags are looked for there. It is all there is to hear
    where he passed on no word and no document that can be read.
    """
    note, letter = message.message.strip(), message.forwarded_text
    if not note or note in letter or (letter.strip() and letter in note) or not (letter.strip() or beside):
        return message.words, ""
    return letter, SIGNATURE_SIGN + note

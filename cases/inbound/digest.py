"""By what a letter is known again that came twice."""

from hashlib import sha256

from cases.inbound.messages import InboundMessage


def content_digest(message: InboundMessage) -> str:
    """Digest of what the sender wrote and attached; transport headers do not count (Rulings, duplicates)."""
    parts = [message.subject, message.text, *sorted(a.sha256 for a in message.attachments)]
    return sha256("\x00".join(" ".join(part.split()) for part in parts).encode("utf-8", "surrogatepass")).hexdigest()

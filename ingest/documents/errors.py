"""Why a document could not be read, in words for the person who has to read it instead."""

from cases.errors import LyhordError


class UnreadableDocument(LyhordError):
    """A document no machine can read here; the message tells a person why, in Swedish."""


class ReadingStopped(LyhordError):
    """The service is stopping; the document waits for the next start."""

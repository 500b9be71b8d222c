"""Why a document could not be read, in words for the person who has to read it instead."""

from cases.errors import LyhordError


class UnreadableDocument(LyhordError):  # noqa: N818 - reads as what it is where it is raised
    """A document no machine can read here; the message tells a person why, in Swedish."""


class ReadingStopped(LyhordError):  # noqa: N818
    """The service is stopping; the document waits for the next start."""

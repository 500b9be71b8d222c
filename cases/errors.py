"""Every error Lyhörd raises on purpose, under one base.

A class docstring says what happened in general; the message names the thing, the value and the way out.
"""


class LyhordError(Exception):
    """Something Lyhörd understands went wrong; the message can be shown to a person."""


class ConfigError(LyhordError):
    """A setting is missing or wrong; the message names file, key, value and remedy."""


class UnreadableMessage(LyhordError):
    """The bytes of a message could not be understood at all."""


class IllegalMove(LyhordError):
    """A case cannot go from where it stands to where it was sent."""


class StaleVersion(LyhordError):
    """Somebody else changed the case since it was shown; nothing was overwritten."""


class NotFound(LyhordError):
    """There is no such thing, or none that this person may see: the two are never told apart."""


class NotAllowed(LyhordError):
    """The person may see the case, but this action is not theirs, or something of what was asked is not fit.

    ``part`` names that something where one alone is at fault, so that a page can mark its field; empty otherwise.
    """

    def __init__(self, message: str = "", part: str = "") -> None:
        super().__init__(message)
        self.part = part


class DamagedContent(LyhordError):
    """Kept bytes no longer have the digest they were kept with; restore them from a backup."""


class MailboxError(LyhordError):
    """The mailbox cannot be used just now; the next poll tries again.

    ``passes`` is true where to try again is all that mostly helps; ``otherwise`` is then what to do where it does not.
    """

    def __init__(self, problem: str = "", *, passes: bool = False, otherwise: str = "") -> None:
        self.problem, self.passes, self.otherwise = problem, passes, otherwise
        super().__init__(self.worded("Nästa försök görs av sig självt"))

    def worded(self, again: str) -> str:
        """The message; the service tries ``again`` by itself, but whoever runs a command has to be told how."""
        if not self.passes:
            return self.problem
        return f"{self.problem} {again}" + (f"; hjälper det inte, {self.otherwise}." if self.otherwise else ".")


class LoginRefused(MailboxError):
    """The mail server refused the credentials; trying again will not help until they are changed."""


class ModelError(LyhordError):
    """The trained model is missing, damaged or of another version; `lyhord train` builds it."""


class TemplateError(LyhordError):
    """A letter's template is missing, broken or uses a variable nobody filled in."""


class TypesettingError(LyhordError):
    """A PDF could not be set."""


class DeliveryError(LyhordError):
    """A letter was not accepted by the mail server.

    ``retryable`` is true for 4xx answers and lost connections, false for 5xx answers. ``uncertain`` is true when the
    connection was lost after the text had been handed over, so that nobody knows whether it was accepted.
    """

    def __init__(self, message: str, *, retryable: bool, uncertain: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.uncertain = uncertain

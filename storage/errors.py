"""What can go wrong in the store besides what every floor knows."""

from cases.errors import LyhordError


class NumberTaken(LyhordError):
    """A case or registry number belongs to another case already."""


class NewerDatabase(LyhordError):
    """The database was upgraded by a later version of Lyhörd than this one."""


class InUse(LyhordError):
    """Services run on the database that somebody would rebuild; stop them first."""


class NotScrubbed(LyhordError):
    """What was erased may still lie in the database's files; they are to be written anew again."""

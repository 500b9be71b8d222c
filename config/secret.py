"""A secret that nobody prints by mistake."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A password, key or URL with a password; only ``reveal()`` gives its text, never ``repr``, ``str`` or a log line.

    ``origin`` says where it was read (``miljövariabeln LYHORD_IMAP_PASSWORD``, ``filen /run/secrets/imap``), which may
    be shown.
    """

    value: str = field(repr=False)
    origin: str = field(default="", compare=False)

    def reveal(self) -> str:
        """The text itself; call it where it is used, and keep it nowhere."""
        return self.value

    def __repr__(self) -> str:
        return "Secret(dold)"

    def __str__(self) -> str:
        return "(dold)"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

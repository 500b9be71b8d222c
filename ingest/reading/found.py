"""What was found in a mail: its texts, its files, the mails inside it."""

from dataclasses import dataclass, field

from cases.inbound.messages import Attachment
from ingest.reading.structure import Part


@dataclass(slots=True)
class Body:
    """What was found in a mail's parts: texts in order, HTML, files, reports, mails inside it."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    inline_texts: list[str] = field(default_factory=list)
    nested: list["Nested"] = field(default_factory=list)
    plain_known: bool = False
    """Whether the same is known in plain text, so that HTML need not be made plain, which is slow."""
    answered: bool = False
    """Whether what a calendar or Outlook sends at a button's press is in it; of a mail that was read, nothing else."""
    encrypted: str = ""
    signed: str = ""


@dataclass(frozen=True, slots=True)
class Nested:
    """A mail inside the mail: its structure and the position in ``texts`` where it lay."""

    part: Part
    body: Body

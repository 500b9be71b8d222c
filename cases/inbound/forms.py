"""What a web form, an e-service or an app passed on by mail: the citizen behind ``noreply@`` and what they answered."""

from dataclasses import dataclass

from cases.case import Channel


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """The answers of one known form. All is what somebody typed: a claim, like ``From:``.

    ``source`` is the form's id in the settings. ``proven`` says whether the mail surely came from that source (DMARC,
    or handed in by a configured machine); where it did not, a person confirms the sender before anything is sent.
    ``email`` is an address or empty, never the form's own. ``answer_wanted`` is false where the citizen said no.
    """

    source: str
    channel: Channel
    proven: bool
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    anonymous: bool = False
    answer_wanted: bool = True
    place: str = ""
    category: str = ""
    subject: str = ""
    text: str = ""

    @property
    def understood(self) -> bool:
        """Whether any answer was recognised; a form that was changed without telling us gives none."""
        return bool(self.text or self.category or self.place or self.name or self.email or self.phone or self.subject)

"""What the API takes and gives, as its OpenAPI document describes it."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from cases.case import CaseStatus, Channel, Outcome
from cases.journal import EventKind
from cases.promises import PromiseKind
from cases.routing.areas import Area
from cases.routing.suggestion import CaseType

# What a browser takes for an address (HTML, 4.10.5.1.5), so that nothing typed can end a header.
_EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}$"
_MEDIA_TYPE = r"^[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}$"
_BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_ONE_LINE = r"^[^\x00-\x1f\x7f\u2028-\u202e\u2066-\u2069]*$"
# Blanks are what Python takes for them: it strips the four separators of ASCII too.
_SAYING = r"[^\s\x1c-\x1f]"
Line = Annotated[str, StringConstraints(max_length=200, pattern=_ONE_LINE)]
OtherChannel = Literal[
    Channel.LETTER,
    Channel.PHONE,
    Channel.VISIT,
    Channel.WEB,
    Channel.FORM,
    Channel.APP,
    Channel.FACEBOOK,
    Channel.DIALOGUE,
]


class _Strict(BaseModel):
    """Nothing that is not described is taken."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, str]] = Field(default_factory=list, description="Where a request is wrong, and how.")


class CaseOut(BaseModel):
    """A case as the register holds it; never the letter or its sender."""

    id: str
    number: str
    registry_number: str = Field(description="Diary number; empty where the case is not in a diary.")
    status: CaseStatus
    received_at: datetime
    channel: Channel
    type: CaseType | None
    area: Area | None
    unit: str = Field(description="Id of the unit; empty until a person has routed the case.")
    authority: str
    subject: str = Field(description="Neutral, in Swedish: as a person confirmed it, or made of type and area.")
    due: date | None = Field(description="The nearest promise to keep.")
    protected: bool = Field(description="Whether a confidentiality flag acts; which one is never told.")


class DeadlineOut(BaseModel):
    """A promise to the sender."""

    kind: PromiseKind
    due: date
    met_at: datetime | None


class CaseDetail(CaseOut):
    """A case with its promises and how it ended."""

    version: int = Field(description="Grows with every change.")
    outcome: Outcome | None
    closed_at: datetime | None
    deadlines: list[DeadlineOut]


class CaseList(BaseModel):
    """A page of cases, newest first."""

    items: list[CaseOut]
    total: int


class SenderIn(_Strict):
    """Whoever wrote, as far as they told."""

    name: Line = ""
    email: Annotated[str, StringConstraints(max_length=254, pattern=_EMAIL)] | None = None
    phone: Annotated[str, StringConstraints(max_length=60, pattern=_ONE_LINE)] = ""
    address: Annotated[str, StringConstraints(max_length=500)] = ""


class AttachmentIn(_Strict):
    """A file that came with the letter; its type is told from its content where it can be."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    content_type: Annotated[str, StringConstraints(pattern=_MEDIA_TYPE)] = "application/octet-stream"
    content: Annotated[str, StringConstraints(pattern=_BASE64)] = Field(description="Base64 (RFC 4648, section 4).")


class LetterIn(_Strict):
    """What a citizen wrote or said in another channel than e-mail."""

    subject: Line = ""
    body: Annotated[str, StringConstraints(min_length=1, max_length=100_000, pattern=_SAYING)]
    channel: OtherChannel
    sender: SenderIn | None = Field(default=None, description="Left out: anonymous, and no feedback is possible.")
    received_at: AwareDatetime | None = Field(default=None, description="When it came in; never later than now.")
    attachments: list[AttachmentIn] = Field(default_factory=list, max_length=20)


class LetterOut(BaseModel):
    """The case that a letter became."""

    id: str
    number: str
    received_at: datetime


class EventOut(BaseModel):
    """One line of a case's journal. ``text`` is empty where it might say more than what happened."""

    position: int
    id: str
    at: datetime
    kind: EventKind
    case_id: str
    case_number: str
    protected: bool
    text: str


class EventList(BaseModel):
    """Events in order; ask again with ``after`` set to ``next``."""

    items: list[EventOut]
    next: int

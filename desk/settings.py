"""What the desk must be told of the installation it serves, and what it shows of its neighbours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cases.case import Channel
from cases.inbound.messages import Attachment
from cases.letters.letter import LetterKind
from cases.letters.press import Press
from cases.letters.texts import LetterWorkshop
from cases.people.access import Grant, Role, User, Viewer
from cases.records.masking import Masker
from cases.records.personal_data import Extract
from cases.records.retention import RetentionRules
from cases.routing.learning import ModelKeeper
from desk.logo import DeskLogo
from desk.outside import ApiSettings, PublicSettings


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One line of the health page: what was looked at, whether it is well, and what to do where it is not."""

    name: str
    ok: bool
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class BoxMail:
    """One mail a citizen of the demonstration received."""

    received_at: datetime
    sender: str
    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class BoxView:
    """The mailbox of one citizen of the demonstration, newest mail first."""

    address: str
    name: str
    mails: tuple[BoxMail, ...]


@dataclass(frozen=True, slots=True)
class VariableField:
    """How one variable of a letter is asked for: by which words, in a ``text``, a ``short`` one or a ``date``."""

    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class LetterFields:
    """How what a letter leaves open is asked for.

    ``own_labels`` are the words where a letter means something of its own by a variable; ``optional`` are those that
    it does without where nobody writes them.
    """

    variables: Mapping[str, VariableField] = field(default_factory=dict)
    own_labels: Mapping[tuple[LetterKind, str], str] = field(default_factory=dict)
    optional: Mapping[LetterKind, Sequence[str]] = field(default_factory=dict)

    def of(self, name: str, letter: LetterKind) -> VariableField:
        """The field of a variable in this letter; one that nobody has described is asked for by its name."""
        known = self.variables.get(name, VariableField(name.replace("_", " ").capitalize()))
        return replace(known, label=self.own_labels.get((letter, name), known.label))


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The municipality's own log-in (OpenID Connect Core 1.0).

    ``claim`` is what in the ID token says who it is, compared with a person's e-mail address; ``email`` counts only
    where the provider says it is verified. ``groups`` turn members of a group into holders of roles, and then every
    log-in sets the person's roles; empty, roles are set on the desk. ``ca_file`` replaces the usual certificate
    authorities, ``proxy`` the environment's proxy; both may be empty.
    """

    issuer: str
    client_id: str
    client_secret: str = ""
    label: str = "kommunens inloggning"
    claim: str = "email"
    scopes: str = "openid email profile"
    groups_claim: str = "groups"
    groups: tuple[tuple[str, Grant], ...] = ()
    ca_file: str = ""
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class LoginSettings:
    """How people log in: with passwords of our own or not, who needs one-time codes besides, how long at the most.

    ``log_days`` is how long the log of accounts is kept.
    """

    local: bool = True
    code_roles: frozenset[Role] = frozenset()
    longest_hours: int = 12
    log_days: int = 730
    oidc: OidcSettings | None = None


@dataclass(frozen=True, slots=True)
class RoutineSettings:
    """What the municipality's routine lets people choose among, and where it stands.

    ``channels`` are the ways in that *Nytt ärende* offers, ``refused`` in words the ways that make no case,
    ``sender_kinds`` who may have written, ``no_case_reasons`` why a letter is no case. ``adopted`` is a sentence,
    ``threat_policy`` an address; both may be empty.
    """

    channels: tuple[Channel, ...] = tuple(Channel)
    refused: tuple[str, ...] = ()
    sender_kinds: tuple[str, ...] = ("Invånare", "Närstående", "Myndighet", "Förening", "Besökare")
    no_case_reasons: tuple[str, ...] = ()
    adopted: str = ""
    threat_policy: str = ""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of a demonstration; its log-in page offers to be them, and tells what one ``sees`` then."""

    email: str
    name: str
    title: str
    sees: str
    password: str


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """How this desk is set up.

    ``secret`` seals cookies and one-time codes and must be long and private; ``https_only`` marks cookies Secure and
    sends HSTS. ``base_url`` is the address people use. ``help_path`` links to the handbook, ``demo_banner`` is shown on
    top of every page of a demonstration.
    ``unfetched`` are the lines of the mailboxes from which no letters come just now.
    ``mailboxes_page`` and ``demo_people`` are given only by a demonstration.
    ``model`` tells which model suggests, and takes one back.
    ``public`` and ``api`` are None where they are switched off.
    ``logo`` stands over the pages, and in the letters that name it. ``routine`` is the municipality's own.
    ``outage`` says in Swedish what an error means that is the database's own, and nothing of others.
    ``press`` sets letters and documents as PDF, ``masker`` finds personal details in what is handed out, ``attach``
    makes an attachment of name, declared type and content (named harmlessly, looked at for viruses); without them the
    desk offers no paper, no masking and no files along with an answer.
    """

    municipality: str
    secret: str
    https_only: bool = True
    idle_minutes: int = 30
    login: LoginSettings = field(default_factory=LoginSettings)
    base_url: str = ""
    help_path: str = ""
    demo_banner: str = ""
    demo_people: Sequence[DemoPerson] = ()
    letter_fields: LetterFields = field(default_factory=LetterFields)
    mailboxes_page: Callable[[], Sequence[BoxView]] | None = None
    health: Callable[[], Sequence[HealthLine]] | None = None
    unfetched: Callable[[], Sequence[HealthLine]] = tuple
    outage: Callable[[Exception], str] = lambda _problem: ""
    press: Press | None = None
    masker: Masker | None = None
    attach: Callable[[str, str, bytes], Attachment] | None = None
    model: ModelKeeper | None = None
    public: PublicSettings | None = None
    api: ApiSettings | None = None
    retention: RetentionRules = field(default_factory=RetentionRules)
    workshop: LetterWorkshop | None = None
    extract_package: Callable[[Extract, datetime], bytes] | None = None
    letter_languages: frozenset[str] = frozenset({"sv"})
    logo: DeskLogo | None = None
    routine: RoutineSettings = field(default_factory=RoutineSettings)


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """Who asks an extra page for what; ``query`` is the query string's last value of each name."""

    user: User
    viewer: Viewer
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PageForm:
    """One button on an extra page, with what is said beside it and what it sends; the desk adds its token."""

    button: str
    text: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A page (``html`` is a trusted fragment, already escaped) or, where ``content`` is given, a file to download."""

    title: str
    html: str = ""
    content: bytes = b""
    content_type: str = "application/octet-stream"
    filename: str = ""
    form: PageForm | None = None


@dataclass(frozen=True, slots=True)
class ExtraPage:
    """A page from another room, shown in the menu to those who hold one of the roles; ``path`` begins with ``/``.

    ``act`` takes what the page's form sent, as its ``query``, and returns the path to go on to and what is said there.
    """

    path: str
    label: str
    roles: frozenset[Role]
    answer: Callable[[PageQuestion], PageAnswer]
    act: Callable[[PageQuestion], tuple[str, str]] | None = None

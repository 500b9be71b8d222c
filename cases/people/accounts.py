"""Log-ins: what an account needs besides the person, sessions, tries, and the log of who came in; and the people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cases.people.access import User


class Way(StrEnum):
    """How a session began."""

    LOCAL = "local"
    OIDC = "oidc"


class AccountEvent(StrEnum):
    """What the log of log-ins and accounts tells."""

    CAME_IN = "came_in"
    FAILED = "failed"
    HELD = "held"
    REFUSED = "refused"
    LEFT = "left"
    ENDED = "ended"
    RENEWED = "renewed"
    RESET = "reset"
    CODE_ON = "code_on"
    CODE_OFF = "code_off"
    CODES_NEW = "codes_new"
    CODE_SPENT = "code_spent"
    ADDED = "added"
    CHANGED = "changed"
    GROUPS = "groups"
    BOUND = "bound"
    UNBOUND = "unbound"
    API_ADDED = "api_added"
    API_REVOKED = "api_revoked"
    HOOK_ADDED = "hook_added"
    HOOK_ENDED = "hook_ended"


ACCOUNT_EVENT_NAMES: dict[AccountEvent, str] = {
    AccountEvent.CAME_IN: "Loggade in",
    AccountEvent.FAILED: "Fel lösenord eller kod",
    AccountEvent.HELD: "För många försök, fick vänta",
    AccountEvent.REFUSED: "Nekades av kommunens inloggning",
    AccountEvent.LEFT: "Loggade ut",
    AccountEvent.ENDED: "Inloggningar avslutade",
    AccountEvent.RENEWED: "Bytte lösenord",
    AccountEvent.RESET: "Fick nytt engångslösenord",
    AccountEvent.CODE_ON: "Tvåstegsinloggning på",
    AccountEvent.CODE_OFF: "Tvåstegsinloggning av",
    AccountEvent.CODES_NEW: "Nya reservkoder",
    AccountEvent.CODE_SPENT: "Använde en reservkod",
    AccountEvent.ADDED: "Person tillagd",
    AccountEvent.CHANGED: "Person ändrad",
    AccountEvent.GROUPS: "Roller ändrade efter grupper",
    AccountEvent.BOUND: "Kopplad till kommunens inloggning",
    AccountEvent.UNBOUND: "Kopplingen till kommunens inloggning borttagen",
    AccountEvent.API_ADDED: "Nyckel till ett annat system skapad",
    AccountEvent.API_REVOKED: "Nyckel till ett annat system återkallad",
    AccountEvent.HOOK_ADDED: "Mottagare av händelser tillagd",
    AccountEvent.HOOK_ENDED: "Mottagare av händelser borttagen",
}


@dataclass(frozen=True, slots=True)
class Account:
    """What a log-in needs besides the person.

    ``must_change``: a new password is asked for before anything else; until then the one an administrator gave works,
    and no longer than ``password_until``. ``code_secret`` is the sealed secret of one-time codes (empty: none) and
    ``code_step`` the last 30-second step whose code was used (RFC 6238 5.2: no code works twice). ``subject`` is who
    the person is to the municipality's own log-in: issuer and ``sub``, a line feed between.
    """

    user_id: str
    must_change: bool = False
    password_until: datetime | None = None
    code_secret: str = ""
    code_step: int = 0
    subject: str = ""


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A log-in that lasts. ``key`` is the digest of the cookie's token, so that a copy of the database opens nothing.

    ``stamp`` ties it to the password it began with; ``verified`` is false while a code is still to be given;
    ``agent`` says in two words which browser it is.
    """

    key: str
    user_id: str
    began_at: datetime
    seen_at: datetime
    way: Way
    stamp: str
    verified: bool
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed tries in a row under one key, when the last was, and until when the next must wait."""

    failed: int = 0
    last_at: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of the log: never a password, a code or a token. ``user_id`` is empty where nobody was found.

    ``actor_id`` is who did it: the person, an administrator, or ``system`` for the command line. ``address`` is the
    client's IP address.
    """

    at: datetime
    kind: AccountEvent
    user_id: str
    actor_id: str
    address: str = ""
    text: str = ""


class Accounts(Protocol):
    """Accounts, sessions, tries and their log."""

    def account(self, user_id: str) -> Account:
        """A user's account; an empty one where none was kept."""

    def accounts(self) -> Mapping[str, Account]:
        """Every account that is kept, by its user's id."""

    def save_account(self, account: Account) -> None:
        """Keep an account. Its user exists."""

    def user_id_of_subject(self, subject: str) -> str:
        """Whose account is bound to this subject; empty where nobody's is."""

    def spend_step(self, user_id: str, step: int) -> bool:
        """Note that the code of this step was used; False, on whatever machine, where it or a later one was."""

    def save_spare_codes(self, user_id: str, keys: Sequence[str]) -> None:
        """Keep the digests of spare codes instead of those from before."""

    def spend_spare_code(self, user_id: str, key: str) -> bool:
        """Use up a spare code; False where there is none such."""

    def spare_codes_left(self, user_id: str) -> int:
        """How many spare codes are unused."""

    def add_session(self, session: StoredSession) -> None:
        """Begin a session."""

    def session(self, key: str) -> StoredSession | None:
        """The session with this key."""

    def touch_session(self, key: str, at: datetime) -> None:
        """A person acted in it just now."""

    def end_session(self, key: str) -> None:
        """End it for good; nothing where it is ended."""

    def end_sessions(self, user_id: str, *, but: str = "") -> int:
        """End every session of a user but the one with this key; returns how many."""

    def sessions(self, user_id: str) -> Sequence[StoredSession]:
        """A user's sessions, last seen first."""

    def drop_sessions(self, seen_before: datetime, began_before: datetime) -> None:
        """Forget sessions that have timed out."""

    def tries(self, key: str) -> Tries:
        """The tries under a key, which nobody else may count until the transaction ends."""

    def save_tries(self, key: str, tries: Tries) -> None:
        """Keep the tries under a key; none are forgotten at once."""

    def forget_tries(self, before: datetime) -> None:
        """Forget keys whose last try was before then."""

    def add_access(self, line: AccessLine) -> None:
        """Append to the log of log-ins and accounts."""

    def forget_access(self, before: datetime) -> None:
        """Forget what the log told of before then: it says who worked when, which nobody needs for ever."""

    def access_log(
        self, limit: int = 500, user_id: str = "", since: datetime | None = None, until: datetime | None = None
    ) -> Sequence[AccessLine]:
        """The log, newest first; of one user, from a moment on and before another, where given."""


class People(Accounts, Protocol):
    """Users, what they log in with, and small facts."""

    def add_user(self, user: User) -> None:
        """Insert or replace a user, their grants included."""

    def user(self, user_id: str) -> User:
        """Raises NotFound."""

    def hold_user(self, user_id: str) -> User:
        """The same, for this transaction alone until it ends: whoever changes a user asks so. Raises NotFound."""

    def user_by_email(self, email: str) -> User | None:
        """Case-insensitive."""

    def users(self) -> Sequence[User]:
        """All users by name."""

    def save_setting(self, key: str, value: str) -> None:
        """Keep a small fact (last poll, secret of the installation ...)."""

    def setting(self, key: str) -> str:
        """A kept fact, or empty."""

    def held_setting(self, key: str) -> str:
        """The same, for this transaction alone until it ends: whoever makes the new value of the old asks so."""

"""The office in which the steps are taken: the profile's rules and the tools, handed to each step as one argument."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cases.calendar import WorkingCalendar
from cases.case import Case, Outcome
from cases.people.access import EVERYWHERE, Role, User, Viewer
from cases.people.organisation import Organisation, Unit
from cases.ports import NewId, Renderer
from cases.promises import Promise
from cases.records.public import new_token
from cases.routing.areas import Area
from cases.routing.matching import Analyse


def plain_words(text: str) -> Sequence[str]:
    """The words of a text as they are written."""
    return text.lower().split()


def _nothing_found(_text: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class LetterRules:
    """Which letters leave by themselves, and when.

    ``notices_per_sender`` and ``notices_per_hour`` are how many mails of new cases a registrator gets in an hour: of
    one sender's, and of all. ``receipts_per_day`` is how many one address gets; a receipt waits for the model for
    ``receipt_wait_minutes``. ``delay_notice`` says whether the citizen is told that an answer takes longer (R5), with
    the reason and the day that hold where nobody wrote others; ``remind_working_days`` how long before that the
    handläggare is asked for them. ``forward_notice`` tells the citizen of a new unit (R9), ``department_head_copy``
    the förvaltningschef of a new case and its answer (R17).
    """

    receipts_per_day: int = 5
    receipt_wait_minutes: int = 60
    notices_per_sender: int = 5
    notices_per_hour: int = 30
    forward_notice: bool = True
    department_head_copy: bool = False
    delay_notice: bool = True
    delay_reason: str = "Vi behöver mer tid för att gå igenom ditt ärende."
    delay_working_days: int = 10
    remind_working_days: int = 1


@dataclass(frozen=True, slots=True)
class EscalationRules:
    """When the chef is told at once, of something serious or a threat (R7, R8), or is given the case by its sender.

    A letter that nobody has opened for ``serious_minutes`` alarms the chef too. ``on_unhappy`` is a sender who is not
    content with the answer (R6), ``on_request`` one who asks for the chef (R30).
    """

    on_serious: bool = True
    on_threat: bool = True
    on_unhappy: bool = False
    on_request: bool = False
    serious_minutes: int = 30


@dataclass(frozen=True, slots=True)
class Office:
    """What the steps need to know of the municipality.

    ``case_pattern`` numbers cases; ``mail_domain`` ends our Message-IDs; ``reply_pattern`` is an address with
    ``{token}``, or empty where the mail server knows no sub-addresses; ``own_addresses`` are never answered;
    ``desk_url`` begins links to the desk. ``screen`` names, in Swedish, what a free text must not hold (personnummer
    ...); ``mask`` puts stand-ins for people's names and numbers in what goes into the register;
    ``analyse`` gives the lemma of a word and the parts of a compound.
    ``constants`` are texts of the municipality that letters may use. ``internal_domains`` are the municipality's own,
    whose senders are staff. ``outcome_roles`` say who may end a case how (O23), anybody where an outcome is not named.
    ``quick_close`` says whether a unit may end small things in one step (R25), ``unit_first`` whether the suggested
    unit's own registrators route a case (R16); ``hallmarks`` are the tags a case may have (R23).
    ``review_month`` is when the kansli looks over the ``routine``, by its name (O27); 0, never.
    ``today`` tells the local day, by which a named substitute may read; without it nobody is one.
    ``auto_confirm_areas`` are routed without a person where the model is at least ``auto_confirm_confidence`` sure;
    empty, none is.
    ``public_url`` begins a citizen's link to an own case, which opens for ``link_days`` and ends with ``new_token``;
    empty, receipts have none. ``ask_if_helped`` lets an answer ask on that page whether it was of help.
    ``secret`` signs the addresses that staff answer to; empty, there are none, and a reply is known by the Message-ID
    it answers.
    """

    organisation: Organisation
    promises: tuple[Promise, ...]
    calendar: WorkingCalendar
    renderer: Renderer
    new_id: NewId
    case_pattern: str
    mail_domain: str
    desk_url: str
    own_addresses: frozenset[str] = frozenset()
    internal_domains: frozenset[str] = frozenset()
    reply_pattern: str = ""
    letters: LetterRules = field(default_factory=LetterRules)
    escalation: EscalationRules = field(default_factory=EscalationRules)
    auto_confirm_areas: frozenset[Area] = frozenset()
    auto_confirm_confidence: float = 1.0
    quick_close: bool = False
    unit_first: bool = False
    hallmarks: tuple[str, ...] = ()
    review_month: int = 0
    routine: str = ""
    today: Callable[[], date] | None = None
    outcome_roles: Mapping[Outcome, frozenset[Role]] = field(default_factory=dict)
    screen: Callable[[str], Sequence[str]] = _nothing_found
    mask: Callable[[str], str] = str
    analyse: Analyse = plain_words
    constants: Mapping[str, str] = field(default_factory=dict)
    box_authorities: Mapping[str, str] = field(default_factory=dict)
    """The nämnd of each mailbox, by the mailbox's name."""
    public_url: str = ""
    link_days: int = 365
    ask_if_helped: bool = False
    new_token: Callable[[], str] = new_token
    secret: bytes = field(default=b"", repr=False)

    def viewer(self, user: User) -> Viewer:
        """Resolve a person's grants to the units and authorities they reach (Rulings, Access)."""
        registrator, diaries = self._units(user, Role.REGISTRATOR), self._diaries(user)
        return Viewer(
            user_id=user.id,
            member_units=registrator | self._units(user, Role.HANDLAGGARE) | self._units(user, Role.CHEF),
            registrator_units=registrator,
            chef_units=self._units(user, Role.CHEF),
            diary_authorities=diaries,
            entered_authorities=self._entered_in(diaries),
            sees_unflagged=any(g.role is Role.REGISTRATOR and g.scope == EVERYWHERE for g in user.grants),
            whistle=user.has(Role.VISSELMOTTAGARE),
            stands_in_for=user.stands_in_on(self.today()) if self.today else frozenset(),
        )

    def unit_of(self, case: Case) -> Unit:
        """Who answers for a case today: its unit, or who took over from one that is no more; else the central one.

        What is protected goes to no other nämnd by that.
        """
        tree = self.organisation
        unit = tree.units.get(tree.unit_now(case.unit_id))
        if unit is None or (case.protected and tree.authority_of(unit.id).id != case.authority_id):
            return tree.units.get(case.unit_id) or tree.unit(tree.central_unit)
        return unit

    def message_id(self, letter_id: str) -> str:
        """The Message-ID of a letter out (RFC 5322 3.6.4), the same at each try to send it."""
        return f"<{letter_id}@{self.mail_domain}>"

    def _units(self, user: User, role: Role) -> frozenset[str]:
        """The units a role reaches; ``*`` reaches those of the home authority, for each nämnd is its own authority."""
        tree, scopes = self.organisation, self._scopes(user, role)
        found = set[str]()
        for unit in tree.units.values():
            authority = tree.authority_of(unit.id).id
            everywhere = EVERYWHERE in scopes and authority == tree.home_authority
            if everywhere or scopes & {unit.id, unit.department_id, authority}:
                found.add(unit.id)
        return frozenset(found)

    def _diaries(self, user: User) -> frozenset[str]:
        tree, scopes = self.organisation, self._scopes(user, Role.REGISTRATOR)
        if EVERYWHERE in scopes:
            scopes |= {tree.home_authority}
        return scopes.intersection(tree.authorities)

    def _entered_in(self, diaries: frozenset[str]) -> frozenset[str]:
        tree = self.organisation
        return frozenset(one for one in tree.authorities if tree.diary_of(one).id in diaries) - diaries

    def _scopes(self, user: User, role: Role) -> frozenset[str]:
        """What a role is held for; a grant from before a reorganisation holds for the unit that took over too."""
        granted = frozenset(grant.scope for grant in user.grants if grant.role is role)
        # A nämnd or förvaltning may bear the id that a unit had, and the grant on it goes on.
        return granted | {self.organisation.unit_now(scope) for scope in granted}

"""The settings as the service receives them, and the tables of the TOML file they are read from."""

from dataclasses import dataclass
from typing import Annotated

from cases.people.organisation import Organisation
from cases.promises import Promise
from config.intake import AntivirusSettings, FormMailSettings
from config.kinds import BOOLEAN, PORT, SECRET, integer, list_of
from config.letters import CalendarSettings, LetterSettings, LinkSettings, NumberingSettings
from config.login import LoginGroupSettings, LoginSettings
from config.mail import IntakeSettings, MailboxSettings, SmtpSettings
from config.operation import AlarmSettings, BackupSettings, ExpirySettings, ProbeSettings, WatchSettings
from config.outside import ApiSettings, PublicSettings
from config.paper import BlankettSettings, PaperSettings
from config.people import (
    AreaTable,
    AuthorityTable,
    DepartmentTable,
    MunicipalitySettings,
    OrganisationTable,
    PromiseTable,
    UnitTable,
)
from config.places import DATABASE_URL, HOST, NETWORK, SECURE_URL
from config.schema import Key, Table
from config.secret import Secret
from config.work import (
    CaseSettings,
    ClassifierSettings,
    EscalationSettings,
    OutcomeSettings,
    ReportSettings,
    RetentionRuleSettings,
    RetentionSettings,
    RoutineSettings,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseTable:
    """Where the database is; a password belongs in ``password_env`` or ``password_file``."""

    url: Annotated[
        str,
        Key(
            DATABASE_URL,
            "SQLite för en kommun, PostgreSQL för många. Skriv inget lösenord här.",
            default="sqlite:////var/lib/lyhord/lyhord.sqlite",
            example="postgresql+psycopg://lyhord@db.kommunen.example/lyhord",
        ),
    ]
    password: Annotated[
        Secret | None,
        Key(SECRET, "Databasens lösenord, för PostgreSQL.", default=None, example="LYHORD_DATABASE_PASSWORD"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """``url`` is complete, with its password, and therefore a secret."""

    url: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """Where the desk is served and how its sessions are kept."""

    base_url: Annotated[
        str, Key(SECURE_URL, "Adressen som personalen når skrivbordet på.", example="https://lyhord.kommunen.example")
    ]
    host: Annotated[str, Key(HOST, "Adressen som skrivbordet lyssnar på.", default="127.0.0.1")]
    port: Annotated[int, Key(PORT, "Porten som skrivbordet lyssnar på.", default=8080)]
    session_idle_minutes: Annotated[
        int, Key(integer(5, 1440, "minuter"), "Hur länge en inloggning räcker utan att något görs.", default=60)
    ]
    secret: Annotated[
        Secret,
        Key(
            SECRET, "Nyckel som signerar inloggningar och svarsadresser, minst 32 tecken.", example="LYHORD_DESK_SECRET"
        ),
    ]
    https_only: Annotated[bool, Key(BOOLEAN, "Kräv https. Bara den egna maskinen får vara utan.", default=True)]
    trusted_proxies: Annotated[
        tuple[str, ...],
        Key(
            list_of(NETWORK),
            "Egna mellanservrar vars uppgift om klientens adress gäller.",
            default=(),
            example=["127.0.0.1"],
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """The TOML file, table by table."""

    municipality: Annotated[
        MunicipalitySettings, Table(MunicipalitySettings, "Kommunen, som den som skriver möter den.")
    ]
    routine: Annotated[RoutineSettings, Table(RoutineSettings, "Rutinen som profilen följer.")]
    mailboxes: Annotated[tuple[MailboxSettings, ...], Table(MailboxSettings, "Brevlådor att läsa.", many=True, least=1)]
    intake: Annotated[IntakeSettings, Table(IntakeSettings, "Vad i brevens huvud som går att lita på.")]
    form_mails: Annotated[
        tuple[FormMailSettings, ...],
        Table(FormMailSettings, "Formulär, e-tjänster och appar som skickar brev åt medborgare.", many=True),
    ]
    antivirus: Annotated[AntivirusSettings, Table(AntivirusSettings, "Virusskydd för bilagor, med ClamAV.")]
    paper: Annotated[PaperSettings, Table(PaperSettings, "Brev på papper och bifogade dokument.")]
    blanketter: Annotated[
        tuple[BlankettSettings, ...],
        Table(BlankettSettings, "Tryckta blanketter: vilken ledtext som svarar mot vilket fält.", many=True),
    ]
    smtp: Annotated[SmtpSettings, Table(SmtpSettings, "Hur brev skickas.")]
    database: Annotated[DatabaseTable, Table(DatabaseTable, "Databasen.")]
    desk: Annotated[DeskSettings, Table(DeskSettings, "Skrivbordet, där personalen arbetar.")]
    login: Annotated[LoginSettings, Table(LoginSettings, "Hur personalen loggar in på skrivbordet.")]
    login_groups: Annotated[
        tuple[LoginGroupSettings, ...],
        Table(
            LoginGroupSettings,
            "Grupper hos kommunens egen inloggning som ger roller. Finns en enda, så gäller grupperna för alla som "
            "loggar in där, och rollerna ändras inte på skrivbordet.",
            many=True,
        ),
    ]
    public: Annotated[
        PublicSettings,
        Table(
            PublicSettings,
            "Öppna sidor för invånare. Allt är avslaget från början. Vad de visar, och vad de aldrig visar, står i "
            "handbokens kapitel Öppna sidor för invånare (docs/handbok/oppna-sidor.md).",
        ),
    ]
    api: Annotated[ApiSettings, Table(ApiSettings, "Gränssnitt för andra system. Avslaget från början.")]
    numbering: Annotated[NumberingSettings, Table(NumberingSettings, "Ärendenummer.")]
    promises: Annotated[
        tuple[PromiseTable, ...], Table(PromiseTable, "Vad kommunen lovar.", many=True, least=1, identity="kind")
    ]
    letters: Annotated[LetterSettings, Table(LetterSettings, "Brev ut.")]
    calendar: Annotated[CalendarSettings, Table(CalendarSettings, "När brev går iväg. Helgdagar känner Lyhörd själv.")]
    cases: Annotated[CaseSettings, Table(CaseSettings, "Vad som är ett ärende.")]
    outcomes: Annotated[
        tuple[OutcomeSettings, ...],
        Table(
            OutcomeSettings,
            "Hur ett ärende kan sluta, och vem som får välja det.",
            many=True,
            least=1,
            identity="outcome",
        ),
    ]
    escalation: Annotated[EscalationSettings, Table(EscalationSettings, "När chefen får veta eller tar över.")]
    reports: Annotated[ReportSettings, Table(ReportSettings, "Sammanställningar.")]
    links: Annotated[LinkSettings, Table(LinkSettings, "Sidor som brev och skrivbord hänvisar till.")]
    classifier: Annotated[ClassifierSettings, Table(ClassifierSettings, "Klassificeringen.")]
    retention: Annotated[RetentionSettings, Table(RetentionSettings, "Gallring.")]
    retention_rules: Annotated[
        tuple[RetentionRuleSettings, ...],
        Table(
            RetentionRuleSettings,
            "Egna gallringsregler för vissa ärenden. Den första som passar gäller, och `[retention]` för resten.",
            many=True,
        ),
    ]
    backup: Annotated[BackupSettings, Table(BackupSettings, "Säkerhetskopior, som lyhord backup gör dem.")]
    watch: Annotated[WatchSettings, Table(WatchSettings, "Mätvärden och logg.")]
    alarms: Annotated[AlarmSettings, Table(AlarmSettings, "Driftlarm. Utan mail_to och webhook larmas ingen.")]
    expiries: Annotated[
        tuple[ExpirySettings, ...],
        Table(ExpirySettings, "Certifikat, hemligheter och annat som slutar gälla en viss dag.", many=True),
    ]
    probe: Annotated[ProbeSettings, Table(ProbeSettings, "Provbrev till den egna brevlådan. Avslaget från början.")]
    organisation: Annotated[OrganisationTable, Table(OrganisationTable, "Vart det går som ingen enhet är utpekad för.")]
    authorities: Annotated[
        tuple[AuthorityTable, ...],
        Table(AuthorityTable, "Nämnder. Var och en är en egen myndighet.", many=True, least=1),
    ]
    departments: Annotated[tuple[DepartmentTable, ...], Table(DepartmentTable, "Förvaltningar.", many=True, least=1)]
    units: Annotated[tuple[UnitTable, ...], Table(UnitTable, "Enheter, som får ärenden.", many=True, least=1)]
    areas: Annotated[AreaTable, Table(AreaTable, "Vilken enhet som svarar för vilket ämne.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a municipality has chosen, checked; hand each part to whom it concerns.

    ``source`` is the file or profile it was loaded from and ``profile`` the shipped profile it builds on, or empty.
    """

    source: str
    profile: str
    municipality: MunicipalitySettings
    routine: RoutineSettings
    organisation: Organisation
    mailboxes: tuple[MailboxSettings, ...]
    intake: IntakeSettings
    form_mails: tuple[FormMailSettings, ...]
    antivirus: AntivirusSettings
    paper: PaperSettings
    blanketter: tuple[BlankettSettings, ...]
    smtp: SmtpSettings
    database: DatabaseSettings
    desk: DeskSettings
    login: LoginSettings
    login_groups: tuple[LoginGroupSettings, ...]
    public: PublicSettings
    api: ApiSettings
    numbering: NumberingSettings
    promises: tuple[Promise, ...]
    letters: LetterSettings
    calendar: CalendarSettings
    cases: CaseSettings
    outcomes: tuple[OutcomeSettings, ...]
    escalation: EscalationSettings
    reports: ReportSettings
    links: LinkSettings
    classifier: ClassifierSettings
    retention: RetentionSettings
    retention_rules: tuple[RetentionRuleSettings, ...]
    backup: BackupSettings
    watch: WatchSettings
    alarms: AlarmSettings
    expiries: tuple[ExpirySettings, ...]
    probe: ProbeSettings

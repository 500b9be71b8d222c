"""The keys of mail in and mail out: mailboxes, log-in, what is trusted, SMTP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from config.kinds import (
    FILE,
    LINE,
    PORT,
    SECRET,
    SLUG,
    SPAM_HEADER,
    choice,
    integer,
    list_of,
    optional,
)
from config.places import EMAIL, HOST, OWN_SERVER, REPLY_ADDRESS, SECURE_URL, URL, WEB_PROXY
from config.schema import Key, Table
from config.secret import Secret

_TLS = choice("tls", "starttls", "none")
# What every server that is dialled has, whichever way the mail goes.
_CaFile = Annotated[
    Path | Literal[""],
    Key(optional(FILE), "Egen utgivares certifikat (PEM), om servern inte har ett allmänt.", default=""),
]
_Proxy = Annotated[
    str,
    Key(
        optional(URL),
        "Mellanserver ut (HTTP CONNECT), om servern bara nås genom en sådan.",
        default="",
        example="http://proxy.kommunen.example:3128",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthSettings:
    """Client credentials for XOAUTH2: where the token is fetched, for whom, and the service's own secret."""

    authority: Annotated[
        str,
        Key(
            SECURE_URL,
            "Tjänsten som ger nyckeln till brevlådan. I Microsoft 365: https://login.microsoftonline.com/ och er "
            "katalogs id.",
            example="https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000",
        ),
    ]
    client_id: Annotated[str, Key(LINE, "Appens id i katalogen.", example="00000000-0000-0000-0000-000000000000")]
    client_secret: Annotated[Secret, Key(SECRET, "Appens hemlighet.", example="LYHORD_OAUTH_SECRET")]
    scope: Annotated[
        str,
        Key(LINE, "Vad nyckeln ska gälla för.", default="https://outlook.office365.com/.default"),
    ]
    ca_file: Annotated[
        Path | Literal[""],
        Key(optional(FILE), "Egen utgivares certifikat (PEM), om tjänsten inte har ett allmänt.", default=""),
    ]
    proxy: Annotated[str, WEB_PROXY]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxSettings:
    """One mailbox to read: whose it is, where it lies, how one logs in, and how much is fetched at a time."""

    id: Annotated[str, Key(SLUG, "Brevlådans id, som står i loggar och på skrivbordet.", example="synpunkter")]
    name: Annotated[str, Key(LINE, "Brevlådans namn för människor.", example="Synpunkter")]
    authority: Annotated[
        str,
        Key(
            SLUG,
            "Id för nämnden som brevlådan tillhör. Dess registratorer på skrivbordet fördelar breven; har den inga gör "
            "kansliet det.",
            example="ks",
        ),
    ]
    addresses: Annotated[
        tuple[str, ...],
        Key(
            list_of(EMAIL, least=1),
            "Adresserna som går till brevlådan, den annonserade först. Lyhörd skickar aldrig brev till dem.",
            rules="O10",
            example=["synpunkter@kommunen.example"],
        ),
    ]
    host: Annotated[str, Key(HOST, "IMAP-serverns namn.", example="outlook.office365.com")]
    port: Annotated[int, Key(PORT, "IMAP-serverns port.", default=993)]
    tls: Annotated[
        Literal["tls", "starttls", "none"],
        Key(_TLS, "Kryptering: tls från början, starttls, eller none (bara till den egna maskinen).", default="tls"),
    ]
    ca_file: _CaFile
    proxy: _Proxy
    inbox: Annotated[str, Key(LINE, "Mappen där breven kommer in.", default="INBOX")]
    junk: Annotated[
        str,
        Key(
            optional(LINE),
            "Mappen för skräppost. Ett brev har kommit in också när det fastnar där; tomt om det inte finns någon.",
            default="",
            example="Junk Email",
        ),
    ]
    done: Annotated[str, Key(LINE, "Mappen dit hämtade brev flyttas. Inget raderas.", default="Mottagna")]
    login: Annotated[
        Literal["password", "xoauth2"],
        Key(
            choice("password", "xoauth2"),
            "Hur man loggar in. Microsoft 365 och Google kräver xoauth2.",
            default="password",
        ),
    ]
    user: Annotated[str, Key(LINE, "Användarnamnet i brevlådan.", example="synpunkter@kommunen.example")]
    password: Annotated[
        Secret | None,
        Key(
            SECRET,
            "Lösenordet, för login = password.",
            default=None,
            when=("login", "password", "password"),
            example="LYHORD_IMAP_PASSWORD",
        ),
    ]
    oauth2: Annotated[
        OAuthSettings | None,
        Table(OAuthSettings, "Nyckelhämtning, för login = xoauth2.", when=("login", "xoauth2", "password")),
    ]
    poll_seconds: Annotated[
        int, Key(integer(5, 3600, "sekunder"), "Hur ofta brevlådan läses när servern inte säger till.", default=60)
    ]
    batch_size: Annotated[int, Key(integer(1, 1000, "brev"), "Hur många brev som hämtas åt gången.", default=50)]
    max_message_bytes: Annotated[
        int,
        Key(
            integer(100_000, 500_000_000, "byte"),
            "Större brev hämtas inte utan läggs åt sidan för en människa.",
            default=52_428_800,
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """Which servers' lines in a letter's head are believed; everybody else's may be forged."""

    own_servers: Annotated[
        tuple[str, ...],
        Key(
            list_of(OWN_SERVER),
            "Egna servrar, som de skriver sitt namn i Received. Den tidigaste raden från dem säger när brevet kom in; "
            "tomt betyder IMAP-serverns tid. I Microsoft 365: .outlook.com.",
            default=(),
            example=["mx.kommunen.example"],
        ),
    ]
    authserv_ids: Annotated[
        tuple[str, ...],
        Key(
            list_of(HOST),
            "Namnen som egna servrar skriver först i Authentication-Results (RFC 8601). Andras tror vi inte på.",
            default=(),
            example=["mx.kommunen.example"],
        ),
    ]
    spam_headers: Annotated[
        tuple[str, ...],
        Key(
            list_of(SPAM_HEADER),
            "Huvuden som ert eget filter sätter på skräppost: namn, kolon och hur värdet börjar.",
            default=("X-Spam-Flag: YES",),
        ),
    ]
    trusted_header: Annotated[
        str,
        Key(
            optional(SPAM_HEADER),
            "Huvudet som egna servrar sätter på mejl inifrån kommunen, för medarbetares svar när DMARC saknas "
            "(samma katalog i Microsoft 365): namn, kolon och hela värdet. Läs docs/decisions/senders.md först.",
            default="",
            example="X-MS-Exchange-Organization-AuthAs: Internal",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """How letters leave: server, log-in, and the addresses they carry."""

    host: Annotated[str, Key(HOST, "SMTP-serverns namn.", example="smtp.kommunen.example")]
    port: Annotated[int, Key(PORT, "SMTP-serverns port.", default=587)]
    tls: Annotated[
        Literal["tls", "starttls", "none"],
        Key(
            _TLS, "Kryptering: tls från början, starttls, eller none (bara till den egna maskinen).", default="starttls"
        ),
    ]
    ca_file: _CaFile
    proxy: _Proxy
    login: Annotated[
        Literal["none", "password", "xoauth2"],
        Key(
            choice("none", "password", "xoauth2"),
            "Hur man loggar in; none om servern känner igen maskinen.",
            default="none",
        ),
    ]
    user: Annotated[str, Key(optional(LINE), "Användarnamnet hos SMTP-servern.", default="")]
    password: Annotated[
        Secret | None,
        Key(
            SECRET,
            "Lösenordet, för login = password.",
            default=None,
            when=("login", "password", "none"),
            example="LYHORD_SMTP_PASSWORD",
        ),
    ]
    oauth2: Annotated[
        OAuthSettings | None,
        Table(OAuthSettings, "Nyckelhämtning, för login = xoauth2.", when=("login", "xoauth2", "none")),
    ]
    from_address: Annotated[
        str,
        Key(
            EMAIL,
            "Adressen som breven kommer från. Svar dit ska hamna i en av brevlådorna.",
            example="synpunkter@kommunen.example",
        ),
    ]
    from_name: Annotated[str, Key(LINE, "Namnet som breven kommer från.", example="Kommunen")]
    envelope_sender: Annotated[
        str, Key(optional(EMAIL), "Adressen som studsar går till; tomt betyder from_address.", default="")
    ]
    reply_address: Annotated[
        str,
        Key(
            optional(REPLY_ADDRESS),
            "Svarsadress där {token} blir en signerad nyckel för ärendet; kräver att servern tar emot plusadresser. "
            "Tomt betyder from_address.",
            default="",
            example="synpunkter+{token}@kommunen.example",
        ),
    ]
    timeout_seconds: Annotated[
        int,
        Key(
            integer(1, 600, "sekunder"),
            "Hur länge servern får dröja med svar; fyra gånger så länge med beskedet att den tagit emot brevet.",
            default=30,
        ),
    ]

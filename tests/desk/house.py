"""A small municipality for the desk's tests: units, people of every role, and letters that came in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import count

import holidays
from argon2 import PasswordHasher

from cases.calendar import WorkingCalendar
from cases.case import Case, Channel, Party
from cases.inbound.messages import Attachment, InboundMessage, MessageKind, RawMessage
from cases.office import Office
from cases.people.access import SYSTEM, Grant, Role, User
from cases.people.organisation import Authority, Department, Official, Organisation, Registration, Unit
from cases.ports import Store
from cases.promises import Counting, Promise, PromiseKind
from cases.routing.areas import Area
from cases.routing.flags import ConfidentialityFlag, FlagKind, FlagState
from cases.routing.suggestion import CaseType, Evidence, RankedArea, Severity, Suggestion
from cases.steps.receiving.receive import receive
from cases.steps.routing.rules_speak import with_rule
from cases.steps.routing.suggest import record
from cases.store.views import ListFilter, ListKind
from classifier.personal.masking import LetterMasker
from desk.settings import BoxMail, BoxView, DeskSettings, HealthLine, LetterFields, VariableField
from ingest.reading.attachments import make_attachment
from notifier import TemplateRenderer
from notifier.constants import sample_constants
from notifier.paper import PaperPress
from notifier.variables import OWN_MEANINGS, VARIABLES
from notifier.workshop import TemplateWorkshop
from storage.search.analyse import analyse

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
PASSWORD = "lingon och blåbär 26"
# As right as any, and hundreds of times quicker than those people get.
_HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@dataclass
class Watch:
    """A clock that stands where it was set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@cache
def swedish_days(year: int) -> frozenset[date]:
    return frozenset(holidays.Sweden(years=year, categories=("public", "de_facto"), include_sundays=False))


def _boss(name: str, title: str = "enhetschef") -> Official:
    return Official(name, title, f"{name.split(maxsplit=1)[0].lower()}@ekdala.example")


def organisation() -> Organisation:
    kansli = ("registrator@ekdala.example",)
    return Organisation(
        name="Ekdala kommun",
        authorities={
            "ks": Authority("ks", "Kommunstyrelsen", "KS", "KS {year}/{serial}", Registration.SEKRETESS),
            "son": Authority("son", "Socialnämnden", "SN", "SN {year}/{serial}", Registration.SEKRETESS),
        },
        departments={
            "klf": Department("klf", "Kommunledningsförvaltningen", "ks", _boss("Karin Ek", "kommundirektör")),
            "sbf": Department("sbf", "Samhällsbyggnadsförvaltningen", "ks", _boss("Sven Lund", "förvaltningschef")),
            "buf": Department("buf", "Barn- och utbildningsförvaltningen", "ks", _boss("Britt Sjö", "skolchef")),
            "sof": Department("sof", "Socialförvaltningen", "son", _boss("Sara Dal", "socialchef")),
        },
        units={
            "kansli": Unit("kansli", "Kansliet", "klf", _boss("Klara By"), kansli, "0400-12 30 00"),
            "gata": Unit(
                "gata", "Gata och park", "sbf", _boss("Gustav Vik"), ("gata@ekdala.example",), "0400-12 34 00"
            ),
            "va": Unit("va", "Vatten och avfall", "sbf", _boss("Vera Å"), (), "0400-12 35 00"),
            "skola": Unit("skola", "Grundskolan", "buf", _boss("Sigrid Ö", "rektor"), (), "0400-12 36 00"),
            "hemtjanst": Unit("hemtjanst", "Hemtjänsten", "sof", _boss("Hanna Ås"), (), "0400-12 37 00"),
        },
        area_units={
            Area.GATA_PARK: "gata",
            Area.VA_AVFALL: "va",
            Area.GRUNDSKOLA: "skola",
            Area.ALDREOMSORG: "hemtjanst",
        },
        home_authority="ks",
        central_unit="kansli",
        central_registrators=kansli,
    )


def _user(identity: str, name: str, title: str, *grants: Grant) -> User:
    return User(identity, f"{identity}@ekdala.example", name, title, frozenset(grants), _HASH)


PEOPLE: dict[str, User] = {
    user.id: user
    for user in (
        _user("registrator", "Rut Holm", "registrator", Grant(Role.REGISTRATOR)),
        _user("gataregistrator", "Gun Ask", "administratör", Grant(Role.REGISTRATOR, "gata")),
        _user("handlaggare", "Maja Ek", "trafikingenjör", Grant(Role.HANDLAGGARE, "gata")),
        _user("skolhandlaggare", "Olle Björk", "utredare", Grant(Role.HANDLAGGARE, "skola")),
        _user("chef", "Gustav Vik", "enhetschef", Grant(Role.CHEF, "gata")),
        _user("admin", "Ada Gran", "systemförvaltare", Grant(Role.ADMIN)),
        _user("vissel", "Vilma Rönn", "jurist", Grant(Role.VISSELMOTTAGARE)),
        _user("granskare", "Greta Al", "dataskyddsombud", Grant(Role.GRANSKARE)),
    )
}
PROMISES = (
    Promise(PromiseKind.RECEIPT, 1, Counting.WORKING, rule="eget mål"),
    Promise(PromiseKind.STATUS, 10, Counting.CALENDAR, rule="O24"),
    Promise(PromiseKind.ANSWER, 3, Counting.WORKING, rule="R4"),
)


def screen(text: str) -> Sequence[str]:
    return ["Texten ser ut att innehålla ett personnummer. Ta bort det."] if "121212-1212" in text else []


@cache
def _renderer() -> TemplateRenderer:
    """One for all tests: compiling the templates takes longer than most tests do."""
    return TemplateRenderer(sample_constants())


def office() -> Office:
    numbers = count(1)
    return Office(
        organisation=organisation(),
        promises=PROMISES,
        calendar=WorkingCalendar(swedish_days),
        renderer=_renderer(),
        new_id=lambda: f"{next(numbers):032x}",
        case_pattern="EK-{year}-{serial:05}",
        mail_domain="ekdala.example",
        desk_url="https://lyhord.ekdala.example",
        own_addresses=frozenset({"synpunkter@ekdala.example"}),
        screen=screen,
        mask=lambda text: text.replace("Anna Ek", "[namn]"),
        analyse=analyse,
    )


@cache
def workshop() -> TemplateWorkshop:
    """One for all tests: it compiles every letter."""
    return TemplateWorkshop(_renderer())


def settings(**changes: object) -> DeskSettings:
    values: dict[str, object] = {
        "municipality": "Ekdala kommun",
        "secret": "a secret of the tests",
        "https_only": False,
        "letter_fields": LetterFields(
            {v.name: VariableField(v.meaning, v.filler) for v in VARIABLES.values()}, OWN_MEANINGS
        ),
        "mailboxes_page": boxes,
        "workshop": workshop(),
        "press": PaperPress(sample_constants()),
        "masker": LetterMasker(),
        "attach": make_attachment,
        "health": lambda: [
            HealthLine("Brevlådan", ok=True, text="läst för en minut sedan"),
            HealthLine("SMTP", ok=False, text="servern svarar inte", remedy="Kontrollera värden i inställningarna."),
        ],
    }
    return DeskSettings(**{**values, **changes})  # type: ignore[arg-type]


def boxes() -> Sequence[BoxView]:
    mail = BoxMail(NOW, "synpunkter@ekdala.example", "Vi har tagit emot ditt meddelande", "Hej!", "<p>Hej!</p>")
    return [BoxView("berit@mejl.example", "Berit Alm", (mail,))]


def suggestion(text: str, area: Area, confidence: float, **changes: object) -> Suggestion:
    """A suggestion as the model would give it; ``words`` are marked as evidence, ``flags`` are (kind, passage)."""
    words: Sequence[str] = changes.pop("words", ())  # type: ignore[assignment]
    flags: Sequence[tuple[FlagKind, str]] = changes.pop("flags", ())  # type: ignore[assignment]
    rest = [a for a in Area if a is not area]
    share = (1 - confidence) / 2
    ranked = [RankedArea(area, confidence)] + [RankedArea(a, share / (2**n)) for n, a in enumerate(rest)]
    made = Suggestion(
        areas=tuple(ranked),
        type=CaseType.KLAGOMAL,
        type_confidence=0.9,
        severity=Severity.NORMAL,
        flags=tuple(
            ConfidentialityFlag(k, FlagState.SUGGESTED, p, text.find(p), text.find(p) + len(p), 0.9) for k, p in flags
        ),
        language="sv",
        evidence=tuple(Evidence(text.find(w), text.find(w) + len(w), w, 0.8) for w in words),
        text=text,
        model_version="prov-1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass
class House:
    """The store with its people, and letters put into it the way the daemon does."""

    store: Store
    office: Office
    clock: Watch
    uid: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def people(self) -> None:
        with self.store.begin() as tx:
            for user in PEOPLE.values():
                tx.add_user(user)

    def letter(self, subject: str, text: str, made: Suggestion | None = None, **changes: object) -> Case:
        """A citizen's mail becomes a case; with ``made`` it has its suggestion and its receipt too."""
        received = self.clock() - timedelta(hours=float(changes.pop("hours", 2)))  # type: ignore[arg-type]
        uid = self.uid()
        content = f"Subject: {subject}\r\n\r\n{text} {uid}".encode()
        raw = RawMessage("synpunkter", "INBOX", 1, uid, received, content, sha256(content).hexdigest())
        message = inbound(subject, text, uid, **changes)
        with self.store.begin() as tx:
            tx.keep_raw(raw, self.office.new_id(), self.clock())
            kept = next(k for k in tx.raw_to_read(100, self.clock()) if k.sha256 == raw.sha256)
            tx.mark_read([kept.id], self.clock())
            got = receive(tx, kept, message, self.office, self.clock())
        if made is not None:
            with self.store.begin() as tx:
                made = with_rule(tx.routing_rules(), made, message, self.office)
                record(tx, got.case_id, got.message_row_id, made, self.office, self.clock())
        return self.case(got.case_id) if got.case_id else None

    def case(self, case_id: str) -> Case:
        with self.store.read() as tx:
            return tx.get_case(case_id, SYSTEM)

    def waiting(self) -> int:
        with self.store.read() as tx:
            return tx.count(ListKind.TO_ROUTE, SYSTEM, ListFilter())


def inbound(subject: str, text: str, uid: int, **changes: object) -> InboundMessage:
    values: dict[str, object] = {
        "message_id": f"<{uid}@mejl.example>",
        "in_reply_to": "",
        "references": (),
        "subject": subject,
        "date": None,
        "from_name": "Berit Alm",
        "from_addr": "berit@mejl.example",
        "reply_to": "",
        "to": (),
        "cc": (),
        "kind": MessageKind.CITIZEN,
        "text": text,
        "message": text,
        "signature": "",
        "html": "",
        "attachments": (),
        "defects": (),
    }
    return InboundMessage(**{**values, **changes})  # type: ignore[arg-type]


LAMP = "Hej! Gatlyktan på Lingonstigen 4 har varit släckt i tre veckor. Det är mörkt för barnen. När lagas den?"
SCHOOL = "Min son i klass 4B på Ekskolan har blivit slagen på rasten. Rektorn Sigrid svarar inte. Jag är förtvivlad."
THREAT = "Om ni inte fixar vägen kommer jag ner till kontoret och slår sönder allt. Ni ska få ångra er."
SECRET = "Jag har skyddade personuppgifter och ni la ut min adress. Ring mig inte hem."


def lamp(house: House, **changes: object) -> Case:
    made = suggestion(LAMP, Area.GATA_PARK, 0.93, words=("Gatlyktan", "släckt"), type=CaseType.FELANMALAN)
    return house.letter("Släckt gatlykta på Lingonstigen", LAMP, made, **changes)


def school(house: House) -> Case:
    flags = ((FlagKind.SKOLA, "Min son i klass 4B på Ekskolan"), (FlagKind.ANSTALLD_UTPEKAD, "Rektorn Sigrid"))
    made = suggestion(
        SCHOOL, Area.GRUNDSKOLA, 0.64, words=("klass", "Rektorn"), flags=flags, severity=Severity.ALLVARLIG
    )
    return house.letter(
        "Min son blir slagen", SCHOOL, made, from_name="Nils Ros", from_addr="nils@post.example", hours=30
    )


def threat(house: House) -> Case:
    made = suggestion(
        THREAT,
        Area.GATA_PARK,
        0.41,
        words=("vägen",),
        flags=((FlagKind.HOT_VALD, "slår sönder allt"),),
        severity=Severity.ALLVARLIG,
    )
    return house.letter("VÄGEN!!!", THREAT, made, from_name="", from_addr="arg@mejl.example", hours=1)


def spoken(house: House) -> None:
    """A letter with an attachment, one in Arabic, and one nobody has suggested anything for yet."""
    text = "Vattnet smakar klor sedan i måndags. Bifogar en bild."
    document = attached("skrivelse till kommunen med ett mycket långt namn.pdf", "application/pdf", b"%PDF-1.4\n")
    made = suggestion(text, Area.VA_AVFALL, 0.72, words=("Vattnet", "klor"))
    house.letter(
        "Kranvattnet",
        text,
        made,
        attachments=(picture(), document),
        from_name="Åke Öberg",
        from_addr="ake@post.example",
        html="<h1 style='color:red'>Vattnet</h1><p>smakar <b>klor</b> sedan i måndags.</p><script>alert(1)</script>"
        "<img src='https://spion.example/p.gif'><a href='https://ond.example/x'>https://ekdala.example</a>",
    )
    arabic = "مرحبا، الحافلة المدرسية لم تأتِ اليوم ولا أمس. ابني ينتظر في البرد."
    made = suggestion(arabic, Area.GRUNDSKOLA, 0.55, language="ar", type=CaseType.FRAGA)
    house.letter("الحافلة المدرسية", arabic, made, from_name="Samir H.", from_addr="samir@post.example", hours=50)
    house.letter(
        "Snabb fråga", "När öppnar biblioteket på lördag?", None, from_name="Eva", from_addr="eva@post.example"
    )


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082"
)
PHONE = Channel.PHONE
ANNA = Party(name="Anna Frid", phone="070-000 00 00")


def picture() -> Attachment:
    return attached("kran.png", "image/png", PNG)


def attached(name: str, content_type: str, content: bytes) -> Attachment:
    return Attachment(name, content_type, len(content), sha256(content).hexdigest(), content)

"""The package of a case's documents that is handed out: a ZIP of PDF files, each set from masked text."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from cases.calendar import STOCKHOLM, swedish_date
from cases.case import Case
from cases.disclosure.censor import Censor, Masking
from cases.disclosure.documents import GROUNDS, CaseDocument, HandOver
from cases.disclosure.inside import PLACE, UNSEEN, hidden_texts
from cases.errors import NotAllowed
from cases.letters.press import PaperDocument, PaperTable, Press
from cases.people.organisation import Authority

_ENDINGS = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".txt", ".docx", ".odt"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided: how each document is handed out (by id), what is masked, and the text of the notice.

    A document that is left out for secrecy has its ground in ``grounds``.
    """

    ways: Mapping[str, HandOver]
    maskings: Sequence[Masking]
    grounds: Mapping[str, str]
    notice: str = ""
    looked: frozenset[str] = frozenset()
    """Attachments that a machine cannot look into and that a person says to have looked through, by id."""


class LookYourself(NotAllowed):
    """Attachments would go as they came that no machine can look into, so that a person must; ``ids`` are theirs."""

    def __init__(self, numbers: Sequence[int], ids: frozenset[str]) -> None:
        self.ids = ids
        which = f"Bilagan som är handling {numbers[0]}" if len(numbers) == 1 else "Flera av bilagorna"
        super().__init__(
            f"{which} kan ingen maskin titta in i: den är låst, skadad, för stor eller av ett slag som inte kan läsas. "
            "Titta själv igenom den, också det som inte syns (författare, kommentarer, var en bild togs), och kryssa i "
            "att du har gjort det. Annars: lämna inte ut den."
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as it would be handed out: what is left of its title, facts and text, and the grounds used in it."""

    document: CaseDocument
    number: int
    way: HandOver
    title: str
    facts: tuple[tuple[str, str], ...]
    text: str
    used: Mapping[str, int]
    ground: str = ""
    """Why it is left out, where it is secret as a whole."""

    @property
    def outcome(self) -> str:
        """How it is handed out, in words."""
        if self.way is HandOver.LEAVE:
            return "Lämnas inte ut" if self.ground else "Ingår inte"
        masked = sum(self.used.values())
        if masked:
            return f"Delvis, {masked} {'uppgift maskerad' if masked == 1 else 'uppgifter maskerade'}"
        return "Texten" if self.document.file is not None and self.way is HandOver.TEXT else "Hel"


def prepare(documents: Sequence[CaseDocument], choice: Choice) -> list[Prepared]:
    """Every document with the words taken away.

    Raises NotAllowed where an attachment would be handed out as it came although it holds what is masked.
    """
    made = []
    for number, document in enumerate(documents, 1):
        way = choice.ways.get(document.id, HandOver.LEAVE)
        way = way if way in document.ways else HandOver.LEAVE
        censor = Censor(choice.maskings)
        if way is HandOver.WHOLE and censor.holds(document.text):
            raise NotAllowed(
                f"Handling {number} är en bilaga som innehåller det du maskerar. "
                "Lämna ut den som maskerad text, eller lämna den inte ut."
            )
        facts = tuple((name, censor(value)) for name, value in document.facts)
        text = censor(document.text) if way is HandOver.TEXT else ""
        used = dict(censor.counts) if way is not HandOver.LEAVE else {}
        ground = choice.grounds.get(document.id, "") if way is HandOver.LEAVE else ""
        made.append(Prepared(document, number, way, censor(document.title), facts, text, used, ground))
    return made


def grounds_used(prepared: Sequence[Prepared]) -> dict[str, int]:
    """Each ground with how many times it was used; a document left out counts once."""
    found: dict[str, int] = {}
    for one in prepared:
        for ground, count in one.used.items():
            found[ground] = found.get(ground, 0) + count
        if one.ground:
            found[one.ground] = found.get(one.ground, 0) + 1
    return dict(sorted(found.items()))


def notice(case: Case, authority: Authority, grounds: Mapping[str, int], contact: str) -> str:
    """What the asker is told where something is kept back, and how to have it tried (OSL 6:3, 6:7; TF 2:19)."""
    because = "\n".join(f"– {GROUNDS[ground]}" for ground in grounds) or "– [skriv lagrummet här]"
    return (
        f"Du har begärt att få ta del av handlingarna i ärende {case.number}. Du får de handlingar som står i "
        "förteckningen. En del lämnas inte ut, eftersom uppgifterna omfattas av sekretess enligt "
        f"offentlighets- och sekretesslagen (OSL):\n{because}\n\n"
        "Du har rätt att få frågan prövad av myndigheten och att få ett skriftligt beslut. Det behövs för att du "
        "ska kunna överklaga (6 kap. 3 § OSL). Begär beslutet hos den som lämnade handlingarna till dig"
        f"{', eller här: ' + contact if contact else ''}. "
        "Du behöver inte säga vem du är eller varför du vill ha dem.\n\n"
        f"{authority.name} fattar då beslutet skyndsamt. Beslutet överklagas till kammarrätten, och hur du gör står i "
        "beslutet (2 kap. 19 § tryckfrihetsförordningen, 6 kap. 7 och 8 §§ OSL)."
    )


def package(
    case: Case,
    prepared: Sequence[Prepared],
    choice: Choice,
    press: Press,
    contents: Mapping[str, bytes],
    now: datetime,
) -> bytes:
    """The ZIP: a list first, the notice where something is kept back, then each document under its number.

    ``contents`` are the bytes of attachments handed out as they came, by id. No file is named by what it holds.
    Raises NotAllowed where one of them tells what is masked in its metadata, LookYourself where that cannot be known.
    """
    grounds, censor = grounds_used(prepared), Censor(choice.maskings)
    _check_inside(prepared, choice, contents)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "00 Förteckning.pdf", _list(case, prepared, grounds, press, now), now)
        if grounds and choice.notice.strip():
            about = PaperDocument("Det som inte lämnas ut", (("Ärende", case.number),), censor(choice.notice))
            _put(archive, "00 Det som inte lämnas ut.pdf", press.document(about), now)
        for one in prepared:
            if one.way is HandOver.WHOLE and one.document.file is not None:
                _put(archive, f"{one.number:02} Bilaga{_ending(one.document)}", contents[one.document.id], now)
            elif one.way is HandOver.TEXT:
                name = "Bilaga" if one.document.file is not None else one.title.partition(":")[0]
                _put(archive, f"{one.number:02} {name}.pdf", press.document(_paper(case, one)), now)
    return buffer.getvalue()


def _check_inside(prepared: Sequence[Prepared], choice: Choice, contents: Mapping[str, bytes]) -> None:
    """What no page shows is handed out too where a file goes as it came; a place is no word, so any masking bars it."""
    censor, unseen = Censor(choice.maskings), list[Prepared]()
    for one in prepared:
        if one.way is not HandOver.WHOLE or not choice.maskings:
            continue
        inside = list(hidden_texts(contents[one.document.id]))
        if UNSEEN in inside and one.document.id not in choice.looked:
            unseen.append(one)
        if any(text == PLACE or censor.holds(text) for text in inside):
            raise NotAllowed(
                f"Handling {one.number} är en bilaga vars dolda uppgifter (författare, kommentarer, var bilden togs) "
                "säger något du maskerar eller var någon finns. Lämna ut den som maskerad text, skriv ut den och lämna "
                "ut papperet, eller lämna den inte ut."
            )
    if unseen:
        raise LookYourself([one.number for one in unseen], frozenset(one.document.id for one in unseen))


def _paper(case: Case, one: Prepared) -> PaperDocument:
    facts = (("Ärende", case.number), ("Handling", str(one.number)), ("Datum", swedish_date(one.document.date)))
    masked = [f"{ground}: {GROUNDS[ground]}, {count} st" for ground, count in sorted(one.used.items())]
    return PaperDocument(one.title, (*facts, *one.facts), one.text or "(Handlingen har ingen text.)", masked)


def _list(
    case: Case,
    prepared: Sequence[Prepared],
    grounds: Mapping[str, int],
    press: Press,
    now: datetime,
) -> bytes:
    rows = [(str(one.number), one.title, swedish_date(one.document.date), _outcome(one)) for one in prepared]
    tables = [PaperTable("Handlingar", ("Nr", "Handling", "Datum", "Lämnas ut"), rows)]
    if grounds:
        legend = [(ground, GROUNDS[ground], str(count)) for ground, count in grounds.items()]
        tables.append(PaperTable("Sekretess", ("Nr", "Lagrum", "Antal"), legend))
    facts = (("Ärende", case.number), ("Sammanställd", swedish_date(now)))
    text = "Maskerade uppgifter är borttagna ur texten. På deras plats står [maskat] och numret på lagrummet."
    return press.document(PaperDocument("Förteckning över handlingar", facts, text if grounds else ""), tables)


def _outcome(one: Prepared) -> str:
    return f"{one.outcome}: {GROUNDS[one.ground]}" if one.ground else one.outcome


def _ending(document: CaseDocument) -> str:
    ending = PurePath(document.file.name if document.file else "").suffix.lower()
    return ending if ending in _ENDINGS else ".bin"


def _put(archive: zipfile.ZipFile, name: str, content: bytes, now: datetime) -> None:
    archive.writestr(zipfile.ZipInfo(name, now.astimezone(STOCKHOLM).timetuple()[:6]), content, zipfile.ZIP_DEFLATED)

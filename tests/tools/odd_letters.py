"""Letters that strain a page: in Arabic, with forty files, and with names and words longer than any line."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime
from io import BytesIO

from PIL import Image

from cases.ports import Clock

ARABIC = "إنارة الشارع"
MANY = "Fyrtio bilder av hålen"
LONG = (
    "Klagomål på snöröjningen mellan Storängsvägen och "
    "Donaudampfschiffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsgatan samt en fråga om varför "
    "ingen har svarat på mina sju tidigare mejl i samma ärende sedan i höstas"
)
_ARABIC_TEXT = """السلام عليكم،
أكتب إليكم بخصوص الإنارة في شارع Storgatan بالقرب من المدرسة. المصباح رقم 14 لا يعمل منذ ثلاثة أسابيع،
والأطفال يمشون في الظلام.
أرجو أن تُصلحوه قريباً.
مع التحية
ليلى حداد
"""
_LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Hammarskjöld-Cronstedt af Gyllenstierna, Anna-Karolina Margareta"
_LONG_ADDRESS = (
    "annakarolina.margareta.wolfeschlegelsteinhausenbergerdorff@en-mycket-lang-doman-som-aldrig-tar-slut.example"
)
_FILES = 40


def odd_letters(clock: Clock) -> Iterator[bytes]:
    """Each of them as the mail server delivers it."""
    yield _mail(clock, "1", ARABIC, _ARABIC_TEXT, ("Leila Haddad", "leila@post.example"))
    yield _mail(clock, "2", MANY, "Hej! Här är alla hålen i Storgatan. Laga dem.", ("Bo Ek", "bo@post.example"), _FILES)
    yield _mail(clock, "3", LONG, f"Vägen är inte plogad.\n{'a' * 300}", (_LONG_NAME, _LONG_ADDRESS))


def _mail(clock: Clock, number: str, subject: str, text: str, sender: tuple[str, str], files: int = 0) -> bytes:
    mail = EmailMessage()
    name, address = sender
    mail["From"] = f'"{name}" <{address}>'
    mail["To"], mail["Subject"] = "feedback@ekdala.example", subject
    mail["Message-ID"], mail["Date"] = f"<udda-{number}@post.example>", format_datetime(clock())
    mail.set_content(text)
    for one in range(files):
        name = f"En bild som jag tog på väg till jobbet i går morse, nummer {one + 1}.png"
        mail.add_attachment(_picture(one), "image", "png", filename=name)
    return bytes(mail)


def _picture(number: int) -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 200), (number * 6, 120, 90)).save(out, "PNG")
    return out.getvalue()

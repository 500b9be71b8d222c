"""Makes scanned letters: typed by us, printed to a picture, laid askew and dirtied; and measures how they are read."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LETTER = """Ekdala den 3 november 2026

Till tekniska nämnden i Ekdala kommun

Hej!

Jag bor på Ängsvägen 14 i Åby och skriver för att gatlyktan
utanför vår infart har varit släckt sedan i början av oktober.
Det är mörkt när barnen går till skolbussen klockan kvart över
sju, och i torsdags halkade min mamma, som är 83 år, på den
isiga trottoaren där ljuset brukade falla.

Jag ringde växeln två gånger. Första gången lovade ni att någon
skulle komma inom en vecka, andra gången visste ingen något om
saken. Det tycker jag är dåligt. Kan ni laga lampan, sanda
gångbanan mellan Ängsvägen 10 och 22 och tala om för mig när det
blir gjort? Häcken vid övergångsstället skymmer dessutom sikten
och behöver klippas.

Ni får gärna svara per brev. Jag har ingen e-post, men ni når mig
på telefon 070-174 06 05 efter klockan 17.

Med vänlig hälsning
Märta Öhrn"""

_FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
)
A4 = (2480, 3508)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font with Swedish letters: Debian's where there is one, else Pillow's own."""
    path = next((path for path in _FONTS if Path(path).exists()), None)
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


def typed(text: str = LETTER, *, points: int = 12, size: tuple[int, int] = A4) -> Image.Image:
    """A clean grey page at 300 dots an inch with the text on it."""
    page = Image.new("L", size, 255)
    draw = ImageDraw.Draw(page)
    drawn = font(round(points * 300 / 72))
    draw.multiline_text((250, 300), text, fill=20, font=drawn, spacing=18)
    return page


@dataclass(frozen=True)
class Dirt:
    """How badly a page was scanned: degrees askew, grey of the paper, noise of each pixel, specks a thousand pixels."""

    degrees: float = 2.0
    paper: int = 236
    noise: float = 18.0
    specks: float = 1.0


def scanned(page: Image.Image, dirt: Dirt = Dirt(), *, seed: int = 20261126) -> Image.Image:
    """The page as a scanner gives it back."""
    random = np.random.default_rng(seed)
    turned = page.rotate(dirt.degrees, resample=Image.Resampling.BICUBIC, expand=False, fillcolor=255)
    grey = np.asarray(turned, dtype=np.float32) * (dirt.paper / 255)
    grey += random.normal(0, dirt.noise, grey.shape)
    specks = random.random(grey.shape) < dirt.specks / 1000
    grey[specks] = random.integers(0, 256, int(specks.sum()))
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def as_bytes(page: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    page.save(out, kind, **options)
    return out.getvalue()


def error_rate(read: str, true: str) -> float:
    """Edits (insert, delete, replace) that make one text the other, a character of the true one; white space is one."""
    a, b = " ".join(read.split()), " ".join(true.split())
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
    return row[-1] / len(b)

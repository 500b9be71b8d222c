"""The municipality's logo: its file checked, and drawn anew as the small picture that letters and pages carry."""

import json
import re
import struct
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

import typst
from lxml import etree
from markupsafe import Markup

from cases.errors import LyhordError

MOST_BYTES = 200_000
# As shown, in CSS pixels: what stands well over a letter, also on a phone 320 wide.
WIDEST, TALLEST = 240, 56
# Mail programs show a related part by this id alone (RFC 2392); it is the same in every letter.
CONTENT_ID = "logotyp@lyhord"
FILE_NAME = "logotyp.png"
_LONGEST_SIDE, _SHORTEST_SIDE = 4000, 16
_OBLONG = 12
_RIM = 6
_POINTS_PER_INCH = 72
_SHARPNESS = 2
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset(
    [
        *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "clipPath", "mask"),
        *("linearGradient", "radialGradient", "stop", "defs", "use", "symbol", "title", "desc", "metadata", "style"),
    ]
)
# Each use may draw what uses draw: twenty can become a thousand shapes, a hundred would never end.
_MOST_USES = 20
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px|pt|mm|cm|in|pc)?\s*")
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)[^)]|@import|javascript:", re.IGNORECASE)


class LogoError(LyhordError):
    """The file cannot be the logo."""


@dataclass(frozen=True, slots=True)
class Logo:
    """``source`` is the file as given, for paper; ``png`` the picture for screens, shown ``width`` × ``height`` px.

    The picture stands on a white plate: dark letters on nothing would vanish where a mail program is dark.
    """

    source: bytes
    png: bytes
    width: int
    height: int

    @property
    def is_svg(self) -> bool:
        """Whether ``source`` is drawn in lines."""
        return not self.source.startswith(_PNG)

    @property
    def drawn_width(self) -> int:
        """Without the plate's rim."""
        return self.width - 2 * _RIM

    @property
    def drawn_height(self) -> int:
        """Without the plate's rim."""
        return self.height - 2 * _RIM

    @property
    def src(self) -> str:
        """What the picture is called in a letter."""
        return f"cid:{CONTENT_ID}"

    def image(self, alt: str) -> Markup:
        """The picture in a letter's HTML; ``alt`` is read where it is not shown. Outlook reads no size but these."""
        return Markup('<img src="{}" width="{}" height="{}" alt="{}" style="display:block;border:0">').format(
            self.src, self.width, self.height, alt
        )

    def in_page(self, html: str) -> str:
        """A letter's HTML as a page that stands alone, with the picture itself written into it."""
        return html.replace(f'src="{self.src}"', f'src="data:image/png;base64,{b64encode(self.png).decode("ascii")}"')


def read_logo(content: bytes) -> Logo:
    """The logo of a PNG or SVG file. Raises LogoError, which says what to do."""
    if len(content) > MOST_BYTES:
        raise LogoError(f"Logotypen är större än {MOST_BYTES // 1000} kB. Spara den mindre.")
    if content.startswith(_PNG):
        wide, tall = _png_size(content)
        shown = min(WIDEST / wide, TALLEST / tall, 1.0)
    else:
        wide, tall = _svg_size(content)
        shown = min(WIDEST / wide, TALLEST / tall)
    if max(wide, tall) > _OBLONG * min(wide, tall):
        raise LogoError("Logotypen är för avlång för att synas i ett brev. Välj en variant som är mindre utdragen.")
    width, height = max(1, round(wide * shown)), max(1, round(tall * shown))
    return Logo(content, _draw(content, width, height), width + 2 * _RIM, height + 2 * _RIM)


def _png_size(content: bytes) -> tuple[float, float]:
    """Width and height in pixels (PNG 1.2, 11.2.2)."""
    if len(content) < 33 or content[12:16] != b"IHDR":
        raise LogoError("Logotypen är inte en hel PNG-bild. Spara den på nytt.")
    wide, tall = struct.unpack(">II", content[16:24])
    if max(wide, tall) > _LONGEST_SIDE or min(wide, tall) < _SHORTEST_SIDE:
        raise LogoError(
            f"Logotypen är {wide} × {tall} bildpunkter. Varje sida ska vara {_SHORTEST_SIDE} till {_LONGEST_SIDE}."
        )
    return float(wide), float(tall)


def _svg_size(content: bytes) -> tuple[float, float]:
    root = _svg_root(content)
    for fault in _svg_faults(root):
        raise LogoError(f"Logotypens SVG-fil {fault} Spara den som enkla kurvor, eller som PNG.")
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    numbers = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]
    sides = [float(found[1]) for text in numbers if (found := _LENGTH.fullmatch(text))]
    if len(sides) != 2 or min(sides) <= 0:
        raise LogoError("Logotypens SVG-fil säger inte hur stor den är. Spara den med viewBox, eller som PNG.")
    return sides[0], sides[1]


def _svg_root(content: bytes) -> etree._Element:
    try:
        text = content.decode("utf-8-sig")
        # Entities of its own are how a small file becomes endless; a bare DOCTYPE, as old programs write, is harmless.
        if "<!ENTITY" in text or re.search(r"<!DOCTYPE[^>]*\[", text):
            raise LogoError("Logotypens SVG-fil har egna XML-entiteter. Spara den som enkla kurvor, eller som PNG.")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (UnicodeDecodeError, etree.XMLSyntaxError, ValueError) as error:
        raise LogoError("Logotypen är varken PNG eller SVG. Spara den som någotdera.") from error
    if root.tag != f"{_SVG}svg":
        raise LogoError("Logotypen är varken PNG eller SVG. Spara den som någotdera.")
    return root


def _svg_faults(root: etree._Element) -> Iterator[str]:
    """What a picture of shapes does not need: script, text, pictures, and anything fetched from elsewhere."""
    uses = 0
    for element in root.iter(etree.Element):
        name = str(element.tag).removeprefix(_SVG)
        # What drawing programs note for themselves stands under names of their own, and is not drawn.
        if name not in _SHAPES and not name.startswith("{"):
            yield f"har elementet <{name}>."
        uses += name == "use"
        for key, value in element.attrib.items():
            yield from _attribute_faults(str(key), str(value))
        if name == "style" and _ELSEWHERE.search(element.text or ""):
            yield "hämtar något utifrån."
    if uses > _MOST_USES:
        yield "upprepar sig för många gånger."


def _attribute_faults(key: str, value: str) -> Iterator[str]:
    name = key.rpartition("}")[2].lower()
    if name.startswith("on"):
        yield "har skript."
    if (name == "href" and not value.startswith("#")) or _ELSEWHERE.search(value):
        yield "hämtar något utifrån."


def _draw(content: bytes, width: int, height: int) -> bytes:
    """The picture on its plate, twice as sharp as shown; nothing of the file but its looks is left."""
    page = (
        f"#set page(width: {width + 2 * _RIM}pt, height: {height + 2 * _RIM}pt, margin: 0pt, fill: none)\n"
        f"#box(width: 100%, height: 100%, fill: white, radius: {_RIM}pt, inset: {_RIM}pt, "
        f'image(bytes(json(bytes(sys.inputs.file))), width: {width}pt, height: {height}pt, fit: "contain"))'
    )
    try:
        made: bytes = typst.compile(
            page.encode(),
            format="png",
            ppi=float(_SHARPNESS * _POINTS_PER_INCH),
            ignore_system_fonts=True,
            sys_inputs={"file": json.dumps(list(content))},
        )
    except typst.TypstError as error:
        raise LogoError(f"Logotypen går inte att rita: {error}") from error
    return made

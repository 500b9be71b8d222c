"""Pictures of every letter with its sample data, for docs: ``python -m tests.tools.letter_shots [FOLDER]``.

One sheet a letter: phone and desktop width, each light and dark (fewer of a translation), and printed on A4. All
Swedish letters, and the receipt in every other language; other translations have the same base and other words alone.
"""

import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageColor, ImageDraw, ImageFont
from playwright.sync_api import Browser, PdfMargins, sync_playwright

from cases.letters.letter import LETTER_NAMES, LetterKind
from cases.letters.texts import LETTER_LANGUAGES
from notifier.constants import sample_constants
from notifier.logo import read_logo
from notifier.renderer import DEFAULT_LANGUAGE, LANGUAGES, TemplateRenderer
from service.demo.installation import LOGO
from tests.tools.shots import Scheme, keep, launch

PHONE, DESKTOP = 390, 700
# Pixels for each of the letter's own: small enough to keep thirty-odd sheets, large enough to read every line.
SCALE = 0.7
# Points of an A4 page to pixels: the printed text is then as large as the others.
PRINT_SCALE = 0.75
# What Chromium prints with unless told otherwise.
MARGIN: PdfMargins = {"top": "1cm", "bottom": "1cm", "left": "1cm", "right": "1cm"}
GAP, HEAD = 16, 56
SURROUND, INK = "#c9ced6", "#14181f"
FONT = "DejaVuSans.ttf"
# Paper to ink, in steps: what a letter is drawn with. Counting pixels would lose the thin lines' green.
RAMPS = (
    ("#ffffff", "#000000", 8),
    ("#ffffff", "#0000ee", 5),
    ("#121212", "#ffffff", 8),
    ("#121212", "#9e9eff", 5),
    ("#2a8a74", "#ffffff", 4),
    ("#2a8a74", "#121212", 4),
    (SURROUND, INK, 4),
    # The made-up municipality's mark.
    ("#1f5c4a", "#ffffff", 4),
    ("#8cc3df", "#1f5c4a", 3),
    ("#f3e3a6", "#1f5c4a", 3),
)
View = tuple[str, int, Scheme]
VIEWS: tuple[View, ...] = (
    ("Telefon, ljust", PHONE, "light"),
    ("Telefon, mörkt", PHONE, "dark"),
    ("Dator, ljust", DESKTOP, "light"),
    ("Dator, mörkt", DESKTOP, "dark"),
)
# Translations have the Swedish one's looks, and are twice as long.
FEWER = (VIEWS[0], VIEWS[3])
Picture = Image.Image


def main(folder: Path) -> None:
    """Take all sheets into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    logo = read_logo(LOGO.read_bytes())
    renderer, palette = TemplateRenderer(sample_constants(), logo=logo), _palette()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for kind, language in _letters():
            html = logo.in_page(renderer.preview(kind, language).html)
            file = folder / _sheet_name(kind, language)
            views = VIEWS if language == DEFAULT_LANGUAGE else FEWER
            keep(_sheet(_title(kind, language), _views(browser, html, views)), file, palette)
            sys.stdout.write(f"{file.name}\n")
        browser.close()


def _title(kind: LetterKind, language: str) -> str:
    name = LETTER_NAMES[kind]
    return name if language == DEFAULT_LANGUAGE else f"{name}, {LETTER_LANGUAGES[language].lower()}"


def _sheet_name(kind: LetterKind, language: str) -> str:
    """The picture's file name: ``berom.png``, ``mottagning-ar.png``."""
    return f"{kind}.png" if language == DEFAULT_LANGUAGE else f"{kind}-{language}.png"


def _letters() -> Iterator[tuple[LetterKind, str]]:
    for kind in LetterKind:
        yield kind, DEFAULT_LANGUAGE
        if kind is LetterKind.MOTTAGNING:
            yield from ((kind, language) for language in LANGUAGES if language != DEFAULT_LANGUAGE)


def _views(browser: Browser, html: str, views: Iterable[View]) -> list[tuple[str, Picture]]:
    screens = [(caption, _screen(browser, html, width, scheme)) for caption, width, scheme in views]
    return [*screens, ("Utskrift, A4", _print(browser, html))]


def _screen(browser: Browser, html: str, width: int, scheme: Scheme) -> Picture:
    """The letter in a window of that width. Raises ValueError where it is wider than the window."""
    context = browser.new_context(
        viewport={"width": width, "height": 200}, color_scheme=scheme, device_scale_factor=SCALE, offline=True
    )
    page = context.new_page()
    page.set_content(html)
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    if wide > width:
        raise ValueError(f"The letter is {wide} wide in a window of {width}. Shorten what does not break.")
    png = page.screenshot(full_page=True)
    context.close()
    return Image.open(BytesIO(png)).convert("RGB")


def _print(browser: Browser, html: str) -> Picture:
    """The letter's pages on A4, one below the other."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.set_content(html)
    document = pypdfium2.PdfDocument(page.pdf(format="A4", margin=MARGIN))
    context.close()
    pages = [leaf.render(scale=PRINT_SCALE).to_pil().convert("RGB") for leaf in document]
    document.close()
    column = Image.new("RGB", (pages[0].width, sum(leaf.height + GAP for leaf in pages) - GAP), SURROUND)
    for number, leaf in enumerate(pages):
        column.paste(leaf, (0, number * (leaf.height + GAP)))
    return column


def _palette() -> Picture:
    colours = [colour for start, end, steps in RAMPS for colour in _ramp(start, end, steps)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in colours for part in colour])
    return palette


def _ramp(start: str, end: str, steps: int) -> Iterator[tuple[int, ...]]:
    first, last = ImageColor.getrgb(start), ImageColor.getrgb(end)
    for step in range(steps):
        yield tuple(round(a + (b - a) * step / (steps - 1)) for a, b in zip(first, last, strict=True))


def _sheet(title: str, views: list[tuple[str, Picture]]) -> Picture:
    """The pictures side by side under their captions."""
    wide = sum(picture.width + GAP for _, picture in views) + GAP
    tall = HEAD + GAP + max(picture.height for _, picture in views)
    sheet = Image.new("RGB", (wide, tall), SURROUND)
    pen = ImageDraw.Draw(sheet)
    pen.text((GAP, 6), title, INK, ImageFont.truetype(FONT, 18))
    left = GAP
    for caption, picture in views:
        pen.text((left, 34), caption, INK, ImageFont.truetype(FONT, 12))
        sheet.paste(picture, (left, HEAD))
        left += picture.width + GAP
    return sheet


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures/letters"))

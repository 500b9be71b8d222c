"""The logo: which files can be one, how it lies in a mail, and that nothing changes without one."""

import io
import struct
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from PIL import Image

from cases.letters.letter import LetterContext, LetterKind, OutboxEntry
from ingest.intake import Intake
from notifier.constants import sample_constants
from notifier.lint import lint_letter
from notifier.logo import CONTENT_ID, Logo, LogoError, read_logo
from notifier.mime import Identity, compose, to_bytes
from notifier.paper import PaperPress
from notifier.renderer import TemplateRenderer
from notifier.variables import sample_values
from service.demo.installation import LOGO
from tests.notifier.conftest import IDENTITY, NOW, entry
from tests.notifier.test_paper import paper, written

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{}<rect width="40" height="20" fill="#c00"/></svg>'
PLAIN = TemplateRenderer(sample_constants())


def picture(wide: int, tall: int, colour: str = "#007700") -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (wide, tall), colour).save(out, "PNG")
    return out.getvalue()


def drawn(logo: Logo) -> Image.Image:
    return Image.open(io.BytesIO(logo.png)).convert("RGBA")


@pytest.fixture(scope="module")
def logo() -> Logo:
    return read_logo(LOGO.read_bytes())


@pytest.fixture(scope="module")
def renderer(logo: Logo) -> TemplateRenderer:
    return TemplateRenderer(sample_constants(), logo=logo)


def letter_out(renderer: TemplateRenderer, kind: LetterKind = LetterKind.MOTTAGNING) -> OutboxEntry:
    return entry(letter=renderer.render(kind, "sv", LetterContext(sample_values(kind))))


def sent(out: OutboxEntry, logo: Logo | None) -> EmailMessage:
    identity = Identity(IDENTITY.name, IDENTITY.address, logo=logo)
    read = message_from_bytes(to_bytes(compose(out, identity, NOW)), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (SVG.format("").encode(), (124, 68)),
        (SVG.format("").replace('viewBox="0 0 40 20"', 'width="4mm" height="4mm"').encode(), (68, 68)),
        (b"\xef\xbb\xbf<!DOCTYPE svg PUBLIC 'a' 'b'>" + SVG.format("<title>x</title>").encode(), (124, 68)),
        (picture(1200, 300), (236, 68)),
        (picture(40, 30), (52, 42)),
    ],
    ids=["svg", "svg without a box", "svg of an old program", "large png", "small png"],
)
def test_a_logo_is_drawn_twice_as_sharp_on_a_white_plate(content: bytes, size: tuple[int, int]) -> None:
    made = read_logo(content)
    assert (made.width, made.height) == size
    seen = drawn(made)
    assert seen.size == (2 * size[0], 2 * size[1])
    assert seen.getpixel((seen.width // 2, 4)) == (255, 255, 255, 255)
    assert seen.getpixel((0, 0)) == (0, 0, 0, 0)
    assert seen.getpixel((seen.width // 2, seen.height // 2)) in ((204, 0, 0, 255), (0, 119, 0, 255))


HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"GIF89a", "varken PNG eller SVG"),
        (b"<html/>", "varken PNG eller SVG"),
        (b"", "varken PNG eller SVG"),
        (b"x" * 200_001, "200 kB"),
        (HEAD + struct.pack(">II", 60_000, 60_000) + b"x" * 20, "60000 × 60000"),
        (HEAD + struct.pack(">II", 50, 50) + b"x" * 20, "går inte att rita"),
        (HEAD, "hel PNG"),
        (picture(600, 30), "avlång"),
        (SVG.format("<script>alert(1)</script>").encode(), "<script>"),
        (SVG.format("<foreignObject/>").encode(), "<foreignObject>"),
        (SVG.format("<text>Hej</text>").encode(), "<text>"),
        (SVG.format('<image href="file:///etc/passwd"/>').encode(), "<image>"),
        (SVG.format('<use href="https://x.example/a.svg#b"/>').encode(), "utifrån"),
        (SVG.format('<g onload="alert(1)"/>').encode(), "skript"),
        (SVG.format('<g style="fill:url(https://x.example)"/>').encode(), "utifrån"),
        (SVG.format("<style>@import 'x'</style>").encode(), "utifrån"),
        (SVG.format('<use href="#a"/>' * 21).encode(), "för många"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG.format("").encode(), "entiteter"),
        (SVG.format("").replace("viewBox", "data-b").encode(), "hur stor"),
        (SVG.format("").encode("utf-16"), "varken PNG eller SVG"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(LogoError, match=why):
        read_logo(content)


def test_the_logo_lies_beside_the_html_and_nothing_is_fetched(renderer: TemplateRenderer, logo: Logo) -> None:
    mail = sent(letter_out(renderer), logo)
    assert mail.get_content_type() == "multipart/alternative"
    text, related = mail.iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    assert related.get_param("type") == "text/html"
    page, image = related.iter_parts()
    assert image["Content-ID"] == f"<{CONTENT_ID}>"
    assert (image.get_content_disposition(), image.get_filename()) == ("inline", "logotyp.png")
    assert image.get_content() == logo.png
    assert len(logo.png) < 10_000
    tag = f'<img src="cid:{CONTENT_ID}" width="{logo.width}" height="{logo.height}" alt="Ekdala kommun"'
    assert tag in page.get_content()
    assert "http" not in page.get_content().partition("<img")[2].partition(">")[0]


def test_the_plain_text_is_the_same_with_a_logo_and_without(renderer: TemplateRenderer, logo: Logo) -> None:
    with_logo, without = sent(letter_out(renderer), logo), sent(letter_out(PLAIN), None)
    found = [mail.get_body(("plain",)) for mail in (with_logo, without)]
    assert found[0].get_content() == found[1].get_content()
    assert "logotyp" not in found[0].get_content()
    assert [part.get_content_type() for part in without.iter_parts()] == ["text/plain", "text/html"]
    assert "<img" not in without.as_string()


def test_a_letter_that_does_not_show_the_logo_does_not_carry_it(logo: Logo) -> None:
    assert [part.get_content_type() for part in sent(letter_out(PLAIN), logo).iter_parts()] == [
        "text/plain",
        "text/html",
    ]


def test_lint_takes_every_letter_with_the_logo_and_no_other_picture(renderer: TemplateRenderer) -> None:
    assert renderer.lint() == ()
    letter = renderer.preview(LetterKind.BEROM)
    for wrong, why in (
        (letter.html.replace("cid:", "https://spion.example/"), "följer inte med"),
        (letter.html.replace('alt="Ekdala kommun"', 'alt=""'), "saknar alt"),
        (letter.html.replace('width="', 'data="'), "width och height"),
    ):
        faults = lint_letter(type(letter)(letter.kind, "sv", letter.subject, letter.text, wrong), sample_constants())
        assert any(why in str(fault) for fault in faults)


def test_a_name_with_quotes_cannot_break_out_of_the_alt(logo: Logo) -> None:
    assert 'alt="&#34;&gt;&lt;script&gt;"' in logo.image('"><script>')


def test_it_comes_back_in_an_answer_and_is_nobodys_attachment(renderer: TemplateRenderer, logo: Logo) -> None:
    answer = EmailMessage()
    answer["From"], answer["Subject"] = "anna@example.com", "SV: Vi har tagit emot ditt meddelande"
    answer.set_content("Tack!")
    answer.add_alternative('<p>Tack!</p><blockquote><img src="cid:image001.png@01D"></blockquote>', subtype="html")
    page = answer.get_body(("html",))
    page.add_related(logo.png, "image", "png", cid="<image001.png@01D>", filename="image001.png")
    page.add_related(picture(300, 200), "image", "png", cid="<a@b>", filename="hål.png")
    raw = answer.as_bytes(policy=policy.SMTP)
    digest = next(file.sha256 for file in Intake()(raw).attachments if file.name == "image001.png")
    assert [file.name for file in Intake(own_files=frozenset({digest}))(raw).attachments] == ["hål.png"]


@pytest.mark.parametrize("content", [LOGO.read_bytes(), picture(900, 100)], ids=["svg", "png"])
def test_it_stands_on_paper_too(content: bytes) -> None:
    press = PaperPress(sample_constants(), logo=read_logo(content))
    assert len(press.letter(paper(written("Hej!")))) > 1000

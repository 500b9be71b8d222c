"""The handbook under Hjälp."""

import re
from pathlib import Path

import pytest

import desk
from cases.errors import NotFound
from desk.handbook import PLACES, chapters, find_picture, read_chapter, render
from desk.menu import MENU
from tests.desk import house as h
from tests.desk.conftest import Surfer, create_app

NONE = Path("finns-inte")


def test_every_page_leads_to_the_handbook_and_it_to_its_chapters(surf) -> None:
    page = surf("handlaggare")
    assert 'href="/hjalp"' in page.get("/mina").text
    text = page.get("/hjalp").text
    assert text.count("<h1>") == 1
    for name in ("registrator", "handlaggare", "chef", "administrator", "visselmottagare", "granskare"):
        assert f'href="/hjalp/{name}"' in text
        chapter = page.get(f"/hjalp/{name}")
        assert chapter.status_code == 200
        assert "För dig som" in chapter.text
    assert page.get("/hjalp/finns-inte").status_code == 404
    assert page.get("/hjalp/..%2Fdesk").status_code == 404
    assert page.get("/hjalp/bild/..%2F..%2Fpyproject.toml").status_code == 404


def test_the_municipalitys_own_page_is_named_there(house) -> None:
    changed = h.settings(help_path="https://intra.ekdala.example/rutin")
    app = create_app(store=house.store, office=house.office, classifier=None, clock=house.clock, settings=changed)
    assert "Ekdala kommuns egen sida om rutinen" in Surfer(app, "chef").get("/hjalp").text


def test_pictures_are_shown_where_they_are_and_leave_no_hole_where_not(tmp_path: Path) -> None:
    text = "# Rubrik\n\nFöre.\n\n![En bild](../pictures/en.png)\n\nEfter."
    assert render(text, {}, NONE).html == "<p>Före.</p>\n<p>Efter.</p>\n"
    (tmp_path / "en.png").write_bytes(h.PNG)
    assert 'src="/hjalp/bild/en.png"' in render(text, {}, tmp_path).html
    assert 'alt="En bild"' in render(text, {}, tmp_path).html
    assert find_picture("en.png", tmp_path).read_bytes() == h.PNG
    with pytest.raises(NotFound):
        find_picture("tva.png", tmp_path)


def test_links_lead_to_chapters_or_out_and_never_nowhere() -> None:
    text = "# Rubrik\n\n[Chef](chef.md), [server](../admin/install.md), [ut](https://ekdala.example), [hem](README.md)."
    page = render(text, {"chef": NONE, "README": NONE}, NONE)
    assert page.title == "Rubrik"
    assert page.html == (
        '<p><a href="/hjalp/chef">Chef</a>, server, <a href="https://ekdala.example">ut</a>, '
        '<a href="/hjalp">hem</a>.</p>\n'
    )


def test_nothing_in_a_chapter_becomes_markup_of_its_own() -> None:
    html = render("# A\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))", {}, NONE).html
    assert "<script" not in html
    assert "href" not in html


def test_chapters_come_from_the_first_place_that_has_them(tmp_path: Path) -> None:
    (tmp_path / "chef.md").write_text("# Chefens kapitel\n\nText.", encoding="utf-8")
    assert read_chapter("chef", (NONE, tmp_path, *PLACES)).title == "Chefens kapitel"
    assert chapters((NONE,)) == {}
    with pytest.raises(NotFound):
        read_chapter("registrator", (tmp_path, *PLACES))


_SHIPPED = sorted(PLACES[-1].glob("*.md"))
_DESK = Path(desk.__file__).parent


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


@pytest.mark.parametrize("file", _SHIPPED, ids=lambda file: file.stem)
def test_what_a_chapter_names_is_called_so_on_the_pages(file: Path) -> None:
    """A bold word is what one looks for on a page: a button, a page, a heading or a mark."""
    places = (
        *(_DESK.parent / "templates").rglob("*.html"),
        *_DESK.rglob("*.py"),
        *(_DESK.parent / "cases").rglob("*.py"),
    )
    pages = _plain("\n".join(one.read_text("utf-8") for one in places))
    named = re.findall(r"\*\*(.+?)\*\*", " ".join(file.read_text("utf-8").split()))
    assert [name for name in named if _plain(name).rstrip(":… ") not in pages] == []


def test_each_page_of_the_menu_is_in_the_handbook() -> None:
    told = "\n".join(file.read_text("utf-8") for file in _SHIPPED)
    assert [item.label for item in MENU if f"**{item.label}**" not in told] == []


def test_each_key_of_the_account_page_is_in_the_handbook_with_what_it_does_there(surf) -> None:
    told = PLACES[-1].joinpath("README.md").read_text("utf-8").casefold().replace("`1` till `9`", "`1–9`")
    rows = [
        [re.findall("`(.+?)`", keys), place, does]
        for place, keys, does in re.findall(r"^\| (.+) \| (`.+) \| (.+) \|$", told, re.MULTILINE)
    ]
    shown = [
        [re.findall("<kbd>(.+?)</kbd>", keys), place, does]
        for place, keys_of in re.findall(
            r"<h3>(.+?)</h3>(<dl .*?</dl>)", surf("registrator").get("/konto").text.casefold()
        )
        for keys, does in re.findall(r"<dt>(.+?)</dt><dd>(.+?)</dd>", keys_of)
    ]
    assert len(shown) > 10
    assert [one for one in shown if one not in rows] == []

"""The handbook under Hjälp."""

from pathlib import Path

import pytest

from cases.errors import NotFound
from desk.handbook import PLACES, chapters, find_picture, read_chapter, render
from tests.desk import house as h
from tests.desk.conftest import Surfer, create_app

NONE = Path("finns-inte")


def test_every_page_leads_to_the_handbook_and_it_to_its_chapters(surf) -> None:
    page = surf("handlaggare")
    assert 'href="/hjalp"' in page.get("/mina").text
    text = page.get("/hjalp").text
    assert text.count("<h1>") == 1
    for name in ("registrator", "handlaggare", "chef", "administrator"):
        assert f'href="/hjalp/{name}"' in text
        chapter = page.get(f"/hjalp/{name}")
        assert chapter.status_code == 200
        assert "För dig som är" in chapter.text
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

"""The municipality's logo over the desk's pages and in the letters it shows; its name where there is none."""

import pytest

from desk.logo import DeskLogo, with_logo
from tests.desk import house as h
from tests.desk.conftest import Surfer, make_app

LOGO = DeskLogo(b"\x89PNG\r\n\x1a\nbild", 176, 68, "cid:logotyp@lyhord")


@pytest.fixture
def stranger(house: h.House) -> Surfer:
    return Surfer(make_app(house, logo=LOGO))


def test_anybody_may_fetch_the_logo_and_keep_it(stranger: Surfer) -> None:
    answer = stranger.get(LOGO.path)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, LOGO.png, "image/png")
    assert "no-store" not in answer.headers.get("cache-control", "")


def test_it_stands_on_the_log_in_page_with_the_municipalitys_name(stranger: Surfer) -> None:
    page = stranger.get("/logga-in").text
    assert f'<img class="kommunlogga" src="{LOGO.path}" width="176" height="68" alt="Ekdala kommun">' in page


def test_without_one_the_name_stands_there(surf) -> None:
    assert surf().get(LOGO.path).status_code == 404
    assert "kommunlogga" not in surf("handlaggare").get("/mina").text


def test_a_letter_shows_it_without_fetching_anything() -> None:
    html = '<p><img src="cid:logotyp@lyhord" alt="x"> cid:logotyp@lyhord</p>'
    assert with_logo(html, None) == html
    assert with_logo(html, LOGO) == f'<p><img src="{LOGO.data}" alt="x"> cid:logotyp@lyhord</p>'
    assert with_logo("", LOGO) == ""

"""The shipped profiles load, and cover every neutral area with a unit of their own organisation."""

import pytest

import config
from cases.routing.areas import Area


@pytest.mark.parametrize("name", ["demo"])
def test_a_profile_loads_and_answers_for_every_area(name, environ):
    settings = config.load(name, environ)
    assert settings.profile == settings.source == name
    assert {settings.organisation.unit_for(area).id for area in Area} <= set(settings.organisation.units)
    assert set(settings.organisation.area_units) == set(Area)


def test_the_demo_takes_its_servers_from_the_environment(environ):
    environ |= {
        "LYHORD_IMAP_PORT": "4143",
        "LYHORD_SMTP_PORT": "4025",
        "LYHORD_DATABASE_URL": "postgresql://u:pw@127.0.0.1:5499/d",
        "LYHORD_DESK_URL": "http://127.0.0.1:4080",
        "LYHORD_DESK_PORT": "4080",
    }
    settings = config.load("demo", environ)
    assert (settings.mailboxes[0].port, settings.smtp.port, settings.desk.port) == (4143, 4025, 4080)
    assert settings.database.url.reveal() == "postgresql://u:pw@127.0.0.1:5499/d"
    assert settings.desk.base_url == "http://127.0.0.1:4080"


def test_the_demo_is_ekdala_with_six_departments_under_five_authorities(environ):
    organisation = config.load("demo", environ).organisation
    assert organisation.name == "Ekdala kommun"
    assert (len(organisation.authorities), len(organisation.departments), len(organisation.units)) == (5, 6, 20)

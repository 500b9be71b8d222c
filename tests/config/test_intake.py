"""Known forms and the virus scanner in the settings."""

import pytest

import config
from cases.case import Channel
from tests.config.conftest import ENVIRON, problems

FORM = {"id": "app", "senders": ["noreply@app.kommunen.example"], "channel": "app"}


def test_a_profile_has_no_forms_and_no_scanner_until_somebody_says_so():
    settings = config.load("rattvik", ENVIRON)
    assert settings.form_mails == ()
    assert settings.antivirus.socket == ""


def test_a_form_needs_only_its_sender_and_knows_the_usual_questions(tree, write, environ):
    tree["form_mails"] = [FORM, {**FORM, "id": "blankett", "channel": "form", "text": ["Vad har hänt?"]}]
    app, blankett = config.load(write(tree), environ).form_mails
    assert app.channel_in is Channel.APP
    assert "Beskrivning" in app.text
    assert blankett.text == ("Vad har hänt?",)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"senders": []}, "form_mails[app].senders"),
        ({"senders": ["noreply"]}, "form_mails[app].senders"),
        ({"machines": ["e-tjanst.kommunen.example"]}, "form_mails[app].machines"),
        ({"channel": "email"}, "form_mails[app].channel"),
        ({"text": []}, "form_mails[app].text"),
        ({"namn": ["Namn"]}, "form_mails[app].namn"),
    ],
)
def test_a_form_that_cannot_work_is_told_of(tree, write, environ, changes, key):
    tree["form_mails"] = [{**FORM, **changes}]
    assert [problem.key for problem in problems(write(tree), environ)] == [key]


@pytest.mark.parametrize("socket", ["/run/clamav/clamd.ctl", "127.0.0.1:3310", "[::1]:3310", "localhost:3310", ""])
def test_the_scanner_is_on_this_machine(tree, write, environ, socket):
    tree["antivirus"] = {"socket": socket}
    assert config.load(write(tree), environ).antivirus.socket == socket


@pytest.mark.parametrize(
    "socket", ["clamd.kommunen.example:3310", "clamd.ctl", "127.0.0.1", "127.0.0.1:0", "10.0.0.5:3310"]
)
def test_attachments_never_go_open_to_another_machine(tree, write, environ, socket):
    tree["antivirus"] = {"socket": socket}
    (problem,) = problems(write(tree), environ)
    assert problem.key == "antivirus.socket"


@pytest.mark.parametrize(
    ("name", "fits"), [(".outlook.com", True), ("mx.kommunen.example", True), (".com", False), ("..x.example", False)]
)
def test_own_servers_may_be_all_of_a_domain_but_not_of_the_world(tree, write, environ, name, fits):
    tree["intake"] = {**tree.get("intake", {}), "own_servers": [name]}
    path = write(tree)
    if fits:
        assert config.load(path, environ).intake.own_servers == (name,)
    else:
        assert [problem.key for problem in problems(path, environ)] == ["intake.own_servers"]

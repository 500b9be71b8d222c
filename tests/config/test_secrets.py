"""Secrets come from the environment or a file, never from the configuration, and are never shown."""

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

import config
from config.secret import Secret
from tests.config.conftest import ENVIRON, problems
from tests.config.test_errors import put

WRITTEN = "hemligt-i-filen"


@pytest.mark.parametrize("place", ["mailboxes.0.password", "smtp.password", "desk.secret", "database.password"])
def test_a_secret_written_in_the_file_is_refused_with_the_way_out(place, tree, write, environ):
    put(tree, place, WRITTEN)
    (fault,) = problems(write(tree), environ)
    assert fault.key.endswith(place.rpartition(".")[2])
    assert "_env" in fault.remedy
    assert "_file" in fault.remedy
    assert WRITTEN not in str(fault)


def test_a_password_under_a_misspelt_key_is_not_shown(tree, write, environ):
    put(tree, "smtp.passwort", WRITTEN)
    (fault,) = problems(write(tree), environ)
    assert "password_env" in fault.remedy
    assert WRITTEN not in str(fault)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("smtp.pasword", WRITTEN),
        ("desk.secert", WRITTEN),
        ("smpt", {"password": WRITTEN}),
        ("expiries", {"password": WRITTEN}),
        ("alarms.webhook", f"http://drift:{WRITTEN}@larm.kommunen.example/"),
    ],
)
def test_no_secret_is_shown_beside_a_mistake_in_writing(place, value, tree, write, environ):
    put(tree, place, value)
    (fault,) = problems(write(tree), environ)
    assert WRITTEN not in str(fault)


def test_a_password_in_the_file_is_refused_where_no_log_in_is_chosen_too(tree, write, environ):
    """It was passed over in silence, and letters left without logging in."""
    del tree["smtp"]["login"], tree["smtp"]["password_env"]
    put(tree, "smtp.password", WRITTEN)
    (fault,) = problems(write(tree), environ)
    assert fault.key == "smtp.password"


def test_a_space_beside_the_way_of_logging_in_leaves_its_secret_read(environ, tree, write):
    put(tree, "smtp.login", "password ")
    assert config.load(write(tree), environ).smtp.password.reveal() == ENVIRON["LYHORD_SMTP_PASSWORD"]


def test_the_mark_that_some_editors_begin_a_file_by_is_no_part_of_the_secret(tree, write, environ):
    del tree["smtp"]["password_env"]
    put(tree, "smtp.password_file", "smtp.txt")
    write("\ufeffhemligt\r\n", "smtp.txt")
    assert config.load(write(tree), environ).smtp.password.reveal() == "hemligt"


@pytest.mark.parametrize(
    "environ", [{**ENVIRON, "LYHORD_IMAP_PASSWORD": ""}, {"LYHORD_SMTP_PASSWORD": "x", "LYHORD_DESK_SECRET": "y" * 32}]
)
def test_an_unset_or_empty_variable_is_named(environ):
    (fault,) = problems("rattvik", environ)
    assert fault.key == "mailboxes[rattvik].password_env"
    assert "LYHORD_IMAP_PASSWORD" in fault.what


def test_a_secret_is_read_from_a_file_beside_the_configuration(tree, write, environ):
    del tree["mailboxes"][0]["password_env"]
    put(tree, "mailboxes.0.password_file", "imap.txt")
    write("från fil med mellanslag \n", "imap.txt")
    password = config.load(write(tree), environ).mailboxes[0].password
    assert password.reveal() == "från fil med mellanslag "
    assert password.origin == "filen imap.txt"


@pytest.mark.parametrize(
    ("content", "says"), [(None, "smtp.txt finns inte."), ("", "smtp.txt är tom."), ("\n", "smtp.txt är tom.")]
)
def test_a_missing_or_empty_secret_file_is_named(content, says, tree, write, environ):
    del tree["smtp"]["password_env"]
    put(tree, "smtp.password_file", "smtp.txt")
    if content is not None:
        write(content, "smtp.txt")
    (fault,) = problems(write(tree), environ)
    assert (fault.key, fault.value) == ("smtp.password_file", "'smtp.txt'")
    assert fault.what.endswith(says)


def test_a_secret_file_that_is_a_folder_or_not_text_is_told_so(tree, write, environ, tmp_path):
    del tree["smtp"]["password_env"]
    put(tree, "smtp.password_file", "smtp.txt")
    (tmp_path / "smtp.txt").mkdir()
    (folder,) = problems(write(tree), environ)
    assert "det är en mapp" in folder.what
    (tmp_path / "smtp.txt").rmdir()
    (tmp_path / "smtp.txt").write_bytes(b"l\xf6sen")
    (latin,) = problems(write(tree), environ)
    assert "UTF-8" in latin.what


@pytest.mark.parametrize("key", ["password_env", "password_file"])
def test_the_place_of_a_secret_is_a_text(key, tree, write, environ):
    del tree["smtp"]["password_env"]
    put(tree, f"smtp.{key}", 3)
    (fault,) = problems(write(tree), environ)
    assert (fault.key, fault.value) == (f"smtp.{key}", "3")


def test_two_places_for_one_secret_are_refused(tree, write, environ):
    put(tree, "smtp.password_file", "smtp.txt")
    (fault,) = problems(write(tree), environ)
    assert fault.key == "smtp.password_file"
    assert "password_env" in fault.what


def test_a_short_signing_key_is_refused_unseen(environ):
    environ["LYHORD_DESK_SECRET"] = "kort-och-gott"
    (fault,) = problems("rattvik", environ)
    assert fault.key == "desk.secret"
    assert "kort-och-gott" not in str(fault)


def test_no_password_is_asked_for_where_another_log_in_is_chosen(tree, write, environ):
    put(tree, "smtp.login", "none")
    environ.pop("LYHORD_SMTP_PASSWORD")
    assert config.load(write(tree), environ).smtp.password is None


def test_xoauth2_reads_its_client_secret(environ):
    box = config.load("osby", environ).mailboxes[0]
    assert (box.login, box.password) == ("xoauth2", None)
    assert box.oauth2.client_secret.reveal() == "oauth-hemligt"
    assert box.oauth2.scope == "https://outlook.office365.com/.default"


def test_nothing_of_the_settings_prints_a_secret(environ):
    environ["LYHORD_DATABASE_URL"] = "postgresql://lyhord:databas-hemligt@127.0.0.1/d"
    for profile in config.PROFILES:
        text = f"{config.load(profile, environ)!r}"
        assert "Secret(dold)" in text
        for value in (*ENVIRON.values(), "databas-hemligt"):
            assert value not in text


def test_a_secret_hides_in_every_common_way_of_printing():
    secret = Secret("hemligt", "miljövariabeln X")
    for text in (repr(secret), str(secret), f"{secret:>20}", f"{[secret]}", "%s" % secret):  # noqa: UP031
        assert "hemligt" not in text
    with pytest.raises(FrozenInstanceError):
        secret.value = "annat"
    assert replace(secret, origin="annat") == secret == pickle.loads(pickle.dumps(secret))


def test_a_secret_that_is_changed_in_its_file_is_known_without_a_restart(tmp_path):
    """A token's secret ends on a day, and whoever had renewed it wondered why no letters came."""
    file = tmp_path / "smtp"
    file.write_text("ny\r\n")
    secret = Secret("gammal", "filen smtp", file)
    assert (secret.renewed(), secret.reveal()) == ("ny", "gammal")
    for spoilt in (b"", b"\xff"):
        file.write_bytes(spoilt)
        assert secret.renewed() == "gammal", "half written"
    file.unlink()
    assert secret.renewed() == "gammal"
    assert Secret("ur miljön").renewed() == "ur miljön"


def test_a_database_password_is_put_into_the_url_and_kept_out_of_the_file(tree, write, environ):
    put(tree, "database.url", "postgresql+psycopg://lyhord@db.rattvik.example:5433/lyhord?sslmode=require")
    put(tree, "database.password_env", "LYHORD_DATABASE_PASSWORD")
    url = config.load(write(tree), environ).database.url
    assert url.reveal() == (
        "postgresql+psycopg://lyhord:db-hemligt%2F%40%3A@db.rattvik.example:5433/lyhord?sslmode=require"
    )


@pytest.mark.parametrize(
    "url", ["postgresql://lyhord:hemligt-i-filen@db/lyhord", "mysql://lyhord:hemligt-i-filen@db/lyhord"]
)
def test_a_database_password_in_the_file_is_refused_unseen(url, tree, write, environ):
    put(tree, "database.url", url)
    found = problems(write(tree), environ)
    assert "database.password_env" in found[0].remedy
    assert not any(WRITTEN in str(fault) for fault in found)


def test_a_password_for_sqlite_is_refused(tree, write, environ):
    put(tree, "database.password_env", "LYHORD_DATABASE_PASSWORD")
    (fault,) = problems(write(tree), environ)
    assert fault.key == "database.password_env"

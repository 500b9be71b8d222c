"""The file that ``lyhord init`` writes: complete, commented, and as good as the profile it is made of."""

import re
from dataclasses import replace

import pytest

import config
from cases.errors import NotFound
from config.writing import to_toml
from tests.config.conftest import problems

_ASSIGNMENT = re.compile(r"^# ([a-z0-9_]+ = .+|\[{1,2}[a-z0-9_.]+\]{1,2})$", re.MULTILINE)


@pytest.mark.parametrize("profile", config.PROFILES)
def test_the_template_loads_as_the_profile_does(profile, write, environ, tmp_path, monkeypatch):
    # Paths of a profile count from where one stands, those of a file from its folder.
    monkeypatch.chdir(tmp_path)
    expected = config.load(profile, environ)
    written = config.load(write(config.template(profile)), environ)
    assert written.profile == ""
    assert replace(written, source=profile, profile=profile) == expected


@pytest.mark.parametrize("profile", config.PROFILES)
def test_the_template_shows_every_key_with_its_meaning(profile):
    text = " ".join(config.template(profile).replace("\n# ", " ").split())
    for doc in config.describe()[1:]:
        name = doc.key.rpartition(".")[2]
        assert re.search(rf"\b{name}\b", text), doc.key
        if not name.endswith("_file"):
            assert doc.meaning.removesuffix(" Var den står.") in text, doc.key


@pytest.mark.parametrize("profile", config.PROFILES)
def test_what_is_commented_out_can_be_put_in(profile, write, environ):
    text, count = _ASSIGNMENT.subn(r"\1", config.template(profile))
    assert count > 10
    path = write(text)
    (path.parent / "mallar").mkdir()
    (path.parent / "logotyp.svg").touch()
    # Everything that is shown must be right, but for a password that SQLite has no use for.
    (fault,) = problems(path, environ)
    assert fault.key == "database.password_env"


@pytest.mark.parametrize("profile", config.PROFILES)
def test_the_template_has_no_line_too_long_to_read(profile):
    assert all(len(line) <= 120 for line in config.template(profile).splitlines() if line.startswith("#"))


def test_an_unknown_profile_is_refused_with_what_was_meant():
    with pytest.raises(NotFound, match="Menade du osby"):
        config.template("osbi")


def test_only_what_toml_knows_is_written():
    with pytest.raises(TypeError, match="object"):
        to_toml(object())

"""A municipality's file lies on a profile or another file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config.layers import merge
from tests.config.conftest import problems


def test_a_file_says_only_what_differs(write, environ):
    settings = config.load(
        write(
            """
            extends = "rattvik"
            [municipality]
            name = "Lilla kommunen"
            [smtp]
            port = 2525
            [[mailboxes]]
            id = "rattvik"
            poll_seconds = 10
            [[promises]]
            kind = "answer"
            days = 5
            [[units]]
            id = "kost"
            name = "Köket"
            """
        ),
        environ,
    )
    assert settings.profile == "rattvik"
    assert settings.municipality.name == settings.organisation.name == "Lilla kommunen"
    assert settings.municipality.web == "https://www.rattvik.example"
    assert (settings.smtp.port, settings.smtp.host) == (2525, "smtp.rattvik.example")
    assert (len(settings.mailboxes), settings.mailboxes[0].poll_seconds) == (1, 10)
    assert [promise.days for promise in settings.promises] == [1, 5]
    assert settings.organisation.units["kost"].name == "Köket"
    assert settings.organisation.units["kost"].manager.title == "kostchef"
    assert len(settings.organisation.units) == 18


def test_tables_are_added_and_removed_by_their_id(write, environ):
    settings = config.load(
        write(
            """
            extends = "rattvik"
            [areas]
            kost = "maltid"
            [[units]]
            id = "kost"
            remove = true
            [[units]]
            id = "maltid"
            name = "Måltider"
            department = "stod"
            manager = { name = "Siv Exempel", title = "Chef", email = "siv@rattvik.example" }
            """
        ),
        environ,
    )
    assert "kost" not in settings.organisation.units
    assert settings.organisation.units["maltid"].manager.name == "Siv Exempel"


def test_a_removed_unit_that_is_still_referred_to_is_a_fault_of_the_profile_s_line(write, environ):
    (fault,) = problems(write('extends = "rattvik"\n[[units]]\nid = "kost"\nremove = true\n'), environ)
    assert (fault.file, fault.key, fault.value) == ("rattvik", "areas.kost", "'kost'")


def test_a_fault_names_the_file_it_stands_in(write, environ):
    middle = write('extends = "rattvik"\n[smtp]\nport = "fel"\n', "mellan.toml")
    own = write('extends = "mellan.toml"\n[municipality]\nweb = "fel"\n', "egen.toml")
    found = {fault.key: fault.file for fault in problems(own, environ)}
    assert found == {"smtp.port": str(middle), "municipality.web": str(own)}


def test_an_id_twice_in_one_file_is_a_fault(write, environ):
    twice = 'extends = "rattvik"\n' + '[[units]]\nid = "kost"\nname = "Köket"\n' * 2
    assert any(fault.what == "id står på två tabeller." for fault in problems(write(twice), environ))


def test_the_place_of_a_secret_is_replaced_not_doubled(write, environ):
    write("ur fil", "smtp.txt")
    own = write('extends = "rattvik"\n[smtp]\npassword_file = "smtp.txt"\n', "egen.toml")
    assert config.load(own, environ).smtp.password.reveal() == "ur fil"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('extends = "kommun.toml"', "ring"),
        ('extends = "ratvik"', "Menade du profilen rattvik?"),
        ("extends = 3", "text"),
    ],
)
def test_an_impossible_extends_is_named(text, says, write, environ):
    (fault,) = problems(write(text), environ)
    assert fault.key == "extends"
    assert fault.file.endswith("kommun.toml")
    assert says in str(fault)


def test_areas_may_fall_to_the_central_unit_when_that_is_said(write, environ):
    own = 'extends = "rattvik"\n[areas]\ndefault = true\nkost = ""\n'
    organisation = config.load(write(own), environ).organisation
    assert organisation.area_units["kost"] == organisation.central_unit


def test_settings_cannot_be_changed(environ):
    settings = config.load("demo", environ)
    with pytest.raises(AttributeError):
        settings.smtp.port = 26


_LEAVES = st.one_of(st.integers(), st.text(max_size=5), st.booleans(), st.lists(st.integers(), max_size=3))
_TREES = st.recursive(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), _LEAVES, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(["a", "b", "t"]), inner, max_size=3),
    max_leaves=8,
)


@given(_TREES)
def test_a_tree_laid_on_itself_or_on_nothing_is_itself(tree):
    assert merge(tree, tree) == merge({}, tree) == merge(tree, {}) == tree


@given(_TREES, _TREES)
def test_what_lies_over_wins(under, over):
    merged = merge(under, over)
    assert set(merged) == set(under) | set(over)
    assert all(merged[key] == over[key] for key in over if not isinstance(over[key], dict))

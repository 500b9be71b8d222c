"""Whatever a TOML file holds, loading it gives settings or InvalidSettings, never anything else."""

import copy
import tomllib
from datetime import UTC
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import InvalidSettings, Settings
from config.layers import PROFILES, Layered, profile_text
from config.loading import settle
from config.problems import Problem
from config.schema import Table, slots
from config.settings import ConfigFile
from config.writing import to_toml
from tests.config.conftest import ENVIRON

_TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["", "ks", "${X}", "${", "https://[", "a@b", "{token}@x", "07:00", "{year}{serial}", "sqlite:", "true", "~x/y"]
    ),
)
_LEAVES = st.one_of(
    _TEXTS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
)
_KEYS = st.one_of(
    st.sampled_from([slot.name for slot in slots(ConfigFile)]),
    st.sampled_from(
        ["id", "kind", "remove", "password", "password_env", "secret_file", "oauth2", "login", "url", "head"]
    ),
    st.text(max_size=8),
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=4)),
    max_leaves=10,
)
_TREES = {name: tomllib.loads(profile_text(name)) for name in PROFILES}


def _settled(tree):
    layered = Layered("prov.toml", Path("/nonexistent"), "", tree, {})
    faults = ()
    try:
        return settle(layered, ENVIRON)
    except InvalidSettings as error:
        faults = error.problems
    assert faults
    assert all(isinstance(fault, Problem) and fault.what and fault.remedy for fault in faults)
    return None


@given(st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_an_arbitrary_tree_is_refused_in_words(tree):
    assert _settled(tree) is None


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PROFILES), st.data(), _VALUES)
def test_a_profile_with_one_thing_replaced_is_settings_or_refused(name, data, value):
    tree = copy.deepcopy(_TREES[name])
    node = tree
    while True:
        places = sorted(node) if isinstance(node, dict) else range(len(node))
        place = data.draw(st.sampled_from(places))
        inner = node[place]
        if not inner or not isinstance(inner, dict | list) or data.draw(st.booleans()):
            break
        node = inner
    node[place] = value
    result = _settled(tree)
    assert result is None or isinstance(result, Settings)


def test_every_table_of_the_file_may_be_left_out_without_a_crash():
    for slot in slots(ConfigFile):
        tree = copy.deepcopy(_TREES["demo"])
        tree.pop(slot.name, None)
        result = _settled(tree)
        assert isinstance(slot.what, Table)
        assert result is None or isinstance(result, Settings)


@given(
    st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.dates(), st.lists(st.text(), max_size=3))
)
def test_a_written_value_reads_back(value):
    assert tomllib.loads(f"a = {to_toml(value)}") == {"a": value}

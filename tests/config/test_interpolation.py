"""``${NAME}`` in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from config.interpolation import BrokenReference, UnsetVariable, interpolate
from tests.config.conftest import problems
from tests.config.test_errors import put

ENV = {"HOST": "imap.example", "EMPTY": "", "SLY": "${HOST}"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("", ""),
        ("ingenting här, 5 $", "ingenting här, 5 $"),
        ("${HOST}", "imap.example"),
        ("https://${HOST}:${PORT:-993}/", "https://imap.example:993/"),
        ("${EMPTY}", ""),
        ("${EMPTY:-förval}", "förval"),
        ("${INGEN:-}", ""),
        ("${INGEN:-a b:-c}", "a b:-c"),
        ("$${HOST}", "${HOST}"),
        ("$$${HOST}", "$${HOST}"),
        ("svar+{token}@x", "svar+{token}@x"),
        # What the environment holds is taken as it is.
        ("${SLY}", "${HOST}"),
    ],
)
def test_references_are_filled(text, filled):
    assert interpolate(text, ENV) == filled


@pytest.mark.parametrize("text", ["${", "${}", "${HOST", "${1A}", "${A-b}", "${HOST} ${A B}"])
def test_a_broken_reference_is_refused(text):
    with pytest.raises(BrokenReference):
        interpolate(text, ENV)


def test_an_unset_variable_is_named_with_its_key(tree, write, environ):
    put(tree, "units.0.phone", "${KANSLI_TELEFON}")
    put(tree, "letters.internal_domains", ["${DOMAN}"])
    found = problems(write(tree), environ)
    assert [(fault.key, "KANSLI_TELEFON" in fault.what) for fault in found] == [
        ("letters.internal_domains[0]", False),
        ("units[kansli].phone", True),
    ]
    assert "${KANSLI_TELEFON:-värde}" in found[1].remedy


def test_a_broken_reference_is_named_with_its_key(tree, write, environ):
    put(tree, "municipality.phone", "${")
    (fault,) = problems(write(tree), environ)
    assert (fault.key, fault.value) == ("municipality.phone", "'${'")


def test_a_number_or_truth_value_may_come_from_the_environment(tree, write, environ):
    put(tree, "smtp.port", "${P}")
    put(tree, "letters.delay_notice", "${J}")
    put(tree, "classifier.auto_confirm_confidence", "${A}")
    settings = config.load(write(tree), environ | {"P": "2525", "J": "FALSE", "A": "0.75"})
    assert (settings.smtp.port, settings.letters.delay_notice) == (2525, False)
    assert settings.classifier.auto_confirm_confidence == 0.75


_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)


@given(st.text(), st.dictionaries(_NAMES, st.text()))
def test_any_text_is_filled_or_refused_by_name(text, environ):
    missing = ""
    try:
        interpolate(text, environ)
    except UnsetVariable as error:
        missing = error.name
    except BrokenReference:
        missing = "$"
    assert missing not in environ
    assert not missing or f"${{{missing}" in text or (missing == "$" and "${" in text)


@given(st.text())
def test_an_escaped_text_comes_out_as_it_was(text):
    # A dollar before the escape would belong to it.
    plain = text.replace("$", "")
    assert interpolate(plain + "$${" + plain, {}) == plain + "${" + plain


@given(_NAMES, st.text(), st.text().map(lambda text: text.replace("$", "")))
def test_a_value_from_the_environment_is_put_in_untouched(name, value, around):
    assert interpolate(f"{around}${{{name}}}{around}", {name: value}) == f"{around}{value}{around}"

"""Signatures kept apart, and nothing real eaten with them."""

import pytest

from ingest.reading.signature import split_signature
from tests.ingest.parse.mails import read_records

SIGNED = read_records("threads/signatures.txt")


@pytest.mark.parametrize("name", [name for name in SIGNED if not name.startswith("none")])
def test_a_signature_is_kept_apart(name):
    letter, _, signature = SIGNED[name].partition("\n=====\n")
    whole = f"{letter}\n\n{signature}"
    assert split_signature(whole, "Anna Lind") == (letter, signature), name


@pytest.mark.parametrize("name", [name for name in SIGNED if name.startswith("none")])
def test_what_looks_like_one_stays(name):
    assert split_signature(SIGNED[name], "Anna Lind") == (SIGNED[name], "")


@pytest.mark.parametrize("last", ["Lampan är trasig.", "Var är lampan?", "Lampan lyser inte"])
@pytest.mark.parametrize(
    "print_", ["Virusfritt.www.avast.example", "Denna e-post kontrollerades av ESET NOD32 Antivirus."]
)
def test_small_print_right_below_a_sentence_takes_nothing_with_it(last, print_):
    assert split_signature(f"Hej!\n\n{last}\n{print_}") == (f"Hej!\n\n{last}", print_)

"""``lyhord api-client``: the same from the command line."""

import re

import pytest

from service.cli import main


@pytest.fixture
def lyhord(environ, monkeypatch, capsys):
    """The command over the demo profile; returns status and what was printed."""
    for key, value in environ.items():
        monkeypatch.setenv(key, value)

    def run(*words: str) -> tuple[int, str]:
        status = main(["api-client", *words, "--config", "demo"])
        got = capsys.readouterr()
        return status, got.out + got.err

    return run


def test_a_key_from_birth_to_death(lyhord, sqlite_store) -> None:
    status, said = lyhord("add", "Appen", "--scope", "events:read", "--unit", "*", "--days", "9")
    token = re.search(r"lyhord_[\w-]{43}", said)[0]
    assert status == 0
    assert "API:et är avstängt. Skriv enabled = true" in said
    status, said = lyhord("list")
    assert "Appen: gäller till" in said and token not in said
    status, said = lyhord("webhook", "Appen", "--url", "https://mottagare.example/in?nyckel=hemlig")
    hook = re.search(r"Id: ([0-9a-f]{32})", said)[1]
    status, said = lyhord("list")
    assert f"{hook} → https://mottagare.example/in:" in said and "hemlig" not in said
    assert lyhord("again", hook) == (0, "Inga händelser skickas igen.\n")
    assert lyhord("unhook", hook)[0] == lyhord("revoke", "Appen")[0] == 0
    assert "återkallad" in lyhord("list")[1]
    with sqlite_store.read() as tx:
        assert [line.actor_id for line in tx.access_log()] == ["system"] * 4


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", ""), "Ange vilket"),
        (("add", "Appen"), "Välj med --scope vad Appen får göra"),
        (("add", "Appen", "--scope", "cases:protected", "--unit", "*"), "utpekade"),
        (("add", "Appen", "--scope", "cases:read"), "Utan enhet"),
        (("revoke", "Okänd"), "Det finns inget system"),
        (("unhook", "Okänd"), "Det finns ingen mottagare 'Okänd'. `lyhord api-client list` visar"),
        (("again", "Okänd"), "Det finns ingen mottagare 'Okänd'."),
        (("webhook", "Okänd", "--url", "https://x.example"), "Det finns inget system"),
    ],
)
def test_what_cannot_be_done_is_said(lyhord, words, why) -> None:
    status, said = lyhord(*words)
    assert (status, why in said) == (1, True), said

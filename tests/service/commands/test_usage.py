"""A word that the command line does not know is answered in Swedish, with what was meant."""

import argparse

import pytest
import sqlalchemy as sa

from service.cli import COMMANDS, load, main
from service.usage import SwedishParser, swedish


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["chek"], "lyhord: KOMMANDO: chek finns inte. Menade du check? Välj bland demo, run, "),
        ([], "lyhord: Det saknas: KOMMANDO. `lyhord --help` visar hur man skriver.\n"),
        (["user", "lst"], "lyhord user: lst finns inte. Menade du list? Välj bland add, list, "),
        (["user"], "lyhord user: Säg vad som ska göras: add, list, leave, "),
        (["mailbox"], "lyhord mailbox: Säg vad som ska göras: recover. `lyhord mailbox --help` visar hur man skriver."),
        (
            ["mailbox", "recover", "--since", "27/11"],
            "lyhord mailbox: --since ska vara en dag som 2026-11-27, inte 27/11.",
        ),
        (["init", "--profile", "osbi"], "lyhord init: --profile: osbi finns inte. Menade du osby? Välj bland osby, "),
        (["paper"], "lyhord paper: Säg vad som ska göras, med en av DOKUMENT --separator --again."),
        (["check", "--nix"], "lyhord check: Det här är okänt: --nix. `lyhord check --help` visar"),
        (["--nix", "check"], "lyhord: Det här är okänt: --nix. `lyhord --help` visar"),
        (["gdpr"], "lyhord gdpr: Säg vad som ska göras: find, extract; det saknas också: --by. "),
        (["check", "--config"], "lyhord check: --config/-c ska ha ett värde efter sig."),
        (
            ["api-client", "add", "Appen", "--scope", "läsa"],
            "lyhord api-client: --scope: läsa finns inte. Välj bland cas",
        ),
        (["parse", "brev.eml", "--jsonl", "brev"], "lyhord parse: --jsonl går inte ihop med FIL."),
        (
            ["archive", "export", "ut", "--closed-before", "i fjol"],
            "lyhord archive: --closed-before ska vara en dag som ",
        ),
        (["simulate", "--cases", "två"], "lyhord simulate: --cases ska vara ett tal, inte två."),
    ],
)
def test_a_wrong_word_is_told_in_swedish(words: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(words, capsys).startswith(expected)


def test_every_fault_that_argparse_knows_has_its_sentence() -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--ett", action="store_true")
    one.add_argument("--etta", action="store_true")
    for words in (["--ett", "--etta"], ["--ett=1"]):
        with pytest.raises(argparse.ArgumentError) as fault:
            parser.parse_args(words)
        assert "argument" not in swedish(str(fault.value))
    assert swedish("ambiguous option: --et could match --ett, --etta").startswith("--et kan vara --ett, --etta.")
    assert swedish("argument --sedan: Skriv dagen som 2026-11-27.") == "--sedan: Skriv dagen som 2026-11-27."


@pytest.mark.parametrize("command", COMMANDS)
def test_no_help_is_half_english(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = capsys.readouterr().out
    assert shown.startswith(f"så här: lyhord {command}")
    assert not any(word in shown for word in ("usage", "options:", "positional", "show this"))
    parser = SwedishParser()
    load(command).arguments(parser)
    for action in parser._actions:
        assert action.help, (action.dest, "says nothing of itself")
        # What is left without a name would be shown by ours, in English: --folds FOLDS.
        assert action.nargs == 0 or action.metavar or action.choices, action.dest
        assert not any("<" in repr(choice) for choice in action.choices or ())


@pytest.mark.parametrize(
    ("driver", "said"),
    [
        ("database or disk is full", "lyhord: Databasens disk är full."),
        ('could not extend file "base/1": No space left on device', "lyhord: Databasens disk är full."),
        ("server closed the connection unexpectedly", "lyhord: Databasen svarade inte som den ska."),
    ],
)
def test_a_database_that_fails_midway_is_one_line(
    driver: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: argparse.Namespace) -> int:
        raise sa.exc.OperationalError("INSERT …", {"name": "Kim Ek"}, Exception(driver))

    monkeypatch.setattr("service.commands.letters.run", fail)
    assert main(["letters"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert "Kim" not in told


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: argparse.Namespace) -> int:
        raise sa.exc.IntegrityError("INSERT …", {}, Exception("unique"))

    monkeypatch.setattr("service.commands.letters.run", fail)
    with pytest.raises(sa.exc.IntegrityError):
        main(["letters"])


def test_subparsers_speak_swedish_too() -> None:
    sub = SwedishParser(prog="prov").add_subparsers().add_parser("under")
    assert isinstance(sub, SwedishParser)

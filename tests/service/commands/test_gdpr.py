"""`lyhord gdpr`: a registrator finds a person's cases and writes an extract; nobody else does."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

from cases.case import CaseStatus, Party
from cases.people.access import Grant, Role, User
from service.cli import main
from tests.storage.samples import case, stored


def test_find_and_extract(environ, sqlite_store, monkeypatch, tmp_path: Path, capsys) -> None:
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    berit = Party("Berit Alm", "berit@mejl.example")
    with sqlite_store.begin() as tx:
        tx.add_user(User("rut", "rut@ekdala.example", "Rut", "registrator", frozenset({Grant(Role.REGISTRATOR)})))
        tx.add_user(User("ada", "ada@ekdala.example", "Ada", "admin", frozenset({Grant(Role.ADMIN)})))
        tx.add_case(case("c1", number="EK-1", sender=berit, authority_id="ks", status=CaseStatus.ROUTED))
        tx.add_message(stored("c1", id="m1"))
        tx.add_case(case("c2", number="EK-2", sender=Party("Nils Ros", "nils@mejl.example"), status=CaseStatus.ROUTED))
    who = ["--email", "Berit@mejl.example", "--by", "rut@ekdala.example", "--config", "demo"]
    assert main(["gdpr", "find", *who]) == 0
    said = capsys.readouterr().out
    assert "EK-1" in said
    assert "EK-2" not in said
    out = tmp_path / "utdrag.zip"
    assert main(["gdpr", "extract", *who, "--out", str(out)]) == 0
    assert out.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(out) as package:
        assert [one["ärendenummer"] for one in json.loads(package.read("utdrag.json"))["ärenden"]] == ["EK-1"]
    one = [*who, "--out", str(tmp_path / "ett.zip"), "--case"]
    assert main(["gdpr", "extract", *one, "ek-1"]) == 0
    assert "Ett ärende: " in capsys.readouterr().out
    assert main(["gdpr", "extract", *one, "EK-1", "--case", "EK-2"]) == 1
    assert "Personen har inget ärende EK-2" in capsys.readouterr().err
    who[1] = "ingen@mejl.example"
    assert main(["gdpr", "find", *who]) == 0
    assert capsys.readouterr().out.startswith("Inga ärenden hittades.")
    assert main(["gdpr", "extract", *who, "--out", str(tmp_path / "annat.zip")]) == 1
    assert "Inget ärende är skrivet från e-postadressen" in capsys.readouterr().err
    assert main(["gdpr", "find", *who[2:]]) == 1
    assert "Säg vem det gäller: --email" in capsys.readouterr().err
    who[1], who[3] = "berit@mejl.example", "ada@ekdala.example"
    assert main(["gdpr", "extract", *who, "--out", str(tmp_path / "annat.zip")]) == 1
    assert not (tmp_path / "annat.zip").exists()


def test_who_is_mentioned_is_found_and_taken_along_only_by_number(
    environ, sqlite_store, monkeypatch, tmp_path: Path, capsys
) -> None:
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    with sqlite_store.begin() as tx:
        tx.add_user(User("rut", "rut@ekdala.example", "Rut", "registrator", frozenset({Grant(Role.REGISTRATOR)})))
        nils = Party("Nils Ros", "nils@mejl.example")
        tx.add_case(case("c1", number="EK-1", sender=nils, authority_id="ks", status=CaseStatus.ROUTED))
        letter = stored("c1", id="m1")
        words = "Min granne 121212-1212 bor på Ekgatan 7."
        tx.add_message(replace(letter, message=replace(letter.message, message=words, text=words)))
    number = tmp_path / "nummer"
    number.write_text("19121212-1212\n", encoding="utf-8")
    who = ["--name", "Berit Alm", "--by", "rut@ekdala.example", "--config", "demo", "--number-from", str(number)]
    assert main(["gdpr", "find", *who]) == 0
    said = capsys.readouterr().out
    assert said.index("Kan vara nämnd i andras ärenden") < said.index("EK-1")
    out = ["--out", str(tmp_path / "utdrag.zip")]
    assert main(["gdpr", "extract", *who, *out]) == 1
    assert "andra kan heta likadant" in capsys.readouterr().err
    assert main(["gdpr", "extract", *who, *out, "--case", "EK-1"]) == 0
    with zipfile.ZipFile(tmp_path / "utdrag.zip") as package:
        (one,) = json.loads(package.read("utdrag.json"))["ärenden"]
    assert one["brev in"][0]["här är du nämnd"] == "Min granne 121212-1212 bor på [adress]."

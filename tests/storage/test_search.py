"""Search on both databases: Swedish words, compounds, names, numbers; authorised; no string is an error."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case import Party
from cases.inbound.messages import Attachment
from cases.journal import CaseEvent, EventKind
from cases.people.access import SYSTEM
from cases.routing.flags import FlagKind
from storage import SqlStore
from storage.database.engine import open_engine
from storage.queries import search
from storage.search.analyse import analyse
from storage.search.sources import source_of
from tests.storage.samples import NOW, case, entry, flag, inbound, later, stored, viewer

LETTERS = {
    "lampa": "Gatlyktan utanför skolan är trasig sedan i måndags.",
    "lyktor": "Två gatlyktor på Storgatan lyser inte.",
    "gata": "Det är hål i gatan vid torget.",
    "tåg": "Tåget till Hässleholm gick för tidigt.",
    "tag": "Ta tag i problemet med skräpet!",
    "snö": "Snöröjningen på cykelvägarna fungerar dåligt.",
    "kost": "Maten på äldreboendet är kall.",
    "arabiska": "مرحبا، الطريق مظلم جدا",
}


def fill(store: SqlStore) -> None:
    with store.begin() as tx:
        for i, (name, text) in enumerate(LETTERS.items()):
            tx.add_case(case(name, received_at=later(i), sender=Party("Karin Exempel", f"karin{i}@medborgare.example")))
            tx.add_message(stored(name, inbound(text, subject="Synpunkt"), id=f"m {name}"))


def found(store: SqlStore, query: str, asker: object = SYSTEM) -> set[str]:
    with store.read() as tx:
        return {hit.line.id for hit in tx.search(query, asker)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("gatlykta", {"lampa", "lyktor"}),
        ("gatlyktorna", {"lampa", "lyktor"}),
        ("GATLYKTA", {"lampa", "lyktor"}),
        ("lykta", {"lampa", "lyktor"}),
        ("gata", {"lampa", "lyktor", "gata"}),
        ("skola", {"lampa"}),
        ("skolan trasiga", {"lampa"}),
        ("trasig gatlykta skola", {"lampa"}),
        ("trasig gatlykta torget", set()),
        ("tåg", {"tåg"}),
        ("tåget ", {"tåg"}),
        ("tag ", {"tag"}),
        ("snöröjning", {"snö"}),
        ("cykelväg", {"snö"}),
        ("väg", {"snö"}),
        ("äldreboende mat", {"kost"}),
        ("äldreb", {"kost"}),
        ("gatl", {"lampa", "lyktor"}),
        ("gatl ", set()),
        ("gatl skola", set()),
        ("الطريق", {"arabiska"}),
        ("finns ingenstans", set()),
        ("", set()),
        ("   ", set()),
        ("!?()&|", set()),
        ('"hål i gatan"', {"gata"}),
        ('"gatan i hål"', set()),
        ("synpunkt", set(LETTERS)),
    ],
)
def test_words(store: SqlStore, query: str, expected: set[str]) -> None:
    fill(store)
    assert found(store, query) == expected


def test_a_decomposed_letter_is_the_same_letter(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound("Ta\u030aget är försenat.")))
    assert found(store, "tåget") == found(store, "ta\u030aget") == {"c1"}


@pytest.mark.parametrize(
    "query",
    [
        "KS/2026:12 003",
        "ks/2026:12",
        "2026:12 003",
        "EK-2026-c1",
        "ek-2026-c1",
        "Mohammed",
        "Mohammeds",
        "mohammed al-hadi",
        "m.alhadi@medborgare.example",
        "M.AlHadi@medborgare.example",
        "alhadi",
        "070-174 06 05",
        "Storgatan 4",
        "Förskolan Björken",
        "ritning.pdf",
        "mohammed ritning anteckning",
        "besiktigat",
        "asfalt",
    ],
)
def test_names_numbers_files_journal_and_answers(store: SqlStore, query: str) -> None:
    sender = Party("Mohammed Al-Hadi", "m.alhadi@medborgare.example", "070-174 06 05", "Storgatan 4, Osby")
    drawing = Attachment("ritning.pdf", "application/pdf", 0, "")
    with store.begin() as tx:
        tx.add_case(
            case(sender=sender, registry_number="KS/2026:12 003", register_subject="Gården vid förskolan Björken")
        )
        tx.add_case(case("other", registry_number="KS/2026:3 012", sender=Party("Nils Exempel", "n@x.example")))
        tx.add_message(stored("c1", inbound("Hej.", attachments=(drawing,))))
        tx.add_event(CaseEvent("e1", "c1", NOW, "u1", EventKind.NOTE, "Anteckning: vi har besiktigat platsen."))
        answer = replace(entry().letter, text="Vi lägger ny asfalt.")
        tx.queue(entry("e1", "c1", automatic=False, letter=answer))
        tx.queue(entry("e2", "other", letter=answer))
    assert found(store, query) == {"c1"}


def test_what_the_machine_notes_of_every_case_is_no_hit(store: SqlStore) -> None:
    with store.begin() as tx:
        for one in ("c1", "c2"):
            tx.add_case(case(one))
            tx.add_event(CaseEvent(f"e-{one}", one, NOW, "system", EventKind.RECEIVED, "E-post till brevlådan."))
        tx.add_event(CaseEvent("e3", "c2", NOW, "u1", EventKind.NOTE, "Hon ringde om brevlådan."))
    assert found(store, "brevlådan") == {"c2"}


def test_numbers_given_up_are_found_and_old_names_are_not(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case(registry_number="KS/2026:12"))
        tx.save_case(case(registry_number="BUN/2026:7", sender=Party("Nils Ny", "nils@x.example")))
    assert found(store, "KS/2026:12") == found(store, "bun/2026:7") == found(store, "nils") == {"c1"}
    assert found(store, "karin") == set()


def test_the_address_of_the_protected_is_no_hit(store: SqlStore) -> None:
    sender = Party("Karin Exempel", "karin@medborgare.example", "070-174 06 05", "Hemliga gatan 4")
    with store.begin() as tx:
        tx.add_case(case(sender=sender))
        tx.add_case(case("hidden", sender=sender))
        tx.save_case(case("hidden", sender=sender, flags=(flag(FlagKind.SKYDDAD_IDENTITET),)))
    assert found(store, "hemliga gatan") == found(store, "070-174 06 05") == {"c1"}
    assert found(store, "karin exempel") == {"c1", "hidden"}


def test_search_shows_only_what_one_may_read(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case("flagged", flags=(flag(),)))
        tx.add_message(stored("flagged", inbound("Min mamma på hemmet.")))
        tx.add_message(stored("", inbound("Min mamma på hemmet.")))
    assert found(store, "mamma", viewer(member_units={"gata"}, sees_unflagged=True)) == set()
    assert found(store, "mamma", viewer(chef_units={"gata"})) == {"flagged"}
    assert found(store, "mamma") == {"flagged"}


def test_a_cases_own_number_comes_before_a_letter_that_mentions_it(store: SqlStore) -> None:
    with store.begin() as tx:
        for i in range(8):
            tx.add_case(case(f"filler{i}"))
            tx.add_message(stored(f"filler{i}", inbound("Någonting helt annat.")))
        tx.add_case(case("mention", received_at=later(9)))
        tx.add_message(stored("mention", inbound("Se ärende EK-2026-own, alltså EK-2026-own."), id="m"))
        tx.add_case(case("own"))
    with store.read() as tx:
        hits = tx.search("EK-2026-own", SYSTEM)
    assert [(hit.line.id, hit.where) for hit in hits] == [("own", "number"), ("mention", "letter")]


def test_words_in_one_letter_come_before_words_here_and_there(store: SqlStore) -> None:
    with store.begin() as tx:
        tx.add_case(case("together"))
        tx.add_message(stored("together", inbound("Gungan är trasig vid skolan.")))
        tx.add_case(case("apart", sender=Party("Anna Skola", "anna@x.example")))
        tx.add_message(stored("apart", inbound("Gungan är trasig.", subject="Hej")))
    with store.read() as tx:
        hits = [hit.line.id for hit in tx.search("gunga skola", SYSTEM)]
    assert hits == ["together", "apart"]


def test_many_letters_of_others_hide_no_old_one_of_ones_own(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_NEWEST", (2, 4))
    monkeypatch.setattr(search, "_AT_ONCE", 3)
    with store.begin() as tx:
        for i in range(9):
            unit = "gata" if i in (0, 1, 8) else "skola"
            tx.add_case(case(f"c{i}", unit_id=unit, flags=(flag(),), received_at=later(i)))
            tx.add_message(stored(f"c{i}", inbound("Trasig gunga.")))
            tx.add_event(CaseEvent(f"e{i}", f"c{i}", NOW, "u1", EventKind.NOTE, "Gungan är lagad nu."))
    asker = viewer(chef_units={"gata"})
    with store.read() as tx:
        for query in ("gunga", "trasig lagad", "gunga karin"):
            assert [hit.line.id for hit in tx.search(query, asker)] == ["c8", "c1", "c0"]
            pages = [[hit.line.id for hit in tx.search(query, asker, 1, at)] for at in range(4)]
            assert pages == [["c8"], ["c1"], ["c0"], []]


@pytest.mark.parametrize("gone", ["whole", "texts"])
def test_what_search_keeps_beside_its_index_goes_with_the_case(sqlite_url: str, gone: str) -> None:
    store = SqlStore(sqlite_url, analyser=analyse)
    fill(store)
    with open_engine(sqlite_url).begin() as connection:
        table, column = ("cases", "id") if gone == "whole" else ("search_docs", "case_id")
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = 'lampa'")
        left = "SELECT count(*) FROM search_fts_cases WHERE seq NOT IN (SELECT seq FROM search_docs)"
        assert connection.exec_driver_sql(left).scalar() == 0
        one = (
            "SELECT count(DISTINCT first) - count(DISTINCT case_id) FROM search_fts_cases JOIN search_docs USING (seq)"
        )
        assert connection.exec_driver_sql(one).scalar() == 0
    assert found(store, "gatlykta skola") == set()
    store.close()


def test_equals_come_newest_first_and_in_pages(store: SqlStore) -> None:
    with store.begin() as tx:
        for i in range(5):
            tx.add_case(case(f"c{i}", received_at=later(i)))
            tx.add_message(stored(f"c{i}", inbound("Trasig gunga.")))
    with store.read() as tx:
        pages = [[hit.line.id for hit in tx.search("gunga", SYSTEM, 2, offset)] for offset in (0, 2, 4, 6)]
    assert pages == [["c4", "c3"], ["c2", "c1"], ["c0"], []]


def test_snippets_mark_the_hits_and_nothing_else(store: SqlStore) -> None:
    text = "Början. " * 60 + "\nGatlyktan\tvid \ue000torget\ue001 är trasig. " + "Slutet. " * 60
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound(text)))
    with store.read() as tx:
        (hit,) = tx.search("trasiga gatlyktor", SYSTEM)
    assert hit.where == "letter"
    assert hit.snippet.count("\ue000") == 2
    assert "\ue000Gatlyktan\ue001 vid torget är \ue000trasig\ue001." in hit.snippet
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet) < 220


def test_a_very_long_letter_is_kept_and_found(store: SqlStore) -> None:
    words = " ".join(f"ord{i}" for i in range(250_000))
    with store.begin() as tx:
        tx.add_case(case())
        tx.add_message(stored("c1", inbound(f"Storgatan {words}", subject="x" * 5000)))
    assert found(store, "storgatan ") == {"c1"}


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="\"'*()&|!<->:^+-\\{}[] NEAR AND OR NOT aå1.,;/\x00\u0301²½٣", max_size=40),
    st.lists(
        st.sampled_from(['"', "'", "*", "NEAR(a b", "a AND", "OR", "NOT b", "terms:", "gata", "<->", ":*", "--", ";"])
    ).map(" ".join),
)


@pytest.mark.parametrize("parameter", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def test_no_query_is_an_error(request: pytest.FixtureRequest, parameter: str) -> None:
    store = SqlStore(str(request.getfixturevalue(parameter)), analyser=analyse)
    fill(store)

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(HOSTILE)
    def ask(query: str) -> None:
        with store.read() as tx:
            for hit in tx.search(query, SYSTEM):
                assert hit.snippet

    ask()
    store.close()


@pytest.mark.postgres
@pytest.mark.parametrize(("before", "ahead"), [("0", "0"), ("1", "32"), ("200", "200")])
def test_a_search_reads_ahead_where_the_server_can(postgres_url: str, before: str, ahead: str) -> None:
    """And nothing after it does otherwise than before."""
    names = ("effective_io_concurrency", "random_page_cost")
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET effective_io_concurrency = {before}")
        connection.commit()
        source_of(connection)
        told = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]
        connection.rollback()
        after = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]
    engine.dispose()
    assert (told, after) == ([ahead, "1.1"], [before, "4"])

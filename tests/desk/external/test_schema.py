"""Whatever the API's own description allows, and what it does not: schemathesis asks in-process, within bounds."""

from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from cases.api import ApiClient, ApiScope, token_key
from storage import SqlStore
from storage.search.analyse import analyse
from tests.desk import house as h
from tests.desk.asking import API, ROUTES
from tests.desk.conftest import make_app
from tests.desk.steps import routed

_TOKEN = "lyhord_of-the-tests"


@pytest.fixture(scope="module")
def described(tmp_path_factory, sqlite_template):
    """The description of an API over a house with two cases, whose client may do everything."""
    path = tmp_path_factory.mktemp("api") / "lyhord.sqlite"
    path.write_bytes(sqlite_template.read_bytes())
    store = SqlStore(f"sqlite:///{path}", analyser=analyse)
    house = h.House(store, h.office(), h.Watch())
    house.people()
    routed(house, h.lamp(house))
    routed(house, h.school(house))
    until = h.NOW + timedelta(days=9)
    client = ApiClient("c1", "Prov", token_key(_TOKEN), frozenset(ApiScope), frozenset({"gata"}), h.NOW, until)
    with store.begin() as tx:
        tx.save_client(client)
    app = make_app(house, api=API)
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    store.close()


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_answer_is_as_described(described, method: str, path: str, mode: GenerationMode) -> None:
    # A key used for another letter and a day before our time are refused, however well they are written; and what
    # is wrong may be the token left out, which we put in. What must be refused stands in test_api.
    unfit = [negative_data_rejection, *([positive_data_acceptance] if method == "POST" else [])]
    operation = described[path.replace("{id}", "{case_id}")][method]

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {_TOKEN}"}, excluded_checks=unfit)

    ask()


def test_each_operation_was_asked(described) -> None:
    found = {(one.ok().method.upper(), one.ok().path) for one in described.get_all_operations()}
    assert found == {(method, path.replace("{id}", "{case_id}")) for method, path in ROUTES}

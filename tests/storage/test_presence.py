"""Any number of services work on a database together, and nobody rebuilds it while one of them does."""

import pytest

from storage.database.presence import alone, open_presence
from storage.errors import InUse
from tests.databases import two_schemas


def test_nobody_runs_on_a_new_database(database_url: str) -> None:
    with alone(database_url):
        pass


def test_services_run_together_and_none_is_left_out_when_told_of(database_url: str) -> None:
    labels = ["lyhord daemon (a)", "lyhord daemon (b)", "lyhord desk (a)"]
    running = [open_presence(database_url, label.split()[1], label) for label in labels]
    assert [lock.take() for lock in running] == [True, True, True]
    with pytest.raises(InUse, match=r"systemctl stop lyhord") as refused, alone(database_url):
        pass
    told = ["daemon (b)", "desk (a)"] + (["daemon (a)"] if database_url.startswith("postgresql") else [])
    assert all(f"lyhord {who}" in str(refused.value) for who in told)
    for lock in running[:2]:
        lock.release()
    with pytest.raises(InUse) as refused, alone(database_url):
        pass
    assert ("desk (a)" in str(refused.value), "daemon" in str(refused.value)) == (True, False)
    running[2].release()
    with alone(database_url):
        pass


def test_no_service_starts_and_nobody_else_rebuilds_meanwhile(database_url: str) -> None:
    daemon, desk = (open_presence(database_url, role, role) for role in ("daemon", "desk"))
    for lock in (desk, daemon):
        assert lock.take()
        lock.release()
    with alone(database_url):
        assert [daemon.take(), desk.take()] == [False, False]
        with pytest.raises(InUse, match="lyhord db"), alone(database_url):
            pass
    assert [daemon.take(), desk.take()] == [True, True]
    daemon.release()
    desk.release()


@pytest.mark.postgres
def test_the_neighbour_in_the_same_database_may_run(postgres_url: str) -> None:
    osby, rattvik = two_schemas(postgres_url)
    lock = open_presence(osby, "daemon", "lyhord daemon")
    assert lock.take()
    with alone(rattvik), pytest.raises(InUse), alone(osby):
        pass
    lock.release()

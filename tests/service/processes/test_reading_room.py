"""Letters are read in a process of their own, which may die, and which ends with whoever asked for it."""

import signal
import subprocess
import sys
from collections import Counter

import pytest

# In a process of its own: it forks.
_BEGIN = """
import os, signal, sys
from collections import Counter
from datetime import UTC, datetime
from cases.steps.receiving.receive import Outcome
from service.processes.reading_room import ReaderDied, ReadingFailed, ReadingRoom, ending

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

def read(now, limit):
    assert now == NOW
    if limit == 13:
        os.kill(os.getpid(), signal.SIGSEGV)
    if limit == 12:
        ending(sum, 0.05)([1, 2])
        ending(lambda _: [one for one in range(10**9) if one < 0], 0.05)(b"")
    if limit == 14:
        raise ZeroDivisionError("what a letter says")
    return Counter({Outcome.NEW_CASE: limit, Outcome.ROBOT: os.getpid()})

lost = []
with ReadingRoom(read, lambda: lost.append(1)) as room:
    first = room.read(NOW, 3)
    keeper, reader = room._keeper, first[Outcome.ROBOT]
"""


def _ran(what: str) -> subprocess.CompletedProcess[str]:
    lines = "".join(f"    {line}\n" for line in what.strip().splitlines())
    return subprocess.run(
        [sys.executable, "-c", _BEGIN + lines], check=False, capture_output=True, text=True, timeout=60
    )


def test_another_process_reads_and_says_what_became_of_the_letters() -> None:
    done = _ran(
        "print(first[Outcome.NEW_CASE], len({os.getpid(), keeper, reader}), room.read(NOW, 4)[Outcome.NEW_CASE])"
    )
    assert done.stdout.split() == ["3", "3", "4"]
    assert done.returncode == 0


def test_a_reader_that_dies_takes_its_pass_with_it_and_another_takes_its_place() -> None:
    done = _ran("""
try:
    room.read(NOW, 13)
except ReaderDied:
    print("died")
print(room.read(NOW, 5)[Outcome.NEW_CASE], room._keeper == keeper, room.read(NOW, 5)[Outcome.ROBOT] == reader, lost)
""")
    assert done.stdout.split("\n")[:2] == ["died", "5 True False []"]
    assert "another takes its place" in done.stderr


def test_a_letter_whose_reading_never_ends_ends_its_reader() -> None:
    """No other letter would ever be read, and none of them counts how often it was tried."""
    done = _ran("""
try:
    room.read(NOW, 12)
except ReaderDied:
    print("died")
print(room.read(NOW, 5)[Outcome.NEW_CASE], lost)
""")
    assert done.stdout.split("\n")[:2] == ["died", "5 []"]


def test_one_that_died_meanwhile_costs_a_pass_and_mixes_no_answers() -> None:
    done = _ran("""
os.kill(reader, signal.SIGKILL)
seen = []
for limit in (6, 7, 8):
    try:
        seen.append(room.read(NOW, limit)[Outcome.NEW_CASE])
    except ReaderDied:
        seen.append("died")
print(*seen)
""")
    assert done.stdout.split() in (["died", "7", "8"], ["6", "7", "8"]), "each its own answer, or none"


def test_a_question_that_a_reader_died_in_the_midst_of_spoils_none_of_the_next() -> None:
    done = _ran("""
import fcntl, struct, termios, time
whole, line = b'{"asked": 9}', room._line.fileno()
os.write(line, struct.pack("!i", len(whole)))
# Until the reader has taken the length, and waits for the rest.
while struct.unpack("i", fcntl.ioctl(line, termios.TIOCOUTQ, bytes(4)))[0]:
    time.sleep(0.001)
os.kill(keeper, signal.SIGSTOP)
os.kill(reader, signal.SIGKILL)
os.write(line, whole)
os.kill(keeper, signal.SIGCONT)
signal.alarm(10)
try:
    room.read(NOW, 6)
except ReaderDied:
    print("died")
print(room.read(NOW, 7)[Outcome.NEW_CASE])
""")
    assert done.stdout.split() == ["died", "7"]


def test_a_pass_that_fails_tells_its_kind_and_no_word_of_a_letter() -> None:
    done = _ran("""
try:
    room.read(NOW, 14)
except ReadingFailed as error:
    print(error)
print(room.read(NOW, 6)[Outcome.NEW_CASE])
""")
    assert "ZeroDivisionError" in done.stdout
    assert "what a letter says" not in done.stdout + done.stderr
    assert done.stdout.split()[-1] == "6"


def test_without_its_keeper_nobody_reads_and_whoever_asked_is_told() -> None:
    done = _ran("""
os.kill(keeper, signal.SIGKILL)
os.kill(reader, signal.SIGKILL)
try:
    room.read(NOW, 7)
except ReaderDied:
    print(room.alive, lost)
""")
    assert done.stdout.strip() == "False [1]"


@pytest.mark.parametrize("how", ["os.kill(os.getpid(), signal.SIGKILL)", "pass"])
def test_both_end_with_whoever_asked(how: str) -> None:
    """Its output is theirs, too: it ends when the last of them does."""
    with subprocess.Popen(
        [sys.executable, "-c", f"{_BEGIN}    print(keeper, reader, flush=True)\n    {how}\n"], stdout=subprocess.PIPE
    ) as one:
        said, _ = one.communicate(timeout=30)
        assert Counter(map(bool, said.split())) == {True: 2}
        assert one.returncode in (0, -signal.SIGKILL)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_meant_for_all_processes_leaves_the_pass_to_whoever_asked(stop: signal.Signals) -> None:
    done = _ran(f"""
os.kill(reader, {int(stop)})
os.kill(keeper, {int(stop)})
print(room.read(NOW, 8)[Outcome.NEW_CASE])
""")
    assert done.stdout.split() == ["8"]

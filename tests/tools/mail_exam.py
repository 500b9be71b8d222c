"""Sits the mail exam that lies beside the repository and writes its result as docs/mail-exam.md (``make exam``)."""

import json
import shlex
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ingest.parse_json import parse_dir_jsonl

ROOT = Path(__file__).parents[2]
EXAM = ROOT.parent / "shared" / "mail"
PAGE = ROOT / "docs" / "mail-exam.md"
# Measured in one run by the exam's makers: the best of all libraries they tried, put together.
BEST_OF_LIBRARIES = {
    "attachment": 91,
    "auto_reply": 80,
    "bounce": 88,
    "charset": 85,
    "encoding": 86,
    "headers": 95,
    "html": 98,
    "malformed": 93,
    "mime": 93,
    "reply": 70,
    "signature": 73,
    "tnef": 100,
    "total": 85.1,
}


def sit_exam(split: str = "open") -> dict[str, Any]:
    """Run the exam on this working copy and return the scorer's figures; the exam must lie in ``EXAM``."""
    command = f"{shlex.quote(sys.executable)} -m tests.tools.mail_exam {{dir}}"
    with tempfile.TemporaryDirectory() as scratch:
        figures = Path(scratch) / "figures.json"
        subprocess.run(
            [
                *(sys.executable, str(EXAM / "score.py"), "--cmd", command, "--split", split),
                *("--failures", str(Path(scratch) / "failures.jsonl"), "--out-json", str(figures)),
            ],
            check=True,
            capture_output=True,
            cwd=ROOT,
        )
        result: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
        return result


def percent(category: dict[str, int]) -> float:
    return 100 * category["messages_passed"] / max(1, category["messages_substantive"])


def _share(category: dict[str, int]) -> str:
    return f"{category['messages_passed']} of {category['messages_substantive']}"


def page(figures: dict[str, Any], today: date) -> str:
    """Return the page: one row for each category, then the total."""
    rows = [
        f"| {name} | {_share(category)} | {percent(category):.1f} | {BEST_OF_LIBRARIES[name]} |"
        for name, category in sorted(figures["categories"].items())
    ]
    keys = ("messages", "messages_substantive", "messages_passed", "no_answer")
    opened, asked, passed, silent = (sum(c[key] for c in figures["categories"].values()) for key in keys)
    total = figures["total_msg_pct"]
    return "\n".join(
        [
            "# The mail exam",
            "",
            "How much of mail that others wrote is read wholly right: every check of a message passed.",
            f"Of {opened} open messages (of 1,515; the others are sealed) {asked} have something asked of them;",
            "the rest must only be answered. The exam lies beside the repository, and nothing of it is in here.",
            f"Written by `make exam` on {today.isoformat()}; the last column is the best that libraries gave together.",
            "",
            "| category | wholly right | % | libraries' best % |",
            "| --- | --- | --- | --- |",
            *rows,
            f"| **total** | **{passed} of {asked}** | **{total:.1f}** | {BEST_OF_LIBRARIES['total']} |",
            "",
            f"Single checks passed: {figures['total_checks_pct']:.1f} %. Messages without an answer: {silent}.",
            "",
        ]
    )


def main(arguments: list[str]) -> int:
    """Without an argument, sit the exam and write the page; with a folder, answer the exam's questions about it."""
    if arguments:
        for line in parse_dir_jsonl(Path(arguments[0])):
            sys.stdout.write(line + "\n")
        return 0
    if not EXAM.exists():
        sys.stderr.write("Mejlprovet finns inte i ../shared/mail. Lägg det där och kör igen.\n")
        return 1
    PAGE.write_text(page(sit_exam(), datetime.now(UTC).date()), encoding="utf-8")
    sys.stdout.write(f"Skrev {PAGE.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

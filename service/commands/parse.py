"""``lyhord parse FILE|-|--jsonl DIR``: what was read out of a message, as JSON."""

import argparse
import json
import sys
from pathlib import Path

from cases.errors import NotFound
from ingest.parse import parse
from ingest.parse_json import parse_dir_jsonl, to_json


def arguments(parser: argparse.ArgumentParser) -> None:
    """File, standard input, or a folder."""
    one = parser.add_mutually_exclusive_group()
    one.add_argument("file", nargs="?", metavar="FIL", help="brevet som fil (RFC 5322), eller - för standard in")
    one.add_argument("--jsonl", metavar="MAPP", help="läs alla filer i mappen, en rad JSON för varje")


def run(asked: argparse.Namespace) -> int:
    """Print one JSON object, or one a line."""
    if asked.jsonl:
        for line in parse_dir_jsonl(_existing(asked.jsonl)):
            print(line)
        return 0
    content = sys.stdin.buffer.read() if asked.file in (None, "-") else _existing(asked.file).read_bytes()
    name = None if asked.file in (None, "-") else Path(asked.file).name
    print(json.dumps(to_json(parse(content), name), ensure_ascii=False, indent=2))
    return 0


def _existing(name: str) -> Path:
    path = Path(name)
    if not path.exists():
        raise NotFound(f"{name} finns inte. Ange en fil, - för standard in, eller --jsonl och en mapp.")
    return path

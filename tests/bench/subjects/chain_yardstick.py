"""The shared yardstick on a mailbox: ``chain_yardstick FOLDER URL EXPECTED``, environment as its own README says.

Its modules are imported before the clock starts, as Lyhörd's are.
"""

import importlib
import json
import runpy
import sys
import time

from tests.bench.memory import most_resident_mb


def main() -> None:
    """The least that must be done for a letter: fetched, kept, threaded, searchable, its receipt queued."""
    folder, url, expected = sys.argv[1:]
    sys.path.insert(0, folder)
    for name in ("reflib", "imapclient", "fast_mail_parser", "sqlalchemy.dialects.postgresql.psycopg"):
        importlib.import_module(name)
    sys.argv = ["limit_pipeline.py", url, "fast", "50", "db", "0", expected]
    began, cpu = time.monotonic(), time.process_time()
    runpy.run_path(f"{folder}/limit_pipeline.py", run_name="__main__")
    wall, cpu = time.monotonic() - began, time.process_time() - cpu
    letters = int(expected)
    mb = most_resident_mb()
    sys.stdout.write(json.dumps({"rate": letters / wall, "cpu_ms": 1000 * cpu / letters, "mb": mb}) + "\n")


if __name__ == "__main__":
    main()

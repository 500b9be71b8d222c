"""Pages compiled once for all the desks of a test run: compiling them takes longer than most tests do."""

from fastapi import FastAPI
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _Kept(BytecodeCache):
    """In memory, by name and content."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_KEPT = _Kept()


def with_kept_pages(app: FastAPI) -> FastAPI:
    """The same desk, whose pages are compiled only where no desk before it has shown them."""
    app.state.desk.pages.bytecode_cache = _KEPT
    return app

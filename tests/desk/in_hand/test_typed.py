"""What was typed in a form with files, where the form is not taken: the files are passed over as they come."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from desk.typed import read_typed

FIELD = b'--ram\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
FILE = b'--ram\r\ncontent-disposition: form-data; name="filer"; filename="a.pdf"\r\nContent-Type: x/y\r\n\r\n%s\r\n'
SVAR, KOPIA, PHOTO = FIELD % (b"svar", "Tack, å!".encode()), FIELD % (b"kopia", b""), FILE % (b"%PDF" * 40)


def test_fields_are_read_and_files_passed_over() -> None:
    typed = [("svar", "Tack, å!"), ("kopia", "")]
    for sent, found in (
        (SVAR + PHOTO + KOPIA + b"--ram--\r\n", typed),
        (SVAR + KOPIA + PHOTO[:-60], typed),  # cut off within the file
        (SVAR + (FIELD % (b"kopia", b"langt"))[:-4], typed[:1]),  # and within a field
        (SVAR + KOPIA + SVAR + b"--ram--\r\n", []),  # more fields than any page has
        (FIELD % (b"svar", b"a" * 51), []),  # a longer one
        (SVAR + b"--ram\r\nContent-Type: x/y\r\n\r\nwithout a name\r\n" + KOPIA + b"--ram--\r\n", typed),
        (b"svar=Tack", []),
        (b"", []),
    ):
        assert read(sent) == found, sent
    assert read(SVAR, "multipart/form-data") == []


def read(sent: bytes, kind: str = "multipart/form-data; boundary=ram") -> list[tuple[str, str]]:
    async def pieces():
        for start in range(0, len(sent), 7):
            yield sent[start : start + 7]

    # In a thread of its own: a browser that another test has open keeps this one's loop.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, read_typed(kind, pieces(), most=2, longest=50)).result()

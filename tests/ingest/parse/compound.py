"""Builds small compound files ([MS-CFB]), so that tests can write the .msg files no library writes."""

import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SMALLEST = 4096  # shorter streams would go into a mini stream, which tests can do without


def compound_file(streams: dict[str, bytes]) -> bytes:
    """Return a compound file with the given streams; ``folder/name`` lies in a storage. Short ones are padded."""
    sectors: list[bytes] = []
    table: list[int] = []

    def store(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        sectors.extend(pieces)
        table.extend([*range(first + 1, first + len(pieces)), END])
        return first

    folders = sorted({name.split("/")[0] for name in streams if "/" in name})
    entries = [
        ["Root Entry", 5, FREE, FREE, FREE, END, 0],
        *([folder, 1, FREE, FREE, FREE, 0, 0] for folder in folders),
    ]
    members: dict[str, list[int]] = {"": list(range(1, len(folders) + 1)), **{folder: [] for folder in folders}}
    for name, data in streams.items():
        folder, _, leaf = name.rpartition("/")
        padded = data.ljust(SMALLEST, b"\0")
        members[folder].append(len(entries))
        entries.append([leaf, 2, FREE, FREE, FREE, store(padded), len(padded)])
    for folder, numbers in members.items():
        chain(entries, 0 if not folder else 1 + folders.index(folder), numbers)
    directory = store(b"".join(entry_bytes(*entry) for entry in entries))
    fat_sectors = (len(table) + 130) // 128
    fat_start = len(sectors)
    table.extend([FAT] * fat_sectors)
    table.extend([FREE] * (fat_sectors * 128 - len(table)))
    sectors.extend(struct.pack("<128I", *table[at : at + 128]) for at in range(0, fat_sectors * 128, 128))
    return header(directory, list(range(fat_start, fat_start + fat_sectors))) + b"".join(sectors)


def chain(entries: list[list], parent: int, numbers: list[int]) -> None:
    """Hang entries into a storage as a list of right siblings in their order of names, as the format wants it."""
    ordered = sorted(numbers, key=lambda number: (len(entries[number][0]), entries[number][0].upper()))
    for number, following in zip(ordered, [*ordered[1:], FREE], strict=True):
        entries[number][3] = following
    entries[parent][4] = ordered[0] if ordered else FREE


def entry_bytes(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    coded = (name + "\0").encode("utf-16-le")
    tail = struct.pack("<IQQIQ", 0, 0, 0, start, size)
    middle = struct.pack("<HBBIII16s", len(coded), kind, 1, left, right, child, b"")
    return coded.ljust(64, b"\0") + middle + tail


def header(directory: int, fat: list[int]) -> bytes:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    start += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, len(fat), directory, 0, SMALLEST, END, 0, END, 0
    )
    return start + struct.pack("<109I", *fat, *[FREE] * (109 - len(fat)))

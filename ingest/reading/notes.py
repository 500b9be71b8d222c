"""Where the reading of one mail notes each tolerance it needed, and how much it has used of its limits."""

from dataclasses import dataclass, field

from ingest.reading.limits import MAX_DECODED_BYTES, MAX_DEFECTS, MAX_PARTS, MAX_TEXT_BYTES, MAX_TEXTS_BYTES


@dataclass(slots=True)
class Notes:
    """The defects of one mail, each said once, and the budget that is left for it."""

    defects: list[str] = field(default_factory=list)
    parts_left: int = MAX_PARTS
    bytes_left: int = MAX_DECODED_BYTES
    text_left: int = MAX_TEXTS_BYTES
    charset_hint: str = ""
    """The charset that a part of the mail declares; undeclared text in the same mail is probably in it too."""

    def add(self, defect: str) -> None:
        if defect not in self.defects and len(self.defects) < MAX_DEFECTS:
            self.defects.append(defect)

    def take_part(self) -> bool:
        """Count one more part; false, with a defect, when the mail has used up its number."""
        self.parts_left -= 1
        if self.parts_left < 0:
            self.add("more parts than are read")
        return self.parts_left >= 0

    def take_text(self, raw: bytes) -> bytes:
        """Count bytes that are to be read as text; what is too much is cut off, with a defect."""
        size = min(MAX_TEXT_BYTES, self.text_left)
        if len(raw) > size:
            self.add("text longer than is read")
        self.text_left -= min(len(raw), size)
        return raw[:size]

    def take_bytes(self, wanted: int) -> bool:
        """Count decoded bytes; false, with a defect, when the mail has used up its size."""
        if wanted > self.bytes_left:
            self.add("larger when decoded than is read")
            return False
        self.bytes_left -= wanted
        return True

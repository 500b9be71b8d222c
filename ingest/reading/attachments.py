"""Attachments: names made harmless, types told from the content."""

import hashlib
import mimetypes
import re
import unicodedata

from cases.inbound.messages import Attachment
from ingest.reading.limits import MAX_NAME_CHARS

_UNSAFE = re.compile('[\x00-\x1f\x7f"*<>?|\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"BM", "image/bmp"),
)
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OLE = {
    ".msg": "application/vnd.ms-outlook",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_PROGRAMS = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "pif",
        "msi",
        "msp",
        "js",
        "jse",
        "vbs",
        "vbe",
        "wsf",
        "wsh",
        "hta",
        "ps1",
        "jar",
        "lnk",
        "reg",
        "cpl",
        "dll",
        "iso",
        "img",
        "apk",
        "app",
        "dmg",
        "sh",
    ]
)
_MACROS = frozenset(["docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppam"])
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "image/jpeg": ".jpg",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "application/octet-stream": ".bin",
}


def make_attachment(
    name: str, declared: str, content: bytes, *, content_id: str = "", inline: bool = False
) -> Attachment:
    """Return the attachment with its name cleaned, its type sniffed, its size in bytes and its SHA-256."""
    kind = sniff_type(content, declared, name)
    return Attachment(
        name=clean_name(name) or f"bilaga{_EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ''}",
        content_type=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        content_id=content_id.strip("<> "),
        inline=inline,
        risk=risk_of(content, kind, name),
    )


def risk_of(content: bytes, kind: str, name: str) -> str:
    """Return ``program`` for what a computer would run, ``macro`` for a document that can, else ``""``."""
    extension = name.lower().rpartition(".")[2].strip()
    if kind in ("application/x-msdownload", "application/x-executable") or extension in _PROGRAMS:
        return "program"
    if extension in _MACROS or b"vbaProject.bin" in content or b"_VBA_PROJECT" in content[:200_000]:
        return "macro"
    return ""


def clean_name(name: str) -> str:
    """Return a file name without path, control characters or characters that turn the reading direction."""
    text = unicodedata.normalize("NFC", name)
    if len(text) > 2 and text[0] == text[-1] == "'":
        text = text[1:-1]
    base = re.split(r"[\\/]", text.rstrip("\\/ "))[-1] if not text.startswith("=?") else text
    clean = re.sub(r"\s+", " ", _UNSAFE.sub("", base)).rstrip(" .").lstrip(" ") if base.strip(" .") else ""
    if len(clean) > MAX_NAME_CHARS:
        stem, dot, extension = clean.rpartition(".")
        short = dot + extension[:20] if stem else ""
        clean = clean[: MAX_NAME_CHARS - len(short)] + short
    return f"_{clean}" if _RESERVED.match(clean) else clean


def sniff_type(content: bytes, declared: str, name: str) -> str:
    """Return the media type the content itself proves; else the declared one; else the name's."""
    for magic, kind in _MAGIC:
        if content.startswith(magic) and not (len(magic) == 2 and declared.startswith("text/")):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _OFFICE.items() if mark in content[:4000]), _archive(declared, name))
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        extension = name[-4:].lower()
        return _OLE.get(extension, declared if "ms" in declared else "application/msword")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "image/heic"
    return _declared(declared, name)


def _archive(declared: str, name: str) -> str:
    """A zip file: OpenDocument and other zipped formats by their declaration, else plain zip."""
    guessed = mimetypes.guess_type(name)[0] or ""
    return next(
        (k for k in (declared, guessed) if "opendocument" in k or "openxml" in k or "epub" in k), "application/zip"
    )


def _declared(declared: str, name: str) -> str:
    if declared and declared not in ("application/octet-stream", "application/x-download", "application/unknown"):
        return declared
    return mimetypes.guess_type(name)[0] or declared or "application/octet-stream"

"""Pictures of pages: opened only when their declared size is within bounds, frame by frame."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, ImageOps

from ingest.documents.errors import UnreadableDocument

# HEIC needs a library of its own; phones send JPEG by mail.
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF")
_BROKEN = "Inte läst av maskin: bilden är skadad."


@contextmanager
def open_picture(content: bytes) -> Iterator[Image.Image]:
    """The picture, its pixels not yet decoded. Raises UnreadableDocument."""
    # The bound below is ours and stricter; Pillow's own would only warn.
    Image.MAX_IMAGE_PIXELS = None
    try:
        picture = Image.open(io.BytesIO(content), formats=_FORMATS)
    except Exception as error:  # a damaged header meets one of a dozen errors
        raise UnreadableDocument(_BROKEN) from error
    with picture:
        yield picture


def frame_count(picture: Image.Image) -> int:
    """How many pages a TIFF has; one for everything else, as a moving GIF has no pages."""
    if picture.format != "TIFF":
        return 1
    try:
        return int(getattr(picture, "n_frames", 1))
    except Exception as error:
        raise UnreadableDocument(_BROKEN) from error


def frame(picture: Image.Image, index: int, pixels: int) -> Image.Image:
    """One page, grey and the way its camera was held. Raises UnreadableDocument."""
    try:
        if index:
            picture.seek(index)
        _check_size(picture, pixels)
        return ImageOps.exif_transpose(_flat(picture))
    except UnreadableDocument:
        raise
    except Exception as error:
        raise UnreadableDocument(_BROKEN) from error


def _check_size(picture: Image.Image, pixels: int) -> None:
    if picture.width * picture.height > pixels:
        size = f"{picture.width} x {picture.height}"
        raise UnreadableDocument(f"Inte läst av maskin: bilden är för stor ({size} bildpunkter).")


def _flat(picture: Image.Image) -> Image.Image:
    """The picture in grey; what is see-through in it is white paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(paper, over).convert("L")
    if picture.mode in ("I;16", "I;16B", "I"):
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    grey = picture.convert("L")
    grey.info = picture.info
    exif = picture.getexif()
    if exif:
        grey.info["exif"] = exif.tobytes()
    return grey


def cut_tiff(picture: Image.Image, indices: Sequence[int], pixels: int) -> bytes:
    """A TIFF of these pages alone, as they were: black and white stays so. Raises UnreadableDocument."""
    pages = []
    for index in indices:
        frame(picture, index, pixels)
        pages.append(picture.copy() if picture.mode in ("1", "L", "RGB") else picture.convert("RGB"))
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_deflate")
    return out.getvalue()

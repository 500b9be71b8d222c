"""Turns a scanned page upright by the few degrees it lay askew: the angle whose rows differ most in blackness."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_WIDTH = 900
"""Pixels across the small copy the angle is sought in: lines of text are told apart, and a turn takes milliseconds."""

_FAR = 6.0
"""Degrees sought to either side; a page lies no more askew in a feeder, and a photo of it seldom."""

_LEAST = 0.15
"""Degrees not worth a turn."""


def skew_angle(page: Image.Image) -> float:
    """Degrees by which to turn a grey page counter-clockwise so that its lines lie level; 0 where it has none."""
    small = _ink(page)
    if small.getbbox() is None:
        return 0.0
    best = _best(small, np.arange(-_FAR, _FAR + 0.1, 1.0))
    best = _best(small, best + np.arange(-0.75, 0.76, 0.25))
    best = _best(small, best + np.arange(-0.2, 0.21, 0.05))
    return round(float(best), 2)


def straighten(page: Image.Image) -> Image.Image:
    """The grey page with level lines, white where the turn leaves corners empty."""
    angle = skew_angle(page)
    if abs(angle) < _LEAST:
        return page
    return page.rotate(angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=_paper(page))


def _paper(page: Image.Image) -> int:
    """The grey of the paper itself: the middle pixel of a small copy, which is nearly always bare paper."""
    return int(np.median(np.asarray(page.resize((64, 64), Image.Resampling.BOX))))


def _ink(page: Image.Image) -> Image.Image:
    """A small copy with ink as white on black, so that a turn brings in nothing from outside."""
    height = max(1, round(page.height * _WIDTH / page.width))
    small = page.resize((_WIDTH, min(height, 4 * _WIDTH)), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.int16)
    dark = np.median(grey) - grey
    return Image.fromarray(np.clip(dark * (dark > 24), 0, 255).astype(np.uint8))


def _best(small: Image.Image, angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _sharpness(small, float(angle))))


def _sharpness(small: Image.Image, angle: float) -> float:
    """How much neighbouring rows differ: most when every line of text lies in rows of its own."""
    turned = np.asarray(small.rotate(angle, resample=Image.Resampling.BILINEAR), dtype=np.float64)
    rows = turned.sum(axis=1)
    return float(np.square(np.diff(rows)).sum())

"""One name for numpy arrays; docstrings say their shapes."""

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]

# SPDX-License-Identifier: EUPL-1.2
"""Uniform draws from counter-based streams, one stream per (seed, book, input, element).

The stream of an input depends on nothing else: adding an input or a category shifts no other, every scenario meets the
same draws, and the first n draws of a longer run are those of a shorter one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from helhet.core.book.model import Array

_UNIT = 2.0**-53


def uniform(seed: int, origin: str, name: str, elements: Sequence[str], samples: int) -> Array:
    """Draws in the open interval (0, 1), shape (len(elements), samples)."""
    out = np.empty((len(elements), samples))
    for row, element in enumerate(elements):
        text = f"{seed}\x1f{origin}\x1f{name}\x1f{element}".encode()
        key = np.frombuffer(hashlib.blake2b(text, digest_size=16).digest(), dtype=np.uint64)
        raw = np.random.Philox(key=key).random_raw(samples)
        out[row] = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * _UNIT
    return out

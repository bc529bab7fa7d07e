# SPDX-License-Identifier: EUPL-1.2
"""Results kept by content hash, the least recently used given up first. Safe between threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar, cast

from helhet.core.book import limits

T = TypeVar("T")


class Cache:
    """A bounded store of arrays and outputs. Keys say all that the value depends on, so nothing is ever stale."""

    def __init__(self, most_bytes: int = limits.CACHE_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.hits = 0
        self.misses = 0
        self._kept: OrderedDict[bytes, tuple[object, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """The kept value, or `make()` kept. Two threads may make the same value; both are right."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                self.hits += 1
                return cast(T, found[0])
            self.misses += 1
        made = make()
        self._keep(key, made, size(made))
        return made

    def __contains__(self, key: bytes) -> bool:
        """Whether the value is there just now; another thread may push it out."""
        return key in self._kept

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.bytes = 0

    def _keep(self, key: bytes, value: object, size: int) -> None:
        if size > self.most_bytes // 2:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = (value, size)
            self.bytes += size
            while self.bytes > self.most_bytes:
                _, (_, freed) = self._kept.popitem(last=False)
                self.bytes -= freed


#: Shared by every run of the process.
SHARED = Cache()

# SPDX-License-Identifier: EUPL-1.2
"""How much to write at a time, so that the writers of the web get in between."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

#: How long a short transaction should hold the database's write lock; writers of the web wait at most about as long.
HOLD_S = 0.1
FEWEST, MOST = 25, 500
LONGEST_PAUSE_S = 0.2


class Pace:
    """``size`` is how many rows fit a transaction on this machine just now. As long a pause follows each."""

    def __init__(self, fixed: int = 0):
        self.fixed, self.size = fixed, fixed or FEWEST

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A short transaction; how long it waited for its turn is not counted, only how long others wait for it."""
        with transaction.atomic():
            began = time.perf_counter()
            yield
        held = time.perf_counter() - began
        if not self.fixed:
            self.size = max(FEWEST, min(MOST, round(self.size * min(2.0, HOLD_S / held))))
        time.sleep(min(LONGEST_PAUSE_S, held))

# SPDX-License-Identifier: EUPL-1.2
"""A small town with its desk."""

from collections.abc import Callable

import pytest

from helhet.foundation.contracts import subscribers
from helhet.foundation.ledger import services as ledger
from tests.people import Town, small_town


@pytest.fixture
def town(db: None) -> Town:
    return small_town()


@pytest.fixture
def settle() -> Callable[[], None]:
    return lambda: ledger.settle(subscribers())

# SPDX-License-Identifier: EUPL-1.2
"""A sluice in a small town, and the people around it."""

from collections.abc import Callable

import pytest

from helhet.foundation.contracts import subscribers
from helhet.foundation.ledger import services as ledger
from helhet.rooms.sluice.models import Sluice
from tests.people import Town, small_town


@pytest.fixture
def town(db: None) -> Town:
    return small_town()


@pytest.fixture
def sluice(town: Town) -> Sluice:
    return Sluice.objects.create(organisation=town.municipality, title="Kommunens sluss", promise_days=5)


@pytest.fixture
def settle() -> Callable[[], None]:
    return lambda: ledger.settle(subscribers())

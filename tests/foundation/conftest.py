# SPDX-License-Identifier: EUPL-1.2
"""Fixtures of the foundation's tests. They stand without rooms: addresses and subscribers are the foundation's own."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from helhet.foundation.ledger import services as ledger
from helhet.foundation.notices.subscribers import SUBSCRIBERS as NOTICES
from helhet.foundation.search.subscribers import SUBSCRIBERS as SEARCH
from tests.people import Town, small_town


@pytest.fixture(autouse=True)
def _addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.foundation.addresses"


@pytest.fixture
def town(db: None) -> Town:
    return small_town()


@pytest.fixture
def settle() -> Callable[[], None]:
    """Seal the ledger and let the foundation's readers catch up."""
    return lambda: ledger.settle((*NOTICES, *SEARCH))


def in_threads(*works: Callable[[], Any]) -> list[Any]:
    """Start all at the same moment, each with a connection of its own; give their answers or their exceptions."""
    ready = threading.Barrier(len(works))
    answers: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            ready.wait(10)
            answers[place] = work()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers

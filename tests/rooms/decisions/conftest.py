# SPDX-License-Identifier: EUPL-1.2
"""Fixtures of the decision room."""

from collections.abc import Callable

import pytest
from django.test import Client

from helhet.foundation.policy import Standing
from helhet.rooms.decisions import presenting
from tests.people import user_of


@pytest.fixture
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few bytes, for stories that are not about what stands in them."""
    quick = {form: lambda document, timestamp=None: document.title.encode() for form in ("pdf", "docx")}
    monkeypatch.setattr(presenting, "RENDERERS", quick)


@pytest.fixture
def browsing(db: None) -> Callable[[Standing], Client]:
    """A browser in which somebody is logged in; a visitor's has nobody."""

    def open_as(actor: Standing) -> Client:
        client = Client()
        if actor.is_authenticated:
            client.force_login(user_of(actor))
        return client

    return open_as

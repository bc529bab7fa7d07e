# SPDX-License-Identifier: EUPL-1.2
"""The page where a writer chooses which figures the tables show."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from helhet.foundation.policy import Standing
from helhet.rooms.decisions import services
from tests.rooms.decisions.making import scene

pytestmark = pytest.mark.django_db


def test_chosen_figures_are_named_in_words(browsing: Callable[[Standing], Client]) -> None:
    told = scene()
    services.choose_figure(by=told.leader, basis=told.basis, part="holders", key="npv[holder=borta]")
    page = browsing(told.leader).get(reverse("decisions:figures", args=[told.basis.uid])).content.decode()
    titles = [re.sub(r"\s+", " ", title) for title in re.findall(r'<h3 class="row__title">(.*?)</h3>', page)]
    assert "Nuvärde, för varje budgethållare" in titles
    assert [title for title in titles if "[" in title] == ["npv[holder=borta]"], "what the run no longer has"

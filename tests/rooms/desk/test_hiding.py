# SPDX-License-Identifier: EUPL-1.2
"""A contribution is hidden by those who may, with a reason that everybody sees."""

import pytest
from django.test import Client

from helhet.foundation.contracts import subscribers
from helhet.foundation.ledger import services as ledger
from helhet.foundation.matters.thread import comment, follow
from helhet.foundation.notices.models import Notice
from tests.people import matter, small_town, standing, user_of


@pytest.mark.django_db
def test_whoever_wrote_is_told_that_it_was_hidden_and_why_and_nobody_else_is(client: Client) -> None:
    small_town()
    about, writer, follower = matter(), standing(), standing()
    follow(by=follower, matter=about)
    said = comment(by=writer, matter=about, text="Grannen i nummer tre är full jämt.")
    path = f"/arende/{about.uid}/inlagg/{said.pk}/dolj/"
    client.force_login(user_of(writer))
    assert path not in client.get(f"/arende/{about.uid}/").content.decode()
    assert client.post(path, {"reason": "Nej"}).status_code == 403
    client.force_login(user_of(standing("platform_team")))
    assert path in client.get(f"/arende/{about.uid}/").content.decode()
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "Pekar ut någon."}).status_code == 302
    ledger.settle(subscribers())
    told = Notice.objects.filter(verb="matter.comment_hidden")
    assert [(notice.user_id, notice.must) for notice in told] == [(writer.user_id, True)]
    client.force_login(user_of(writer))
    page = client.get(f"/arende/{about.uid}/").content.decode()
    assert "Pekar ut någon." in page
    assert "nummer tre" not in page

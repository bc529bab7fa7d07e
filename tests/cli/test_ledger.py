# SPDX-License-Identifier: EUPL-1.2
"""What no reader could handle is shown, tried again, and spoken of by the doctor."""

import pytest

from helhet.cli import doctor, main
from helhet.foundation.contracts import Subscriber
from helhet.foundation.ledger import services as ledger
from helhet.foundation.ledger.models import Parked
from tests.people import matter

pytestmark = pytest.mark.django_db


def test_parked_events_are_shown_and_tried_again(monkeypatch, capsys):
    assert main.main(["ledger", "parked"]) == 0
    assert [finding.state for finding in doctor.parked()] == ["ok"]
    about = matter()
    ledger.seal()
    event = ledger.Event.objects.get(verb="matter.captured", object_id=str(about.pk))
    Parked.objects.create(subscriber="test.late", event=event, error="OSError()")
    assert [finding.state for finding in doctor.parked()] == ["note"]
    assert main.main(["ledger", "parked"]) == 1
    assert "test.late: 1 matter.captured" in capsys.readouterr().out
    heard = []
    reader = Subscriber("test.late", ("matter.*",), heard.append)
    monkeypatch.setattr("helhet.foundation.contracts.subscribers", lambda: (reader,))
    assert main.main(["ledger", "parked", "--retry"]) == 0
    assert "1 went well." in capsys.readouterr().out
    assert heard == [event]

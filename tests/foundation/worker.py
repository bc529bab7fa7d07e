# SPDX-License-Identifier: EUPL-1.2
"""A worker of its own process, to be killed at work by ``test_jobs``: ``python worker.py DATABASE``."""

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path


def register(*, wait: bool) -> None:
    """Two tasks that have an effect, say that they have begun, and (with ``wait``) never end."""
    from helhet.foundation.jobs import services
    from helhet.foundation.people.models import Organisation

    def begin(mark: str) -> None:
        if wait:
            Path(mark).touch()
            time.sleep(600)

    def atomic(mark: str) -> None:
        Organisation.objects.create(slug="effekt", name="Effekt", kind="unit")
        begin(mark)

    def in_parts(mark: str) -> None:
        Organisation.objects.get_or_create(slug="effekt-1", defaults={"name": "Del 1", "kind": "unit"})
        begin(mark)
        Organisation.objects.get_or_create(slug="effekt-2", defaults={"name": "Del 2", "kind": "unit"})

    services.TASKS["k.atomic"] = services.Task("k.atomic", atomic, None, True)
    services.TASKS["k.in_parts"] = services.Task("k.in_parts", in_parts, None, False)


def main() -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    from helhet.foundation.jobs import runner, services

    services.LEASE = timedelta(seconds=4)
    services.TASKS.clear()  # no timers: only what the test asks for
    register(wait=True)
    runner.work((), threading.Event())


if __name__ == "__main__":
    main()

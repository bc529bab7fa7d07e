# SPDX-License-Identifier: EUPL-1.2
"""The door for the web server: ``granian --interface wsgi helhet.site.wsgi:application``."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helhet.site.settings")
application = get_wsgi_application()


def settle() -> None:
    """Read all that every page rests on, and put it where the garbage collector does not look.

    It lives as long as the process: two hundred thousand objects, which one page in twenty waited for while all of
    them were looked through. What a page leaves behind goes by itself, but for a few rings.
    """
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


settle()

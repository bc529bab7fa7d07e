# SPDX-License-Identifier: EUPL-1.2
"""The door for the web server: ``granian --interface wsgi helhet.site.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helhet.site.settings")
application = get_wsgi_application()

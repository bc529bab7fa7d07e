# SPDX-License-Identifier: EUPL-1.2
"""The product's own settings under test: nothing from the shell leaks in, and all files go to a folder of their own."""

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name == "DATABASE_URL" or name.startswith("HELHET_")]:
    if _name not in {
        "HELHET_TEST_DB",
        "HELHET_TEST_POSTGRES",
        "HELHET_TEST_COUNTS",
        "HELHET_GOLDEN",
        "HELHET_REQUIRE",
        "HELHET_CHROMIUM",
    }:
        del os.environ[_name]
_folder = tempfile.mkdtemp(prefix="helhet-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["HELHET_MODE"] = "test"
os.environ["HELHET_DATA"] = _folder
os.environ["HELHET_DEMO"] = "yes"
if os.environ.get("HELHET_TEST_DB") == "postgres":
    os.environ["DATABASE_URL"] = os.environ["HELHET_TEST_POSTGRES"]

from helhet.site.settings import *  # noqa: E402, F403
from helhet.site.settings import DATABASES, HELHET_DATA, SQLITE  # noqa: E402

SECRET_KEY = "only-for-tests-" * 5
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A file, not memory: a live server's threads then have connections of their own, as in production.
_run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "") or str(os.getpid())
DATABASES["default"]["TEST"] = {
    "NAME": str(HELHET_DATA / "test.sqlite3")
    if DATABASES["default"]["ENGINE"] == SQLITE
    else f"test_helhet_{_run[:12]}"
}
if DATABASES["default"]["ENGINE"] != SQLITE:
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"  # nothing here needs to last

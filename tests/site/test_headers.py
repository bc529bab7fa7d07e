# SPDX-License-Identifier: EUPL-1.2
"""What every answer says to the browser about trust: scripts, frames, referrers, files, cookies."""

import json

import pytest
from django.core.files.base import ContentFile

from helhet.foundation.matters.models import File
from helhet.foundation.matters.services import capture_matter
from helhet.foundation.policy import visitor
from tests.people import matter, person, small_town
from tests.site.addresses import ASKED, names
from tests.site.test_middleware import policy
from tests.site.test_settings import PRODUCTION, run

pytestmark = pytest.mark.django_db
BARE = [name for name, takes in names() if not takes and not name.startswith("api:")]


@pytest.mark.parametrize("reader", ["anonymous", "platform_team"])
def test_no_page_loosens_the_policy(client, reader):
    from django.urls import reverse

    town = small_town()
    if reader != "anonymous":
        client.force_login(person(reader, town.municipality))
    for name in BARE:
        response = client.get(reverse(name) + ASKED.get(name, ""))
        rules = policy(response)
        assert "unsafe" not in str(rules), name
        assert rules["default-src"] == ["'none'"], name
        assert rules["frame-ancestors"] == ["'none'"], name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}, name
        assert response["X-Frame-Options"] == "DENY", name
        assert "Server" not in response.headers, name


def test_no_page_asks_for_what_the_policy_forbids(client):
    """Inline handlers, styles and scripts without a nonce would be dead on arrival, or a reason to loosen the policy."""
    import re

    from django.urls import reverse

    town = small_town()
    client.force_login(person("platform_team", town.municipality))
    for name in BARE:
        response = client.get(reverse(name) + ASKED.get(name, ""))
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        page = response.content.decode()
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", page), name
        assert not re.search(r"<style[\s>]", page), name
        for script in re.findall(r"<script\b[^>]*>", page):
            data = 'type="application/json"' in script
            assert "src=" in script or "nonce=" in script or data, (name, script)
        # A link that one follows by will is no request of the page's own: the accessibility statement leads to Digg.
        own = re.sub(r"<a\s[^>]*>", "", page)
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//(?!testserver)""", own), name


def test_secret_pages_tell_nobody_where_one_came_from(client):
    small_town()
    token = capture_matter(by=visitor(), kind="signal", text="Det luktar vid pumpstationen.").secret
    for address in (f"/folj/{token}/", f"/lamnat/hemligt/{token}/", "/folj/fel/"):
        response = client.get(address)
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
        assert token not in response.get("Set-Cookie", "")
    page = client.get(f"/folj/{token}/").content.decode()
    assert '<meta name="referrer" content="no-referrer">' in page


def test_a_file_is_handed_out_as_a_download_that_can_do_nothing(client):
    small_town()
    found = matter(visibility="public")
    kept = File.objects.create(
        matter=found, name="å\"b\r\n.html.txt", media_type="text/plain", size=5, sha256="0" * 64, state="ok",
        blob=ContentFile(b"<script>alert(1)</script>", name="x.bin"),
    )  # fmt: skip
    response = client.get(f"/fil/{kept.uid}/")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    for state in ("quarantined", "refused"):
        File.objects.update(state=state)
        response = client.get(f"/fil/{kept.uid}/")
        assert response.status_code == 409
        assert b"alert(1)" not in response.content


def test_nothing_under_media_is_served_by_address(client):
    assert client.get("/media/matters/2026/01/x.bin").status_code == 404


def test_pages_of_those_logged_in_are_kept_by_no_shared_cache(client):
    town = small_town()
    client.force_login(person("employee", town.streets))
    for address in ("/", "/arenden/", "/besked/"):
        assert "Cookie" in client.get(address)["Vary"], address


def test_cookies_and_transport_in_production():
    code = (
        "import json; from django.conf import settings as s; names = ['SESSION_COOKIE_SECURE', 'SESSION_COOKIE_HTTPONLY',"
        " 'SESSION_COOKIE_SAMESITE', 'CSRF_COOKIE_SECURE', 'CSRF_COOKIE_HTTPONLY', 'CSRF_COOKIE_SAMESITE',"
        " 'LANGUAGE_COOKIE_SECURE', 'SECURE_SSL_REDIRECT', 'SECURE_HSTS_SECONDS', 'SECURE_HSTS_INCLUDE_SUBDOMAINS'];"
        " print(json.dumps({n: getattr(s, n) for n in names}))"
    )
    done = run(code, PRODUCTION)
    assert json.loads(done.stdout) == {
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "LANGUAGE_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    }, done.stderr

# SPDX-License-Identifier: EUPL-1.2
"""What people meet when something does not work, and that it holds everywhere: calm words, a reason, a number to quote."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from requests import ConnectionError as CannotConnect

from helhet.foundation.matters.models import Matter
from helhet.foundation.people.services import TooMany
from helhet.foundation.policy import Forbidden, deny
from helhet.site import urls as site_urls
from helhet.site.environment import Rate
from helhet.site.middleware import real_address
from tests.people import main_sluice, matter, person, small_town

pytestmark = pytest.mark.django_db
SECRETS = "personnummer 19121212-1212"


def raising(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    path("prov/saknas/", raising(Matter.DoesNotExist("x"))),
    path("prov/bromsat/", raising(TooMany(42))),
    path("prov/nekat/", raising(Forbidden(deny("Det gör plattformsteamet.")))),
    path("prov/trasigt/", raising(RuntimeError(SECRETS))),
    path("prov/onåbart/", raising(CannotConnect("x"))),
    path("", include(site_urls)),
]
handler400, handler403, handler404, handler500 = (getattr(site_urls, f"handler{code}") for code in (400, 403, 404, 500))
here = pytest.mark.urls("tests.site.test_errors")


@pytest.fixture
def calm():
    return Client(raise_request_exception=False)


@here
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/prov/saknas/", 404, "Sidan finns inte"),
        ("/finns-inte-alls/", 404, "Sidan finns inte"),
        ("/prov/bromsat/", 429, "Vänta 42 sekunder"),
        ("/prov/nekat/", 403, "Det gör plattformsteamet."),
        ("/prov/trasigt/", 500, "Felet är vårt, inte ditt"),
        ("/prov/onåbart/", 503, "En annan tjänst svarar inte"),
        ("/sok/?q=a%00b", 400, "Vi förstod inte frågan"),
    ],
)
def test_every_failure_has_a_page_with_a_reference_number(calm, address, status, words):
    response = calm.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert response["X-Request-ID"] in page
    assert '<html lang="sv"' in page
    assert "Traceback" not in page and SECRETS not in page
    assert "unsafe" not in response["Content-Security-Policy"]
    if status != 500:
        assert "no-store" in response["Cache-Control"]


@here
@pytest.mark.parametrize("address", ["/prov/saknas/", "/prov/trasigt/", "/prov/bromsat/"])
def test_the_pages_know_that_the_reader_wants_english(calm, address):
    assert '<html lang="en"' in calm.get(address, headers={"Accept-Language": "en"}).content.decode()


@here
def test_whoever_is_slowed_down_is_told_when_to_come_back(calm):
    assert calm.get("/prov/bromsat/")["Retry-After"] == "42"


def test_a_form_without_its_token_is_met_calmly():
    response = Client(enforce_csrf_checks=True).post("/lamna/", {"text": "En bänk"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "Formuläret hann bli för gammalt" in page
    assert response["X-Request-ID"] in page
    assert "nav" in page  # a whole page, with the way on


def test_a_page_of_a_matter_that_is_not_there_is_not_found(client):
    small_town()
    missing = "00000000-0000-4000-8000-000000000000"
    for address in (f"/arende/{missing}/", f"/lamnat/{missing}/", f"/sluss/{missing}/svara/", f"/fil/{missing}/"):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/arende/{missing}/galler-mig-ocksa/").status_code == 404


def test_what_was_typed_is_kept_when_something_is_wrong(client):
    town = small_town()
    client.force_login(person("platform_team", town.municipality))
    found = matter()
    typed = "Ring 19121212-1212 om bänken"
    for address, field in ((f"/arende/{found.uid}/skriv/", "text"), ("/lamna/", "text")):
        response = client.post(address, {field: typed, "kind": "need"})
        assert response.status_code == 422, address
        assert typed in response.content.decode()


def test_search_and_capture_stop_at_their_rate(client, settings):
    main_sluice()
    settings.HELHET_RATES = {name: Rate(2, 3600) for name in settings.HELHET_RATES}
    assert [client.get("/sok/?q=bänk").status_code for _n in range(3)] == [200, 200, 429]
    left = [client.post("/lamna/", {"kind": "need", "text": f"Bänk nummer {n} behövs"}).status_code for n in range(3)]
    assert left[:2] == [302, 302]
    assert left[2] in {422, 429}
    assert Matter.objects.count() == 2


def test_behind_a_proxy_each_visitor_is_counted_alone(rf, settings):
    def seen(**headers):
        found = []
        real_address(lambda request: found.append(request.META["REMOTE_ADDR"]) or HttpResponse())(
            rf.get("/", **headers)
        )
        return found[0]

    settings.HELHET_BEHIND_PROXY = False
    assert seen(HTTP_X_FORWARDED_FOR="10.0.0.1") == "127.0.0.1"
    settings.HELHET_BEHIND_PROXY = True
    assert seen(HTTP_X_FORWARDED_FOR="1.2.3.4, 10.0.0.1") == "10.0.0.1"
    assert seen() == "127.0.0.1"


@pytest.mark.parametrize("address", ["/lamna/", "/api/v1/matters", "/finns-inte/"])
def test_more_than_anything_here_takes_is_not_even_read(calm, settings, address):
    sent = b"x" * (settings.HELHET_MAX_UPLOAD_BYTES + 5 * 1024 * 1024)
    response = calm.generic("POST", address, sent, content_type="multipart/form-data; boundary=gräns")
    assert response.status_code == 413
    assert response.wsgi_request._read_started is False
    assert "högst 20 MB" in response.content.decode("unicode_escape" if "api" in address else "utf-8")

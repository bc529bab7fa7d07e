# SPDX-License-Identifier: EUPL-1.2
"""Login through the municipality's own provider, against a mock of one on this machine."""

from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from django.conf import settings as configured

from helhet.foundation.people.models import ClaimMapping, Membership, User
from tests.people import small_town

pytestmark = pytest.mark.django_db
LOGIN = "/konto/oidc/kommun/login/"


@pytest.fixture(scope="module")
def provider():
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def kommun(provider, settings):
    app = {"provider_id": "kommun", "name": "Kommunens inloggning", "client_id": "helhet", "secret": "hemlig"}
    app["settings"] = {"server_url": provider}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    settings.HELHET_OUTBOUND_ALLOW = ["localhost"]
    return provider


def vouch(provider, sub, **claims):
    """Tell the mock who somebody is."""
    done = requests.put(f"{provider}/users/{sub}", json=claims, timeout=5)
    assert done.status_code < 300, done.text


def sent_to_provider(client):
    """Press the button; the address that the browser is sent to."""
    response = client.post(LOGIN)
    assert response.status_code == 302, response.content.decode()[:500]
    return response["Location"]


def back_from_provider(address, sub):
    """Log in at the provider; the address that the browser is sent back to."""
    done = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert done.status_code == 302, done.text
    return done.headers["Location"].removeprefix("http://testserver")


def log_in(client, provider, sub):
    return client.get(back_from_provider(sent_to_provider(client), sub))


def whoami(client):
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def test_the_login_page_shows_the_provider(client, kommun):
    assert "Kommunens inloggning" in client.get("/konto/login/").content.decode()


def test_the_first_login_makes_an_account_and_the_next_finds_it(client, kommun):
    vouch(kommun, "sub-1", email="a@example.se", preferred_username="anna", name="Anna")
    assert log_in(client, kommun, "sub-1").status_code == 302
    first = whoami(client)
    assert (first.email, first.has_usable_password()) == ("a@example.se", False)
    client.logout()
    vouch(kommun, "sub-1", email="new@example.se", preferred_username="changed")
    log_in(client, kommun, "sub-1")
    assert whoami(client) == first


def test_an_account_is_never_found_by_e_mail(client, kommun):
    old = User.objects.create_user("kommunchefen", "ett-långt-lösenord-här", email="chef@example.se")
    vouch(kommun, "sub-2", email="chef@example.se", email_verified=True, preferred_username="kommunchefen")
    log_in(client, kommun, "sub-2")
    assert whoami(client) is not None
    assert whoami(client) != old


def test_groups_become_roles_and_stop_being_roles(client, kommun):
    town = small_town()
    ClaimMapping.objects.create(claim="g-ekonomi", organisation=town.technical, role="economist")
    ClaimMapping.objects.create(claim="g-plan", organisation=town.streets, role="planner")
    vouch(kommun, "sub-3", email="e@example.se", groups=["g-ekonomi", "g-plan", "g-annat"])
    log_in(client, kommun, "sub-3")
    user = whoami(client)
    Membership.objects.create(user=user, organisation=town.social, role="employee")
    assert set(user.memberships.filter(from_claim=True).values_list("role", flat=True)) == {"economist", "planner"}
    assert user.memberships.filter(is_home=True).count() == 1
    client.logout()
    vouch(kommun, "sub-3", email="e@example.se", groups="g-plan")
    log_in(client, kommun, "sub-3")
    assert set(user.memberships.values_list("role", "from_claim")) == {("planner", True), ("employee", False)}
    client.logout()
    vouch(kommun, "sub-3", email="e@example.se")
    log_in(client, kommun, "sub-3")
    assert set(user.memberships.values_list("role", flat=True)) == {"employee"}


def test_what_was_given_by_hand_stays_when_the_claim_goes(client, kommun):
    town = small_town()
    ClaimMapping.objects.create(claim="g", organisation=town.social, role="employee")
    vouch(kommun, "sub-4", email="h@example.se")
    log_in(client, kommun, "sub-4")
    user = whoami(client)
    Membership.objects.create(user=user, organisation=town.social, role="employee")
    for groups in (["g"], []):
        client.logout()
        vouch(kommun, "sub-4", email="h@example.se", groups=groups)
        log_in(client, kommun, "sub-4")
    assert user.memberships.get().from_claim is False


def test_roles_may_be_written_beside_the_provider(client, kommun, settings):
    town = small_town()
    rows = [
        {"claim": "g-team", "organisation": town.group.slug, "role": "platform_team"},
        {"claim": "g-team", "organisation": "finns-inte", "role": "auditor"},
        {"claim": "g-team", "organisation": town.group.slug, "role": "kejsare"},
    ]
    settings.HELHET_OIDC = {"roles": rows}
    vouch(kommun, "sub-5", email="t@example.se", groups=["g-team"])
    log_in(client, kommun, "sub-5")
    assert [m.role for m in whoami(client).memberships.all()] == ["platform_team"]


def test_state_nonce_and_pkce_are_sent(client, kommun):
    sent = parse_qs(urlsplit(sent_to_provider(client)).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert len(sent["state"][0]) >= 16 and len(sent["nonce"][0]) >= 24


def test_an_answer_to_somebody_elses_question_is_refused(client, client_of_another, kommun):
    """The answer of one browser brought to another, as in a forged login."""
    vouch(kommun, "sub-6", email="x@example.se")
    answer = back_from_provider(sent_to_provider(client_of_another), "sub-6")
    sent_to_provider(client)
    assert client.get(answer).status_code in {401, 403}
    assert whoami(client) is None


@pytest.fixture
def client_of_another():
    from django.test import Client

    return Client()


def test_a_wrong_nonce_is_refused(client, kommun):
    vouch(kommun, "sub-7", email="x@example.se")
    answer = back_from_provider(sent_to_provider(client), "sub-7")
    session = client.session
    session["helhet_oidc_nonce"] = "another"
    session.save()
    assert client.get(answer).status_code == 401
    assert whoami(client) is None


def test_the_address_cannot_add_to_the_question(client, kommun):
    response = client.post(f"{LOGIN}?auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example%2F")
    assert "evil.example" not in response["Location"]


def test_login_needs_a_pressed_button(client, kommun):
    assert client.get(LOGIN).status_code == 200
    assert whoami(client) is None


def test_a_provider_that_is_not_configured_does_not_exist(client, kommun):
    assert client.post("/konto/oidc/annan/login/").status_code == 404
    assert client.get("/konto/oidc/annan/login/callback/?code=1&state=2").status_code == 404


def test_a_provider_in_the_database_opens_no_door(client, kommun):
    from allauth.socialaccount.models import SocialApp

    stored = {"server_url": kommun}
    SocialApp.objects.create(
        provider="openid_connect", provider_id="smyg", name="S", client_id="s", secret="s", settings=stored
    )
    assert client.post("/konto/oidc/smyg/login/").status_code == 404


def test_nobody_is_called_who_is_not_listed(client, kommun, settings):
    settings.HELHET_OUTBOUND_ALLOW = []
    response = client.post(LOGIN)
    assert response.status_code == 503
    assert "Location" not in response
    assert response["X-Request-ID"] in response.content.decode()


def test_the_list_is_asked_about_redirects_too(client, kommun, settings):
    from helhet.site import outbound

    settings.HELHET_OUTBOUND_ALLOW = [kommun.removeprefix("http://")]
    assert outbound.session().get(f"{kommun}/jwks").ok
    for address in ("http://localhost:1/", "http://127.0.0.1/", "http://example.se/", "https://evil.example/", "x:"):
        with pytest.raises(requests.RequestException):
            outbound.session().get(address)
    settings.HELHET_OUTBOUND_ALLOW = ["example.se"]
    with pytest.raises(outbound.NotAllowed, match="https"):
        outbound.check("http://example.se/")
    outbound.check("https://example.se/")
    for trick in (
        "https://example.se@evil.example/",
        "https://evil.example/?example.se",
        "https://example.se.evil.example/",
    ):
        with pytest.raises(outbound.NotAllowed):
            outbound.check(trick)


def test_new_accounts_can_be_switched_off(client, kommun, settings):
    settings.HELHET_OIDC = {"create_accounts": False}
    vouch(kommun, "sub-8", email="n@example.se")
    log_in(client, kommun, "sub-8")
    assert whoami(client) is None
    assert not User.objects.filter(email="n@example.se").exists()


def test_a_demonstration_account_does_not_come_in_here_either(client, kommun, settings):
    vouch(kommun, "sub-9", email="d@example.se")
    log_in(client, kommun, "sub-9")
    User.objects.filter(pk=whoami(client).pk).update(is_demo=True)
    client.logout()
    settings.HELHET_DEMO = False
    assert log_in(client, kommun, "sub-9").status_code == 403
    assert whoami(client) is None


def test_no_tokens_of_the_provider_are_kept(client, kommun):
    from allauth.socialaccount.models import SocialToken

    vouch(kommun, "sub-10", email="k@example.se")
    log_in(client, kommun, "sub-10")
    assert not SocialToken.objects.exists()
    assert configured.SOCIALACCOUNT_STORE_TOKENS is False

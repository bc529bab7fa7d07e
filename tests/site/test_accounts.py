# SPDX-License-Identifier: EUPL-1.2
"""Nobody registers alone, and a demonstration account is nobody where it is not allowed."""

import pytest
from allauth.account.adapter import get_adapter

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.site.pages")]
PASSWORD = "en-lång-mening-för-prov"


@pytest.fixture
def demo(django_user_model):
    return django_user_model.objects.create_user("demo", PASSWORD, email="demo@example.org", is_demo=True)


def test_registration_is_closed(rf):
    assert get_adapter().is_open_for_signup(rf.get("/")) is False


@pytest.mark.parametrize("name", ["demo", "demo@example.org"])
def test_login_by_user_name_or_address(client, demo, name):
    key = "email" if "@" in name else "username"
    assert client.login(**{key: name, "password": PASSWORD})
    assert not client.login(**{key: name, "password": "wrong"})


def test_a_demonstration_account_cannot_log_in_elsewhere(client, demo, settings):
    settings.HELHET_DEMO = False
    assert not client.login(username="demo", password=PASSWORD)


def test_nor_go_on_with_an_old_session(client, demo, settings):
    client.force_login(demo)
    assert b"demo" in client.get("/").content
    settings.HELHET_DEMO = False
    assert b"AnonymousUser" in client.get("/").content


def test_nor_come_in_by_another_door(rf, demo, settings):
    settings.HELHET_DEMO = False
    assert get_adapter().pre_login(rf.get("/"), demo).status_code == 403


def test_an_ordinary_account_is_not_touched(client, django_user_model, settings):
    settings.HELHET_DEMO = False
    django_user_model.objects.create_user("anna", PASSWORD)
    assert client.login(username="anna", password=PASSWORD)

# SPDX-License-Identifier: EUPL-1.2
"""Erasure is asked for by name, asked about once, and takes the login packages' rows with it."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from helhet.cli import main
from helhet.foundation.imports.models import Import, ImportedRow
from helhet.foundation.matters.models import Batch
from helhet.foundation.people.models import User
from helhet.foundation.people.selectors import standing_of
from tests.people import matter, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    user = person(name="anna.annasdotter", email="anna@kommun.example")
    user.name = "Anna Annasdotter"
    user.save()
    SocialAccount.objects.create(user=user, provider="p", uid="s", extra_data={"userinfo": {"name": user.name}})
    EmailAddress.objects.create(user=user, email=user.email)
    Authenticator.objects.create(user=user, type="totp", data={})
    file = Import.objects.create(
        kind="people", filename="f.csv", sha256="0" * 64, runner="x", started_by="x",
        batch=Batch.objects.create(kind="people", source_hash="0" * 64),
    )  # fmt: skip
    ImportedRow.objects.create(kind="people", reference=user.username, row_hash="0", object_id=user.pk, batch=file)
    return user


def test_an_account_goes_with_everything_that_names_it(anna, capsys):
    other = person()
    EmailAddress.objects.create(user=other, email="b@kommun.example")
    left = matter(by=standing_of(anna))
    assert main.main(["person", "erase", "anna.annasdotter", "--yes"]) == 0
    assert left.number in capsys.readouterr().out
    anna.refresh_from_db()
    assert (anna.username, anna.name, anna.email, anna.is_active) == (f"borttagen-{anna.pk}", "", "", False)
    for model in (SocialAccount, EmailAddress, Authenticator):
        assert not model.objects.filter(user=anna).exists()
    assert not ImportedRow.objects.exists()
    assert EmailAddress.objects.filter(user=other).exists()


def test_the_author_of_a_matter_goes(anna, capsys):
    left = matter(by=standing_of(anna))
    assert main.main(["matter", "erase-author", left.number, "--yes"]) == 0
    left.refresh_from_db()
    assert (left.author, left.author_kind) == (None, "anonymous")


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_it_is_asked_about_first(anna, monkeypatch, answer, code):
    monkeypatch.setattr("builtins.input", lambda question: answer)
    assert main.main(["person", "erase", "anna.annasdotter"]) == code
    assert User.objects.filter(username="anna.annasdotter").exists() is bool(code)


def test_without_anybody_to_ask_nothing_is_erased(anna, monkeypatch):
    def nobody(question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert main.main(["person", "erase", "anna.annasdotter"]) == 1
    assert User.objects.filter(username="anna.annasdotter").exists()


@pytest.mark.parametrize("words", [["person", "erase", "ingen"], ["matter", "erase-author", "KN-2026-999"]])
def test_what_is_not_there_is_said(words, capsys):
    assert main.main(words) == 1
    assert "there is no" in capsys.readouterr().err

# SPDX-License-Identifier: EUPL-1.2
"""What the login packages and imports keep about a person, which goes when the person is erased."""

from __future__ import annotations

from helhet.foundation.people.models import User


def forget_logins(user: User) -> None:
    """Delete what ties the account to a login provider, to addresses and to a second step.

    Its sessions end by themselves: they hold the account's number only, and its password is gone.
    """
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount

    for model in (SocialAccount, EmailAddress, Authenticator):
        model.objects.filter(user=user).delete()


def forget_import(user: User) -> None:
    """Delete which row of which file the account came from: the row's key is the user name."""
    from helhet.foundation.imports.models import ImportedRow

    ImportedRow.objects.filter(kind="people", object_id=user.pk).delete()

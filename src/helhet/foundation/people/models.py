# SPDX-License-Identifier: EUPL-1.2
"""People, organisations of all kinds, groups with mandates, and who belongs where in which role."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helhet.foundation.policy.roles import Role


def new_actor_key() -> str:
    return uuid.uuid4().hex


class Organisation(models.Model):
    """Anybody that can own a matter, take part or hold a budget.

    Units form a tree. A *group* is an organisation too: it cuts across the tree, stands outside it (no parent) and
    carries a :class:`Mandate`. ``path`` holds the ids from the root, ``/1/7/``, so that "at or below" is a prefix.
    """

    class Kind(models.TextChoices):
        UNIT = "unit", _("förvaltning eller enhet")
        COMPANY = "company", _("företag")
        GROUP = "group", _("grupp")
        UNIVERSITY = "university", _("högskola eller institut")
        ASSOCIATION = "association", _("förening")
        AUTHORITY = "authority", _("myndighet")
        PROPERTY_OWNER = "property_owner", _("fastighetsägare")
        SAMI_VILLAGE = "sami_village", _("sameby")
        CITY = "city", _("annan kommun")
        REGION = "region", _("region")
        STATE = "state", _("staten")
        PUBLIC = "public", _("invånare")

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True)
    short = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, blank=True, db_index=True)
    series = models.CharField(max_length=12, blank=True, help_text=_("Diarieserie, till exempel KN"))
    note = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    closed_at = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep; the place in the tree follows from the parent and is written once."""
        super().save(*args, **kwargs)
        if not self.path:
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            super().save(update_fields=["path"])

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return (self.name_en or self.name) if get_language() == "en" else self.name

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP


class Mandate(models.Model):
    """What a group may do: given by whom, for what, until when."""

    group = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates")
    given_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField()
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: object) -> "User":
        """The first administrator, from the command line: administrator at the top of the municipality's tree."""
        from helhet.foundation.people.selectors import top
        from helhet.foundation.people.services import add_member
        from helhet.foundation.policy import system

        user = self.create_user(username, password, is_superuser=True, **fields)
        add_member(by=system(), user=user, organisation=top(), role=Role.ADMINISTRATOR, is_home=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An account. What others see is the role title and the unit, not the person's name."""

    username = models.CharField(_("användarnamn"), max_length=150, unique=True)
    email = models.EmailField(_("e-post"), blank=True)
    name = models.CharField(_("namn"), max_length=150, blank=True)
    role_title = models.CharField(_("roll"), max_length=120, blank=True)
    language = models.CharField(max_length=8, default="sv")
    actor_key = models.CharField(max_length=40, unique=True, default=new_actor_key, editable=False)
    digest_days = models.PositiveSmallIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.role_title or self.username

    @property
    def first_name(self) -> str:
        return ""

    @property
    def last_name(self) -> str:
        return self.name


class Membership(models.Model):
    """A role held in an organisation or group, possibly for a time."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    is_home = models.BooleanField(default=False)
    from_claim = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "organisation", "role"], name="people_one_membership"),)


class ClaimMapping(models.Model):
    """Group claim of the identity provider → role in an organisation, as data."""

    claim = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["claim", "organisation", "role"], name="people_one_claim_mapping"),
        )


class Throttle(models.Model):
    """Counts of bounded actions per actor or address and window; in the database so that it holds across processes."""

    key = models.CharField(max_length=120)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "window"], name="people_one_throttle"),)


class ApiToken(models.Model):
    """A person's key to the API; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=now)

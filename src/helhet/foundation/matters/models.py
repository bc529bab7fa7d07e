# SPDX-License-Identifier: EUPL-1.2
"""The matter: the one thing that travels the whole way, and what hangs on it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from helhet.foundation.people.models import Organisation


class Kind(models.TextChoices):
    NEED = "need", _("Behov")
    IDEA = "idea", _("Idé")
    OBSTACLE = "obstacle", _("Hinder")
    EXAMPLE = "example", _("Gott exempel")
    SIGNAL = "signal", _("Signal")
    PROJECT = "project", _("Projekt")
    UNSURE = "unsure", _("Vet inte")


class Status(models.TextChoices):
    NEW = "new", _("Nytt")
    ASKED = "asked", _("Väntar på avsändaren")
    ANSWERED = "answered", _("Besvarat")
    REFERRED = "referred", _("Hänvisat")
    FORWARD = "forward", _("Tas vidare")
    BANKED = "banked", _("I banken")
    OWNERLESS = "ownerless", _("Ingen äger frågan")
    DECLINED = "declined", _("Tas inte vidare")
    MERGED = "merged", _("Sammanfört")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Öppet för alla")
    INTERNAL = "internal", _("Internt")
    RESTRICTED = "restricted", _("Begränsat")


class AuthorKind(models.TextChoices):
    NAMED = "named", _("Med min roll")
    PSEUDONYM = "pseudonym", _("Under pseudonym")
    ANONYMOUS = "anonymous", _("Anonymt")


class Batch(models.Model):
    """An import under way: its rows stay hidden until the whole batch is revealed at once."""

    kind = models.CharField(max_length=20)
    source_hash = models.CharField(max_length=64)
    revealed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)


class MatterQuerySet(models.QuerySet["Matter"]):
    def revealed(self) -> "MatterQuerySet":
        return self.filter(Q(batch=None) | Q(batch__revealed_at__isnull=False))


class Matter(models.Model):
    """A need, idea, obstacle, example, signal or project. It keeps its identity when merged, split or promoted."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=80, null=True, unique=True, help_text=_("Beteckning i en importfil"))
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=160)
    text = models.TextField()
    language = models.CharField(max_length=8, default="sv")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    number = models.CharField(max_length=40, unique=True, null=True)
    home_unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    nobody_owns = models.BooleanField(default=True)

    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="matters")
    author_kind = models.CharField(max_length=10, choices=AuthorKind.choices, default=AuthorKind.NAMED)
    author_label = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)

    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL)
    secrecy_paragraph = models.CharField(max_length=80, blank=True)
    released = models.BooleanField(default=False, help_text=_("Får läsas av forskare"))

    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    themes = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=20, blank=True)

    support_count = models.PositiveIntegerField(default=0)
    support_unit_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    follower_count = models.PositiveIntegerField(default=0)

    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="matters")
    created_at = models.DateTimeField(default=now)
    active_at = models.DateTimeField(default=now)

    objects = MatterQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["-active_at", "-id"], name="matters_recent"),
            models.Index(fields=["status", "-active_at", "-id"], name="matters_status"),
            models.Index(fields=["kind", "-active_at", "-id"], name="matters_kind"),
            models.Index(fields=["author", "-id"], name="matters_author"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(visibility="restricted") | ~Q(secrecy_paragraph=""), name="matters_secrecy_has_paragraph"
            ),
        )

    def __str__(self) -> str:
        return self.title

    # Django's own make a table of all the choices each time; a list asks for one in every row.
    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(Kind(self.kind).label)

    def get_status_display(self) -> str:  # type: ignore[no-redef]
        return str(Status(self.status).label)

    def get_visibility_display(self) -> str:  # type: ignore[no-redef]
        return str(Visibility(self.visibility).label)

    @property
    def rest(self) -> str:
        """The text after the title, when the title was taken from its beginning: what an excerpt should show."""
        return self.text[len(self.title) :].lstrip(" .!?\n") if self.text.startswith(self.title) else self.text


class Series(models.Model):
    """The last registration number used in a register (``KN``) in a year. Units may share a register."""

    code = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["code", "year"], name="matters_one_series"),)


class Owner(models.Model):
    """Who owns the matter, or a part of it."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="owners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="owned")
    part = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["matter", "organisation", "part"], name="matters_one_owner"),)


class Participant(models.Model):
    """An organisation's typed part in a matter; a funder may carry a share."""

    class Role(models.TextChoices):
        NEED_OWNER = "need_owner", _("behovsägare")
        QUESTION_OWNER = "question_owner", _("frågeägare")
        INNOVATOR = "innovator", _("innovatör")
        ASSESSOR = "assessor", _("bedömare")
        RESEARCHER = "researcher", _("forskare")
        FUNDER = "funder", _("finansiär")
        SITE_OWNER = "site_owner", _("platsägare")
        PARTNER = "partner", _("part")

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="takes_part")
    role = models.CharField(max_length=20, choices=Role.choices)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["matter", "organisation", "role"], name="matters_one_participant"),
        )


class Project(models.Model):
    """What a matter of kind project carries beside the rest."""

    matter = models.OneToOneField(Matter, on_delete=models.CASCADE, related_name="project")
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    period_note = models.CharField(max_length=120, blank=True)
    aim = models.TextField(blank=True)
    results = models.TextField(blank=True)
    lives_on = models.TextField(blank=True)
    taken_over_by = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")


class Link(models.Model):
    """A typed tie between two matters, readable both ways."""

    class Type(models.TextChoices):
        MERGED_INTO = "merged_into", _("sammanfört med")
        SPLIT_FROM = "split_from", _("utbrutet ur")
        PART_OF = "part_of", _("del av")
        HINDERS = "hinders", _("hindrar")
        ANSWERS = "answers", _("svarar på")
        REUSES = "reuses", _("återanvänder")
        SYNERGY = "synergy_with", _("samspelar med")

    source = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="links_in")
    type = models.CharField(max_length=14, choices=Type.choices)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "target", "type"], name="matters_one_link"),)


class Comment(models.Model):
    """A contribution to the thread. Replies point at a contribution of the first level."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    author_label = models.CharField(max_length=200)
    text = models.TextField()
    is_question = models.BooleanField(default=False)
    hidden_because = models.CharField(max_length=200, blank=True)
    reply_count = models.PositiveIntegerField(default=0)
    ordinal = models.PositiveIntegerField(default=0, help_text=_("Vilket svar i ordningen, från 1"))
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = (
            models.Index(fields=["matter", "-id"], name="matters_thread", condition=Q(parent=None)),
            models.Index(fields=["parent", "ordinal", "id"], name="matters_replies"),
        )


class Follow(models.Model):
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="follows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["matter", "user"], name="matters_one_follow"),)


class Support(models.Model):
    """«This concerns me too.» Counted on the matter; never shown person by person."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="supports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    unit_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["matter", "user"], name="matters_one_support"),)
        indexes = (models.Index(fields=["matter", "unit_id"], name="matters_support_unit"),)


class File(models.Model):
    """An attachment. It waits in quarantine until checked and is only ever handed out as a download."""

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("kontrolleras")
        OK = "ok", _("kontrollerad")
        REFUSED = "refused", _("stoppad")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUARANTINED)
    refused_because = models.CharField(max_length=200, blank=True)
    blob = models.FileField(upload_to="matters/%Y/%m/")
    created_at = models.DateTimeField(default=now)


class SecretLink(models.Model):
    """Lets somebody without an account follow what they left. Only the hash is kept; it ends by itself."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="secret_links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

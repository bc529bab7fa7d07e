# SPDX-License-Identifier: EUPL-1.2
"""What an administrator fills in."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helhet.foundation.imports.exporting import FORMATS
from helhet.foundation.imports.kinds import all_kinds
from helhet.foundation.people.models import Organisation, User
from helhet.foundation.people.selectors import organisations_for_choice
from helhet.foundation.policy import Standing
from helhet.foundation.policy.roles import Role
from helhet.look.forms import ChoicesField, DayField, SeveralField
from helhet.rooms.administration.selectors import kept_by

#: Everybody is a visitor; nobody is given it.
ROLES = [(role.value, role.label) for role in Role if role != Role.VISITOR]


class OrganisationField(forms.ModelChoiceField):
    """One organisation, shown with those above it."""

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Organisation.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.label} ({obj.parent.label})" if obj.parent else str(obj.label)


class AccountForm(forms.Form):
    username = forms.SlugField(
        label=_("Användarnamn"),
        max_length=150,
        help_text=_("Det man loggar in med. Det ändras aldrig sedan."),
        error_messages={"invalid": _("Använd bokstäver a–z, siffror, bindestreck och understreck.")},
    )
    role_title = forms.CharField(
        label=_("Roll som andra ser"), max_length=120, required=False, help_text=_("Till exempel Gatuingenjör.")
    )
    name = forms.CharField(
        label=_("Namn"), max_length=150, required=False, help_text=_("Syns bara här. Andra ser rollen och enheten.")
    )
    email = forms.CharField(
        label=_("E-post"), max_length=254, required=False, help_text=_("Dit går inbjudan och sammandrag.")
    )
    language = forms.ChoiceField(label=_("Språk"), choices=[])

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any):
        if person is not None:
            kwargs["initial"] = {name: getattr(person, name) for name in ("role_title", "name", "email", "language")}
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        if person is not None:
            del self.fields["username"]


class MemberForm(forms.Form):
    """A role in an organisation: asked for on the page of a person, or on that of an organisation."""

    username = forms.CharField(label=_("Användarnamn"), max_length=150)
    organisation = OrganisationField(label=_("Enhet, organisation eller grupp"))
    role = forms.ChoiceField(label=_("Roll"), choices=ROLES)
    until = DayField(label=_("Till och med"), required=False)
    is_home = forms.BooleanField(label=_("Det är personens hemvist"), required=False)

    def __init__(self, *args: Any, actor: Standing, known: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields[known]
        if "organisation" in self.fields:
            self.fields["organisation"].queryset = kept_by(actor)  # type: ignore[attr-defined]


class OrganisationForm(forms.Form):
    slug = forms.SlugField(
        label=_("Beteckning"),
        max_length=80,
        help_text=_("Står i adresser och filer, till exempel gatuenheten. Den ändras aldrig sedan."),
        error_messages={"invalid": _("Använd bokstäver a–z, siffror, bindestreck och understreck.")},
    )
    name = forms.CharField(label=_("Namn"), max_length=160)
    name_en = forms.CharField(label=_("Namn på engelska"), max_length=160, required=False)
    short = forms.CharField(label=_("Kort namn"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Slag"), choices=Organisation.Kind.choices)
    parent = OrganisationField(
        label=_("Ligger under"),
        required=False,
        help_text=_("Grupper och fristående organisationer ligger inte under något."),
    )
    series = forms.CharField(
        label=_("Diarieserie"),
        max_length=12,
        required=False,
        help_text=_("Till exempel KN. Utan egen gäller den ovanför."),
    )
    note = forms.CharField(
        label=_("Anmärkning"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, actor: Standing, organisation: Organisation | None = None, **kwargs: Any):
        names = ("name", "name_en", "short", "kind", "series", "note")
        if organisation is not None:
            kwargs["initial"] = {name: getattr(organisation, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = kept_by(actor).exclude(kind="group")  # type: ignore[attr-defined]
        if organisation is not None:
            del self.fields["slug"], self.fields["parent"]
            if organisation.is_group:
                del self.fields["kind"]
            else:
                self.fields["kind"].choices = [c for c in Organisation.Kind.choices if c[0] != "group"]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    parent = OrganisationField(
        label=_("Ny plats: ligger under"), required=False, empty_label=_("Inget, den är fristående")
    )

    def __init__(self, *args: Any, actor: Standing, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parent"].initial = organisation.parent_id
        places = kept_by(actor).exclude(kind="group").exclude(path__startswith=organisation.path)
        self.fields["parent"].queryset = places  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    closed_at = DayField(
        label=_("Upphör"),
        required=False,
        help_text=_("Från den dagen kan ingen välja den, och rollerna där gäller inte. Det den äger finns kvar."),
    )


class MandateForm(forms.Form):
    given_by = OrganisationField(label=_("Från vem"), required=False)
    purpose = forms.CharField(label=_("För vad"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    since = DayField(label=_("Från och med"), required=False)
    until = DayField(label=_("Till och med"), required=False)
    source = forms.CharField(
        label=_("Källa"), max_length=300, required=False, help_text=_("Till exempel protokoll och paragraf.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["given_by"].queryset = organisations_for_choice().select_related("parent")  # type: ignore[attr-defined]


class ClaimForm(forms.Form):
    claim = forms.CharField(label=_("Grupp hos inloggningstjänsten"), max_length=200)
    organisation = OrganisationField(label=_("Ger rollen i"))
    role = forms.ChoiceField(label=_("Roll"), choices=ROLES)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_for_choice().select_related("parent")  # type: ignore[attr-defined]


def kinds_in_words() -> list[tuple[str, str]]:
    """Every kind of table, in the reader's language."""
    english = (get_language() or "sv").startswith("en")
    return [(name, kind.title_en if english else kind.title_sv) for name, kind in all_kinds().items()]


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("Vad innehåller filen?"), choices=kinds_in_words)
    file = forms.FileField(
        label=_("Fil"),
        help_text=_("CSV eller XLSX. Den första raden är kolumnernas namn."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": _("Välj en fil."), "empty": _("Filen är tom.")},
    )


class ExportForm(forms.Form):
    kinds = SeveralField(
        label=_("Vad ska skrivas ut?"), choices=kinds_in_words, required=False, help_text=_("Inget valt betyder allt.")
    )
    form = ChoicesField(label=_("I vilken form?"), choices=[(form, form.upper()) for form in FORMATS], initial="xlsx")
    identities = forms.BooleanField(
        label=_("Ta med vilka som stödjer och följer ärenden"),
        required=False,
        help_text=_("Personuppgifter. Behövs för att flytta allt till en annan Helhet."),
    )

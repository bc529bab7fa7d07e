# SPDX-License-Identifier: EUPL-1.2
"""What people fill in at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.foundation.goals.models import Goal, Tie
from helhet.foundation.goals.selectors import current_goals
from helhet.foundation.matters.files import upload_hint
from helhet.foundation.matters.models import Kind, Link, Participant, Visibility
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import organisations_for_choice
from helhet.look.forms import ChoicesField, DayField

CONFIRM = _("Jag har läst igenom texten och vill spara den som den är")


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Ditt inlägg"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        error_messages={"required": _("Skriv något först.")},
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False


class HideForm(forms.Form):
    reason = forms.CharField(
        label=_("Varför döljs inlägget?"),
        max_length=200,
        help_text=_("Alla som läser tråden ser motiveringen, och den som skrev inlägget får ett besked."),
        error_messages={"required": _("Skriv varför inlägget döljs.")},
    )


class EditForm(forms.Form):
    kind = ChoicesField(label=_("Vad är det?"), choices=Kind.choices, layout="kinds")
    title = forms.CharField(label=_("Rubrik"), max_length=160)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 10}), max_length=20_000)
    place = forms.CharField(label=_("Plats"), required=False, max_length=200)
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False


class OrganisationsField(forms.ModelMultipleChoiceField):
    widget = forms.SelectMultiple(attrs={"size": 8})

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Organisation.objects.none(), **kwargs)


class OwnersForm(forms.Form):
    owners = OrganisationsField(
        label=_("Vem äger frågan?"),
        required=False,
        help_text=_("Välj en eller flera. Välj ingen om ingen äger frågan ännu; det är ett giltigt svar."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owners"].queryset = organisations_for_choice()  # type: ignore[attr-defined]


class VisibilityForm(forms.Form):
    visibility = ChoicesField(
        label=_("Vem får läsa?"),
        choices=Visibility.choices,
        hints={
            "public": _("Alla, också utan att logga in"),
            "internal": _("De som arbetar i kommunen och bolagen"),
            "restricted": _(
                "Den som lämnat det, de som leder eller företräder den som äger eller deltar, medlemmar i en sådan grupp, plattformsteamet och revisorn"
            ),
        },
    )
    secrecy_paragraph = forms.CharField(
        label=_("Paragraf i offentlighets- och sekretesslagen"),
        required=False,
        max_length=80,
        help_text=_("Krävs när ärendet är begränsat, till exempel 19 kap. 3 §."),
    )
    released = forms.BooleanField(label=_("Får läsas av forskare"), required=False)


class MatterChoice(forms.CharField):
    """Another matter, by number or address."""


class MergeForm(forms.Form):
    into = MatterChoice(
        label=_("Slå ihop med ärende"), max_length=200, help_text=_("Nummer, till exempel KK 2026/12, eller adress.")
    )


class SplitForm(forms.Form):
    title = forms.CharField(label=_("Rubrik på den nya delen"), max_length=160)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000)


class LinkForm(forms.Form):
    type = forms.ChoiceField(
        label=_("Hur hör de ihop?"),
        choices=[(t.value, t.label) for t in Link.Type if t.value not in {"merged_into", "split_from"}],
    )
    target = MatterChoice(
        label=_("Ärende"), max_length=200, help_text=_("Nummer, till exempel KK 2026/12, eller adress.")
    )


class ParticipantForm(forms.Form):
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Roll"), choices=Participant.Role.choices)
    share_percent = forms.DecimalField(
        label=_("Andel av pengarna, procent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        localize=True,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_for_choice()  # type: ignore[attr-defined]


class ProjectForm(forms.Form):
    starts = DayField(label=_("Börjar"), required=False)
    ends = DayField(label=_("Slutar"), required=False)
    aim = forms.CharField(label=_("Mål"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)
    results = forms.CharField(
        label=_("Resultat"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
    lives_on = forms.CharField(
        label=_("Vad lever vidare?"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=5000
    )
    taken_over_by = forms.ModelChoiceField(
        label=_("Vem tar över?"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["taken_over_by"].queryset = organisations_for_choice()  # type: ignore[attr-defined]


class TieForm(forms.Form):
    goal = forms.ModelChoiceField(label=_("Mål"), queryset=Goal.objects.none())
    stance = ChoicesField(label=_("Hur står ärendet till målet?"), choices=Tie.Stance.choices)
    reason = forms.CharField(label=_("Varför?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = current_goals()  # type: ignore[attr-defined]


class SettleForm(forms.Form):
    reason = forms.CharField(
        label=_("Hur har målen vägts mot varandra?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class FileForm(forms.Form):
    file = forms.FileField(label=_("Fil"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = upload_hint()


class AccountForm(forms.Form):
    language = forms.ChoiceField(label=_("Språk"), choices=[])
    digest_days = forms.TypedChoiceField(
        label=_("Sammandrag med e-post"),
        coerce=int,
        choices=[(0, _("Aldrig")), (1, _("Varje dag")), (7, _("Varje vecka"))],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        from django.conf import settings

        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]

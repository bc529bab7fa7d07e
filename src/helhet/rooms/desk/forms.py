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


class OwnersForm(forms.Form):
    """One row for each owner and a few empty ones: who, and which part when it is not the whole."""

    EMPTY = 3

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        owned: list[tuple[int, str]] = kwargs.get("initial", {}).get("owners", [])
        choices = [("", _("Ingen")), *organisations_for_choice().values_list("pk", "name")]
        for place, (organisation, part) in enumerate([*owned, *[("", "")] * self.EMPTY], 1):
            self.fields[f"owner_{place}"] = forms.ChoiceField(
                label=_("Ägare %(place)s") % {"place": place}, choices=choices, initial=organisation, required=False
            )
            self.fields[f"part_{place}"] = forms.CharField(
                label=_("Vilken del äger ägare %(place)s?") % {"place": place},
                max_length=120,
                initial=part,
                required=False,
                help_text=_("Tomt betyder hela frågan."),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        rows = [
            (int(value), given.get(name.replace("owner", "part"), ""))
            for name, value in given.items()
            if name.startswith("owner_") and value
        ]
        found = Organisation.objects.in_bulk([pk for pk, _part in rows])
        return {"owners": [(found[pk], part) for pk, part in rows if pk in found]}


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
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False


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
    period_note = forms.CharField(
        label=_("Om tiden"), required=False, max_length=120, help_text=_("Till exempel ”förlängt till våren”.")
    )
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
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("starts") and given.get("ends") and given["ends"] < given["starts"]:
            self.add_error("ends", _("Slutet ligger före början."))
        return given

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["taken_over_by"].queryset = organisations_for_choice()  # type: ignore[attr-defined]


class TieForm(forms.Form):
    goal = forms.ModelChoiceField(label=_("Mål"), queryset=Goal.objects.none())
    stance = ChoicesField(label=_("Hur står ärendet till målet?"), choices=Tie.Stance.choices)
    reason = forms.CharField(label=_("Varför?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = current_goals()  # type: ignore[attr-defined]


class GoalForm(forms.Form):
    stable_id = forms.SlugField(
        label=_("Beteckning"),
        max_length=80,
        help_text=_("Står i adresser och filer, till exempel op-2018-vatten. Den ändras aldrig sedan."),
        error_messages={"invalid": _("Använd bokstäver a–z, siffror, bindestreck och understreck.")},
    )
    kind = forms.ChoiceField(label=_("Slag"), choices=Goal.Kind.choices)
    parent = forms.ChoiceField(label=_("Ligger under"), required=False, choices=[])
    title = forms.CharField(label=_("Målet"), max_length=300)
    title_en = forms.CharField(label=_("Målet på engelska"), max_length=300, required=False)
    text = forms.CharField(
        label=_("Mer om målet"), widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000, required=False
    )
    source = forms.CharField(
        label=_("Källa"), max_length=300, help_text=_("Var målet står skrivet: dokument, sida, dag.")
    )
    valid_from = DayField(label=_("Gäller från"), required=False)
    order = forms.IntegerField(label=_("Plats bland syskonen"), min_value=0, max_value=100_000, initial=0)

    def __init__(self, *args: Any, kept: Goal | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        goals = current_goals().exclude(stable_id=kept.stable_id) if kept else current_goals()
        self.fields["parent"].choices = [("", _("Inget, det står överst"))] + [(g.stable_id, g.label) for g in goals]  # type: ignore[attr-defined]
        if kept is not None:
            del self.fields["stable_id"]


class SettleForm(forms.Form):
    reason = forms.CharField(
        label=_("Hur har målen vägts mot varandra?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False


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

# SPDX-License-Identifier: EUPL-1.2
"""What people fill in at the sluice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from helhet.foundation.matters.files import upload_hint
from helhet.foundation.matters.models import AuthorKind, Kind
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import organisations_for_choice
from helhet.look.forms import ChoicesField, DayField, SeveralField
from helhet.rooms.sluice.models import OutcomeKind, Sluice
from helhet.rooms.sluice.setup import LONGEST_PROMISE, MOST_QUESTIONS

CAPTURED_KINDS = [(k.value, k.label) for k in Kind if k != Kind.PROJECT]
OUTCOME_HINTS: dict[str, Any] = {
    OutcomeKind.ANSWERED: _("Rätt person tar över kontakten"),
    OutcomeKind.REFERRED: _("En annan enhet eller part äger frågan"),
    OutcomeKind.FORWARD: _("Frågan utforskas, med en ägare"),
    OutcomeKind.BANKED: _("Kan användas nu, eller kommer tillbaka på en dag eller ett villkor"),
    OutcomeKind.OWNERLESS: _("Förs upp i det öppna registret"),
    OutcomeKind.DECLINED: _("Kan öppnas igen"),
}


CONFIRM = _("Jag har läst igenom texten och vill skicka den som den är")


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each checked by the service that keeps it."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [forms.FileField.clean(self, one, initial) for one in given if one]


class CaptureForm(forms.Form):
    """Three fields; everything below them may be left alone."""

    kind = ChoicesField(label=_("Vad är det?"), choices=CAPTURED_KINDS, initial="need", layout="kinds")
    text = forms.CharField(
        label=_("Berätta kort"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=20_000,
        help_text=_("Skriv inte personnummer eller uppgifter om någons hälsa."),
        error_messages={"required": _("Skriv några ord om vad det gäller.")},
    )
    place = forms.CharField(label=_("Var eller vem gäller det?"), required=False, max_length=200)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    attachments = FilesField(label=_("Foto eller fil"), required=False)
    on_behalf_of = forms.CharField(label=_("Å någon annans vägnar"), required=False, max_length=200)
    author_kind = ChoicesField(
        label=_("Hur vill du synas?"), choices=AuthorKind.choices, initial=AuthorKind.NAMED, required=False
    )
    sluice = forms.ModelChoiceField(
        label=_("Till vem?"), queryset=Sluice.objects.none(), required=False, empty_label=_("Plattformsteamet avgör")
    )
    confirmed = forms.BooleanField(label=CONFIRM, required=False)

    def __init__(self, *args: Any, sluices: Any, outsider: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["sluice"].queryset = sluices  # type: ignore[attr-defined]
        self.fields["attachments"].help_text = upload_hint()
        if outsider:
            del self.fields["author_kind"]
        if not sluices:
            del self.fields["sluice"]
        else:
            asks = {"hx-get": reverse("sluice:questions"), "hx-target": "#egna", "hx-trigger": "change"}
            self.fields["sluice"].widget.attrs |= asks
        self.ask_to_confirm = False


class AnswerForm(forms.Form):
    """An outcome with its mandatory reason, contact and date."""

    kind = ChoicesField(
        label=_("Vad händer med ärendet?"),
        choices=[(k.value, k.label) for k in OutcomeKind],
        hints=OUTCOME_HINTS,
        error_messages={"required": _("Välj vad som händer med ärendet.")},
    )
    reason = forms.CharField(
        label=_("Motivering"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Måste fyllas i. Avsändaren läser den, så skriv som du skulle säga det."),
        error_messages={"required": _("Skriv en motivering. Avsändaren läser den.")},
        max_length=5000,
    )
    contact = forms.CharField(
        label=_("Kontakt"),
        max_length=200,
        error_messages={"required": _("Skriv vem avsändaren kan vända sig till.")},
    )
    next_date = DayField(label=_("Nästa besked senast"))
    owners = forms.ModelMultipleChoiceField(
        label=_("Vem äger frågan?"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 7}),
        help_text=_("Behövs när ärendet hänvisas eller tas vidare. Flera kan äga var sin del."),
    )
    usable_now = forms.BooleanField(label=_("Kan användas redan nu"), required=False)
    return_on = DayField(label=_("Kommer tillbaka den dagen"), required=False)
    return_when = forms.CharField(label=_("eller när det här har hänt"), required=False, max_length=200)
    ask_on = DayField(
        label=_("Fråga ägarna om det har hänt"),
        required=False,
        help_text=_("Frågan kommer igen tills den är besvarad med ja."),
    )
    return_after = forms.CharField(
        label=_("eller när ett annat ärende är besvarat eller beslutat"),
        required=False,
        max_length=40,
        help_text=_("Ärendets nummer, till exempel KK 2026/12. Då kommer det tillbaka av sig självt."),
    )
    language = forms.ChoiceField(label=_("Svaret är skrivet på"), choices=settings.LANGUAGES)
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False

    def __init__(self, *args: Any, outcomes: Sequence[str] = (), foreign: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not foreign:
            del self.fields["language"]
        if outcomes:
            self.fields["kind"].choices = [(k.value, k.label) for k in OutcomeKind if k.value in outcomes]  # type: ignore[attr-defined]
        self.fields["owners"].queryset = organisations_for_choice()  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("Vad behöver du veta?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        error_messages={"required": _("Skriv din fråga först.")},
    )
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Vad är nytt?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
        error_messages={"required": _("Skriv vad som är nytt.")},
    )
    confirmed = forms.BooleanField(label=CONFIRM, required=False)
    ask_to_confirm = False


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(label=_("Vilken sluss?"), queryset=Sluice.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("Varför?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(self, *args: Any, sluices: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = sluices  # type: ignore[attr-defined]


class TranslationForm(forms.Form):
    text = forms.CharField(label=_("Översättning"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)


class SluiceForm(forms.Form):
    """A sluice's words, promise, outcomes and own questions: one question a line, ``label | help``."""

    title = forms.CharField(label=_("Slussens namn"), max_length=120)
    intro = forms.CharField(
        label=_("Vad tar slussen emot?"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    promise_days = forms.IntegerField(
        label=_("Lovar svar inom (arbetsdagar)"), min_value=1, max_value=LONGEST_PROMISE, initial=5
    )
    questions = forms.CharField(
        label=_("Egna frågor"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=_(
            "En fråga per rad, högst fem. Skriv en hjälptext efter ett lodrätt streck: "
            "Vilket kvarter? | En gata räcker. Den första syns direkt, de andra längre ned."
        ),
    )
    outcomes = SeveralField(
        label=_("Vilka svar ger slussen?"),
        choices=OutcomeKind.choices,
        hints=OUTCOME_HINTS,
        initial=OutcomeKind.values,
        error_messages={"required": _("Välj minst ett svar.")},
    )
    takes_outsiders = forms.BooleanField(label=_("Tar emot från dem utan konto"), required=False)
    english = forms.CharField(
        label=_("Namn på engelska"), required=False, max_length=120, help_text=_("Visas för den som läser på engelska.")
    )
    is_open = forms.BooleanField(
        label=_("Slussen är öppen"),
        required=False,
        initial=True,
        help_text=_("Det som redan väntar i en stängd sluss besvaras ändå."),
    )

    @staticmethod
    def written(sluice: Sluice) -> dict[str, Any]:
        """What the sluice says now, questions as the lines a person edits."""
        kept = {
            name: getattr(sluice, name) for name in ("title", "intro", "promise_days", "takes_outsiders", "is_open")
        }
        lines = (" | ".join(filter(None, (q["label"], q.get("help", "")))) for q in sluice.questions)
        outcomes = sluice.outcomes or OutcomeKind.values
        return {**kept, "english": sluice.title_en, "questions": "\n".join(lines), "outcomes": outcomes}

    def clean_questions(self) -> list[dict[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["questions"].splitlines() if line.strip()]
        if len(lines) > MOST_QUESTIONS:
            raise forms.ValidationError(_("Högst fem frågor. Den som lämnar något ska hinna på en halv minut."))
        parts = [[part.strip() for part in line.split("|", 1)] for line in lines]
        return [{"label": p[0], "help": p[1] if len(p) > 1 else ""} for p in parts]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "english" in given:
            given["title_en"] = given.pop("english")
        return given


class NewSluiceForm(SluiceForm):
    """The same, for an organisation that has none yet."""

    organisation = forms.ModelChoiceField(
        label=_("Vilken enhet eller grupp?"), queryset=Organisation.objects.none(), empty_label=None
    )
    field_order = ("organisation",)

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        del self.fields["is_open"]


class ConditionForm(forms.Form):
    """Is a condition in the bank fulfilled; when not, when to ask again."""

    fulfilled = ChoicesField(
        label=_("Är det uppfyllt?"),
        choices=[("yes", _("Ja")), ("no", _("Nej, inte än"))],
        hints={"yes": _("Ärendet kommer tillbaka till slussen nu"), "no": _("Frågan ställs igen den dag du väljer")},
        error_messages={"required": _("Välj ja eller nej.")},
    )
    ask_on = DayField(label=_("Fråga igen"), required=False)

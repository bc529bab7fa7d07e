# SPDX-License-Identifier: EUPL-1.2
"""What people fill in when they write, review, present, record and follow up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helhet.core.text import sensitive
from helhet.foundation.matters.models import File
from helhet.foundation.people.models import Organisation
from helhet.foundation.people.selectors import organisations_for_choice
from helhet.look.forms import ChoicesField, DayField
from helhet.rooms.decisions.models import FollowUp, Part
from helhet.rooms.decisions.references import words_alone


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CarefulForm(forms.Form):
    """A form that points out what looks like personal data; what is confirmed is saved as it is.

    Subclasses name the fields that hold people's own words in ``watched``.
    """

    watched: tuple[str, ...] = ()
    confirmed = forms.BooleanField(
        label=_("Jag har läst igenom texten och vill spara den som den är"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"] = self.fields.pop("confirmed")  # last, beside the button

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, without the confirmation."""
        return {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        words = "\n".join(str(values.get(name) or "") for name in self.watched)
        found = sensitive.find(words_alone(words))
        if found and not values.get("confirmed"):
            self.fields["confirmed"].widget = forms.CheckboxInput()
            shown = ", ".join(one.words for one in found[:5])
            self.add_error(
                "confirmed",
                _("Texten verkar innehålla personuppgifter: %(words)s. Ta bort dem eller bekräfta.") % {"words": shown},
            )
        return values


class StartForm(CarefulForm):
    watched: tuple[str, ...] = ("title",)
    title = forms.CharField(label=_("Rubrik"), max_length=160)
    body = forms.ModelChoiceField(
        label=_("Vem ska besluta?"), queryset=Organisation.objects.none(), required=False, empty_label=_("Inte bestämt")
    )
    planned_on = DayField(label=_("Planerad beslutsdag"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = organisations_for_choice()  # type: ignore[attr-defined]


class HeadForm(StartForm):
    watched = ("title", "title_en", "written_by", "nothing_unvalued")
    title_en = forms.CharField(label=_("Rubrik på engelska"), max_length=160, required=False)
    written_by = forms.CharField(
        label=_("Skrivet av"), max_length=200, required=False, help_text=_("Roller, inte namn på personer.")
    )
    nothing_unvalued = forms.CharField(
        label=_("Om ingenting är ovärderat: hur vet ni det?"),
        max_length=300,
        required=False,
        help_text=_("Visas bara när listan över det som ingen har kunnat värdera är tom."),
    )
    attachments = forms.ModelMultipleChoiceField(
        label=_("Bilagor"),
        queryset=File.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ärendets kontrollerade filer. De fryses med sin kontrollsumma när underlaget läggs fram."),
    )
    field_order = ("title", "title_en", "body", "planned_on", "written_by", "nothing_unvalued", "attachments")

    def __init__(self, *args: Any, files: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["attachments"]
        field.queryset = files  # type: ignore[attr-defined]
        field.label_from_instance = lambda file: file.name  # type: ignore[attr-defined]
        if not files.exists():
            del self.fields["attachments"]


class SectionForm(CarefulForm):
    watched = ("text",)
    text = forms.CharField(
        label=_("Text"),
        widget=_area(14),
        max_length=40_000,
        required=False,
        help_text=_("Tom rad ger nytt stycke. Siffror hämtas ur en körning, så att de kan följas till sin källa."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AlternativeForm(CarefulForm):
    watched = ("name", "name_en", "text", "text_en", "reversible", "reversible_en")
    name = forms.CharField(
        label=_("Alternativ"), max_length=160, error_messages={"required": _("Ge alternativet ett namn.")}
    )
    name_en = forms.CharField(label=_("På engelska"), max_length=160, required=False)
    text = forms.CharField(label=_("Vad det innebär"), widget=_area(3), max_length=600, required=False)
    text_en = forms.CharField(label=_("Vad det innebär, på engelska"), widget=_area(3), max_length=600, required=False)
    reversible = forms.CharField(label=_("Går det att ångra?"), max_length=300, required=False)
    reversible_en = forms.CharField(label=_("Går det att ångra, på engelska"), max_length=300, required=False)
    run = forms.ChoiceField(label=_("Körning"), required=False, help_text=_("Siffrorna för alternativet tas härifrån."))
    is_recommended = forms.BooleanField(label=_("Det här är förslaget"), required=False)

    def __init__(self, *args: Any, runs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run"].choices = [("", _("Inte beräknat")), *runs]  # type: ignore[attr-defined]


class FigureForm(forms.Form):
    part = forms.ChoiceField(label=_("Visas som"), choices=Part.choices)
    figure = forms.ChoiceField(label=_("Siffra"))

    def __init__(self, *args: Any, figures: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = [("", _("Välj en siffra")), *figures]  # type: ignore[attr-defined]


class UnvaluedForm(CarefulForm):
    watched = ("text", "text_en", "who", "who_en")
    text = forms.CharField(
        label=_("Vad har ingen kunnat värdera?"),
        max_length=400,
        error_messages={"required": _("Skriv vilken effekt som inte går att värdera.")},
    )
    text_en = forms.CharField(label=_("På engelska"), max_length=400, required=False)
    who = forms.CharField(label=_("Vem gäller det?"), max_length=200, required=False)
    who_en = forms.CharField(label=_("Vem gäller det, på engelska"), max_length=200, required=False)


class AffectedForm(CarefulForm):
    watched = ("group", "group_en", "how", "how_en", "heard_how", "heard_how_en", "says", "says_en")
    group = forms.CharField(
        label=_("Grupp"), max_length=200, error_messages={"required": _("Skriv vilken grupp som berörs.")}
    )
    group_en = forms.CharField(label=_("Grupp, på engelska"), max_length=200, required=False)
    how = forms.CharField(label=_("Hur berörs de?"), widget=_area(2), max_length=400, required=False)
    how_en = forms.CharField(label=_("Hur berörs de, på engelska"), widget=_area(2), max_length=400, required=False)
    heard_on = DayField(label=_("När hördes de?"), required=False, help_text=_("Lämna tomt om de inte är hörda."))
    heard_how = forms.CharField(label=_("Hur hördes de?"), max_length=200, required=False)
    heard_how_en = forms.CharField(label=_("Hur hördes de, på engelska"), max_length=200, required=False)
    says = forms.CharField(label=_("Vad säger de?"), widget=_area(2), max_length=600, required=False)
    says_en = forms.CharField(label=_("Vad säger de, på engelska"), widget=_area(2), max_length=600, required=False)


class RemarkForm(CarefulForm):
    watched = ("text", "text_en")
    text = forms.CharField(
        label=_("Vem syns inte, och vad tar underlaget för givet?"),
        widget=_area(5),
        max_length=5000,
        error_messages={"required": _("Skriv vad granskningen visar.")},
    )
    text_en = forms.CharField(label=_("På engelska"), widget=_area(5), max_length=5000, required=False)


ROW_FORMS: dict[str, type[CarefulForm]] = {"unvalued": UnvaluedForm, "affected": AffectedForm, "remarks": RemarkForm}


class RemarkOnParagraphForm(CarefulForm):
    watched = ("text",)
    text = forms.CharField(
        label=_("Din anmärkning"),
        widget=_area(3),
        max_length=5000,
        error_messages={"required": _("Skriv vad du vill anmärka på.")},
    )
    place = forms.CharField(widget=forms.HiddenInput, max_length=60)


class ResolveForm(CarefulForm):
    watched = ("resolution",)
    resolution = forms.CharField(label=_("Vad ledde den till?"), max_length=600, required=False)

    def __init__(self, *args: Any, comment: int, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"svar-{comment}-%s", **kwargs)


class PresentForm(CarefulForm):
    watched = ("what_changed",)
    what_changed = forms.CharField(
        label=_("Vad har ändrats sedan den förra versionen?"), widget=_area(3), max_length=5000, required=False
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["what_changed"]
        else:
            self.fields["what_changed"].required = True
            self.fields["what_changed"].error_messages["required"] = _("Skriv vad som har ändrats.")


class DecisionForm(CarefulForm):
    watched = ("reason", "deviation", "promise", "correction_reason")
    body = forms.ModelChoiceField(
        label=_("Vem har beslutat?"),
        queryset=Organisation.objects.none(),
        empty_label=_("Välj"),
        error_messages={"required": _("Välj vem som har beslutat.")},
    )
    decided_on = DayField(label=_("Beslutsdag"), error_messages={"required": _("Ange dagen för beslutet.")})
    number = forms.CharField(
        label=_("Diarienummer eller paragraf"),
        max_length=60,
        help_text=_("Till exempel KS 2027/12 § 34."),
        error_messages={"required": _("Ange diarienummer eller paragraf i protokollet.")},
    )
    chosen = ChoicesField(label=_("Vad beslutades?"), error_messages={"required": _("Välj vad som beslutades.")})
    reason = forms.CharField(
        label=_("Skäl för beslutet"),
        widget=_area(5),
        max_length=10_000,
        error_messages={"required": _("Skriv skälen för beslutet.")},
    )
    deviation = forms.CharField(
        label=_("Varför skiljer sig beslutet från förslaget?"),
        widget=_area(3),
        max_length=5000,
        required=False,
        help_text=_("Måste fyllas i när något annat än förslaget valdes."),
    )
    promise = forms.CharField(
        label=_("Vad ska ha hänt vid uppföljningen?"),
        widget=_area(3),
        max_length=2000,
        required=False,
        help_text=_("Det som lovas nu är det som utfallet jämförs med."),
    )
    follow_up_on = DayField(label=_("Följs upp den"), required=False)
    responsible = forms.ModelChoiceField(
        label=_("Vem följer upp?"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Den som äger frågan"),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], proposed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = proposed
        for name in ("body", "responsible"):
            self.fields[name].queryset = organisations_for_choice()  # type: ignore[attr-defined]
        field = self.fields["chosen"]
        field.choices = [*choices, (NONE, _("Inget av alternativen, till exempel återremiss"))]  # type: ignore[attr-defined]
        field.hints = {proposed: _("Förslaget i underlaget")}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        chosen = values.get("chosen")
        if chosen and chosen != self.proposed and not values.get("deviation"):
            self.add_error("deviation", _("Beslutet skiljer sig från förslaget. Skriv varför."))
        return values


#: The choice that stands for none of the alternatives.
NONE = "-"


class CorrectionForm(DecisionForm):
    correction_reason = forms.CharField(
        label=_("Vad blev fel, och vad rättas?"),
        widget=_area(3),
        max_length=2000,
        error_messages={"required": _("Skriv vad som blev fel och vad som rättas.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["correction_reason"])


class FollowUpForm(CarefulForm):
    watched = ("outcome",)
    kept = ChoicesField(
        label=_("Blev det som det lovades?"),
        choices=FollowUp.Kept.choices,
        layout="kinds",
        error_messages={"required": _("Välj hur det blev.")},
    )
    outcome = forms.CharField(
        label=_("Vad ledde beslutet till?"),
        widget=_area(6),
        max_length=10_000,
        help_text=_("Skriv också det som inte blev som tänkt. Andra har nytta av det."),
        error_messages={"required": _("Skriv vad beslutet ledde till.")},
    )
    next_on = DayField(label=_("Följs upp igen den"), required=False)

# SPDX-License-Identifier: EUPL-1.2
"""Work in the sluice: the queue, answers, questions, hand-over, translations."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from helhet.foundation import policy
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.selectors import numbered, readable
from helhet.foundation.matters.services import Sensitive
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import throttle
from helhet.foundation.search.selectors import likely_owners, similar_matters
from helhet.rooms.sluice import returning, selectors, services, translating
from helhet.rooms.sluice.forms import AnswerForm, ConditionForm, HandOverForm, QuestionForm, ReasonForm, TranslationForm
from helhet.rooms.sluice.models import Case, Outcome, Sluice, Translation, WaitsFor
from helhet.rooms.sluice.standard_texts import named, standard_texts
from helhet.rooms.sluice.workdays import add_workdays


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What is new, what waits for whom, since when."""
    actor = standing_of(request.user)
    policy.require(actor, "sluice.see_queue")
    waits_for = request.GET.get("vantar", WaitsFor.US)
    waits_for = waits_for if waits_for in WaitsFor.values else WaitsFor.US
    sluices = list(selectors.every_sluice())
    sluice = next((one for one in sluices if one.organisation.slug == request.GET.get("sluss")), None)
    page = selectors.queue(actor, waits_for, sluices=sluices, sluice=sluice, after=request.GET.get("efter", ""))
    counts = selectors.queue_counts(actor, sluice=sluice)
    context = {
        "page": page,
        "rows": [(case, policy.can(actor, "sluice.answer", case)) for case in page.items],
        "late": selectors.late(page.items) if waits_for == WaitsFor.US else 0,
        "waits_for": WaitsFor(waits_for),
        "counts": counts,
        "most": selectors.MOST_COUNTED,
        "tabs": [_tab(choice, counts[choice], waits_for, sluice) for choice in WaitsFor],
        "sluice": sluice,
        "sluices": selectors.sluices_for(actor, sluices),
        "may_open": policy.can(actor, "sluice.open"),
    }
    return render(request, "sluice/queue.html", context)


def _tab(choice: WaitsFor, count: int, current: str, sluice: Sluice | None) -> dict[str, Any]:
    query = f"?vantar={choice.value}" + (f"&sluss={sluice.organisation.slug}" if sluice else "")
    shown = f"{count}+" if count == selectors.MOST_COUNTED else count
    return {"url": query, "label": choice.label, "count": shown, "current": choice == current}


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    """Set an outcome; the form opens in the queue's row or as a page of its own."""
    actor = standing_of(request.user)
    case = _case(actor, uid)
    policy.require(actor, "sluice.answer", case)
    next_date = add_workdays(localdate(), case.sluice.promise_days)
    language = case.matter.language
    foreign = language != actor.language
    unit, outcomes = case.sluice.organisation.name, case.sluice.outcomes
    texts = standard_texts(language, unit=unit, next_date=next_date, outcomes=outcomes)
    initial = {"next_date": next_date, "contact": actor.label, "language": actor.language}
    form = _answer_form(request, initial, texts, language, outcomes=outcomes, foreign=foreign)

    def act(given: dict[str, Any]) -> None:
        given |= {"owners": list(given["owners"]), "return_after": _other(actor, given["return_after"])}
        outcome = services.answer(by=actor, case=case, **given)
        if outcome.language != language:
            translating.order_translation(by=actor, outcome=outcome, language=language)

    if form.is_bound and (
        done := _did(request, form, act, _("Svaret är skickat. Avsändaren får veta det nu."), "sluice:queue")
    ):
        return done
    context = {
        "form": form,
        "case": case,
        "matter": case.matter,
        "hits": similar_matters(actor, f"{case.matter.title} {case.matter.text}", without=case.matter),
        "owners": likely_owners(actor, f"{case.matter.title} {case.matter.text}"),
        "texts": texts.items(),
        "language": named(language),
        "foreign": foreign,
    }
    return render(request, "sluice/answer.html", context, status=422 if form.errors else 200)


def _answer_form(
    request: HttpRequest, initial: dict[str, Any], texts: dict[str, str], language: str, **about: Any
) -> AnswerForm:
    """The form as sent; or, when a standard text was asked for without script, as typed with the text put in."""
    wanted = texts.get(request.POST.get("standard", "")) if "insert" in request.POST else None
    if request.method != "POST" or wanted is None:
        return AnswerForm(request.POST or None, initial=initial, **about)
    typed = {name: request.POST.get(name, "") for name in AnswerForm.base_fields}
    reason = "\n\n".join(filter(None, (typed["reason"].strip(), wanted)))
    owners = [pk for pk in request.POST.getlist("owners") if pk.isascii() and pk.isdigit()]
    return AnswerForm(initial=typed | {"reason": reason, "owners": owners, "language": language}, **about)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask the author something."""
    actor = standing_of(request.user)
    case = _case(actor, uid)
    policy.require(actor, "sluice.answer", case)
    form = QuestionForm(request.POST or None)
    done = _("Frågan är ställd. Ärendet väntar nu på avsändaren.")
    if answer := _did(request, form, lambda g: services.ask_author(by=actor, case=case, **g), done, "desk:matter", uid):
        return answer
    return _small_form(request, form, case, _("Fråga avsändaren"), _("Skicka frågan"))


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, uid: str) -> HttpResponse:
    """Open an answered matter again."""
    actor = standing_of(request.user)
    case = _case(actor, uid)
    policy.require(actor, "sluice.reopen", case)
    form = ReasonForm(request.POST or None)
    done = _("Ärendet är öppnat igen och får ett nytt svar.")
    if answer := _did(request, form, lambda g: services.reopen(by=actor, case=case, **g), done, "desk:matter", uid):
        return answer
    return _small_form(request, form, case, _("Öppna ärendet igen"), _("Öppna igen"))


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, uid: str) -> HttpResponse:
    """Hand the case over to another sluice."""
    actor = standing_of(request.user)
    case = _case(actor, uid)
    policy.require(actor, "sluice.answer", case)
    form = HandOverForm(request.POST or None, sluices=selectors.open_sluices().exclude(pk=case.sluice_id))
    done = _("Ärendet är överlämnat.")
    if answer := _did(request, form, lambda g: services.hand_over(by=actor, case=case, **g), done, "sluice:queue"):
        return answer
    return _small_form(request, form, case, _("Lämna över till en annan sluss"), _("Lämna över"))


@require_http_methods(["GET", "POST"])
def translate(request: HttpRequest, pk: int) -> HttpResponse:
    """Do an ordered translation."""
    actor = standing_of(request.user)
    policy.require(actor, "sluice.translate")
    ordered = get_object_or_404(
        Translation.objects.select_related("outcome__matter"), pk=pk, outcome__matter__in=readable(actor)
    )
    form = TranslationForm(request.POST or None, initial={"text": ordered.text})
    done = _("Översättningen är sparad och avsändaren får veta det.")
    if answer := _did(
        request, form, lambda g: translating.translate(by=actor, translation=ordered, **g), done, "desk:home"
    ):
        return answer
    context = {
        "form": form,
        "ordered": ordered,
        "matter": ordered.outcome.matter,
        "language": named(ordered.language),
        "done": ordered.done_at,
    }
    return render(request, "sluice/translate.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
def order_translation(request: HttpRequest, pk: int) -> HttpResponse:
    """Order a translation of an answer into one's own language."""
    actor = standing_of(request.user)
    outcome = get_object_or_404(Outcome.objects.select_related("matter"), pk=pk, matter__in=readable(actor))
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404(_("Det språket finns inte."))
    rate, who = settings.HELHET_RATES["capture"], actor.actor_key or request.META.get("REMOTE_ADDR", "")
    throttle(f"translation:{who}", limit=rate.count, per_s=rate.seconds)
    translating.order_translation(by=actor, outcome=outcome, language=language)
    messages.success(request, _("Översättningen är beställd."))
    return redirect("desk:matter", uid=outcome.matter.uid)


@require_http_methods(["GET", "POST"])
def condition(request: HttpRequest, pk: int) -> HttpResponse:
    """Is the condition fulfilled that a matter in the bank waits for?"""
    actor = standing_of(request.user)
    outcome = get_object_or_404(Outcome.objects.select_related("matter"), pk=pk, matter__in=readable(actor))
    case = _case(actor, outcome.matter.uid)
    policy.require(actor, "sluice.answer", case)
    initial = {"ask_on": localdate() + services.ASKED_AFTER}
    form = ConditionForm(request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        fulfilled = given["fulfilled"] == "yes"
        returning.check_condition(by=actor, outcome=outcome, fulfilled=fulfilled, ask_on=given["ask_on"])

    if done := _did(request, form, act, _("Tack. Banken vet nu."), "desk:matter", str(outcome.matter.uid)):
        return done
    more = {"quote": outcome.return_when}
    return _small_form(request, form, case, _("Är villkoret uppfyllt?"), _("Svara"), more)


def _case(actor: policy.Standing, uid: Any) -> Case:
    """The case, 404 when there is none, 403 with the reason when it may not be read."""
    case = get_object_or_404(selectors.for_rows(Case.objects.all()), matter__uid=uid)
    policy.require(actor, "matter.read", case.matter)
    return case


def _other(actor: policy.Standing, number: str) -> Matter | None:
    """The matter with this number, None for no number; ValueError in words when there is none to be read."""
    if not number.strip():
        return None
    found = numbered(actor, number)
    if found is None:
        raise ValueError(_("Hittar inget ärende med numret ”%(number)s”.") % {"number": number.strip()})
    return found


def _did(
    request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], Any], done: str, to: str, uid: str = ""
) -> HttpResponse | None:
    """Run a verb on a sent and valid form and lead onwards; None when the form is to be shown, with what was typed."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        act(dict(form.cleaned_data))
    except Sensitive as found:
        form.ask_to_confirm = True
        words = ", ".join(f"”{finding.words}”" for finding in found.findings)
        form.add_error(
            None, _("Ser ut som känsliga uppgifter: %(words)s. Ta bort, eller kryssa för.") % {"words": words}
        )
    except ValueError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, done)
        return redirect(to, uid=uid) if uid else redirect(to)
    return None


def _small_form(
    request: HttpRequest, form: Any, case: Case, heading: str, button: str, more: dict[str, Any] | None = None
) -> HttpResponse:
    if "confirmed" in form.fields and not form.ask_to_confirm:
        form.fields["confirmed"].widget = HiddenInput()
    context = {"form": form, "case": case, "matter": case.matter, "heading": heading, "button": button} | (more or {})
    return render(request, "sluice/small_form.html", context, status=422 if form.errors else 200)

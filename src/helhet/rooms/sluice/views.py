# SPDX-License-Identifier: EUPL-1.2
"""Leave something, and see what became of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helhet.foundation import policy
from helhet.foundation.contracts import rooms
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.files import Refused
from helhet.foundation.matters.models import Matter
from helhet.foundation.matters.services import Sensitive, matter_by_secret
from helhet.foundation.matters.thread import support
from helhet.foundation.notices.services import words_for
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import TooMany, throttle
from helhet.foundation.policy import Standing
from helhet.foundation.search.selectors import likely_owners, similar_matters
from helhet.rooms.sluice import selectors, services
from helhet.rooms.sluice.forms import CaptureForm

FOUND_WORDS = {
    "identity_number": gettext_lazy("personnummer"),
    "health": gettext_lazy("hälsa"),
    "contact": gettext_lazy("kontaktuppgift"),
}


@require_http_methods(["GET", "POST"])
def capture(request: HttpRequest) -> HttpResponse:
    """The form for leaving something. What was typed is kept whatever goes wrong."""
    actor = standing_of(request.user)
    policy.require(actor, "matter.capture")
    sluices = selectors.open_sluices()
    if not actor.is_authenticated:
        sluices = sluices.filter(takes_outsiders=True)
    asked = sluices.filter(pk=_number(request, "sluss")).first()
    initial = {"kind": request.GET.get("slag", "need"), "sluice": asked}
    form = CaptureForm(
        request.POST or None,
        request.FILES or None,
        sluices=sluices,
        outsider=not actor.is_authenticated,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        done = _leave(request, actor, form)
        if done is not None:
            return done
    status = 422 if form.errors or form.ask_to_confirm else 200
    sluice = form.data.get("sluice") or (asked.pk if asked else "")
    chosen = sluices.filter(pk=sluice).first() if str(sluice).isascii() and str(sluice).isdigit() else None
    context = {"form": form, "sluice": chosen, "questions": _questions(request, chosen)}
    return render(request, "sluice/capture.html", context, status=status)


def _leave(request: HttpRequest, actor: Standing, form: CaptureForm) -> HttpResponse | None:
    given: dict[str, Any] = form.cleaned_data
    sluice = given.get("sluice")
    try:
        throttle(f"capture:{_who(request, actor)}", limit=_limit("capture")[0], per_s=_limit("capture")[1])
        captured = services.leave(
            by=actor,
            kind=given["kind"],
            text=given["text"],
            place=given["place"],
            on_behalf_of=given["on_behalf_of"],
            author_kind=given.get("author_kind") or "named",
            sluice=sluice,
            answers={q["label"]: q["value"] for q in _questions(request, sluice) if q["value"]},
            files=given["attachments"],
            language=request.LANGUAGE_CODE,  # type: ignore[attr-defined]  # set by LocaleMiddleware
            confirmed=given["confirmed"],
        )
    except Sensitive as found:
        form.ask_to_confirm = True
        for finding in found.findings:
            words = {"kind": FOUND_WORDS[finding.kind], "words": finding.words}
            form.add_error(
                "text", _("Det ser ut som %(kind)s: ”%(words)s”. Ta bort det, eller kryssa för nedan.") % words
            )
    except (Refused, ValueError, TooMany) as error:
        form.add_error("attachments" if isinstance(error, Refused) else None, str(error))
    else:
        if captured.secret:
            return redirect("sluice:thanks_secret", token=captured.secret)
        return redirect("sluice:thanks", uid=captured.matter.uid)
    return None


def _questions(request: HttpRequest, sluice: Any) -> list[dict[str, str]]:
    if sluice is None:
        return []
    return [{**q, "value": request.POST.get(f"q-{q['key']}", "").strip()[:2000]} for q in sluice.asked]


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """While one writes: what is alike, and who may own the question. Sent in the body, so that no log keeps drafts."""
    actor = standing_of(request.user)
    throttle(f"search:{_who(request, actor)}", limit=_limit("search")[0], per_s=_limit("search")[1])
    text = request.POST.get("text", "")[:4000]
    hits = similar_matters(actor, text) if len(text.split()) > 2 else []
    owners = likely_owners(actor, text) if hits else []
    return render(request, "sluice/similar.html", {"hits": hits, "owners": owners})


@require_GET
def thanks(request: HttpRequest, uid: str) -> HttpResponse:
    """What happens now, by when, and who else has met the same."""
    actor = standing_of(request.user)
    case = selectors.get_case(actor, uid)
    context = {
        "case": case,
        "matter": case.matter,
        "hits": similar_matters(actor, case.matter.text, without=case.matter),
    }
    return render(request, "sluice/thanks.html", context)


@require_GET
def thanks_secret(request: HttpRequest, token: str) -> HttpResponse:
    """The same for somebody without an account: shows the secret link, once and to be kept."""
    return _secret_page(request, token, "sluice/thanks_secret.html")


@require_http_methods(["GET", "POST"])
def follow_secret(request: HttpRequest, token: str) -> HttpResponse:
    """What became of it, for the holder of a secret link, who may answer there. No referrer, no cache."""
    matter = matter_by_secret(token) if request.method == "POST" else None
    if matter is None:
        return _secret_page(request, token, "sluice/secret.html")
    throttle(f"capture:secret:{matter.pk}", limit=_limit("capture")[0], per_s=_limit("capture")[1])
    typed = request.POST.get("text", "")[:20_000]
    try:
        services.reply_by_secret(matter=matter, text=typed, confirmed=bool(request.POST.get("confirmed")))
    except Sensitive as found:
        words = ", ".join(f"”{finding.words}”" for finding in found.findings)
        messages.error(
            request, _("Ser ut som känsliga uppgifter: %(words)s. Ta bort, eller kryssa för.") % {"words": words}
        )
        return _secret_page(request, token, "sluice/secret.html", {"typed": typed, "ask_to_confirm": True}, status=422)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Tack. Ditt svar är framme."))
    return redirect("sluice:follow_secret", token=token)


def _secret_page(
    request: HttpRequest, token: str, template: str, more: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    throttle(f"secret:{request.META.get('REMOTE_ADDR', '')}", limit=60, per_s=60)
    matter = matter_by_secret(token)
    if matter is None:
        response = render(request, "sluice/secret_gone.html", status=404)
    else:
        context = _secret_context(request, matter, token) | (more or {})
        response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _secret_context(request: HttpRequest, matter: Matter, token: str) -> dict[str, Any]:
    case = selectors.Case.objects.filter(matter=matter).select_related("sluice").first()
    address = request.build_absolute_uri(reverse("sluice:follow_secret", args=[token]))
    followed = [matter, *Matter.objects.filter(links_in__source=matter, links_in__type="merged_into")]
    told = [word for room in rooms() for tell in room.words for word in tell(followed)]
    return {
        "merged_into": len(followed) > 1,
        "matter": matter,
        "case": case,
        "address": address,
        "told": sorted(told, key=lambda word: word.at, reverse=True),
        "happened": [(event.at, words_for(event.verb)) for event in _happened(followed)],
        "questions": matter.comments.filter(is_question=True).order_by("id"),
    }


def _happened(followed: list[Matter]) -> list[Event]:
    """What an author with an account would have had notices of, newest first."""
    keys = [str(matter.pk) for matter in followed]
    events = Event.objects.filter(object_type="matters.matter", object_id__in=keys).order_by("-id")[:100]
    return [event for event in events if event.verb != "matter.commented" and words_for(event.verb)][:20]


@require_http_methods(["POST"])
def join(request: HttpRequest, uid: str) -> HttpResponse:
    """Join what somebody else has left instead of writing it again."""
    actor = standing_of(request.user)
    matter = selectors.readable(actor).get(uid=uid)
    support(by=actor, matter=matter)
    messages.success(request, _("Du är med. Vi hör av oss när något händer."))
    return redirect("desk:matter", uid=matter.uid)


def _who(request: HttpRequest, actor: Standing) -> str:
    return actor.actor_key or f"ip:{request.META.get('REMOTE_ADDR', '')}"


def _limit(name: str) -> tuple[int, int]:
    rate = settings.HELHET_RATES[name]
    return rate.count, rate.seconds


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0

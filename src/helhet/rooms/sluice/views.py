# SPDX-License-Identifier: EUPL-1.2
"""Leave something, and see what became of it."""

import secrets
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
from helhet.rooms.sluice import selectors, services, staging
from helhet.rooms.sluice.forms import CaptureForm
from helhet.rooms.sluice.models import Sluice, Staged

FOUND_WORDS = {
    "identity_number": gettext_lazy("personnummer"),
    "health": gettext_lazy("hälsa"),
    "contact": gettext_lazy("kontaktuppgift"),
}


@require_http_methods(["GET", "POST"])
def capture(request: HttpRequest) -> HttpResponse:
    """The form for leaving something. What was typed, and what was attached, is kept whatever goes wrong."""
    actor = standing_of(request.user)
    policy.require(actor, "matter.capture")
    sluices = selectors.open_sluices()
    if not actor.is_authenticated:
        sluices = sluices.filter(takes_outsiders=True)
    about: dict[str, Any] = {"sluices": sluices, "outsider": not actor.is_authenticated}
    files = staging.staged(_holder(request), request.POST.getlist("kept"))
    if "show" in request.POST:  # the button that, without script, shows the chosen sluice's questions
        form = CaptureForm(initial=request.POST.dict(), **about)
    elif request.method == "POST":
        form = CaptureForm(request.POST, request.FILES, **about)
        if form.is_valid() and (done := _leave(request, actor, form, files)):
            return done
    else:
        asked = sluices.filter(pk=_number(request.GET.get("sluss", ""))).first()
        form = CaptureForm(initial={"kind": request.GET.get("slag", "need"), "sluice": asked}, **about)
    files += _stage(request, actor, form)
    status = 422 if form.errors or form.ask_to_confirm else 200
    chosen = sluices.filter(pk=_number(request.POST.get("sluice") or request.GET.get("sluss", ""))).first()
    context = {"form": form, "sluice": chosen, "questions": _questions(request, chosen), "kept": files}
    return render(request, "sluice/capture.html", context, status=status)


def _leave(request: HttpRequest, actor: Standing, form: CaptureForm, files: list[Staged]) -> HttpResponse | None:
    given: dict[str, Any] = form.cleaned_data
    sluice = given.get("sluice")
    try:
        throttle(f"capture:{_who(request, actor)}", limit=_limit("capture")[0], per_s=_limit("capture")[1])
        captured = services.leave(
            by=actor,
            kind=given["kind"],
            text=given["text"],
            place=given["place"],
            latitude=given["latitude"],
            longitude=given["longitude"],
            on_behalf_of=given["on_behalf_of"],
            author_kind=given.get("author_kind") or "named",
            sluice=sluice,
            answers={q["label"]: q["value"] for q in _questions(request, sluice) if q["value"]},
            files=[*given["attachments"], *map(staging.opened, files)],
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
        staging.forget(files)
        if captured.secret:
            return redirect("sluice:thanks_secret", token=captured.secret)
        return redirect("sluice:thanks", uid=captured.matter.uid)
    return None


def _stage(request: HttpRequest, actor: Standing, form: CaptureForm) -> list[Staged]:
    """Keep the files of a form that comes back, so that nobody has to find the photo again."""
    uploads = request.FILES.getlist("attachments")
    if not uploads:
        return []
    kept = []
    holder = request.session.setdefault("staged", secrets.token_urlsafe(32))
    try:
        throttle(f"stage:{_who(request, actor)}", limit=_limit("capture")[0], per_s=_limit("capture")[1])
        for upload in uploads:
            kept.append(staging.stage(holder=holder, upload=upload))
    except (Refused, TooMany) as error:
        if form.is_bound and "attachments" not in form.errors:
            form.add_error("attachments", str(error))
    return kept


def _holder(request: HttpRequest) -> str:
    return str(request.session.get("staged", "")) if request.method == "POST" else ""


def _questions(request: HttpRequest, sluice: Any) -> list[dict[str, str]]:
    if sluice is None:
        return []
    return [{**q, "value": request.POST.get(f"q-{q['key']}", "").strip()[:2000]} for q in sluice.asked]


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """A sluice's own questions, when it is chosen in the form."""
    sluice = selectors.open_sluices().filter(pk=_number(request.GET.get("sluice", ""))).first()
    return render(request, "sluice/questions.html", {"questions": _questions(request, sluice)})


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The form as the browser keeps it for when there is no connection: nothing of anybody is in it."""
    return render(request, "sluice/offline.html", {"form": CaptureForm(sluices=Sluice.objects.none(), outsider=True)})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the kept form when the connection is lost. At the top, since it looks after all below."""
    response = render(request, "sluice/worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


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


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0

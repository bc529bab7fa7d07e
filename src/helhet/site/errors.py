# SPDX-License-Identifier: EUPL-1.2
"""What people see when something does not work: calm pages with the reason, a way on and a reference number."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, loader
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from requests import RequestException

from helhet.foundation.people.services import TooMany
from helhet.foundation.policy import Forbidden
from helhet.site.api.problems import problem

API = "/api/"
#: Bytes that a form may hold beside its file.
BESIDE_THE_FILE = 4 * 1024 * 1024
log = logging.getLogger(__name__)


def page(request: HttpRequest, status: int, template: str, **context: Any) -> HttpResponse:
    """An error page in the reader's language. Never cached: the same address may answer otherwise to somebody else.

    Another program gets the same as a problem in JSON.
    """
    if request.path.startswith(API):
        return problem(request, status, context.get("reason") or context.get("explanation") or "")
    context["reference"] = getattr(request, "reference", "")
    response = HttpResponse(loader.render_to_string(template, context, request), status=status)
    add_never_cache_headers(response)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400, "400.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Policy's own reason, when policy said no."""
    reason = exception.decision.reason if isinstance(exception, Forbidden) else ""
    return page(request, 403, "403.html", reason=reason)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; the technical reason is for the log, which Django writes."""
    return page(request, 403, "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404, "404.html")


def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """A bounded action was asked for too often: says so, and when to come back."""
    response = page(request, 429, "429.html", explanation=str(error))
    response["Retry-After"] = str(max(1, error.wait_s))
    return response


def unreachable(request: HttpRequest, error: RequestException) -> HttpResponse:
    """Another service, such as the login provider, does not answer or may not be called."""
    log.error("a call to another service failed: %s", type(error).__name__, exc_info=error)
    heading = _("En annan tjänst svarar inte")
    explanation = _("Vi når inte den tjänst som behövs för det här just nu. Försök igen om en stund.")
    return page(request, 503, "look/page_error.html", heading=heading, explanation=explanation)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke. The page asks neither database nor session, since they may be what broke."""
    if request.path.startswith(API):
        return problem(request, 500)
    context = {"reference": getattr(request, "reference", "")}
    try:
        body = loader.get_template("500.html").render(context)
    except TemplateDoesNotExist:  # pragma: no cover
        body = f"<!doctype html><title>500</title><p>{context['reference']}</p>"
    return HttpResponse(body, status=500)


def too_large(request: HttpRequest) -> HttpResponse:
    """More was sent than anything here takes; it is not read, so that nobody fills the disk."""
    megabytes = settings.HELHET_MAX_UPLOAD_BYTES // (1024 * 1024)
    heading = _("Det är för mycket på en gång")
    explanation = _("Filerna får tillsammans vara högst %(mb)s MB. Gå tillbaka och skicka färre eller mindre filer.")
    return page(request, 413, "look/page_error.html", heading=heading, explanation=explanation % {"mb": megabytes})


class Explained:
    """Middleware: an exception that has an answer of its own is answered, wherever it was raised.

    ``ObjectDoesNotExist`` is 404, :class:`TooMany` is 429, and another service that fails is 503; Django itself turns :class:`Forbidden` into
    :func:`forbidden`, since it is a ``PermissionDenied``.
    """

    def __init__(self, get_response: Any):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            # No database takes the character; no person types it.
            return page(request, 400, "400.html")
        length = str(request.META.get("CONTENT_LENGTH") or "")
        if length.isdecimal() and int(length) > settings.HELHET_MAX_UPLOAD_BYTES + BESIDE_THE_FILE:
            return too_large(request)
        response: HttpResponse = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooMany):
            return too_many(request, exception)
        if isinstance(exception, ObjectDoesNotExist):
            return not_found(request, exception)
        if isinstance(exception, RequestException):
            return unreachable(request, exception)
        return None

# SPDX-License-Identifier: EUPL-1.2
"""What the API answers when something does not work: RFC 9457 problems, with the reason in the language asked for."""

from __future__ import annotations

import logging
import math
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from helhet.foundation.figures.services import NoSuchFigure
from helhet.foundation.matters.services import Sensitive
from helhet.foundation.people.services import TooMany
from helhet.foundation.policy import Forbidden

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
STATUSES = (400, 401, 403, 404, 422, 429)


class Fault(Schema):
    """One thing wrong with what was sent: where, and what."""

    where: str
    what: str


class Problem(Schema):
    """Why the call was not carried out. ``reference`` finds the call in the service's log."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    reference: str
    faults: list[Fault] = []


def titles() -> dict[int, str]:
    return {
        400: _("Vi förstod inte frågan"),
        401: _("Nyckel saknas eller gäller inte"),
        403: _("Du har inte tillgång"),
        404: _("Finns inte"),
        422: _("Något behöver ändras"),
        429: _("Vänta en liten stund"),
        500: _("Något gick fel hos oss"),
    }


def problem(
    request: HttpRequest, status: int, detail: Any = "", faults: list[dict[str, str]] | None = None
) -> HttpResponse:
    """A problem as JSON, never kept by a cache."""
    title = titles().get(status, _("Det gick inte"))
    body = Problem(
        title=title,
        status=status,
        detail=str(detail) or title,
        reference=getattr(request, "reference", ""),
        faults=[Fault(**fault) for fault in faults or []],
    )
    response = JsonResponse(body.model_dump(), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="helhet"'
    return response


def _too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    response = problem(request, 429, error)
    response["Retry-After"] = str(max(1, math.ceil(error.wait_s)))
    return response


def _sensitive(request: HttpRequest, error: Sensitive) -> HttpResponse:
    """What looks like personal data is named by its kind only: the answer may end up in somebody's log."""
    faults = [{"where": "text", "what": finding.kind} for finding in error.findings]
    detail = _("%(said)s Ta bort dem, eller skicka igen med ”confirmed”.") % {"said": error}
    return problem(request, 422, detail, faults)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [
        {"where": ".".join(str(part) for part in found["loc"]), "what": str(found["msg"])} for found in error.errors
    ]
    return problem(request, 422, _("Det som skickades har inte den form som beskrivs i API:et."), faults)


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, "" if error.status_code in titles() else error.message)


def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("unforeseen error in the API", exc_info=error)
    if settings.DEBUG:
        raise error
    return problem(request, 500, _("Felet är vårt, inte ditt. Uppge referensnumret om du hör av dig till oss."))


def answer_in_words(api: NinjaAPI) -> None:
    """Let every exception that the house knows be answered with its reason."""

    def on(error: type[Exception], handler: Any) -> None:
        api.add_exception_handler(error, handler)

    on(Exception, _unforeseen)
    on(HttpError, _http)
    on(ValidationError, _invalid)
    on(AuthenticationError, lambda r, e: problem(r, 401, _("Skicka en giltig nyckel: ”Authorization: Bearer …”.")))
    on(Forbidden, lambda r, e: problem(r, 403, e.decision.reason))
    on(Http404, lambda r, e: problem(r, 404))
    on(ObjectDoesNotExist, lambda r, e: problem(r, 404))
    on(NoSuchFigure, lambda r, e: problem(r, 404, _("Körningen har ingen sådan siffra.")))
    on(TooMany, _too_many)
    on(Sensitive, _sensitive)
    on(ValueError, lambda r, e: problem(r, 422, e))
    on(SuspiciousOperation, lambda r, e: problem(r, 400))

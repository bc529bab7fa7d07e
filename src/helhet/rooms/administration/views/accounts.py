# SPDX-License-Identifier: EUPL-1.2
"""Accounts: find, make, change, invite, shut, and give roles."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helhet.foundation import policy
from helhet.foundation.people import accounts as services
from helhet.foundation.people.models import Membership, User
from helhet.foundation.people.services import add_member, add_person, end_member
from helhet.foundation.policy import Standing
from helhet.rooms.administration import selectors
from helhet.rooms.administration.forms import AccountForm, MemberForm
from helhet.rooms.administration.views.pages import Crumbs, attempt, crumbs, entering, form_page


def _way(user: User | None = None) -> Crumbs:
    way = crumbs((_("Konton"), reverse("administration:accounts")))
    return [*way, (user.username, reverse("administration:account", args=[user.pk]))] if user else way


def _person(actor: Standing, pk: int) -> User:
    """An account that the actor may see: all, or those with a role within reach."""
    user = get_object_or_404(User, pk=pk)
    within = selectors.memberships_within(actor).filter(user=user)
    if not policy.can(actor, "person.edit") and not within.exists():
        policy.require(actor, "person.edit")
    return user


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What an administrator keeps."""
    actor = entering(request)
    context = {"crumbs": [*crumbs()[:-1], (_("Administration"), "")], "everything": policy.can(actor, "person.edit")}
    return render(request, "administration/start.html", context)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Accounts by user name, a page at a time."""
    actor = entering(request)
    chosen = {name: request.GET.get(name, "")[:80] for name in ("q", "lage")}
    rows, after = selectors.accounts(
        actor, q=chosen["q"].strip(), state=chosen["lage"], after=request.GET.get("efter", "")[:150]
    )
    context = {
        "crumbs": crumbs((_("Konton"), "")),
        "rows": rows,
        "after": after,
        "chosen": chosen,
        "may_add": policy.can(actor, "person.edit"),
    }
    return render(request, "administration/accounts.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make an account. It has no password: the person chooses one by invitation, or logs in at the provider."""
    actor = entering(request)
    policy.require(actor, "person.edit")
    form = AccountForm(request.POST or None, initial={"language": settings.LANGUAGE_CODE})
    made: list[User] = []

    def act(given: dict[str, Any]) -> None:
        services.check_address(given["email"])
        made.append(add_person(by=actor, **given))

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Kontot finns. Ge det en roll och bjud in personen."))
        return redirect("administration:account", pk=made[0].pk)
    heading = _("Nytt konto")
    context = {
        "form": form, "crumbs": [*_way(), (heading, "")], "heading": heading, "button": _("Gör kontot"),
        "back": reverse("administration:accounts"), "lead": "",
    }  # fmt: skip
    return render(request, "administration/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: who, which roles, and what may be done with it."""
    actor = entering(request)
    user = _person(actor, pk)
    return _account_page(request, actor, user)


def _account_page(request: HttpRequest, actor: Standing, user: User, *, link: str = "") -> HttpResponse:
    may = policy.can(actor, "person.edit")
    posted = request.POST if request.method == "POST" and not link else None
    form = AccountForm(posted, person=user)
    if posted is not None:
        policy.require(actor, "person.edit")
        if attempt(form, lambda given: services.edit_person(by=actor, user=user, **given)):
            messages.success(request, _("Kontot är ändrat."))
            return redirect("administration:account", pk=user.pk)
    held = user.memberships.select_related("organisation").order_by("-is_home", "organisation__name", "role")
    context = {
        "crumbs": [*_way(), (user.username, "")],
        "person": user,
        "form": form,
        "may": may,
        "held": [(one, policy.can(actor, "person.edit", one.organisation)) for one in held],
        "link": link,
        "is_me": actor.user_id == user.pk,
    }
    response = render(request, "administration/account.html", context, status=422 if form.errors else 200)
    if link:
        response["Cache-Control"], response["Referrer-Policy"] = "no-store", "no-referrer"
    return response


@require_http_methods(["GET", "POST"])
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role somewhere."""
    actor = entering(request)
    user = _person(actor, pk)
    form = MemberForm(request.POST or None, actor=actor, known="username")
    return form_page(
        request, form, lambda given: add_member(by=actor, user=user, **given),
        way=_way(user), heading=_("Ge en roll"), button=_("Ge rollen"), done=_("Rollen är given."),
        back=reverse("administration:account", args=[pk]), lead=str(user),
    )  # fmt: skip


@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a role; back to the page it was taken on."""
    actor = entering(request)
    held = get_object_or_404(Membership.objects.select_related("organisation", "user"), pk=pk)
    end_member(by=actor, membership=held)
    messages.success(request, _("Rollen är tillbakatagen."))
    if request.POST.get("fran") == "organisation":
        return redirect("administration:organisation", slug=held.organisation.slug)
    return redirect("administration:account", pk=held.user_id)


@require_POST
def shut(request: HttpRequest, pk: int) -> HttpResponse:
    actor = entering(request)
    user = _person(actor, pk)
    try:
        services.close_account(by=actor, user=user)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Kontot är stängt. Ingen kan logga in med det."))
    return redirect("administration:account", pk=pk)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    actor = entering(request)
    services.open_account(by=actor, user=_person(actor, pk))
    messages.success(request, _("Kontot är öppet igen."))
    return redirect("administration:account", pk=pk)


@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a link with which the person chooses a password; without an address it is shown here, once."""
    actor = entering(request)
    user = _person(actor, pk)
    try:
        services.note_invitation(by=actor, user=user)
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("administration:account", pk=pk)
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uidb36, _dash, token = key.partition("-")
    link = request.build_absolute_uri(
        reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
    )
    if user.email and _sent(user, link):
        messages.success(request, _("Inbjudan är skickad till %(address)s.") % {"address": user.email})
        return redirect("administration:account", pk=pk)
    return _account_page(request, actor, user, link=link)


def _sent(user: User, link: str) -> bool:
    with translation.override(user.language):
        body = _(
            "Du har ett konto i Helhet med användarnamnet %(name)s.\n\n"
            "Välj ett lösenord här. Länken gäller i %(days)s dagar och kan användas en gång:\n%(link)s"
        ) % {"name": user.username, "days": settings.PASSWORD_RESET_TIMEOUT // 86400, "link": link}
        try:
            send_mail(_("Ditt konto i Helhet"), body, settings.DEFAULT_FROM_EMAIL, [user.email])
        except OSError:
            return False
    return True

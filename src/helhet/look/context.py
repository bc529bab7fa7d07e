# SPDX-License-Identifier: EUPL-1.2
"""What every page needs: the menu the rooms make, who is logged in, how many notices wait."""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.foundation.contracts import rooms
from helhet.foundation.notices.models import Notice
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.policy import Standing, can


def page(request: HttpRequest) -> dict[str, Any]:
    """One query for notices when logged in; nothing else that the request has not read already."""
    actor = standing_of(getattr(request, "user", None))
    return {
        "actor": actor,
        "instance": instance(get_language() or settings.LANGUAGE_CODE),
        "nav_items": nav(actor, request.path),
        "account_label": actor.label,
        "account_role": actor.label.partition(", ")[0],
        "account_items": [{"url": reverse("tokens"), "label": _("Nycklar till API:et")}, *offered(actor, "own")],
        "foot_items": [
            {"url": reverse("desk:about"), "label": _("Om Helhet")},
            {"url": reverse("desk:accessibility"), "label": _("Tillgänglighet")},
        ],
        "notices_count": Notice.objects.filter(user_id=actor.user_id, read_at=None).count()
        if actor.user_id is not None
        else 0,
        "color_scheme": request.COOKIES.get("helhet_scheme", "auto"),
    }


def nav(actor: Standing, path: str) -> list[dict[str, Any]]:
    """The main menu: what the rooms offer this person, in the order of the journey."""
    links = offered(actor, "main")
    here = max((link["url"] for link in links if path.startswith(link["url"])), key=len, default="")
    return [link | {"current": link["url"] == here and (link["url"] != "/" or path == "/")} for link in links]


def offered(actor: Standing, menu: str) -> list[dict[str, Any]]:
    """What the rooms offer this person in a menu, in order."""
    items = [item for room in rooms() for item in room.nav if item.menu == menu]
    allowed = [item for item in items if not item.action or can(actor, item.action)]
    return [
        {"url": reverse(item.url_name), "label": item.label} for item in sorted(allowed, key=lambda item: item.order)
    ]


@cache
def instance(language: str) -> dict[str, str]:
    """Name and organisation from the instance's own file, in ``language`` when it gives one."""
    file = settings.HELHET_INSTANCE_DIR / "instance.toml"
    written = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    about = written.get("instance", written)
    in_language = about.get(f"name_{language}") or about.get("names", {}).get(language)
    return {
        "name": "Helhet",
        "organisation": str(in_language or about.get("organisation") or about.get("name") or ""),
        "footer": str(about.get("footer", "")),
    }

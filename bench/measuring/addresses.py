# SPDX-License-Identifier: EUPL-1.2
"""The site's addresses and one more: the plain list that every page's cost is compared with."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from helhet.foundation.matters.models import Matter
from helhet.site.urls import urlpatterns as site

PLAIN = """{% extends "look/base.html" %}
{% block title %}Lista{% endblock %}{% block heading %}Lista{% endblock %}
{% block content %}<div class="wrap section"><ul class="rows">{% for matter in matters %}
<li class="row"><div><h3 class="row__title"><a href="{% url 'desk:matter' matter.uid %}">{{ matter.title }}</a></h3>
<p class="row__why">{{ matter.text|truncatewords:25 }}</p></div><p class="row__end">{{ matter.active_at|date:"j F Y" }}</p></li>{% endfor %}
</ul></div>{% endblock %}"""


@cache
def _template() -> Any:
    return engines["django"].from_string(PLAIN)


@login_required
def plain(request: HttpRequest) -> HttpResponse:
    """25 matters with date and excerpt in the base template, without policy: what any list must cost at least."""
    return HttpResponse(_template().render({"matters": Matter.objects.order_by("-active_at", "-id")[:25]}, request))


urlpatterns = [path("bench/lista/", plain, name="bench-plain"), *site]

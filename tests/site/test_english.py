# SPDX-License-Identifier: EUPL-1.2
"""Whoever chooses English meets English: no Swedish word is left on a page, apart from what people have written."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse

from helhet.foundation.contracts import subscribers
from helhet.foundation.goals import services as goals
from helhet.foundation.ledger import services as ledger
from helhet.foundation.people.models import Membership, Organisation
from helhet.look.context import instance
from helhet.rooms.sluice.models import Sluice
from tests.people import SYSTEM, person
from tests.rooms.decisions.making import Scene, scene

SWEDISH = re.compile(
    r"[åäöÅÄÖ]|\b(och|att|som|inte|till|eller|från|Hem|Besked|Lämna|Spara|Visa|Alla|Ärenden|Kalkyler|Beslut|Underlag"
    r"|Svar|Svara|Sluss|Banken|Roll|Roller|Konto|Namn|Nytt|Skicka|Avbryt|Logga|Mina|personnummer)\b"
)
SPOKEN = ("title", "aria-label", "placeholder", "alt", "content", "aria-valuetext")
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect", "line", "use", "col"}


class Words(HTMLParser):
    """The texts of a page that somebody reads or hears; what is marked as another language is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def _outside(self) -> bool:
        return any(other for _tag, other in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if not self._outside():
            self.found += [
                str(value) for name, value in attrs if value and (name in SPOKEN or name.startswith("data-"))
            ]
            if tag == "input" and given.get("type") in {"submit", "button"}:
                self.found.append(given.get("value") or "")
        if tag not in VOID:
            other = given.get("lang") not in {None, "en"} or tag in {"script", "style"}
            self._open.append((tag, other))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._outside():
            self.found.append(data)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (str(key), *_texts(one))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


def written() -> set[str]:
    """What people have written: every text of the database and of the instance's own file, whole and in its pieces."""
    rows = (row for model in apps.get_models() for row in model._default_manager.values_list())
    whole = {text for row in rows for text in _texts(list(row))} | set(instance("sv").values())
    # Pages also show the beginning of a text, its lines without marks, and what stands around its figures.
    pieces = {part.strip(" -*#\t") for text in whole for part in re.split(r"\n|, |\{\{[^{}]*\}\}", text)}
    found = {_plain(text) for text in whole | pieces}
    return {text for text in found if len(text) > 3} | {name for _code, name in settings.LANGUAGES}


def swedish(page: str, data: set[str]) -> list[str]:
    """The texts of ``page`` that look Swedish once what people have written is taken out, longest first."""
    reader, left = Words(), []
    reader.feed(page)
    by_length = sorted(data, key=len, reverse=True)
    for text in map(_plain, reader.found):
        rest = text
        if SWEDISH.search(rest):
            excerpt = rest.rstrip("… ")
            if any(one.startswith(excerpt) for one in data):
                continue
            for one in by_length:
                rest = rest.replace(one, "")
        if SWEDISH.search(rest):
            left.append(text)
    return left


@pytest.fixture
def play(db: None) -> Scene:
    """A town with a sluice, a goal, a matter with a run and a decision basis, and notices about them."""
    made = scene()
    Sluice.objects.create(organisation=made.town.municipality, title="Sluice of the town", promise_days=5)
    aim = goals.write_goal(by=SYSTEM, stable_id="g-1", kind="plan", title="Less waste", source="The plan")
    goals.tie(by=made.leader, matter=made.matter, goal=aim, stance="conflicts", reason="The fire needs its fuel.")
    ledger.settle(subscribers())
    return made


def _names() -> list[str]:
    desk = ["home", "matters", "search", "goals", "organisations", "about", "accessibility"]
    work = ["sluice:queue", "sluice:figures", "decisions:bases", "desk:notices", "desk:account"]
    open_to_all = [
        "sluice:capture",
        "sluice:bank",
        "sluice:ownerless",
        "calculations:books",
        "calculations:investments",
    ]
    accounts = ["account_change_password", "mfa_index", "mfa_activate_totp", "account_logout", "tokens"]
    return [*(f"desk:{name}" for name in desk), *work, *open_to_all, "decisions:register", *accounts]


def _addresses(play: Scene) -> list[str]:
    uid, basis = play.matter.uid, play.basis.uid
    matter = ("matter", "edit", "owners", "visibility", "merge", "split", "link", "participant", "project", "tie_goal")
    of_basis = ("draft", "edit", "versions", "head", "alternatives", "figures", "review", "present")
    return [
        *map(reverse, _names()),
        reverse("desk:search") + "?q=waste",
        reverse("desk:goal", args=["g-1"]),
        reverse("desk:organisation", args=[play.town.technical.slug]),
        *(reverse(f"desk:{name}", args=[uid]) for name in matter),
        reverse("sluice:answer", args=[uid]),
        *(reverse(f"decisions:{name}", args=[basis]) for name in of_basis),
        "/there-is-no-such-page/",
    ]


def _english(user: object = None) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    if user is not None:
        client.force_login(user)  # type: ignore[arg-type]
    return client


@pytest.mark.slow
@pytest.mark.parametrize("role", ["visitor", "platform_team", "process_leader"])
def test_no_swedish_is_left_on_any_page(play: Scene, role: str) -> None:
    user = None if role == "visitor" else person(role, play.town.municipality)
    client, data, left = _english(user), written(), {}
    for address in _addresses(play):
        answer = client.get(address, follow=True)
        page = answer.content.decode()
        assert '<html lang="en"' in page, address
        assert answer.status_code < 500, address
        if found := swedish(page, data):
            left[address] = found
    assert not left


def test_what_was_wrong_is_said_in_english(play: Scene) -> None:
    client, data = _english(person("employee", play.town.technical)), written()
    for address, sent in [
        (reverse("sluice:capture"), {"kind": "", "text": ""}),
        (reverse("sluice:capture"), {"kind": "need", "text": "Call 811218-9876 about the ice."}),
        (reverse("account_change_password"), {"oldpassword": "wrong", "password1": "abc", "password2": "abd"}),
    ]:
        assert swedish(client.post(address, sent).content.decode(), data) == []
    login = _english().post(reverse("account_login"), {"login": "nobody", "password": "wrong"})
    assert swedish(login.content.decode(), data) == []


def test_a_swedish_word_would_be_found() -> None:
    page = '<html lang="en"><p>Sök <span lang="fi">Hyvä</span></p><b title="Alla">Skola</b></html>'
    assert swedish(page, set()) == ["Sök", "Alla"]
    assert swedish(page, {"Sök", "Alla"}) == []


def test_roles_have_english_names(play: Scene) -> None:
    page = _english(play_user(play)).get(reverse("desk:account")).content.decode()
    assert "Process leader" in page or "process leader" in page


def test_names_in_english_are_shown_where_there_are_any(play: Scene) -> None:
    goals.write_goal(
        by=SYSTEM, stable_id="g-2", kind="global", title="Rent vatten", title_en="Clean water", source="UN"
    )
    Organisation.objects.filter(pk=play.town.technical.pk).update(name_en="Technical services")
    for code, words in {"en": ("Clean water", "Technical services"), "fi": ("Rent vatten", "Tekniska")}.items():
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = code
        assert words[0] in client.get(reverse("desk:goals")).content.decode()
        assert words[1] in client.get(reverse("desk:organisations")).content.decode()


def play_user(play: Scene) -> object:
    return Membership.objects.get(user_id=play.leader.user_id).user

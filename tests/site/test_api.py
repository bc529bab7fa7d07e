# SPDX-License-Identifier: EUPL-1.2
"""The API as another system meets it: keys, what they open, what is refused and in which words."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from helhet.foundation.figures.services import Figure, keep_run
from helhet.foundation.goals.services import write_goal
from helhet.foundation.ledger.models import Event
from helhet.foundation.matters.models import Matter
from helhet.foundation.people.models import ApiToken
from helhet.foundation.people.selectors import standing_of
from helhet.foundation.people.services import make_token
from tests.people import SYSTEM, main_sluice, matter, person, small_town, user_of

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def town(db):
    return small_town()


class Caller:
    """Somebody with a key."""

    def __init__(self, user, *, may_write=True, **headers):
        self.user, self.actor = user, standing_of(user)
        self.token = make_token(by=self.actor, user=user, name="prov", may_write=may_write)
        self.client = Client(headers={"Authorization": f"Bearer {self.token}", **headers})

    def get(self, path, **query):
        return self.client.get(f"{API}{path}", query)

    def send(self, method, path, body=None):
        return self.client.generic(method, f"{API}{path}", json.dumps(body or {}), content_type="application/json")


@pytest.fixture
def employee(town):
    return Caller(person("employee", town.streets))


@pytest.fixture
def resident(town):
    return Caller(person("resident", town.public))


def said(response, status):
    """The problem, after a look at its form."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["reference"] == response["X-Request-ID"]
    assert body["detail"]
    return body


def test_a_visitor_reads_what_is_open(client, town):
    open_one, inside = matter(visibility="public"), matter(visibility="internal")
    listed = client.get(f"{API}/matters").json()
    assert [row["uid"] for row in listed["items"]] == [str(open_one.uid)]
    assert client.get(f"{API}/matters/{open_one.uid}").json()["text"] == open_one.text
    said(client.get(f"{API}/matters/{inside.uid}"), 403)


def test_the_reason_is_given_in_the_language_asked_for(client, town):
    inside = matter(visibility="internal")
    address = f"{API}/matters/{inside.uid}"
    swedish = said(client.get(address, headers={"Accept-Language": "sv"}), 403)
    assert swedish["detail"] == "Ärendet är internt. Logga in för att läsa det."


def test_a_key_opens_what_its_owner_may_read(employee, resident):
    inside = matter(visibility="internal")
    secret = matter(visibility="restricted")
    assert employee.get(f"/matters/{inside.uid}").status_code == 200
    said(resident.get(f"/matters/{inside.uid}"), 403)
    assert "21 kap." in said(employee.get(f"/matters/{secret.uid}"), 403)["detail"]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic YTpi", "bearer  ", "", "Bearer å"])
def test_a_wrong_key_is_never_taken_for_a_visitor(client, town, header):
    matter(visibility="public")
    response = client.get(f"{API}/matters", headers={"Authorization": header})
    said(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_key_ends_with_its_day_its_owner_or_its_demonstration(employee, settings):
    kept = ApiToken.objects.get()
    assert len(kept.token_hash) == 64 and employee.token not in kept.token_hash
    employee.user.is_demo = True
    employee.user.save()
    assert employee.get("/matters").status_code == 200
    settings.HELHET_DEMO = False
    said(employee.get("/matters"), 401)
    settings.HELHET_DEMO = True
    employee.user.is_active = False
    employee.user.save()
    said(employee.get("/matters"), 401)
    employee.user.is_active = True
    employee.user.save()
    ApiToken.objects.update(expires_at=now() - timedelta(seconds=1))
    said(employee.get("/matters"), 401)


def test_a_key_for_reading_does_not_write(town):
    caller = Caller(person("employee", town.streets), may_write=False)
    said(caller.send("POST", "/matters", {"kind": "need", "text": "En cykelväg till skolan."}), 403)
    assert not Matter.objects.exists()


def test_a_session_reads_from_our_own_pages_and_never_writes(client, town):
    inside = matter(visibility="internal")
    client.force_login(person("employee", town.streets))
    assert client.get(f"{API}/matters/{inside.uid}").status_code == 200
    said(client.get(f"{API}/matters/{inside.uid}", headers={"Sec-Fetch-Site": "cross-site"}), 403)
    body = json.dumps({"kind": "need", "text": "En cykelväg."})
    said(client.post(f"{API}/matters", body, content_type="application/json"), 401)
    said(client.put(f"{API}/matters/{inside.uid}/follow"), 401)


def test_no_other_site_may_read_along(client, town):
    response = client.get(f"{API}/matters", headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_leave_a_matter(employee):
    response = employee.send(
        "POST", "/matters", {"kind": "idea", "text": "Belys gångvägen vid skolan.", "place": "Skolan"}
    )
    assert response.status_code == 201, response.content
    left = response.json()["matter"]
    kept = Matter.objects.get()
    assert (left["uid"], left["number"], kept.author_id) == (str(kept.uid), kept.number, employee.user.pk)
    assert Event.objects.filter(verb="matter.captured", actor_key=employee.actor.actor_key).count() == 1


def test_left_anonymously_only_the_secret_leads_back(employee):
    body = {"kind": "signal", "text": "Det luktar vid pumpstationen.", "author_kind": "anonymous"}
    given = employee.send("POST", "/matters", body).json()
    assert given["matter"] is None
    assert Client().get(f"/folj/{given['secret']}/").status_code == 200
    assert Matter.objects.get().author_id is None


def test_sensitive_text_is_not_kept_and_not_repeated(employee):
    body = {"kind": "need", "text": "Ring 19121212-1212 om värmen."}
    problem = said(employee.send("POST", "/matters", body), 422)
    assert problem["faults"] == [{"where": "text", "what": "identity_number"}]
    assert "1212" not in json.dumps(problem)
    assert employee.send("POST", "/matters", {**body, "confirmed": True}).status_code == 201


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"kind": "project", "text": "x"}, "kind"),
        ({"kind": "need"}, "text"),
        ({"kind": "need", "text": "x", "latitude": 200, "longitude": 1}, "latitude"),
        ({"kind": "need", "text": "x" * 20_001}, "text"),
        ({"kind": "need", "text": "x", "language": "klingon"}, "language"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(employee, body, where):
    assert any(where in fault["where"] for fault in said(employee.send("POST", "/matters", body), 422)["faults"])


@pytest.mark.parametrize(
    "body", ["{", "[" * 100_000, b"\xff\xfe", '{"kind": "need", "text": "\\ud800"}', '"x"', "null", "9" * 5000]
)
def test_a_body_that_is_no_body(employee, body):
    response = employee.client.post(f"{API}/matters", body, content_type="application/json")
    assert response.status_code in {400, 422}
    said(response, response.status_code)


def test_nul_and_control_characters_are_left_out(employee):
    body = {"kind": "need", "text": "hej\u0000 \u202edå och lite till", "place": "a\u0000b"}
    kept = employee.send("POST", "/matters", body)
    assert kept.status_code == 201
    assert "\x00" not in Matter.objects.get().text + Matter.objects.get().place
    said_ = employee.client.get(f"{API}/search?q=a%00b")
    assert said_.status_code == 400


def test_page_through_a_list(employee):
    made = [str(matter(visibility="internal").uid) for _number in range(7)]
    seen, after = [], ""
    while True:
        page = employee.get("/matters", limit=3, after=after).json()
        seen += [row["uid"] for row in page["items"]]
        after = page["older"]
        if not after:
            break
    assert seen == made[::-1]
    assert employee.get("/matters", after="rubbish_²").status_code == 200


def test_filters(employee, town):
    need, idea = matter(kind="need", owners=(town.social,)), matter(kind="idea", owners=(town.social, town.streets))
    assert [r["uid"] for r in employee.get("/matters", kind="idea").json()["items"]] == [str(idea.uid)]
    assert len(employee.get("/matters", owner=town.social.slug).json()["items"]) == 2
    assert [r["uid"] for r in employee.get("/matters", number=need.number).json()["items"]] == [str(need.uid)]
    said(employee.get("/matters", kind="nonsense"), 422)
    said(employee.get("/matters", limit=101), 422)


def test_talk_follow_support(employee):
    found = matter(visibility="internal")
    first = employee.send("POST", f"/matters/{found.uid}/comments", {"text": "Det gäller oss också."})
    assert first.status_code == 201
    reply = {"text": "Och oss.", "parent": first.json()["id"]}
    assert employee.send("POST", f"/matters/{found.uid}/comments", reply).status_code == 201
    thread = employee.get(f"/matters/{found.uid}/comments").json()["items"]
    assert [(c["text"], [r["text"] for r in c["replies"]]) for c in thread] == [("Det gäller oss också.", ["Och oss."])]
    said(employee.send("POST", f"/matters/{found.uid}/comments", {"text": "x", "parent": 2**61}), 404)
    for verb in ("follow", "support"):
        for _again in range(2):
            assert employee.send("PUT", f"/matters/{found.uid}/{verb}").json() == {"on": True, "count": 1}
        assert employee.send("DELETE", f"/matters/{found.uid}/{verb}").json() == {"on": False, "count": 0}


def test_who_may_not_read_may_not_do_anything_else(resident):
    found = matter(visibility="internal")
    calls = [
        ("POST", "comments", {"text": "hej"}), ("PUT", "follow", None), ("PUT", "support", None),
        ("DELETE", "follow", None), ("GET", "goals", None), ("GET", "runs", None), ("GET", "comments", None),
        ("PUT", "goals/mal-1", {"stance": "supports", "reason": "därför"}),
    ]  # fmt: skip
    for method, tail, body in calls:
        said(resident.send(method, f"/matters/{found.uid}/{tail}", body), 403)


def test_goals_are_read_by_all_and_written_by_some(client, town, employee):
    planner = Caller(person("planner", town.municipality))
    body = {"kind": "plan", "title": "Levande centrum", "source": "Översiktsplan 2014"}
    said(employee.send("PUT", "/goals/centrum", body), 403)
    assert planner.send("PUT", "/goals/centrum", body).json()["version"] == 1
    assert planner.send("PUT", "/goals/centrum", {**body, "title": "Levande nytt centrum"}).json()["version"] == 2
    assert [goal["version"] for goal in client.get(f"{API}/goals/centrum").json()] == [2, 1]
    assert [goal["title"] for goal in client.get(f"{API}/goals").json()] == ["Levande nytt centrum"]
    said(planner.send("PUT", "/goals/centrum", {**body, "parent": "centrum"}), 422)
    said(client.get(f"{API}/goals/finns-inte"), 404)
    found = matter(visibility="internal")
    tie = {"stance": "supports", "reason": "Fler bor i centrum."}
    assert planner.send("PUT", f"/matters/{found.uid}/goals/centrum", tie).json()["version"] == 2
    said(employee.send("PUT", f"/matters/{found.uid}/goals/centrum", tie), 403)
    assert employee.get(f"/matters/{found.uid}/goals").json()[0]["reason"] == "Fler bor i centrum."


def test_a_visitors_goals_do_not_count_hidden_matters(client, town):
    write_goal(by=SYSTEM, stable_id="g", kind="plan", title="Mål", source="Källa")
    planner = Caller(person("planner", town.municipality))
    hidden = matter(visibility="internal")
    planner.send("PUT", f"/matters/{hidden.uid}/goals/g", {"stance": "supports", "reason": "x"})
    assert client.get(f"{API}/goals").json()[0]["supports"] == 0
    assert planner.get("/goals").json()[0]["supports"] == 1


def kept_run(found):
    figures = {"npv[holder=kommunen]": Figure("npv[holder=kommunen]", "Nuvärde", 12.5, "MSEK", 10.0, 15.0)}
    return keep_run(
        by=SYSTEM, matter=found, book="hall", book_hash="0" * 64, title="Simhallen", overlay={}, seed=1, samples=100,
        engine="numpy", recipe={}, figures=figures,
    )  # fmt: skip


def test_figures_are_read_where_their_matter_is_read(client, employee, resident):
    open_run, inside, loose = kept_run(matter(visibility="public")), kept_run(matter()), kept_run(None)
    run = client.get(f"{API}/runs/{open_run.uid}").json()
    assert (run["whole"], run["figures"]) == (True, ["npv[holder=kommunen]"])
    figure = client.get(f"{API}/runs/{open_run.uid}/figure", {"key": run["figures"][0]}).json()
    assert (figure["value"], figure["low"], figure["high"], figure["unit"]) == (12.5, 10.0, 15.0, "MSEK")
    said(client.get(f"{API}/runs/{open_run.uid}/figure", {"key": "no"}), 404)
    for run in (inside, loose):
        said(client.get(f"{API}/runs/{run.uid}"), 403)
        said(resident.get(f"/runs/{run.uid}"), 403)
        assert employee.get(f"/runs/{run.uid}").status_code == 200
    assert [r["uid"] for r in employee.get(f"/matters/{inside.matter.uid}/runs").json()] == [str(inside.uid)]


def test_the_sluice_of_a_room_is_part_of_the_api(employee, town):
    from helhet.rooms.sluice.services import leave

    main_sluice()
    case_of = leave(by=employee.actor, kind="need", text="Trasig lampa vid skolan igen.").matter
    team = Caller(person("platform_team", town.municipality))
    waiting = team.get("/sluice/cases").json()["items"]
    assert [case["matter"] for case in waiting] == [str(case_of.uid)]
    body = {"kind": "answered", "reason": "Lagas i morgon.", "contact": "Gatukontoret"}
    said(employee.send("POST", f"/sluice/cases/{case_of.uid}/outcomes", body), 403)
    said(team.send("POST", f"/sluice/cases/{case_of.uid}/outcomes", {**body, "kind": "forward"}), 422)
    assert team.send("POST", f"/sluice/cases/{case_of.uid}/outcomes", body).status_code == 201
    assert employee.get(f"/sluice/cases/{case_of.uid}/outcomes").json()[0]["reason"] == "Lagas i morgon."
    assert employee.get(f"/sluice/cases/{case_of.uid}").json()["waits_for"] == "nobody"


def test_too_many_calls_are_told_to_wait(employee, settings):
    from helhet.site.environment import Rate

    settings.HELHET_RATES = {**settings.HELHET_RATES, "api": Rate(3, 3600)}
    answers = [employee.get("/matters") for _number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    said(answers[-1], 429)
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600


def test_guessing_keys_is_bounded(client, town, settings):
    from helhet.site.environment import Rate

    settings.HELHET_RATES = {**settings.HELHET_RATES, "api": Rate(2, 3600)}
    wrong = [client.get(f"{API}/matters", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(3)]
    assert wrong == [401, 401, 429]


def test_an_unforeseen_error_tells_only_its_reference(employee, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("hemligt")

    monkeypatch.setattr("helhet.site.api.matters.selectors.readable", broken)
    assert "hemligt" not in json.dumps(said(employee.get("/matters"), 500))
    assert "unforeseen error in the API" in caplog.text


def test_search_finds_what_one_may_read(employee, resident):
    from helhet.foundation.contracts import subscribers
    from helhet.foundation.ledger.services import settle

    matter(text="Fjärrkylan i gruvhotellet behöver ersättas.", visibility="internal")
    settle(subscribers())
    assert [hit["title"] for hit in employee.get("/search", q="fjärrkyla").json()]
    assert resident.get("/search", q="fjärrkyla").json() == []


def test_make_see_once_and_end_a_key(client, town):
    user = person("employee", town.streets)
    assert client.get("/mitt-konto/nycklar/").status_code == 302
    client.force_login(user)
    page = client.post("/mitt-konto/nycklar/", {"name": "Kartan", "days": "30", "may_write": "on"})
    kept = ApiToken.objects.get()
    assert (kept.name, kept.may_write) == ("Kartan", True)
    assert page["Cache-Control"] == "no-store" and page["Referrer-Policy"] == "no-referrer"
    token = next(word for word in page.content.decode().replace("<", " ").replace(">", " ").split() if len(word) == 43)
    assert Client().get(f"{API}/matters", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert token not in client.get("/mitt-konto/nycklar/").content.decode()
    other = Client()
    other.force_login(person("employee", town.social))
    assert other.post(f"/mitt-konto/nycklar/{kept.pk}/avsluta/").status_code == 404
    assert client.post(f"/mitt-konto/nycklar/{kept.pk}/avsluta/").status_code == 302
    assert Client().get(f"{API}/matters", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert set(Event.objects.filter(verb__startswith="token.").values_list("verb", flat=True)) == {
        "token.made",
        "token.ended",
    }


def test_a_key_without_a_name_keeps_what_was_typed(client, town):
    client.force_login(person("employee", town.streets))
    page = client.post("/mitt-konto/nycklar/", {"name": "", "days": "365"})
    assert page.status_code == 422
    assert 'value="365" selected' in page.content.decode()
    assert user_of(standing_of(person("employee"))).api_tokens.count() == 0


def test_decisions_are_read_as_openly_as_their_matter_and_recorded_by_few(client, town, employee, monkeypatch):
    from helhet.rooms.decisions import presenting
    from tests.rooms.decisions.making import scene

    quick = {form: lambda document, timestamp=None: document.title.encode() for form in ("pdf", "docx")}
    monkeypatch.setattr(presenting, "RENDERERS", quick)
    told = scene(visibility="public")
    said(client.get(f"{API}/decisions/bases/{told.basis.uid}"), 403)
    presenting.present(by=told.leader, basis=told.basis)
    frozen = client.get(f"{API}/decisions/bases/{told.basis.uid}").json()
    assert (frozen["version"], len(frozen["checksum"])) == (1, 64)
    body = {
        "body": town.technical.slug, "decided_on": "2026-01-07", "number": "TN § 4", "reason": "Det lönar sig.",
        "chosen_mark": "B",
    }  # fmt: skip
    address = f"/decisions/bases/{told.basis.uid}/decisions"
    said(employee.send("POST", address, body), 403)
    leader = Caller(user_of(told.leader))
    said(leader.send("POST", address, {**body, "chosen_mark": "Ö"}), 422)
    made = leader.send("POST", address, body)
    assert made.status_code == 201, made.content
    listed = client.get(f"{API}/decisions", {"year": 2026}).json()["items"]
    assert [row["uid"] for row in listed] == [made.json()["uid"]]
    assert client.get(f"{API}/decisions/{made.json()['uid']}").json()["reason"] == "Det lönar sig."
    Matter.objects.filter(pk=told.matter.pk).update(visibility="internal")
    assert client.get(f"{API}/decisions").json()["items"] == []
    said(client.get(f"{API}/decisions/{made.json()['uid']}"), 403)

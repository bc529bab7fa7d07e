# SPDX-License-Identifier: EUPL-1.2
"""The gallery in a real browser: no overflow, nothing for axe to say, scripts that do what they promise."""

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

HERE = Path(__file__).resolve().parent
AXE = HERE.parents[0] / "browser/vendor/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ("parts", "home", "error")
SCREENS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
pytestmark = pytest.mark.browser


class Handler(http.server.SimpleHTTPRequestHandler):
    """Static files under the policy that production sends."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The gallery's address."""
    folder = tmp_path_factory.mktemp("gallery")
    subprocess.run([sys.executable, str(HERE / "gallery.py"), str(folder)], check=True)
    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def open_page(browser: Any, address: str, **options: Any) -> Any:
    """A page in a context of its own, with the console's complaints collected."""
    page = browser.new_context(**options).new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address)
    return page


WALKS = [
    ("parts", "wide"),
    ("parts", "phone"),
    ("parts", "dark"),
    ("home", "phone"),
    ("home", "dark"),
    ("error", "wide"),
]


@pytest.mark.parametrize(("name", "screen"), WALKS)
def test_pages_fit_and_axe_finds_nothing(browser: Any, gallery: str, name: str, screen: str) -> None:
    page = open_page(browser, f"{gallery}/{name}.html", **SCREENS[screen])
    assert page.evaluate(FITS)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    # Through the protocol, past the page's policy, as only a test may.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_on_narrow_screens_and_with_text_twice_as_large(
    browser: Any, gallery: str, name: str
) -> None:
    page = open_page(browser, f"{gallery}/{name}.html", viewport={"width": 320, "height": 700})
    assert page.evaluate(FITS)
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(FITS)
    page.context.close()


def test_everything_is_there_without_javascript(browser: Any, gallery: str) -> None:
    page = open_page(browser, f"{gallery}/parts.html", java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert page.get_by_label("Motivering").is_visible()
    page.get_by_role("button", name="Gränsgångare").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    page.context.close()


def test_targets_on_a_phone_are_large(browser: Any, gallery: str) -> None:
    page = open_page(browser, f"{gallery}/home.html", viewport={"width": 390, "height": 844})
    small = page.evaluate(
        """() => [...document.querySelectorAll('header a, header button, form button, .rows h3 a')]
             .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5 && !e.closest('[popover]'))
             .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
    page.context.close()


def kept_when(page: Any, *words: str) -> None:
    """Wait until the draft holds the words: it is written a moment after they are typed."""
    page.wait_for_function(
        "words => Object.values(localStorage).some(draft => words.every(word => draft.includes(word)))", arg=list(words)
    )


def test_a_draft_survives_a_closed_page_and_is_forgotten_when_accepted(browser: Any, gallery: str) -> None:
    page = open_page(browser, f"{gallery}/home.html")
    page.get_by_label("Berätta kort").fill("Det är halt vid hållplatsen")
    page.get_by_label("Hinder").check()
    kept_when(page, "Det är halt vid hållplatsen", "obstacle")
    page.goto(f"{gallery}/error.html")
    page.goto(f"{gallery}/home.html")
    assert page.get_by_label("Berätta kort").input_value() == "Det är halt vid hållplatsen"
    assert page.get_by_label("Hinder").is_checked()
    assert page.get_by_text("Det du skrev förra gången finns kvar.").is_visible()
    page.get_by_role("button", name="Börja om").click()
    expect(page.get_by_label("Berätta kort")).to_have_value("")
    page.get_by_label("Berätta kort").fill("Igen")
    kept_when(page, "Igen")
    page.evaluate("document.querySelector('form[data-draft]').action = '/error.html'")
    page.evaluate("document.querySelector('form[data-draft]').method = 'get'")
    page.get_by_role("button", name="Skicka").click()
    page.wait_for_url("**/error.html*")
    kept = "Object.entries(localStorage).filter(([name]) => name.startsWith('helhet.'))"
    assert len(page.evaluate(kept)) == 1, "an error page keeps the words"
    page.goto(f"{gallery}/parts.html")
    assert page.evaluate(kept) == [], "a page that came after sending lets go of them"
    page.context.close()


def test_sliders_follow_and_figures_keep_in_step(browser: Any, gallery: str) -> None:
    page = open_page(browser, f"{gallery}/parts.html")
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        value = route.request.url.split("andel=")[1].split("&")[0]
        route.fulfill(body=f'<p id="svar">{value}</p>', content_type="text/html; charset=utf-8")

    page.route("**/rakna*", answer)
    page.evaluate(
        """() => { const form = document.querySelector('form.inputs');
             form.insertAdjacentHTML('afterend', '<p id="svar">65</p>'); }"""
    )
    # The form learns its address before the script starts: set it in the page's source and load again.
    html = page.content().replace('class="inputs"', 'class="inputs" data-repaint="/rakna"')
    page.route("**/again.html", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto(f"{gallery}/again.html")
    slider = page.get_by_label("Spillvärmens andel av behovet, reglage").first
    field = page.locator("#andel")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.getElementById('svar').textContent === '75'")
    assert field.input_value() == "75"
    assert slider.get_attribute("aria-valuetext") == "75 procent"
    assert len(asked) <= 10
    field.fill("52,5")
    page.wait_for_function("document.getElementById('svar').textContent !== '75'")
    assert slider.input_value() in {"52", "53", "52.5"}
    page.context.close()

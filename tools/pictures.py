# SPDX-License-Identifier: EUPL-1.2
"""Draw the pictures of the documentation anew: ``python tools/pictures.py http://127.0.0.1:8000``.

Needs ``./helhet up`` with the Kiruna demonstration, Chromium, and the development environment.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.plugin.capability import find_chromium

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
#: name → (who, path, width, height of the cut)
PICTURES = {
    "home": ("gransgangare", "/", 1280, 1000),
    "queue": ("plattformsteam", "/sluss/", 1280, 900),
    "calculation": ("ekonom", "/kalkyler/spillvarme/", 1280, 1500),
    "basis": ("processledare", "/beslut/underlag/", 1280, 700),
    "phone": ("anstalld", "/", 390, 1100),
}


def log_in(page: Page, base: str, username: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base}/konto/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", "helhet")
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def main(base: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-quic"])
        for name, (who, path, width, height) in PICTURES.items():
            page = chromium.new_context(viewport={"width": width, "height": height}, locale="sv-SE").new_page()
            log_in(page, base, who)
            page.goto(base + path)
            shot = Image.open(io.BytesIO(page.screenshot())).convert("P", palette=Image.Palette.ADAPTIVE, colors=128)
            shot.save(FOLDER / f"{name}.png", optimize=True)
            page.context.close()
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))

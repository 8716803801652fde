"""Take the pictures of the documents from a running demonstration: ``scripts/pictures.py http://127.0.0.1:8000``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDE, NARROW = 1280, 360
PICTURES = {  # file: address, language, width, height
    "home.png": ("/", "ko", WIDE, 860),
    "programme.en.png": ("/programmes/3-2/", "en", WIDE, 900),
    "results.png": ("/results/3-1/R3/", "ko", WIDE, 1000),
    "find.png": ("/find/", "ko", NARROW, 800),
}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def main() -> None:
    arguments = sys.argv[1:]
    if len(arguments) != 1:
        sys.exit("usage: scripts/pictures.py ADDRESS (of a running demonstration)")
    site = arguments[0].rstrip("/")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS.split())
        for name, (address, language, width, height) in PICTURES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
            page = context.new_page()
            page.goto(site + address)
            page.wait_for_timeout(800)  # charts draw themselves
            page.screenshot(path=FOLDER / name)
            context.close()
            print(FOLDER / name)
        browser.close()


if __name__ == "__main__":
    main()

"""A real browser for tests: opens pages as a visitor would and asks axe about accessibility."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 360)
AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
_ACCEPTED = {"ko": "ko-KR,ko", "en": "en-GB,en"}


@dataclass
class Visitor:
    """Opens pages of a running site; ``complaints`` holds what the browser's console said was wrong."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, path: str, *, width: int = 1280, language: str = "ko", session: str = "") -> Page:
        """Open a page of the site, logged in if ``session`` is a session key."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            locale=_ACCEPTED[language].partition(",")[0],
            extra_http_headers={"Accept-Language": _ACCEPTED[language]},
            bypass_csp=False,
        )
        self._contexts.append(context)
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda said: self._listen(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.address + path)
        page.wait_for_load_state("load")
        return page

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def _listen(self, kind: str, text: str) -> None:
        expected = "the server responded with a status of 4"  # the pages of errors are such responses
        if kind in {"error", "warning"} and expected not in text:
            self.complaints.append(text)


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is shown, one line per rule and element."""
    keep_picture(page)
    # Evaluated by the debugger, not as a script of the page, so the page's own policy stays in force.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads(page.evaluate("async () => JSON.stringify(await axe.run(document))"))
    return [
        f"{rule['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def keep_picture(page: Page) -> None:
    """Save what the page looks like in the folder that ``PANRO_PICTURES`` names, for people to look at."""
    folder = os.environ.get("PANRO_PICTURES")
    if not folder:
        return
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", urlsplit(page.url).path).strip("/").replace("/", "_") or "front"
    language = page.evaluate("document.documentElement.lang")
    width = (page.viewport_size or {"width": 0})["width"]
    stem = f"{width}-{language}-{path[:100]}"
    taken = len(list(Path(folder).glob(f"{stem}.*png"))) + len(list(Path(folder).glob(f"{stem}-[0-9]*.png")))
    page.screenshot(path=Path(folder) / f"{stem}{f'-{taken}' if taken else ''}.png", full_page=True)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window; 0 if nobody needs to scroll sideways."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider

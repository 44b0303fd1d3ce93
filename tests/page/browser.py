"""A Chromium for the tests of the page, and what it must not do: ask for anything, complain, or open a dialog."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

WITHIN_CI = "TESTS_WITHIN_CI"  # what tests/conftest.py found in `CI`
ARGUMENTS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()


@contextmanager
def chromium() -> Iterator[Any]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        if os.environ.get(WITHIN_CI) not in (None, "", "0", "false"):
            pytest.fail("CI is set, and no Chromium is installed")
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        found = started.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        found.close()


@dataclass
class Seen:
    """A page, and everything it did that a page of previews has no reason to do."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def quiet(self) -> None:
        assert self.complaints == []
        assert self.requests == []


def watch(page: Any, file: Path) -> Seen:
    seen = Seen(page)

    def asked(request: Any) -> None:
        if not request.url.startswith(("data:", file.as_uri(), "about:srcdoc")):
            seen.requests.append(request.url)

    def dialog(shown: Any) -> None:
        seen.complaints.append(f"dialog: {shown.message}")
        shown.dismiss()

    page.on("request", asked)
    page.on("console", lambda said: seen.complaints.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: seen.complaints.append(f"error: {error}"))
    page.on("dialog", dialog)
    page.on("popup", lambda opened: seen.complaints.append(f"popup: {opened.url}"))
    page.on("download", lambda started: seen.complaints.append(f"download: {started.url}"))
    return seen


def look(browser: Any, file: Path, fragment: str = "", **context: Any) -> Seen:
    """The page in a window of its own, after it was drawn."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}, **context).new_page()
    seen = watch(page, file)
    page.goto(file.as_uri() + fragment)
    page.wait_for_selector("#board > *")
    return seen

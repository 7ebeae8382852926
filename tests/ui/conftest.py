"""A real browser: the system's Chromium, driven by Playwright. A page may ask for nothing that is not on this
machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebSocket, expect, sync_playwright

from tests.pipeline.conftest import Installation, ran
from tests.ui.edition import addresses_of

__all__ = ["ran"]  # a fixture: its run is shared with tests/pipeline

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_HERE = ("file:", "data:", "blob:", "about:", "http://127.0.0.1:", "ws://127.0.0.1:")
# In a container there is no sandbox to start; no other name or address is found, so that neither a page nor the browser
# itself reaches anything outside.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
expect.set_options(timeout=20_000)  # milliseconds; a machine may be busy


@dataclass
class Guard:
    """What a page did that it may not: ``errors`` in its console, and ``outside``: addresses elsewhere that it asked
    for."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._of_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._of_address)
        page.on("websocket", self._of_address)

    def _of_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _of_address(self, asked: Request | WebSocket) -> None:
        if not asked.url.startswith(_HERE):
            self.outside.append(asked.url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for all tests of a process."""
    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    if executable is None:
        pytest.skip("there is no Chromium: 'make browser' installs it where Debian's packages are")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def guarded(browser: Browser) -> Iterator[tuple[Page, Guard]]:
    """A fresh page for a Dutch reader, and what its guard sees."""
    context = browser.new_context(locale="nl-NL", viewport={"width": 1280, "height": 900})
    page, guard = context.new_page(), Guard()
    guard.watch(page)
    yield page, guard
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page. At the end it has had no error and has asked for nothing from elsewhere."""
    with guarded(browser) as (page, guard):
        yield page
    assert guard == Guard()


@pytest.fixture(scope="module")
def edition(ran: tuple[Installation, str]) -> Path:
    """The folder of the newest edition."""
    return (ran[0].editions / "latest").resolve()


@pytest.fixture(scope="module")
def marts(edition: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database of its internal part."""
    with duckdb.connect(str(edition / "internal" / "lea_vve.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def addresses(edition: Path, marts: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The address of an example of each type of page, in Dutch."""
    return addresses_of(edition, marts)

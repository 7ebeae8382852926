"""The Dagster UI after a whole run, as a steward meets it: what was made, which checks warn and for which rows, what
ran.

Errors in the console would be Dagster's, not ours; but no page of it may ask for anything from elsewhere.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assets.questionnaires.loader import load_questionnaire
from tests.pipeline.conftest import PROJECT, Installation, install
from tests.ui.conftest import guarded

pytestmark = pytest.mark.slow

GROUPS = (
    *("delivered", "raw", "answers", "questionnaires", "registers", "published_figures", "plausibility", "supervision"),
    *("staging", "intermediate", "marts", "reports", "editions"),
)
YEARS = ("2020", "2021", "2022", "2023")
WARNED = "no_municipality_reaches_more_than_its_target"
SECONDS_TO_START = 240  # 17 on a quiet machine


@pytest.fixture(scope="module")
def address(ran: tuple[Installation, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The UI of a copy of the installation."""
    folder = tmp_path_factory.mktemp("ui")
    with started_ui(install(folder / "installation", like=ran[0]), folder / "output.txt") as address:
        yield address


@contextmanager
def started_ui(installation: Installation, output: Path) -> Iterator[str]:
    """The UI of an installation, started as ``make ui`` does, on a port of its own; gives its address."""
    port, editions_port = free_port(), free_port()
    settings = installation.data / "settings.yaml"
    served = settings.read_text(encoding="utf-8").replace("127.0.0.1:3001", f"127.0.0.1:{editions_port}")
    settings.write_text(served, encoding="utf-8")
    with output.open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [*make_ui(), "--port", str(port)],
            cwd=PROJECT,
            env=installation.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/server_info", server, output)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)  # with the daemon and the code servers; what they write is thrown away
        server.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def make_ui() -> list[str]:
    """The command of the Makefile's ``ui``."""
    (command,) = re.findall(
        r"^ui:.*\n\t\$\(BIN\)/(.+)", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    program, *arguments = command.split()
    return [str(Path(sys.executable).parent / program), *arguments]


def wait_for(url: str, server: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < until:
        try:
            urlopen(url, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the UI does not answer at {url}:\n{output.read_text(encoding='utf-8')[-2000:]}")


@pytest.fixture
def steward(browser: Browser, address: str) -> Iterator[Page]:
    """A page at the start of the UI. At the end it has asked for nothing from elsewhere."""
    with guarded(browser) as (page, guard):
        page.goto(address)
        yield page
    assert guard.outside == []


def of_navigation(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation").get_by_role("link", name=name)


def open_check(page: Page, address: str, asset: str, check: str) -> None:
    page.goto(f"{address}/assets/{asset}")
    page.get_by_role("tab", name="Checks").click()
    page.get_by_title(check, exact=True).click()
    expect(page).to_have_url(re.compile(f"checkDetail={check}$"))


def test_the_lineage_shows_every_group_of_assets(steward: Page, ran: tuple[Installation, str]) -> None:
    (made,) = re.findall(r"made: +(\d+) assets", ran[1])
    of_navigation(steward, "Lineage").click()
    for group in GROUPS:
        expect(steward.get_by_role("button", name=f"asset_group {group} ")).to_be_visible()
    expect(steward.get_by_text(f"Materialize all ({made})")).to_be_visible()


def test_the_catalogue_leads_to_an_asset_and_its_checks(steward: Page) -> None:
    of_navigation(steward, "Catalog").click()
    steward.get_by_role("link", name="answers / quarantine").click()
    expect(steward).to_have_url(re.compile("/assets/answers/quarantine"))
    steward.get_by_role("tab", name="Checks").click()
    expect(steward.get_by_text("Latest execution")).to_be_visible()


def test_odd_answers_are_a_warning_with_rows_that_can_be_read(
    steward: Page, address: str, ran: tuple[Installation, str]
) -> None:
    (failing,) = re.findall(rf"{WARNED} on marts/fct_plausibility: (\d+) failing", ran[1])
    open_check(steward, address, "marts/fct_plausibility", WARNED)
    expect(steward.get_by_text("This is a non-blocking asset check.")).to_be_visible()
    expect(result_of(steward)).to_have_text(re.compile("Failed"))
    expect(result_of(steward).get_by_role("img", name="warning_outline")).to_be_visible()
    expect(steward.get_by_role("row", name=f"failing {failing}", exact=True)).to_be_visible()
    steward.get_by_role("row", name="failing_rows").get_by_text("[Show Markdown]").click()
    rows = steward.get_by_role("dialog").get_by_role("row")
    expect(rows.first).to_contain_text("municipality_code")
    of_one = rows.filter(has_text=re.compile(r"2023\s*GM\d{4}")).first
    expect(of_one).to_contain_text(
        re.compile(r"U geeft over 2022 \d+ bereikte doelgroeppeuters op, en \d+ doelgroeppeuters")
    )
    of_one.scroll_into_view_if_needed()
    expect(of_one).to_be_in_viewport()


def test_every_case_was_selected_and_the_check_says_so(steward: Page, address: str) -> None:
    open_check(steward, address, "marts/fct_supervision_cases", "every_case_was_selected")
    expect(result_of(steward)).to_have_text(re.compile("Passed"))
    expect(steward.get_by_role("row", name="failing 0", exact=True)).to_be_visible()


def result_of(page: Page) -> Locator:
    """How the check that is open came out the last time."""
    return page.get_by_text("Evaluation result", exact=True).locator("..")


def test_every_run_of_the_command_line_is_there_and_succeeded(steward: Page) -> None:
    of_navigation(steward, "Runs").click()
    expect(steward.get_by_role("link", name="publish", exact=True)).to_have_count(1)
    expect(steward.get_by_role("link", name="take_in", exact=True)).to_have_count(1 + len(YEARS))
    expect(steward.get_by_role("link", name="desk", exact=True)).to_have_count(1)
    expect(steward.get_by_role("img", name="run_success")).to_have_count(3 + len(YEARS))
    steward.get_by_role("link", name="View", exact=True).first.click()
    expect(steward.get_by_text("Finished execution of run")).to_be_visible()
    expect(steward.get_by_text("Errored (0)")).to_be_visible()


def test_they_are_on_the_page_of_their_job_too(steward: Page, address: str) -> None:
    steward.goto(f"{address}/locations/orchestration.definitions/jobs/take_in/runs")
    of_the_latest_above = 1
    expect(steward.get_by_role("img", name="run_success")).to_have_count(of_the_latest_above + 1 + len(YEARS))


def test_the_deliveries_of_every_year_are_there_with_their_checksums(steward: Page, address: str) -> None:
    steward.goto(f"{address}/assets/raw/deliveries")
    steward.get_by_role("tab", name="Partitions").click()
    expect(steward.get_by_text("Materialized (4)")).to_be_visible()
    expect(steward.get_by_text("Missing (0)")).to_be_visible()
    for year in YEARS:
        steward.get_by_title(year, exact=True).click()
        expect(steward).to_have_url(re.compile(f"partition={year}"))
        for delivery in load_questionnaire(PROJECT / "data" / "questionnaires" / year).deliveries:
            accepted = f"delivery_{delivery.number} {delivery.path}, sha256 {delivery.sha256}"
            expect(steward.get_by_role("row", name=accepted)).to_be_visible()

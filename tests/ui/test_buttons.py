"""The buttons of the Dagster UI, pressed as a steward would, in the good state and in the bad one.

Whatever is pressed, the right edition comes out or none, and red is exactly what is wrong. Long: each button starts
whole runs through the daemon, which looks every half minute.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

from tests.pipeline.conftest import Installation, ask_dagster, install
from tests.ui.conftest import guarded
from tests.ui.test_dagster_ui import started_ui

pytestmark = pytest.mark.long

SECONDS_TO_END = 900
HEALTH = """
query { assetNodes { assetKey { path } isExecutable partitionStats { numFailed }
  assetChecksOrError { ... on AssetChecks { checks { name
    executionForLatestMaterialization { status evaluation { severity } } } } } } }
"""
LATEST = """
query($keys: [AssetKeyInput!]!) { assetsLatestInfo(assetKeys: $keys) {
  assetKey { path } latestRun { id status } latestMaterialization { runId } inProgressRunIds unstartedRunIds } }
"""
GOING_ON = """
query { runsOrError(filter: {statuses: [QUEUED, NOT_STARTED, STARTING, STARTED, CANCELING]}) {
    ... on Runs { results { id jobName } } }
  partitionBackfillsOrError(filters: {statuses: [REQUESTED]}) { ... on PartitionBackfills { results { id } } } }
"""


class Ui:
    """A browser on the UI of an installation, and what the UI's own interface says."""

    def __init__(self, page: Page, address: str, installation: Installation) -> None:
        self.page, self.address, self.installation = page, address, installation
        page.set_default_timeout(60_000)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        return ask_dagster(self.address, query, **variables)

    def wait_until_all_has_ended(self) -> None:
        """Quiet for some seconds; the desk, which is made after each run, does not count."""
        quiet_since, until = None, time.monotonic() + SECONDS_TO_END
        while time.monotonic() < until:
            going_on = self.ask(GOING_ON)
            if any(one.get("jobName") != "desk" for found in going_on.values() for one in found["results"]):
                quiet_since = None
            elif quiet_since is None:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > 6:
                return
            time.sleep(1)
        pytest.fail(f"still going on: {going_on}")

    def red(self) -> set[str]:
        """The assets that the UI shows as failed: by their last run, in a partition, or by a check that blocks."""
        nodes = self.ask(HEALTH)["assetNodes"]
        keys = [{"path": node["assetKey"]["path"]} for node in nodes if node["isExecutable"]]
        red = {
            "/".join(one["assetKey"]["path"])
            for one in self.ask(LATEST, keys=keys)["assetsLatestInfo"]
            if one["latestRun"]
            and one["latestRun"]["status"] == "FAILURE"
            and (one["latestMaterialization"] or {}).get("runId") != one["latestRun"]["id"]
        }
        for node in nodes:
            name = "/".join(node["assetKey"]["path"])
            checks = (node["assetChecksOrError"] or {}).get("checks", [])
            results = [check["executionForLatestMaterialization"] for check in checks]
            if any(
                one and one["status"] != "SUCCEEDED" and (one["evaluation"] or {}).get("severity") == "ERROR"
                for one in results
            ) or (node["partitionStats"] or {}).get("numFailed"):
                red.add(name)
        return red

    def versions(self) -> list[str]:
        return sorted(folder.name for folder in (self.installation.editions / "2023").glob("v*"))

    def materialize(self, asset: str, year: str = "") -> None:
        """Presses Materialize on the page of an asset, for a survey year where it asks for one."""
        self.page.goto(f"{self.address}/assets/{asset}")
        self.page.get_by_role("button", name="Materialize").first.click()
        with suppress(TimeoutError):  # it asks, where others are made along with it
            self.page.get_by_role("button", name="Confirm").click(timeout=4000)
        if year:
            self.page.get_by_text("Select a partition or create one").click()
            self.page.get_by_placeholder("Filter partitions").fill(year)
            self.page.locator("[role=menuitem], label, li").filter(has_text=year).last.click()
            self.page.get_by_text(re.compile("Launch runs? to materialize")).click(force=True)
            self.page.get_by_role("button", name="Launch 1 run").click()
        self.wait_until_all_has_ended()

    def materialize_all(self) -> None:
        self.page.goto(f"{self.address}/asset-groups")
        self.page.get_by_role("button", name=re.compile("Materialize all")).first.click()
        self.page.get_by_role("button", name="All", exact=True).click()
        self.page.get_by_role("button", name="Launch backfill").click()
        self.wait_until_all_has_ended()

    def execute(self, asset: str, check: str) -> None:
        self.page.goto(f"{self.address}/assets/{asset}?view=checks&checkDetail={check}")
        self.page.get_by_text("Execute", exact=True).last.click()
        self.wait_until_all_has_ended()


Open = Callable[[Installation], Ui]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the UI of an installation in the browser; both are closed at the end."""
    closing: list[Any] = []

    def open_ui(installation: Installation) -> Ui:
        server = started_ui(installation, tmp_path / "output.txt")
        address = server.__enter__()
        closing.append(server)
        pages = guarded(browser)
        page, _ = pages.__enter__()
        closing.append(pages)
        return Ui(page, address, installation)

    yield open_ui
    for one in reversed(closing):
        one.__exit__(None, None, None)


@pytest.fixture
def ui(opened: Open, ran: tuple[Installation, str], tmp_path: Path) -> Ui:
    """The UI of an installation after its first run."""
    return opened(install(tmp_path / "installation", like=ran[0]))


def accept(installation: Installation, folder: Path, change: Callable[[Any], None]) -> None:
    """A new delivery of 2023: the last one, changed by hand."""
    import openpyxl

    year = installation.data / "questionnaires" / "2023"
    workbook = openpyxl.load_workbook(next(year.glob("*v02.xlsx")))
    change(workbook["Antwoorden"])
    workbook.save(folder / "again.xlsx")
    result = installation.lea(
        "accept", str(folder / "again.xlsx"), "--year", "2023", "--with-problems", "--with-emptied"
    )
    assert result.returncode == 0, result.stdout + result.stderr


def column(sheet: Any, question: str) -> int:
    (found,) = [cell.column for cell in sheet[1] if str(cell.value).startswith(question)]
    return int(found)


def test_materialize_all_in_a_clean_instance_ends_with_the_edition(opened: Open, tmp_path: Path) -> None:
    installation = install(tmp_path / "installation")
    assert installation.lea("seen", "--by", "nobody").returncode == 1  # nothing is there yet
    ui = opened(installation)
    ui.materialize("questionnaires/questions")  # its survey years are the partitions from then on
    ui.materialize_all()
    assert ui.red() == set()
    assert ui.versions() == ["v1"]


def test_a_check_is_executed_in_place_and_one_asset_is_made_alone(ui: Ui) -> None:
    before = ui.installation.warehouse.read_bytes()
    ui.execute("marts/fct_supervision_cases", "every_case_was_selected")
    ui.materialize("editions/edition")
    assert ui.red() == set()
    assert ui.versions() == ["v1"]
    assert ui.installation.warehouse.read_bytes() == before


def test_a_year_that_waits_for_its_warehouse_is_not_published(ui: Ui) -> None:
    (ui.installation.data / "corrections" / "2023.yaml").write_text("corrections: []\n", encoding="utf-8")
    ui.materialize("answers/answers", "2023")
    ui.materialize("editions/edition")
    assert ui.red() == {"editions/edition"}
    ui.materialize("plausibility/rules")
    ui.materialize("plausibility/confirmations")
    ui.materialize("marts/fct_reach")  # and with it the whole warehouse
    ui.materialize("editions/edition")
    assert ui.red() == set()
    assert ui.versions() == ["v1"]  # no number differs


def test_a_broken_delivery_is_red_where_it_is_wrong_and_the_desk_says_whom_to_ask_what(ui: Ui, tmp_path: Path) -> None:
    def break_it(sheet: Any) -> None:
        sheet.append([cell.value for cell in sheet[2]])
        sheet.cell(row=3, column=column(sheet, "R2")).value = "veel"

    accept(ui.installation, tmp_path, break_it)
    ui.materialize("raw/deliveries", "2023")
    ui.materialize("answers/answers", "2023")
    wrong = {"answers/answers", "answers/quarantine"}
    assert ui.red() == wrong
    ui.materialize_all()
    assert ui.red() == wrong
    assert ui.versions() == ["v1"]

    ui.materialize("quality/desk")  # which is made anew by itself too, within half a minute
    steward = ui.page
    steward.goto(ui.address)
    steward.get_by_text("Search", exact=True).first.click()
    steward.keyboard.type("desk")
    steward.get_by_role("link").filter(has_text="quality / desk").click()
    blocks = steward.get_by_role("row", name="blocks").last
    expect(blocks).to_contain_text("every municipality answers once")
    expect(blocks).to_contain_text("accept a new delivery with the row that counts")
    not_used = steward.get_by_role("row", name="not_used").last
    expect(not_used).to_contain_text(re.compile(r"GM\d{4}, R2 .*: veel\..*write it in digits only", re.DOTALL))


def test_a_failed_run_is_executed_again_and_an_implausible_delivery_is_published_with_a_warning(
    ui: Ui, tmp_path: Path
) -> None:
    corrections = ui.installation.data / "corrections" / "2023.yaml"
    corrections.write_text(
        "corrections:\n  - {municipality: GM0014, question: L1a, expected: '9', value: '1', reason: a test, "
        "who: a steward, when: 2024-01-10}\n",
        encoding="utf-8",
    )
    ui.materialize("answers/answers", "2023")
    wrong = {"answers/answers", "answers/quarantine"}
    assert ui.red() == wrong
    ui.page.goto(f"{ui.address}/runs")
    ui.page.get_by_role("link", name="View", exact=True).first.click()
    all_of_it = ui.page.get_by_role("button", name=re.compile("Re-execute all"))
    all_of_it.locator("xpath=following::button[1]").click()
    ui.page.get_by_role("menuitem").filter(has_text="From failure").click()
    ui.wait_until_all_has_ended()
    assert ui.red() == wrong

    def exaggerate(sheet: Any) -> None:
        sheet.cell(row=3, column=column(sheet, "R2")).value = 9999

    corrections.unlink()
    accept(ui.installation, tmp_path, exaggerate)
    ui.materialize_all()
    assert ui.red() == set()
    assert ui.versions() == ["v1", "v2"]

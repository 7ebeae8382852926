"""Invariant 12: whatever is pressed, in whatever order, the right edition comes out, or none.

A model knows which state of each input has arrived where; actions as the UI has them are taken in a random order; after
each, an edition may have appeared only where the model says that all is of one state, and a refusal names what is not.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from dagster import AssetKey, DagsterEvent, DagsterInstance, Definitions

from tests.pipeline.conftest import Installation, install

pytestmark = pytest.mark.long

YEARS = ("2022", "2023")
DECLARED = ("plausibility", "registers")
FILES = {"plausibility": "plausibility.yaml", "registers": "registers/urbanisation.csv"}
PARTS = (*YEARS, *DECLARED)
STOPS = (
    "corrections:\n  - {municipality: GM0014, question: L1a, expected: '9', value: '1', reason: a test, "
    "who: a steward, when: 2024-01-10}\n"
)


@dataclass
class Model:
    """Part → the state of its input; what of it is in the lake; what the warehouse was built of; what was published."""

    inputs: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    broken: set[str] = field(default_factory=set)
    lake: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    warehouse: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    is_checked: bool = True
    is_tampered: bool = False

    def change(self, part: str) -> int:
        """A new state of an input. What municipalities confirmed is in the corrections of a year."""
        number = max(self.inputs.values()) + 1
        for one in {part, "plausibility" if part in YEARS else part}:
            self.inputs[one] = number
        return number

    @property
    def behind(self) -> set[str]:
        """The parts of which the lake is not what it would be made of."""
        return {part for part in PARTS if self.lake[part] != self.inputs[part]}

    @property
    def may_build(self) -> bool:
        return not self.behind

    @property
    def may_publish(self) -> bool:
        return self.may_build and self.warehouse == self.lake and self.is_checked and not self.is_tampered


class Desk:
    """The buttons: each does what the UI would do, and what it should do to the model."""

    def __init__(self, installation: Installation, definitions: Definitions, instance: DagsterInstance) -> None:
        self.installation, self.definitions, self.instance = installation, definitions, instance
        self.model = Model()
        self.messages: list[str] = []

    def run(self, job: str, assets: list[str], year: str = "") -> bool:
        from orchestration.runs import run_job

        self.messages = []

        def note(event: DagsterEvent) -> None:
            if event.is_step_failure:
                described = event.step_failure_data.user_failure_data
                self.messages.append(
                    (described.description if described else None) or str(event.step_failure_data.error)
                )

        keys = [AssetKey(name.split("/")) for name in assets]
        return run_job(self.definitions.resolve_job_def(job), self.instance, note, survey_year=year, assets=keys)

    def edit(self, part: str) -> None:
        """Another state of an input, which reads as before."""
        name = FILES.get(part, f"corrections/{part}.yaml")
        file = self.installation.data / name
        before = "" if part in self.model.broken or not file.exists() else file.read_text(encoding="utf-8")
        number = self.model.change(part)
        end = "\n" if part == "registers" else f"# {number}\n"
        file.write_text(before + end if before else f"corrections: []\n{end}", encoding="utf-8")
        self.model.broken.discard(part)

    def break_year(self, year: str) -> None:
        """A correction that does not fit stops the year."""
        (self.installation.data / "corrections" / f"{year}.yaml").write_text(STOPS, encoding="utf-8")
        self.model.change(year)
        self.model.broken.add(year)

    def materialize_year(self, year: str) -> None:
        succeeded = self.run("take_in", ["raw/deliveries", "answers/answers", "answers/quarantine"], year)
        can_be = year not in self.model.broken and self.model.lake["registers"] == self.model.inputs["registers"]
        assert succeeded == can_be, self.messages
        if succeeded:
            self.model.lake[year] = self.model.inputs[year]

    def materialize_declared(self, stage: str) -> None:
        keys = self.definitions.resolve_asset_graph().materializable_asset_keys
        names = [key.to_user_string() for key in keys if key.path[0] == stage]
        succeeded = self.run("take_in", names)
        if stage == "plausibility" and self.model.lake["registers"] != self.model.inputs["registers"]:
            assert not succeeded
            return
        assert succeeded, self.messages
        self.model.lake[stage] = self.model.inputs[stage]

    def materialize_warehouse(self) -> None:
        graph = self.definitions.resolve_asset_graph()
        groups = ("staging", "intermediate", "marts", "reports", "warehouse")
        names = [key.to_user_string() for key in graph.materializable_asset_keys if key.path[0] in groups]
        succeeded = self.run("publish", names)
        assert succeeded == self.model.may_build, self.messages
        if succeeded:
            self.model.warehouse = dict(self.model.lake)
            self.model.is_checked, self.model.is_tampered = True, False

    def publish(self) -> None:
        succeeded = self.run("publish", ["editions/edition"])
        assert succeeded == self.model.may_publish, self.messages
        if not succeeded:
            self.refusal_is_true(self.messages[-1])

    def tamper(self) -> None:
        with duckdb.connect(str(self.installation.warehouse)) as connection:
            connection.execute("update rpt_cells set value = value + 1 where value is not null")
        self.model.is_tampered = True

    def refusal_is_true(self, message: str) -> None:
        """Every part that is behind is named, and none that is not."""
        assert "conditions are not met" in message
        named = {part for part in PARTS if part in message.split("where:")[0]}
        wrong = self.model.behind | {part for part in PARTS if self.model.warehouse[part] != self.model.lake[part]}
        if wrong:
            assert named, message
        assert named <= wrong, message
        assert ("not the file that was built" in message) == self.model.is_tampered

    def way_out(self) -> None:
        """What mends everything: put right what is broken, and 'lea run'."""
        for year in sorted(self.model.broken):
            self.edit(year)
        result = self.installation.lea("run")
        assert result.returncode == 0, result.stdout + result.stderr
        assert self.run("publish", ["editions/edition"]), self.messages

    def actions(self) -> list[Callable[[], None]]:
        of_years = [
            lambda year=year, do=do: do(year)
            for year in YEARS
            for do in (self.edit, self.break_year, self.materialize_year, self.materialize_year)
        ]
        of_stages = [
            lambda part=part, do=do: do(part) for part in DECLARED for do in (self.edit, self.materialize_declared)
        ]
        return [*of_years, *of_stages, *[self.materialize_warehouse, self.publish] * 3, self.tamper]


@pytest.fixture
def desk(ran: tuple[Installation, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    installation = install(tmp_path / "installation", like=ran[0])
    monkeypatch.setenv("LEA_DATA_DIR", str(installation.data))
    monkeypatch.setenv("DAGSTER_HOME", str(installation.dagster_home))
    from orchestration.definitions import defs

    with DagsterInstance.get() as instance:
        yield Desk(installation, defs(), instance)


def versions(installation: Installation) -> set[str]:
    return {folder.name for folder in (installation.editions / "2023").glob("v*")}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twelve_actions_in_any_order_end_with_the_right_edition_or_none(desk: Desk, seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(12):
        may_publish = desk.model.may_publish
        before = versions(desk.installation)
        draw.choice(desk.actions())()
        if not may_publish:
            assert versions(desk.installation) == before
    desk.way_out()


@pytest.mark.sample
@pytest.mark.parametrize("names", [["materialize_warehouse", "publish"]])
def test_the_model_notices_a_mix(desk: Desk, names: list[str]) -> None:
    """A year that was taken in after the warehouse was built."""
    desk.edit("2023")
    desk.materialize_year("2023")
    desk.materialize_declared("plausibility")
    assert not desk.model.may_publish
    desk.publish()
    for name in names:
        getattr(desk, name)()
    assert desk.model.may_publish

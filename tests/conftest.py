"""What tests of several folders share: a data folder of their own, and the command line on it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings
from typer.testing import CliRunner, Result

from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import Delivery, Questionnaire
from assets.raw.deliveries import RawDelivery

SCENARIOS = Path(__file__).parent / "scenarios"

DIALECTS = Path(__file__).parents[1] / "data" / "dialects"

Lea = Callable[..., Result]

settings.register_profile("on any machine", deadline=None)  # a busy machine is no fault of what is tested
settings.load_profile("on any machine")

# The longest files, in the order in which they start, so that two processes end at about the same time. The second and
# the fourth
# need no run of others: they go on while the first makes the run that all others of tests/pipeline read.
LONGEST = (
    "test_broken_runs.py",
    "test_rough_seeds.py",
    "test_annual_run.py",
    "test_single_cells.py",
    "test_synthetic_constraints.py",
    "test_reconciliation.py",
    "test_next_year.py",
    "test_publication_gate.py",
    "test_accessibility.py",
    "test_edition_pages.py",
    "test_dagster_ui.py",
    "test_scenarios.py",
    "test_answers.py",
)
# What is made by whole runs, and looked at in a browser: 'make test-whole'. Of it, what 'make test' runs: one run.
WHOLE = ("pipeline", "ui", "attacker", "rough")
ONE_RUN = ("test_annual_run.py", "test_dbt_unit_tests.py")
TESTS = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what has a target of its own, and puts the longest files first; all others, and the tests of a file, stay
    in order."""
    for item in items:
        if any(item.get_closest_marker(name) for name in ("rough", "long", "fuzz", "mutants", "deployment")):
            item.add_marker("slow")
        elif item.path.relative_to(TESTS).parts[0] in WHOLE and item.path.name not in ONE_RUN:
            item.add_marker("whole")
        if item.get_closest_marker("whole"):
            item.add_marker("slow")
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_collection_finish() -> None:
    """What is there now stays until the end: to look through it for garbage again and again takes a fifth of the
    time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    gc.unfreeze()


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that LEA_DATA_DIR points to, with the scenarios' questionnaire of 2023, their registers, and our
    dialects."""
    folder = tmp_path / "data"
    for source in (SCENARIOS / "registers").iterdir():
        copy(source, folder / "registers" / source.name)
    copy(SCENARIOS.parents[1] / "data" / "plausibility.yaml", folder / "plausibility.yaml")
    for source in DIALECTS.glob("*.yaml"):
        copy(source, folder / "dialects" / source.name)
    copy(SCENARIOS / "questionnaire.yaml", folder / "questionnaires" / "2023" / "questionnaire.yaml")
    monkeypatch.setenv("LEA_DATA_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def questionnaire(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    """The scenarios' questionnaire: one question of each kind."""
    folder = tmp_path_factory.mktemp("questionnaires") / "2023"
    for source in DIALECTS.glob("*.yaml"):
        copy(source, folder / "dialects" / source.name)
    copy(SCENARIOS / "questionnaire.yaml", folder / "questionnaire.yaml")
    return load_questionnaire(folder)


@pytest.fixture
def lea() -> Lea:
    """Runs the command line: ``lea("check", file, "--year", 2023)``."""
    from orchestration.cli import app

    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(argument) for argument in arguments])


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, to the byte; but for the writer's lock, which is empty."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != "writer.lock")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def copy(source: Path, target: Path) -> None:
    """Copies a file, with the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def delivery(file: Path, **fields: Any) -> Delivery:
    """How a file is read, as a questionnaire would say it."""
    own = {"number": 1, "path": file.name, "format": file.suffix[1:], "received_on": "2023-06-01", "sha256": "0" * 64}
    return Delivery.model_validate({**own, **fields})


def raw_delivery(questionnaire: Questionnaire, rows: list[dict[str, str]], number: int = 1) -> RawDelivery:
    """A delivery of these rows, from row 2 on; columns that a row does not name are empty."""
    cells = pd.DataFrame(
        [[row.get(column, "") for column in questionnaire.columns] for row in rows],
        columns=questionnaire.columns,
        index=pd.Index(range(2, 2 + len(rows)), name="source_row"),
        dtype="str",
    )
    file = Path(f"levering_v{number:02d}.csv")
    return RawDelivery(questionnaire.survey_year, delivery(file, number=number), file, cells)

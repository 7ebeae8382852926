"""Small faults put into the SQL of the warehouse (``sql.yaml``): each must be noticed, by dbt's own tests and contracts
or by the second opinion, on a data folder with blanks, zeros and lost answers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from synthetic.rough.folder import make_folder
from tests.pipeline.conftest import PROJECT, Installation
from tests.reliability import note
from tests.second_opinion.compare import Computation, compute, hold

pytestmark = pytest.mark.mutants

SEED = 5


class Mutant(NamedTuple):
    """``was`` is once in the model; ``tells``: what the numbers would say with ``becomes`` in its place."""

    model: str
    was: str
    becomes: str
    tells: str


MUTANTS = [Mutant(**one) for one in yaml.safe_load(Path(__file__).with_name("sql.yaml").read_text(encoding="utf-8"))]


@dataclass(frozen=True)
class Sound:
    """An installation after its run, and the same numbers computed another way. ``noticed``: the faults so far."""

    installation: Installation
    computed: Computation
    noticed: list[Mutant] = field(default_factory=list)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sound]:
    installation = Installation(tmp_path_factory.mktemp("sound"))
    make_folder(SEED, installation.data, None)
    result = installation.lea("run")
    assert result.returncode == 0, result.stdout + result.stderr
    computed = compute(installation.data)
    assert hold(computed, installation.warehouse).differences == []
    yield (made := Sound(installation, computed))
    if len(MUTANTS) == len(made.noticed):
        note("faults put into SQL", f"{len(MUTANTS)} faults, all noticed")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{Path(one.model).name}: {one.tells}")
def test_a_fault_in_sql_is_noticed(mutant: Mutant, sound: Sound, tmp_path: Path) -> None:
    project = shutil.copytree(PROJECT / "dbt_project", tmp_path / "dbt_project")
    model = project / "models" / f"{mutant.model}.sql"
    sql = model.read_text(encoding="utf-8")
    assert sql.count(mutant.was) == 1
    model.write_text(sql.replace(mutant.was, mutant.becomes), encoding="utf-8")
    warehouse = Path(shutil.copy(sound.installation.warehouse, tmp_path / "lea_vve.duckdb"))
    built = _build(sound.installation, project, warehouse, f"{model.stem}+")
    assert built.returncode in (0, 1), built.stdout  # 2: it was no SQL
    assert built.returncode == 1 or hold(sound.computed, warehouse).differences, mutant.tells
    sound.noticed.append(mutant)


def _build(installation: Installation, project: Path, warehouse: Path, models: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "dbt"), "build", "--select", models]
    command += ["--exclude-resource-type", "exposure", "--project-dir", str(project), "--profiles-dir", str(project)]
    command += ["--target-path", str(project / "target"), "--log-path", str(project / "logs")]
    own = {"LEA_LAKE": str(installation.data / "lake"), "LEA_WAREHOUSE": str(warehouse)}
    return subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False)

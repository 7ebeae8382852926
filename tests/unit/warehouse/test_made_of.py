"""What the warehouse is made of has all that its Python models call, and dbt's manifest is made anew with them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from assets.base.paths import DBT_PROJECT_DIR
from assets.warehouse import dbt, made_of


def test_the_code_of_a_python_model_is_code_of_the_warehouse(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()

    def note(stage: str) -> str:
        asked.add(stage)
        return stage

    monkeypatch.setattr(made_of, "code_version", note)
    made_of.warehouse_code.__wrapped__()
    models = [file.read_text(encoding="utf-8") for file in (DBT_PROJECT_DIR / "models").rglob("*.py")]
    called = {stage for text in models for stage in re.findall(r"(?:from|import) assets\.(\w+)", text)}
    assert called
    assert called | {"warehouse"} <= asked


@pytest.mark.parametrize("suffix", [".sql", ".py", ".yml", ".md"])
def test_the_manifest_is_made_anew_for_a_file_that_is_newer(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = dbt.DbtPaths(tmp_path / "project", tmp_path / "lake", tmp_path / "warehouse" / "lea_vve.duckdb")
    monkeypatch.setattr(dbt, "version", lambda _: "1")
    paths.manifest.parent.mkdir(parents=True)
    paths.manifest.write_text('{"metadata": {"dbt_version": "1"}}', encoding="utf-8")
    (paths.project / "models").mkdir(parents=True)
    model = paths.project / "models" / f"m{suffix}"
    model.touch()
    for folder in (paths.project, paths.project / "models", model):
        os.utime(folder, (1, 1))
    assert dbt._fresh_manifest(paths) is not None
    os.utime(model)
    os.utime(paths.manifest, (2, 2))
    assert dbt._fresh_manifest(paths) is None

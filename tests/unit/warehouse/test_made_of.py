"""What the warehouse is made of has all that its Python models call, and dbt's manifest is made anew with them."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from assets.base.lake import write_table
from assets.base.made_of import as_metadata, fingerprint, table_file
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


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("models/reach/fct_reach.sql", True),
        ("models/reach/reach.py", True),
        ("dbt_project.yml", True),
        ("models/docs.md", True),
        ("models/target.sql", True),
        ("models/fct_reach.sql.orig", False),
        ("target/run/fct_reach.sql", False),
        ("logs/query.sql", False),
        ("dbt_packages/utils/macro.sql", False),
    ],
)
def test_what_dbt_makes_is_no_source(file: str, counts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_of, "DBT_PROJECT_DIR", tmp_path)
    code = made_of.warehouse_code.__wrapped__
    codes = [code()]
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    for text in ("", "select 1"):
        (tmp_path / file).write_text(text, encoding="utf-8")
        codes.append(code())
    (tmp_path / file).rename((tmp_path / file).with_stem("other"))
    codes.append(code())
    assert len(set(codes)) == (4 if counts else 1)


def test_what_the_warehouse_was_made_of_lies_beside_it(tmp_path: Path) -> None:
    warehouse = tmp_path / "lea_vve.duckdb"
    assert made_of.read_made_of(warehouse) is None
    warehouse.write_bytes(b"tables")
    sha256 = hashlib.sha256(b"tables").hexdigest()
    made = made_of.write_made_of(warehouse, {"answers/answers of 2023": "f", "answers/answers of 2022": "g"}, "run")
    lake = {"answers/answers of 2022": "g", "answers/answers of 2023": "f"}
    assert made == made_of.WarehouseMadeOf(sha256, lake, made_of.warehouse_code(), "run")
    assert made_of.read_made_of(warehouse) == made
    assert made.fingerprint != dataclasses.replace(made, code="other").fingerprint
    assert sorted(file.name for file in tmp_path.iterdir()) == ["lea_vve.duckdb", "made_of.json"]
    assert (tmp_path / "made_of.json").read_text(encoding="utf-8") == (
        f'{{\n "code": "{made.code}",\n "lake": {{\n  "answers/answers of 2022": "g",\n  "answers/answers of 2023": "f"'
        f'\n }},\n "run_id": "run",\n "sha256": "{sha256}"\n}}'
    )


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"sha256": "s"}', "\xff"])
def test_a_file_that_does_not_say_what_the_warehouse_was_made_of_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "made_of.json").write_text(text, encoding="latin-1")
    assert made_of.read_made_of(tmp_path / "lea_vve.duckdb") is None


def test_the_files_behind_the_tables_of_the_lake(tmp_path: Path) -> None:
    tables = {
        "answers/answers of 2023": {"code": "A", "questionnaires/2023/a.csv": "1"},
        "registers/municipalities": {"code": "R", "registers/m.csv": "2"},
    }
    for name, made in tables.items():
        table, _, year = name.partition(" of ")
        write_table(pd.DataFrame({"a": [1]}), table_file(tmp_path, table, year), as_metadata(made))
    lake = dict.fromkeys([*tables, "registers/lost"], "f")
    behind = made_of.files_behind(tmp_path, made_of.WarehouseMadeOf("s", lake, "W", "run"))
    codes = {"warehouse": "W", "answers/answers of 2023": "A", "registers/municipalities": "R", "registers/lost": ""}
    assert behind == {"questionnaires/2023/a.csv": "1", "registers/m.csv": "2", "code": fingerprint(codes)}


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

"""The house as a contract: imports run one way, importing costs little and reads nothing, modules and functions stay
small."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse_sql import yaml_of

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets"

STAGES = (
    "base",
    "registers",
    "questionnaires",
    "catalogue",
    "published_figures",
    "raw",
    "answers",
    "register_files",
    "plausibility",
    "risk",
    "supervision",
    "signals",
    "coding",
    "interviews",
    "disclosure",
    "warehouse",
    "reconciliation",
    "editions",
    "quality",
)
"""The ground and the floors, in the order in which data flows: each imports from those before it only."""

MEASURED = (ASSETS, ROOT / "orchestration")
"""Where lines, functions and folders are measured."""

LONGEST_LINE = 120
LONGEST_FUNCTION = 40
MOST_MODULES = 19

SQL = re.compile(r"\bselect\s.+\sfrom\s|\bfrom \{?\w+\}?\.\w+", re.IGNORECASE | re.DOTALL)

HEAVY = (
    "duckdb",
    "krippendorff",
    "numpy",
    "openpyxl",
    "pandas",
    "pandera",
    "pyarrow",
    "pyreadstat",
    "rapidfuzz",
    "resvg_py",
    "xlsxwriter",
)
"""Libraries that cost tenths of a second or more to import: they are imported once something runs."""


def python_files(*folders: Path) -> list[Path]:
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(file: Path) -> Iterator[str]:
    """The full names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def in_a_process_of_its_own(code: str, data_dir: Path) -> str:
    environment = {**os.environ, "LEA_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_every_stage_has_its_place_in_the_order() -> None:
    assert {folder.name for folder in ASSETS.iterdir() if (folder / "__init__.py").exists()} == set(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_from_those_before_it_only(stage: str) -> None:
    allowed = {f"assets.{name}" for name in STAGES[: STAGES.index(stage) + 1]}
    wrong = [
        f"{module_name(file)} imports {name}"
        for file in python_files(ASSETS / stage)
        for name in imports_of(file)
        if name.startswith("orchestration")
        or (name.startswith("assets.") and ".".join(name.split(".")[:2]) not in allowed)
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What a process that imports the stages' assets, and then all else, has imported after the first (``heavy``) and
    has ``opened`` of ours at the end."""
    folder = tmp_path_factory.mktemp("imported")
    code = f"""
import importlib, json, sys
opened = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.append(arguments[0])
sys.addaudithook(watch)
for module in {[f"assets.{stage}.assets" for stage in STAGES if (ASSETS / stage / "assets.py").exists()]}:
    importlib.import_module(module)
heavy = [name for name in {HEAVY} if name in sys.modules]
for module in {[module_name(file) for file in python_files(ASSETS)]}:
    importlib.import_module(module)
own = ({str(ROOT / "data")!r}, {str(ROOT / "dbt_project")!r}, {str(folder)!r})
print(json.dumps({{"heavy": heavy, "opened": [path for path in opened if path.startswith(own)]}}))
"""
    found: dict[str, list[str]] = json.loads(in_a_process_of_its_own(code, folder / "no_such_folder"))
    return found


@pytest.mark.slow
def test_importing_a_stage_reads_no_file(imported: dict[str, list[str]]) -> None:
    assert imported["opened"] == []


@pytest.mark.slow
def test_importing_a_stage_imports_nothing_heavy(imported: dict[str, list[str]]) -> None:
    """What is not used is not paid for: ``import assets.answers.assets`` is at most half as much again as ``import
    dagster``."""
    assert imported["heavy"] == []


def test_no_line_is_too_long() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in python_files(*MEASURED)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_no_function_is_too_long() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for file in python_files(*MEASURED)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_folder_holds_too_many_modules() -> None:
    folders: dict[Path, int] = {}
    for file in python_files(*MEASURED):
        folders[file.parent] = folders.get(file.parent, 0) + (file.name != "__init__.py")
    assert {str(folder.relative_to(ROOT)): n for folder, n in folders.items() if n > MOST_MODULES} == {}


def test_pages_hold_no_sql() -> None:
    """What a page shows is a model; ``records`` alone says 'from'."""
    pages = [file for file in python_files(ASSETS / "editions" / "pages") if file.name != "records.py"]
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in pages
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert len(pages) > 10
    assert found == []


def test_sql_is_recognised() -> None:
    assert SQL.search("select a\nfrom {schema}.rpt_cells")
    assert SQL.search("from {schema}.dim_label order by code")
    assert not SQL.search("Cells of one row that select the same share an explanation.")


def test_a_code_has_its_label_in_data_only() -> None:
    vocabularies = yaml_of(ROOT / "data" / "labels.yaml")["vocabularies"]
    codes = {code for vocabulary in vocabularies for code in vocabulary["labels"]}
    assert len(codes) > 40
    assert [
        f"{file.relative_to(ROOT)}:{key.lineno} {key.value!r}"
        for file in python_files(*MEASURED)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value in codes and is_text(value)
    ] == []


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"

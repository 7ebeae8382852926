"""The second opinion shares no code with what it judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
JUDGED = {"assets", "orchestration", "synthetic", "dbt_project", "benchmarks"}


def _imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ("importlib", "__import__")
        ):
            yield node.value


def _not_its_own(source: str) -> set[str]:
    """What is imported of the project's other packages."""
    return {
        name
        for name in _imported(source)
        if name.split(".")[0] in JUDGED or (name.startswith("tests") and not name.startswith("tests.second_opinion"))
    }


@pytest.mark.parametrize("module", sorted(HERE.glob("*.py")), ids=lambda path: path.name)
def test_nothing_is_shared_with_what_is_judged(module: Path) -> None:
    assert _not_its_own(module.read_text(encoding="utf-8")) == set()


def test_a_shared_import_is_found() -> None:
    source = (
        "import assets.base.errors\nfrom synthetic.chance import draw\nfrom tests.conftest import data_dir\nimport csv"
    )

    assert _not_its_own(source) == {"assets.base.errors", "synthetic.chance", "tests.conftest"}

"""The SQL of ``dbt_project/`` as dbt compiles it, for tests that run a model or a check on a few rows of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jinja2

PROJECT = Path(__file__).parents[1] / "dbt_project"


def compiled_sql(name: str, ref: Callable[[str], str] = lambda name: name) -> str:
    """The model or test of this name with the project's macros; ``ref``: model → what is read in its place."""
    (file,) = (*(PROJECT / "models").rglob(f"{name}.sql"), *(PROJECT / "tests").rglob(f"{name}.sql"))
    macros = "".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "macros").glob("*.sql")))
    text = file.read_text(encoding="utf-8")
    return jinja2.Environment().from_string(macros + text).render(ref=ref).strip()

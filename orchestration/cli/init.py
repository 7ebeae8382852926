"""``lea init``: starts a folder to work in, where the monitor was installed from a wheel."""

from __future__ import annotations

import shutil
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.paths import COMMITTED_DIR, IS_INSTALLED, PROJECT_DIR
from orchestration.cli.console import console

_STARTED_WITH = ("data", "dagster_home", "workspace.yaml")


def start_installation(folder: Path) -> None:
    """Copies what the wheel brought: declarations, the synthetic deliveries, the settings of the instance. Raises
    BadInput where there is any of it already, and in a checkout, which has all of it."""
    if not IS_INSTALLED:
        raise BadInput("This is a checkout: it has all that 'lea init' would make", str(PROJECT_DIR), "'lea run'")
    if present := [name for name in _STARTED_WITH if (folder / name).exists()]:
        raise BadInput(
            f"There is {' and '.join(present)} already",
            str(folder.resolve()),
            "choose an empty folder; an installation is not started over another",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name in _STARTED_WITH:
        source = COMMITTED_DIR / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
    console.print(f"started: {folder.resolve()}", markup=False)
    console.print("next:    'lea run' in that folder; its deliveries are synthetic, see docs/runbook.md", markup=False)

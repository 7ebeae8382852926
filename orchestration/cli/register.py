"""``lea register``: the registers of a date, of the files that CBS publishes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.paths import data_paths
from assets.base.writer import writing
from assets.register_files.writing import take_in
from orchestration.cli.console import console


def make_register(on: date, files: Mapping[str, Path]) -> None:
    """Takes the files in, and says what that adds, changes and ends."""
    if not files:
        raise BadInput("No file is named", "lea register", "name at least one of CBS's files; see lea register --help")
    paths = data_paths()
    with writing(paths):
        says = take_in(paths.registers, on, files)
    console.print("\n".join([*says, f"written: {paths.registers}; next: 'lea check --year {on.year}'"]))

"""``lea check --year`` without a file: all that a run of the year would stumble over."""

from __future__ import annotations

import typer

from assets.base.paths import data_paths
from assets.quality.year_check import check_year
from orchestration.cli.console import console, errors


def show_year(survey_year: int) -> None:
    """Prints what is found, what stops a run first; exits with 1 when anything does."""
    found = check_year(data_paths(), survey_year)
    blocking = [one.text for one in found if one.blocks]
    others = [one.text for one in found if not one.blocks]
    if others:
        console.print("\n".join([f"to look at, {len(others)}:", *(f"- {text}" for text in others)]))
    if blocking:
        errors.print(
            "\n".join([f"a run of {survey_year} would stop, {len(blocking)}:", *(f"- {text}" for text in blocking)])
        )
        raise typer.Exit(1)
    console.print(f"{survey_year}: nothing stops a run")

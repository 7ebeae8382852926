"""From the checks of the stages to Dagster's asset checks: one factory for all of them.

Belongs here: specs before the run, results after it, and what a steward sees of a failing check. Does not belong here:
any rule (it is beside the data that it guards), dbt's tests (``assets/warehouse``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dagster import AssetCheckResult, AssetCheckSeverity, AssetCheckSpec, MetadataValue

from assets.base.checks import CheckDefinition, CheckOutcome
from assets.base.lake_assets import asset_key

if TYPE_CHECKING:
    import pandas as pd

SAMPLE = 20


def check_specs(definitions: Iterable[CheckDefinition]) -> list[AssetCheckSpec]:
    """The checks as Dagster declares them."""
    return [
        AssetCheckSpec(d.name, asset=asset_key(d.asset), blocking=d.blocking, description=d.description)
        for d in definitions
    ]


def check_results(outcomes: Iterable[CheckOutcome]) -> Iterator[AssetCheckResult]:
    """The outcomes as Dagster stores them: counts that the UI plots, a sample of the failing rows, and what to do."""
    for outcome in outcomes:
        definition = outcome.definition
        metadata: dict[str, MetadataValue] = {
            "failing": MetadataValue.int(len(outcome.failing)),
            "checked": MetadataValue.int(outcome.checked),
            **{name: MetadataValue.int(number) for name, number in outcome.numbers.items()},
        }
        if not outcome.passed:
            if "survey_year" in outcome.failing:
                per_year = outcome.failing["survey_year"].value_counts().sort_index()
                metadata |= {f"failing_{year}": MetadataValue.int(int(n)) for year, n in per_year.items()}
            metadata["what_to_do"] = MetadataValue.text(definition.remedy)
            metadata["failing_rows"] = MetadataValue.md(as_markdown(outcome.failing.head(SAMPLE)))
        failed = f"{len(outcome.failing)} failing; {definition.remedy}"
        yield AssetCheckResult(
            asset_key=asset_key(definition.asset),
            check_name=definition.name,
            passed=outcome.passed,
            severity=AssetCheckSeverity.ERROR if definition.blocking else AssetCheckSeverity.WARN,
            metadata=metadata,
            description=definition.description if outcome.passed else failed,
        )


def as_markdown(frame: pd.DataFrame) -> str:
    """A small table for the UI; what is in a cell is shown as text, never as markup."""
    import pandas as pd

    lines = ["| " + " | ".join(map(str, frame.columns)) + " |", "|" + "---|" * len(frame.columns)]
    for row in frame.itertuples(index=False):
        lines.append("| " + " | ".join("" if pd.isna(v) else _plain(v) for v in row) + " |")
    return "\n".join(lines)


def _plain(value: object) -> str:
    text = str(value).replace("\n", " ").replace("`", "'").replace("|", "¦")
    return f"`{text}`" if any(character in text for character in "<>=*_[]") else text

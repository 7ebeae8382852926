"""The desk as an asset: what a steward opens first, made anew after every run, whatever came of it."""

from collections.abc import Sequence

from dagster import (
    AssetCheckSpec,
    AssetExecutionContext,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    asset,
)

from assets.base.installation import Installation
from assets.base.lake_assets import asset_key
from assets.quality.open_points import failing_checks, stopped_otherwise
from assets.questionnaires.loader import delivered_years
from assets.warehouse.gate import Gate

DESK = asset_key("quality/desk")


@asset(key=DESK, group_name="quality", kinds={"markdown"})
def desk(
    context: AssetExecutionContext,
    installation: Installation,
    gate: ResourceParam[Gate],
    checks: ResourceParam[Sequence[AssetCheckSpec]],
) -> MaterializeResult:
    """What is open now, worst first: what ``blocks`` publication, what ``warns``, which rows and cells were
    ``not_used``, whom to ``call`` and what to ask, and what the next edition ``waits_for``."""
    from assets.quality.desk import calls, desk_in_parts, unused_cells

    with installation.writing() as paths:
        years = [str(year) for year in delivered_years(paths.questionnaires)]
        points = list(failing_checks(context.instance, checks, years))
        held = gate.before_edition(context.instance, paths)
        points += stopped_otherwise(context.instance, points) if held else []
        cells, calls_to_make = unused_cells(paths.lake, years), calls(paths.warehouse)
    blocking = sum(point.is_blocking for point in points)
    counts = {
        "n_blocking": blocking,
        "n_warnings": len(points) - blocking,
        "n_not_used": len(cells),
        "n_calls": len(calls_to_make),
    }
    parts = desk_in_parts(points, cells, calls_to_make, held)
    texts = {name: MetadataValue.md(text) for name, text in parts.items()}
    return MaterializeResult(metadata={**{name: MetadataValue.int(n) for name, n in counts.items()}, **texts})

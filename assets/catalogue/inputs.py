"""The files that the tables of catalogue are made from."""

from assets.base.made_of import Stage

STAGE = Stage(
    "catalogue", lambda paths, _: [*paths.reports.rglob("*.yaml"), paths.measures, paths.breakdowns, paths.labels]
)

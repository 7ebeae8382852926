"""The files that the tables of published figures are made from."""

from assets.base.made_of import Stage

STAGE = Stage(
    "published_figures",
    lambda paths, _: [*paths.published_figures.glob("*.csv"), *paths.published_figures.glob("*.yaml")],
)

"""The figures that the reports printed, in the lake."""

from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.published_figures.figures import FIGURES, load_published_figures
from assets.published_figures.inputs import STAGE


@lake_assets(FIGURES, kinds={"csv", "yaml"})
def published_figures(installation: Installation) -> Written:
    """Reads data/published_figures and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        figures = load_published_figures(paths.published_figures)
        declared = {str(kind): int(n) for kind, n in figures["declared"].value_counts().items()}
        yield from write_tables(paths.lake, {FIGURES: figures}, made, about={FIGURES.name: declared})

"""Coding in the lake: the codes of each frame, and what coders gave each open answer."""

from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.coding.agreement import agreement
from assets.coding.coded import CODED, coded_table
from assets.coding.coding import load_coding
from assets.coding.frames import CODES, codes_table
from assets.coding.inputs import STAGE


@lake_assets(CODES, CODED, name="coding", kinds={"yaml", "csv"}, deps=["questionnaires/questions"])
def coding(installation: Installation) -> Written:
    """Reads data/coding, checks it against the questionnaires, and writes frames and codes to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        read = load_coding(paths)
        alphas = {f"alpha {one.survey_year} {one.frame}": one.alpha for one in agreement(read) if one.alpha is not None}
        tables = {CODES: codes_table(read.frames), CODED: coded_table(read.coded)}
        yield from write_tables(paths.lake, tables, made, about={CODED.name: alphas})

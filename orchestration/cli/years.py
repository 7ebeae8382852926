"""``lea new-year``: a questionnaire folder for the next survey year."""

from __future__ import annotations

from assets.base.paths import data_paths
from assets.base.writer import writing
from assets.questionnaires import editing
from orchestration.cli.console import console


def start_year(survey_year: int) -> None:
    """Starts the questionnaire and says what is next."""
    paths = data_paths()
    with writing(paths):
        file = editing.start_year(paths.questionnaires, survey_year)
    console.print(
        f"started {file}\n"
        "next: change what this year asks otherwise (columns, options, wording, comparability) and its origin, then\n"
        f"      'lea check FILE --year {survey_year}' and 'lea accept FILE --year {survey_year}' when the answers "
        f"come in"
    )

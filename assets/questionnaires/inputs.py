"""The files that the tables of questionnaires are made from, and the setting."""

from assets.base.made_of import Stage
from assets.base.paths import DataPaths
from assets.base.settings import load_settings
from assets.questionnaires.loader import questionnaire_files


def _facts(paths: DataPaths) -> dict[str, str]:
    return {"the setting edition.survey_year": str(load_settings(paths.settings).edition.survey_year)}


STAGE = Stage("questionnaires", lambda paths, _: questionnaire_files(paths.questionnaires), facts=_facts)

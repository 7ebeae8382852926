"""The registry of questionnaires in the lake: survey years, questions, options."""

from dagster import AssetExecutionContext

from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.questionnaires.checks import QUESTIONNAIRE_CHECKS, check_questionnaires
from assets.questionnaires.edition_year import edition_year_if_any
from assets.questionnaires.inputs import STAGE
from assets.questionnaires.loader import delivered_years, load_questionnaires
from assets.questionnaires.partitions import register_survey_years
from assets.questionnaires.tables import (
    OPTIONS,
    QUESTIONS,
    SURVEY_YEARS,
    options_table,
    questions_table,
    survey_years_table,
)


@lake_assets(SURVEY_YEARS, QUESTIONS, OPTIONS, name="questionnaires", kinds={"yaml"}, checks=QUESTIONNAIRE_CHECKS)
def questionnaires(context: AssetExecutionContext, installation: Installation) -> Written:
    """Reads every questionnaire and writes the registry to the lake; its survey years are the partitions from then
    on."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        loaded = load_questionnaires(paths.questionnaires)
        tables = {
            SURVEY_YEARS: survey_years_table(loaded, edition_year_if_any(installation.settings, loaded.values())),
            QUESTIONS: questions_table(loaded),
            OPTIONS: options_table(loaded),
        }
        register_survey_years(context.instance, delivered_years(paths.questionnaires))
        yield from write_tables(paths.lake, tables, made, checks=lambda: check_questionnaires(loaded))

"""The registry of questionnaires in the lake: survey years, questions, options."""

from collections.abc import Iterator

from dagster import AssetCheckResult, AssetExecutionContext, MaterializeResult, multi_asset

from assets.base.dagster_checks import check_results, check_specs
from assets.base.installation import Installation
from assets.base.lake_assets import table_specs, write_tables, written
from assets.base.made_of import fingerprint
from assets.base.partitions import register_survey_years
from assets.questionnaires.checks import QUESTIONNAIRE_CHECKS, check_questionnaires
from assets.questionnaires.edition_year import edition_year_if_any
from assets.questionnaires.inputs import STAGE
from assets.questionnaires.loader import delivered_years, load_questionnaires
from assets.questionnaires.tables import options_table, questions_table, survey_years_table

_DESCRIPTIONS = {
    "survey_years": survey_years_table.__doc__,
    "questions": questions_table.__doc__,
    "options": options_table.__doc__,
}


@multi_asset(
    name="questionnaires",
    specs=table_specs("questionnaires", _DESCRIPTIONS, {"yaml"}),
    check_specs=check_specs(QUESTIONNAIRE_CHECKS),
)
def questionnaires(
    context: AssetExecutionContext, installation: Installation
) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Reads every questionnaire and writes the registry to the lake; its survey years are the partitions from then on."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        loaded = load_questionnaires(paths.questionnaires)
        tables = {
            "survey_years": survey_years_table(loaded, edition_year_if_any(installation.settings, loaded.values())),
            "questions": questions_table(loaded),
            "options": options_table(loaded),
        }
        write_tables(paths.lake, "questionnaires", tables, made)
        register_survey_years(context.instance, delivered_years(paths.questionnaires))
    yield from written("questionnaires", tables)
    yield from check_results(check_questionnaires(loaded), fingerprint(made))

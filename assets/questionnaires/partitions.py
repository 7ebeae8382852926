"""The survey years as partitions of what takes answers in: exactly the years that have a questionnaire.

Dynamic, so that a new year needs no reload and importing an asset reads no folder: whoever starts a run registers the
years first. Nothing after the warehouse is partitioned.
"""

from __future__ import annotations

from collections.abc import Iterable

from dagster import DagsterInstance, DynamicPartitionsDefinition

survey_year_partitions = DynamicPartitionsDefinition(name="survey_year")


def register_survey_years(instance: DagsterInstance, survey_years: Iterable[int]) -> list[str]:
    """Makes these years the partitions, in their order, and returns them as keys.

    A range of partitions follows the order in which they were registered, so an earlier year that comes later has them
    all registered anew; what is recorded of a year is kept.
    """
    keys = [str(year) for year in sorted(survey_years)]
    registered = list(instance.get_dynamic_partitions("survey_year"))
    if registered != keys:
        for key in registered:
            instance.delete_dynamic_partition("survey_year", key)
        instance.add_dynamic_partitions("survey_year", keys)
    return keys

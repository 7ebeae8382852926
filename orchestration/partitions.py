"""The survey years as partitions: exactly the years that have a questionnaire.

Static, and read when the definitions load: a new year appears when the code location is reloaded (``lea run`` always
loads afresh). Only ingestion is partitioned; nothing after the warehouse is.
"""

from __future__ import annotations

from dagster import StaticPartitionsDefinition

from assets.questionnaires.loader import survey_years
from orchestration.paths import data_paths

survey_year_partitions = StaticPartitionsDefinition([str(y) for y in survey_years(data_paths().questionnaires)])

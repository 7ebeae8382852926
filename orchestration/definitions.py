"""Everything that Dagster knows of the monitor, on one screen."""

from __future__ import annotations

from dagster import Definitions, in_process_executor

from assets.answers.assets import answers
from assets.editions.assets import edition
from assets.plausibility.assets import plausibility_confirmations, plausibility_rules
from assets.published_figures.assets import published_figures
from assets.questionnaires.assets import questionnaires
from assets.raw.assets import delivered_files, deliveries
from assets.registers.assets import registers
from assets.reports.assets import reconciliation, report_descriptions
from assets.supervision.assets import supervision_events, supervision_rules
from assets.warehouse.assets import warehouse
from orchestration.jobs import annual_run, publication
from orchestration.schedules import annual
from orchestration.sensors import new_delivery

defs = Definitions(
    assets=[
        registers,
        questionnaires,
        report_descriptions,
        published_figures,
        delivered_files,
        deliveries,
        answers,
        plausibility_rules,
        plausibility_confirmations,
        supervision_rules,
        supervision_events,
        warehouse,
        edition,
    ],
    asset_checks=[reconciliation],
    jobs=[annual_run, publication],
    schedules=[annual],
    sensors=[new_delivery],
    # One process: steps in processes of their own cost seconds each and fight over the database file.
    executor=in_process_executor,
)

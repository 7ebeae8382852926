"""When notices are sent: whenever the daemon sees that a run ended or an hour began, and at the end of ``lea run``.

Does not belong here: what is sent, and to whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from dagster import (
    AssetCheckSpec,
    DagsterInstance,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunsFilter,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)

from assets.base.errors import BadInput
from assets.base.installation import Installation
from assets.base.paths import DataPaths, dagster_home
from assets.base.settings import usable_settings
from assets.warehouse.gate import Gate
from orchestration.notices.open_now import UNREADABLE, WRONG_SETTINGS, Looking
from orchestration.notices.sending import send_new

_ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


def look_and_send(instance: DagsterInstance, paths: DataPaths, gate: Gate, checks: Sequence[AssetCheckSpec]) -> bool:
    """Sends what is open now and was not sent yet; whether all went out."""
    (settings, fault), now = usable_settings(paths.settings), datetime.now(UTC)
    if fault:
        return send_new([WRONG_SETTINGS], settings, dagster_home(), now, is_all=False)
    try:
        found = Looking(instance, paths, settings, gate, checks, now).open_now()
    except BadInput:  # its message may quote what was handed in
        return send_new([UNREADABLE], settings, dagster_home(), now, is_all=False)
    return send_new(found, settings, dagster_home(), now)


def notices_sensor(every_seconds: int, gate: Gate, checks: Sequence[AssetCheckSpec]) -> SensorDefinition:
    """The sensor that informs people, which looks as often as the settings say."""

    @sensor(minimum_interval_seconds=every_seconds, default_status=DefaultSensorStatus.RUNNING)
    def notices(context: SensorEvaluationContext, installation: Installation) -> SkipReason:
        """Informs whoever looks after it of what failed, was refused, warns or is late; each thing once."""
        _, fault = usable_settings(installation.paths.settings)
        state = f"{_state_of(context.instance)} {fault or ''}".strip()
        if state == context.cursor:
            return SkipReason(str(fault or "No run has ended since."))
        if not look_and_send(context.instance, installation.paths, gate, checks):
            return SkipReason("Not all was sent: the log says why. It is tried again.")
        context.update_cursor(state)
        return SkipReason(str(fault or "What is open was sent."))

    return notices


def _state_of(instance: DagsterInstance) -> str:
    """The run that ended last, and the hour: deadlines pass without a run."""
    last = instance.get_run_records(RunsFilter(statuses=_ENDED), limit=1, order_by="update_timestamp")
    return f"{last[0].dagster_run.run_id if last else ''} {datetime.now(UTC):%Y-%m-%dT%H}"

"""What can be run as a whole: taking in, publishing, and the desk.

Three, because a failed run paints all that it had planned: a bad survey year stops its own run, and nothing else turns
red; the desk says so whatever came of a run. What follows on what: ``sensors.py`` and the automation condition of
``warehouse/database``; in one process, ``lea run``.
"""

from __future__ import annotations

from dagster import AssetSelection, define_asset_job

_PUBLISHED = AssetSelection.groups("staging", "intermediate", "marts", "reports", "warehouse", "editions")
_DESK = AssetSelection.groups("quality")

take_in = define_asset_job(
    "take_in",
    selection=AssetSelection.all() - _PUBLISHED - _DESK,
    description="One survey year, from what was delivered and declared to checked answers in the lake.",
)

publish = define_asset_job(
    "publish",
    selection=_PUBLISHED,
    description="The warehouse from the lake, its checks, and the edition; refused while a blocking check is not met.",
)

desk = define_asset_job("desk", selection=_DESK, description="What is open now, for stewards; after every run.")

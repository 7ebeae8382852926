"""The settings of an installation: ``data/settings.yaml``.

Belongs here: what each setting may be, and the message when it is not. Does not belong here: paths (``paths.py``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assets.base.errors import BadInput
from assets.base.yaml_file import parse_fields, read_text


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AnnualRun(_Section):
    """When the annual run starts by itself (cron, in that time zone)."""

    cron: str = "0 6 1 9 *"
    timezone: str = "Europe/Amsterdam"

    @field_validator("cron")
    @classmethod
    def _has_five_parts(cls, cron: str) -> str:
        if len(cron.split()) != 5:
            raise ValueError("a cron schedule has five parts: minute, hour, day, month, day of the week")
        return cron

    @field_validator("timezone")
    @classmethod
    def _exists(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"there is no time zone {timezone!r}") from None
        return timezone


class DeliverySensor(_Section):
    every_seconds: int = Field(default=300, ge=30)


class Edition(_Section):
    survey_year: int | Literal["newest"] = "newest"


class Writer(_Section):
    wait_seconds: int = Field(default=600, ge=0)


class Settings(_Section):
    annual_run: AnnualRun = AnnualRun()
    delivery_sensor: DeliverySensor = DeliverySensor()
    edition: Edition = Edition()
    writer: Writer = Writer()


def load_settings(file: Path) -> Settings:
    """The settings in force; the defaults when there is no file. Raises BadInput when one is wrong."""
    if not file.exists():
        return Settings()
    fields = parse_fields(read_text(file, "file of settings"), file, "file of settings")
    try:
        return Settings.model_validate({section: values or {} for section, values in fields.items()})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"Setting {where}: {first['msg'].removeprefix('Value error, ')}", str(file), "see the comments in the file"
        ) from None

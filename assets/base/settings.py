"""The settings of an installation: ``data/settings.yaml``.

Belongs here: what each setting may be, and the message when it is not. Does not belong here: paths (``paths.py``).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator, model_validator

from assets.base.errors import BadInput
from assets.base.models import StrictModel
from assets.base.yaml_file import load_model, read_yaml

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAY = 24 * 60 * 60
_CRON = "0 6 1 9 *"
_SUBJECT = "file of settings"


class AnnualRun(StrictModel):
    """When the annual run starts by itself (cron, in that time zone)."""

    cron: str = _CRON
    timezone: str = "Europe/Amsterdam"

    @field_validator("cron")
    @classmethod
    def _has_moments(cls, cron: str) -> str:
        if len(cron.split()) != 5:
            raise ValueError("a cron schedule has five parts: minute, hour, day, month, day of the week")
        if cron == _CRON:
            return cron
        from assets.base.dagster_private import has_moments  # takes half a second, which commands do without

        if not has_moments(cron):
            raise ValueError(f"there is no such moment as {cron!r}: '{_CRON}' is 1 September 06:00")
        return cron

    @field_validator("timezone")
    @classmethod
    def _exists(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"there is no time zone {timezone!r}") from None
        return timezone


class Database(StrictModel):
    """How much memory DuckDB may use while the warehouse is built ('4GB', or a share of the machine's: '80%'), and in
    which folder it works beyond that; None: beside the warehouse. How many models are built at once, which share it."""

    memory_limit: str = Field(default="80%", pattern=r"^([1-9][0-9]*(\.[0-9]+)? ?[KMGT]i?B|[1-9][0-9]?%)$")
    temp_directory: Path | None = None
    models_at_once: int = Field(default=2, ge=1, le=64)

    @field_validator("temp_directory")
    @classmethod
    def _is_whole(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_absolute():
            raise ValueError("is not a whole path: it begins with a /")
        return folder

    def hold(self, connection: DuckDBPyConnection, beside: Path) -> None:
        """Keeps what a connection does within the limit. ``beside``: the file or folder that it works beside."""
        connection.execute(f"set memory_limit = '{self.memory_limit}'")
        connection.execute("set temp_directory = ?", [str(self.scratch(beside))])

    def scratch(self, beside: Path) -> Path:
        """Where DuckDB works beyond the limit."""
        return self.temp_directory or beside.with_name(f"{beside.name}.tmp")


class DeliverySensor(StrictModel):
    """How often the sensor looks for deliveries."""

    every_seconds: int = Field(default=300, ge=30, le=DAY)


class Retries(StrictModel):
    """How often a run that schedule or sensor asked for, and that was killed or crashed, is asked for again; and how
    long after it ended."""

    limit: int = Field(default=3, ge=0)
    pause_seconds: int = Field(default=30, ge=0)


Signals = Literal["after_contact", "always", "never"]


class Edition(StrictModel):
    """Which survey year is published: a year, or the newest that is ready; whether it waits until a steward has seen
    every implausible answer; when a municipality's own page tells of its signals and its case."""

    survey_year: int | Literal["newest"] = "newest"
    waits_for_stewards: bool = False
    municipalities_see_signals: Signals = "after_contact"


class Deadlines(StrictModel):
    """By when the first answers of a survey year are expected. When its edition is due, ``annual_run`` says."""

    answers: dict[int, date] = Field(default_factory=dict)


class Ui(StrictModel):
    """Where people look: the editions, and Dagster."""

    editions_url: str = "http://127.0.0.1:3001"
    dagster_url: str = "http://127.0.0.1:3000"


Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


class Role(StrictModel):
    """Who looks after which groups of assets, and where to write to them."""

    role: str = Field(pattern=r"^[a-z][a-z-]*$")
    groups: tuple[str, ...]
    email: Email | None = None


class Smtp(StrictModel):
    """The mail server, and who the sender is. Where ``user`` is given, the password is in LEA_SMTP_PASSWORD."""

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Email
    user: str | None = None


class Notices(StrictModel):
    """By which channel people hear of what failed, was refused, warns or is late. ``email``: of whoever has to hear of
    what no role with an address looks after. The address of a webhook is in LEA_NOTICES_URL."""

    channel: Literal["log", "email", "webhook"] = "log"
    every_seconds: int = Field(default=60, ge=30, le=DAY)
    email: Email | None = None
    smtp: Smtp | None = None

    @model_validator(mode="after")
    def _can_send(self) -> Self:
        if self.channel == "email" and (self.smtp is None or self.email is None):
            raise ValueError("channel email needs smtp (host, sender) and an email for what no role looks after")
        return self


class Writer(StrictModel):
    """How long a run waits for another that writes."""

    wait_seconds: int = Field(default=600, ge=0)


class Storage(StrictModel):
    """How much of the disk stays free, in MB: below that no run starts, and a failed build is not kept. How long what
    nobody rests on is kept: how many versions of each survey year, and for how many days failed builds and runs."""

    min_free_mb: int = Field(default=500, ge=0)
    versions: Annotated[int, Field(ge=1)] | Literal["all"] = "all"
    failed_build_days: Annotated[int, Field(ge=0)] | Literal["all"] = "all"
    run_days: Annotated[int, Field(ge=1)] | Literal["all"] = "all"


class Settings(StrictModel):
    """All settings; each section has its defaults."""

    annual_run: AnnualRun = AnnualRun()
    database: Database = Database()
    deadlines: Deadlines = Deadlines()
    delivery_sensor: DeliverySensor = DeliverySensor()
    edition: Edition = Edition()
    notices: Notices = Notices()
    owners: tuple[Role, ...] = ()
    retries: Retries = Retries()
    storage: Storage = Storage()
    ui: Ui = Ui()
    writer: Writer = Writer()

    @model_validator(mode="before")
    @classmethod
    def _has_sections(cls, sections: dict[str, Any]) -> dict[str, Any]:
        """A section under which nothing is written has its defaults."""
        return {name: fields for name, fields in sections.items() if fields or name not in cls.model_fields}


def load_settings(file: Path) -> Settings:
    """The settings in force; the defaults when there is no file. Raises BadInput when one is wrong, or the data folder
    is not there."""
    if not file.parent.is_dir():
        remedy = "mend LEA_DATA_DIR, which names it; 'lea init' starts one"
        raise BadInput("There is no data folder", str(file.parent), remedy)
    if not file.exists():
        return Settings()
    return load_model(file, Settings, _SUBJECT, "see the comments in the file")


def usable_settings(file: Path) -> tuple[Settings, BadInput | None]:
    """The settings as far as they can be used, and what is wrong with the others: a section that is wrong has its
    defaults. For what has to go on whatever is in the file: that the code location is there, and that people are
    informed."""
    try:
        return load_settings(file), None
    except BadInput as error:
        fault = error
    try:
        sections = read_yaml(file, _SUBJECT).fields()
    except BadInput:
        sections = {}
    return Settings.model_validate({name: one for name, one in sections.items() if _is_usable(name, one)}), fault


def _is_usable(name: str, section: object) -> bool:
    try:
        Settings.model_validate({name: section})
    except ValidationError:
        return False
    return True

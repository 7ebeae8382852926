"""Where things lie: the one place for paths.

Belongs here: folders and files, and the environment variables that move them. Does not belong here: reading or
writing any of them.

``LEA_DATA_DIR`` moves the data folder (what goes in and what comes out); ``DAGSTER_HOME`` moves the Dagster instance,
whose history is in the PostgreSQL database ``LEA_POSTGRES_URL`` on a server (``deployment/``).
In a checkout both are beside the code; installed from a wheel, in the folder where ``lea`` is called, which 'lea init'
starts.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
"""The code: ``assets/`` and ``orchestration/``."""
_BUNDLED = PROJECT_DIR / "orchestration" / "bundled"
IS_INSTALLED = _BUNDLED.is_dir()
"""Whether a wheel brought it."""
COMMITTED_DIR = _BUNDLED if IS_INSTALLED else PROJECT_DIR
"""What was committed besides the code: the dbt project, the declarations and deliveries, the instance's settings."""
INSTALLATION_DIR = Path.cwd() if IS_INSTALLED else PROJECT_DIR
"""What this installation works with: ``data/``, ``dagster_home/``, ``workspace.yaml``."""
DBT_PROJECT_DIR = COMMITTED_DIR / "dbt_project"
POSTGRES_URL = "LEA_POSTGRES_URL"


@dataclass(frozen=True)
class DataPaths:
    """The data folder. In: questionnaires, registers, corrections, catalogue. Out: lake, warehouse, editions."""

    root: Path

    @property
    def settings(self) -> Path:
        """The settings of the installation."""
        return self.root / "settings.yaml"

    @property
    def questionnaires(self) -> Path:
        """A folder per survey year: the questionnaire and what was delivered."""
        return self.root / "questionnaires"

    @property
    def registers(self) -> Path:
        """Municipalities and what is known of them."""
        return self.root / "registers"

    @property
    def corrections(self) -> Path:
        """What stewards corrected and municipalities confirmed, a file per survey year."""
        return self.root / "corrections"

    @property
    def reports(self) -> Path:
        """Which cells each report prints."""
        return self.root / "catalogue" / "reports"

    @property
    def measures(self) -> Path:
        """What is measured."""
        return self.root / "catalogue" / "measures.yaml"

    @property
    def breakdowns(self) -> Path:
        """What municipalities are grouped by."""
        return self.root / "catalogue" / "breakdowns.yaml"

    @property
    def labels(self) -> Path:
        """What codes are called."""
        return self.root / "labels.yaml"

    @property
    def published_figures(self) -> Path:
        """What the reports printed."""
        return self.root / "published_figures"

    @property
    def risk(self) -> Path:
        """Rules and criteria of the risk analysis."""
        return self.root / "risk"

    @property
    def plausibility(self) -> Path:
        """Which answers are implausible."""
        return self.root / "plausibility.yaml"

    @property
    def disclosure(self) -> Path:
        """What is not published about groups of municipalities."""
        return self.root / "disclosure.yaml"

    @property
    def audiences(self) -> Path:
        """Who may have what of an edition."""
        return self.root / "audiences.yaml"

    @property
    def publication(self) -> Path:
        """Who publishes, whom to ask, how to cite, and what comes next."""
        return self.root / "publication.yaml"

    @property
    def seen(self) -> Path:
        """Which implausible answers a steward has seen, a file per survey year."""
        return self.root / "seen"

    @property
    def coding(self) -> Path:
        """Code frames of open answers, and what each coder gave them, a folder per survey year."""
        return self.root / "coding"

    @property
    def signals(self) -> Path:
        """What others reported about municipalities, a file per survey year."""
        return self.root / "signals"

    @property
    def interviews(self) -> Path:
        """Which municipalities were selected for interviews, a file per survey year."""
        return self.root / "interviews"

    @property
    def supervision(self) -> Path:
        """The moves of a case, and the events of the cases, a file per survey year."""
        return self.root / "supervision"

    @property
    def lake(self) -> Path:
        """Out: the tables that ingestion hands to the warehouse."""
        return self.root / "lake"

    @property
    def warehouse(self) -> Path:
        """Out: the DuckDB file of marts and reports."""
        return self.root / "warehouse" / "lea_vve.duckdb"

    @property
    def editions(self) -> Path:
        """Out: what was published, a folder per survey year and version."""
        return self.root / "editions"

    @property
    def unfinished_restore(self) -> Path:
        """There while a backup is put in the place of what was there."""
        return self.root / ".restoring.json"

    @property
    def writer_lock(self) -> Path:
        """The lock of whoever writes."""
        return self.root / "warehouse" / "writer.lock"


def data_paths() -> DataPaths:
    """The data folder in force."""
    return DataPaths(Path(os.environ.get("LEA_DATA_DIR") or INSTALLATION_DIR / "data").resolve())


def dagster_home() -> Path:
    """The folder of the Dagster instance in force."""
    return Path(os.environ.get("DAGSTER_HOME") or INSTALLATION_DIR / "dagster_home").resolve()


def instance_settings() -> Path:
    """The ``dagster.yaml`` that an instance begins with: that of a server where its database is named."""
    return COMMITTED_DIR / ("deployment" if os.environ.get(POSTGRES_URL) else "dagster_home") / "dagster.yaml"


def versions_file() -> Path:
    """Which versions of editions were ever given: apart from the editions, so that it outlives them."""
    return dagster_home() / "versions.json"

"""What contract tests share: one Dagster instance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dagster import DagsterInstance


@pytest.fixture(scope="session")
def instance() -> Iterator[DagsterInstance]:
    """An empty instance for all tests: Dagster remembers the last one made, and loads no definitions once that is gone."""
    with DagsterInstance.local_temp() as made:
        yield made

"""What unit tests share: one Dagster instance, which is empty for each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dagster import DagsterInstance


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterInstance]:
    """An instance with a history, for all tests of a process: to make one takes half a second."""
    with DagsterInstance.local_temp(str(tmp_path_factory.mktemp("home"))) as made:
        yield made


@pytest.fixture
def instance(home: DagsterInstance) -> Iterator[DagsterInstance]:
    """That instance without a run or an event."""
    yield home
    home.wipe()

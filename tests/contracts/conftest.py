"""What contract tests share: one Dagster instance, and the asset graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from dagster import DagsterInstance

if TYPE_CHECKING:
    from dagster._core.definitions.assets.graph.asset_graph import AssetGraph


@pytest.fixture(scope="session")
def instance() -> Iterator[DagsterInstance]:
    """An empty instance for all tests: Dagster remembers the last one made, and loads no definitions once that is
    gone."""
    with DagsterInstance.local_temp() as made:
        yield made


@pytest.fixture(scope="session")
def graph() -> AssetGraph:
    """The asset graph of the definitions, which take seconds to load: only a process that asks for it pays."""
    from orchestration.definitions import defs

    return defs().resolve_asset_graph()

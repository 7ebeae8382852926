"""The queries of the documents, on an edition: each finds something."""

from __future__ import annotations

import re

import duckdb
import pytest

from tests.pipeline.conftest import PROJECT, Installation

pytestmark = pytest.mark.slow

QUERIES = re.findall(r"```sql\n(.*?)```", (PROJECT / "docs" / "analysts.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_for_analysts_finds_something(ran: tuple[Installation, str], query: str) -> None:
    file = ran[0].inside / "lea_vve.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        assert len(connection.execute(query).fetchall()) > 2

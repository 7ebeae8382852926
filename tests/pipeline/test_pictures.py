"""Every picture of the bundled edition, wide and narrow, in both languages: nothing cut, too small, or over another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from assets.editions.content.reading import read_content
from assets.editions.content.stamp import Stamp
from assets.editions.pages.municipalities.pictures import heaps_of, pictures_of
from assets.editions.pages.municipalities.reading import read_municipalities
from assets.editions.pages.quality.pictures import pictures_of_quality
from assets.editions.pages.quality.reading import read_quality
from assets.editions.pages.supervision.page import picture_of_supervision
from assets.editions.pages.supervision.reading import read_supervision
from assets.editions.pictures.figures import figure_of
from assets.editions.pictures.picture import Picture
from tests.drawings import faults
from tests.pipeline.test_annual_run import Ran

pytestmark = pytest.mark.slow
SCHEMA, SURVEY_YEAR = "main", 2023
STAMP = Stamp(SURVEY_YEAR, 1, datetime(2026, 11, 21, tzinfo=UTC), None, 0)


def pictures(connection: duckdb.DuckDBPyConnection) -> Iterator[Picture]:
    """All of them: of the reports, of quality, of supervision, and of each municipality."""
    content = read_content(connection, SCHEMA)
    yield from (picture for table in content.tables if (picture := figure_of(table)))
    quality = read_quality(connection, SCHEMA)
    supervision = read_supervision(connection, SCHEMA, SURVEY_YEAR, content.origin)
    assert quality
    assert supervision
    yield from pictures_of_quality(
        quality.waterfalls, quality.ranges, quality.provinces, content.tables[0].source
    ).values()
    yield picture_of_supervision(supervision, STAMP)
    municipalities = read_municipalities(connection, SCHEMA, SURVEY_YEAR, "always")
    others = heaps_of(municipalities.members, SURVEY_YEAR)
    for member in municipalities.members:
        yield from pictures_of(member, SURVEY_YEAR, others)


def test_every_picture_is_legible_on_every_screen(ran: Ran) -> None:
    with duckdb.connect(str(ran[0].warehouse), read_only=True) as connection:
        of_the_edition = list(pictures(connection))
    assert len(of_the_edition) > 500
    assert [fault for picture in of_the_edition for fault in faults(picture)] == []

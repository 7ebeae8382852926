"""``lea what-if`` on what a whole run left: it speaks of the printed counts, and leaves every file as it is."""

from __future__ import annotations

import pytest

from tests.conftest import bytes_of
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow


def test_it_starts_from_what_is_published_and_leaves_it_untouched(ran: tuple[Installation, str]) -> None:
    published = [ran[0].editions, ran[0].warehouse.parent]
    before = [bytes_of(folder) for folder in published]
    result = ran[0].lea("what-if", "--rule", "lea_agreements_missing", "--threshold", "1", "--language", "en")
    assert result.returncode == 0, result.stderr
    # landelijk2023 §3: 103, 48 and 129 with a possible risk of the 340 that answered
    for count in (
        "No possible risk: 60 →",
        "LEA only: 103 →",
        "vve only: 48 →",
        "LEA and vve: 129 →",
        "together: 93 →",
    ):
        assert count in result.stdout
    assert [bytes_of(folder) for folder in published] == before

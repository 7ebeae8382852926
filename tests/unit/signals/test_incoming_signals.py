"""Signals that came in: from a file to rows, and what a mistake looks like to its author."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assets.base.errors import BadInput
from assets.signals.incoming import INCOMING, load_incoming

BUNDLED = Path(__file__).parents[3] / "data" / "signals"
HEADER = "received_on,municipality_code,source,domain,text,origin"
LINE = "2023-02-01,GM0014,parent,vve,Geen plaats,real"


def loaded(folder: Path, *lines: str, survey_year: int = 2023, header: str = HEADER) -> pd.DataFrame:
    text = "".join(f"{line}\n" for line in (header, *lines))
    (folder / f"{survey_year}.csv").write_text(text, encoding="utf-8")
    return load_incoming(folder, lambda _: ("GM0014", "GM0363"))


def test_a_signal_becomes_a_row_of_the_year_in_whose_risk_analysis_it_counts(tmp_path: Path) -> None:
    loaded(tmp_path, LINE.replace("2023", "2021"), survey_year=2022)
    found = loaded(tmp_path, LINE, '2022-09-30,GM0363,school_board,lea,"Tweemaal afgezegd, zonder reden",real')
    assert INCOMING.misfits(found).empty
    assert [(row.survey_year, row.line, row.municipality_code, row.source) for row in found.itertuples()] == [
        (2022, 2, "GM0014", "parent"),
        (2023, 2, "GM0014", "parent"),
        (2023, 3, "GM0363", "school_board"),
    ]
    assert found["text"].iloc[2] == "Tweemaal afgezegd, zonder reden"


def test_there_need_not_be_any(tmp_path: Path) -> None:
    assert load_incoming(tmp_path, lambda _: ()).empty


@pytest.mark.parametrize(
    ("line", "what", "where"),
    [
        (LINE.replace("GM0014", "GM9999"), "GM9999 is not in the register of survey year 2023", "line 2"),
        (
            LINE.replace("2023-", "2021-"),
            "The signal of 2021-02-01 cannot count in the risk analysis of 2023",
            "line 2",
        ),
        (
            LINE.replace("2023-", "2024-"),
            "The signal of 2024-02-01 cannot count in the risk analysis of 2023",
            "line 2",
        ),
        (LINE.replace("2023-02-01", "1 februari"), "'1 februari' is not a date", "line 2, column received_on"),
        (LINE.replace("parent", "neighbour"), "'neighbour' cannot be used", "line 2, column source"),
        (LINE.replace("vve", "po"), "'po' cannot be used", "line 2, column domain"),
        (LINE.replace("Geen plaats", ""), "'' is empty", "line 2, column text"),
        (f"{LINE}\n{LINE}", "The signal of line 2 appears a second time", "line 3"),
    ],
)
def test_a_signal_that_cannot_be_used_is_refused(tmp_path: Path, line: str, what: str, where: str) -> None:
    with pytest.raises(BadInput, match=what) as refused:
        loaded(tmp_path, line)
    assert refused.value.where.endswith(where)
    assert refused.value.remedy


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="missing: text"):
        loaded(tmp_path, header=HEADER.replace("text", "words"))


def test_the_bundled_signals_are_marked_as_made_up() -> None:
    codes = {f"GM{number:04}" for number in range(10_000)}
    found = load_incoming(BUNDLED, lambda _: codes)
    assert len(found) > 20
    assert {*found["origin"]} == {"synthetic"}
    assert {*found["domain"]} == {"lea", "vve"}

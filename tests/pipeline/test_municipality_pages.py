"""The pages of all municipalities after a whole run, read back and held against the marts that are published beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.municipality_page import Beside, MunicipalityPage, Row, Tree
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
FEWEST = 10
Answers = dict[str, dict[str, list[Row]]]


@pytest.fixture(scope="module")
def edition(ran: tuple[Installation, str]) -> Path:
    return ran[0].editions / "latest"


@pytest.fixture(scope="module")
def pages(edition: Path) -> dict[str, MunicipalityPage]:
    files = sorted((edition / "municipalities").glob("GM*.html"))
    return {file.stem: MunicipalityPage(file.read_text(encoding="utf-8")) for file in files}


def rows(edition: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(edition / "lea_vve.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def dutch(number: int | None) -> str:
    return "" if number is None else f"{number:,}".replace(",", ".")


def test_every_municipality_of_the_register_has_its_page_and_the_index_leads_to_it(
    edition: Path, pages: dict[str, MunicipalityPage]
) -> None:
    register = rows(
        edition,
        "select municipality_code, municipality_name, is_respondent from dim_municipality_year where survey_year = 2023",
    )
    assert len(register) == 342
    assert set(pages) == {code for code, *_ in register}
    index = Tree((edition / "municipalities" / "index.html").read_text(encoding="utf-8")).by_id["list"]
    links = {link.attributes["href"]: link.text() for link in index.all("a")}
    assert links == {f"{code}.html": name for code, name, _ in register}
    for code, name, is_respondent in register:
        assert next(pages[code].tree.root.all("h1")).text() == name
        assert pages[code].facts[0] == code
        assert bool(pages[code].answers) == is_respondent, code
        assert {"index.html", "../index.html"} <= set(pages[code].links)
    assert "municipalities/index.html" in (edition / "index.html").read_text(encoding="utf-8")


def expected_answers(edition: Path) -> Answers:
    """Counted here from the answers themselves: of every choice its label and the shares of the groups, by plain division."""
    groups = {
        code: (("all",), ("class", urbanisation), ("group", disadvantage), ("both", urbanisation, disadvantage))
        for code, urbanisation, disadvantage in rows(
            edition,
            "select municipality_code, urbanisation_class, disadvantage_group from dim_municipality_year"
            " where survey_year = 2023",
        )
    }
    answers = rows(
        edition,
        "select municipality_code, a.question_id, a.option_code, o.label_nl, is_selected from fct_answers as a"
        " inner join dim_option as o using (survey_year, question_id, option_code)"
        " where survey_year = 2023 and status = 'answered' order by municipality_code, a.question_id, o.option_position",
    )
    chose: dict[tuple[Any, ...], int] = defaultdict(int)
    base: dict[tuple[Any, ...], int] = defaultdict(int)
    for code, question, option, _, is_selected in answers:
        for group in groups[code]:
            base[question, option, group] += 1
            chose[question, option, group] += is_selected
    found: Answers = defaultdict(lambda: defaultdict(list))
    for code, question, option, label, is_selected in answers:
        of = [(chose[question, option, group], base[question, option, group]) for group in groups[code]]
        beside = tuple(
            Beside((200 * count + n) // (2 * n) if n >= FEWEST or no == 0 else None, n)
            for no, (count, n) in enumerate(of)
        )
        if is_selected:
            found[code][question].append(Row(label, beside))
    return found


def test_every_choice_stands_beside_the_shares_that_follow_from_the_answers(
    edition: Path, pages: dict[str, MunicipalityPage]
) -> None:
    expected = expected_answers(edition)
    seen = 0
    for code, page in pages.items():
        shown = {question: given for question, given in page.answers.items() if given[0].beside}
        assert shown == expected.get(code, {}), code
        seen += sum(len(given) for given in shown.values())
    assert seen > 8_000


def test_the_shares_are_those_of_the_frequency_mart(edition: Path) -> None:
    differing = rows(
        edition,
        "select count(*) filter (where c.percent_0 is distinct from f.percent_0 or c.base != f.base), count(*)"
        " from fct_comparisons as c"
        " inner join fct_frequencies as f using (survey_year, question_id, option_code, breakdown, category)"
        " where f.population = 'respondents'",
    )
    assert differing[0][0] == 0
    assert differing[0][1] > 2_000


def test_counts_and_reach_are_those_of_the_marts(edition: Path, pages: dict[str, MunicipalityPage]) -> None:
    found = rows(
        edition,
        "select register.municipality_code, register.reference_year, r.target_toddlers, p.places, r.reached_toddlers,"
        " r.is_complete, r.is_above_target, m.numerator, m.denominator, m.n_municipalities"
        " from dim_municipality_year as register"
        " left join fct_reach as r using (municipality_code, survey_year)"
        " left join fct_places as p using (municipality_code, survey_year)"
        " inner join fct_measures as m on register.survey_year = m.survey_year and m.measure = 'reach_national'"
        " and m.population = 'respondents' and m.breakdown = 'total'",
    )
    years: dict[str, set[int]] = defaultdict(set)
    for code, year, target, places, reached, is_complete, is_above, numerator, denominator, n in found:
        if code not in pages:  # it is in the register of an earlier year only
            continue
        years[code].add(year)
        said = pages[code].reach[year]
        for printed, number in zip(said, (target, places, reached), strict=False):
            assert printed == dutch(number) or (number is None and re.fullmatch(r"[a-z ]+", printed)), (code, year)
        own = f"{(200 * reached + target) // (2 * target)}%{' !' if is_above else ''}" if is_complete else "–"
        assert said[3] == own, (code, year)
        assert said[4] == f"{(200 * numerator + denominator) // (2 * denominator)}% {n}", (code, year)
    assert {code: set(page.reach) for code, page in pages.items()} == years


def test_signals_cases_and_questions_are_on_the_page_of_their_own_municipality(
    edition: Path, pages: dict[str, MunicipalityPage]
) -> None:
    signals = rows(
        edition,
        "select s.municipality_code, r.label_nl from fct_risk_signals as s inner join dim_risk_rule as r using (rule)"
        " where s.survey_year = 2023 and s.signal = 'triggered'",
    )
    calls = rows(edition, "select municipality_code, ask_nl from rpt_call_list where survey_year = 2023")
    cases = rows(
        edition, "select municipality_code, count(*) from fct_supervision_cases where survey_year = 2023 group by 1"
    )
    assert len(signals) > 100
    assert calls
    for code, label in signals:
        assert label in pages[code].text_of("signals"), code
    for code, ask in calls:
        assert ask in pages[code].text_of("questions"), code
    shown = {
        code: len(list(page.tree.by_id["cases"].all("tr"))) - 1
        for code, page in pages.items()
        if "cases" in page.tree.by_id
    }
    assert shown == dict(cases)
    own = {code for code, _ in signals}
    assert {code for code, page in pages.items() if "signals" in page.tree.by_id} == own


def test_who_is_in_the_strict_panel_reads_so(edition: Path, pages: dict[str, MunicipalityPage]) -> None:
    members = {
        code
        for (code,) in rows(
            edition,
            "select distinct municipality_code from fct_panel where panel = 'strict' and reference_years = '2020,2021,2022'",
        )
    }
    assert len(members) == 88
    assert {code for code, page in pages.items() if "In het strikte panel" in page.text_of("panel")} == members


def test_no_page_holds_free_text_of_anybody(ran: tuple[Installation, str], edition: Path) -> None:
    with duckdb.connect() as connection:
        texts = connection.execute(
            "select distinct trim(text) from read_parquet(?) where text is not null and length(trim(text)) > 20",
            [str(ran[0].data / "lake" / "answers" / "2023.parquet")],
        ).fetchall()
    assert len(texts) > 30
    written = re.compile("|".join(re.escape(text) for (text,) in texts))
    for file in (edition / "municipalities").iterdir():
        assert written.search(unescape(file.read_text(encoding="utf-8"))) is None, file.name


def test_the_pages_stay_small_enough_to_send_around(edition: Path) -> None:
    sizes = [file.stat().st_size for file in (edition / "municipalities").iterdir()]
    assert sum(sizes) < 25_000_000
    assert max(sizes) < 200_000

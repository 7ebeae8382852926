"""The pages of all municipalities after a whole run, read back and held against the marts that are published beside
them."""

from __future__ import annotations

import re
from collections import defaultdict
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest

from tests.municipality_page import NOT_SHOWN, Beside, MunicipalityPage, Row
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
FEWEST = 10
Answers = dict[str, dict[str, list[Row]]]


@pytest.fixture(scope="module")
def edition(ran: tuple[Installation, str]) -> Path:
    return ran[0].inside


@pytest.fixture(scope="module")
def folder(ran: tuple[Installation, str]) -> Path:
    """The part of the municipalities."""
    return ran[0].editions / "latest" / "municipalities"


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, MunicipalityPage]:
    files = sorted(folder.glob("GM*/index.html"))
    return {file.parent.name: MunicipalityPage(file.read_text(encoding="utf-8")) for file in files}


def rows(edition: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(edition / "lea_vve.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def dutch(number: int | None) -> str:
    return "" if number is None else f"{number:,}".replace(",", ".")


def test_every_municipality_of_the_register_has_its_page(edition: Path, pages: dict[str, MunicipalityPage]) -> None:
    register = rows(
        edition,
        "select municipality_code, municipality_name, is_respondent from dim_municipality_year where survey_year = "
        "2023",
    )
    assert len(register) == 342
    assert set(pages) == {code for code, *_ in register}
    for code, name, is_respondent in register:
        assert next(pages[code].tree.root.all("h1")).text() == name
        assert pages[code].facts[0] == code
        assert bool(pages[code].answers) == is_respondent, code


def expected_answers(edition: Path) -> Answers:
    """Counted here from the answers themselves: of every choice its label and the shares of the groups, by plain
    division.

    Everybody who was asked is in the base; ``is_selected`` is null of whom nothing is known.
    """
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
        " where survey_year = 2023 and is_asked and status != 'not_collected'"
        " order by municipality_code, a.question_id, o.option_position",
    )
    chose: dict[tuple[Any, ...], int] = defaultdict(int)
    known: dict[tuple[Any, ...], int] = defaultdict(int)
    base: dict[tuple[Any, ...], int] = defaultdict(int)
    for code, question, option, _, is_selected in answers:
        for group in groups[code]:
            base[question, option, group] += 1
            known[question, option, group] += is_selected is not None
            chose[question, option, group] += bool(is_selected)
    found: Answers = defaultdict(lambda: defaultdict(list))
    for code, question, option, label, is_selected in answers:
        keys = [(question, option, group) for group in groups[code]]
        beside = tuple(
            Beside((200 * chose[key] + base[key]) // (2 * base[key]), base[key])
            if no == 0 or (known[key] >= FEWEST and 0 < chose[key] < known[key])
            else NOT_SHOWN
            for no, key in enumerate(keys)
        )
        if is_selected:
            found[code][question].append(Row(label, beside))
    return found


def test_every_choice_is_shown_beside_the_shares_that_follow_from_the_answers(
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
        output = pages[code].reach[year]
        for printed, number in zip(output, (target, places, reached), strict=False):
            assert printed == dutch(number) or (number is None and re.fullmatch(r"[a-z ]+", printed)), (code, year)
        own = f"{(200 * reached + target) // (2 * target)}%{' !' if is_above else ''}" if is_complete else "–"
        assert output[3] == own, (code, year)
        assert output[4] == f"{(200 * numerator + denominator) // (2 * denominator)}% {n}", (code, year)
    assert {code: set(page.reach) for code, page in pages.items()} == years


def test_the_reach_of_its_groups_follows_from_the_counts(edition: Path, pages: dict[str, MunicipalityPage]) -> None:
    """Added up here from the counts of each municipality: of class, group and both, where ten or more gave them, none
    makes up over half of either count, no two over three quarters, and all others are over a tenth of the largest."""
    found = rows(
        edition,
        "select register.municipality_code, register.reference_year, urbanisation_class, disadvantage_group,"
        " r.reached_toddlers, r.target_toddlers, coalesce(r.is_complete, false)"
        " from dim_municipality_year as register left join fct_reach as r using (municipality_code, survey_year)",
    )
    given: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
    groups: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
    for code, year, urbanisation, disadvantage, reached, target, is_complete in found:
        keys = [("class", urbanisation), ("group", disadvantage), ("both", urbanisation, disadvantage)]
        groups[code, year] = [(year, *key) for key in keys]
        for key in groups[code, year] if is_complete else ():
            given[key].append((reached, target))

    def is_shown(amounts: list[int]) -> bool:
        first, second, *others = sorted(amounts, reverse=True)
        return 2 * first <= sum(amounts) and 4 * (first + second) <= 3 * sum(amounts) and 10 * sum(others) >= first

    def printed(key: tuple[Any, ...]) -> str:
        n = len(given[key])
        if None in key or n < FEWEST or not all(is_shown(list(amounts)) for amounts in zip(*given[key], strict=True)):
            return "–"
        reached, target = (sum(amounts) for amounts in zip(*given[key], strict=True))
        return f"{(200 * reached + target) // (2 * target)}% {n}"

    seen = set()
    for code, page in pages.items():
        for year, output in page.reach.items():
            expected = [printed(key) for key in groups[code, year]]
            assert output[5:] == expected, (code, year)
            seen.add("%" in expected[-1])
    assert seen == {True, False}


def of_each(found: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """By municipality, in an order of their own: what is in the first column → the rest of its rows."""
    by_code = defaultdict(list)
    for code, *rest in found:
        by_code[code].append(rest[0] if len(rest) == 1 else tuple(rest))
    return {code: sorted(own) for code, own in by_code.items()}


def on_pages(pages: dict[str, MunicipalityPage], name: str) -> dict[str, list[str]]:
    """The items of a list on every page that has any."""
    return {code: sorted(found) for code, page in pages.items() if (found := page.items(name))}


SPOKEN_ABOUT = "from fct_supervision_cases where survey_year = 2023 and conversation_on is not null"


def test_signals_are_on_the_page_of_their_own_municipality_once_they_were_spoken_about(
    edition: Path, pages: dict[str, MunicipalityPage]
) -> None:
    def signals(signal: str, output: str) -> dict[str, list[Any]]:
        return of_each(
            rows(
                edition,
                f"select s.municipality_code, if(s.domain = 'lea', 'LEA: ', 'vve: ') || {output} from fct_risk_signals "
                f"as s inner join dim_risk_rule as r using (rule) where s.survey_year = 2023 and s.signal = '{signal}'"
                f" and (s.municipality_code, s.domain) in (select (municipality_code, domain) {SPOKEN_ABOUT})",
            )
        )

    reasons = (
        "array_to_string([case reason when 'no_questionnaire' then 'geen vragenlijst' when 'no_answer' then 'niet "
        "ingevuld'"
        " when 'not_available' then 'geen cijfer bekend' when 'not_asked' then 'niet gevraagd' when 'invalid' then "
        "'ongeldig'"
        " when 'not_in_questionnaire' then 'niet in de vragenlijst' end for reason in s.not_assessable_reasons], ', ')"
    )
    triggered = signals("triggered", "r.label_nl")
    assert sum(map(len, triggered.values())) > 30
    assert on_pages(pages, "signals") == triggered
    assert on_pages(pages, "not-assessable") == signals("not_assessable", f"r.label_nl || ' (' || {reasons} || ')'")


def test_open_questions_are_on_the_page_of_their_own_municipality_and_no_other(
    edition: Path, pages: dict[str, MunicipalityPage]
) -> None:
    calls = of_each(rows(edition, "select municipality_code, ask_nl from rpt_call_list where survey_year = 2023"))
    lacking = of_each(
        rows(
            edition,
            "select municipality_code, 'Niet opgegeven over 2022: '"
            " || case concept when 'target_toddlers' then 'doelgroeppeuters' when 'places' then 'kindplaatsen'"
            " when 'reached_toddlers' then 'bereikte doelgroeppeuters' end"
            " || case status when 'no_answer' then ' (niet ingevuld)' when 'not_available' then ' (geen cijfer bekend)'"
            " when 'no_questionnaire' then ' (geen vragenlijst)' end"
            " from fct_counts_not_given where survey_year = 2023",
        )
    )
    confirmed = of_each(
        rows(
            edition,
            "select municipality_code, label_nl from fct_plausibility as p inner join dim_plausibility_rule using "
            "(rule) where p.survey_year = 2023 and status = 'confirmed'",
        )
    )
    assert calls
    assert len(lacking) > 50
    assert on_pages(pages, "calls") == calls
    assert on_pages(pages, "not-given") == lacking
    assert on_pages(pages, "confirmed") == confirmed
    content = {code for code, page in pages.items() if "Geen." in page.text_of("questions")}
    assert content == set(pages) - set(calls) - set(lacking)


def test_cases_are_on_the_page_of_their_own_municipality_with_their_dates_and_outcome(
    edition: Path, pages: dict[str, MunicipalityPage]
) -> None:
    labels = dict(
        rows(
            edition,
            "select criterion, label_nl from dim_supervision_criterion"
            " where 2023 between valid_from and coalesce(valid_to, 2023)",
        )
    )
    outcomes = {
        None: "–",
        "no_risk": "geen risico (meer)",
        "improvement_agreement": "verbeterafspraken",
        "investigation": "nader onderzoek",
    }
    found = rows(
        edition,
        "select municipality_code, if(domain = 'lea', 'LEA', 'vve'), selected_by, coalesce(selected_on::varchar, '–'),"
        " coalesce(conversation_on::varchar, '–'), outcome,"
        " coalesce(closed_on::varchar, 'open' || coalesce(', ' || age_days || ' dagen', ''))"
        f" {SPOKEN_ABOUT}",
    )
    expected = of_each(
        [
            (
                code,
                domain,
                tuple(labels[key] for key in by or ()),
                [selected, spoken, outcomes[outcome], closed],
            )
            for code, domain, by, selected, spoken, outcome, closed in found
        ]
    )
    assert len({outcome for *_, outcome, _ in found}) > 1
    assert {code: sorted(page.cases) for code, page in pages.items() if page.cases} == expected


def test_who_is_in_the_strict_panel_reads_so(edition: Path, pages: dict[str, MunicipalityPage]) -> None:
    members = {
        code
        for (code,) in rows(
            edition,
            "select distinct municipality_code from fct_panel where population = 'panel_strict_2020_2022'",
        )
    }
    assert len(members) == 88
    assert {code for code, page in pages.items() if "In het strikte panel" in page.text_of("panel")} == members


def test_no_page_holds_free_text_of_anybody(ran: tuple[Installation, str], folder: Path) -> None:
    with duckdb.connect() as connection:
        texts = connection.execute(
            "select distinct trim(text) from read_parquet(?) where text is not null and length(trim(text)) > 20",
            [str(ran[0].data / "lake" / "answers" / "2023.parquet")],
        ).fetchall()
    assert len(texts) > 30
    written = re.compile("|".join(re.escape(text) for (text,) in texts))
    for file in (file for file in folder.rglob("*") if file.is_file()):
        assert written.search(unescape(content_of(file))) is None, file


def content_of(file: Path) -> str:
    """What is in it, of a workbook what is in its parts."""
    if file.suffix != ".xlsx":
        return file.read_text(encoding="utf-8")
    with ZipFile(file) as parts:
        return " ".join(parts.read(name).decode("utf-8") for name in parts.namelist())


def test_the_pages_stay_small_enough_to_send_around(folder: Path) -> None:
    sizes = [file.stat().st_size for file in folder.glob("*/index.html")]
    assert sum(sizes) < 29_000_000
    assert max(sizes) < 200_000

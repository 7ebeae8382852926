"""The dossiers, from a few rows of the marts."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import duckdb
import pytest

from assets.editions.content.mark import SYNTHETIC_MARK, Origin
from assets.editions.content.tables import Content, Rows
from assets.editions.pages.dossiers.page import write_dossiers
from tests.unit.editions.test_municipality_pages import MARTS, NAME, STAMP

INSIDE = """
insert into dim_label select *, 1 from (values ('coding', 'no_frame', 'geen codelijst', 'no code frame'),
    ('dossier_event', 'incoming_signal', 'Binnengekomen signaal', 'Incoming signal'), ('domain', 'vve', 'vve', 'vve'))
    as t (vocabulary, code, label_nl, label_en);
create schema internal;
create table internal.fct_open_answers as select 2030 as survey_year, 'GM0001' as municipality_code, * from (values
    ('X1', 'Wij <b>doen</b> het zo', 'coded', 'Werkwijze', 'Way of working'), ('G1', 'Anders', 'no_frame', null, null)
    ) as t (question_id, text, coding, label_nl, label_en);
create table internal.fct_answer_changes as select 2030 as survey_year, 'GM0001' as municipality_code, 'R1' as
    question_id, 2029 as earlier_survey_year, 'changed' as comparability, '1.234' as answer_nl, '1,234' as answer_en,
    '10' as earlier_answer_nl, '10' as earlier_answer_en;
create table internal.fct_dossier_events as select * from (values
    ('incoming_signal', 2030, 2, 'GM0001', date '2030-03-01', 'vve', 'ouder', 'parent', 'Geen <plaats>', $origin),
    ('incoming_signal', 2029, 2, 'GM0003', date '2029-03-01', 'lea', 'school', 'school', 'Afgezegd', 'real'),
    ('case', 2030, 3, 'GM0001', date '2030-10-01', 'lea', 'Brief', 'Letter', null, 'real'),
    ('interview', 2029, 4, 'GM0001', date '2029-05-01', null, 'Interview', 'Interview', null, 'real')
    ) as t (kind, survey_year, line, municipality_code, event_date, domain, label_nl, label_en, text, origin)"""


def written(folder: Path, marts: str = MARTS + INSIDE, origin: Origin = "real", of_signal: str = "real") -> Path:
    nothing = Rows((), ())
    content = Content(reports=(), cells=nothing, category_cells=nothing, reconciliation=nothing, origin=origin)
    folder.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        for statement in marts.split(";\n"):
            values = {"name": NAME, "origin": of_signal}
            connection.execute(statement, {key: value for key, value in values.items() if f"${key}" in statement})
        write_dossiers(connection, content, STAMP, folder, "main", "internal")
    return folder / "dossiers"


@pytest.fixture(scope="module")
def dossiers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("edition"))


def section(dossiers: Path, name: str, code: str = "GM0001") -> str:
    """A section in Dutch, without its tags."""
    html = (dossiers / f"{code}.html").read_text(encoding="utf-8")
    (found,) = re.findall(rf'<section id="{name}".*?</section>', html, re.S)
    return re.sub(r" ([,:])", r"\1", " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split()))


def test_a_dossier_has_the_answers_in_own_words_with_their_code(dossiers: Path) -> None:
    words = section(dossiers, "words")
    assert "X1 Toelichting Wij <b>doen</b> het zo Werkwijze" in words
    assert "G1 Afspraken? Anders geen codelijst" in words
    assert "<b>doen</b>" not in (dossiers / "GM0001.html").read_text(encoding="utf-8")


def test_a_dossier_has_what_changed_and_says_where_the_question_did(dossiers: Path) -> None:
    assert "R1 Hoeveel? de vraag is gewijzigd 10 2029 1.234" in section(dossiers, "changes")


def test_signals_of_the_answers_are_beside_those_that_came_in_for_the_same_analysis(dossiers: Path) -> None:
    signals = section(dossiers, "signals")
    assert "LEA: Geen overleg L1: Nee; L2: Nee" in signals
    assert "vve, ouder, 2030-03-01 Geen <plaats>" in signals
    assert "Afgezegd" not in signals  # it counted in another year's


def test_the_course_is_of_all_years_and_of_predecessors(dossiers: Path) -> None:
    course = section(dossiers, "course")
    assert "2029-03-01 Binnengekomen signaal: school van Oud LEA Afgezegd 2029" in course
    assert course.index("2029-03-01") < course.index("2029-05-01") < course.index("2030-03-01 Binnen")
    assert "2030-10-01 Brief LEA – 2030" in course


def test_who_was_selected_for_an_interview_has_it_on_the_dossier_and_in_the_list(dossiers: Path) -> None:
    html = (dossiers / "GM0001.html").read_text(encoding="utf-8")
    assert '<div id="interview"><dt>Interview</dt><dd><time>2029-05-01</time>' in html
    rows = re.findall(
        r'<tr id="(GM\d+)">.*?<td>([^<]*|<time>.*?</time>)</td></tr>', (dossiers / "index.html").read_text()
    )
    assert rows == [("GM0002", "–"), ("GM0001", "<time>2029-05-01</time>")]


def test_questions_and_confirmations_are_there(dossiers: Path) -> None:
    assert "Klopt 1 < 2?" in section(dossiers, "questions")
    assert "Wijkt < af bevestigd door de gemeente, 2030-06-20" in section(dossiers, "questions", "GM0002")


def test_all_answers_are_in_words(dossiers: Path) -> None:
    answers = section(dossiers, "answers")
    assert "L2 Waarover? Appels; Peren" in answers
    assert "R2 Plaatsen? geen cijfer bekend" in answers
    assert "L3" not in answers  # it was not asked
    assert "De vragenlijst is niet ingevuld." in section(dossiers, "answers", "GM0002")


def test_a_dossier_says_that_it_is_for_inside(dossiers: Path) -> None:
    for language, warning in (("nl", "Alleen voor de inspectie. Niet doorgeven"), ("en", "For the Inspectorate only.")):
        pages = [file for file in dossiers.iterdir() if (".en." in file.name) == (language == "en")]
        assert len(pages) == 3
        assert all(warning in file.read_text(encoding="utf-8") for file in pages)


@pytest.mark.parametrize(
    ("origin", "of_signal", "is_marked"),
    [("real", "real", False), ("synthetic", "real", True), ("real", "synthetic", True)],
)
def test_what_is_synthetic_is_marked_also_where_only_a_signal_is(
    tmp_path: Path, origin: Origin, of_signal: str, is_marked: bool
) -> None:
    found = written(tmp_path, origin=origin, of_signal=of_signal)
    assert {any(mark in file.read_text(encoding="utf-8") for mark in SYNTHETIC_MARK) for file in found.iterdir()} == {
        is_marked
    }


def test_nothing_is_written_where_the_warehouse_has_no_dossiers(tmp_path: Path) -> None:
    assert not written(tmp_path, MARTS).exists()

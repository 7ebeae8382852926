"""What the maker of rough folders promises: the same folder from the same seed, valid, and as rough as it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.answers.answer_tables import build_answers
from assets.answers.municipalities import Municipalities, municipalities_of
from assets.questionnaires.loader import load_questionnaire, survey_years
from assets.questionnaires.model import Questionnaire
from assets.raw.deliveries import RawDelivery, take_in
from assets.registers.checks import check_registers
from assets.registers.loader import load_registers
from synthetic.rough.folder import make_folder
from synthetic.rough.registers import codes_in, read_registers
from synthetic.rough.traits import traits_of
from tests.conftest import bytes_of
from tests.rough.leftovers import is_leftover

pytestmark = pytest.mark.slow  # with the runs on what is made here
SEED = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rough") / "data"
    make_folder(SEED, folder, 60)
    return folder


def test_the_same_seed_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    make_folder(SEED, tmp_path / "again", 60)
    assert bytes_of(tmp_path / "again") == bytes_of(made)


def test_another_seed_gives_other_answers(made: Path, tmp_path: Path) -> None:
    make_folder(SEED + 1, tmp_path / "other", 60)
    file = "questionnaires/2023/questionnaire.yaml"
    assert (tmp_path / "other" / file).read_bytes() != (made / file).read_bytes()


def test_a_year_has_a_delivery_in_each_format(made: Path) -> None:
    for year in survey_years(made / "questionnaires"):
        deliveries = load_questionnaire(made / "questionnaires" / str(year)).deliveries
        assert sorted(delivery.format for delivery in deliveries) == ["csv", "sav", "xlsx"]


def test_the_registers_still_agree_with_each_other(made: Path) -> None:
    failing = [o.check for o in check_registers(load_registers(made / "registers")) if not o.passed and o.blocking]
    assert failing == []


def test_borders_move_as_they_never_did(made: Path) -> None:
    kinds = {row["kind"] for row in read_registers(made / "registers")["municipality_changes"]}
    assert kinds >= {"merged_into_new", "absorbed_into_existing", "split_into_new", "split_into_existing"}


def test_a_class_is_empty(made: Path) -> None:
    rows = read_registers(made / "registers")["urbanisation"]
    empty = traits_of(SEED, survey_years(made / "questionnaires"), largest=40).empty_class
    assert str(empty) not in {row["urbanisation_class"] for row in rows}


def test_every_status_occurs_and_later_deliveries_replace_rows(made: Path) -> None:
    statuses: set[str] = set()
    for year in survey_years(made / "questionnaires"):
        questionnaire, raw, municipalities = read_year(made, year)
        answers = build_answers(questionnaire, raw, municipalities).answers
        statuses |= set(answers["status"])
        assert answers["is_current"].nunique() == 2
    assert statuses >= {"answered", "not_asked", "no_answer", "not_available", "not_collected"}


def test_few_answer_where_shares_are_to_end_in_a_half(made: Path) -> None:
    fixed = traits_of(SEED, survey_years(made / "questionnaires"), largest=40).respondents
    assert fixed
    for year, number in fixed.items():
        questionnaire, raw, municipalities = read_year(made, year)
        built = build_answers(questionnaire, raw, municipalities)
        answered = built.answers[built.answers["status"] == "answered"]
        assert answered["municipality_code"].nunique() == number


def read_year(folder: Path, year: int) -> tuple[Questionnaire, list[RawDelivery], Municipalities]:
    own = folder / "questionnaires" / str(year)
    questionnaire = load_questionnaire(own)
    on = municipalities_of(folder / "registers", date(year, 1, 1))
    assert len(on.names) == len(codes_in(read_registers(folder / "registers"), year))
    return questionnaire, take_in(questionnaire, own), on


@pytest.mark.parametrize("text", ["nan", "n={n}", "inf%", "None", "(n=None)", "<NA>", "-inf", "NULL", "NaT"])
def test_a_leftover_is_seen(text: str) -> None:
    assert is_leftover(text)


@pytest.mark.parametrize("text", ["None of the goals", "informatie", "nanny", "info", "{}a"[2:], "–", "0 van 0"])
def test_ordinary_words_are_no_leftovers(text: str) -> None:
    assert not is_leftover(text)

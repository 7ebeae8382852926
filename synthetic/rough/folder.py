"""A whole data folder from a seed: registers, questionnaires and three deliveries a year, beside what is bundled.

Belongs here: who answers in which year and delivery, and what is written where. Does not belong here: what one
municipality answers (``answers.py``), borders (``registers.py``), which peculiarities a seed has (``traits.py``).

Figures in print, declarations, reports and the rules of the risk analysis are the bundled ones: print and data differ
everywhere.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from assets.answers.municipalities import municipalities_of
from assets.base.files import sha256_of
from assets.questionnaires.loader import load_questionnaire
from assets.questionnaires.model import MissingCodes, Questionnaire
from synthetic.files_in import read_deliveries
from synthetic.files_out import Cell, write_rows
from synthetic.responses import Missing, Responses
from synthetic.rough.answers import (
    Habits,
    draw_row,
    no_count,
    plan_halves,
    rough_cells,
    silent_cells,
    some_blank,
)
from synthetic.rough.registers import (
    codes_in,
    empty_a_class,
    keep_some,
    move_borders,
    read_registers,
    write_registers,
)
from synthetic.rough.traits import Traits, traits_of

BUNDLED = Path(__file__).parents[2] / "data"
COMES_OUT = ("lake", "warehouse", "editions")
NO_CRITERION = "Geselecteerd om een andere reden dan de criteria."
FORMATS = ("csv", "xlsx", "sav")
# The codes that a file with numbers only can hold; a file with words holds those of the questionnaire.
_NUMBERS = {"no_answer": "-9", "not_available": "-8", "not_asked": "-6"}

Rows = dict[str, list[Cell]]


def make_folder(seed: int, folder: Path, municipalities: int | None = None) -> Traits:
    """Writes a data folder that does not exist yet; ``municipalities`` cuts the registers to about so many of them.

    Raises FileExistsError when there is something in its place.
    """
    copy_inputs(folder)
    years = sorted(int(path.name) for path in (folder / "questionnaires").iterdir())
    registers = read_registers(folder / "registers")
    chance = Random(f"registers {seed}")
    if municipalities is not None:
        keep_some(registers, municipalities, chance)
    move_borders(registers, years, chance)
    traits = traits_of(seed, years, largest=min(len(codes_in(registers, year)) for year in years) - 10)
    if traits.empty_class is not None:
        empty_a_class(registers, traits.empty_class)
    write_registers(registers, folder / "registers")
    answers_in = _who_answers(traits, {year: codes_in(registers, year) for year in years})
    for year in years:
        _deliver_year(traits, folder, year, answers_in[year])
    for name in ("supervision", "signals", "interviews"):
        _keep_records(traits, folder / name, lambda year: codes_in(registers, year))
    return traits


def copy_inputs(folder: Path) -> None:
    """The bundled data folder without what comes out of it. Raises FileExistsError when the folder exists."""
    folder.mkdir(parents=True)
    for source in sorted(BUNDLED.iterdir()):
        if source.name not in COMES_OUT:
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / source.name)


def _who_answers(traits: Traits, registered: Mapping[int, Sequence[str]]) -> dict[int, list[str]]:
    """Survey year → who answers: most, some of them in one year only, or as many as the seed has fixed."""
    answers_in: dict[int, list[str]] = {}
    for year, codes in registered.items():
        chance = Random(f"respondents {traits.seed} {year}")
        only_year = {code: Random(f"once {traits.seed} {code}") for code in codes}
        willing = [
            code
            for code in codes
            if chance.random() > 0.08
            and (only_year[code].random() > 0.15 or only_year[code].choice(sorted(registered)) == year)
        ]
        number = 1 if traits.lone_year == year else traits.respondents.get(year, len(willing))
        answers_in[year] = sorted(chance.sample(willing, min(number, len(willing))))
    return answers_in


def _deliver_year(traits: Traits, folder: Path, year: int, respondents: Sequence[str]) -> None:
    """Three deliveries, one in each format: most rows first, later rows in the second and third, some of them again."""
    chance = Random(f"deliveries {traits.seed} {year}")
    bundled = load_questionnaire(BUNDLED / "questionnaires" / str(year))
    base = read_deliveries(bundled, BUNDLED / "questionnaires" / str(year))
    file = folder / "questionnaires" / str(year) / "questionnaire.yaml"
    for old in bundled.deliveries:
        (file.parent / old.path).unlink()
    deliveries = _deliveries(traits, bundled, chance)
    write_questionnaire(file, deliveries)
    questionnaire = load_questionnaire(file.parent)
    names = names_on(folder, questionnaire.register_date)
    habits = _habits(traits, questionnaire, base, respondents, chance)
    shares = _shares(respondents, chance)
    quiet = sorted(set(names) - set(respondents))
    for delivery, codes in zip(questionnaire.deliveries, shares, strict=True):
        spoken = _numeric(questionnaire) if delivery.format == "sav" else _wordy(questionnaire)
        rows: Rows = {}
        for code in codes:
            own = Random(f"answers {traits.seed} {year} {delivery.number} {code}")
            rows[code] = rough_cells(spoken, draw_row(spoken, base.get(code, {}), code, habits, own), habits, own)
        for code in chance.sample(quiet, min(2, len(quiet))):
            rows[code] = silent_cells(spoken, chance)
        if delivery.number > 1:  # a row without an answer, of a municipality that answered before
            silent = chance.choice(respondents)
            rows.setdefault(silent, silent_cells(spoken, chance))
        ordered = sorted(rows)
        chance.shuffle(ordered)
        write_rows(
            file.parent / delivery.path, spoken, delivery, [[code, names[code], *rows[code]] for code in ordered]
        )
    write_questionnaire(file, [hashed(delivery, file.parent) for delivery in deliveries])


def _deliveries(traits: Traits, questionnaire: Questionnaire, chance: Random) -> list[dict[str, Any]]:
    """How three deliveries are declared, the hash still to be filled in."""
    first = date(questionnaire.survey_year, 5, 2)
    return [
        {
            "number": str(number),
            "path": f"ruw_v{number:02d}.{kind}",
            "format": kind,
            "received_on": str(first + timedelta(days=20 * number)),
            "sha256": "0" * 64,
            **_dialect(kind, chance),
            "note": f"Made up, seed {traits.seed}.",
        }
        for number, kind in enumerate(chance.sample(FORMATS, len(FORMATS)), start=1)
    ]


def _dialect(kind: str, chance: Random) -> dict[str, str]:
    if kind == "xlsx":
        return {"sheet": "Antwoorden", "header_row": chance.choice(("1", "5"))}
    if kind == "csv":
        return {
            "encoding": chance.choice(("utf-8", "cp1252")),
            "delimiter": chance.choice((";", ",", "\t", "|")),
        }
    return {}


def hashed(delivery: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The declared delivery with the hash of its file."""
    return {**delivery, "sha256": sha256_of(folder / delivery["path"])}


def write_questionnaire(file: Path, deliveries: Sequence[Mapping[str, Any]]) -> None:
    """The questionnaire with these deliveries, and with columns and missing codes that an SPSS file can hold as
    well."""
    fields: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  every value stays text
    fields["deliveries"] = [dict(delivery) for delivery in deliveries]
    for status, codes in fields["missing"].items():
        if not any(code.lstrip("-").isdigit() for code in codes):
            codes.append(_NUMBERS[status])
    for question in fields["questions"]:
        if "columns" in question:
            question["columns"] = f"{question['id']}_{{code}}"
        else:
            question["column"] = question["id"]
    file.write_text(yaml.dump(fields, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")


class _Plain(yaml.SafeDumper):
    """Writes a list that two questions share twice: the loader takes no aliases."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _numeric(questionnaire: Questionnaire) -> Questionnaire:
    return _with_codes(questionnaire, numeric=True)


def _wordy(questionnaire: Questionnaire) -> Questionnaire:
    return _with_codes(questionnaire, numeric=False)


def _with_codes(questionnaire: Questionnaire, *, numeric: bool) -> Questionnaire:
    """The questionnaire with only those missing codes that are numbers, or words; a reason without any keeps its
    own."""
    chosen = {
        status: tuple(code for code in codes if code.lstrip("-").isdigit() == numeric) or codes
        for status, codes in questionnaire.missing.model_dump().items()
    }
    return questionnaire.model_copy(update={"missing": MissingCodes(**chosen)})


def names_on(folder: Path, on: date) -> Mapping[str, str]:
    """Code → name of the municipalities that a data folder's registers have on a date."""
    return municipalities_of(folder / "registers", on).names


def _habits(
    traits: Traits, questionnaire: Questionnaire, base: Responses, respondents: Sequence[str], chance: Random
) -> Habits:
    lost = {
        question.id
        for question in questionnaire.questions
        if all(row.get(question.id) is Missing.NOT_COLLECTED for row in base.values())
    }
    blank = set(some_blank(questionnaire, chance))
    if traits.no_reach_year == questionnaire.survey_year:
        blank |= no_count(questionnaire, traits.no_reach)
    return Habits(
        lost=lost,
        blank=blank,
        planned=plan_halves(questionnaire, respondents, chance),
        slips=0.004 if traits.slips else 0,
    )


def _shares(respondents: Sequence[str], chance: Random) -> list[list[str]]:
    """Who is in which delivery. Everybody is in one at least, and each has somebody."""
    first: list[str] = []
    late: list[str] = []
    for code in respondents:
        (late if chance.random() < 0.2 else first).append(code)
    second = late[::2] + [code for code in first if chance.random() < 0.25]
    third = late[1::2] + [code for code in first + late[::2] if chance.random() < 0.1]
    return [sorted(share) or [respondents[0]] for share in (first, second, third)]


def _keep_records(traits: Traits, folder: Path, registered_in: Callable[[int], Sequence[str]]) -> None:
    """What people recorded, of municipalities that still exist: all of it or none.

    The selection of each says that it had no criterion: the cases are those of other answers.
    """
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            known = set(registered_in(int(file.stem)))
            kept = [row for row in reader if traits.has_cases and row["municipality_code"] in known]
            columns = list(reader.fieldnames or ())
        for row in kept:
            if row.get("event") == "selected":
                row["note"] = row["note"] or NO_CRITERION
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)

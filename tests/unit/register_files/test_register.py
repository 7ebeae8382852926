"""``lea register``: CBS's files as they come make the registers of a made-up 2024: two mergers, a split."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from assets.registers.checks import check_registers
from assets.registers.loader import load_registers
from tests.conftest import Lea, bytes_of, copy

SEEDS = Path(__file__).parent / "seeds"
BUNDLED = Path(__file__).parents[3] / "data" / "registers"
FILES = {
    "municipalities": "gemeenten_alfabetisch_2024.csv",
    "changes": "herindelingen.csv",
    "urbanisation": "stedelijkheid_2024.csv",
    "disadvantage": "achterstandsscores_2024.csv",
}
CODES = {"GM0363", "GM0375", "GM0377", "GM0384", "GM0392", "GM0396", "GM0457", "GM0473", "GM1900"}
KEPT = {
    "municipalities": "reference_date",
    "urbanisation": "reference_year",
    "disadvantage": "layout_year",
    "municipality_changes": "effective_date",
    "name_variants": None,
    "report_classification": None,
}

CAME_FROM = {
    "GM0363": ("GM0363", "GM0384"),
    "GM0392": ("GM0392",),
    "GM0473": ("GM0473",),
    "GM1900": ("GM1900",),
    "GM9001": ("GM0375", "GM0396"),
}
"""Each municipality of 2024, and what went into it whole."""


@pytest.fixture
def registers(data_dir: Path) -> Path:
    """The bundled registers until 2023, of nine municipalities."""
    folder = data_dir / "registers"
    for file in BUNDLED.iterdir():
        copy(file, folder / file.name)
    for name, when in KEPT.items():
        header, *rows = csv.reader((BUNDLED / f"{name}.csv").open(encoding="utf-8", newline=""))
        cells = [dict(zip(header, row, strict=True)) for row in rows]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, header, lineterminator="\n")
            writer.writeheader()
            for row in cells:
                codes = {row[c] for c in ("municipality_code", "old_code", "new_code") if c in row}
                if (name == "name_variants" or codes <= CODES) and (when is None or row[when] < "2024"):
                    writer.writerow(row)
    (folder / "name_variants.csv").write_text("municipality_code,name,source\nGM0363,Mokum,common name\n")
    return folder


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """CBS's files, for a test to change."""
    for name in FILES.values():
        copy(SEEDS / name, tmp_path / "cbs" / name)
    return tmp_path / "cbs"


def register(lea: Lea, published: Path, *kinds: str, on: str = "2024-01-01") -> tuple[int, str, str]:
    named = [part for kind in kinds for part in (f"--{kind}", published / FILES[kind])]
    result = lea("register", "--date", on, *named)
    return result.exit_code, result.stdout, result.stderr


def rows(registers: Path, name: str, **of: str) -> dict[str, dict[str, str]]:
    with (registers / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        found = [row for row in csv.DictReader(stream) if all(row[column] == value for column, value in of.items())]
    return {row.get("municipality_code") or f"{row['old_code']} {row['new_code']}": row for row in found}


def test_four_files_make_the_registers_of_a_date(registers: Path, published: Path, lea: Lea) -> None:
    earlier = {name: (registers / f"{name}.csv").read_text(encoding="utf-8") for name in KEPT}
    code, says, errors = register(lea, published, *FILES)
    assert (code, errors) == (0, "")
    names = {
        c: row["municipality_name"] for c, row in rows(registers, "municipalities", reference_date="2024-01-01").items()
    }
    assert names == {
        "GM0363": "Amsterdam",
        "GM0392": "Haarlem",
        "GM0473": "Zandvoort",
        "GM1900": "Súdwest-Fryslân",
        "GM9001": "Kennemerduin",
    }
    changes = rows(registers, "municipality_changes", effective_date="2024-01-01")
    assert {pair: row["kind"] for pair, row in changes.items()} == {
        "GM0384 GM0363": "absorbed_into_existing",
        "GM0363 GM0363": "continues_enlarged",
        "GM0375 GM9001": "merged_into_new",
        "GM0396 GM9001": "merged_into_new",
        "GM0377 GM0392": "split_into_existing",
        "GM0392 GM0392": "continues_enlarged",
        "GM0377 GM0473": "split_into_existing",
        "GM0473 GM0473": "continues_enlarged",
    }
    for line in (
        "new: Kennemerduin (GM9001)",
        "ended: Beverwijk (GM0375), Bloemendaal (GM0377), Diemen (GM0384), Heemskerk (GM0396)",
        "Beverwijk (GM0375) → Kennemerduin (GM9001): merged into new",
        "urbanisation: 3 of 5 known, 2 inherited",
        "inherited from 2023: Súdwest-Fryslân (GM1900)",
        "inherited from 2023: GM0375: Kennemerduin (GM9001)",
    ):
        assert line in says
    for name, text in earlier.items():
        assert (registers / f"{name}.csv").read_text(encoding="utf-8").startswith(text)
    assert [o.check for o in check_registers(load_registers(registers)) if o.blocking and not o.passed] == []


@pytest.mark.slow
def test_what_cbs_does_not_know_is_inherited_until_it_does(registers: Path, published: Path, lea: Lea) -> None:
    register(lea, published, *FILES)
    before = rows(registers, "disadvantage", layout_year="2023")
    merged = rows(registers, "disadvantage", layout_year="2024")["GM9001"]
    assert int(merged["pupils"]) == int(before["GM0375"]["pupils"]) + int(before["GM0396"]["pupils"])
    assert (merged["status"], merged["source"]) == ("inherited", "inherited from 2023: GM0375 and GM0396")
    largest = rows(registers, "urbanisation", reference_year="2023")["GM0375"]["urbanisation_class"]
    assert rows(registers, "urbanisation", reference_year="2024")["GM9001"]["urbanisation_class"] == largest
    awaited = [o for o in check_registers(load_registers(registers)) if o.check == "every_class_is_of_its_year"]
    assert [sorted(o.failing["municipality_code"]) for o in awaited] == [["GM1900", "GM9001"]]

    file = published / FILES["urbanisation"]
    known = file.read_text(encoding="utf-8").replace(
        '"GM1900    ";".";"."', '"GM1900    ";"5";"342"\n"GM9001    ";"2";"2000"'
    )
    file.write_text(known, encoding="utf-8")
    code, says, _ = register(lea, published, "urbanisation")
    assert code == 0
    assert "urbanisation: 5 of 5 known, 0 inherited" in says
    assert f"Kennemerduin (GM9001) {largest} → 2" in says
    again = bytes_of(registers)
    assert register(lea, published, "urbanisation")[0] == 0
    assert bytes_of(registers) == again


def test_a_part_of_a_split_counts_only_where_nothing_came_whole(registers: Path, published: Path, lea: Lea) -> None:
    assert register(lea, published, "municipalities", "changes")[0] == 0
    before, now = (rows(registers, "disadvantage", layout_year=year) for year in ("2023", "2024"))
    pupils = {code: sum(int(before[part]["pupils"]) for part in parts) for code, parts in CAME_FROM.items()}
    assert {code: int(row["pupils"]) for code, row in now.items()} == pupils
    assert {row["status"] for row in now.values()} == {"inherited"}


def test_numbers_are_read_as_cbs_writes_them(registers: Path, published: Path, lea: Lea) -> None:
    register(lea, published, *FILES)
    scores = rows(registers, "disadvantage", layout_year="2024")
    assert (scores["GM0363"]["pupils"], scores["GM0363"]["disadvantage_score"]) == ("65000", "1.4700")
    assert (scores["GM0473"]["score_sum_above_threshold"], scores["GM0473"]["status"]) == ("", "observed")
    assert rows(registers, "urbanisation", reference_year="2024")["GM0473"]["address_density"] == "1751"
    groups = [
        scores[code]["disadvantage_group"]
        for code in sorted(scores, key=lambda c: float(scores[c]["disadvantage_score"]))
    ]
    assert groups == ["low", "middle", "middle", "middle", "high"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["municipalities", "changes", "urbanisation"])
def test_a_workbook_says_the_same(registers: Path, published: Path, lea: Lea, kind: str) -> None:
    register(lea, published, *FILES)
    from_csv = bytes_of(registers)
    file = published / FILES[kind]
    text = file.read_text(encoding="utf-8-sig")
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    workbook.active.append(["Opgave van het CBS"])
    for row in csv.reader(text.splitlines(), delimiter=";" if ";" in text else ","):
        workbook.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    workbook.save(published / "file.xlsx")
    result = lea("register", "--date", "2024-01-01", f"--{kind}", published / "file.xlsx")
    assert result.exit_code == 0, result.stderr
    source = {
        name: text.replace(b"CBS, file.xlsx", f"CBS, {file.name}".encode())
        for name, text in bytes_of(registers).items()
    }
    assert source == from_csv


REFUSED = {
    "a change that is missing": (
        "changes",
        "1-1-2024,0384,Diemen,0363,Amsterdam\n",
        "",
        ["Diemen (GM0384) is not in the register, but no change ended it"],
    ),
    "a change of nobody": ("changes", "1-1-2024,0384,Diemen", "1-1-2024,0999,Nergens", ["line 4", "Nergens (GM0999)"]),
    "a date that is none": ("changes", "1-1-2024,0384", "1-13-2024,0384", ["line 4", "'1-13-2024'", "Diemen"]),
    "a code that is none": ("municipalities", "GM0473    ", "GM473x", ["line 6", "'GM473x'", "Zandvoort"]),
    "a municipality twice": ("municipalities", "GM0473    ", "GM0392", ["line 6", "GM0392 appears twice", "line 3"]),
    "another file": ("municipalities", "Gemeentenaam;", "Inwoners;", ["municipality_name", "published_columns.yaml"]),
    "a class that is none": ("urbanisation", '"GM0392    ";"1"', '"GM0392    ";"7"', ["line 6", "'7'", "1 to 5"]),
    "a class of another date": (
        "urbanisation",
        '"GM0392    "',
        '"GM0384    "',
        ["line 6", "GM0384 (Diemen) is not in"],
    ),
    "a score that is no number": ("disadvantage", "11360,0", "n.v.t.", ["line 3", "'n.v.t.'", "score_sum"]),
}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "old", "new", "message"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_does_not_fit_is_refused_by_name(
    registers: Path, published: Path, lea: Lea, kind: str, old: str, new: str, message: list[str]
) -> None:
    file = published / FILES[kind]
    text = file.read_text(encoding="utf-8-sig")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    before = bytes_of(registers)
    code, _, errors = register(lea, published, *FILES)
    assert code == 1
    assert [words for words in message if words not in errors] == []
    assert bytes_of(registers) == before


@pytest.mark.usefixtures("registers")
def test_a_register_needs_its_list_and_1_january(published: Path, lea: Lea) -> None:
    assert "no register of municipalities of 2024-01-01" in register(lea, published, "urbanisation")[2]
    assert "A register is of 1 January" in register(lea, published, *FILES, on="2024-03-24")[2]
    assert "No file is named" in register(lea, published)[2]

"""What is in which part of an edition, of a whole run: nothing that its readers may not have (DESIGN §6 and §8,
invariant 11)."""

from __future__ import annotations

import json
import re
import shutil
import stat
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pytest

from assets.base.paths import DataPaths
from assets.editions.content.audiences import Audiences, load_audiences
from assets.editions.content.terms import Audience
from assets.editions.publication.folder import part_folder, parts_of
from assets.warehouse.dbt import dbt_paths, load_manifest
from tests.pipeline.conftest import Installation

pytestmark = pytest.mark.slow
DESCRIBING = {"README.txt", "edition.json", "datapackage.json", "dcat.jsonld", "SHA256SUMS"}
CODE = re.compile(rb"GM\d{4}")
IN_THE_REGISTER = {"parquet/dim_municipality.parquet", "parquet/dim_municipality_year.parquet", "lea_vve.duckdb"}


@pytest.fixture(scope="module")
def edition(ran: tuple[Installation, str]) -> Path:
    return (ran[0].editions / "latest").resolve()


@pytest.fixture(scope="module")
def audiences(ran: tuple[Installation, str]) -> Audiences:
    paths = DataPaths(ran[0].data)
    return load_audiences(paths.audiences, load_manifest(dbt_paths(paths)))


@pytest.mark.parametrize("audience", ["public", "municipality", "internal"])
def test_every_file_is_of_one_product_and_every_product_is_there(
    edition: Path, audiences: Audiences, audience: Audience
) -> None:
    folder = part_folder(edition, audience)
    parts = sorted(folder.iterdir()) if audience == "municipality" else [folder]
    for part in parts:
        files = {file.relative_to(part).as_posix() for file in part.rglob("*") if file.is_file()} - DESCRIBING
        found = Counter(one.id for file in files for one in audiences.products(audience) if one.holds(file))
        assert sum(found.values()) == len(files)
        assert set(found) == {one.id for one in audiences.products(audience)}


def test_each_part_says_for_whom_it_is_and_on_which_terms(edition: Path) -> None:
    parts = parts_of(edition)
    assert len(parts) == 2 + 342
    for part in parts:
        facts = json.loads((part / "edition.json").read_text(encoding="utf-8"))
        package = json.loads((part / "datapackage.json").read_text(encoding="utf-8"))
        readme = (part / "README.txt").read_text(encoding="utf-8")
        is_public = facts["audience"] == "public"
        assert ("licenses" in package, "terms" in package) == (is_public, not is_public)
        assert ("Creative Commons" in readme) == is_public
        assert is_public or facts["terms_nl"] in readme


def test_the_public_part_has_the_public_tables_and_columns_only(edition: Path, audiences: Audiences) -> None:
    resources = json.loads((edition / "public" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    described = {r["path"]: [f["name"] for f in r["schema"]["fields"]] for r in resources if "schema" in r}
    seen = 0
    with duckdb.connect(edition / "public" / "lea_vve.duckdb", read_only=True) as connection:
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        for name in names:
            if not name.startswith("about_"):
                columns = [row[0] for row in connection.execute(f"describe {name}").fetchall()]
                table = name.replace("rpt_", "rpt_public_")
                table = table if table in audiences.tables else name
                assert list(audiences.columns(table, columns, "public")) == columns, name
                assert described[f"parquet/{name}.parquet"] == columns
                seen += 1
    assert seen > 10


def test_no_municipality_is_named_in_the_public_part_but_in_the_register(edition: Path) -> None:
    public = edition / "public"
    with duckdb.connect(edition / "internal" / "lea_vve.duckdb", read_only=True) as connection:
        found = connection.execute("select distinct municipality_name from dim_municipality").fetchall()
    names = re.compile("|".join(rf"\b{re.escape(name)}\b" for (name,) in found if len(name) > 5))
    files = [file for file in public.rglob("*") if file.is_file()]
    coded = {file.relative_to(public).as_posix() for file in files if CODE.search(file.read_bytes())}
    assert coded <= IN_THE_REGISTER
    for file in files:
        if file.suffix in (".html", ".csv", ".svg", ".json", ".txt"):
            assert names.findall(file.read_text(encoding="utf-8")) == [], file
    with duckdb.connect(public / "lea_vve.duckdb", read_only=True) as connection:
        tables = connection.execute(
            "select distinct table_name from duckdb_columns() where column_name = 'municipality_code'"
        ).fetchall()
    assert sorted(tables) == [("dim_municipality",), ("dim_municipality_year",)]


def test_a_withheld_number_is_nowhere_in_the_public_part(edition: Path) -> None:
    with duckdb.connect(edition / "public" / "lea_vve.duckdb", read_only=True) as connection:
        numbers = "numerator, denominator, value, value_rounded, n_municipalities"
        for table in ("rpt_cells", "rpt_cell_breakdowns"):
            known = connection.execute(
                f"select count(*) from {table} where value_text_nl = '.' and coalesce({numbers}) is not null"
            ).fetchall()
            assert known == [(0,)]
        withheld = connection.execute("select count(*) from rpt_cell_breakdowns where value_text_nl = '.'").fetchall()
    assert withheld[0][0] > 100


def test_what_is_not_public_can_be_read_by_its_owner_and_group_only(edition: Path) -> None:
    """A picture or print that both parts have is one file; nobody else gets to it by way of the inside."""
    public = {path.stat().st_ino: path for path in (edition / "public").rglob("*")}
    assert all(path.stat().st_mode & stat.S_IROTH for path in public.values())
    for audience in ("municipality", "internal"):
        folder = part_folder(edition, audience)
        for path in (folder, *folder.rglob("*")):
            found = path.stat()
            is_of_both = path.suffix in (".png", ".pdf") and found.st_ino in public
            assert not found.st_mode & stat.S_IRWXO or is_of_both, path


def test_a_municipality_gets_nothing_of_another(edition: Path) -> None:
    for part in sorted((edition / "municipalities").iterdir()):
        for file in part.iterdir():
            content = _unpacked(file)
            assert {*CODE.findall(content)} <= {part.name.encode(), *_predecessors(content)}, file


def _unpacked(file: Path) -> bytes:
    if file.suffix != ".xlsx":
        return file.read_bytes()
    with ZipFile(file) as parts:
        return b" ".join(parts.read(name) for name in parts.namelist())


def _predecessors(page: bytes) -> list[bytes]:
    """The codes of the municipalities whose territory it got: those are named on its page."""
    place = page.find(b'id="predecessors"')
    return CODE.findall(page[place : page.find(b"</p>", place)]) if place > 0 else []


@pytest.mark.long
@pytest.mark.sample
def test_a_survey_year_is_broken_down_in_public_once_it_is_final(installation: Installation) -> None:
    file = installation.data / "questionnaires" / "2023" / "questionnaire.yaml"
    final = file.read_text(encoding="utf-8")
    whole = broken_down(installation)
    assert whole[2023] > 500
    shutil.rmtree(installation.editions)  # what was public once, stays

    file.write_text(final.replace("status: final", "status: provisional"), encoding="utf-8")
    assert installation.lea("run").returncode == 0
    assert broken_down(installation)[2023] == 0
    assert "Voorlopige cijfers" in (installation.public / "index.html").read_text(encoding="utf-8")

    file.write_text(final, encoding="utf-8")
    assert installation.lea("run").returncode == 0
    assert broken_down(installation)[2023] == whole[2023]


def broken_down(installation: Installation) -> dict[int, int]:
    """How many numbers about groups are public, by survey year."""
    with duckdb.connect(installation.public / "lea_vve.duckdb", read_only=True) as connection:
        found = connection.execute("""
            select cells.survey_year, count(parts.value)
            from rpt_cell_breakdowns as parts
            inner join rpt_cells as cells using (report, table_id, row_key, column_key)
            where cells.measure not like 'urbanisation%' and cells.measure not like 'disadvantage%'
            group by cells.survey_year
        """).fetchall()
    return dict(found)

"""The lists of an edition on the quality of its numbers (``quality/*.csv``): which they are, and what is in them.

Belongs here: writing them, and their fields. Does not belong here: the page that links to them (``pages/quality``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assets.base.texts import Text
from assets.editions.content.tables import Content
from assets.editions.files.csv_files import ORIGIN_FIELD, write_csv
from assets.editions.files.fields import Field
from assets.editions.files.marts import Mart

if TYPE_CHECKING:
    import duckdb

QUALITY_PAGE, QUALITY = "quality.html", "quality"
# What a list says beyond its model, where the model has the municipality's code only, or is no report with an origin.
_ADDED: dict[str, Field] = {
    "municipality_name": {"name": "municipality_name", "type": "string", "description": "Name of the municipality."},
    "province": {"name": "province", "type": "string", "description": "Its province."},
    "origin": ORIGIN_FIELD,
}


class QualityList(NamedTuple):
    """A CSV file: a model with its columns, in its order or in another one, and what is ``_ADDED``."""

    mart: str
    what: Text
    order: str = "mart.rowid"


LISTS = {
    f"{QUALITY}/reach_decomposition.csv": QualityList(
        "rpt_reach_decomposition",
        Text("waardoor het bereik veranderde, per paar jaren", "what changed the reach, by pair of years"),
    ),
    f"{QUALITY}/panel_exclusions.csv": QualityList(
        "fct_panel_exclusions",
        Text("wie niet in welk panel zit, en waarom", "who is not in which panel, and why"),
    ),
    f"{QUALITY}/response.csv": QualityList(
        "rpt_response",
        Text("respons per jaar, vraag en groep", "response by year, question and group"),
    ),
    f"{QUALITY}/counts_not_given.csv": QualityList(
        "fct_counts_not_given",
        Text("wie welk aantal niet gaf", "who did not give which count"),
    ),
    f"{QUALITY}/reach_bounds.csv": QualityList(
        "rpt_reach_bounds",
        Text("het bereik en zijn grenzen, per jaar en groep", "the reach and its bounds, by year and group"),
    ),
    f"{QUALITY}/plausibility.csv": QualityList(
        "fct_plausibility",
        Text("wat elke regel van elke gemeente zegt", "what every rule says of every municipality"),
        "survey_year, rule_no, municipality_code",
    ),
    f"{QUALITY}/call_list.csv": QualityList(
        "rpt_call_list",
        Text("wie te bellen, en wat te vragen", "whom to call, and what to ask"),
    ),
}


def write_lists(connection: duckdb.DuckDBPyConnection, content: Content, folder: Path, schema: str) -> None:
    """The files of LISTS, in the form of every CSV of an edition."""
    for path, one in LISTS.items():
        columns = [row[0] for row in connection.execute(f"describe {schema}.{one.mart}").fetchall()]
        added = _added_to(columns)
        places = [f"named.{name}" for name in added if name != "origin"]
        rows = connection.execute(
            f"select {', '.join(['mart.*', *places])} from {schema}.{one.mart} as mart"
            f"{f' left join {schema}.dim_municipality as named using (municipality_code)' if places else ''}"
            f" order by {one.order}"
        ).fetchall()
        origin = [content.origin] if "origin" in added else []
        write_csv(folder / path, [*columns, *added], ([*row, *origin] for row in rows))


def list_fields(marts: Sequence[Mart], of_marts: Mapping[str, list[Field]]) -> dict[str, list[Field]]:
    """The fields of the files of LISTS, as a data package names them; of those whose marts there are."""
    columns = {mart.name: list(mart.columns) for mart in marts}
    return {
        path: [*of_marts[one.mart], *(_ADDED[name] for name in _added_to(columns[one.mart]))]
        for path, one in LISTS.items()
        if one.mart in columns
    }


def _added_to(columns: Sequence[str]) -> list[str]:
    has_codes = "municipality_code" in columns
    return [name for name in _ADDED if name not in columns and (has_codes or name == "origin")]

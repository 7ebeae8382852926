"""The lists of an edition on the quality of its numbers (``quality/*.csv``): which they are, and what is in them.

Belongs here: writing them, and their fields. Does not belong here: the page that links to them (``quality.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assets.base.texts import Text
from assets.editions.content.tables import Content
from assets.editions.files.csv_files import write_csv
from assets.editions.files.marts import Mart

if TYPE_CHECKING:
    import duckdb

QUALITY_PAGE, QUALITY = "quality.html", "quality"
_NAME = {"name": "municipality_name", "type": "string", "description": "Name of the municipality."}
_ORIGIN = {"name": "origin", "type": "string"}


class QualityList(NamedTuple):
    """A CSV file: a mart as it stands, with the municipality's name where it has a code only, and the origin."""

    mart: str
    what: Text
    order: str = "all"
    is_named: bool = False

    def columns(self, of_mart: Sequence[str]) -> list[str]:
        return [
            *of_mart,
            *(["municipality_name"] if self.is_named else []),
            *([] if "origin" in of_mart else ["origin"]),
        ]


LISTS = {
    f"{QUALITY}/reach_decomposition.csv": QualityList(
        "rpt_reach_decomposition",
        Text("waardoor het bereik veranderde, per paar jaren", "what changed the reach, by pair of years"),
        "from_reference_year, to_reference_year, step_no",
    ),
    f"{QUALITY}/panel_exclusions.csv": QualityList(
        "fct_panel_exclusions",
        Text("wie niet in welk panel zit, en waarom", "who is not in which panel, and why"),
        is_named=True,
    ),
    f"{QUALITY}/response.csv": QualityList(
        "rpt_response",
        Text("respons per jaar, vraag en groep", "response by year, question and group"),
        "survey_year, question_no, breakdown, category_no",
    ),
    f"{QUALITY}/counts_not_given.csv": QualityList(
        "fct_counts_not_given",
        Text("wie welk aantal niet gaf", "who did not give which count"),
        "survey_year, municipality_code, concept",
        is_named=True,
    ),
    f"{QUALITY}/reach_bounds.csv": QualityList(
        "rpt_reach_bounds",
        Text("het bereik en zijn grenzen, per jaar en groep", "the reach and its bounds, by year and group"),
        "survey_year, breakdown, category_no",
    ),
    f"{QUALITY}/plausibility.csv": QualityList(
        "fct_plausibility",
        Text("wat elke regel van elke gemeente zegt", "what every rule says of every municipality"),
        "survey_year, rule_no, municipality_code",
        is_named=True,
    ),
    f"{QUALITY}/call_list.csv": QualityList(
        "rpt_call_list",
        Text("wie te bellen, en wat te vragen", "whom to call, and what to ask"),
        "call_no, question_no",
    ),
}


def write_lists(connection: duckdb.DuckDBPyConnection, content: Content, folder: Path, schema: str) -> None:
    """The files of LISTS, in the form of every CSV of an edition."""
    for path, one in LISTS.items():
        of_mart = [row[0] for row in connection.execute(f"describe {schema}.{one.mart}").fetchall()]
        name = f"left join {schema}.dim_municipality as named using (municipality_code)" if one.is_named else ""
        order = ", ".join(f"mart.{column}" for column in of_mart) if one.order == "all" else one.order
        rows = connection.execute(
            f"select mart.*{', named.municipality_name' if one.is_named else ''} from {schema}.{one.mart} as mart "
            f"{name} order by {order}"
        ).fetchall()
        origin = [] if "origin" in of_mart else [content.origin]
        write_csv(folder / path, one.columns(of_mart), ([*row, *origin] for row in rows))


def list_fields(marts: Sequence[Mart], of_marts: Mapping[str, list[dict[str, str]]]) -> dict[str, list[dict[str, Any]]]:
    """The fields of the files of LISTS, as a data package names them; of those whose marts there are."""
    known = {mart.name: list(mart.columns) for mart in marts}
    return {
        path: [
            *of_marts[one.mart],
            *([_NAME] if one.is_named else []),
            *([] if "origin" in known[one.mart] else [_ORIGIN]),
        ]
        for path, one in LISTS.items()
        if one.mart in known
    }

"""Writes ``data/registers/report_classification.csv`` and says which classes differ from the observed ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from assets.registers.loader import load_register
from assets.registers.tables import REPORT_CLASSIFICATION_YEARS
from synthetic.classification.solver import ABSENT, Solution, solve

REGISTERS_DIR = Path(__file__).parents[2] / "data" / "registers"


def observed_municipalities(registers_dir: Path) -> pd.DataFrame:
    """The municipalities of both registers with their observed classes in the later year, in order of code.

    Columns: municipality_code, municipality_name, urbanisation_class, address_density, disadvantage_group,
    disadvantage_score, pupils.
    """
    first, last = REPORT_CLASSIFICATION_YEARS
    municipalities = load_register(registers_dir, "municipalities")
    year = municipalities["reference_date"].map(lambda reference_date: reference_date.year)
    earlier = municipalities.loc[year == first, "municipality_code"]
    both = municipalities[(year == last) & municipalities["municipality_code"].isin(earlier)]
    urbanisation = load_register(registers_dir, "urbanisation").query(f"reference_year == {last}")
    disadvantage = load_register(registers_dir, "disadvantage").query(f"layout_year == {last}")
    merged = both.merge(urbanisation, on="municipality_code", validate="1:1")
    merged = merged.merge(disadvantage, on="municipality_code", validate="1:1").sort_values("municipality_code")
    columns = ["municipality_code", "municipality_name", "urbanisation_class", "address_density", "disadvantage_group"]
    return merged[[*columns, "disadvantage_score", "pupils"]].reset_index(drop=True)


def classification(observed: pd.DataFrame, solution: Solution) -> pd.DataFrame:
    """The register ``report_classification``: one row per municipality that is not absent."""
    frame = pd.DataFrame(
        {
            "classification": "thema2022",
            "municipality_code": observed["municipality_code"],
            "urbanisation_class": [solution.chosen[code][0] for code in observed["municipality_code"]],
            "disadvantage_group": [solution.chosen[code][1] for code in observed["municipality_code"]],
            "observed_urbanisation_class": observed["urbanisation_class"],
            "observed_disadvantage_group": observed["disadvantage_group"],
        }
    )
    differs = (frame["urbanisation_class"] != frame["observed_urbanisation_class"]) | (
        frame["disadvantage_group"] != frame["observed_disadvantage_group"]
    )
    frame["changed"] = differs.map({True: "true", False: "false"})
    return frame[frame["urbanisation_class"] != ABSENT[0]]


def report(observed: pd.DataFrame, solution: Solution) -> str:
    """What was changed and who is absent (the smallest first), for whoever runs this."""
    changed, absent = [], []
    for row in observed.sort_values("pupils").to_dict("records"):
        code, name = row["municipality_code"], row["municipality_name"]
        k, group = choice = solution.chosen[code]
        if choice == ABSENT:
            absent.append(f"  {code} {name} ({row['pupils']} pupils)")
            continue
        if k != row["urbanisation_class"]:
            changed.append(
                f"  {code} {name}: class {row['urbanisation_class']} → {k}, {row['address_density']} per km²"
            )
        if group != row["disadvantage_group"]:
            changed.append(f"  {code} {name}: {row['disadvantage_group']} → {group}, score {row['disadvantage_score']}")
    return "\n".join(
        [
            f"{solution.costs[0]} classes differ from the observed ones:",
            *changed,
            "Absent, the smallest first:",
            *absent,
        ]
    )


def main() -> None:
    """Writes the classification register, and says what it rests on."""
    observed = observed_municipalities(REGISTERS_DIR)
    solution = solve(observed)
    frame = classification(observed, solution)
    text = frame.to_csv(index=False, lineterminator="\n")
    (REGISTERS_DIR / "report_classification.csv").write_bytes(text.encode("utf-8"))
    print(report(observed, solution))


if __name__ == "__main__":
    main()

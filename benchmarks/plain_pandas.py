"""The tables of the first edition by a plain pandas script, from the same files: what an analyst would write in an
afternoon.

No checks, no quarantine, no trace, no history. ``python -m benchmarks.plain_pandas DATA_DIR`` prints Tabel 1.10, Tabel
1.11 and Figuur 1.4; a test compares them with the edition, so it is a second opinion on the warehouse too.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import yaml

COUNTS = ["target_toddlers", "places", "reached_toddlers"]


def read_year(data: Path, year: int) -> pd.DataFrame:
    """A survey year's counts and indicators by municipality code: COUNTS, renewed (D1) and one column per indicator."""
    folder = data / "questionnaires" / str(year)
    raw = yaml.load((folder / "questionnaire.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    columns = {q["concept"]: q for q in raw["questions"]}
    frames = []
    for delivery in raw["deliveries"]:
        file = folder / delivery["path"]
        if delivery["format"] == "csv":
            frame = pd.read_csv(file, sep=delivery["delimiter"], encoding=delivery["encoding"], dtype=str)
        elif delivery["format"] == "xlsx":
            header = int(delivery.get("header_row", 1)) - 1
            frame = pd.read_excel(file, sheet_name=delivery["sheet"], header=header, engine="calamine", dtype=object)
        else:
            frame = pd.read_spss(file, convert_categoricals=False)
        key = raw["key_columns"]["municipality_code"]
        codes = frame[key].astype("str").str.extract(r"(\d+)")[0].astype(int).map("GM{:04d}".format)
        wanted = {columns[c]["column"]: c for c in COUNTS}
        if "definition_new" in columns:
            wanted[columns["definition_new"]["column"]] = "renewed"
        if "definition_indicators" in columns:
            question = columns["definition_indicators"]
            wanted |= {
                question["columns"].replace("{code}", o["code"]): f"indicator_{o['code']}" for o in question["options"]
            }
        frames.append(frame[list(wanted)].rename(columns=wanted).set_index(codes.to_numpy()))
    answers = pd.concat(frames)
    answers = answers[~answers.index.duplicated(keep="last")]
    answers = answers.apply(lambda s: pd.to_numeric(s.astype("str").str.replace(",", "."), errors="coerce"))
    given: pd.DataFrame = answers.where(answers >= 0)
    return given


def breadth(now: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """narrow, middle or broad by number of indicators; of the year before where the definition was not renewed."""
    indicators = [str(c) for c in now if str(c).startswith("indicator_")]
    own = now[indicators].sum(axis=1).where(now["renewed"] == 1)
    earlier = before[indicators].sum(axis=1).reindex(now.index)
    return pd.cut(own.fillna(earlier), [0, 3, 6, 9], labels=["narrow", "middle", "broad"])


def tables(data: Path) -> dict[str, pd.DataFrame]:
    """Tabel 1.10, Tabel 1.11 and Figuur 1.4."""
    years = {year: read_year(data, year) for year in (2021, 2022, 2023)}
    now = years[2023]
    both = now[(now["target_toddlers"] > 0) & now["reached_toddlers"].notna()]
    reach = (100 * both["reached_toddlers"] / both["target_toddlers"]).groupby(
        breadth(both, years[2022]), observed=True
    )
    complete = [set(frame.dropna(subset=COUNTS).index) for frame in years.values()]
    panel = sorted(set.intersection(*complete))
    return {
        "tabel_1_10": pd.DataFrame({"number": now[COUNTS].sum(), "municipalities": now[COUNTS].count()}).T,
        "tabel_1_11": pd.DataFrame({"reach": reach.mean(), "municipalities": reach.count()}),
        "figuur_1_4": pd.DataFrame({y - 1: f.loc[panel, COUNTS].sum() for y, f in years.items()}).T.assign(
            n=len(panel)
        ),
    }


def main(data: Path) -> None:
    """Prints the tables."""
    for name, table in tables(data).items():
        print(name, table.round(1).to_string(), sep="\n", end="\n\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Invents what came in about municipalities, and who was selected for interviews.

Belongs here: the files of ``data/signals`` and ``data/interviews``. Does not belong here: cases (``cases.py``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import yaml

from assets.interviews.drawing import draw
from assets.interviews.record import SelectedMunicipality, write_selected
from assets.signals.incoming import IncomingSignal
from synthetic.chance import pick, uniform
from synthetic.municipalities import Municipality, Registers

TEXTS_FILE = Path(__file__).parent / "signals.yaml"
SHARE = 0.05  # of the municipalities, in each domain
INTERVIEWS_OF, INTERVIEWS, SEED = 2021, 22, 2022  # thema2022 §2.3.2: 22 municipalities, after the survey of 2021
SELECTED_ON = date(2022, 3, 1)


def write_signals(municipalities: Mapping[str, Municipality], survey_year: int, folder: Path) -> Path:
    """A file of ``data/signals``: a line per signal, in the order in which they came in."""
    texts = yaml.safe_load(TEXTS_FILE.read_text(encoding="utf-8"))
    lines = []
    for domain, of_domain in texts.items():
        for code, municipality in municipalities.items():
            key = ("signal", survey_year, domain, code)
            if uniform(*key) < SHARE:
                signal = pick(of_domain, "text", *key)
                on = date(survey_year - 1, 9, 1) + timedelta(days=int(uniform("day", *key) * 300))
                text = signal["text"].replace("{name}", municipality.name)
                lines.append([on.isoformat(), code, signal["source"], domain, text, "synthetic"])
    text_of_file = io.StringIO()
    writer = csv.writer(text_of_file, lineterminator="\n")
    writer.writerow(IncomingSignal.model_fields)
    writer.writerows(sorted(lines))
    file = folder / "signals" / f"{survey_year}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text_of_file.getvalue(), encoding="utf-8", newline="")
    return file


def write_interviews(registers: Registers, folder: Path) -> Path:
    """The file of ``data/interviews`` of the thematic report."""
    known = registers.by_year[INTERVIEWS_OF]
    respondents = registers.respondents(INTERVIEWS_OF)
    strata = {code: (str(known[code].urbanisation_class), known[code].disadvantage_group) for code in respondents}
    drawn = [
        SelectedMunicipality.model_validate(
            {
                "municipality_code": code,
                "selected_on": SELECTED_ON,
                "urbanisation_class": known[code].urbanisation_class,
                "disadvantage_group": known[code].disadvantage_group,
                "seed": SEED,
                "origin": "synthetic",
            }
        )
        for code in draw(strata, INTERVIEWS, SEED)
    ]
    file = folder / "interviews" / f"{INTERVIEWS_OF}.csv"
    write_selected(file, drawn)
    return file

"""``python -m synthetic``: rebuilds the bundled deliveries and records, registers hashes, and verifies every figure.

``--out DIR`` writes to another folder and leaves the project untouched.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from synthetic.constraint import load_constraints
from synthetic.deliver import write_deliveries, write_records
from synthetic.files_in import read_survey
from synthetic.generate import generate
from synthetic.responses import routing_errors
from synthetic.verify import ConstraintsBroken, assert_all_hold, count_by_kind, verify

DATA_DIR = Path(__file__).parents[1] / "data"


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0 when every constraint holds."""
    parser = argparse.ArgumentParser(
        prog="python -m synthetic", description="Rebuilds the bundled synthetic deliveries."
    )
    parser.add_argument("--out", type=Path, help="write to this folder instead of data/, hashes untouched")
    out: Path | None = parser.parse_args(arguments).out
    started = time.perf_counter()
    constraints = load_constraints()
    generated = generate(DATA_DIR, constraints)
    for file in [*write_deliveries(generated, DATA_DIR, out), *write_records(generated, DATA_DIR, out)]:
        print(f"wrote {file}")
    survey = read_survey(DATA_DIR, out)
    errors = [e for year, q in survey.questionnaires.items() for e in routing_errors(q, survey.responses[year])]
    outcomes = verify(constraints, survey)
    for kind, (holding, total) in count_by_kind(outcomes).items():
        print(f"{kind:24} {holding:4} of {total:4} hold")
    print(
        f"{sum(o.holds for o in outcomes)} of {len(outcomes)} constraints hold; {time.perf_counter() - started:.0f} s"
    )
    if errors:
        print("\n".join(["routing broken:", *errors[:20]]), file=sys.stderr)
    try:
        assert_all_hold(outcomes)
    except ConstraintsBroken as broken:
        print(broken, file=sys.stderr)
        return 1
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

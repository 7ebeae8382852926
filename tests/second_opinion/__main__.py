"""``python -m tests.second_opinion DATA_DIR WAREHOUSE``: how many values were compared, and the first differences per
table."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tests.second_opinion.compare import compare

SHOWN = 10


def main(data_dir: str, warehouse: str) -> int:
    """1 when anything differs."""
    found = compare(Path(data_dir), Path(warehouse))
    of_table = Counter(difference.table for difference in found.differences)
    for table, number in found.compared.items():
        print(f"{table}: {number} values, {of_table[table]} differences")
        own = (difference for difference in found.differences if difference.table == table)
        for _, difference in zip(range(SHOWN), own, strict=False):
            print(f"  {difference}")
    print(f"{found.total} values compared, {len(found.differences)} differences")
    return int(bool(found.differences))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m tests.second_opinion DATA_DIR WAREHOUSE")
    sys.exit(main(*sys.argv[1:]))

"""``python -m synthetic.rough SEED FOLDER``: writes a rough data folder; then ``LEA_DATA_DIR=FOLDER lea run``."""

from __future__ import annotations

import argparse
from pathlib import Path

from synthetic.rough.folder import make_folder


def main(arguments: list[str] | None = None) -> None:
    """Writes the folder that the arguments ask for, and prints what is particular about it."""
    parser = argparse.ArgumentParser(
        prog="python -m synthetic.rough", description="Writes a data folder with rough answers."
    )
    parser.add_argument("seed", type=int, help="the same seed gives the same folder")
    parser.add_argument("folder", type=Path, help="where to write it; it must not exist")
    parser.add_argument("--municipalities", type=int, help="cut the registers to about so many municipalities")
    chosen = parser.parse_args(arguments)
    if chosen.folder.exists():
        parser.error(f"{chosen.folder} exists already: name a folder that does not")
    print(make_folder(chosen.seed, chosen.folder, chosen.municipalities))


if __name__ == "__main__":
    main()

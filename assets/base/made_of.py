"""Made of what: the files and the code that a table of the lake was made from, by SHA-256, carried by the table itself.

What is up to date, what has to be made again and what may be published follows from comparing these with what is there
now, never from clocks. Belongs here: how that is written, read and compared. Does not belong here: which files a stage
reads (it says so itself), or what the warehouse is made of (``assets/warehouse/made_of.py``)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assets.base.errors import BadInput
from assets.base.files import sha256_of
from assets.base.paths import PROJECT_DIR, DataPaths

METADATA_KEY = "made_of"
CODE = "code"
_STAGES_IMPORTED = re.compile(r"^\s*(?:from|import) assets\.(\w+)", re.MULTILINE)

#: What something was made of: a file below the data folder, or ``code`` → its SHA-256 ('absent' where there is no
#: file).
MadeOf = Mapping[str, str]


def _no_facts(_: DataPaths) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Stage:
    """A stage that writes to the lake. ``inputs``: the files that its tables are made from, of one survey year where
    the stage is partitioned ``by_year`` ('' where it is not). ``facts``: what else they are made from, by name."""

    name: str
    inputs: Callable[[DataPaths, str], Iterable[Path]]
    by_year: bool = False
    facts: Callable[[DataPaths], Mapping[str, str]] = _no_facts

    def made_of(self, paths: DataPaths, survey_year: str = "") -> dict[str, str]:
        """What its tables would be made of now. Raises BadInput when a questionnaire that names its inputs cannot be
        read."""
        files = {file.relative_to(paths.root).as_posix(): file for file in self.inputs(paths, survey_year)}
        hashed = {name: sha256_of(file) if file.is_file() else "absent" for name, file in sorted(files.items())}
        return {CODE: code_version(self.name), **self.facts(paths), **hashed}

    def require(self, paths: DataPaths, names: Iterable[str], survey_year: str = "") -> None:
        """Raises BadInput unless these tables of this stage were made of what is there now: for whoever reads them
        next."""
        now = self.made_of(paths, survey_year)
        for name in names:
            file = table_file(paths.lake, f"{self.name}/{name}", survey_year)
            if why := difference(made_of(file), now):
                raise BadInput(
                    f"{self.name}/{name} {why}", str(file), f"materialize {self.name}/{name} first; 'lea run' does it"
                )


def table_file(lake: Path, table: str, survey_year: str = "") -> Path:
    """The file of a table '<stage>/<name>': one per survey year where it is partitioned."""
    return lake / table.split("/")[1] / f"{survey_year}.parquet" if survey_year else lake / f"{table}.parquet"


def made_of(table: Path) -> dict[str, str] | None:
    """What a table in the lake was made of; None when there is none that can be read."""
    if not table.exists():
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq  # what only looks whether anything has changed reads no table

    try:
        found = (pq.read_metadata(table).metadata or {}).get(METADATA_KEY.encode(), b"{}")
    except pa.ArrowInvalid:  # half of a file, or another: made anew like one that is not there
        return None
    return dict(json.loads(found))


def as_metadata(made: MadeOf) -> dict[str, str]:
    """What a Parquet file says of what it was made of."""
    return {METADATA_KEY: json.dumps(made, sort_keys=True)}


def fingerprint(made: object) -> str:
    """One SHA-256 over what something was made of."""
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()


def difference(then: MadeOf | None, now: MadeOf) -> str:
    """In words, how what something was made of differs from what is there now; '' when it does not."""
    if then is None:
        return "was never made"
    changed = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
    if not changed:
        return ""
    shown = ", ".join("the code of its stage" if name == CODE else name for name in changed[:3])
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    return f"was made before a change in {shown}{more}"


@cache
def code_version(stage: str) -> str:
    """The SHA-256 over the source files of a stage, of the ground, and of every stage that it imports from."""
    files = {file for name in _with_imported(stage) for file in _sources(name)}
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in sorted(files))).hexdigest()


def _with_imported(stage: str) -> set[str]:
    found, ahead = {"base"}, [stage]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            for file in _sources(name):
                ahead += _STAGES_IMPORTED.findall(file.read_text(encoding="utf-8"))
    return found


def _sources(stage: str) -> list[Path]:
    return sorted((PROJECT_DIR / "assets" / stage).rglob("*.py"))

"""The registers in the lake: municipalities, their changes, and the classes that tables are broken down by."""

from typing import TYPE_CHECKING

from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.base.schemas import LakeTable
from assets.registers.checks import REGISTER_CHECKS, check_registers
from assets.registers.inputs import STAGE
from assets.registers.loader import load_registers
from assets.registers.tables import REGISTERS

if TYPE_CHECKING:
    import pandas as pd


@lake_assets(*REGISTERS.values(), name="registers", kinds={"csv"}, checks=REGISTER_CHECKS)
def registers(installation: Installation) -> Written:
    """Reads data/registers, checks it, and writes each register to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        frames = load_registers(paths.registers)
        tables: dict[LakeTable, pd.DataFrame] = {REGISTERS[name]: frame for name, frame in frames.items()}
        yield from write_tables(paths.lake, tables, made, checks=lambda: check_registers(frames))

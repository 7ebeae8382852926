"""The registers in the lake: municipalities, their changes, and the classes that tables are broken down by."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dagster import AssetCheckResult, MaterializeResult, multi_asset

from assets.base.dagster_checks import check_results, check_specs
from assets.base.installation import Installation
from assets.base.lake_assets import materialized, table_spec, write_tables
from assets.base.schemas import LakeTable
from assets.registers.checks import REGISTER_CHECKS, check_registers
from assets.registers.loader import load_registers
from assets.registers.tables import REGISTERS

if TYPE_CHECKING:
    import pandas as pd


@multi_asset(
    name="registers",
    specs=[table_spec(register, {"csv"}) for register in REGISTERS.values()],
    check_specs=check_specs(REGISTER_CHECKS),
)
def registers(installation: Installation) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Reads data/registers, checks it, and writes each register to the lake."""
    with installation.writing() as paths:
        frames = load_registers(paths.registers)
        tables: dict[LakeTable, pd.DataFrame] = {REGISTERS[name]: frame for name, frame in frames.items()}
        write_tables(paths.lake, tables)
    yield from materialized(tables)
    yield from check_results(check_registers(frames))

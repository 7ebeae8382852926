"""The registers in the lake: municipalities, their changes, and the classes that tables are broken down by."""

from collections.abc import Iterator

from dagster import AssetCheckResult, MaterializeResult, multi_asset

from assets.base.dagster_checks import check_results, check_specs
from assets.base.installation import Installation
from assets.base.lake_assets import table_specs, write_tables, written
from assets.base.made_of import fingerprint
from assets.registers.checks import REGISTER_CHECKS, check_registers
from assets.registers.inputs import STAGE
from assets.registers.registers import REGISTERS, load_registers


@multi_asset(
    name="registers",
    specs=table_specs("registers", {name: register.description for name, register in REGISTERS.items()}, {"csv"}),
    check_specs=check_specs(REGISTER_CHECKS),
)
def registers(installation: Installation) -> Iterator[MaterializeResult | AssetCheckResult]:
    """Reads data/registers, checks it, and writes each register to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        frames = load_registers(paths.registers)
        write_tables(paths.lake, "registers", frames, made)
    yield from written("registers", frames)
    yield from check_results(check_registers(frames), fingerprint(made))

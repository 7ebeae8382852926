"""The registers in the lake: municipalities, their changes, and the classes that tables are broken down by."""

from collections.abc import Iterator

from dagster import AssetCheckResult, AssetSpec, MaterializeResult, MetadataValue, multi_asset

from assets.lake import write_table
from assets.registers.checks import REGISTER_CHECKS, check_registers
from assets.registers.registers import REGISTERS, load_registers
from orchestration.checks import asset_key, check_results, check_specs
from orchestration.failures import told_plainly
from orchestration.paths import data_paths
from orchestration.writer import writing


@multi_asset(
    name="registers",
    specs=[
        AssetSpec(
            asset_key(f"registers/{name}"), group_name="registers", description=r.description, kinds={"csv", "parquet"}
        )
        for name, r in REGISTERS.items()
    ],
    check_specs=check_specs(REGISTER_CHECKS),
)
def registers() -> Iterator[MaterializeResult | AssetCheckResult]:
    """Reads data/registers, checks it, and writes each register to the lake."""
    paths = data_paths()
    with told_plainly(), writing():
        frames = load_registers(paths.registers)
        for name, frame in frames.items():
            write_table(frame, paths.lake / "registers" / f"{name}.parquet")
    for name, frame in frames.items():
        yield MaterializeResult(
            asset_key=asset_key(f"registers/{name}"), metadata={"dagster/row_count": MetadataValue.int(len(frame))}
        )
    yield from check_results(check_registers(frames))

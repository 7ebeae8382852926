"""Incoming signals in the lake."""

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import REGISTER_ASSETS, codes_of_registers
from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.registers.inputs import STAGE as REGISTERS
from assets.signals.incoming import INCOMING, load_incoming
from assets.signals.inputs import STAGE


@lake_assets(INCOMING, kinds={"csv"}, deps=REGISTER_ASSETS)
def incoming_signals(installation: Installation) -> Written:
    """Reads data/signals and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        REGISTERS.require(paths, REGISTERS_READ)
        registered = codes_of_registers(paths.questionnaires, paths.lake)
        yield from write_tables(paths.lake, {INCOMING: load_incoming(paths.signals, registered)}, made)

"""Who was selected for an interview, in the lake."""

from assets.answers.inputs import REGISTERS_READ
from assets.answers.municipalities import REGISTER_ASSETS, codes_of_registers
from assets.base.installation import Installation
from assets.base.lake_assets import Written, lake_assets, write_tables
from assets.interviews.inputs import STAGE
from assets.interviews.record import SELECTED, load_selected
from assets.registers.inputs import STAGE as REGISTERS


@lake_assets(SELECTED, kinds={"csv"}, deps=REGISTER_ASSETS)
def selected_for_interviews(installation: Installation) -> Written:
    """Reads data/interviews and writes it to the lake."""
    with installation.writing() as paths:
        made = STAGE.made_of(paths)
        REGISTERS.require(paths, REGISTERS_READ)
        registered = codes_of_registers(paths.questionnaires, paths.lake)
        yield from write_tables(paths.lake, {SELECTED: load_selected(paths.interviews, registered)}, made)

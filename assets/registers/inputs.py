"""The files that the tables of registers are made from."""

from assets.base.made_of import Stage

STAGE = Stage("registers", lambda paths, _: paths.registers.glob("*.csv"))

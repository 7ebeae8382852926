"""The file that the rules of disclosure control are made from."""

from assets.base.made_of import Stage

STAGE = Stage("disclosure", lambda paths, _: [paths.disclosure])

"""The files that the tables of raw deliveries are made from."""

from assets.base.made_of import Stage
from assets.questionnaires.loader import year_files

STAGE = Stage("raw", lambda paths, year: year_files(paths.questionnaires, year), by_year=True)

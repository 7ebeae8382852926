"""The files that the tables of questionnaires are made from."""

from assets.base.made_of import Stage
from assets.questionnaires.loader import questionnaire_files

STAGE = Stage("questionnaires", lambda paths, _: [*questionnaire_files(paths.questionnaires), paths.settings])

"""The files that the tables of coding are made from."""

from assets.base.made_of import Stage
from assets.coding.coded import coded_files
from assets.coding.frames import frame_files
from assets.questionnaires.loader import questionnaire_files

STAGE = Stage(
    "coding",
    lambda paths, _: [
        *frame_files(paths.coding),
        *coded_files(paths.coding),
        *questionnaire_files(paths.questionnaires),
    ],
)

"""The files that the tables of risk analysis are made from."""

from assets.base.made_of import Stage
from assets.questionnaires.loader import questionnaire_files

STAGE = Stage("risk", lambda paths, _: [*paths.risk.glob("*.yaml"), *questionnaire_files(paths.questionnaires)])

"""Which survey year an edition is of: the setting, or the newest year that is ready.

Belongs here: that choice. Does not belong here: what the setting may be (``assets/base/settings.py``).
"""

from __future__ import annotations

from collections.abc import Iterable

from assets.base.errors import BadInput
from assets.base.settings import Settings
from assets.questionnaires.model import Questionnaire


def edition_year(settings: Settings, questionnaires: Iterable[Questionnaire]) -> int:
    """The survey year that is published: the setting, or the newest questionnaire that is past 'planned' and has a
    delivery.

    Raises BadInput when there is none.
    """
    ready = _ready(questionnaires)
    if (year := _chosen(settings, ready)) is not None:
        return year
    raise BadInput(
        f"There is nothing to publish for survey year {settings.edition.survey_year}",
        "setting edition.survey_year",
        f"choose one of {', '.join(map(str, sorted(ready))) or '(no questionnaire is past planned)'}, or 'newest'",
    )


def edition_year_if_any(settings: Settings, questionnaires: Iterable[Questionnaire]) -> int | None:
    """``edition_year``, None where nothing can be published yet."""
    return _chosen(settings, _ready(questionnaires))


def _ready(questionnaires: Iterable[Questionnaire]) -> list[int]:
    return [q.survey_year for q in questionnaires if q.status != "planned" and q.deliveries]


def _chosen(settings: Settings, ready: list[int]) -> int | None:
    chosen = settings.edition.survey_year
    if chosen == "newest":
        return max(ready, default=None)
    return chosen if chosen in ready else None

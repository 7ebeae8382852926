"""How a BadInput reaches whoever started a run: as one failure with what, where and how to mend it, without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Failure, MetadataValue

from assets.base.errors import BadInput


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turns BadInput into a Dagster failure that is not tried again: the same input would be refused again."""
    try:
        yield
    except BadInput as error:
        raise Failure(
            description=str(error),
            metadata={
                "what": MetadataValue.text(error.what),
                "where": MetadataValue.text(error.where),
                "remedy": MetadataValue.text(error.remedy),
            },
            allow_retries=False,
        ) from None

"""The installation as a Dagster resource: where its data are, its settings, and the right to write.

Belongs here: what an asset needs to know of the place it runs in. Does not belong here: what the paths and settings are
(``paths.py``, ``settings.py``), how the lock works (``writer.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from dagster import ConfigurableResource, Failure, InitResourceContext, MetadataValue

from assets.base.errors import BadInput, no_room
from assets.base.paths import DataPaths, data_paths
from assets.base.settings import Settings, load_settings
from assets.base.writer import require_room, showing_life, writing

TRANSIENT = "transient"  # in the metadata of a failure: whether the same could succeed later, as when the disk was full


class Installation(ConfigurableResource):  # type: ignore[type-arg]
    """The installation in force. It reads nothing before it is asked."""

    @property
    def paths(self) -> DataPaths:
        """The data folder: ``LEA_DATA_DIR``, or the project's own."""
        return data_paths()

    @property
    def settings(self) -> Settings:
        """Its ``settings.yaml``. Raises BadInput when it cannot be used."""
        return load_settings(self.paths.settings)

    @contextmanager
    def yield_for_execution(self, context: InitResourceContext) -> Iterator[Self]:
        """For as long as a run lasts: it shows life, and nobody else writes. Outside of a run: just the place."""
        if context.run is None:
            yield self
            return
        with showing_life(self.paths, context.run.run_id), plain_failures(), writing(self.paths):
            require_room(self.paths)
            yield self

    @contextmanager
    def writing(self) -> Iterator[DataPaths]:
        """Holds the writer's lock and gives the paths; what cannot be used ends the step with a message for people."""
        with plain_failures(), writing(self.paths):
            yield self.paths


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turns BadInput, and a full disk, into a Dagster failure that is not tried again: it would fail again."""
    try:
        yield
    except Exception as found:
        error = found if isinstance(found, BadInput) else no_room(found)
        if error is None:
            raise
        raise Failure(
            description=str(error),
            metadata={
                "what": MetadataValue.text(error.what),
                "where": MetadataValue.text(error.where),
                "remedy": MetadataValue.text(error.remedy),
                TRANSIENT: MetadataValue.bool(not isinstance(found, BadInput)),
            },
            allow_retries=False,
        ) from None

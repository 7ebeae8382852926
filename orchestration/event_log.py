"""Dagster's SQLite event log with its connections kept open.

The stock log makes a new engine and a new connection for every statement and closes it again, which compiles the same
SQL anew and, the last connection being closed, folds the write-ahead log into the database each time: 20 ms an event,
and a run has over 300 events. This one keeps an engine with one connection a database, and what it has learnt of its
tables (docs/performance.md). Nothing else differs: the same files, the same tables, and the stock class reads what this
one wrote.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.event import listen
from sqlalchemy.pool import StaticPool

# One database a run, and the index: a webserver that shows many runs lets go of those it looked at longest ago.
KEPT_OPEN = 8
BUSY_TIMEOUT_SECONDS = 60


class KeptSqliteEventLogStorage(SqliteEventLogStorage):
    """The event log in ``$DAGSTER_HOME/history/runs``, as Dagster's own default lays it out."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """No configuration: it lies in the instance's folder."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: object) -> Self:  # noqa: ARG003
        """As Dagster makes it from dagster.yaml."""
        return cls(str(Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine, for_index_shard=shard == INDEX_SHARD_NAME)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                # The lock around every use makes one connection safe for all threads.
                connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            listen(engine, "connect", _trust_the_write_ahead_log)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        while len(self._engines) > KEPT_OPEN:
            oldest = next(name for name in self._engines if name != INDEX_SHARD_NAME)
            self._engines.pop(oldest).dispose()
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        """Whether the index has it. The stock log makes an engine to ask it again for every materialization; a table
        that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def delete_events(self, run_id: str) -> None:
        """Removes a run's database too: the stock log leaves it, emptied and as large as it was."""
        super().delete_events(run_id)
        with self._db_lock:
            if run_id in self._engines:
                self._engines.pop(run_id).dispose()
            self._initialized_dbs.discard(run_id)
            file = Path(self.path_for_shard(run_id))
            for one in (file, *(file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm"))):
                one.unlink(missing_ok=True)

    def dispose(self) -> None:
        """Lets go of every database."""
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
        super().dispose()


def _trust_the_write_ahead_log(connection: Any, _record: object) -> None:
    """No wait for the disk at every commit: with a write-ahead log a power cut can lose the last events, never the
    file."""
    connection.execute("pragma synchronous = normal")

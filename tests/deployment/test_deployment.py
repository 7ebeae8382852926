"""A year on a server: taken in and published by its services, though each of them is killed on the way."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.deployment.server import DEPLOYMENT, SERVICES, Server, postgresql
from tests.pipeline.conftest import install
from tests.pipeline.test_by_itself import Daemon, until
from tests.ui.test_dagster_ui import free_port

pytestmark = [
    pytest.mark.deployment,
    pytest.mark.skipif(postgresql() is None, reason="there is no PostgreSQL: 'apt-get install postgresql' as root"),
]
SETTINGS = {
    "annual_run": {"cron": "* * * * *", "timezone": "UTC"},
    "delivery_sensor": {"every_seconds": 30},
    "retries": {"pause_seconds": 0},
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """With all services started at once on an empty database, and the first edition."""
    folder = Path(tempfile.mkdtemp(prefix="lea-"))
    ports = {"LEA_ENGINEERS_PORT": str(free_port()), "LEA_STEWARDS_PORT": str(free_port())}
    started = Server(folder, ports)
    try:
        install_on(started)
        started.start_postgres()
        until("PostgreSQL", started.has_postgres)
        started.run(str(postgresql() / "createdb"), "-h", str(folder / "postgres"), "lea_vve")
        started.start(*SERVICES)
        print(started.lea("run"))
        yield started
    finally:
        started.stop_all()
        shutil.rmtree(folder)


def install_on(server: Server) -> None:
    install(server.folder)
    settings = server.data / "settings.yaml"
    given = yaml.safe_load(settings.read_text(encoding="utf-8"))
    settings.write_text(yaml.safe_dump(given | SETTINGS), encoding="utf-8")
    server.dagster_home.mkdir()
    (server.dagster_home / "dagster.yaml").symlink_to(DEPLOYMENT / "dagster.yaml")
    server.hand_over()


def test_x(server: Server) -> None:
    print(server.lea("status"))
    print(server.ask("query {version}"))
    for s in SERVICES:
        print(s, server.log(s).read_text())

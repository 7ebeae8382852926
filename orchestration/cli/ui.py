"""``lea ui``: the Dagster UI on the installation, and its editions over http, both on this machine only."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from assets.base.errors import BadInput
from assets.base.paths import INSTALLATION_DIR, DataPaths, data_paths
from assets.base.settings import load_settings
from orchestration.cli.console import console
from orchestration.cli.run import prepare_dagster_home
from orchestration.runs import end_dead_runs
from orchestration.upkeep.instance import is_on_postgres, opened

DESK = "assets/quality/desk"


def start_ui(port: int) -> int:
    """Starts both, says where the desk is, and waits; returns Dagster's exit code."""
    paths = data_paths()
    editions_url = load_settings(paths.settings).ui.editions_url
    home = prepare_dagster_home()
    if is_on_postgres(home):
        remedy = "look there; 'systemctl start lea-vve.target' starts them"
        raise BadInput("The services of this server have the UI, and the one daemon", str(home), remedy)
    with opened(home) as instance:
        end_dead_runs(instance)
    with _served(paths, editions_url):
        console.print(f"the desk: http://127.0.0.1:{port}/{DESK}", markup=False)
        console.print(f"editions: {editions_url}", markup=False)
        dg = [str(Path(sys.executable).with_name("dg")), "dev", "-w", "workspace.yaml", "--port", str(port)]
        try:
            return subprocess.run([*dg, "--host", "127.0.0.1"], cwd=INSTALLATION_DIR, check=False).returncode
        except KeyboardInterrupt:
            return 0


@contextmanager
def _served(paths: DataPaths, url: str) -> Iterator[None]:
    """Serves the editions while this lasts, where the setting names a port of this machine; else somebody else does."""
    address = urlsplit(url)
    if address.hostname not in ("127.0.0.1", "localhost"):
        yield
        return
    paths.editions.mkdir(parents=True, exist_ok=True)
    command = ["-m", "http.server", str(address.port), "--bind", "127.0.0.1", "--directory", str(paths.editions)]
    server = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        server.terminate()

"""What a server is started with, as files: units, containers and settings say the same, and every setting is explained.

That the commands work is held by ``tests/deployment``, which starts them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.base.paths import PROJECT_DIR
from tests.deployment.server import CODE, DEPLOYMENT, SERVICES, command_of, environment_of

SETTING = re.compile(r"\bLEA_[A-Z]+(?:_[A-Z]+)*\b")
READERS = ("assets", "orchestration", "dbt_project", "deployment", "docs/cookbook.ipynb", "tests/reliability.py")
NO_READERS = {"README.md", "environment.example"}
COMPOSE = yaml.safe_load((DEPLOYMENT / "compose.yaml").read_text(encoding="utf-8"))
EXAMPLE = (DEPLOYMENT / "environment.example").read_text(encoding="utf-8")
SETTINGS = {"DAGSTER_HOME", *SETTING.findall(EXAMPLE)}


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def files_below(name: str) -> list[Path]:
    path = PROJECT_DIR / name
    found = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return [one for one in found if one.suffix not in (".pyc", ".ttf") and one.name not in NO_READERS]


def test_every_setting_of_the_environment_is_in_the_table_and_is_read() -> None:
    _, table = text_of(DEPLOYMENT / "README.md").split("## The settings of the environment")
    explained = set(SETTING.findall("\n".join(re.findall(r"^\|[^|]+\|", table.split("\n## ")[0], re.MULTILINE))))
    read = {name for reader in READERS for file in files_below(reader) for name in SETTING.findall(text_of(file))}
    assert explained == read


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_starts_what_its_unit_starts(service: str) -> None:
    in_a_container = COMPOSE["services"][service]["command"].replace("--host 0.0.0.0", "--host 127.0.0.1")
    assert in_a_container == command_of(service)
    named = set(re.findall(r"\$\{(\w+)\}", command_of(service)))
    assert named <= SETTINGS


def test_the_containers_have_every_setting_of_the_example() -> None:
    handed_on = set(COMPOSE["x-service"]["environment"]) | {
        name for service in SERVICES for name in SETTING.findall(command_of(service))
    }
    assert handed_on == SETTINGS


def test_the_target_starts_every_service() -> None:
    (wanted,) = re.findall(r"^Wants=(.+)$", text_of(DEPLOYMENT / "systemd" / "lea-vve.target"), re.MULTILINE)
    assert wanted.split() == [f"lea-vve-{service}.service" for service in SERVICES]
    assert set(COMPOSE["services"]) == {*SERVICES, "postgres"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    units = shutil.copytree(DEPLOYMENT / "systemd", tmp_path / "units")
    files = [file for file in sorted(units.iterdir()) if file.is_file()]
    for file in files:
        file.write_text(text_of(file).replace(CODE, str(PROJECT_DIR)), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *files],
        env={"SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stderr, done.returncode) == ("", 0)


def without_storage(file: Path) -> dict[str, Any]:
    settings = yaml.safe_load(text_of(file))
    return {name: setting for name, setting in settings.items() if "storage" not in name}


def test_the_instance_of_a_server_differs_from_a_checkouts_in_its_storage_only() -> None:
    checkout = PROJECT_DIR / "dagster_home" / "dagster.yaml"
    assert without_storage(DEPLOYMENT / "dagster.yaml") == without_storage(checkout)


def test_the_code_location_has_the_same_name_as_in_a_checkout() -> None:
    (server,) = yaml.safe_load(text_of(DEPLOYMENT / "workspace.yaml"))["load_from"]
    (checkout,) = yaml.safe_load(text_of(PROJECT_DIR / "workspace.yaml"))["load_from"]
    assert server["grpc_server"]["location_name"] == checkout["python_module"]


def test_the_example_is_what_the_readme_installs() -> None:
    example = environment_of(EXAMPLE)
    readme = text_of(DEPLOYMENT / "README.md")
    for name in ("LEA_DATA_DIR", "DAGSTER_HOME"):
        assert example[name] in readme
    assert f"port {example['LEA_ENGINEERS_PORT']}" in readme
    assert f"port {example['LEA_STEWARDS_PORT']}" in readme

"""The stages: every folder ``assets/<stage>`` that has ``assets.py``, and ``inputs.py`` where it writes to the lake.

Belongs here: finding and loading them. A stage whose assets are known only after reading something (dbt's project) has
a function ``definitions()`` there; of any other stage, everything that its module declares is taken. Does not belong
here: any stage's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import assets
from assets.base.made_of import Stage

if TYPE_CHECKING:  # whoever only asks what the stages are made of does without Dagster
    from dagster import Definitions


def load_stages() -> Definitions:
    """The assets and checks of all stages."""
    from dagster import Definitions

    return Definitions.merge(*_stages())


def stages_of_lake() -> list[Stage]:
    """The stages that write to the lake, each with the files that it is made from."""
    return [import_module(module).STAGE for module in _modules("inputs")]


def _stages() -> Iterator[Definitions]:
    from dagster import AssetSpec, Definitions, load_asset_checks_from_modules, load_assets_from_modules

    for name in _modules("assets"):
        module = import_module(name)
        if hasattr(module, "definitions"):
            yield module.definitions()
        else:
            specs = [one for one in vars(module).values() if isinstance(one, AssetSpec)]
            yield Definitions(
                assets=[*load_assets_from_modules([module]), *specs],
                asset_checks=load_asset_checks_from_modules([module]),
            )


def _modules(name: str) -> list[str]:
    files = sorted(Path(assets.__path__[0]).glob(f"*/{name}.py"))
    return [f"assets.{file.parent.name}.{name}" for file in files]

"""The stages: every folder ``assets/<stage>`` that has ``assets.py``.

Belongs here: finding and loading them. A stage whose assets are known only after reading something (dbt's project) has
a function ``definitions()`` there; of any other stage, everything that its module declares is taken. Does not belong
here: any stage's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from dagster import AssetSpec, Definitions, load_asset_checks_from_modules, load_assets_from_modules

import assets


def load_stages() -> Definitions:
    """The assets and checks of all stages."""
    return Definitions.merge(*_stages())


def _stages() -> Iterator[Definitions]:
    for file in sorted(Path(assets.__path__[0]).glob("*/assets.py")):
        module = import_module(f"assets.{file.parent.name}.assets")
        if hasattr(module, "definitions"):
            yield module.definitions()
        else:
            specs = [one for one in vars(module).values() if isinstance(one, AssetSpec)]
            yield Definitions(
                assets=[*load_assets_from_modules([module]), *specs],
                asset_checks=load_asset_checks_from_modules([module]),
            )

"""DuckLake is held against the warehouse of a whole run."""

from __future__ import annotations

from tests.pipeline.conftest import ran

__all__ = ["ran"]

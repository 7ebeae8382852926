"""The attack is on what comes of a whole run."""

from __future__ import annotations

from tests.pipeline.conftest import ran

__all__ = ["ran"]

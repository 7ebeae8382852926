"""Rough folders are made where the tests of whole runs make their installations."""

from __future__ import annotations

from tests.pipeline.conftest import place, ran

__all__ = ["place", "ran"]

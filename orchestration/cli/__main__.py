"""``python -m orchestration.cli``: the same as ``lea``."""

from orchestration.cli import app

app(prog_name="lea")

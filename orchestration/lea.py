"""The command ``lea``: where the interpreter enters. Ctrl-C while Python still loads the rest ends it without a trace.

Does not belong here: any command (``cli``), or how a run is stopped (``stopping.py``).
"""

from __future__ import annotations

import signal


def main() -> None:
    """Loads the command line, and does what was typed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from orchestration.cli import app

    signal.signal(signal.SIGINT, signal.default_int_handler)
    app(prog_name="lea")

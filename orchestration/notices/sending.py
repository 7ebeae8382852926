"""Sending what is open now: each thing once, until it changes or ends, to the role that looks after its asset.

What was sent is kept in ``DAGSTER_HOME/notices.json``, so that a restart does not repeat it. A channel that fails is
logged, and what it did not take is sent at the next look. Belongs here: who hears of it, and what was sent. Does not
belong here: what is open (``open_now.py``), how it goes out (``channels.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from assets.base.files import written_aside
from assets.base.settings import Role, Settings
from orchestration.notices.channels import LOG, NotSent, Unreachable, channel
from orchestration.notices.notice import Message, Notice

SENT = "notices.json"
NOBODY = "whoever looks after the monitor"
SECONDS_TO_WAIT = 60  # for another process that sends


def send_new(notices: Iterable[Notice], settings: Settings, home: Path, now: datetime, *, is_all: bool = True) -> bool:
    """Sends those that were not sent yet; whether all went out. Where ``notices`` ``is_all``, what is not among them
    has ended, and is sent anew when it comes back."""
    with FileLock(home / f".{SENT}.lock", timeout=SECONDS_TO_WAIT):
        sent = _sent_before(home / SENT)
        found = {one.key: one for one in notices}
        known = ({} if is_all else sent) | {key: sent.get(key, {"since": now.isoformat()}) for key in found}
        new = [one for key, one in found.items() if known[key].get("state") != _state(one)]
        all_went_out = True
        for message in _messages(new, known, settings):
            try:
                channel(settings.notices)(message)
            except NotSent as error:
                LOG.error("Not sent to %s, and tried again at the next look: %s", message.role, error)
                all_went_out = False
                if isinstance(error, Unreachable):
                    break
                continue
            known |= {one.key: {**known[one.key], "state": _state(one)} for one, _ in message.notices}
        if known != sent:
            with written_aside(home / SENT) as aside:
                aside.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
        return all_went_out


def _state(notice: Notice) -> str:
    return f"{notice.how_much} {notice.state}"


def _messages(new: Iterable[Notice], known: Mapping[str, Mapping[str, str]], settings: Settings) -> Iterator[Message]:
    role_of = {group: one for one in settings.owners for group in one.groups}
    by_role: dict[Role | None, list[tuple[Notice, datetime]]] = {}
    for notice in new:
        since = datetime.fromisoformat(known[notice.key]["since"])
        by_role.setdefault(role_of.get(notice.asset.split("/")[0]), []).append((notice, since))
    for role, dated in by_role.items():
        to = (role.email if role else None) or settings.notices.email
        yield Message(role.role if role else NOBODY, to, dated, settings.ui.dagster_url.rstrip("/"))


def _sent_before(file: Path) -> dict[str, dict[str, str]]:
    """Key of a notice → since when it is so, and its state when it was sent, if it was. Empty where that cannot be
    read: all is sent once more."""
    try:
        sent: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return sent

"""``lea run`` informs people, once, of nothing that was delivered; and what it sends to never fails it."""

from __future__ import annotations

import json

import pytest

from tests.pipeline.conftest import Installation
from tests.unit.orchestration.receivers import free_port, web_address

pytestmark = pytest.mark.slow

WRONG = """
corrections:
  - {municipality: GM0014, question: L1a, expected: '9', value: '1', reason: a test, who: a steward, when: 2024-01-10}
"""


def test_a_refusal_is_sent_once_and_a_dead_channel_fails_no_run(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = installation.data / "settings.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("channel: log", "channel: webhook"), "utf-8")
    record = installation.dagster_home / "notices.json"
    corrections = installation.data / "corrections" / "2023.yaml"

    with web_address() as web:
        monkeypatch.setenv("LEA_NOTICES_URL", web.url)
        assert installation.lea("run").returncode == 0
        assert {post["role"] for post in web.posts} == {"analysts"}  # what warns in the bundled answers
        record.unlink()
        assert "Nothing has changed" in installation.lea("run").stdout
        assert [post["role"] for post in web.posts] == ["analysts", "analysts"]
        web.posts.clear()

        corrections.write_text(WRONG, encoding="utf-8")
        refused = installation.lea("run")
        assert refused.returncode == 1
        assert "GM0014" in refused.stdout
        (post,) = web.posts
        assert (post["role"], post["notices"][0]["what"]) == ("stewards", "was refused")
        assert "GM0014" not in json.dumps(post)

        assert installation.lea("run").returncode == 1
        assert len(web.posts) == 1

    corrections.unlink()
    monkeypatch.setenv("LEA_NOTICES_URL", f"http://127.0.0.1:{free_port()}/")
    record.unlink()
    result = installation.lea("run")
    assert (result.returncode, "Not sent to" in result.stderr) == (0, True), result.stdout + result.stderr

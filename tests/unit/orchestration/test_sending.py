"""Notices go to the role that looks after the asset, by a real mail server or a real web address; each once."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assets.base.settings import Settings
from orchestration.notices.notice import Notice
from orchestration.notices.sending import send_new
from tests.unit.orchestration.receivers import PASSWORD, MailServer, WebAddress, free_port, mail_server, web_address

NOW = datetime(2026, 11, 28, 16, 40, tzinfo=UTC)
OWNERS: list[dict[str, Any]] = [
    {"role": "stewards", "groups": ["answers"], "email": "stewards@example.org"},
    {"role": "analysts", "groups": ["marts"]},
]
FAILS = Notice(
    "one row per municipality: warns", "answers/answers", "2023", "call them", "/assets/a", how_much="2 rows"
)
FAILS_MORE = Notice(
    "one row per municipality: warns", "answers/answers", "2023", "call them", "/assets/a", how_much="3 rows"
)
OF_ANALYSTS = Notice("was refused", "marts/fct_reach", "", "read its message", "/runs/1", state="one")
OF_NOBODY = Notice("was refused", "coding/codes", "", "read its message", "/runs/2")


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebAddress]:
    with web_address() as address:
        monkeypatch.setenv("LEA_NOTICES_URL", address.url)
        yield address


def by_mail(port: int, **smtp: Any) -> Settings:
    server = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "monitor@example.org", **smtp}
    notices = {"channel": "email", "email": "all@example.org", "smtp": server}
    return Settings.model_validate({"owners": OWNERS, "notices": notices})


BY_WEBHOOK = Settings.model_validate({"owners": OWNERS, "notices": {"channel": "webhook"}})


def heard_at(web: WebAddress) -> list[tuple[str, list[str]]]:
    """Role and assets of each message, and forgets them."""
    messages = [(one["role"], [notice["asset"] for notice in one["notices"]]) for one in web.posts]
    web.posts.clear()
    return messages


def test_mail_goes_to_the_role_or_else_to_whoever_is_left(mail: MailServer, tmp_path: Path) -> None:
    assert send_new([FAILS, OF_ANALYSTS, OF_NOBODY], by_mail(mail.port), tmp_path, NOW)
    assert [(one["To"], one["Subject"]) for one in mail.mails] == [
        ("stewards@example.org", "LEA/vve monitor: 1 thing for stewards"),
        ("all@example.org", "LEA/vve monitor: 1 thing for analysts"),
        ("all@example.org", "LEA/vve monitor: 1 thing for whoever looks after the monitor"),
    ]
    assert mail.mails[0]["From"] == "monitor@example.org"
    assert mail.mails[0].get_content().splitlines() == [
        "answers/answers of 2023: one row per municipality: warns, 2 rows",
        "  since:      2026-11-28 16:40 UTC",
        "  what to do: call them",
        "  look at:    http://127.0.0.1:3000/assets/a",
    ]


def test_the_password_is_in_the_environment(mail: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEA_SMTP_PASSWORD", PASSWORD)
    assert send_new([FAILS], by_mail(mail.port, user="monitor"), tmp_path, NOW)
    assert len(mail.mails) == 1


def test_a_webhook_gets_the_same_as_json(web: WebAddress, tmp_path: Path) -> None:
    assert send_new([FAILS], BY_WEBHOOK, tmp_path, NOW)
    (post,) = web.posts
    text = post.pop("text")
    assert post == {
        "role": "stewards",
        "subject": "LEA/vve monitor: 1 thing for stewards",
        "notices": [
            {
                "what": "one row per municipality: warns",
                "how_much": "2 rows",
                "asset": "answers/answers",
                "survey_year": "2023",
                "since": "2026-11-28T16:40+00:00",
                "what_to_do": "call them",
                "link": "http://127.0.0.1:3000/assets/a",
            }
        ],
    }
    assert text.startswith("LEA/vve monitor: 1 thing for stewards\n\nanswers/answers of 2023: one row")


def test_the_log_is_a_channel_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert send_new([FAILS], Settings(), tmp_path, NOW)
    assert send_new([FAILS], Settings(), tmp_path, NOW)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "one row per municipality: warns, 2 rows" in caplog.text


@pytest.mark.parametrize(
    ("looks", "heard"),
    [
        ([[FAILS], [FAILS]], [["stewards"], []]),
        ([[FAILS], [FAILS_MORE]], [["stewards"], ["stewards"]]),
        ([[FAILS], [FAILS, OF_ANALYSTS]], [["stewards"], ["analysts"]]),
        ([[FAILS], [], [FAILS]], [["stewards"], [], ["stewards"]]),
        ([[], [OF_ANALYSTS]], [[], ["analysts"]]),
    ],
)
def test_each_thing_is_sent_once_until_it_changes_or_ends(
    web: WebAddress, tmp_path: Path, looks: list[list[Notice]], heard: list[list[str]]
) -> None:
    for found, roles in zip(looks, heard, strict=True):
        assert send_new(found, BY_WEBHOOK, tmp_path, NOW)
        assert [role for role, _ in heard_at(web)] == roles


def test_what_changes_keeps_since_when(web: WebAddress, tmp_path: Path) -> None:
    send_new([FAILS], BY_WEBHOOK, tmp_path, NOW)
    send_new([FAILS_MORE], BY_WEBHOOK, tmp_path, NOW + timedelta(days=1))
    assert [post["notices"][0]["since"] for post in web.posts] == ["2026-11-28T16:40+00:00"] * 2


def test_what_was_sent_is_in_a_file_and_a_damaged_one_sends_all_again(web: WebAddress, tmp_path: Path) -> None:
    send_new([FAILS], BY_WEBHOOK, tmp_path, NOW)
    (kept,) = [file for file in tmp_path.iterdir() if file.suffix == ".json"]
    assert list(json.loads(kept.read_text(encoding="utf-8"))) == [FAILS.key]
    kept.write_text('{"half', encoding="utf-8")
    send_new([FAILS], BY_WEBHOOK, tmp_path, NOW)
    assert len(web.posts) == 2


@pytest.mark.parametrize(
    ("status", "url", "why"),
    [
        (500, None, "the webhook: HTTPError: HTTP Error 500"),
        (404, None, "the webhook: HTTPError: HTTP Error 404"),
        (204, "", "LEA_NOTICES_URL holds no address"),
        (204, "file:///etc/passwd?key=secret", "LEA_NOTICES_URL holds no address"),
        pytest.param(204, f"http://127.0.0.1:{free_port()}/?key=secret", "the webhook: URLError", id="nobody listens"),
    ],
)
def test_a_webhook_that_fails_is_logged_and_tried_again(
    web: WebAddress,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    status: int,
    url: str | None,
    why: str,
) -> None:
    web.answers = status
    with monkeypatch.context() as broken:
        if url is not None:
            broken.setenv("LEA_NOTICES_URL", url)
        assert not send_new([FAILS, OF_ANALYSTS], BY_WEBHOOK, tmp_path, NOW)
    assert why in caplog.text
    assert "secret" not in caplog.text
    web.answers = 204
    assert send_new([FAILS, OF_ANALYSTS], BY_WEBHOOK, tmp_path, NOW + timedelta(hours=1))
    assert [post["notices"][0]["since"] for post in web.posts] == ["2026-11-28T16:40+00:00"] * 2


def test_one_address_that_is_refused_keeps_nobody_else_from_hearing(
    mail: MailServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mail.refuses = "stewards@example.org"
    assert not send_new([FAILS, OF_ANALYSTS], by_mail(mail.port), tmp_path, NOW)
    assert [one["To"] for one in mail.mails] == ["all@example.org"]
    assert "Not sent to stewards" in caplog.text
    mail.refuses = ""
    assert send_new([FAILS, OF_ANALYSTS], by_mail(mail.port), tmp_path, NOW)
    assert [one["To"] for one in mail.mails] == ["all@example.org", "stewards@example.org"]


@pytest.mark.parametrize(
    "smtp", [{"port": free_port()}, {"security": "starttls"}, {"security": "tls"}, {"user": "monitor"}]
)
def test_a_mail_server_that_does_not_do_what_the_settings_ask_is_logged(
    mail: MailServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    smtp: dict[str, Any],
) -> None:
    monkeypatch.setenv("LEA_SMTP_PASSWORD", "the wrong secret")
    monkeypatch.setattr("orchestration.notices.channels.SECONDS_TO_ANSWER", 0.3)
    assert not send_new([FAILS], by_mail(**{"port": mail.port, **smtp}), tmp_path, NOW)
    assert "the mail server 127.0.0.1: " in caplog.text
    assert "secret" not in caplog.text
    assert mail.mails == []

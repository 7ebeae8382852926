"""The channels by which a message goes out: the log, the mail server, or a web address that takes JSON.

Secrets are in the environment: LEA_SMTP_PASSWORD, LEA_NOTICES_URL. Does not belong here: what is sent, and when.
"""

from __future__ import annotations

import json
import logging
import os
import smtplib
import ssl
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit

from assets.base.settings import Notices, Smtp
from orchestration.notices.notice import Message

LOG = logging.getLogger("lea.notices")
WEBHOOK = "LEA_NOTICES_URL"
SECONDS_TO_ANSWER = 20


class NotSent(Exception):
    """A message did not go out; the text says why, without any secret."""


class Unreachable(NotSent):
    """Nobody answers, so the next message would not go out either."""


def channel(settings: Notices) -> Callable[[Message], None]:
    """What sends a message by the channel of the settings. It raises NotSent when the message did not go out."""
    return {"log": _log, "email": lambda message: _mail(message, settings), "webhook": _post}[settings.channel]


def _log(message: Message) -> None:
    LOG.warning("%s\n\n%s", message.subject, message.text)


def _mail(message: Message, settings: Notices) -> None:
    if settings.smtp is None:
        raise NotSent("notices.smtp is not given")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.smtp.sender, message.to or settings.email, message.subject
    mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=settings.smtp.sender.split("@")[1])
    mail.set_content(message.text)
    try:
        with _server(settings.smtp) as server:
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise _not_sent(f"the mail server {settings.smtp.host}", error) from None


def _server(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=SECONDS_TO_ANSWER, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=SECONDS_TO_ANSWER)
    if smtp.security == "starttls":
        server.starttls(context=context)
    if smtp.user is not None:
        server.login(smtp.user, os.environ.get("LEA_SMTP_PASSWORD", ""))
    return server


def _post(message: Message) -> None:
    url = os.environ.get(WEBHOOK, "")
    if urlsplit(url).scheme not in ("http", "https"):
        raise NotSent(f"the variable {WEBHOOK} holds no address that begins with http:// or https://")
    body = json.dumps(message.as_json).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json"})  # noqa: S310
    try:
        urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER).close()  # noqa: S310
    except (OSError, HTTPException) as error:
        raise _not_sent("the webhook", error) from None


def _not_sent(to: str, error: Exception) -> NotSent:
    answered = isinstance(error, smtplib.SMTPException | HTTPError | HTTPException)
    return (NotSent if answered else Unreachable)(f"{to}: {type(error).__name__}: {error}")

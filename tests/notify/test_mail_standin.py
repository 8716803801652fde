from __future__ import annotations

import smtplib
import urllib.request
from email.message import EmailMessage
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest

from panro.accounts.standin.serving import StandInRefusedError
from panro.notify.standin.mail import MailStandIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[MailStandIn]:
    server = MailStandIn(tmp_path / "letters", smtp_port=0, port=0)
    server.start()
    yield server
    server.stop()


def send(standin: MailStandIn, subject: str, text: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "panro@localhost", "mina@example.kr", subject
    letter.set_content(text)
    with smtplib.SMTP("127.0.0.1", standin.smtp_port, timeout=10) as client:
        client.send_message(letter)


def page(standin: MailStandIn, name: str = "") -> str:
    with urllib.request.urlopen(standin.address + name, timeout=10) as answer:  # noqa: S310 - the address begins with http
        text: str = answer.read().decode()
        return text


def test_a_letter_is_kept_shown_and_its_link_can_be_followed(standin: MailStandIn) -> None:
    assert "아직 편지가 없습니다" in page(standin)
    send(standin, "이메일 주소를 확인해 주세요", "여기를 눌러 주세요: http://127.0.0.1:8000/confirm/MQ:1a?a=1&b=2\n끝")
    send(standin, "둘째 편지", "내용")
    assert page(standin).index("둘째 편지") < page(standin).index("이메일 주소를 확인해 주세요")
    letter = page(standin, "00000001.eml")
    assert '<a href="http://127.0.0.1:8000/confirm/MQ:1a?a=1&amp;b=2">' in letter


def test_letters_outlive_the_server(standin: MailStandIn, tmp_path: Path) -> None:
    send(standin, "첫째", "하나")
    again = MailStandIn(tmp_path / "letters", smtp_port=0, port=0)
    again.start()
    try:
        send(again, "둘째", "둘")
        assert again.letters.names() == ["00000002.eml", "00000001.eml"]
    finally:
        again.stop()


def test_hostile_letters_and_addresses_do_no_harm(standin: MailStandIn) -> None:
    send(standin, "<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    assert "<script>" not in page(standin)
    assert "<img" not in page(standin, "00000001.eml")
    for wrong in ("../secret-key", "00000002.eml", "1.eml", "%2e%2e/x"):
        with pytest.raises(HTTPError) as failure:
            page(standin, wrong)
        assert failure.value.code == HTTPStatus.NOT_FOUND
        failure.value.close()


def test_it_refuses_to_run_on_a_public_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANRO_HOSTS", "panro.example.kr")
    with pytest.raises(StandInRefusedError):
        MailStandIn(tmp_path, smtp_port=0, port=0)

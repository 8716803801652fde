from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client, RequestFactory, override_settings

from panro.site import environment, views
from panro.site.demo_database import NAME as DEMO_DATABASE
from panro.site.settings import SECURE_CSP
from panro.site.terminal import terminal_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

type ErrorView = Callable[[HttpRequest, Exception], HttpResponse]

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
class TestPages:
    def test_the_policy_for_browsers_allows_nothing_inline_and_nothing_from_outside(self, client: Client) -> None:
        policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        assert re.search(r"default-src 'none'; script-src 'self'( 'nonce-[^']+')?; style-src 'self';", policy)
        assert SECURE_CSP["frame-ancestors"] == ["'none'"]

    def test_the_other_headers(self, client: Client) -> None:
        headers = client.get("/accounts/login/").headers
        assert {name: headers[name] for name in ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")} == {
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        }

    @pytest.mark.parametrize(
        ("accepts", "cookie", "shown"),
        [("", "", "ko"), ("fr", "", "ko"), ("en-US,en", "", "en"), ("en", "ko", "ko"), ("ko", "en", "en")],
    )
    def test_korean_unless_asked_for_english(self, client: Client, accepts: str, cookie: str, shown: str) -> None:
        if cookie:
            client.cookies["django_language"] = cookie
        page = client.get("/accounts/login/", headers={"Accept-Language": accepts}).text
        assert f'<html lang="{shown}">' in page

    def test_a_page_that_does_not_exist(self, client: Client) -> None:
        response = client.get("/no-such-page/")
        assert response.status_code == 404
        assert "페이지를 찾을 수 없습니다" in response.text

    def test_a_form_that_was_open_too_long(self) -> None:
        response = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
        assert response.status_code == 403
        assert "화면을 연 지 너무 오래되었습니다" in response.text

    @pytest.mark.parametrize(("masthead", "shown"), [(False, 0), (True, 1)])
    def test_only_a_government_body_calls_itself_official(self, client: Client, *, masthead: bool, shown: int) -> None:
        with override_settings(OFFICIAL_MASTHEAD=masthead):
            assert client.get("/accounts/login/").text.count("대한민국 공식 전자정부 누리집") == shown

    def test_health_asks_the_database(self, client: Client) -> None:
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"ok\n")

    def test_migrations_are_complete(self) -> None:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    ("settings", "language"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"}, "ko"),
    ],
)
def test_the_terminal_is_addressed_in_its_language(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert terminal_language() == language


class TestErrors:
    @pytest.mark.parametrize(
        ("view", "status", "said"),
        [
            (views.bad_request, 400, "요청을 이해할 수 없습니다"),
            (views.forbidden, 403, "이용할 수 없는 화면입니다"),
            (views.not_found, 404, "페이지를 찾을 수 없습니다"),
        ],
    )
    def test_each_says_what_to_do(self, view: ErrorView, status: int, said: str) -> None:
        request = RequestFactory().get("/")
        response = view(request, ValueError("secret detail"))
        assert response.status_code == status
        assert said in response.text
        assert "secret detail" not in response.text

    def test_a_fault_of_ours_needs_nothing_of_the_request(self) -> None:
        response = views.server_error(RequestFactory().get("/"))
        assert response.status_code == 500
        assert "처리 중 문제가 생겼습니다" in response.text


class TestEnvironment:
    @pytest.mark.parametrize(
        ("value", "meant"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("", False), ("no", False)]
    )
    def test_yes_and_no(self, monkeypatch: pytest.MonkeyPatch, value: str, *, meant: bool) -> None:
        monkeypatch.setenv("PANRO_X", value)
        assert environment.flag("PANRO_X") is meant

    def test_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PANRO_X", " a.kr, b.kr ,,")
        assert environment.words("PANRO_X") == ["a.kr", "b.kr"]

    def test_an_address_with_everything(self) -> None:
        found = environment.database("postgresql://kim:s%40fe@db.example:6432/panro?sslmode=require")
        pool = {"min_size": 1, "max_size": 10, "timeout": 10}
        assert found == {
            "NAME": "panro",
            "HOST": "db.example",
            "PORT": "6432",
            "USER": "kim",
            "PASSWORD": "s@fe",
            "OPTIONS": {"sslmode": "require", "pool": pool},
        }

    @pytest.mark.parametrize("url", ["postgresql://[::1/x", "postgresql://h/x?no_such_option=1"])
    def test_an_address_that_postgresql_does_not_understand(self, url: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: "):
            environment.database(url)

    @pytest.mark.parametrize(
        ("written", "hosts", "address"),
        [
            ("", [], "http://localhost:8000"),
            ("", ["a.kr", "b.kr"], "https://a.kr"),
            ("http://localhost:8123/", [], "http://localhost:8123"),
            ("https://b.kr:8443", ["a.kr", "b.kr"], "https://b.kr:8443"),
        ],
    )
    def test_where_links_in_messages_lead(
        self, monkeypatch: pytest.MonkeyPatch, written: str, hosts: list[str], address: str
    ) -> None:
        monkeypatch.setenv("PANRO_ADDRESS", written)
        assert environment.site_address(hosts) == address

    @pytest.mark.parametrize(
        ("written", "hosts"),
        [
            ("a.kr", []),
            ("https://", []),
            ("https://a.kr/path", []),
            ("http://a.kr", ["a.kr"]),
            ("https://c.kr", ["a.kr"]),
        ],
    )
    def test_where_they_must_not_lead(self, monkeypatch: pytest.MonkeyPatch, written: str, hosts: list[str]) -> None:
        monkeypatch.setenv("PANRO_ADDRESS", written)
        with pytest.raises(ImproperlyConfigured, match=r"^PANRO_ADDRESS="):
            environment.site_address(hosts)

    def test_a_key_is_made_once_for_its_owner_alone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("PANRO_SECRET_KEY", raising=False)
        file = tmp_path / "var" / "secret-key"
        first = environment.secret_key(file, public=False)
        assert len(first) >= 50
        assert file.stat().st_mode & 0o777 == 0o600
        assert environment.secret_key(file, public=False) == first
        monkeypatch.setenv("PANRO_SECRET_KEY", "given")
        assert environment.secret_key(file, public=True) == "given"

    def test_mail_goes_to_the_server_named_and_else_into_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert environment.mailer(tmp_path)["OPTIONS"] == {"file_path": str(tmp_path)}
        monkeypatch.setenv("PANRO_SMTP_HOST", "mail.example.kr")
        named = environment.mailer(tmp_path)
        assert named["BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
        assert isinstance(named["OPTIONS"], dict)
        assert (named["OPTIONS"]["host"], named["OPTIONS"]["port"]) == ("mail.example.kr", 587)

    def test_demonstrations_have_a_database_of_their_own(self) -> None:
        assert environment.database("")["NAME"] != DEMO_DATABASE


def test_every_text_is_translated() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "check"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout

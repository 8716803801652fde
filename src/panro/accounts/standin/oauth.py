"""A stand-in for log-in at Kakao and Naver, speaking their interfaces on the wire: nobody has an account there.

``python -m panro.accounts.standin.oauth --port 8026`` answers on the paths of both services; the program finds it by
``PANRO_KAKAO_LOGIN_URL``, ``PANRO_KAKAO_API_URL``, ``PANRO_NAVER_LOGIN_URL`` and ``PANRO_NAVER_API_URL``. Ids and
secrets are those of ``PANRO_KAKAO_ID`` and so on. Its log-in page shows invented people to choose from.

Shapes: developers.kakao.com/docs/latest/ko/kakaologin/rest-api, developers.naver.com/docs/login/api.
"""

from __future__ import annotations

import argparse
import enum
import html
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from panro.accounts import conf
from panro.accounts.standin.serving import JsonHandler, bound, refuse_public, refuse_public_or_exit, run

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

    from panro.accounts.standin.serving import Json

OK, FOUND, BAD, UNAUTHORIZED, MISSING, BROKEN = 200, 302, 400, 401, 404, 500
CODE_SECONDS: Final = 600
TOKEN_SECONDS: Final = 3_600
_WHY: Final = "no stand-in logs people in"


class Fault(enum.StrEnum):
    """What goes wrong with the services, until it is set to ``none``."""

    NONE = "none"
    NO_GRANT = "no_grant"
    NONSENSE = "nonsense"
    NOBODY = "nobody"
    BROKEN = "broken"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account at a service."""

    number: str
    name: str
    email: str
    confirmed: bool = True


PEOPLE: Final = (
    Person("2718281828", "김판로", "kim.panro@example.kr"),
    Person("3141592653", "이서연", "lee.seoyeon@example.kr"),
    Person("1618033988", "박한결", "park.hangyeol@example.kr", confirmed=False),
)


@dataclass
class Service:
    """What the stand-in knows of one service; shared by its threads under one lock."""

    code: str
    client: str
    secret: str
    people: dict[str, Person] = field(default_factory=lambda: {person.number: person for person in PEOPLE})
    codes: dict[str, tuple[str, str, float]] = field(default_factory=dict)  # number, address to return to, until
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)  # number, until
    lock: threading.Lock = field(default_factory=threading.Lock)

    def new_code(self, number: str, return_to: str, now: float) -> str:
        """Return a code that is good once, for ten minutes."""
        code = secrets.token_urlsafe(24)
        with self.lock:
            self.codes[code] = (number, return_to, now + CODE_SECONDS)
        return code

    def token_for(self, asked: dict[str, str], now: float) -> str | None:
        """Exchange a code for a token; None if the code is used, old, or was given for another address."""
        with self.lock:
            number, return_to, until = self.codes.pop(asked.get("code", ""), ("", "", 0.0))
            # Naver does not compare the address here, Kakao does.
            if until < now or (self.code == "kakao" and return_to != asked.get("redirect_uri")):
                return None
            token = secrets.token_urlsafe(32)
            self.tokens[token] = (number, now + TOKEN_SECONDS)
            return token

    def person(self, token: str, now: float) -> Person | None:
        """Return whose token it is; None if it is no token, or an old one."""
        with self.lock:
            number, until = self.tokens.get(token, ("", 0.0))
        return self.people.get(number) if until >= now else None


@dataclass
class World:
    """Both services, and what goes wrong with them."""

    services: dict[str, Service]
    fault: Fault = Fault.NONE
    slow: float = 10.0


def world_from_environment() -> World:
    """Return the services with the ids and secrets that the program has."""
    apps = {code: provider["APP"] for code, provider in conf.providers().items()}
    return World({code: Service(code, app["client_id"], app["secret"]) for code, app in apps.items()})


def serve(world: World, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return a server that is bound and ready; run it with ``serve_forever``.

    Raises:
        StandInRefusedError: this is a public site.
    """
    refuse_public(_WHY)
    return bound(_Handler, host, port, world=world)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="stand-in for log-in at Kakao and Naver")
    parser.add_argument("--port", type=int, default=8026)
    arguments = parser.parse_args()
    refuse_public_or_exit(parser, _WHY)
    world = world_from_environment()
    if not world.services:
        parser.error("set PANRO_KAKAO_ID and PANRO_KAKAO_SECRET, or the same of NAVER, as the program has them")
    server = serve(world, arguments.port)
    return run(server, f"log-in for {', '.join(world.services)} on http://127.0.0.1:{arguments.port}")


class _Handler(JsonHandler):
    world: World

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = _flat(parts.query)
        match parts.path:
            case "/oauth/authorize":
                self._authorize("kakao", asked)
            case "/oauth2.0/authorize":
                self._authorize("naver", asked)
            case "/oauth2.0/token":
                self._naver_token(asked)
            case "/v2/user/me":
                self._who("kakao")
            case "/v1/nid/me":
                self._who("naver")
            case _:
                self.answer(MISSING, {"error": "not_found"})

    def do_POST(self) -> None:
        body = self.content().decode()
        match self.path:
            case "/oauth/token":
                self._kakao_token(_flat(body))
            case "/oauth2.0/token":
                self._naver_token(_flat(body))
            case "/faults":
                self.world.fault = Fault(json.loads(body)["fault"])
                self.answer(OK, {})
            case _:
                self.answer(MISSING, {"error": "not_found"})

    def _authorize(self, code: str, asked: dict[str, str]) -> None:
        """Show who one may be; ``as`` a number leads back, as does cancelling."""
        service = self.world.services.get(code)
        return_to = asked.get("redirect_uri", "")
        if service is None or asked.get("client_id") != service.client or asked.get("response_type") != "code":
            self.answer(BAD, {"error": "invalid_client", "error_code": "KOE101"})
        elif not return_to.startswith(("http://", "https://")):
            self.answer(BAD, {"error": "invalid_request", "error_code": "KOE006"})
        elif "as" not in asked:
            self._page(service, asked)
        elif asked["as"] in service.people:
            granted = service.new_code(asked["as"], return_to, time.time())
            self._lead_back(return_to, {"code": granted, "state": asked.get("state", "")})
        else:
            said = "User denied access" if code == "kakao" else "Canceled By User"
            answer = {"error": "access_denied", "error_description": said, "state": asked.get("state", "")}
            self._lead_back(return_to, answer)

    def _kakao_token(self, asked: dict[str, str]) -> None:
        service = self.world.services["kakao"]
        if asked.get("client_id") != service.client or asked.get("client_secret") != service.secret:
            refused = {"error": "invalid_client", "error_description": "Bad client credentials", "error_code": "KOE010"}
            self.answer(UNAUTHORIZED, refused)
            return
        token = None if self.world.fault is Fault.NO_GRANT else service.token_for(asked, time.time())
        if token is None:
            said = f"authorization code not found for code={asked.get('code')}"
            self.answer(BAD, {"error": "invalid_grant", "error_description": said, "error_code": "KOE320"})
            return
        self.answer(
            OK,
            {
                "token_type": "bearer",
                "access_token": token,
                "expires_in": TOKEN_SECONDS,
                "refresh_token": secrets.token_urlsafe(32),
                "refresh_token_expires_in": 5_184_000,
                "scope": "account_email profile_nickname",
            },
        )

    def _naver_token(self, asked: dict[str, str]) -> None:
        """Naver says 200 to a refusal too, and its seconds are a text."""
        service = self.world.services["naver"]
        if asked.get("client_id") != service.client or asked.get("client_secret") != service.secret:
            self.answer(OK, {"error": "invalid_client", "error_description": "wrong client id or secret"})
            return
        token = None if self.world.fault is Fault.NO_GRANT else service.token_for(asked, time.time())
        if token is None:
            self.answer(OK, {"error": "invalid_request", "error_description": "no valid data in session"})
            return
        refresh = secrets.token_urlsafe(32)
        answer = {"access_token": token, "refresh_token": refresh, "token_type": "bearer"}
        self.answer(OK, {**answer, "expires_in": str(TOKEN_SECONDS)})

    def _who(self, code: str) -> None:
        if self.world.fault is Fault.SLOW:
            time.sleep(self.world.slow)
        if self.world.fault is Fault.BROKEN:
            self.answer(BROKEN, {"error": "as was asked for"})
            return
        if self.world.fault is Fault.NONSENSE:
            self.answer(OK, {"hello": 1})
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        person = self.world.services[code].person(token, time.time())
        if person is None:
            refused = {"msg": "this access token does not exist", "code": -401}
            if code == "naver":
                refused = {"resultcode": "024", "message": "Authentication failed (인증 실패하였습니다.)"}
            self.answer(UNAUTHORIZED, refused)
            return
        made = _kakao_person(person) if code == "kakao" else _naver_person(person)
        if self.world.fault is Fault.NOBODY:
            made = {**made, "id": None, "response": {}}
        self.answer(OK, made)

    def _page(self, service: Service, asked: dict[str, str]) -> None:
        def link(number: str, text: str) -> str:
            address = html.escape(f"?{urlencode({**asked, 'as': number})}")
            return f'<li><a href="{address}">{html.escape(text)}</a></li>'

        names = "".join(link(person.number, f"{person.name} ({person.email})") for person in service.people.values())
        title = f"{service.code}: 시험용 로그인 / log-in for trying out"
        page = (
            f'<!doctype html><html lang="ko"><meta charset="utf-8"><title>{title}</title><main><h1>{title}</h1>'
            f"<p>여기 있는 사람은 모두 지어낸 사람입니다. Everybody here is invented.</p>"
            f"<ul>{names}{link('nobody', '취소 / Cancel')}</ul></main></html>"
        )
        self.send(OK, page.encode(), "text/html; charset=utf-8")

    def _lead_back(self, address: str, answer: dict[str, str]) -> None:
        self.send_response(FOUND)
        self.send_header("Location", f"{address}{'&' if '?' in address else '?'}{urlencode(answer)}")
        self.send_header("Content-Length", "0")
        self.end_headers()


def _kakao_person(person: Person) -> Json:
    return {
        "id": int(person.number),
        "connected_at": "2021-03-01T01:45:28Z",
        "properties": {"nickname": person.name},
        "kakao_account": {
            "profile_nickname_needs_agreement": False,
            "profile": {"nickname": person.name, "is_default_nickname": False},
            "has_email": True,
            "email_needs_agreement": False,
            "is_email_valid": True,
            "is_email_verified": person.confirmed,
            "email": person.email,
        },
    }


def _naver_person(person: Person) -> Json:
    found = {"id": person.number, "email": person.email, "name": person.name, "nickname": person.name}
    return {"resultcode": "00", "message": "success", "response": found}


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


if __name__ == "__main__":
    raise SystemExit(main())

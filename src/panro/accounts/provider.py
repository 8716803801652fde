"""Log-in with an account of Kakao or Naver, as those services have it; found by the log-in library by its name.

Their addresses come from the settings, so that a demonstration and the tests talk to a stand-in. Of what they say about
a person only the member number is kept; name and address merely fill the sign-up form. What allauth's own adapters
trust blindly is checked here: an answer of another shape is an error of the service, never of this site.

Sources: developers.kakao.com/docs/latest/ko/kakaologin/rest-api; developers.naver.com/docs/login/api (both read 2026).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderAccount, ProviderException
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
    from django.http import HttpRequest

type Json = dict[str, Any]

NAME_LENGTH: Final = 80
UID_LENGTH: Final = 100


class _Adapter(OAuth2Adapter):  # type: ignore[misc] # the library ships no types
    """What both services share; subclasses say the paths and where in the answer the person stands."""

    authorize_path: str
    token_path: str
    profile_path: str

    @property
    def authorize_url(self) -> str:
        return self._address("LOGIN_URL") + self.authorize_path

    @property
    def access_token_url(self) -> str:
        return self._address("LOGIN_URL") + self.token_path

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: object) -> SocialLogin:
        """Ask the service who it is; the token is used for this and then forgotten."""
        del app, kwargs
        with get_adapter().get_requests_session() as session:
            answer = session.get(
                self._address("API_URL") + self.profile_path, headers={"Authorization": f"Bearer {token.token}"}
            )
            answer.raise_for_status()
            try:
                person = self.person(answer.json())
            except (ValueError, AttributeError, TypeError):
                raise ProviderException("the service answered something else than a person") from None
        if not person.get("id") or len(str(person["id"])) > UID_LENGTH:
            raise ProviderException("the service answered a person without a number")
        return self.get_provider().sociallogin_from_response(request, person)

    def person(self, answer: Json) -> Json:
        """Return number, name and address from the answer: ``id``, ``name``, ``email``, ``email_verified``."""
        raise NotImplementedError

    def _address(self, which: str) -> str:
        return str(self.get_provider().get_settings()[which])


class KakaoAdapter(_Adapter):
    """Kakao: the member number stands at the top, the rest under ``kakao_account``, as far as the person agreed."""

    provider_id = "kakao"
    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"  # noqa: S105 - a path
    profile_path = "/v2/user/me"

    def person(self, answer: Json) -> Json:
        """Kakao checks addresses itself and says so; only one that is both valid and verified counts as confirmed."""
        account: Json = answer.get("kakao_account") or {}
        profile: Json = account.get("profile") or {}
        confirmed = account.get("is_email_valid") is True and account.get("is_email_verified") is True
        return {
            "id": answer.get("id"),
            "name": profile.get("nickname"),
            "email": account.get("email"),
            "email_verified": confirmed,
        }


class NaverAdapter(_Adapter):
    """Naver: everything under ``response``. The address is one to be reached at, not one that was confirmed."""

    provider_id = "naver"
    authorize_path = "/oauth2.0/authorize"
    token_path = "/oauth2.0/token"  # noqa: S105 - a path
    profile_path = "/v1/nid/me"

    def person(self, answer: Json) -> Json:
        """The answer says ``00`` where all is well."""
        if answer.get("resultcode") != "00":
            raise ProviderException(f"the service answered {answer.get('resultcode')!r}")
        person: Json = answer["response"]
        name = person.get("name") or person.get("nickname")
        return {"id": person.get("id"), "name": name, "email": person.get("email"), "email_verified": False}


class _Provider(OAuth2Provider):  # type: ignore[misc] # the library ships no types
    account_class = ProviderAccount

    def extract_uid(self, data: Json) -> str:
        """The member number."""
        return str(data["id"])

    def extract_extra_data(self, data: Json) -> Json:
        """Nothing is kept beside the number."""
        del data
        return {}

    def extract_common_fields(self, data: Json) -> Json:
        """What fills the sign-up form."""
        return {"email": data["email"], "name": str(data["name"] or "")[:NAME_LENGTH]}

    def extract_email_addresses(self, data: Json) -> list[EmailAddress]:
        """The address, confirmed only if the service itself made sure of it."""
        if not data["email"]:
            return []
        return [EmailAddress(email=data["email"], verified=data["email_verified"], primary=True)]

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> Json:
        """Never parameters that a visitor made up."""
        del request, action
        return dict(self.get_auth_params())

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """The same for what the service is asked for: what the application was registered with."""
        del request
        return list(self.get_scope())


class Kakao(_Provider):
    """Kakao."""

    id: ClassVar = "kakao"
    name: ClassVar = "Kakao"
    oauth2_adapter_class = KakaoAdapter


class Naver(_Provider):
    """Naver."""

    id: ClassVar = "naver"
    name: ClassVar = "Naver"
    oauth2_adapter_class = NaverAdapter


provider_classes = [Kakao, Naver]

"""Pages about the member's own account: what it is, what was agreed to, where it is open, how it ends."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from panro.accounts import closing, consents
from panro.accounts.forms import ClosingForm, NameForm
from panro.accounts.models import Consent, User, Way
from panro.accounts.provider import KakaoAdapter, NaverAdapter
from panro.accounts.services import set_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    type View = Callable[..., HttpResponse]


def member(request: HttpRequest) -> User:
    """Return who is logged in.

    Raises:
        Http404: nobody.
    """
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The account at one look."""
    user = member(request)
    held = consents.in_force(user.pk)
    context = {
        "addresses": EmailAddress.objects.filter(user=user).count(),
        "factors": Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).count(),
        "services": list(
            SocialAccount.objects.filter(user=user).order_by("provider").values_list("provider", flat=True)
        ),
        "sessions": UserSession.objects.filter(user=user).count(),
        "outdated": consents.outdated(held),
    }
    return render(request, "accounts/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_name(request: HttpRequest) -> HttpResponse:
    """The member's own name."""
    user = member(request)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        User.objects.filter(pk=user.pk).update(name=form.cleaned_data["name"].strip())
        messages.success(request, _("Your name is stored."))
        return redirect("account_home")
    return render(request, "accounts/name.html", {"form": form})


@require_safe
def show_consents(request: HttpRequest) -> HttpResponse:
    """What the member agrees to, and what it agreed to before."""
    user = member(request)
    held = consents.in_force(user.pk)
    titles = {(text.kind, text.version): text.title for text in consents.versions()}
    past = Consent.objects.filter(user=user, withdrawn__isnull=False).order_by("-withdrawn", "-id")[:50]
    context = {
        "asked": [(text, held.get(text.kind)) for text in consents.current()],
        "outdated": consents.outdated(held),
        "past": [(titles.get((row.kind, row.version)), row) for row in past],
    }
    return render(request, "accounts/consents.html", context)


@require_POST
def change_consent(request: HttpRequest, kind: str) -> HttpResponse:
    """Give or withdraw one consent."""
    user, now = member(request), timezone.now()
    try:
        if request.POST.get("answer") == "give":
            changed = consents.give(user.pk, [kind], way=Way.PAGE, now=now)
            said = _("Your consent is stored.")
        else:
            changed = consents.withdraw(user.pk, [kind], now=now)
            said = _("Your consent is withdrawn.")
    except consents.UnknownConsentError:
        raise Http404 from None
    except consents.RequiredConsentError:
        messages.warning(request, _("Without this consent there is no account. You may close your account instead."))
        return redirect("account_consents")
    if changed:
        messages.success(request, said)
    return redirect("account_consents")


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """End one of the member's own sessions."""
    found = get_object_or_404(UserSession, pk=session, user=member(request))
    found.end()
    messages.success(request, _("That device is logged out."))
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Say what closing means, and close."""
    user = member(request)
    if request.method != "POST":
        return _closing(request, ClosingForm(), user)
    return cast("HttpResponse", _close(request))


@reauthentication_required(app="allauth.account")  # type: ignore[untyped-decorator] # the library ships no types
def _close(request: HttpRequest) -> HttpResponse:
    user, form = member(request), ClosingForm(request.POST)
    if not form.is_valid():
        return _closing(request, form, user)
    try:
        closing.close(user.pk, now=timezone.now())
    except closing.CannotCloseError:
        return _closing(request, form, user)
    logout(request)
    return redirect("account_closed")


@login_not_required
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Said after an account was closed."""
    return render(request, "accounts/closed.html")


@login_not_required
def too_many(request: HttpRequest) -> HttpResponse:
    """429: somebody tried too often."""
    response = render(request, "accounts/too_many.html", status=429)
    response["Retry-After"] = "300"
    return response


def _closing(request: HttpRequest, form: ClosingForm, user: User) -> HttpResponse:
    context = {"form": form, "obstacles": closing.obstacles(user.pk), "kept": closing.kept(user.pk)}
    return render(request, "accounts/close.html", context)


def _if_set_up(code: str, view: View) -> View:
    @wraps(view)
    @login_not_required
    def guarded(request: HttpRequest) -> HttpResponse:
        if code not in set_up():
            raise Http404
        return view(request)

    return guarded


kakao_login = _if_set_up("kakao", OAuth2LoginView.adapter_view(KakaoAdapter))
kakao_callback = _if_set_up("kakao", OAuth2CallbackView.adapter_view(KakaoAdapter))
naver_login = _if_set_up("naver", OAuth2LoginView.adapter_view(NaverAdapter))
naver_callback = _if_set_up("naver", OAuth2CallbackView.adapter_view(NaverAdapter))

"""What somebody typed whose log-in had ended: it waits in the session until the same page is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.views import redirect_to_login
from django.http import QueryDict

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

KEY: Final = "typed_while_logged_out"
LARGEST: Final = 64 * 1024  # characters
OWN_PAGES: Final = "/my/applications/"
LEFT_OUT: Final = frozenset({"csrfmiddlewaretoken"})


class KeepTyped:
    """Middleware: a form of the application that arrives without a log-in is kept, and the log-in is asked for.

    Stands before the one that sends strangers to log in. The session that logging in continues carries the form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """Keep the form of a screen."""
        match = request.resolver_match
        if match is None or match.view_name != "intake:step" or request.method != "POST":
            return None
        if request.user.is_authenticated:
            return None
        data = request.POST.copy()
        for name in LEFT_OUT:
            data.pop(name, None)
        if len(text := data.urlencode()) <= LARGEST:
            request.session[KEY] = {"path": request.path, "form": text}
        return redirect_to_login(request.path)


def recover(request: HttpRequest) -> QueryDict | None:
    """Return what was kept for this page, once; None if nothing was."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict) or kept.get("path") != request.path:
        return None
    del request.session[KEY]
    return QueryDict(str(kept.get("form", "")))


def to_send_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a form of this site held whose page was open for too long, so that it can be sent again.

    Only of pages of applications, and only if the browser vouches that the form was this site's own. Files are not
    among it: a browser must be asked for them anew.
    """
    own = f"{request.scheme}://{request.get_host()}"
    if request.method != "POST" or request.headers.get("Origin") != own or not request.path.startswith(OWN_PAGES):
        return []
    return [(name, str(value)) for name, values in request.POST.lists() if name not in LEFT_OUT for value in values]

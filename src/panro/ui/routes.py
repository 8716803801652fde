"""The table of routes: every address of the site, and who may enter.

A page is added with :func:`page`, which also guards it. Routes of libraries are declared by name with
:func:`declare`; they guard themselves. Whatever is in neither way in the table fails a test.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, URLResolver, get_resolver, path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponseBase

    type View = Callable[..., HttpResponseBase]

_MARK = "panro_entry"


class Entry(enum.StrEnum):
    """Who may enter a route. Which of its rows somebody sees is decided in the room's ``access.py``."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    STAFF = "staff"
    ENGINEER = "engineer"


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table; ``entry`` is None if nobody said who may enter."""

    name: str
    pattern: str
    entry: Entry | None


_declared: dict[str, Entry] = {}


def page(pattern: str, view: View, *, name: str, entry: Entry) -> URLPattern:
    """A guarded route, as :func:`django.urls.path` makes it.

    Anonymous visitors of anything but a public page are sent to log in (by Django's own middleware, which
    closes every page not marked public); a member who is not staff gets 403 from a page for staff.
    """
    return path(pattern, _guard(view, entry), name=name)


def declare(entry: Entry, *names: str) -> None:
    """Say who may enter routes of a library: by full name, or a whole namespace as ``"admin:"``.

    Raises:
        ValueError: the same name was declared for somebody else.
    """
    for name in names:
        if _declared.setdefault(name, entry) is not entry:
            raise ValueError(f"route {name} was declared for {_declared[name]} already")


def table(resolver: URLResolver | None = None) -> list[Route]:
    """All routes of the site in the order in which they are matched."""
    return list(_walk(resolver or get_resolver(), "", ""))


def _guard(view: View, entry: Entry) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - path converters decide
        user = request.user
        if (entry is Entry.STAFF and not getattr(user, "is_staff", False)) or (
            entry is Entry.ENGINEER and not getattr(user, "is_superuser", False)
        ):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    setattr(guarded, _MARK, entry)
    if entry is Entry.PUBLIC:
        login_not_required(guarded)
    else:
        guarded.login_required = True  # type: ignore[attr-defined] # read by LoginRequiredMiddleware
    return guarded


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner)
        else:
            yield _route(entry, pattern, namespace)


def _route(entry: URLPattern, pattern: str, namespace: str) -> Route:
    name = f"{namespace}{entry.name or ''}"
    stamped = getattr(entry.callback, _MARK, None)
    declared = _declared.get(name) or _declared.get(namespace)
    return Route(name=name, pattern=pattern, entry=stamped or declared)

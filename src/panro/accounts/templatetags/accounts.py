"""Tags of the pages of accounts: ``{% load accounts %}``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

from panro.accounts.browsers import described
from panro.accounts.language import say
from panro.accounts.services import SERVICES, set_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from allauth.socialaccount.models import SocialAccount

    from panro.korea.text import Text

register = template.Library()


@dataclass(frozen=True, slots=True)
class ShownService:
    """A service whose accounts can be used for log-in."""

    code: str
    name: str
    address: str


@register.simple_tag
def log_in_services(connected: Iterable[SocialAccount] = ()) -> list[ShownService]:
    """The services that are set up, in the order shown, without those that are connected already."""
    known = {account.provider for account in connected}
    return [
        ShownService(code, in_words(name), reverse(f"{code}_login"))
        for code, name in SERVICES.items()
        if code in set_up() and code not in known
    ]


@register.filter
def service_name(code: str) -> str:
    """The name of a service in the language of the page."""
    return in_words(SERVICES[code]) if code in SERVICES else code


@register.filter
def in_words(text: Text) -> str:
    """A text of the data in the language of the page."""
    return say(text)


@register.filter
def browser(user_agent: str) -> str:
    """A browser's description in words."""
    return described(user_agent)

"""Template tags and filters of all rooms: ``{% load ui %}``."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import template
from django.contrib.messages import constants
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from panro.accounts.language import page_language

if TYPE_CHECKING:
    from django.contrib.messages.storage.base import Message

register = template.Library()

_KINDS = ("information", "success", "warning", "danger")
_KIND_OF_LEVEL = {
    constants.DEBUG: "information",
    constants.INFO: "information",
    constants.SUCCESS: "success",
    constants.WARNING: "warning",
    constants.ERROR: "danger",
}
_DAY_FORMAT = {"ko": "Y. n. j.(D)", "en": "j F Y (D)"}
_MOMENT_FORMAT = {"ko": "Y. n. j.(D) H:i", "en": "j F Y (D), H:i"}


@register.filter
def notice_kind(message: Message) -> str:
    """The kind of notice box that shows a message of Django."""
    return _KIND_OF_LEVEL.get(message.level, "information")


@register.filter
def number(value: int) -> str:
    """A whole number with thousands separated: ``1,234``."""
    return f"{value:,}"


@register.filter
def won(value: int) -> str:
    """An amount in won: ``1,234원`` in Korean, ``₩1,234`` in English."""
    return f"{value:,}원" if page_language() == "ko" else f"{'-' if value < 0 else ''}₩{abs(value):,}"


@register.filter
def percent(basis_points: int) -> str:
    """A rate in basis points as a percentage: 300 is ``3%``, 1250 is ``12.5%``."""
    whole, rest = divmod(abs(basis_points), 100)
    sign = "-" if basis_points < 0 else ""
    return f"{sign}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "") + "%"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A date with its weekday, of the day it is in Seoul; a dash if there is none."""
    if value is None:
        return "–"
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return date_format(value, _DAY_FORMAT[page_language()])


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A date and time in Seoul; a dash if there is none."""
    if value is None:
        return "–"
    return date_format(timezone.localtime(value), _MOMENT_FORMAT[page_language()])


@register.simple_tag
def badge(text: str, kind: str = "") -> SafeString:
    """A short label. ``kind``: primary, information, success, warning, danger, or nothing for plain."""
    if kind not in ("", "primary", *_KINDS):
        raise template.TemplateSyntaxError(f"badge: unknown kind {kind!r}")
    return format_html('<span class="badge{}">{}</span>', f" badge-{kind}" if kind else "", text)


@register.simple_block_tag
def notice(content: SafeString, kind: str = "information", title: str = "") -> SafeString:
    """A box that stands out: ``{% notice "warning" title=… %}…{% endnotice %}``."""
    if kind not in _KINDS:
        raise template.TemplateSyntaxError(f"notice: unknown kind {kind!r}")
    heading = format_html("<strong>{}</strong>", title) if title else ""
    return format_html('<div class="notice notice-{}">{}{}</div>', kind, heading, content)


@register.simple_block_tag
def table_region(content: SafeString, label: str) -> SafeString:
    """A table that may be wider than the screen: it scrolls by itself, by keyboard too, and has a name."""
    return format_html('<div class="table-region" role="region" tabindex="0" aria-label="{}">{}</div>', label, content)


@register.simple_tag
def breadcrumb(*parts: str) -> SafeString:
    """Where the page is: label and address in turn, the page's own label last.

    ``{% breadcrumb programmes_label programmes_address own_label %}``
    """
    labels, addresses = parts[::2], (*parts[1::2], "")
    crumbs = [{"label": label, "address": address} for label, address in zip(labels, addresses, strict=True)]
    return mark_safe(render_to_string("ui/parts/breadcrumb.html", {"crumbs": crumbs}))  # noqa: S308 - rendered by a template that escapes


@register.simple_tag
def yes_or_no(value: bool | None) -> str:  # noqa: FBT001 - a template passes what it has
    """A three-valued answer in words."""
    if value is None:
        return gettext("not known yet")
    return gettext("yes") if value else gettext("no")

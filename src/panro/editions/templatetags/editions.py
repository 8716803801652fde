"""Template tags of editions: ``{% load editions %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from panro.editions import words
from panro.ui.templatetags.ui import badge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from panro.editions.notes import Notes
    from panro.editions.rounds import RoundState
    from panro.korea.text import Text
    from panro.rules.edition.base import TextData

register = template.Library()

_TABLES: dict[str, Mapping[str, words.Label]] = {
    "applicant": words.APPLICANTS,
    "method": words.METHODS,
    "wizard": words.WIZARD_STEPS,
    "stage": words.STAGE_KINDS,
    "aggregate": words.AGGREGATES,
    "moment": words.MOMENTS,
    "channel": words.CHANNELS,
}


@register.filter
def say(text: Text | TextData) -> str:
    """A text of the data in the language of the page."""
    return words.in_page_language(text)


@register.filter
def pair(text: Mapping[str, str]) -> str:
    """A stored ``{"ko", "en"}`` pair in the language of the page."""
    return text["en" if words.is_english() else "ko"]


@register.filter
def named(row: object) -> str:
    """The name of a row in the language of the page."""
    return words.column(row, "name")


@register.filter
def summary(row: object) -> str:
    """The summary of a row in the language of the page."""
    return words.column(row, "summary")


@register.filter
def word(code: str, table: str) -> words.Label:
    """What a code is called: ``{{ type|word:"applicant" }}``."""
    return _TABLES[table][code]


@register.filter
def rule_name(rule: str) -> words.Label:
    """What an eligibility rule is called."""
    return words.rule_label(rule)


@register.filter
def amount(count: int, unit: str) -> str:
    """A quota with its unit: ``{{ row.quota|amount:row.unit }}``."""
    return words.amount(count, unit)


@register.filter
def is_list(value: object) -> bool:
    """Whether a fact has several values."""
    return isinstance(value, list)


@register.filter
def points(value: Decimal) -> str:
    """Points without the zeros that say nothing: ``30``, ``0.5``."""
    return f"{value.normalize():f}"


@register.simple_tag
def state_badge(state: RoundState | None) -> SafeString:
    """A badge that says where a round or a programme stands."""
    label, kind = words.STATES[state]
    return badge(str(label), kind)


@register.simple_tag
def mark(notes: Notes, path: str) -> SafeString:
    """The mark of a figure whose source is not simply public, leading to its note; nothing for others."""
    note = notes.at(path)
    if note is None:
        return SafeString()
    return format_html(
        '<a class="mark" href="#{}"><span>{}</span><span class="visually-hidden">{}</span></a>',
        note.anchor,
        note.label,
        gettext(", see note %(number)d") % {"number": note.number},
    )

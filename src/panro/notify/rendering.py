"""Filling a template in: strictly, in one pass, with nothing in a value that could act."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from panro.korea.text import Text
from panro.notify.catalogue import ADVERTISING_MARK, PLACE, Kind, Template
from panro.notify.telephone import showable

if TYPE_CHECKING:
    from collections.abc import Mapping

type Values = Mapping[str, str | int | Text]
"""By name; what reads differently in each language is given in all of them."""

SUBJECT_LENGTH: Final = 200
VALUE_LENGTH: Final = 2_000
_HIDDEN: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_LINK: Final = re.compile(r"https?://[^\s<>\"']+")


class TemplateVariablesError(ValueError):
    """The values given are not those the template takes."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in one language, for every channel."""

    subject: str
    text: str
    title: str
    phone: str
    alimtalk: dict[str, object] = field(default_factory=dict)


def render(template: Template, language: str, values: Values) -> Rendered:
    """Fill a template in.

    A value is text or a whole number; invisible and control characters are taken out of it, and nothing in it is
    filled in again. In the subject, line ends become spaces and what is beyond 200 characters is left out.

    Raises:
        TemplateVariablesError: names what is missing, too much, too long or of another kind.
    """
    clean = _checked(
        template, {name: value.in_(language) if isinstance(value, Text) else value for name, value in values.items()}
    )
    wording = template.wording(language)
    mark = ADVERTISING_MARK if template.kind is Kind.ADVERTISING else ""
    phone = showable(mark + _filled(wording.phone, clean))
    return Rendered(
        subject=_one_line(mark + _filled(wording.subject, clean)),
        text=_filled(wording.text, clean).strip(),
        title=mark + wording.title,
        phone=phone.strip(),
        alimtalk=_alimtalk(template, clean) if language == "ko" else {},
    )


def as_html(text: str) -> SafeString:
    """Return a text as paragraphs of HTML: everything escaped, addresses made links."""
    paragraphs = [part for part in re.split(r"\n{2,}", text) if part.strip()]
    body = "".join(f"<p>{'<br>'.join(_linked(line) for line in part.splitlines())}</p>" for part in paragraphs)
    return mark_safe(body)  # noqa: S308 - every piece of it went through escape


def _checked(template: Template, values: Values) -> dict[str, str]:
    if missing := sorted(template.variables - set(values)):
        raise TemplateVariablesError(f"template {template.code!r}: no value for {', '.join(missing)}")
    if extra := sorted(set(values) - template.variables):
        raise TemplateVariablesError(f"template {template.code!r}: has no place for {', '.join(extra)}")
    return {name: _clean(template, name, value) for name, value in values.items()}


def _clean(template: Template, name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TemplateVariablesError(f"template {template.code!r}: {name} must be text or a whole number")
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    text = _HIDDEN.sub("", text)
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"})
    if len(text) > VALUE_LENGTH:
        raise TemplateVariablesError(
            f"template {template.code!r}: {name} has {len(text)} characters, {VALUE_LENGTH} fit"
        )
    return text


def _filled(text: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: values[place[1]], text)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1] + "…"


def _alimtalk(template: Template, values: Mapping[str, str]) -> dict[str, object]:
    if template.alimtalk is None:
        return {}
    named = {place: showable(values[name]) for place, name in template.alimtalk.variables.items()}
    return {"template": template.alimtalk.id, "variables": named}


def _linked(line: str) -> str:
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(line):
        address = escape(link[0])
        parts += [escape(line[end : link.start()]), f'<a href="{address}">{address}</a>']
        end = link.end()
    return "".join([*parts, escape(line[end:])])

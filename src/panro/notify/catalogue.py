"""The templates: data in both languages, checked when they are read.

A file of ``data/templates`` is one template. A deployment may replace templates, and name the Alimtalk templates that
were approved for its own channel, in a folder of its own (``PANRO_TEMPLATES``): a file there with the same code wins.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from panro.notify import conf
from panro.notify.states import Channel
from panro.notify.telephone import TITLE_BYTES, byte_length, unknown_characters

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACE: Final = re.compile(r"\{([a-z][a-z_]*)\}")
ADVERTISING_MARK: Final = "(광고) "
"""What an advertisement begins with (Network Utilization Act, art. 50 (4), and its decree)."""
REFUSE: Final = "refuse"
"""The place of the address where advertisements are refused, free of charge (same article)."""
_OWN = Path(__file__).parent / "data" / "templates"


class Kind(models.TextChoices):
    """What a message is to the law."""

    NOTICE = "notice", _("notice")
    ADVERTISING = "advertising", _("advertising")


class TemplateError(ValueError):
    """A template cannot be used; says the file, the place and what is wrong."""


class UnknownTemplateError(LookupError):
    """No template has this code."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wording(_Model):
    """One language. ``text`` goes to mail and inbox, ``phone`` to telephones, ``title`` above long text messages."""

    subject: str = Field(min_length=1, max_length=120)
    text: str = Field(min_length=1)
    title: str = Field(min_length=1)
    phone: str = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_a_telephone(self) -> Self:
        if PLACE.search(self.title):
            raise ValueError("title: has no places, because its length is limited")
        if (length := byte_length(ADVERTISING_MARK + self.title)) > TITLE_BYTES:
            raise ValueError(f"title: {length} bytes with the mark of advertising, at most {TITLE_BYTES}")
        for name, text in (("title", self.title), ("phone", self.phone)):
            if unknown := unknown_characters(text):
                raise ValueError(f"{name}: no telephone shows {' '.join(unknown)}")
        for name, text in (("subject", self.subject), ("text", self.text), ("phone", self.phone)):
            if {"{", "}"} & set(PLACE.sub("", text)):
                raise ValueError(f"{name}: a brace that is no {{place}}")
        return self

    def places(self) -> frozenset[str]:
        """Return the names of the places in all texts."""
        return frozenset(PLACE.findall(f"{self.subject}\n{self.text}\n{self.phone}"))


class Alimtalk(_Model):
    """The approved template: its text is the Korean ``phone`` with the places named as ``variables`` names them."""

    id: str = Field(min_length=1)
    variables: dict[Annotated[str, Field(pattern=r"^#\{[^{}]+\}$")], str]


class Template(_Model):
    """A message before it is filled in."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)
    kind: Kind
    channels: frozenset[Channel] = Field(min_length=1)
    daily: bool = False
    """Whether an account may have its mail in a daily summary instead of at once."""
    variables: frozenset[str]
    ko: Wording
    en: Wording
    alimtalk: Alimtalk | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        for language in ("ko", "en"):
            used = self.wording(language).places()
            if missing := used - self.variables:
                raise ValueError(f"{language}: the places {sorted(missing)} are not in variables")
        if unused := self.variables - (self.ko.places() & self.en.places()):
            raise ValueError(f"variables: {sorted(unused)} are not used in both languages")
        if self.alimtalk and set(self.alimtalk.variables.values()) != set(PLACE.findall(self.ko.phone)):
            raise ValueError("alimtalk: variables must name exactly the places of the Korean phone text")
        if self.kind is Kind.ADVERTISING:
            self._check_advertising()
        return self

    def wording(self, language: str) -> Wording:
        """Return the texts of ``ko`` or ``en``."""
        return self.en if language == "en" else self.ko

    def _check_advertising(self) -> None:
        if self.alimtalk:
            raise ValueError("alimtalk: carries information only, never advertising")
        for language in ("ko", "en"):
            wording = self.wording(language)
            if any(f"{{{REFUSE}}}" not in text for text in (wording.text, wording.phone)):
                raise ValueError(f"{language}: advertising says in text and phone where to refuse it ({{{REFUSE}}})")


def template(code: str) -> Template:
    """Return a template.

    Raises:
        UnknownTemplateError: says the code.
    """
    try:
        return templates()[code]
    except KeyError:
        raise UnknownTemplateError(f"no message template is called {code!r}") from None


@cache
def templates() -> Mapping[str, Template]:
    """Return all templates by code, read once.

    Raises:
        TemplateError: a file is wrong.
    """
    return read(_OWN) | ({} if (own := conf.templates_folder()) is None else read(own))


def read(folder: Path) -> dict[str, Template]:
    """Read the templates of a folder, in the order of their file names.

    Raises:
        TemplateError: a file is no template, or two have the same code.
    """
    found: dict[str, Template] = {}
    for path in sorted(folder.glob("*.toml")):
        made = _read_one(path)
        if made.code in found:
            raise TemplateError(f"{path}: the code {made.code!r} is there already")
        found[made.code] = made
    return found


def _read_one(path: Path) -> Template:
    try:
        return Template.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise TemplateError(f"{path}: {wrong}") from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise TemplateError(f"{path}: {where + ': ' if where else ''}{first['msg']}") from None

"""What a product may choose from: countries, categories, kinds of certificates. All of it is data with its file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import ClassVar

from pydantic import ConfigDict

from panro.korea.tables import FORBID_UNKNOWN, read_table
from panro.korea.text import Text, compatibility_form


@dataclass(frozen=True, slots=True)
class _Country:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    ko: str
    en: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Category:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    code: str
    ko: str
    en: str
    schema: str


@dataclass(frozen=True, slots=True)
class _Group:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    code: str
    ko: str
    en: str
    category: tuple[_Category, ...]


@dataclass(frozen=True, slots=True)
class _Groups:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    group: tuple[_Group, ...]


@dataclass(frozen=True, slots=True)
class _Certificate:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    code: str
    ko: str
    en: str
    help_ko: str
    help_en: str


@dataclass(frozen=True, slots=True)
class _Certificates:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    certificate: tuple[_Certificate, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """A category, the group it stands in, and the type of goods whose disclosure it asks for."""

    code: str
    name: Text
    group: Text
    schema: str


@dataclass(frozen=True, slots=True)
class CertificateKind:
    """A kind of certificate, with a sentence on what to give."""

    code: str
    name: Text
    help: Text


@cache
def categories() -> dict[str, Category]:
    """Return the categories by code, in the order shown."""
    table = read_table(_Groups, _text("categories.toml"), "categories.toml")
    return {
        row.code: Category(row.code, Text(ko=row.ko, en=row.en), Text(ko=group.ko, en=group.en), row.schema)
        for group in table.group
        for row in group.category
    }


@cache
def countries() -> dict[str, Text]:
    """Return the names of countries by code: Korea first, then by code."""
    rows = _countries()
    ordered = sorted(rows, key=lambda code: (code != "KR", code))
    return {code: Text(ko=rows[code].ko, en=rows[code].en) for code in ordered}


@cache
def certificate_kinds() -> dict[str, CertificateKind]:
    """Return the kinds of certificates by code, in the order shown."""
    table = read_table(_Certificates, _text("certificates.toml"), "certificates.toml")
    return {
        row.code: CertificateKind(row.code, Text(ko=row.ko, en=row.en), Text(ko=row.help_ko, en=row.help_en))
        for row in table.certificate
    }


def country_code(written: str) -> str | None:
    """Return the code of a country however it is written: code, Korean or English name, or another usual name."""
    return _country_words().get(plain(written))


def category_code(written: str) -> str | None:
    """Return the code of a category from its code or either name; None for nothing or for more than one."""
    return _category_words().get(plain(written))


def plain(written: str) -> str:
    """Return a word for comparing: without spaces and marks, in lower case, full-width signs made plain."""
    return re.sub(r"[\s·.,&()/'’-]+", "", compatibility_form(written)).casefold()


@cache
def _countries() -> dict[str, _Country]:
    table = read_table(_CountryTable, _text("countries.toml"), "countries.toml")
    return table.country


@dataclass(frozen=True, slots=True)
class _CountryTable:
    __pydantic_config__: ClassVar[ConfigDict] = FORBID_UNKNOWN

    country: dict[str, _Country]


@cache
def _country_words() -> dict[str, str]:
    return _by_word((code, (code, row.ko, row.en, *row.also)) for code, row in _countries().items())


@cache
def _category_words() -> dict[str, str]:
    return _by_word((code, (code, row.name.ko, row.name.en)) for code, row in categories().items())


def _by_word(rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    double: set[str] = set()
    for code, words in rows:
        for word in {plain(word) for word in words}:
            if found.setdefault(word, code) != code:
                double.add(word)
    return {word: code for word, code in found.items() if word not in double}


def _text(name: str) -> str:
    return (files("panro.catalog") / "data" / name).read_text(encoding="utf-8")

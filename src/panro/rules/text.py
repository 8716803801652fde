"""A text for people, in the two languages every page has."""

from dataclasses import dataclass
from typing import Literal, Self

Language = Literal["ko", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Korean and in English."""

    ko: str
    en: str

    def in_(self, language: str) -> str:
        """Return the English text for ``en`` and its variants, the Korean one for everything else."""
        return self.en if language.startswith("en") else self.ko

    def format(self, **values: object) -> Self:
        """Fill ``{name}`` places in both languages; a value that is a Text is taken in the language at hand."""
        ko = {name: value.ko if isinstance(value, Text) else value for name, value in values.items()}
        en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
        return type(self)(ko=self.ko.format(**ko), en=self.en.format(**en))

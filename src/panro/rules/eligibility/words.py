"""Values as people read them: dates, sums, shares and names, with the Korean particle that fits."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, override

from panro.korea.text import Text, with_particle

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Word(str):
    """A Korean word that takes its particle in a template: ``{name:은/는}`` gives 사과는 or 떡은."""

    __slots__ = ()

    @override
    def __format__(self, spec: str) -> str:
        return with_particle(str(self), spec) if spec else str(self)

    @classmethod
    def text(cls, ko: str, en: str) -> Text:
        """Return both languages, the Korean one able to take a particle."""
        return Text(ko=cls(ko), en=en)

    @classmethod
    def same(cls, name: str) -> Text:
        """Return a name that is written alike in both languages."""
        return cls.text(name, name)


NOTHING: Final = Text(ko="", en="")


def day(value: date) -> Text:
    """Return a date as letters write it: ``2021. 3. 31.`` and ``31 March 2021``."""
    return Text(
        ko=f"{value.year}. {value.month}. {value.day}.", en=f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    )


def won(amount: int) -> Text:
    """Return a sum of won with its thousands set apart."""
    return Text(ko=f"{amount:,}원", en=f"{amount:,} won")


def percent(basis_points: int) -> str:
    """Return basis points as a percentage without needless zeros: 2000 gives ``20%``."""
    return f"{(Decimal(basis_points) / 100).normalize():f}%"


def listing(names: Iterable[Text]) -> Text:
    """Join names with commas, in each language."""
    kept = list(names)
    return Word.text(", ".join(name.ko for name in kept), ", ".join(name.en for name in kept))

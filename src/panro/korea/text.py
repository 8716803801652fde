"""Words for people: a text in two languages, Unicode normal form, Korean particles."""

import unicodedata
from dataclasses import dataclass
from typing import Self

_HANGUL_FIRST, _HANGUL_LAST, _FINALS = 0xAC00, 0xD7A3, 28
_FINAL_RIEUL = 8

# How a digit or a letter is read aloud decides its particle: 1 is 일, L is 엘.
# A trailing 0 is read 영, 십, 백, 천 or 만: each ends in a consonant.
_READ_WITH_CONSONANT = frozenset("013678LMNRlmnr")
_READ_WITH_RIEUL = frozenset("178LRlr")

_PARTICLES = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
}


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


class ExplainedError(ValueError):
    """An error a person can act on: says what is wrong and how to mend it, in Korean and English."""

    def __init__(self, text: Text) -> None:
        super().__init__(f"{text.ko} / {text.en}")
        self.text = text


def nfc(text: str) -> str:
    """Return the text in Unicode normal form C, so that equal looking Korean names compare equal."""
    return unicodedata.normalize("NFC", text)


def compatibility_form(text: str) -> str:
    """Return the text in normal form KC: full-width digits and letters become plain ones."""
    return unicodedata.normalize("NFKC", text)


def with_particle(word: str, pair: str) -> str:
    """Return the word with the particle that fits its last sound.

    Args:
        word: any text; digits are read as Korean numbers, Latin letters by their Korean names,
            closing brackets and marks are passed over.
        pair: `은/는`, `이/가`, `을/를`, `과/와` or `으로/로`.

    Raises:
        KeyError: the pair is none of these.
    """
    after_consonant, after_vowel = _PARTICLES[pair]
    consonant, rieul = _last_sound(nfc(word))
    takes_first = consonant and not (rieul and pair == "으로/로")
    return word + (after_consonant if takes_first else after_vowel)


def _last_sound(word: str) -> tuple[bool, bool]:
    """Return (ends in a consonant, that consonant is ㄹ) for the last letter or digit of the word."""
    last = next((character for character in reversed(word) if character.isalnum()), "")
    if last and _HANGUL_FIRST <= ord(last) <= _HANGUL_LAST:
        final = (ord(last) - _HANGUL_FIRST) % _FINALS
        return final != 0, final == _FINAL_RIEUL
    return last in _READ_WITH_CONSONANT, last in _READ_WITH_RIEUL

"""Finding cases by words: whole words, and pairs of syllables of Hangul, which needs no dictionary.

A name is looked for by a piece of it (``래상`` in ``미래상회``), numbers with or without their hyphens.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from panro.korea.text import nfc

if TYPE_CHECKING:
    from collections.abc import Iterable

_CHUNK: Final = re.compile(r"[0-9a-z가-힣]+(?:-[0-9a-z가-힣]+)*")
_PIECE: Final = re.compile(r"[0-9a-z]+|[가-힣]+")
_HANGUL: Final = re.compile(r"[가-힣]+")
WORDS_ASKED: Final = 8


def words_of(*texts: str) -> list[str]:
    """Return the words by which somebody or something is found, ascending."""
    return sorted({word for text in texts for word in _words(text)})


def asked(text: str) -> str:
    """Return what to look for as a tsquery, empty if the text holds no word; all of its words must be found."""
    terms = []
    for chunk in _CHUNK.findall(nfc(text).lower())[:WORDS_ASKED]:
        if "-" in chunk:
            terms.append(f"'{chunk.replace('-', '')}':*")
            continue
        for piece in _PIECE.findall(chunk):
            if _HANGUL.fullmatch(piece) and len(piece) > 1:
                terms += [f"'{pair}'" for pair in _pairs(piece)]
            else:
                terms.append(f"'{piece}':*")
    return " & ".join(terms)


def _words(text: str) -> Iterable[str]:
    for chunk in _CHUNK.findall(nfc(text).lower()):
        if "-" in chunk:
            yield chunk.replace("-", "")
        for piece in _PIECE.findall(chunk):
            yield piece
            if _HANGUL.fullmatch(piece):
                yield from _pairs(piece)


def _pairs(piece: str) -> list[str]:
    return [first + second for first, second in pairwise(piece)]

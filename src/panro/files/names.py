"""Names of files as people give them, made safe to store, show and hand out again."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from panro.files.models import NAME_LENGTH

_HIDDEN: Final = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*\\/]')
_SUFFIX: Final = re.compile(r"\.[0-9A-Za-z]{1,10}$")
_UNNAMED: Final = "file"
_ASCII: Final = re.compile(r"[^0-9A-Za-z._-]+")


def clean(name: str) -> str:
    """Return a name without path, control and invisible characters, at most 150 characters, its ending kept.

    Nothing is ever stored under this name; it is only shown, and offered when the file is handed out.
    """
    text = unicodedata.normalize("NFC", name)
    text = re.split(r"[\\/]", text)[-1]
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    text = _FORBIDDEN.sub("_", _HIDDEN.sub("", text))
    text = " ".join(text.split()).lstrip(". ").rstrip(". ")
    if not text:
        return _UNNAMED
    if len(text) <= NAME_LENGTH:
        return text
    suffix = found[0] if (found := _SUFFIX.search(text)) else ""
    return text[: NAME_LENGTH - len(suffix)].rstrip(". ") + suffix


def disposition(name: str) -> str:
    """Return the Content-Disposition of an attachment (RFC 6266): the name in UTF-8, and one in ASCII."""
    suffix = found[0] if (found := _SUFFIX.search(name)) else ""
    stem = _ASCII.sub("_", name.removesuffix(suffix)).strip("._") or _UNNAMED
    return f"attachment; filename=\"{stem}{suffix}\"; filename*=UTF-8''{quote(name, safe='')}"

"""Names of programmes, which only rooms above know; a seam they fill in ``AppConfig.ready``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    type Programmes = Callable[[Collection[str]], Mapping[str, str]]

_programmes: list[Programmes] = []


def name_programmes(names: Programmes) -> None:
    """Say how programmes are called: given keys such as ``2021/3-1``, the names on the page of those one knows."""
    if names not in _programmes:
        _programmes.append(names)


def programmes(keys: Collection[str]) -> dict[str, str]:
    """Return what programmes are called in the language of the page; the key of one that nobody knows."""
    found = {key: key for key in keys}
    for names in _programmes:
        found.update(names(keys))
    return found

"""What changed between two editions, in words, as an amendment's notice or an officer would say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, cast

from panro.korea.text import Text
from panro.rules.edition.problems import entry_labels
from panro.rules.edition.words import ENTRIES, FIELDS, SHARES, SUMS, VALUES
from panro.rules.eligibility.words import Word, day, listing, percent, won

if TYPE_CHECKING:
    from panro.rules.edition.model import Edition
    from panro.rules.edition.programme import Programme

_WHOLE: Final = frozenset({"sources"})  # told as one change, whatever changed in it
_NONE: Final = Text("없음", "none")


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``programme`` is None for the year's head; ``path`` is empty for a programme as a whole.

    ``before`` and ``after`` are the values in words, None where there was or is none.
    """

    programme: str | None
    path: str
    before: Text | None
    after: Text | None
    sentence: Text


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a programme something stands: its path, its name in words, and its own key."""

    path: tuple[str, ...] = ()
    words: tuple[Text, ...] = ()

    @property
    def key(self) -> str:
        return self.path[-1] if self.path else ""

    def field(self, key: str) -> _Place:
        """Step into a key of a table."""
        return _Place((*self.path, key), (*self.words, FIELDS.get(key, Text(key, key))))

    def entry(self, label: str, entry: object) -> _Place:
        """Step into an entry of a list: the list's name gives way to the entry's."""
        kind = ENTRIES.get(self.key, FIELDS.get(self.key, Text(self.key, self.key)))
        own = _own_name(label, entry)
        return _Place((*self.path, label), (*self.words[:-1], Text(f"{kind.ko} ‘{own.ko}’", f"{kind.en} ‘{own.en}’")))

    @property
    def what(self) -> Text:
        """The place in words, the whole before its part."""
        english = ", ".join(word.en for word in self.words)
        return Word.text(", ".join(word.ko for word in self.words), english[:1].upper() + english[1:])


def diff_editions(before: Edition, after: Edition) -> list[Change]:
    """Say what changed: the head first, then the programmes in their new order, last those that are gone.

    Within a programme the changes follow the order of its keys. Equal editions give an empty list.
    """
    changes = list(_compare(None, _Place(), before.head.model_dump(), after.head.model_dump()))
    old = {programme.code: programme for programme in before.programmes}
    new = {programme.code: programme for programme in after.programmes}
    for code, programme in new.items():
        changes += diff_programmes(old[code], programme) if code in old else [_whole(programme, added=True)]
    return changes + [_whole(programme, added=False) for code, programme in old.items() if code not in new]


def diff_programmes(before: Programme, after: Programme) -> list[Change]:
    """Say what changed in one programme, in the order of its keys."""
    return list(_compare(after.code, _Place(), before.model_dump(), after.model_dump()))


def _whole(programme: Programme, *, added: bool) -> Change:
    name = programme.name.text
    quoted = Word.text(f"‘{name.ko}’", f"‘{name.en}’")
    if added:
        sentence = Text("새 사업 {name:이/가} 생깁니다.", "The programme {name} is new.")
        return Change(programme.code, "", None, name, sentence.format(name=quoted))
    sentence = Text("사업 {name:이/가} 없어집니다.", "The programme {name} is dropped.")
    return Change(programme.code, "", name, None, sentence.format(name=quoted))


def _compare(code: str | None, place: _Place, before: object, after: object) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping) and not _is_text(before):
        for key in [*after, *(key for key in before if key not in after)]:
            yield from _compare(code, place.field(key), before.get(key), after.get(key))
    elif place.key in _WHOLE:
        yield _told(code, place, None, None, Text("{what:을/를} 고칩니다.", "{what} change."))
    elif _are_tables(before, after):
        yield from _compare_entries(code, place, cast("_Tables", before), cast("_Tables", after))
    else:
        yield _changed_value(code, place, before, after)


type _Tables = Sequence[Mapping[str, object]]


def _compare_entries(code: str | None, place: _Place, before: _Tables, after: _Tables) -> Iterator[Change]:
    old = dict(zip(entry_labels(before), before, strict=True))
    new = dict(zip(entry_labels(after), after, strict=True))
    for label, entry in new.items():
        here = place.entry(label, entry)
        if label in old:
            yield from _compare(code, here, old[label], entry)
        else:
            yield _told(
                code, here, None, _own_name(label, entry), Text("{what:이/가} 새로 생깁니다.", "{what} is new.")
            )
    for label, entry in old.items():
        if label not in new:
            gone = Text("{what:이/가} 없어집니다.", "{what} is dropped.")
            yield _told(code, place.entry(label, entry), _own_name(label, entry), None, gone)
    if [label for label in old if label in new] != [label for label in new if label in old]:
        names = listing(_own_name(label, entry) for label, entry in new.items())
        was = listing(_own_name(label, entry) for label, entry in old.items())
        moved = Text("{what}의 차례를 바꿉니다: {after}", "{what}: the order is now {after}.")
        yield _told(code, place, was, names, moved)


def _changed_value(code: str | None, place: _Place, before: object, after: object) -> Change:
    old = None if _is_nothing(before) else _in_words(place.key, before)
    new = None if _is_nothing(after) else _in_words(place.key, after)
    if old is None:
        sentence = Text("{what:을/를} 새로 정합니다: {after}", "{what}: {after} is new.")
    elif new is None:
        sentence = Text("{what:을/를} 없앱니다. 변경 전: {before}", "{what}: {before} is dropped.")
    else:
        sentence = Text("{what:을/를} 바꿉니다: {before} → {after}", "{what}: {before} becomes {after}.")
    return _told(code, place, old, new, sentence)


def _told(code: str | None, place: _Place, before: Text | None, after: Text | None, sentence: Text) -> Change:
    words = {"what": place.what, "before": before or _NONE, "after": after or _NONE}
    return Change(code, ".".join(place.path), before, after, sentence.format(**words))


def _own_name(label: str, entry: object) -> Text:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    return _in_words("name", name) if _is_text(name) else VALUES.get(label.partition("-")[0], Text(label, label))


def _in_words(key: str, value: object) -> Text:
    if _is_text(value):
        texts = cast("Mapping[str, str]", value)
        return Text(texts["ko"], texts["en"])
    if isinstance(value, Mapping):
        return listing(_part(str(inner), value[inner]) for inner in value if not _is_nothing(value[inner]))
    if isinstance(value, list):
        return listing(_in_words(key, inner) for inner in value) if value else _NONE
    return _scalar_in_words(key, value)


def _scalar_in_words(key: str, value: object) -> Text:
    if value is None:
        return _NONE
    if isinstance(value, bool):
        return Text("예", "yes") if value else Text("아니요", "no")
    if isinstance(value, int):
        return won(value) if key in SUMS else Word.same(percent(value) if key in SHARES else f"{value:,}")
    if isinstance(value, date):
        return day(value)
    return VALUES.get(str(value), Word.same(str(value)))


def _part(key: str, value: object) -> Text:
    name, words = FIELDS.get(key, Text(key, key)), _in_words(key, value)
    return Text(f"{name.ko} {words.ko}", f"{name.en} {words.en}")


def _is_text(value: object) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"ko", "en"}


def _is_nothing(value: object) -> bool:
    return value is None or value in ([], {})


def _are_tables(before: object, after: object) -> bool:
    if not isinstance(before, list) or not isinstance(after, list):
        return False
    return all(isinstance(entry, Mapping) and not _is_text(entry) for entry in [*before, *after])

"""The texts of pages: collect them into catalogues, check that they are translated, compile them.

Texts in code and templates are English; each room keeps its catalogues in ``locale/``. This works with Babel
alone, so neither set-up nor tests need the gettext programs.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOMS = Path(__file__).resolve().parents[1] / "src" / "panro"
LANGUAGES = ("ko", "en")
SOURCE_LANGUAGE = "en"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What the header of a catalogue would say without knowing it, or anew at every run.
EMPTY_HEADERS = tuple(
    f'"{name}'
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)
type Found = tuple[str | tuple[str, ...], str | None, str, list[str]]


def main() -> None:
    actions = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) < 2 or sys.argv[1] not in actions:  # noqa: PLR2004 - the script and its word
        raise SystemExit(f"usage: messages.py {'|'.join(actions)} [ROOM…]")
    settings.configure(USE_I18N=True)  # templatize asks the settings only how files are encoded
    raise SystemExit(actions[sys.argv[1]]())


def update() -> int:
    """Bring every catalogue up to date; texts that are gone are dropped, new ones wait for a translation."""
    for room in rooms():
        found = collected(room)
        for language in LANGUAGES:
            catalogue = read(room, language)
            catalogue.update(found, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            if language == SOURCE_LANGUAGE:
                for message in texts(catalogue):
                    message.string = source_of(message)
            write(room, language, catalogue)
    return check()


def check() -> int:
    """Complain about every text that is not collected, not translated, or doubtful."""
    faults = [fault for room in rooms() for language in LANGUAGES for fault in faults_of(room, language)]
    faults += contradictions()
    for fault in faults:
        print(fault)
    if not faults:
        print(f"{sum(len(texts(read(room, 'ko'))) for room in rooms())} texts in {len(LANGUAGES)} languages")
    return 1 if faults else 0


def faults_of(room: Path, language: str) -> Iterator[str]:
    where = f"{room.name}/locale/{language}"
    catalogue = read(room, language)
    wanted = {(message.id, message.context) for message in texts(collected(room))}
    present = {(message.id, message.context) for message in texts(catalogue)}
    for text, _ in sorted(wanted - present, key=str):
        yield f"{where}: not collected: {text!r}: run 'make messages'"
    for text, _ in sorted(present - wanted, key=str):
        yield f"{where}: not used any more: {text!r}: run 'make messages'"
    for message in texts(catalogue):
        if not translated(message):
            yield f"{where}: not translated: {message.id!r}"
        elif message.fuzzy:
            yield f"{where}: doubtful (fuzzy): {message.id!r}"
        elif language == SOURCE_LANGUAGE and message.string != source_of(message):
            yield f"{where}: differs from the text itself: {message.id!r}: run 'make messages'"
        for error in message.check(catalogue):
            yield f"{where}: {message.id!r}: {error}"


def contradictions() -> list[str]:
    """Name what two rooms translate differently: a page has one catalogue, so only one of them would be shown."""
    said: dict[tuple[object, object], dict[str, list[str]]] = {}
    for room in rooms():
        for message in texts(read(room, "ko")):
            rooms_by_words = said.setdefault((message.id, message.context), {})
            rooms_by_words.setdefault(str(message.string), []).append(room.name)
    return [
        f"{text!r} is said differently: {differently}; use one translation, or a context"
        for (text, _), differently in said.items()
        if len(differently) > 1
    ]


def compile_all() -> int:
    """Write the binary form the program reads, where the catalogue is newer."""
    for room in rooms():
        for language in LANGUAGES:
            source = catalogue_file(room, language)
            target = source.with_suffix(".mo")
            if source.exists() and (not target.exists() or target.stat().st_mtime <= source.stat().st_mtime):
                with target.open("wb") as file:
                    write_mo(file, read(room, language))
    return 0


def rooms() -> list[Path]:
    """The rooms that show pages, which are those Django knows; or those asked for."""
    asked = sys.argv[2:]
    return sorted(file.parent for file in ROOMS.glob("*/apps.py") if not asked or file.parent.name in asked)


def collected(room: Path) -> Catalog:
    catalogue = Catalog(project="Panro", charset="utf-8")
    for path in sorted(room.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
            for text, context, _place, comments in found_in(path):
                catalogue.add(
                    text,
                    None,
                    locations=[(path.relative_to(ROOMS).as_posix(), 0)],
                    auto_comments=comments,
                    context=context,
                )
    return catalogue


def found_in(path: Path) -> Iterator[Found]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # The result is read as Python, to which a template's indentation means nothing.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    for _line, text, comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS, comment_tags=["Translators:"]
    ):
        yield text, context, path.name, comments


def read(room: Path, language: str) -> Catalog:
    path = catalogue_file(room, language)
    if not path.exists():
        return Catalog(
            locale=language,
            project="Panro",
            charset="utf-8",
            fuzzy=False,
            header_comment=f"# Texts of pages: {language}",
        )
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, charset="utf-8", abort_invalid=True)
    catalogue.fuzzy = False
    return catalogue


def write(room: Path, language: str, catalogue: Catalog) -> None:
    path = catalogue_file(room, language)
    if not len(catalogue) and not path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as buffer:
        write_po(buffer, catalogue, width=110, omit_header=False, sort_output=True, include_lineno=False)
        lines = buffer.getvalue().decode().splitlines()
    kept = [line for line in lines if not line.startswith(EMPTY_HEADERS)]
    path.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")


def catalogue_file(room: Path, language: str) -> Path:
    return room / "locale" / language / "LC_MESSAGES" / "django.po"


def texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(strings)


def source_of(message: Message) -> str | tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id


if __name__ == "__main__":
    main()

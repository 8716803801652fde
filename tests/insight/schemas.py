"""Checking a value against a JSON schema, as far as our own description uses it; a word nobody checks is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

type Json = Any
type Schema = dict[str, Any]

_SAYS_NOTHING: Final = {"title", "description", "default"}
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_FORMATS: Final = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}


def faults(document: Schema, schema: Schema, value: Json, at: str = "$") -> list[str]:
    """Return where a value is not what the schema says; references are looked up in the document."""
    place = _Place(document, schema, value, at)
    found: list[str] = []
    for word, said in schema.items():
        if word not in _SAYS_NOTHING:
            name = "ref" if word == "$ref" else word
            assert hasattr(place, name), f"{at}: nobody checks {word!r}"
            found += getattr(place, name)(said)
    return found


@dataclass
class _Place:
    """One value with its schema; a method for each word of it."""

    document: Schema
    schema: Schema
    value: Json
    at: str

    def ref(self, said: str) -> list[str]:
        found: Json = self.document
        for part in said.removeprefix("#/").split("/"):
            found = found[part]
        return faults(self.document, found, self.value, self.at)

    def anyOf(self, said: list[Schema]) -> list[str]:  # noqa: N802 - the word of the schema
        fits = any(not faults(self.document, one, self.value, self.at) for one in said)
        return [] if fits else [f"{self.at}: {self.value!r} is none of {said}"]

    def type(self, said: str) -> list[str]:
        is_bool = isinstance(self.value, bool)
        fits = said == "boolean" if is_bool else isinstance(self.value, _TYPES[said])
        return [] if fits else [f"{self.at}: {self.value!r} is no {said}"]

    def enum(self, said: list[Json]) -> list[str]:
        return [] if self.value in said else [f"{self.at}: {self.value!r} is not among {said}"]

    def properties(self, said: dict[str, Schema]) -> list[str]:
        there = [name for name in said if isinstance(self.value, dict) and name in self.value]
        return [
            fault
            for name in there
            for fault in faults(self.document, said[name], self.value[name], f"{self.at}.{name}")
        ]

    def required(self, said: list[str]) -> list[str]:
        return [f"{self.at}: no {name}" for name in said if isinstance(self.value, dict) and name not in self.value]

    def additionalProperties(self, said: object) -> list[str]:  # noqa: N802 - the word of the schema
        assert said is False
        extra = set(self.value) - set(self.schema["properties"]) if isinstance(self.value, dict) else set()
        return [f"{self.at}: {name} is too much" for name in sorted(extra)]

    def items(self, said: Schema) -> list[str]:
        rows = self.value if isinstance(self.value, list) else []
        return [
            fault
            for number, one in enumerate(rows)
            for fault in faults(self.document, said, one, f"{self.at}[{number}]")
        ]

    def pattern(self, said: str) -> list[str]:
        fits = not isinstance(self.value, str) or re.search(said, self.value)
        return [] if fits else [f"{self.at}: {self.value!r} is not {said}"]

    def format(self, said: str) -> list[str]:
        if not isinstance(self.value, str):
            return []
        try:
            _FORMATS[said](self.value)
        except ValueError:
            return [f"{self.at}: {self.value!r} is no {said}"]
        return []

    def minimum(self, said: int) -> list[str]:
        return [f"{self.at}: {self.value} < {said}"] if isinstance(self.value, int) and self.value < said else []

    def maximum(self, said: int) -> list[str]:
        return [f"{self.at}: {self.value} > {said}"] if isinstance(self.value, int) and self.value > said else []

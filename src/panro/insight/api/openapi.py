"""The description of the read API (OpenAPI 3.1), made from the table of operations and the classes of its shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast, get_args

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from panro.insight.api.asked import Code
from panro.insight.api.door import JSON, PER, PROBLEM, SECONDS
from panro.insight.api.operations import BASE, OPERATIONS
from panro.insight.api.shapes import ProblemShape, Shape
from panro.ui.addresses import absolute

if TYPE_CHECKING:
    from pydantic import BaseModel

    from panro.insight.api.operations import Operation

VERSION: Final = "1.0.0"
_TEMPLATE: Final = "#/components/schemas/{model}"

_MEANINGS: Final = {
    "edition": gettext_lazy("Only of this year, such as 2021. Where a list is of one year, the newest without it."),
    "programme": gettext_lazy("Only of this programme, such as 3-1."),
    "page": gettext_lazy("Where the page begins, as the links of another page give it."),
    "size": gettext_lazy("Rows of a page, 1 to 200."),
    "outcome": gettext_lazy("Only lines with this outcome."),
}
"""What the words after the question mark mean."""

type Plain = dict[str, object]


def document() -> Plain:
    """Return the description, in the language of the page."""
    answers: list[type[Shape]] = list(dict.fromkeys([*(one.answer for one in OPERATIONS), ProblemShape]))
    _names, schemas = models_json_schema(
        [(cast("type[BaseModel]", one), "serialization") for one in answers], ref_template=_TEMPLATE
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Panro open data"),
            "version": VERSION,
            "description": _(
                "Programmes, rounds and published results. At most %(per)d requests in %(seconds)d seconds from one "
                "address. Answers have an ETag; send it back in If-None-Match."
            )
            % {"per": PER, "seconds": SECONDS},
        },
        "servers": [{"url": absolute(BASE)}],
        "paths": {one.path: {"get": _operation(one)} for one in OPERATIONS},
        "components": {"schemas": schemas["$defs"], "responses": _problems()},
    }


def item_fields(one: Operation) -> list[str]:
    """The fields of what an operation gives; of a list, those of its items."""
    items = one.answer.model_fields.get("items")
    kind = get_args(items.annotation)[0] if items else one.answer
    return list(kind.model_fields)


def _operation(one: Operation) -> Plain:
    return {
        "operationId": one.name.removeprefix("api_"),
        "summary": str(one.summary),
        "parameters": [*_variables(one), *_asked(one)],
        "responses": {
            "200": {
                "description": _("The answer"),
                "headers": {
                    "ETag": {"schema": {"type": "string"}},
                    "Last-Modified": {"schema": {"type": "string"}},
                },
                "content": {JSON: {"schema": {"$ref": _TEMPLATE.format(model=one.answer.__name__)}}},
            },
            "304": {"description": _("Nothing has changed since")},
            **{str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in _PROBLEMS},
        },
    }


_PROBLEMS: Final = (400, 404, 429)


def _problems() -> Plain:
    said = {400: _("A parameter cannot be read"), 404: _("There is no such thing"), 429: _("Too many requests")}
    schema = {"$ref": _TEMPLATE.format(model=ProblemShape.__name__)}
    return {
        f"Problem{status}": {"description": said[status], "content": {PROBLEM: {"schema": schema}}}
        for status in _PROBLEMS
    }


def _variables(one: Operation) -> list[Plain]:
    schema = TypeAdapter(Code).json_schema()
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in one.variables]


def _asked(one: Operation) -> list[Plain]:
    properties = cast("dict[str, Plain]", one.query.model_json_schema().get("properties", {}))
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": str(_MEANINGS[name]),
            "schema": _plain(schema),
        }
        for name, schema in properties.items()
    ]


def _plain(schema: Plain) -> Plain:
    """The schema of a parameter: absent is absent, so null is no value; names and descriptions stand beside it."""
    kept = {key: value for key, value in schema.items() if key not in {"title", "description", "default", "anyOf"}}
    some = [one for one in cast("list[Plain]", schema.get("anyOf", [])) if one.get("type") != "null"]
    return {**kept, **(some[0] if some else {})}

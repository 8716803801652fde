"""The read API does what its own description says, whatever is asked of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insight.schemas import faults
from insight.test_open import made, published, year
from panro.insight.api import door
from panro.insight.api.operations import OPERATIONS
from panro.insight.urls import _API

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy
    from pytest_django import DjangoAssertNumQueries

    from panro.selection.models import PublishedRound

__all__ = ["made", "published", "year"]

pytestmark = pytest.mark.django_db
type Json = dict[str, Any]

KNOWN: Final = {
    "edition": ["2021"],
    "programme": ["3-1", "3-2", "2-2"],
    "round": ["R1", "R2"],
    "page": ["WyJhZnRlciIsIjMiXQ"],
}

PUBLISHED: Final = {"edition": "2021", "programme": "3-2", "round": "R1"}


def description(client: Client) -> Json:
    found: Json = json.loads(client.get("/api/v1/openapi.json", headers={"accept-language": "en"}).content)
    return found


def values(name: str, schema: Json) -> SearchStrategy[str]:
    """What may be sent for a parameter: what exists, what its schema allows, and anything at all."""
    kinds = [st.text(max_size=40)]
    if "enum" in schema:
        kinds.append(st.sampled_from(schema["enum"]))
    if schema.get("type") == "integer":
        kinds.append(st.integers(schema["minimum"] - 2, schema["maximum"] + 2).map(str))
    if "pattern" in schema:
        kinds.append(st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True))
    if name in KNOWN:
        kinds += [st.sampled_from(KNOWN[name])] * 3
    return st.one_of(kinds)


@st.composite
def requests(draw: DrawFn, paths: Json) -> tuple[str, str, str]:
    """An operation, an address of it, and a method."""
    template = draw(st.sampled_from(sorted(paths)))
    path, asked = template, []
    exists = draw(st.booleans())
    for one in paths[template]["get"]["parameters"]:
        is_there = exists and one["in"] == "path"
        value = PUBLISHED[one["name"]] if is_there else draw(values(one["name"], one["schema"]))
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(value, safe="") or "x")
        elif draw(st.booleans()):
            asked.append((one["name"], value))
    if draw(st.integers(0, 9)) == 0:
        asked.append((draw(st.text(min_size=1, max_size=5)), "x"))
    method = draw(st.sampled_from(["get"] * 6 + ["head", "post", "delete"]))
    return template, f"/api/v1{path}{'?' if asked else ''}{urlencode(asked)}", method


def test_every_operation_keeps_its_promise(published: PublishedRound, monkeypatch: pytest.MonkeyPatch) -> None:
    del published
    monkeypatch.setattr(door, "PER", 1_000_000)
    client = Client(raise_request_exception=True)
    document = description(client)
    seen: set[tuple[str, int]] = set()

    def ask(template: str, address: str, method: str) -> None:
        response = getattr(client, method)(address)
        seen.add((template, response.status_code))
        if method in {"post", "delete"}:
            assert response.status_code == 405
            assert response["Allow"] == "GET, HEAD, OPTIONS"
            return
        told = document["paths"][template]["get"]["responses"].get(str(response.status_code))
        assert told is not None, (address, response.status_code)
        told = _resolved(document, told)
        [(media_type, content)] = told["content"].items()
        assert response["Content-Type"] == media_type
        if method == "head":
            assert response.content == b""
            return
        assert faults(document, content["schema"], json.loads(response.content)) == []

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked=requests(document["paths"]))
    def ask_anything(asked: tuple[str, str, str]) -> None:
        ask(*asked)

    for template in document["paths"]:
        address = f"/api/v1{template.format(**PUBLISHED)}"
        for method, query in (("get", ""), ("head", ""), ("post", ""), ("get", "?nobody=knows")):
            ask(template, address + query, method)
    ask("/rounds", "/api/v1/rounds?edition=1999", "get")
    ask_anything()
    assert {template for template, status in seen if status == 200} == set(document["paths"])
    assert {status for _template, status in seen} == {200, 400, 404, 405}


def _resolved(document: Json, told: Json) -> Json:
    name = told.get("$ref", "").rpartition("/")[2]
    found: Json = document["components"]["responses"][name] if name else told
    return found


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, True),
        ({"type": "integer", "minimum": 3}, 2),
        ({"enum": ["a"]}, "b"),
        ({"anyOf": [{"type": "null"}, {"type": "string", "pattern": "^a$"}]}, "b"),
        ({"type": "string", "format": "date"}, "yesterday"),
        ({"type": "object", "properties": {}, "additionalProperties": False}, {"name": "김민지"}),
        ({"type": "object", "properties": {"a": {"type": "array", "items": {"$ref": "#/b"}}}}, {"a": [1]}),
        ({"type": "object", "required": ["a"]}, {}),
    ],
)
def test_what_checks_the_answers_finds_faults(schema: Json, value: object) -> None:
    assert len(faults({"b": {"type": "string"}}, schema, value)) == 1


def test_the_description_tells_of_every_route_and_of_nothing_else(client: Client) -> None:
    document = description(client)
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {one.path for one in OPERATIONS}
    assert set(_API) == {one.name for one in OPERATIONS}
    used = set(re.findall(r"#/components/(?:schemas|responses)/(\w+)", json.dumps(document)))
    assert used == set(document["components"]["schemas"]) | set(document["components"]["responses"])
    ids = [document["paths"][path]["get"]["operationId"] for path in document["paths"]]
    assert len(set(ids)) == len(ids)


def test_lines_come_page_by_page_without_a_gap_and_back(client: Client, published: PublishedRound) -> None:
    address: str | None = "/api/v1/results/2021/3-2/R1/lines?size=25"
    pages: list[list[int]] = []
    previous: list[str | None] = []
    while address:
        told = client.get(address).json()
        pages.append([one["result_no"] for one in told["items"]])
        previous.append(told["links"]["previous"])
        address = told["links"]["next"]
    assert [number for page in pages for number in page] == list(range(1, published.receipts + 1))
    assert [len(page) for page in pages] == [25, 25, 25, 15]
    assert previous[0] is None
    assert [one["result_no"] for one in client.get(previous[2] or "").json()["items"]] == pages[1]
    waiting = client.get("/api/v1/results/2021/3-2/R1/lines?outcome=waiting&size=200").json()["items"]
    assert {one["outcome"] for one in waiting} <= {"waiting"}
    assert len(waiting) == published.waiting


def test_a_problem_says_what_to_mend(client: Client, published: PublishedRound) -> None:
    del published
    wrong = client.get("/api/v1/results/2021/3-2/R1/lines?size=0&outcom=waiting")
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")
    told = wrong.json()
    assert (told["status"], told["title"], told["instance"]) == (
        400,
        "Bad Request",
        "/api/v1/results/2021/3-2/R1/lines",
    )
    assert {one["name"] for one in told["errors"]} == {"size", "outcom"}
    unknown = client.get("/api/v1/winners")
    assert (unknown.status_code, unknown["Content-Type"]) == (404, "application/problem+json")
    options = client.options("/api/v1/rounds")
    assert (options.status_code, options["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


def test_queries_do_not_grow(
    client: Client, published: PublishedRound, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    del published
    for path, count in (
        ("/programmes", 3),
        ("/rounds", 3),
        ("/results", 3),
        ("/results/2021/3-2/R1", 2),
        ("/results/2021/3-2/R1/lines?size=1", 3),
        ("/results/2021/3-2/R1/lines?size=3", 3),
        ("/notices", 3),
    ):
        client.get(f"/api/v1{path}")
        with django_assert_num_queries(count):
            assert client.get(f"/api/v1{path}").status_code == 200

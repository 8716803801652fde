"""Open data: what is published, no more and no less, for everybody."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache

from intake import world as intake
from made_rounds import NOW, make_round
from panro.accounts.models import LimitWindow
from panro.editions import actions as editions
from panro.editions.models import EditionVersion, VersionState
from panro.insight.api import door
from panro.insight.reading import sequence
from panro.rules.edition.load import load_edition
from panro.selection import actions as selection
from panro.selection.dossiers import RESULTS

if TYPE_CHECKING:
    from django.test import Client

    from made_rounds import MadeRound
    from panro.selection.models import PublishedRound

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeRound:
    """A round of 90 receipts of 3-2."""
    return make_round(load_edition("2021"), "3-2", "R1", tmp_path_factory.mktemp("round"), receipts=90)


@pytest.fixture
def year(db: None) -> EditionVersion:
    """The whole year, published."""
    del db
    version = editions._keep_draft(load_edition("2021"), now=NOW, by=None)
    EditionVersion.objects.filter(pk=version.pk).update(state=VersionState.PUBLISHED, published_at=NOW)
    return EditionVersion.objects.get(pk=version.pk)


@pytest.fixture
def published(year: EditionVersion, made: MadeRound) -> PublishedRound:
    """The round, published."""
    del year
    return selection.publish_dossier(made.public, verify=lambda _folder: [], now=NOW)


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined] # a stream
    return body.decode()


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    text = text_of(client, path)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.usefixtures("published")
def test_lines_are_those_of_the_public_dossier(client: Client, made: MadeRound, form: str) -> None:
    path = f"/open/results/2021/3-2/R1.{form}"
    rows = rows_of(client, path) if form == "csv" else json.loads(text_of(client, path))["items"]
    with (made.public / "results.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    with (made.public / "pool.csv").open(encoding="utf-8", newline="") as file:
        receipts = [row["receipt"] for row in csv.DictReader(file)]
    plain = [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]
    assert [[row[name] for name in RESULTS] for row in plain] == [[row[name] for name in RESULTS] for row in expected]
    assert [row["receipt"] for row in plain] == receipts
    names = {"track", "region", "clause", "receipt", *RESULTS}
    assert {key for row in rows for key in row} == names  # nothing else, so nothing personal


@pytest.mark.parametrize("name", ["programmes", "rounds", "results"])
@pytest.mark.usefixtures("published")
def test_both_forms_of_a_table_say_the_same(client: Client, name: str) -> None:
    told = json.loads(text_of(client, f"/open/{name}.json"))
    assert told["licence"]["address"].startswith("https://")
    flat = []
    for item in told["items"]:
        row: dict[str, str] = {}
        for key, value in item.items():
            if isinstance(value, dict):
                row |= {f"{key}_ko": value["ko"], f"{key}_en": value["en"]}
            else:
                row[key] = _plain(value)
        flat.append(row)
    rows = [{**row, **_moment(row)} for row in rows_of(client, f"/open/{name}.csv")]
    assert rows == flat
    edition = load_edition("2021")
    counts = {"programmes": 16, "rounds": sum(len(one.rounds) for one in edition.programmes), "results": 1}
    assert len(rows) == counts[name]


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(value)
        case _:
            return str(value)


def _moment(row: dict[str, str]) -> dict[str, str]:
    return {"published_at": row["published_at"].replace("+00:00", "Z")} if "published_at" in row else {}


def test_notices_come_in_the_shape_of_the_public_notice_api(client: Client) -> None:
    intake.publish("2-2", "3-1")
    told = client.get("/open/notices.json").json()
    assert told["resultCd"] == "0"
    first, by_number = told["data"][1], {one["pblancSeq"] for one in told["data"]}
    assert len(by_number) == len(told["data"]) == 5
    assert {key: first[key] for key in ("pblancSeq", "pblancBgnDt", "pblancEndDt", "sportMg", "cmpScaleCd")} == {
        "pblancSeq": sequence("2021/3-1/R1"),
        "pblancBgnDt": "2021-03-17",
        "pblancEndDt": "2021-04-09",
        "sportMg": "1,800",
        "cmpScaleCd": "CC30",
    }
    assert (told["data"][0]["cmpScaleCd"], first["needCrtfnCd"], first["creatDt"]) == ("", "EC05", "2021-03-10")
    for day, count in (("20210310", 5), ("20210311", 0)):
        assert len(client.get(f"/open/notices.json?strDt={day}").json()["data"]) == count
    for day, count in (("20210310", 5), ("20210309", 0)):
        assert len(client.get(f"/open/notices.json?endDt={day}").json()["data"]) == count
    wrong = client.get("/open/notices.json?strDt=tomorrow")
    assert (wrong.status_code, wrong.json()["resultCd"]) == (400, "99")


def test_the_feed_tells_of_calls_and_amendments(client: Client) -> None:
    intake.publish("3-1")
    intake.publish("3-1", changed=True)
    response = client.get("/open/notices.rss", headers={"accept-language": "en"})
    channel = ET.fromstring(response.content.decode()).find("channel")  # noqa: S314 - our own words
    assert channel is not None
    items = [(one.findtext("guid"), one.findtext("description")) for one in channel.findall("item")]
    assert items[0] == ("2021#v2", "a test")
    assert items[1] == ("2021/3-1/R1", "Applications from 2021-03-17 to 2021-04-09.")
    assert len({guid for guid, _text in items}) == len(items) == 5


@pytest.mark.parametrize(
    "path",
    [
        "/open/programmes.csv?edition=1999",
        "/open/rounds.json?edition=%00",
        "/open/results/2021/9-9/R1.csv",
        "/open/results/2021/3-2/%00.json",
    ],
)
@pytest.mark.usefixtures("year")
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_before_anything_is_published_the_page_says_so(client: Client) -> None:
    page = client.get("/open/", headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "No results yet" in page.content.decode()
    assert client.get("/open/programmes.csv").status_code == 404
    assert client.get("/open/results.json").json()["items"] == []
    assert client.get("/open/notices.json").json() == {"resultCd": "0", "resultMsg": "", "data": []}


@pytest.mark.usefixtures("published")
def test_who_has_it_already_gets_nothing_anew(client: Client) -> None:
    for path in (
        "/open/results.csv",
        "/open/results/2021/3-2/R1.csv",
        "/api/v1/results",
        "/open/notices.rss",
        "/open/notices.json",
    ):
        first = client.get(path)
        if first.streaming:
            b"".join(first.streaming_content)  # type: ignore[attr-defined] # a stream
        again = client.get(path, headers={"if-none-match": first["ETag"]})
        assert (path, again.status_code) == (path, 304)
        assert client.get(path, headers={"if-none-match": '"another"'}).status_code == 200
        assert client.get(path, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
        assert first["Access-Control-Allow-Origin"] == "*"


@pytest.mark.usefixtures("year")
def test_who_asks_too_often_waits(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PER", 3)
    LimitWindow.objects.all().delete()
    cache.clear()
    answers = [client.get("/api/v1/rounds") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert (answers[3]["Retry-After"], answers[3]["Content-Type"]) == ("60", "application/problem+json")
    assert client.get("/open/programmes.csv").status_code == 429
    assert client.get("/open/").status_code == 200  # pages for people are not counted


@pytest.mark.usefixtures("published")
def test_days_are_days(client: Client) -> None:
    row = rows_of(client, "/open/rounds.csv")[0]
    assert date.fromisoformat(row["closes"]) - date.fromisoformat(row["opens"]) > timedelta(0)

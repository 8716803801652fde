from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, TypeAliasType, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panro.korea.text import Text
from panro.rules import kinds
from panro.rules.edition import model, parts, programme
from panro.rules.edition.base import Strict
from panro.rules.edition.diff import Change, diff_editions, diff_programmes
from panro.rules.edition.load import load_edition
from panro.rules.edition.model import Edition
from panro.rules.edition.words import FIELDS, VALUES
from panro.rules.findings import Moment

type Data = dict[str, Any]
type Changed = Callable[..., Edition]
EDITION = load_edition("2021")


def test_nothing_changed() -> None:
    assert diff_editions(EDITION, load_edition("2021")) == []


def rename(data: Data) -> None:
    data["name"] = {"ko": "미디어커머스", "en": "Media commerce"}


def add_track(data: Data) -> None:
    data["tracks"].append({"code": "deal", "name": {"ko": "타임딜", "en": "Time deal"}, "seats": 10})


@pytest.mark.parametrize(
    ("programme_code", "act", "path", "sentence"),
    [
        (
            "3-3",
            rename,
            "name",
            Text(
                "이름을 바꿉니다: V-커머스 입점 → 미디어커머스",
                "The name: V-commerce becomes Media commerce.",
            ),
        ),
        (
            "3-1",
            lambda data: data.update(quota=7000),
            "quota",
            Text(
                "모집 규모를 바꿉니다: 6,000 → 7,000",
                "The quota: 6,000 becomes 7,000.",
            ),
        ),
        (
            "3-1",
            add_track,
            "tracks.deal",
            Text(
                "세부유형 ‘타임딜’이 새로 생깁니다.",
                "Track ‘Time deal’ is new.",
            ),
        ),
        (
            "3-1",
            lambda data: data["tracks"].pop(),
            "tracks.detail_page",
            Text(
                "세부유형 ‘상세페이지 제작’이 없어집니다.",
                "Track ‘Detail page’ is dropped.",
            ),
        ),
        (
            "3-1",
            lambda data: data["caps"][0].update(share=2500),
            "caps.listing_per_region.share",
            Text(
                "상한 ‘listing_per_region’, 비율을 바꿉니다: 30% → 25%",
                "Limit ‘listing_per_region’, the share: 30% becomes 25%.",
            ),
        ),
        (
            "1-1",
            lambda data: data["rounds"][0].update(closes=date(2021, 4, 8)),
            "rounds.R1.closes",
            Text(
                "차수 ‘1차’, 마감일을 바꿉니다: 2021. 4. 9. → 2021. 4. 8.",
                "Round ‘First round’, the closing date: 9 April 2021 becomes 8 April 2021.",
            ),
        ),
        (
            "1-2",
            lambda data: data["stages"][1]["rubric"][1].update(max=Decimal(35)),
            "stages.paper.rubric.product.max",
            Text(
                "평가 단계 ‘서류평가’, 평가 항목 ‘상품성’, 배점을 바꿉니다: 30 → 35",
                "Stage ‘Paper evaluation’, criterion ‘Quality of the product’, the most points: 30 becomes 35.",
            ),
        ),
        (
            "1-2",
            lambda data: data["priority"]["bonus"][0].update(points=Decimal(4)),
            "priority.bonus.designated.points",
            Text(
                "우대, 가점 ‘designated’, 점수를 바꿉니다: 3 → 4",
                "Priority, bonus item ‘designated’, points: 3 becomes 4.",
            ),
        ),
        (
            "1-2",
            lambda data: data["priority"].update(waiting=None),
            "priority.waiting",
            Text(
                "우대, 예비 비율을 없앱니다. 변경 전: 30%",
                "Priority, the waiting list: 30% is dropped.",
            ),
        ),
        (
            "1-2",
            lambda data: data["documents"][2].update(valid_days=60),
            "documents.business_registration.valid_days",
            Text(
                "제출서류 ‘사업자등록증명’, 유효기간(일)을 바꿉니다: 90 → 60",
                "Paper ‘Certificate of business registration’, days of validity: 90 becomes 60.",
            ),
        ),
        (
            "4-1",
            lambda data: data["eligibility"][0].update(parameters={"minimum": 2000}),
            "eligibility.own_share_committed.parameters.minimum",
            Text(
                "요건 ‘own_share_committed’, 조건값, minimum을 바꿉니다: 10% → 20%",
                "Rule ‘own_share_committed’, parameters, minimum: 10% becomes 20%.",
            ),
        ),
        (
            "2-2",
            lambda data: data["funding"][0].update(national_limit=900_000_000),
            "funding.capital.national_limit",
            Text(
                "재원 ‘수도권’, 국비 한도를 바꿉니다: 1,000,000,000원 → 900,000,000원",
                "Funding ‘Capital region’, the limit of national funds: 1,000,000,000 won becomes 900,000,000 won.",
            ),
        ),
        (
            "2-3",
            lambda data: data.update(method="ranked"),
            "method",
            Text(
                "선정 방식을 바꿉니다: 추천 → 점수 순",
                "The method: nomination becomes by points.",
            ),
        ),
        (
            "2-1",
            lambda data: data.update(follow_on=["1-1"]),
            "follow_on",
            Text(
                "연계 사업을 바꿉니다: 1-1, 1-2, 3-1 → 1-1",
                "Follow-on programmes: 1-1, 1-2, 3-1 becomes 1-1.",
            ),
        ),
        (
            "2-1",
            lambda data: data["rounds"][4].update(until_budget_used=True),
            "rounds.R5.until_budget_used",
            Text(
                "차수 ‘5차’, 예산 소진 시 마감을 바꿉니다: 아니요 → 예",
                "Round ‘Fifth round’, closing when the budget is used up: no becomes yes.",
            ),
        ),
        (
            "3-1",
            lambda data: data["tracks"].reverse(),
            "tracks",
            Text(
                "세부유형의 차례를 바꿉니다: 상세페이지 제작, 쇼핑몰 입점",
                "Tracks: the order is now Detail page, Mall listing.",
            ),
        ),
        (
            "2-4",
            lambda data: data["sources"].append(data["sources"][0]),
            "sources",
            Text(
                "출처 설명을 고칩니다.",
                "The notes on sources change.",
            ),
        ),
    ],
)
def test_one_change_is_one_sentence(
    changed: Changed, programme_code: str, act: Callable[[Data], object], path: str, sentence: Text
) -> None:
    (change,) = diff_editions(EDITION, changed(**{f"p{programme_code.replace('-', '_')}": act}))
    assert (change.programme, change.path, change.sentence) == (programme_code, path, sentence)


def test_before_and_after_are_kept_apart() -> None:
    data = EDITION.programme("3-1").model_dump(mode="python") | {"quota": 5999}
    (change,) = diff_programmes(EDITION.programme("3-1"), programme.Programme.model_validate(data))
    assert (change.before, change.after) == (Text("6,000", "6,000"), Text("5,999", "5,999"))


def test_head_first_then_programmes_in_their_new_order_then_those_gone() -> None:
    data: Data = EDITION.model_dump(mode="python")
    data["head"]["code"] = "2022"
    first = data["programmes"].pop(0)
    data["programmes"].append(first | {"code": "5-1"})
    data["programmes"][2]["quota"] = 1
    data["programmes"][0]["quota"] = 2
    changes = diff_editions(EDITION, Edition.model_validate(data))
    assert [(change.programme, change.path) for change in changes] == [
        (None, "code"),
        ("1-2", "quota"),
        ("1-4", "quota"),
        ("5-1", ""),
        ("1-1", ""),
    ]
    name = Text("온라인 진출 교육", "Online-entry education")
    assert changes[3:] == [
        Change(
            "5-1",
            "",
            None,
            name,
            Text("새 사업 ‘온라인 진출 교육’이 생깁니다.", "The programme ‘Online-entry education’ is new."),
        ),
        Change(
            "1-1",
            "",
            name,
            None,
            Text("사업 ‘온라인 진출 교육’이 없어집니다.", "The programme ‘Online-entry education’ is dropped."),
        ),
    ]


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    elif isinstance(value, int | Decimal | date):
        yield path


def other(value: object) -> object:
    match value:
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case date():
            return value + timedelta(days=1)
    raise AssertionError(value)


DUMP: Data = EDITION.model_dump(mode="python")
PLACES = sorted((path for path in leaves(DUMP) if "sources" not in path), key=str)


@given(st.sampled_from(PLACES))
@settings(max_examples=40, deadline=None)
def test_whatever_changes_is_told_both_ways(path: tuple[str | int, ...]) -> None:
    spoiled = EDITION.model_copy(deep=True)
    at: Any = spoiled
    for step in path[:-1]:
        at = at[step] if isinstance(at, dict | list) else getattr(at, str(step))
    if isinstance(at, dict | list):
        at[path[-1]] = other(at[path[-1]])
    else:
        object.__setattr__(at, str(path[-1]), other(getattr(at, str(path[-1]))))
    there, back = diff_editions(EDITION, spoiled), diff_editions(spoiled, EDITION)
    assert [(one.path, one.before, one.after) for one in there] == [(one.path, one.after, one.before) for one in back]
    assert len(there) == 1


def models() -> Iterator[type[Strict]]:
    for module in (model, parts, programme, kinds):
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Strict):
                yield one


def literals(annotation: object) -> Iterator[str]:
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    for inner in get_args(annotation):
        if not isinstance(inner, str):
            yield from literals(inner)


def test_every_key_and_every_fixed_word_has_its_words() -> None:
    named = {name for one in models() for name in one.model_fields}
    assert named - FIELDS.keys() == {"ko", "en", "head", "of", "note"}
    fixed = {word for one in models() for field in one.model_fields.values() for word in literals(field.annotation)}
    assert fixed | set(Moment) == VALUES.keys()

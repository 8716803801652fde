"""A year built from the 2021 folder by changing data alone; also what other tests rehearse as another year."""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from panro.rules.edition.write import toml_text

type Data = dict[str, Any]

_YEARS_APART = 1
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth")


def build_2022(folder: Path) -> Path:
    """Write the 2022 edition into ``folder/2022`` and return that folder.

    Against 2021: 3-3 and 4-3 have new names; the quotas of 1-1, 3-2 and 4-3 are others; 3-1 has a third track and five
    rounds; 2-3 is open to applications and ranked; 4-4 is new, a funnel of 3,000, 300 and 30; 1-4 is gone; a cap, a
    bonus, a paper and a rule's parameter are others; the last round of 3-1 and all of 4-4 lie in 2026, after the map of
    provinces and the sales limits have changed.
    """
    source = files("panro.editions") / "data" / "2021"
    head = tomllib.loads((source / "edition.toml").read_text(encoding="utf-8"))
    programmes = {
        code: tomllib.loads((source / "programmes" / f"{code}.toml").read_text(encoding="utf-8"))
        for code in head["programmes"]
    }
    head, programmes = _a_year_later(head), {code: _a_year_later(data) for code, data in programmes.items()}
    del programmes["1-4"]
    for code, change in _CHANGES.items():
        change(programmes[code])
    programmes["4-4"] = _funnel(programmes["3-2"])
    _change_head(head, list(programmes))
    target = folder / "2022"
    (target / "programmes").mkdir(parents=True)
    _write(target / "edition.toml", head)
    for code, data in programmes.items():
        _write(target / "programmes" / f"{code}.toml", data)
    return target


def _write(file: Path, data: Data) -> None:
    file.write_text(toml_text(data), encoding="utf-8")


def _a_year_later(table: Data) -> Data:
    return {key: _later(value) for key, value in table.items()}


def _later(value: object) -> object:
    if isinstance(value, dict):
        return _a_year_later(value)
    if isinstance(value, list):
        return [_later(inner) for inner in value]
    return value.replace(year=value.year + _YEARS_APART) if isinstance(value, date) else value


def _change_head(head: Data, codes: list[str]) -> None:
    head["code"] = "2022"
    head["name"] = {"ko": "2022년 소상공인 온라인 판로 지원", "en": "2022 support for small merchants' online sales"}
    head["programmes"] = codes
    head["window"]["closes"] = date(2026, 12, 31)
    head["bonus"][0]["points"] = "2"
    head["bonus"][0]["programmes"].append("4-4")
    next(tally for tally in head["tallies"] if tally["code"] == "supports")["target"] = 48_000
    next(tally for tally in head["tallies"] if tally["code"] == "trained")["target"] = 12_000
    unfair = next(use for use in head["eligibility"] if use["rule"] == "no_unfair_practice")
    unfair["parameters"]["within_months"] = 24


def _change_1_1(data: Data) -> None:
    _set_quota(data, 2000)


def _change_2_3(data: Data) -> None:
    """Open what was nominated: a notice, a paper evaluation, points."""
    data["pilot"] = False
    data["method"] = "ranked"
    data["how_chosen"] = {
        "ko": "서류를 평가해 점수 순으로 선정합니다.",
        "en": "Papers are evaluated and the best are selected.",
    }
    data["eligibility"] = []
    data["stages"].append(_paper("paper", keep=None, weight=10_000))
    data["priority"] = {
        "bonus_cap": "3",
        "bonus": [{"item": "listed", "group": "listed", "points": "3"}],
        "waiting": 2000,
    }
    data["reapplication"] = {
        "text": {"ko": "다음 차수에 다시 신청할 수 있습니다.", "en": "One may apply again in a later round."}
    }
    _set_quota(data, 400)


def _change_3_1(data: Data) -> None:
    data["quota"] = 7000
    data["tracks"].append({"code": "time_deal", "name": {"ko": "타임딜", "en": "Time deal"}, "seats": 1000})
    seats = (1400, 1400, 1400, 1400, 1400)
    closes = (date(2022, 4, 8), date(2022, 6, 10), date(2022, 8, 26), date(2022, 10, 28), date(2026, 8, 28))
    opens = (date(2022, 3, 17), date(2022, 4, 9), date(2022, 6, 11), date(2022, 8, 27), date(2026, 7, 20))
    data["rounds"] = [
        _round(number, opens=first, closes=last, seats=places, carry_over=number > 1)
        for number, (first, last, places) in enumerate(zip(opens, closes, seats, strict=True), start=1)
    ]
    data["caps"][0]["share"] = 2500


def _change_3_2(data: Data) -> None:
    _set_quota(data, 240)
    data["documents"] = [paper for paper in data["documents"] if paper["code"] != "claim_evidence"]


def _change_3_3(data: Data) -> None:
    data["name"] = {"ko": "미디어커머스", "en": "Media commerce"}


def _change_4_3(data: Data) -> None:
    data["name"] = {"ko": "인플루언서 교육", "en": "Influencer education"}
    data["quota"] = 2000
    for track in data["tracks"]:
        track["seats"] *= 2
    for round_ in data["rounds"]:
        round_["seats"] *= 2


_CHANGES: dict[str, Callable[[Data], None]] = {
    "1-1": _change_1_1,
    "2-3": _change_2_3,
    "3-1": _change_3_1,
    "3-2": _change_3_2,
    "3-3": _change_3_3,
    "4-3": _change_4_3,
}


def _set_quota(data: Data, quota: int) -> None:
    """Set a programme's quota and share it out over its rounds in the old proportion."""
    factor = quota / data["quota"]
    data["quota"] = quota
    for round_ in data["rounds"]:
        round_["seats"] = round(round_["seats"] * factor)


def _round(number: int, *, opens: date, closes: date, seats: int, carry_over: bool = False) -> Data:
    month_later = closes.replace(day=1, month=closes.month + 1)
    return {
        "code": f"R{number}",
        "name": {"ko": f"{number}차", "en": f"{_ORDINALS[number - 1]} round"},
        "opens": opens,
        "closes": closes,
        "supplement_until": month_later,
        "results_on": month_later.replace(day=20),
        "objections_until": month_later.replace(day=28),
        "seats": seats,
        "carry_over": carry_over,
    }


def _paper(code: str, *, keep: int | None, weight: int, kind: str = "paper") -> Data:
    rubric = [
        {"code": "product", "name": {"ko": "상품성", "en": "Quality of the product"}, "max": "60"},
        {"code": "growth", "name": {"ko": "성장 가능성", "en": "Promise"}, "max": "40"},
    ]
    kept = {} if keep is None else {"keep": keep}
    name = {"ko": f"{code} 평가", "en": f"Evaluation {code}"}
    return {"code": code, "kind": kind, "name": name, "rubric": rubric, "panel": 3, "weight": weight, **kept}


def _funnel(model: Data) -> Data:
    """Make a new programme whose stages leave 3,000, then 300, then 30, in rounds of another decade."""
    sources = [source for source in model["sources"] if not _names(source, "channels", "funding", "kinds")]
    funnel = {
        key: value for key, value in model.items() if key not in {"channels", "funding", "kinds", "sources", "caps"}
    }
    return funnel | {
        "code": "4-4",
        "pillar": "live",
        "name": {"ko": "브랜드 도약", "en": "Brand leap"},
        "summary": {
            "ko": "플랫폼과 함께 큰 상표로 키웁니다.",
            "en": "Merchants grow into brands together with platforms.",
        },
        "quota": 30,
        "rounds": [_round(1, opens=date(2026, 6, 1), closes=date(2026, 7, 10), seats=30)],
        "stages": [
            model["stages"][0],
            _paper("first", keep=3000, weight=2000),
            _paper("second", keep=300, weight=3000, kind="panel"),
            _paper("third", keep=None, weight=5000, kind="presentation"),
        ],
        "priority": {"bonus_cap": "2", "ladder": ["stage:third", "stage:second"], "waiting": 10_000},
        "kinds": [{"kind": "channels", "channel_kinds": ["mall"], "mode": "listing"}],
        "sources": [
            *sources,
            {
                "of": ["quota", "stages"],
                "kind": "press",
                "note": {"ko": "보도된 단계별 인원", "en": "Numbers per stage from the press"},
            },
        ],
    }


def _names(source: Data, *parts: str) -> bool:
    return any(re.match(rf"({'|'.join(parts)})\b", of) for of in source["of"])

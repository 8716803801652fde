"""A result in a sentence for the applicant, in Korean and English."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from panro.korea.text import Text
from panro.rules.selection.round_rules import SEATS_KEY, STEPS_KEY, TRACK_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from panro.rules.selection.model import Result


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called; a code without a name stands for itself.

    ``reasons`` holds the reason words of the requirement review (요건검토).
    """

    regions: Mapping[str, Text] = field(default_factory=dict)
    tracks: Mapping[str, Text] = field(default_factory=dict)
    caps: Mapping[str, Text] = field(default_factory=dict)
    stages: Mapping[str, Text] = field(default_factory=dict)
    groups: Mapping[str, Text] = field(default_factory=dict)
    reasons: Mapping[str, Text] = field(default_factory=dict)


_SELECTED: Final = Text(ko="{rank}위로 선정되었습니다", en="selected at rank {rank}")
_SET_ASIDE: Final = Text(
    ko="{rank}위로, {group} 우선배정에서 선정되었습니다",
    en="selected at rank {rank} from the places set aside for {group}",
)
_KEPT: Final = Text(ko="먼저 받은 선정이 그대로 유지됩니다", en="keeps the place it was given before")
_OBJECTION: Final = Text(
    ko="이의신청을 반영한 재산정에서 {rank}위로 선정되었습니다",
    en="selected at rank {rank} after the objections were judged",
)
_BELOW_MARK: Final = Text(ko="{stage} 기준점수에 {short}점 모자랍니다", en="{stage}: {short} below the pass mark")
_BELOW_LINE: Final = Text(ko="{stage} 통과선에 {short}점 모자랍니다", en="{stage}: {short} below the cut")
_FULL: Final = Text(ko="{cap} 몫이 {rank}위에서 찼습니다", en="{cap} full at rank {rank}")
_NO_PLACES: Final = Text(ko="{cap}에는 배정된 몫이 없습니다", en="no places for {cap}")
_LOST_DRAW: Final = Text(
    ko="{cap} 마지막 자리의 {rank}위와 동점이었으나 추첨에서 밀렸습니다",
    en="lost the draw: level with rank {rank}, the last place of {cap}",
)
_WAITING: Final = Text(ko="예비 {position}번입니다. {why}", en="number {position} on the waiting list: {why}")
_REQUIREMENT: Final = {
    "ineligible": Text(ko="신청 요건에 맞지 않습니다: {reason}", en="not eligible: {reason}"),
    "lapsed": Text(
        ko="보완 기한까지 확인되지 않았습니다: {reason}", en="not shown before the supplement deadline: {reason}"
    ),
    "withdrawn": Text(ko="신청을 철회했습니다", en="withdrawn"),
}
_ALL: Final = Text(ko="전체", en="all places")
_STEPS: Final = Text(ko="배정 단계별", en="the steps' places")
_ONE_OF: Final = Text(ko="{cap}({region})", en="{cap} in {region}")
_NO_NAMES: Final = Names()


def explain(result: Result, names: Names = _NO_NAMES) -> Text:
    """Say in one sentence what became of a receipt and why, e.g. "Seoul full at rank 181"."""
    if result.outcome in _REQUIREMENT:
        return _REQUIREMENT[result.outcome].format(reason=_named(names.reasons, result.reason))
    if result.outcome == "selected":
        return _selected(result, names)
    if result.reason in {"below_mark", "below_line"}:
        stage, _, short = result.detail.rpartition(":")
        form = _BELOW_MARK if result.reason == "below_mark" else _BELOW_LINE
        return form.format(stage=_named(names.stages, stage), short=short)
    why = _lost(result, names)
    return why if result.position is None else _WAITING.format(position=result.position, why=why)


def _selected(result: Result, names: Names) -> Text:
    if result.reason == "kept":
        return _KEPT
    if result.reason == "objection":
        return _OBJECTION.format(rank=result.rank)
    group = result.step.partition(":")[2]
    form = _SET_ASIDE if group else _SELECTED
    return form.format(rank=result.rank, group=_named(names.groups, group))


def _lost(result: Result, names: Names) -> Text:
    key, _, rank = result.detail.rpartition("@")
    cap = _cap(key, names)
    if result.reason == "lost_draw":
        return _LOST_DRAW.format(cap=cap, rank=rank)
    return (_NO_PLACES if rank == "0" else _FULL).format(cap=cap, rank=rank)


def _cap(key: str, names: Names) -> Text:
    name, _, part = key.partition(":")
    if key == SEATS_KEY:
        return _ALL
    if key == STEPS_KEY:
        return _STEPS
    if name == TRACK_KEY and part:
        return _named(names.tracks, part)
    if not part:
        return _named(names.caps, name)
    region = _named(names.regions, part)
    return _ONE_OF.format(cap=names.caps[name], region=region) if name in names.caps else region


def _named(names: Mapping[str, Text], code: str) -> Text:
    return names.get(code) or Text(ko=code, en=code)

"""The report in words, in English or Korean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .report import printable
from .selection import NOT_SELECTED, SELECTED, WAITING

if TYPE_CHECKING:
    from .report import Report


class _Words(NamedTuple):
    agreed: str
    differs: str
    simulated: str
    authenticated: str
    consistent: str
    kinds: dict[str, str]
    round: str
    addendum: str
    counts: str
    refused: str
    outcomes: dict[str, str]
    opened: str
    committed: str
    offers: str
    public_checked: str
    public_unchecked: str
    auditor_checked: str
    auditor_unchecked: str
    original: str
    no_original: str


_ENGLISH = _Words(
    agreed="The dossier agrees with its own files and the specification.",
    differs="DIFFERENCE\n  file      {file}\n  place     {place}\n  expected  {expected}\n  found     {found}",
    simulated="SIMULATED: this is a rehearsal, not a selection.",
    authenticated="authenticated by head {head}",
    consistent=(
        "consistent, not authenticated: a dossier forged as a whole would look the same.\n"
        "  Compare the head published elsewhere: --head HASH. The last head here is\n  {head}"
    ),
    kinds={"public": "public dossier", "auditor": "auditor's dossier"},
    round="{kind} of round {round_id}, root {root}",
    addendum="addendum {number} (objections judged)",
    counts="applicants {applicants}, eligible {eligible}, ranked {ranked}",
    refused="not eligible: {list}",
    outcomes={
        SELECTED: "selected", WAITING: "waiting", NOT_SELECTED: "not selected",
        "ineligible": "ineligible", "lapsed": "lapsed", "withdrawn": "withdrawn",
    },
    opened="scores opened and checked {first}, of objections {second}",
    committed="scores committed to {first}, of objections {second}",
    offers="steps of the waiting list replayed {count}",
    public_checked=(
        "checked: files, root, pool, standings, lines, bonus, order, seed, draw, places, reasons,\n"
        "  waiting list, offers, record"
    ),
    public_unchecked=(
        "not checkable here: that the stage scores come from the committed scores, who reviewed whom,\n"
        "  and what receipts and facts say; the auditor's dossier shows these"
    ),
    auditor_checked=(
        "checked: files, root, every commitment, reviewers' assignment and replacements, score versions,\n"
        "  stage scores, standings, lines, bonus, order, seed, draw, places, reasons, waiting list, offers, record"
    ),
    auditor_unchecked="not checked here: eligibility from the facts (panro audit)",
    original="the dossier that it changes was verified too",
    no_original="the dossier that it changes was not given (--original DOSSIER)",
)  # fmt: skip

_KOREAN = _Words(
    agreed="이 공개자료는 자료 안의 모든 파일과 명세에 어긋남이 없습니다.",
    differs="다른 점이 있습니다\n  파일    {file}\n  위치    {place}\n  기대값  {expected}\n  실제값  {found}",
    simulated="모의 실행: 실제 선정이 아니라 연습 결과입니다.",
    authenticated="헤드로 인증됨: {head}",
    consistent=(
        "앞뒤는 맞지만 인증되지 않았습니다. 통째로 위조한 자료도 이렇게 보일 수 있습니다.\n"
        "  다른 곳에 공표된 헤드와 견주어 주세요: --head 값. 이 자료의 마지막 헤드는\n  {head}"
    ),
    kinds={"public": "공개용 자료", "auditor": "감사용 자료"},
    round="{kind}, 차수 {round_id}, 루트 {root}",
    addendum="추가본 {number} (이의신청 반영)",
    counts="신청 {applicants}, 적격 {eligible}, 순위 {ranked}",
    refused="적격 아님: {list}",
    outcomes={
        SELECTED: "선정", WAITING: "예비", NOT_SELECTED: "미선정",
        "ineligible": "부적격", "lapsed": "보완 기한 경과", "withdrawn": "취하",
    },
    opened="열어서 확인한 점수 {first}, 이의신청 점수 {second}",
    committed="봉인값만 있는 점수 {first}, 이의신청 점수 {second}",
    offers="예비 순번 처리 {count}건을 다시 따라가 보았습니다",
    public_checked=(
        "확인함: 파일, 루트, 접수 목록, 단계별 통과 여부와 기준선, 가점, 순위, 시드, 추첨, 자리 배정,\n"
        "  사유, 예비 순번, 예비 처리, 기록"
    ),
    public_unchecked=(
        "이 자료로는 확인할 수 없음: 단계 점수가 봉인된 점수에서 나왔는지, 누가 누구를 평가했는지,\n"
        "  신청서와 사실의 내용. 감사용 자료에서 확인할 수 있습니다"
    ),
    auditor_checked=(
        "확인함: 파일, 루트, 모든 봉인값, 평가위원 배정과 교체, 점수의 모든 판, 단계 점수, 통과 여부와 기준선,\n"
        "  가점, 순위, 시드, 추첨, 자리 배정, 사유, 예비 순번, 예비 처리, 기록"
    ),
    auditor_unchecked="여기서 확인하지 않음: 사실에 따른 적격 여부 (panro audit)",
    original="바뀌기 전의 원래 자료도 확인했습니다",
    no_original="바뀌기 전의 원래 자료는 주어지지 않았습니다 (--original)",
)  # fmt: skip

LANGUAGES = {"en": _ENGLISH, "ko": _KOREAN}


def summary(report: Report, language: str = "en") -> str:
    """Return the report as text of a few lines, in `en` or `ko`."""
    words = LANGUAGES[language]
    if report.difference is not None:
        point = report.difference
        return words.differs.format(
            file=printable(point.file), place=printable(point.place), expected=point.expected, found=point.found
        )
    lines = [words.agreed, (words.authenticated if report.authenticated else words.consistent).format(head=report.head)]
    if report.simulated:
        lines.insert(0, words.simulated)
    lines.append(
        words.round.format(kind=words.kinds[report.kind], round_id=printable(report.round_id), root=report.root)
    )
    lines += _addendum_lines(report, words)
    lines.append(words.counts.format(applicants=report.applicants, eligible=report.eligible, ranked=report.ranked))
    lines.append(_outcomes(report, words, (SELECTED, WAITING, NOT_SELECTED)))
    lines.append(words.refused.format(list=_outcomes(report, words, ("ineligible", "lapsed", "withdrawn"))))
    scores = words.opened if report.scores_opened else words.committed
    lines.append(scores.format(first=report.scores[0], second=report.scores[1]))
    lines.append(words.offers.format(count=report.offers))
    opened = report.scores_opened
    lines.append(words.auditor_checked if opened else words.public_checked)
    lines.append(words.auditor_unchecked if opened else words.public_unchecked)
    return "\n".join(lines)


def _addendum_lines(report: Report, words: _Words) -> list[str]:
    if report.addendum is None:
        return []
    lines = [words.addendum.format(number=report.addendum)]
    lines.append(words.original if report.original_checked else words.no_original)
    return lines


def _outcomes(report: Report, words: _Words, names: tuple[str, ...]) -> str:
    return ", ".join(f"{words.outcomes[name]} {report.outcomes.get(name, 0)}" for name in names)

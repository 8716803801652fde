"""Why an act was refused, in words that help: each error says what is wrong and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.korea.text import ExplainedError, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from panro.intake.completeness import Lacking
    from panro.intake.models import Application
    from panro.rules.reapplication import Answer


class IntakeError(ExplainedError):
    """Something cannot be done with an application; ``text`` says why and what to do."""


class UnknownRoundError(IntakeError):
    """The notice has no such programme or round."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(
                ko=f"공고에 {name} 접수가 없습니다. 공고 목록에서 다시 골라 주세요.",
                en=f"The notice has no intake {name}. Please choose again from the list of programmes.",
            )
        )


class NotOpenError(IntakeError):
    """The intake has not begun, or has ended, or the pool is frozen."""

    @classmethod
    def not_yet(cls, opens: date) -> NotOpenError:
        """It begins on a later day."""
        return cls(Text(ko=f"접수는 {opens}에 시작합니다.", en=f"The intake begins on {opens}."))

    @classmethod
    def over(cls, closes: date) -> NotOpenError:
        """The last day has passed."""
        return cls(
            Text(
                ko=f"접수가 {closes} 24시에 끝났습니다. 저장된 내용은 그대로 있고 다음 차수에 쓸 수 있습니다.",
                en=f"The intake ended at midnight after {closes}. What you wrote is kept for a later round.",
            )
        )

    @classmethod
    def frozen(cls) -> NotOpenError:
        """The pool of the round is frozen."""
        return cls(
            Text(
                ko="이 차수의 접수 명단이 확정되어 더 받을 수 없습니다.",
                en="The list of applications of this round is final; nothing more can be taken in.",
            )
        )


class WrongApplicantError(IntakeError):
    """The programme or track is not for this type of applicant."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="이 사업은 선택한 신청자 유형으로 신청할 수 없습니다. 공고의 신청 자격을 확인해 주세요.",
                en="This type of applicant cannot apply here. Please see in the notice who may.",
            )
        )


class WrongTrackError(IntakeError):
    """The round has no such track, or it is not for this applicant."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="이 차수에서 고를 수 없는 세부유형입니다. 목록에서 다시 골라 주세요.",
                en="This track cannot be chosen in this round. Please choose from the list.",
            )
        )


class WrongStateError(IntakeError):
    """The application stands where this cannot be done."""

    @classmethod
    def not_a_draft(cls) -> WrongStateError:
        """Only what is being written can be changed or handed in."""
        return cls(
            Text(
                ko="작성 중인 신청서가 아니어서 고칠 수 없습니다. 접수 기간 안에는 ‘고쳐서 다시 제출’을 눌러 주세요.",
                en="It is no longer being written. Within the intake, choose “correct and submit again”.",
            )
        )

    @classmethod
    def not_handed_in(cls) -> WrongStateError:
        """Only what was handed in and not withdrawn can be withdrawn or completed."""
        return cls(
            Text(
                ko="제출된 신청이 아니거나 이미 취소된 신청입니다. 신청 현황을 다시 확인해 주세요.",
                en="It is not handed in, or is withdrawn already. Please look at its status again.",
            )
        )

    @classmethod
    def results_are_out(cls) -> WrongStateError:
        """After the results a place is given back, the application is not withdrawn."""
        return cls(
            Text(
                ko="결과가 발표된 뒤에는 신청을 취소할 수 없습니다. 선정되었다면 선정 결과에서 포기할 수 있습니다.",
                en="After the results an application cannot be withdrawn; a place won can be given back there.",
            )
        )


class StaleError(IntakeError):
    """Another page saved in between. ``stored`` is what is kept; ``fields`` are those changed on both pages."""

    def __init__(self, stored: Application, fields: Sequence[str] = ()) -> None:
        super().__init__(
            Text(
                ko="다른 창에서 먼저 저장했습니다. 두 내용을 비교해 남길 것을 골라 주세요.",
                en="Another window saved first. Please compare both and choose what to keep.",
            )
        )
        self.stored = stored
        self.fields = tuple(fields)


class AlreadyAppliedError(IntakeError):
    """The applicant has a live application in this round."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="이 차수에 이미 신청했습니다. 내용을 바꾸려면 접수 기간 안에 ‘고쳐서 다시 제출’을 눌러 주세요.",
                en="There is an application in this round already. To change it, choose “correct and submit again”.",
            )
        )


class NotAgainError(IntakeError):
    """The notice does not let this applicant apply again; the text says why and ends with the notice's own words."""

    def __init__(self, answer: Answer) -> None:
        reason, clause = answer.reason, answer.clause
        super().__init__(
            Text(
                ko=f"다시 신청할 수 없습니다. {reason.ko} {clause.ko}",
                en=f"Applying again is not possible. {reason.en} {clause.en}",
            )
        )


class IncompleteError(IntakeError):
    """Something required is missing; ``lacking`` says what and where."""

    def __init__(self, lacking: Sequence[Lacking]) -> None:
        super().__init__(
            Text(
                ko=f"아직 채우지 않은 것이 {len(lacking)}개 있습니다: {', '.join(one.text.ko for one in lacking)}",
                en=f"{len(lacking)} still to be filled in: {', '.join(one.text.en for one in lacking)}",
            )
        )
        self.lacking = tuple(lacking)


class PromiseError(IntakeError):
    """A paper cannot be promised for later."""

    @classmethod
    def not_in_this_round(cls, closes: date) -> PromiseError:
        """The round leaves no day for supplements."""
        return cls(
            Text(
                ko=f"이 차수는 서류를 나중에 받지 않습니다. {closes}까지 서류를 갖추어 함께 내 주세요.",
                en=f"This round takes no papers afterwards. Please hand them in with the application by {closes}.",
            )
        )

    @classmethod
    def not_this_paper(cls, name: Text) -> PromiseError:
        """The applicant makes it itself, or nobody asks for it."""
        return cls(
            Text(
                ko=f"나중에 낼 수 없는 서류입니다: {name.ko}. 다른 기관이 발급하는 필수 서류만 나중에 낼 수 있습니다.",
                en=f"This paper cannot follow: {name.en}. Only required papers that somebody else issues may.",
            )
        )


class ApplicantClosedError(IntakeError):
    """The applicant was closed by one of its owners."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="신청자가 문을 닫았습니다. 다시 연 뒤에 제출해 주세요.",
                en="The applicant was closed. Please open it again before you submit.",
            )
        )


class NoConsentError(IntakeError):
    """The consent that the intake needs was not given for this programme."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="개인정보 수집·이용 동의가 필요합니다. 동의한 뒤 다시 제출해 주세요.",
                en="The consent to the use of personal data is needed. Please give it and submit again.",
            )
        )


class StrangerError(IntakeError):
    """A product or paper is not the applicant's own, or no longer there."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="선택한 것 가운데 지금 쓸 수 없는 것이 있습니다. 목록을 새로 열어 다시 골라 주세요.",
                en="Something chosen cannot be used now. Please open the list again and choose anew.",
            )
        )


class DayError(IntakeError):
    """A day lies outside of what the notice allows."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            Text(
                ko=f"{first}부터 {last}까지의 날짜를 골라 주세요.",
                en=f"Please choose a day from {first} to {last}.",
            )
        )


class NotYetError(IntakeError):
    """The pool cannot be frozen while somebody may still hand in."""

    def __init__(self, last: date) -> None:
        super().__init__(
            Text(
                ko=f"{last}까지 제출할 수 있는 신청자가 있어 아직 확정할 수 없습니다.",
                en=f"Applications may come in until {last}; the list cannot be made final before.",
            )
        )


class NotNominatedError(IntakeError):
    """The programme does not choose by nomination."""

    def __init__(self) -> None:
        super().__init__(Text(ko="추천으로 뽑는 사업이 아닙니다.", en="This programme does not choose by nomination."))

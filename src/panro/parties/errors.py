"""What goes wrong with an act, in words for the person who tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panro.korea.text import ExplainedError, Text

if TYPE_CHECKING:
    from panro.parties.models import Party


class PartyError(ExplainedError):
    """An act cannot be done; the text says why and what to do instead."""


class NumberHeldError(PartyError):
    """Another party has proved to bear this registration number."""

    def __init__(self, number: str) -> None:
        super().__init__(
            Text(
                ko="이 사업자등록번호는 다른 회원이 이미 확인을 마쳤습니다. "
                "소유자에게 구성원으로 넣어 달라고 요청하거나, 본인의 사업자라면 이의를 제기해 주세요.",
                en="Somebody else has already proved to run the business with this number. "
                "Ask its owner to let you in, or dispute it if the business is yours.",
            )
        )
        self.number = number


class StaleError(PartyError):
    """Somebody changed the same thing in between; ``stored`` is how it stands."""

    def __init__(self, stored: Party) -> None:
        super().__init__(
            Text(
                ko="그사이 다른 창이나 다른 구성원이 내용을 바꾸었습니다. "
                "지금 저장된 내용을 확인하고 다시 저장해 주세요.",
                en="Somebody, or you in another window, changed this in between. "
                "Please look at what is stored now and save again.",
            )
        )
        self.stored = stored


class NotAllowedError(PartyError):
    """The role does not carry the right to this."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="이 일은 소유자만 할 수 있습니다. 소유자에게 부탁해 주세요.",
                en="Only an owner can do this. Please ask one.",
            )
        )

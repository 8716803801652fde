"""What the acts after publication refuse. Each message is a sentence for the person who acts."""

from __future__ import annotations


class AfterError(ValueError):
    """An act was refused; says what was wrong and how to mend it."""


class NotHeldError(AfterError):
    """There is no place to give back, or no offer to answer."""


class TermOverError(AfterError):
    """The last day has passed."""


class TooEarlyError(AfterError):
    """Objections may still be filed, or some are not decided yet: no place is offered before."""


class ReplacedError(AfterError):
    """An addendum has taken the place of this publication."""


class NotOpenError(AfterError):
    """There is nothing to object to, or an objection is there already."""


class ReasonMissingError(AfterError):
    """Somebody has to say why, and said nothing."""

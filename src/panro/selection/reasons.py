"""What the reasons of results are called in a table of counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from panro.editions.words import in_page_language

if TYPE_CHECKING:
    from panro.editions.words import Label
    from panro.selection.names import RoundNames

REASONS: Final[dict[str, Label]] = {
    "selected": _("Got a place by rank"),
    "objection": _("Got a place after an objection"),
    "kept": _("Kept the place given before"),
    "below_mark": _("Below the pass mark"),
    "below_line": _("Below the line of a stage"),
    "full": _("All places were taken"),
    "lost_draw": _("Lost the draw between equals"),
    "withdrawn": _("Withdrawn by the applicant"),
}


def reason_label(reason: str, names: RoundNames) -> Label:
    """What a reason is called; those of the requirement review by their sentence."""
    if reason in REASONS:
        return REASONS[reason]
    found = names.names.reasons.get(reason)
    return reason if found is None else _("Requirement: %(name)s") % {"name": in_page_language(found)}

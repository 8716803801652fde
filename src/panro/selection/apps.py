"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from panro.record.roles import append_only


class SelectionConfig(AppConfig):
    """Published selections."""

    name = "panro.selection"
    label = "selection"
    verbose_name = _("Selection")

    def ready(self) -> None:
        """Put the results into the main menu, and declare what only grows."""
        from panro.intake import retention, seams  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.selection import results  # noqa: PLC0415 - same
        from panro.selection.after.wiring import register_after  # noqa: PLC0415 - it needs the models
        from panro.selection.course.checks import register_checks  # noqa: PLC0415 - models are there once all are loaded
        from panro.selection.course.confirming import register_act  # noqa: PLC0415 - same
        from panro.selection.menu import register_pages  # noqa: PLC0415 - the menu is there once all rooms are loaded

        seams.fill(outcomes=results.outcomes)
        retention.needed.register("selection", results.unsettled)
        retention.not_selected.register("selection", results.not_selected)
        register_pages()
        register_after()
        for table in ("resultline", "stageline", "offerline", "coursestep", "courseresult", "whatif"):
            append_only(f"selection_{table}")
        register_act()
        register_checks()

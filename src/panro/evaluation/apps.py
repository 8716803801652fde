"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from panro.record.roles import append_only


class EvaluationConfig(AppConfig):
    """Reviewers, their conflicts, assignment, scores, and the sealing of an evaluation."""

    name = "panro.evaluation"
    label = "evaluation"
    verbose_name = _("Evaluation")

    def ready(self) -> None:
        """Declare what only grows, what the doctor looks at, why reviewers see papers, and the office's pages."""
        from panro.evaluation import access, menu  # noqa: PLC0415 - models are there once all rooms are loaded
        from panro.evaluation.checks import register_checks  # noqa: PLC0415 - same
        from panro.record.naming import name_seen  # noqa: PLC0415 - same
        from panro.vault.access import may_see  # noqa: PLC0415 - same

        for table in ("scoreversion", "panelminute", "panelconflict", "replacement", "resignation", "declaration"):
            append_only(f"evaluation_{table}")
        may_see.register("evaluation", access.reason_to_see)
        name_seen("application_judged", _("A reviewer opened your application"))
        menu.register_pages()
        register_checks()

"""The room as Django knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    """Reviewers, their conflicts, assignment, scores, and the sealing of an evaluation."""

    name = "panro.evaluation"
    label = "evaluation"
    verbose_name = _("Evaluation")

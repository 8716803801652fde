"""Forms of the application, made from its questions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _

from panro.accounts.language import say
from panro.editions.industries import Industry, IndustryError, search
from panro.intake import asked
from panro.intake.asked import Kind
from panro.korea.regions import regions_on
from panro.korea.text import Text, nfc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from django.http import QueryDict

    from panro.intake.asked import Question
    from panro.intake.questions import Answer

LONGEST: Final = 2000  # characters of any answer that is kept
MOST_VALUES: Final = 50


class QuestionForm(forms.Form):
    """The questions of one screen. Names of the fields are the codes of the questions."""

    do_not_call_in_templates = True

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        questions: Sequence[Question],
        answers: Mapping[str, Answer],
        day: date,
    ) -> None:
        super().__init__(data, initial=dict(answers))
        self.questions, self.day = tuple(questions), day
        self.found: list[Industry] = []
        for question in questions:
            self.fields[question.code] = _field(question, day)
        if "industry" in self.fields:
            self._offer_industries()

    def clean(self) -> dict[str, Any] | None:
        """Drop answers to questions that are not asked, and compare those that belong together."""
        cleaned = super().clean() or self.cleaned_data
        for question in self.questions:
            if not self._asked(question, cleaned):
                cleaned.pop(question.code, None)
                self.errors.pop(question.code, None)
        self._in_order(cleaned)
        members, certified = cleaned.get("cooperative_members"), cleaned.get("certified_members")
        if members is not None and certified is not None and certified > members:
            self.add_error(
                "certified_members", _("There cannot be more than the %(count)d members.") % {"count": members}
            )
        if asked.NOTHING.code in (ticked := cleaned.get("groups") or []) and len(ticked) > 1:
            self.add_error("groups", _("“None of these” is ticked beside another answer. Leave only what is true."))
        if asked.NOTHING.code in (ticked := cleaned.get("reasons") or []) and len(ticked) > 1:
            self.add_error("reasons", _("“None of these” is ticked beside another answer. Leave only what is true."))
        return cleaned

    @property
    def unanswered_follow_up(self) -> bool:
        """Whether the industry raised a question that the sent form did not hold."""
        return "industry_choice" in self.fields and "industry_choice" not in self.data

    @property
    def rows(self) -> list[Row]:
        """Every field with its question, in order."""
        shown = {question.code: question for question in self.questions}
        return [Row(field, shown.get(field.name)) for field in self]

    def _asked(self, question: Question, cleaned: Mapping[str, Any]) -> bool:
        when = question.when
        if when is None or when.question not in self.fields:
            return True
        return bool(cleaned.get(when.question) == when.equals)

    def _in_order(self, cleaned: Mapping[str, Any]) -> None:
        for question in self.questions:
            missing = question.when is not None and self._asked(question, cleaned) and not cleaned.get(question.code)
            if missing and question.code not in self.errors:
                self.add_error(question.code, _("Please answer this too, or change the answer above."))
        starts, ends = cleaned.get("grace_from"), cleaned.get("grace_to")
        if starts is not None and ends is not None and ends < starts:
            self.add_error("grace_to", _("This day lies before the first one."))

    def _offer_industries(self) -> None:
        """Find what the typed industry means; several are offered to choose from."""
        typed = str((self.data if self.is_bound else self.initial).get("industry") or "").strip()
        self.industry_error = ""
        if not typed:
            return
        try:
            self.found = search(typed, self.day)
        except IndustryError as error:
            self.industry_error = say(error.text)
            return
        if not self.found:
            self.industry_error = _("Nothing bears this name. Try another word, or a code.")
        if len(self.found) > 1:
            field = forms.ChoiceField(
                label=_("Which of these is it?"),
                choices=[(one.code, one.label) for one in self.found],
                widget=forms.RadioSelect,
                error_messages={"required": _("Several industries bear this name. Please choose one.")},
            )
            self.fields = _behind(self.fields, "industry", "industry_choice", field)

    def clean_industry(self) -> str:
        """The code of the industry, if it is clear."""
        if self.industry_error:
            raise forms.ValidationError(self.industry_error)
        return self.found[0].code if len(self.found) == 1 else ""

    def clean_industry_choice(self) -> str:
        """The industry that was chosen among several."""
        chosen = str(self.cleaned_data["industry_choice"])
        self.cleaned_data["industry"] = chosen
        return chosen


class WholeField(forms.IntegerField):
    """A whole number, however its thousands are separated: ``12,000`` and ``12 000`` are 12000."""

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - as Django declares it
        """Read it without separators."""
        return super().to_python(_without_separators(value))


class AmountField(forms.DecimalField):
    """The same for a number with decimals."""

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - as Django declares it
        """Read it without separators."""
        return super().to_python(_without_separators(value))


def _without_separators(value: object) -> object:
    return value.replace(",", "").replace(" ", "") if isinstance(value, str) else value


class Row:
    """A field with the question it belongs to."""

    def __init__(self, field: forms.BoundField, question: Question | None) -> None:
        self.field, self.question = field, question

    @property
    def unit(self) -> str:
        """What stands behind the number."""
        return say(self.question.unit) if self.question is not None and self.question.unit is not None else ""

    @property
    def hints(self) -> list[str]:
        """What reviewers look for."""
        return [say(hint) for hint in self.question.hints] if self.question is not None else []

    @property
    def when(self) -> asked.When | None:
        """Under which answer it is asked."""
        return None if self.question is None else self.question.when

    @property
    def is_statement(self) -> bool:
        """Whether it is a longer text."""
        return self.question is not None and self.question.kind is Kind.STATEMENT


def typed(data: QueryDict, questions: Sequence[Question]) -> dict[str, Answer]:
    """Return what was typed, right or wrong, for the questions of a screen: a draft keeps everything.

    Texts are cut at 2,000 characters, which no field accepts anyway.
    """
    found: dict[str, Answer] = {}
    for question in questions:
        if question.kind is Kind.CHOICES:
            found[question.code] = [kept_text(str(one)) for one in data.getlist(question.code)[:MOST_VALUES]]
        elif question.code in data:
            found[question.code] = kept_text(data.get(question.code) or "")
    if chosen := data.get("industry_choice"):
        found["industry"] = kept_text(chosen)
    return found


def kept_text(text: str) -> str:
    """A text as it is kept: in normal form, without what no text holds, and cut at the longest kept."""
    return nfc(text.replace("\x00", "").replace("\r\n", "\n"))[:LONGEST]


def _behind(fields: dict[str, forms.Field], name: str, added: str, field: forms.Field) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {}
    for one, held in fields.items():
        made[one] = held
        if one == name:
            made[added] = field
    return made


def _field(question: Question, day: date) -> forms.Field:
    field = _MAKERS[question.kind](question, day)
    field.label = say(question.label)
    field.help_text = say(question.help) if question.help is not None else ""
    field.required = field.widget.is_required = question.required
    return field


def _choice(question: Question, _day: date) -> forms.Field:
    return forms.ChoiceField(choices=_answers(question), widget=forms.RadioSelect)


def _choices(question: Question, _day: date) -> forms.Field:
    return forms.MultipleChoiceField(choices=_answers(question), widget=forms.CheckboxSelectMultiple)


def _answers(question: Question) -> list[tuple[str, str]]:
    return [(one.code, say(one.label)) for one in question.choices]


def _place(_question: Question, day: date) -> forms.Field:
    places = [(one.code, say(Text(one.name_ko, one.name_en))) for one in regions_on(day)]
    return forms.ChoiceField(choices=[("", say(asked.UNKNOWN.label)), *places])


def _whole(question: Question, _day: date) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return WholeField(min_value=0, max_value=question.most, widget=widget)


def _decimal(question: Question, _day: date) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return AmountField(min_value=Decimal(0), max_value=question.most, decimal_places=2, widget=widget)


def _day(_question: Question, _on: date) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _statement(question: Question, _day: date) -> forms.Field:
    area = forms.Textarea(attrs={"rows": 6, "maxlength": str(question.most)})
    return forms.CharField(max_length=question.most, widget=area)


def _industry(question: Question, _day: date) -> forms.Field:
    return forms.CharField(max_length=question.most, widget=forms.TextInput(attrs={"list": "industries"}))


def _address(question: Question, _day: date) -> forms.Field:
    return forms.URLField(max_length=question.most, assume_scheme="https")


def _text(question: Question, _day: date) -> forms.Field:
    return forms.CharField(max_length=question.most)


_MAKERS: Final[dict[Kind, Callable[[Question, date], forms.Field]]] = {
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.PLACE: _place,
    Kind.WHOLE: _whole,
    Kind.DECIMAL: _decimal,
    Kind.DAY: _day,
    Kind.TEXT: _text,
    Kind.STATEMENT: _statement,
    Kind.ADDRESS: _address,
    Kind.INDUSTRY: _industry,
}

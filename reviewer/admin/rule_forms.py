"""A row of the rules as a form: a field for each column, of the kind that the column has."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.models import User

from policies.models import LineOfBusiness
from reviewer.clocks import TABLES, Column, Kind, WrongRow
from reviewer.clocks.starts import words
from reviewer.clocks.tables import ANY
from reviewer.models import RuleChange
from reviewer.workflow.errors import Refused
from reviewer.workflow.rule_words import CONFIDENCE, Row, value_in_words
from reviewer.workflow.rules import (
    a_change,
    from_day,
    propose_from_day,
    propose_rule_change,
)
from reviewer.workflow.rules_told import meanings

JOINT: Final = "|"
LONG: Final = ("note", "text", "citation")
FEW: Final = 5
AT_A_GLANCE: Final = 15  # columns; a table with more of them opens only what is mostly changed
MOSTLY_CHANGED: Final = ("The limit", "In force")
NOTHING: Final = ("", "nothing")


class ReasonForm(forms.Form):
    """Why; what it is about is known."""

    reason = forms.CharField(
        widget=forms.Textarea({"rows": 3}),
        help_text="Stays with the change for whoever approves it, and after.",
    )

    def __init__(self, *args: Any, table: str, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table, self.key = table, key

    def row(self) -> Row | None:
        """What is proposed in place of the current row: an end."""
        return None

    def changes(self, *, by: User, at: datetime) -> list[RuleChange]:
        """As it would be proposed, to tell what it would do. Raises Refused."""
        return [a_change(**self._facts(by, at))]

    def propose(self, *, by: User, at: datetime) -> RuleChange:
        return propose_rule_change(**self._facts(by, at))

    def refuse(self, refusal: Refused) -> None:
        """Say the sentence, at the field of the column that it is about."""
        cause = refusal.__cause__
        is_here = isinstance(cause, WrongRow) and (cause.table, cause.key) == (self.table, self.key)
        column = cause.column if isinstance(cause, WrongRow) and is_here else ""
        self.add_error(column if column in self.fields else None, str(refusal))

    def _facts(self, by: User, at: datetime) -> dict[str, Any]:
        reason = self.cleaned_data["reason"]
        facts = {"table": self.table, "key": self.key, "row": self.row()}
        return facts | {"reason": reason, "by": by, "at": at}


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of what belongs together, and what the row says there now."""

    name: str
    fields: list[forms.BoundField]
    told: str
    is_open: bool


class RuleForm(ReasonForm):
    """The columns of a row; with a day in `begins_on` the current row ends the day before."""

    def __init__(self, *args: Any, table: str, key: str = "", row: Row, **kwargs: Any) -> None:
        super().__init__(*args, table=table, key=key, **kwargs)
        self.current, self.is_new = row, not key
        reason = self.fields.pop("reason")
        for meaning in meanings(table):
            column = TABLES[table].column(meaning.name)
            if column.name != TABLES[table].key or self.is_new:
                field = field_for(table, column, row.get(column.name, ""))
                field.label, field.help_text = meaning.label, _help(meaning.meaning, column)
                self.fields[column.name] = field
        if not self.is_new and "applies_from" in row:
            self.fields["begins_on"] = forms.DateField(
                label="Begins on",
                required=False,
                widget=forms.DateInput({"type": "date"}),
                help_text="With a day: the row as it is ends the day before, and these columns are"
                " a new row from that day on. Empty: the row is corrected for all days.",
            )
        self.fields["reason"] = reason

    @property
    def groups(self) -> list[Group]:
        """The columns' fields by what they are about; open where something is to be seen to."""
        groups: dict[str, list[forms.BoundField]] = {}
        for meaning in meanings(self.table):
            if meaning.name in self.fields:
                groups.setdefault(meaning.group, []).append(self[meaning.name])
        return [
            Group(name, fields, self._told(fields), self._is_open(name, fields))
            for name, fields in groups.items()
        ]

    def _told(self, fields: list[forms.BoundField]) -> str:
        said = [(one.name, self.current.get(one.name, "")) for one in fields]
        return " · ".join(value_in_words(self.table, name, text) for name, text in said if text)

    def _is_open(self, name: str, fields: list[forms.BoundField]) -> bool:
        if self.is_new or name in MOSTLY_CHANGED or len(meanings(self.table)) <= AT_A_GLANCE:
            return True
        return any(one.errors or self._is_touched(one.name) for one in fields)

    def _is_touched(self, name: str) -> bool:
        if not self.is_bound:
            return name in self.initial
        is_said = name in self.cleaned_data and name in self.current
        column = TABLES[self.table].column(name) if is_said else None
        return column is not None and self._typed(column) != self.current[name]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in ("begins_on", "reason") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.is_new:
            self.key = cleaned.get(TABLES[self.table].key, "")
        return cleaned

    def row(self) -> Row:
        column = TABLES[self.table].key
        typed = {name.name: self._typed(name) for name in TABLES[self.table].columns}
        return typed | {column: self.key}

    def changes(self, *, by: User, at: datetime) -> list[RuleChange]:
        if starts_on := self._starts_on():
            return from_day(**self._facts(by, at), starts_on=starts_on)
        return super().changes(by=by, at=at)

    def propose(self, *, by: User, at: datetime) -> RuleChange:
        if starts_on := self._starts_on():
            return propose_from_day(**self._facts(by, at), starts_on=starts_on)
        return super().propose(by=by, at=at)

    def _starts_on(self) -> date | None:
        found: date | None = self.cleaned_data.get("begins_on")
        return found

    def _typed(self, column: Column) -> str:
        """The column as text. Alternatives keep their order where they are the same ones."""
        value = self.cleaned_data.get(column.name)
        if isinstance(value, list):
            before = self.current.get(column.name, "")
            return before if {*before.split(JOINT)} == {*value} else JOINT.join(value)
        return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def field_for(table: str, column: Column, text: str) -> forms.Field:
    """The field of a column, with the current text in it."""
    facts: dict[str, Any] = {"required": column.is_required, "initial": text}
    choices = _choices(table, column)
    if choices and column.kind is Kind.WORDS and not column.is_open:
        facts |= {"initial": [one for one in text.split(JOINT) if one], "choices": choices}
        few = len(choices) <= FEW
        widget = forms.CheckboxSelectMultiple() if few else forms.SelectMultiple({"size": 6})
        return forms.MultipleChoiceField(widget=widget, **facts)
    if choices and not column.is_open:
        offered = choices if column.is_required else [NOTHING, *choices]
        return forms.ChoiceField(choices=offered, **facts)
    if column.kind is Kind.NUMBER:
        return forms.IntegerField(**facts)
    if column.kind is Kind.DATE:
        return forms.DateField(widget=forms.DateInput({"type": "date"}), **facts)
    if column.name in LONG:
        return forms.CharField(widget=forms.Textarea({"rows": 2}), **facts)
    return forms.CharField(widget=forms.TextInput({"class": "vTextField"}), **facts)


def _choices(table: str, column: Column) -> list[tuple[str, str]]:
    if column.name == "confidence":
        return [(one, f"{one}: {CONFIDENCE[one]}") for one in column.choices]
    if table in {"regimes", "zones"} and column.name == "line_of_business":
        anywhere = [(ANY, "any line of business")] if table == "zones" else []
        return [*anywhere, *LineOfBusiness.choices]
    if column.name == "zone":
        return [(one, one) for one in sorted(available_timezones())]
    return [(one, words(one)) for one in column.choices]


def _help(meaning: str, column: Column) -> str:
    if column.is_open and column.choices:
        return f"{meaning} Joined by |: {', '.join(column.choices)}, or another."
    if column.kind is Kind.WORDS and not column.choices:
        return f"{meaning} Several are joined by |."
    return meaning


def row_like(table: str, other: Row) -> Row:
    """A row to begin with: the columns of another one, less its name, or empty ones."""
    columns = {one.name: other.get(one.name, "") for one in TABLES[table].columns}
    return columns | {TABLES[table].key: ""}

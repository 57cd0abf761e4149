"""What starts and stops a clock in the record, as rows of `duties.csv`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from reviewer.clocks.errors import WrongRow
from reviewer.clocks.rules import EVENTS, STAGES
from reviewer.clocks.tables import Column, Kind, Table, words_of

if TYPE_CHECKING:
    from reviewer.clocks.book import RuleBook


class When(StrEnum):
    """In which cases the event opens the duty."""

    ALWAYS = "always"
    ADVERSE = "adverse"
    FAVORABLE = "favorable"
    EXPEDITED = "expedited"
    STANDARD = "standard"
    BOARD_MEETING = "board_meeting"  # an appeal that a board decides
    ASKED = "asked"  # never by itself


class Subject(StrEnum):
    REQUEST = "request"
    APPEAL = "appeal"
    EITHER = "either"


DUTIES = Table(
    "duties",
    (
        Column("id", Kind.KEY, is_required=True),
        Column("label", Kind.TEXT, is_required=True, about="“Notice to the member”."),
        Column("opened_by", Kind.CHOICE, EVENTS, is_required=True),
        Column("when", Kind.CHOICE, tuple(When), is_required=True),
        Column("subject", Kind.CHOICE, tuple(Subject), is_required=True),
        Column("stage", Kind.WORDS, STAGES, about="Of its rule; alternatives by |."),
        Column("step", Kind.WORDS, about="Of its rule; alternatives by |."),
        Column("as_duty", Kind.TEXT, about="Another duty, whose limit is this one's too."),
        Column("recipient", Kind.CHOICE, ("member", "provider"), about="Who is told."),
        Column("stopped_by", Kind.WORDS, EVENTS, about="Events that fulfil it."),
        Column("required", Kind.CHOICE, ("true", "false"), is_required=True),
        Column("citation", Kind.TEXT, is_required=True),
        Column("note", Kind.TEXT),
    ),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """A clock that an event opens.

    Its rule is that of the first alternative of `stages` and `steps` that has one, unless the
    case names its own; a duty `as_duty` goes by the limit of another. Where `is_required`, a
    request or appeal without a rule for it is refused.
    """

    id: str
    label: str
    opened_by: str
    when: When
    subject: Subject
    stages: tuple[str, ...]
    steps: tuple[str, ...]
    as_duty: str
    recipient: str
    stopped_by: tuple[str, ...]
    is_required: bool
    citation: str
    note: str

    def is_opened(self, *, urgency: str, is_adverse: bool, step: str = "") -> bool:
        return {
            When.ALWAYS: True,
            When.ADVERSE: is_adverse,
            When.FAVORABLE: not is_adverse,
            When.EXPEDITED: urgency == "expedited",
            When.STANDARD: urgency == "standard",
            When.BOARD_MEETING: step == "board_meeting",
            When.ASKED: False,
        }[self.when]


def duty_of(row: Mapping[str, str]) -> Duty:
    """The typed row. Raises WrongRow with the column that cannot be read."""
    DUTIES.check(row)
    has_rule = bool(row["stage"] and row["step"])
    if has_rule == bool(row["as_duty"]):
        why = "either a stage and a step, or the duty whose limit it takes"
        raise WrongRow("duties", row["id"], "as_duty", why, row["as_duty"])
    return Duty(
        id=row["id"],
        label=row["label"],
        opened_by=row["opened_by"],
        when=When(row["when"]),
        subject=Subject(row["subject"]),
        stages=words_of(row["stage"]),
        steps=words_of(row["step"]),
        as_duty=row["as_duty"],
        recipient=row["recipient"],
        stopped_by=words_of(row["stopped_by"]),
        is_required=row["required"] == "true",
        citation=row["citation"],
        note=row["note"],
    )


def duties_opened_by(
    book: "RuleBook",
    event_type: str,
    *,
    urgency: str,
    is_adverse: bool,
    subject: str = "",
    step: str = "",
) -> tuple[Duty, ...]:
    """The duties that an event of this type opens, in the order of the table.

    `subject` is request or appeal (empty: both); `step` is the appeal's own.
    """
    return tuple(
        one
        for one in book.duties
        if one.opened_by == event_type
        and (not subject or one.subject in {Subject.EITHER, subject})
        and one.is_opened(urgency=urgency, is_adverse=is_adverse, step=step)
    )
